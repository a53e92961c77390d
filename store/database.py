"""The segment store's database: SQLite in a file, or PostgreSQL, by its URL."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any, Final

from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from planner.errors import Misconfigured, Unavailable
from store.tables import HEAD

_CONNECT_SECONDS: Final = 3
_BUSY_MS: Final = 30_000
_MIGRATION_LOCK: Final = 0x_D1_71_51
_SCHEMES: Final = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}


def _async_url(url: str) -> URL:
    try:
        parsed = make_url(url)
        scheme = parsed.drivername.partition("+")[0]
        return parsed.set(drivername=_SCHEMES[scheme])
    except (ArgumentError, KeyError, ValueError) as error:
        raise Misconfigured(
            "DATABASE_URL is not understood. It looks like postgresql://user:password@host/name"
            " or sqlite:////path/to/file."
        ) from error


def _sqlite_settings(connection: Any, _record: object) -> None:
    # Transactions are begun by _begin, not by the driver's own guess.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer that begins as a reader fails when another one wrote meanwhile, without waiting.
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


class Database:
    """Transactions on the segment store; one object serves a whole process."""

    def __init__(self, url: str) -> None:
        self._url = _async_url(url)
        self.sqlite = self._url.drivername.startswith("sqlite")
        self._engine: AsyncEngine | None = None

    @property
    def engine(self) -> AsyncEngine:
        """The engine, made when first asked for."""
        if self._engine is None:
            options: dict[str, Any] = (
                {}
                if self.sqlite
                else {
                    "connect_args": {"connect_timeout": _CONNECT_SECONDS},
                    "pool_pre_ping": True,
                    "pool_timeout": 10,
                }
            )
            try:
                self._engine = create_async_engine(self._url, **options)
            except (ArgumentError, NoSuchModuleError) as error:
                raise Misconfigured(f"DATABASE_URL can't be used: {error}.") from error
            if self.sqlite:
                event.listen(self._engine.sync_engine, "connect", _sqlite_settings)
                event.listen(self._engine.sync_engine, "begin", _begin)
        return self._engine

    async def start(self) -> None:
        """Bring the tables up to date; any number of processes may start at once.

        Raises:
            Misconfigured: the database is of a newer Divisi, or can't be opened at all.
            Unavailable: it does not answer.
        """
        if await self._version() == HEAD:
            return
        async with self.begin() as connection:
            if not self.sqlite:
                await connection.execute(
                    text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK}
                )
            await connection.run_sync(_migrate)

    async def _version(self) -> str | None:
        try:
            async with self.read() as connection:
                found = await connection.execute(text("select version_num from alembic_version"))
                return found.scalar()
        except _NoTableError:
            return None

    async def close(self) -> None:
        """Give all connections back."""
        if self._engine is not None:
            await self._engine.dispose()
            self._engine = None

    @contextlib.asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """One writing transaction, committed at the end, rolled back by any error.

        Raises:
            Unavailable: the database does not answer.
        """
        with _translated():
            async with self.engine.begin() as connection:
                yield connection

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One reading transaction, which no writer waits for.

        Raises:
            Unavailable: the database does not answer.
        """
        with _translated():
            async with self.engine.connect() as plain:
                connection = await plain.execution_options(reads=True)
                async with connection.begin():
                    yield connection


class _NoTableError(Exception):
    """The tables are not there yet."""


@contextlib.contextmanager
def _translated() -> Any:
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        reason = str(error.orig).lower()
        if "no such table" in reason or "alembic_version" in reason:
            raise _NoTableError from error
        if "unable to open database" in reason or "not a database" in reason:
            raise Misconfigured(
                "The segment store's file can't be opened. Check DATABASE_URL and DIVISI_HOME."
            ) from error
        if isinstance(error, ProgrammingError):
            raise
        raise Unavailable("The segment store does not answer. Please try again shortly.") from error
    except (InterfaceError, PoolTimeoutError, OSError) as error:
        raise Unavailable("The segment store does not answer. Please try again shortly.") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable("The segment store's connection broke. Please try again.") from error
        raise


def _migrate(connection: Connection) -> None:
    # only when the tables are not at their newest: alembic takes a moment to import
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "store:migrations")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise Misconfigured(
            "The segment store was made by a newer Divisi. Install that version or a newer one."
        ) from error
