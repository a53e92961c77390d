import asyncio

import pytest

from store import audit
from store.database import Database

pytestmark = pytest.mark.anyio


async def write(db: Database, act: str) -> None:
    async with db.begin() as connection:
        await audit.write(connection, who="slack:T1/U1", act=act, what="s1")


async def test_what_was_written_is_read_newest_first_in_pages(db: Database) -> None:
    assert await audit.entries(db) == []
    for n in range(5):
        await write(db, f"act.{n}")
    page = await audit.entries(db, 2)
    assert [entry.act for entry in page] == ["act.4", "act.3"]
    rest = await audit.entries(db, before=page[-1].id)
    assert [entry.act for entry in rest] == ["act.2", "act.1", "act.0"]
    assert (rest[0].who, rest[0].what) == ("slack:T1/U1", "s1")
    assert page[0].at >= rest[-1].at
    assert page[0].at.tzinfo is not None


async def test_what_is_not_done_is_not_written(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the error ends the transaction
        async with db.begin() as connection:
            await audit.write(connection, who="", act="a", what="")
            raise ZeroDivisionError
    assert await audit.entries(db) == []


async def test_acts_at_once_are_all_written(db: Database) -> None:
    await asyncio.gather(*(write(db, f"act.{n}") for n in range(10)))
    assert {entry.act for entry in await audit.entries(db)} == {f"act.{n}" for n in range(10)}
