"""The workspaces that have the app: the one whose token is set, or those that installed it."""

import asyncio
import logging
import time
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.failures import meaning
from adapters.slack.install import SealedStore
from planner.errors import Unavailable

_KNOWN_SECONDS: Final = 60.0
_TIMEOUT_SECONDS: Final = 8


def quiet() -> logging.Logger:
    """What Slack's libraries log to: nothing, since they log whole messages."""
    logger = logging.getLogger("divisi.slack")
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
    return logger


@dataclass(frozen=True, slots=True)
class Dialer:
    """Makes clients of Slack's API over one pool of connections."""

    api: str
    session: aiohttp.ClientSession

    def client(self, token: str = "") -> AsyncWebClient:
        """A client that tries once: whether to try again is for the outbox to say."""
        return AsyncWebClient(
            token=token or None,
            base_url=self.api,
            timeout=_TIMEOUT_SECONDS,
            session=self.session,
            retry_handlers=[],
            logger=quiet(),
        )


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace that has the app."""

    team: str
    token: str
    bot_user: str
    bot: str
    client: AsyncWebClient


class Workspaces(Protocol):
    """Knows the workspaces."""

    async def find(self, team: str) -> Workspace | None:
        """The workspace; None where the app isn't installed.

        Raises:
            Unavailable: that can't be told now.
            Refused: its token is no longer good.
        """

    async def forget(self, team: str) -> None:
        """The app was removed from the workspace, or its tokens were revoked."""


@dataclass(slots=True)
class OneWorkspace:
    """The workspace of a token that is set."""

    dialer: Dialer
    token: str
    _found: Workspace | None = None
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def find(self, team: str) -> Workspace | None:
        """The workspace, if it is the token's."""
        async with self._asking:
            if self._found is None:
                self._found = await self._ask()
        return self._found if team == self._found.team else None

    async def forget(self, team: str) -> None:
        """Ask anew whose the token is: it may have been installed again."""
        if self._found is not None and self._found.team == team:
            self._found = None

    async def _ask(self) -> Workspace:
        client = self.dialer.client(self.token)
        try:
            told = await client.auth_test()
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            raise meaning(error) from error
        return Workspace(
            str(told["team_id"]), self.token, str(told["user_id"]), str(told.get("bot_id") or ""),
            client,
        )  # fmt: skip


@dataclass(slots=True)
class InstalledWorkspaces:
    """The workspaces that installed the app by OAuth."""

    dialer: Dialer
    store: SealedStore
    _known: dict[str, tuple[float, Workspace | None]] = field(default_factory=dict)

    async def find(self, team: str) -> Workspace | None:
        """The workspace, as the store has known it within the last minute."""
        now = time.monotonic()
        until, found = self._known.get(team, (0.0, None))
        if until < now:
            found = await self._read(team)
            self._known[team] = (now + (_KNOWN_SECONDS if found else 1.0), found)
        return found

    async def forget(self, team: str) -> None:
        """Delete its tokens."""
        self._known.pop(team, None)
        await self.store.forget(team)

    async def _read(self, team: str) -> Workspace | None:
        bot = await self.store.bot_of(team)
        if bot is None:
            return None
        client = self.dialer.client(bot.bot_token)
        return Workspace(team, bot.bot_token, bot.bot_user_id, bot.bot_id or "", client)


class Authorize(AsyncAuthorize):
    """What Bolt asks for each request; no call to Slack is made for it but the first."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def __call__(  # noqa: PLR0913 - as Bolt calls it
        self,
        *,
        context: Any,  # noqa: ARG002 - as Bolt hands it over
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,  # noqa: ARG002
        actor_team_id: str | None = None,  # noqa: ARG002
        actor_user_id: str | None = None,  # noqa: ARG002
    ) -> AuthorizeResult | None:
        """The workspace's token and bot; None where the app isn't installed."""
        if not team_id:
            return None
        found = await self._workspaces.find(team_id)
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=found.team,
            user_id=user_id,
            bot_id=found.bot,
            bot_user_id=found.bot_user,
            bot_token=found.token,
        )


async def workspace_of(workspaces: Workspaces, team: str) -> Workspace:
    """The workspace, or Unavailable: it may be installed again."""
    found = await workspaces.find(team)
    if found is None:
        raise Unavailable("The Slack app isn't installed in that workspace.")
    return found
