"""What Slack is asked about people: who is in the groups that may, and what language they read."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.failures import meaning
from adapters.slack.permit import Person, Rules
from adapters.slack.workspaces import Workspace, Workspaces
from planner.chat import Role
from planner.errors import DivisiError, Refused, Unavailable

_MEMBERS_SECONDS: Final = 300.0
_LOCALE_SECONDS: Final = 3_600.0
_UNKNOWN_SECONDS: Final = 60.0
_PATIENCE_SECONDS: Final = 1.5
"""An event has to be acknowledged within three seconds."""
_MOST_KNOWN: Final = 50_000
_PAGES: Final = 20
_TROUBLE: Final = (SlackApiError, aiohttp.ClientError, TimeoutError)


@dataclass(slots=True)
class People:
    """Remembers for a while what Slack said."""

    rules: Rules
    workspaces: Workspaces
    _members: dict[str, tuple[float, frozenset[str]]] = field(default_factory=dict)
    _locales: dict[str, tuple[float, str]] = field(default_factory=dict)
    _asked: "dict[str, asyncio.Task[str]]" = field(default_factory=dict)
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def granted(self, person: Person) -> Role | None:
        """The role that the configuration gives a person.

        Raises:
            Unavailable: Slack has to be asked who is in a group, and does not answer.
        """
        return self.rules.granted(person, await self._allowed(person.team))

    async def locale(self, person: Person) -> str:
        """The language that the person has set in Slack; empty where that can't be told now."""
        key = person.who
        until, known = self._locales.get(key, (0.0, ""))
        if until >= time.monotonic():
            return known
        # Whoever asks meanwhile waits for the same answer: what one person says stays in order.
        asking = self._asked.get(key) or asyncio.create_task(self._ask_locale(person))
        self._asked[key] = asking
        known = await asyncio.shield(asking)
        self._asked.pop(key, None)
        if len(self._locales) >= _MOST_KNOWN:
            self._locales.clear()
        lasts = _LOCALE_SECONDS if known else _UNKNOWN_SECONDS
        self._locales[key] = (time.monotonic() + lasts, known)
        return known

    async def _ask_locale(self, person: Person) -> str:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                found = await self.workspaces.find(person.team)
                if found is None:
                    return ""
                told = await found.client.users_info(user=person.user, include_locale=True)
                return str((told.get("user") or {}).get("locale") or "")
        except (*_TROUBLE, DivisiError):
            return ""

    async def _allowed(self, team: str) -> frozenset[str]:
        sets = self.rules.sets(team)
        if not sets:
            return frozenset()
        async with self._asking:  # whoever comes meanwhile waits for the one answer
            now = time.monotonic()
            until, known = self._members.get(team, (0.0, frozenset()))
            if until < now:
                known = await self._ask_members(team, sets)
                self._members[team] = (now + _MEMBERS_SECONDS, known)
            return known

    async def _ask_members(self, team: str, sets: tuple[tuple[str, str], ...]) -> frozenset[str]:
        found = await self.workspaces.find(team)
        if found is None:
            return frozenset()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                each = await asyncio.gather(*(_people(found, kind, own) for kind, own in sets))
        except TimeoutError as error:
            raise Unavailable("Slack does not say who is in its groups.") from error
        return frozenset().union(*each)


async def _people(workspace: Workspace, kind: str, own: str) -> frozenset[str]:
    """The members of a group or channel; nobody where there is none that the app can see."""
    try:
        if kind == "group":
            told = await workspace.client.usergroups_users_list(usergroup=own)
            return frozenset(map(str, told.get("users") or ()))
        return await _in_channel(workspace, own)
    except (SlackApiError, aiohttp.ClientError) as error:
        meant = meaning(error)
        if isinstance(meant, Refused):
            return frozenset()
        raise meant from error


async def _in_channel(workspace: Workspace, channel: str) -> frozenset[str]:
    found: set[str] = set()
    cursor = ""
    for _ in range(_PAGES):
        told = await workspace.client.conversations_members(
            channel=channel, limit=1_000, cursor=cursor or None
        )
        found |= {*map(str, told.get("members") or ())}
        cursor = str((told.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            break
    return frozenset(found)
