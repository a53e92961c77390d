import asyncio

import pytest
from sqlalchemy import update

from planner.errors import Refused
from store import segments
from store.database import Database
from store.tables import clock, segment
from tests.store.rows import AS_OF, PLAN, cancel, claim, create, fail, finish, get, listed

pytestmark = pytest.mark.anyio


async def test_what_was_confirmed_is_kept(db: Database) -> None:
    await listed(db, "x")
    await create(db, "s", exclude=("x",), description="for June")
    kept = await get(db, "s")
    assert (kept.plan, kept.as_of, kept.exclude, kept.status) == (PLAN, AS_OF, ("x",), "queued")
    assert (kept.description, kept.revision, kept.listed_plan) == ("for June", 1, None)
    assert await segments.find(db, " S ") == kept


async def test_confirming_the_same_often_makes_one(db: Database) -> None:
    made = await asyncio.gather(*(create(db, f"s{n}", name="n", key="k") for n in range(8)))
    assert len(set(made)) == 1
    assert len(await segments.list_segments(db)) == 1


@pytest.mark.parametrize("name", ["VIP night", "vip  NIGHT", "ＶＩＰ night "])
async def test_a_name_is_taken_however_it_is_written(db: Database, name: str) -> None:
    await create(db, "s1", name="VIP night")
    with pytest.raises(Refused) as refused:
        await create(db, "s2", name=name)
    assert refused.value.message_id == "name_taken"


async def test_every_segment_is_claimed_by_one_worker(db: Database) -> None:
    for n in range(20):
        await create(db, f"s{n}")
    claimed = await asyncio.gather(*(segments.claim(db, lease_seconds=30) for _ in range(30)))
    assert sorted(c.id for c in claimed if c) == sorted(f"s{n}" for n in range(20))


async def test_one_that_was_tried_keeps_no_new_one_waiting(db: Database) -> None:
    await create(db, "deadly")
    assert (await claim(db)).id == "deadly"
    async with db.begin() as connection:
        past = clock(connection.dialect) - 1
        await connection.execute(update(segment).values(lease_until=past))
    await create(db, "new")
    assert [(await claim(db)).id for _ in range(2)] == ["new", "deadly"]


async def test_who_lost_the_lease_can_not_finish(db: Database) -> None:
    await create(db, "s")
    slow = await claim(db)
    async with db.begin() as connection:
        past = clock(connection.dialect) - 1
        await connection.execute(update(segment).values(lease_until=past))
    quick = await claim(db)
    assert (quick.fence, quick.attempts) == (2, 2)
    assert not await segments.heartbeat(db, "s", slow.fence, 30)
    assert not await finish(db, slow)
    assert await finish(db, quick)
    assert not await finish(db, quick)
    kept = await get(db, "s")
    assert (kept.status, kept.count, kept.members_file) == ("finished", 3, "s-2")
    assert (kept.listed_plan, kept.listed_exclude, kept.listed_as_of) == (PLAN, (), AS_OF)
    assert kept.listed_at is not None
    assert kept.listed_at >= kept.queued_at


async def test_a_heartbeat_keeps_the_lease(db: Database) -> None:
    await create(db, "s")
    claimed = await segments.claim(db, lease_seconds=0.3)
    assert claimed is not None
    assert await segments.heartbeat(db, "s", claimed.fence, 30)
    await asyncio.sleep(0.4)
    assert await segments.claim(db, lease_seconds=30) is None


async def test_a_lease_given_by_a_wrong_clock_is_over(db: Database) -> None:
    await create(db, "s")
    await claim(db)
    async with db.begin() as connection:
        absurd = clock(connection.dialect) + 3_600
        await connection.execute(update(segment).values(lease_until=absurd))
    assert (await claim(db)).attempts == 2


async def test_a_failure_is_tried_again_later_or_never(db: Database) -> None:
    await create(db, "s")
    for retry_in in (0.0, 3_600.0):
        claimed = await claim(db)
        assert await fail(db, claimed, retry_in)
    assert await segments.claim(db, lease_seconds=30) is None
    async with db.begin() as connection:
        await connection.execute(update(segment).values(not_before=None))
    claimed = await claim(db)
    assert await fail(db, claimed)
    kept = await get(db, "s")
    assert (kept.status, kept.reason) == ("failed", "no")


async def test_a_cancelled_segment_is_not_finished(db: Database) -> None:
    await create(db, "s")
    claimed = await claim(db)
    assert await cancel(db, "s")
    assert not await cancel(db, "s")
    assert not await finish(db, claimed)
    assert await segments.claim(db, lease_seconds=30) is None
