"""Transactions on one segment that meet half-way; each waits for the other, and nothing slips."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from planner.errors import Refused
from store import segments
from store.database import Database
from tests.store.rows import (
    AS_OF,
    OTHER_PLAN,
    PLAN,
    claim,
    create,
    delete,
    finish,
    get,
    listed,
    recompute,
    replan,
)

pytestmark = pytest.mark.anyio
Work = Callable[[AsyncConnection], Awaitable[object]]


async def excluded_by_new(connection: AsyncConnection) -> None:
    await segments.create(
        connection, segment_id="new", name="New", description="", plan=PLAN, exclude=("x",),
        as_of=AS_OF, asked_by="me", conversation="c", key="new",
    )  # fmt: skip


async def excluded_by_old(connection: AsyncConnection) -> None:
    await segments.replan(
        connection, "old", plan=OTHER_PLAN, exclude=("x",), as_of=AS_OF, conversation="c",
        revision=None,
    )  # fmt: skip


async def commit(db: Database, work: Work) -> None:
    async with db.begin() as connection:
        await work(connection)


async def waits(task: "asyncio.Task[Any]") -> None:
    await asyncio.sleep(0.3)
    assert not task.done()


EXCLUDING = pytest.mark.parametrize("exclude", [excluded_by_new, excluded_by_old])


async def remove(connection: AsyncConnection) -> None:
    await segments.delete(connection, "x")


@EXCLUDING
async def test_who_deletes_waits_for_who_is_about_to_leave_it_out(
    db: Database, exclude: Work
) -> None:
    await listed(db, "x")
    await listed(db, "old", name="Old")
    async with db.begin() as connection:
        await exclude(connection)
        deleting = asyncio.create_task(commit(db, remove))
        await waits(deleting)
    with pytest.raises(Refused) as refusal:
        await deleting
    assert refusal.value.message_id == "segment.needed"
    assert (await get(db, "x")).members_file == "x-1"


@EXCLUDING
async def test_who_leaves_it_out_waits_for_who_is_about_to_delete(
    db: Database, exclude: Work
) -> None:
    await listed(db, "x")
    await listed(db, "old", name="Old")
    async with db.begin() as connection:
        await remove(connection)
        excluding = asyncio.create_task(commit(db, exclude))
        await waits(excluding)
    with pytest.raises(Refused) as refusal:
        await excluding
    assert refusal.value.message_id == "segment.unknown_exclude"
    assert await segments.excluding(db, "x") == []


@EXCLUDING
async def test_a_deletion_that_is_taken_back_refuses_nobody(db: Database, exclude: Work) -> None:
    await listed(db, "x")
    await listed(db, "old", name="Old")
    excluding = []
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the error ends the transaction
        async with db.begin() as connection:
            await remove(connection)
            excluding.append(asyncio.create_task(commit(db, exclude)))
            await waits(excluding[0])
            raise ZeroDivisionError
    await excluding[0]
    assert len(await segments.excluding(db, "x")) == 1


async def test_deleting_and_leaving_out_at_once_many_times(db: Database) -> None:
    for n in range(12):
        await listed(db, f"x{n}")
        done = await asyncio.gather(
            delete(db, f"x{n}"), create(db, f"s{n}", exclude=(f"x{n}",)), return_exceptions=True
        )
        assert sum(isinstance(each, Refused) for each in done) == 1
        excluded, excluding = await segments.get(db, f"x{n}"), await segments.get(db, f"s{n}")
        assert (excluded is None) == (excluding is None)
        if excluding is not None:
            await finish(db, await claim(db))


async def test_two_that_leave_each_other_out_at_once_wait_for_nobody(db: Database) -> None:
    await listed(db, "x")
    await listed(db, "old")
    async with db.begin() as connection:
        await excluded_by_old(connection)
        other = asyncio.create_task(replan(db, "x", exclude=("old",)))
        if not db.sqlite:  # SQLite has one writer at a time
            await asyncio.wait_for(asyncio.shield(other), 5)
    await other
    assert ((await get(db, "x")).exclude, (await get(db, "old")).exclude) == (("old",), ("x",))


async def replan_x(connection: AsyncConnection) -> None:
    await segments.replan(
        connection, "x", plan=OTHER_PLAN, exclude=(), as_of=AS_OF, conversation="c", revision=1
    )


async def rename_x(connection: AsyncConnection) -> None:
    await segments.rename(connection, "x", "n", revision=1)


async def describe_x(connection: AsyncConnection) -> None:
    await segments.describe(connection, "x", "words", revision=1)


async def recompute_x(connection: AsyncConnection) -> None:
    await segments.recompute(connection, "x", as_of=AS_OF, conversation="c")


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (rename_x, replan_x, "segment.stale"),
        (replan_x, rename_x, "segment.stale"),
        (recompute_x, describe_x, "segment.stale"),
        (replan_x, recompute_x, "segment.computing"),
        (recompute_x, recompute_x, "segment.computing"),
        (remove, replan_x, "segment.gone"),
        (remove, recompute_x, "segment.gone"),
        (remove, remove, "segment.gone"),
    ],
)
async def test_of_two_changes_at_once_the_second_is_told(
    db: Database, first: Work, second: Work, reason: str
) -> None:
    await listed(db, "x")
    async with db.begin() as connection:
        await first(connection)
        late = asyncio.create_task(commit(db, second))
        await waits(late)
    with pytest.raises(Refused) as refusal:
        await late
    assert refusal.value.message_id == reason


async def test_a_plan_changed_while_the_worker_finishes_is_computed(db: Database) -> None:
    await create(db, "x")
    claimed = await claim(db)
    async with db.begin() as connection:
        await replan_x(connection)
        finishing = asyncio.create_task(finish(db, claimed))
        await waits(finishing)
    assert not await finishing
    assert (await get(db, "x")).status == "queued"


async def test_a_worker_keeps_its_segment_while_another_leaves_that_out(db: Database) -> None:
    await listed(db, "x")
    await recompute(db, "x")
    claimed = await claim(db)
    async with db.begin() as connection:
        await excluded_by_new(connection)
        beating = asyncio.create_task(segments.heartbeat(db, "x", claimed.fence, 30))
        if not db.sqlite:  # SQLite has one writer at a time
            assert await asyncio.wait_for(asyncio.shield(beating), 5)
    assert await beating
