import asyncio
import socket
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from planner.errors import Misconfigured, Unavailable
from store.database import Database
from store.tables import HEAD, metadata

pytestmark = pytest.mark.anyio


async def test_the_migrations_make_the_tables_that_the_code_means(db: Database) -> None:
    async with db.begin() as connection:
        differences = await connection.run_sync(
            lambda plain: compare_metadata(MigrationContext.configure(plain), metadata)
        )
    assert differences == []


async def test_many_may_start_at_once_on_an_empty_database(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(5)]
    await asyncio.gather(*(each.start() for each in databases))
    async with databases[0].read() as connection:
        versions = await connection.execute(text("select version_num from alembic_version"))
        assert versions.scalars().all() == [HEAD]
    for each in databases:
        await each.close()


async def test_an_error_undoes_the_whole_transaction(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):  # noqa: PT012
        async with db.begin() as connection:
            await connection.execute(
                text("insert into audit (at, who, act, what) values (0, 'a', 'b', 'c')")
            )
            raise ZeroDivisionError
    async with db.read() as connection:
        assert (await connection.execute(text("select count(*) from audit"))).scalar() == 0


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/name", "://", "postgresql://h:x/n"])
async def test_a_url_that_is_none_is_said_to_be_wrong(url: str) -> None:
    with pytest.raises(Misconfigured, match="DATABASE_URL"):
        await Database(url).start()


async def test_a_folder_that_is_not_there_is_said_to_be_wrong(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/none/x.sqlite")
    with pytest.raises(Misconfigured, match="can't be opened"):
        await database.start()
    await database.close()


async def test_a_server_that_does_not_answer_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # accepts, and never says a word
        started = time.monotonic()
        database = Database(f"postgresql://u@127.0.0.1:{deaf.getsockname()[1]}/x")
        with pytest.raises(Unavailable):
            await database.start()
        assert time.monotonic() - started < 10
        await database.close()


async def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    database = Database(f"postgresql://u@127.0.0.1:{port}/x")
    with pytest.raises(Unavailable):
        await database.start()
    await database.close()
