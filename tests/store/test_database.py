import asyncio
import socket
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from planner.errors import Misconfigured, Unavailable
from store import segments
from store.database import Database
from store.tables import HEAD, metadata
from tests.store.processes import START, begin, until_ready

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


async def test_many_processes_may_start_at_once_on_an_empty_database(database_url: str) -> None:
    processes = [begin(START, database_url) for _ in range(4)]
    for process in processes:
        await asyncio.to_thread(until_ready, process)
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        await asyncio.to_thread(process.communicate, timeout=20)
    assert [process.returncode for process in processes] == [0, 0, 0, 0]


async def test_a_store_of_a_newer_divisi_is_left_alone(db: Database) -> None:
    async with db.begin() as connection:
        await connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(Misconfigured, match="newer"):
        await db.start()


async def test_a_store_without_its_tables_says_so(db: Database) -> None:
    async with db.begin() as connection:
        await connection.execute(text("drop table segment"))
    with pytest.raises(Misconfigured, match="lost its tables"):
        await segments.get(db, "s")


async def test_an_errors_text_holds_no_values(db: Database) -> None:
    insert = text("insert into audit (at, who) values (0, :who)")
    with pytest.raises(IntegrityError) as failed:
        async with db.begin() as connection:
            await connection.execute(insert, {"who": "a name"})
    assert "[parameters" not in str(failed.value)
    assert "hidden" in str(failed.value)


async def test_an_error_undoes_the_whole_transaction(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):  # noqa: PT012
        async with db.begin() as connection:
            await connection.execute(
                text("insert into audit (at, who, act, what) values (0, 'a', 'b', 'c')")
            )
            raise ZeroDivisionError
    async with db.read() as connection:
        assert (await connection.execute(text("select count(*) from audit"))).scalar() == 0


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://host/name", "://", "postgresql://h:x/n", "sqlite://"]
)
async def test_a_url_that_is_none_is_said_to_be_wrong(url: str) -> None:
    with pytest.raises(Misconfigured, match="DATABASE_URL"):
        await Database(url).start()


async def test_a_folder_that_is_not_there_is_said_to_be_wrong(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/none/x.sqlite")
    with pytest.raises(Misconfigured, match="can't be opened"):
        await database.start()
    await database.close()


async def test_a_file_that_is_no_database_is_said_to_be_wrong(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_text("not at all " * 1_000)
    database = Database(f"sqlite:///{tmp_path}/x.sqlite")
    with pytest.raises(Misconfigured, match="can't be opened"):
        await database.start()
    await database.close()


@pytest.mark.parametrize(
    ("right", "wrong"), [("/test_", "/other_"), ("postgres@", "nobody@"), ("?", "?colour=red&")]
)
async def test_a_server_without_that_database_or_user(
    postgres_url: str, right: str, wrong: str
) -> None:
    database = Database(postgres_url.replace(right, wrong, 1))
    with pytest.raises(Misconfigured, match="can't be opened"):
        await database.start()
    await database.close()


async def test_a_broken_connection_is_unavailable_and_the_next_one_works(
    postgres_url: str,
) -> None:
    database = Database(postgres_url)
    await database.start()
    with pytest.raises(Unavailable):
        async with database.begin() as connection:
            await connection.execute(text("select pg_terminate_backend(pg_backend_pid())"))
    async with database.read() as connection:
        assert (await connection.execute(text("select 1"))).scalar() == 1
        shown = await connection.execute(text("show idle_in_transaction_session_timeout"))
        assert shown.scalar() == "30s"
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
