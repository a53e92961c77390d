"""Workspaces that install the app themselves: OAuth, and their tokens, encrypted at rest."""

import base64
import hashlib
from copy import copy
from typing import Any, Final

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.slack.manifest import BOT_SCOPES
from adapters.slack.settings import Settings
from planner.errors import Misconfigured, Unavailable

_SHORTEST_KEY: Final = 32
_STATE_SECONDS: Final = 600
_SECRETS: Final = (
    "bot_token", "bot_refresh_token", "user_token", "user_refresh_token", "incoming_webhook_url",
    "incoming_webhook_configuration_url",
)  # fmt: skip


class Seal:
    """Encrypts tokens under the first of the keys, and opens what any of them has encrypted."""

    def __init__(self, keys: str) -> None:
        """Take the keys in, newest first, separated by commas.

        Raises:
            Misconfigured: a key is too short.
        """
        parts = [part.strip() for part in keys.split(",") if part.strip()]
        if not parts or min(map(len, parts)) < _SHORTEST_KEY:
            raise Misconfigured(
                f"SLACK_TOKEN_KEY needs at least {_SHORTEST_KEY} characters. Make one with:"
                " openssl rand -hex 32"
            )
        digests = (hashlib.sha256(part.encode()).digest() for part in parts)
        self._fernet = MultiFernet([Fernet(base64.urlsafe_b64encode(d)) for d in digests])

    def closed(self, token: str | None) -> str | None:
        """The token as it is kept."""
        return self._fernet.encrypt(token.encode()).decode() if token else token

    def opened(self, kept: str | None) -> str | None:
        """The token as it was.

        Raises:
            Misconfigured: it was encrypted under another key.
        """
        try:
            return self._fernet.decrypt(kept.encode()).decode() if kept else kept
        except InvalidToken as error:
            raise Misconfigured(
                "A workspace's token was encrypted under another SLACK_TOKEN_KEY. Put that one"
                " behind the new one, with a comma, or let the workspace install the app again."
            ) from error


class SealedStore(AsyncSQLAlchemyInstallationStore):
    """Slack's own installation store, in which no token can be read."""

    def __init__(self, client_id: str, engine: AsyncEngine, seal: Seal) -> None:
        super().__init__(client_id, engine)
        self._seal = seal

    @classmethod
    def build_bots_table(cls, metadata: sa.MetaData, table_name: str) -> sa.Table:
        """The table, with room for encrypted tokens."""
        return _roomy(super().build_bots_table(metadata, table_name))

    @classmethod
    def build_installations_table(cls, metadata: sa.MetaData, table_name: str) -> sa.Table:
        """The table, with room for encrypted tokens."""
        return _roomy(super().build_installations_table(metadata, table_name))

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation, sealed; its bot is kept by the same call."""
        await super().async_save(self._sealed(installation))

    def _sealed(self, installation: Installation) -> Installation:
        kept = copy(installation)
        for name in _SECRETS:
            setattr(kept, name, self._seal.closed(getattr(installation, name)))
        return kept

    async def bot_of(self, team: str) -> Bot | None:
        """The bot of a workspace, installed last, with its token opened.

        Slack's own look-up wants to be told the organisation that a workspace belongs to, which
        is not known where news is to be sent.

        Raises:
            Unavailable: the store does not answer.
        """
        columns = self.bots.c
        query = (
            sa.select(self.bots)
            .where(columns.client_id == self.client_id, columns.team_id == team)
            .order_by(columns.installed_at.desc(), columns.id.desc())
            .limit(1)
        )
        try:
            async with self.engine.connect() as connection:
                row = (await connection.execute(query)).mappings().first()
        except (SQLAlchemyError, OSError) as error:
            raise Unavailable("The segment store does not answer.") from error
        return None if row is None else self._bot(dict(row))

    def _bot(self, row: dict[str, Any]) -> Bot:
        values = {name: row[name] for name in row if name not in ("id", "client_id")}
        values["bot_token"] = self._seal.opened(row["bot_token"])
        values["bot_refresh_token"] = self._seal.opened(row["bot_refresh_token"])
        return Bot(**values)

    async def forget(self, team: str) -> None:
        """Delete all tokens of a workspace.

        Raises:
            Unavailable: the store does not answer.
        """
        try:
            async with self.engine.begin() as connection:
                for table in (self.bots, self.installations):
                    own = (table.c.client_id == self.client_id) & (table.c.team_id == team)
                    await connection.execute(table.delete().where(own))
        except (SQLAlchemyError, OSError) as error:
            raise Unavailable("The segment store does not answer.") from error


def _roomy(table: sa.Table) -> sa.Table:
    for name in _SECRETS:
        if name in table.c:
            table.c[name].type = sa.Text()
    return table


async def make_tables(store: SealedStore, states: AsyncSQLAlchemyOAuthStateStore) -> None:
    """Make the tables of installations, if they aren't there; several processes may at once.

    Raises:
        Unavailable: the store does not answer.
    """
    try:
        await _create(store, states)
    except (DBAPIError, OSError):
        try:
            await _create(store, states)  # another process may have made them meanwhile
        except (DBAPIError, OSError) as error:
            raise Unavailable("The segment store does not answer.") from error


async def _create(store: SealedStore, states: AsyncSQLAlchemyOAuthStateStore) -> None:
    async with store.engine.begin() as connection:
        for metadata in (store.metadata, states.metadata):
            await connection.run_sync(metadata.create_all)


def oauth_flow(
    settings: Settings, client: AsyncWebClient, store: SealedStore
) -> tuple[AsyncOAuthFlow, AsyncSQLAlchemyOAuthStateStore]:
    """The pages by which a workspace installs the app."""
    states = AsyncSQLAlchemyOAuthStateStore(_STATE_SECONDS, store.engine)
    authorize = settings.api.removesuffix("api/") + "oauth/v2/authorize"
    flow = AsyncOAuthFlow(
        client=client,
        settings=AsyncOAuthSettings(
            client_id=settings.client_id,
            client_secret=settings.client_secret.get_secret_value(),
            scopes=list(BOT_SCOPES),
            installation_store=store,
            installation_store_bot_only=True,
            state_store=states,
            authorization_url=authorize,
        ),
    )
    return flow, states
