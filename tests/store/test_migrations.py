"""A store that an earlier Divisi made and filled."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from store import operators, segments
from store.database import Database
from store.tables import HEAD, metadata
from tests.store.rows import PLAN, claim, finish, recompute

pytestmark = pytest.mark.anyio
INSERT = (
    "insert into segment (id, name, name_key, description, plan, exclude, status, as_of,"
    " created_at, asked_by, conversation, key, count, seconds, reason, members_file, attempts,"
    " fence) values (:id, :name, :label, 'd', :plan, :exclude, :status, 50, :created_at, 'me', 'c',"
    " :key, :count, :seconds, '', :file, 1, 1)"
)


def config(connection: Connection) -> Config:
    made = Config()
    made.set_main_option("script_location", "store:migrations")
    made.attributes["connection"] = connection
    return made


async def migrate(db: Database, to: Callable[[Config, str], None], revision: str) -> None:
    async with db.begin() as connection:
        await connection.run_sync(lambda plain: to(config(plain), revision))


@pytest.fixture
async def first(database_url: str, anyio_backend: str) -> AsyncIterator[Database]:
    """A store of migration 0001 with a segment of each status."""
    db = Database(database_url)
    await migrate(db, command.upgrade, "0001")
    done = {"count": 3, "seconds": 0.5, "file": "done-1"}
    await add(db, id="done", status="finished", created_at=100, exclude='["other"]', **done)
    await add(db, id="other", status="finished", created_at=90, **done | {"file": "other-1"})
    await add(db, id="late", status="queued", created_at=300)
    await add(db, id="early", status="queued", created_at=200)
    await add(db, id="failed", status="failed", created_at=250)
    yield db
    await db.close()


async def add(db: Database, **changes: Any) -> None:
    row = {
        "plan": PLAN.model_dump_json(), "exclude": "[]", "count": None, "seconds": None,
        "file": None,
    }  # fmt: skip
    async with db.begin() as connection:
        values = row | changes
        await connection.execute(
            text(INSERT),
            values | {"name": values["id"], "label": values["id"], "key": values["id"]},
        )


async def test_segments_of_the_first_store_are_as_they_were(first: Database) -> None:
    await first.start()
    done = await segments.get(first, "done")
    assert done is not None
    assert (done.plan, done.exclude, done.status, done.count) == (PLAN, ("other",), "finished", 3)
    assert (done.revision, done.members_file) == (1, "done-1")
    assert done.queued_at == done.changed_at == done.created_at
    assert (done.listed_plan, done.listed_exclude) == (PLAN, ("other",))
    assert done.listed_as_of == datetime.fromtimestamp(50, UTC)
    assert done.listed_at == datetime.fromtimestamp(100, UTC)
    for name in ("late", "failed"):
        other = await segments.get(first, name)
        assert other is not None
        assert (other.listed_plan, other.listed_exclude, other.listed_as_of, other.listed_at) == (
            (None,) * 4
        )
    assert {k.segment_id: k.listed for k in await segments.known(first)} == {
        "done": True, "other": True, "late": False, "early": False, "failed": False,
    }  # fmt: skip


async def test_segments_of_the_first_store_go_on(first: Database) -> None:
    await first.start()
    assert [(await claim(first)).id, (await claim(first)).id] == ["early", "late"]
    await recompute(first, "done")
    assert await finish(first, await claim(first), count=7)
    assert await segments.excluding(first, "other") == ["done"]
    async with first.begin() as connection:
        await operators.put(connection, "terminal", name="", role="admin", added_by="terminal")


async def test_starting_again_changes_nothing(first: Database) -> None:
    await first.start()
    before = await segments.list_segments(first)
    await first.start()
    assert await segments.list_segments(first) == before


async def test_the_way_back_and_up_again_loses_no_segment(first: Database) -> None:
    await first.start()
    await migrate(first, command.downgrade, "0001")
    await migrate(first, command.upgrade, HEAD)
    assert len(await segments.list_segments(first)) == 5
    async with first.begin() as connection:
        differences = await connection.run_sync(
            lambda plain: compare_metadata(MigrationContext.configure(plain), metadata)
        )
    assert differences == []
