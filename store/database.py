"""The segment store's database: SQLite in a file, or PostgreSQL, by its URL."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from planner.errors import DivisiError, Misconfigured, Unavailable
from store.line import Line
from store.tables import HEAD

_SERVER: Final = {
    "connect_timeout": 3,
    # A server that was cut off says nothing more: the system ends the connection, in seconds.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
_BUSY_MS: Final = 30_000
_MIGRATION_LOCK: Final = 0x_D1_71_51
_SCHEMES: Final = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}
_CLOSED: Final = (
    "unable to open database",
    "not a database",
    "readonly database",
    "invalid connection option",
    "password authentication failed",
    "permission denied",
)
"""What a database says that trying again does not help against."""
_NO_TABLE: Final = "42P01"


def _async_url(url: str) -> URL:
    try:
        parsed = make_url(url)
        found = parsed.set(drivername=_SCHEMES[parsed.drivername.partition("+")[0]])
    except (ArgumentError, KeyError, ValueError) as error:
        raise _not_understood() from error
    if found.drivername.startswith("sqlite") and found.database in (None, "", ":memory:"):
        raise _not_understood()  # every connection would have an empty store of its own
    return found


def _not_understood() -> Misconfigured:
    return Misconfigured(
        "DATABASE_URL is not understood. It looks like postgresql://user:password@host/name"
        " or sqlite:////path/to/file."
    )


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


def _postgres_settings(connection: Any, _record: object) -> None:
    # A process that is frozen inside a transaction must not hold its locks for ever.
    cursor = connection.cursor()
    cursor.execute("SET idle_in_transaction_session_timeout = '30s'")
    cursor.close()
    connection.commit()


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
        self._line = Line()

    @property
    def engine(self) -> AsyncEngine:
        """The engine, made when first asked for."""
        if self._engine is None:
            options: dict[str, Any] = (
                {}
                if self.sqlite
                else {
                    "connect_args": _SERVER,
                    "pool_pre_ping": True,
                    "pool_timeout": 10,
                }
            )
            try:
                self._engine = create_async_engine(self._url, hide_parameters=True, **options)
            except (ArgumentError, NoSuchModuleError) as error:
                raise Misconfigured(f"DATABASE_URL can't be used: {error}.") from error
            if self.sqlite:
                event.listen(self._engine.sync_engine, "connect", _sqlite_settings)
                event.listen(self._engine.sync_engine, "begin", _begin)
            else:
                event.listen(self._engine.sync_engine, "connect", _postgres_settings)
        return self._engine

    async def start(self) -> None:
        """Bring the tables up to date; any number of processes may start at once.

        Raises:
            Misconfigured: the database is of a newer Divisi, or can't be opened at all.
            Unavailable: it does not answer.
        """
        if self.sqlite:
            self._open_once()
        if await self._version() == HEAD:
            return
        async with self.begin() as connection:
            if not self.sqlite:
                await connection.execute(
                    text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK}
                )
            await connection.run_sync(_migrate)

    def _open_once(self) -> None:
        # The asynchronous driver's thread ends with a traceback where the file can't be opened.
        try:
            sqlite3.connect(str(self._url.database)).close()
        except sqlite3.Error as error:
            raise _not_opened() from error

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
    async def begin(self, *, urgent: bool = False) -> AsyncIterator[AsyncConnection]:
        """One writing transaction, committed at the end, rolled back by any error.

        What a messenger waits for is urgent: it doesn't wait for all that is under way.

        Raises:
            Unavailable: the database does not answer.
        """
        # SQLite has one writer, and whoever waits for it asks again now and then: under load the
        # same ones come too late each time. Within a process they stand in line.
        with _translated():
            line = self._line.place(urgent=urgent) if self.sqlite else contextlib.nullcontext()
            async with line, self.engine.begin() as connection:
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


class _NoTableError(Misconfigured):
    """The tables are not there."""


def _not_opened() -> Misconfigured:
    return Misconfigured(
        "The segment store can't be opened. Check DATABASE_URL (its file, or its server, name,"
        " user and password) and DIVISI_HOME."
    )


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        meant = _meaning(error)
        if meant is None:
            raise
        raise meant from error
    except (PoolTimeoutError, OSError) as error:
        raise Unavailable("The segment store does not answer. Please try again shortly.") from error


def _meaning(error: DBAPIError) -> DivisiError | None:
    said = str(error.orig).lower()
    if "no such table" in said or getattr(error.orig, "sqlstate", None) == _NO_TABLE:
        return _NoTableError("The segment store has lost its tables. Start Divisi again.")
    if any(reason in said for reason in _CLOSED) or _does_not_exist(error, said):
        return _not_opened()
    if isinstance(error, (OperationalError, InterfaceError)) or error.connection_invalidated:
        return Unavailable("The segment store does not answer. Please try again shortly.")
    return None


def _does_not_exist(error: DBAPIError, said: str) -> bool:
    # the server answers, but knows no such database or user
    return isinstance(error, OperationalError) and "fatal" in said and "does not exist" in said


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
