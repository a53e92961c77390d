"""What people do with a segment: rename, describe, compute again, replan, cancel, delete."""

import asyncio
from collections.abc import Awaitable

import pytest

from planner.errors import Refused
from store import segments
from store.database import Database
from store.segments import Segment
from tests.store.rows import (
    AS_OF,
    LATER,
    OTHER_PLAN,
    PLAN,
    cancel,
    claim,
    create,
    delete,
    fail,
    finish,
    get,
    listed,
    plan_of,
    recompute,
    replan,
)

pytestmark = pytest.mark.anyio


async def rename(db: Database, segment_id: str, name: str, revision: int | None = None) -> None:
    async with db.begin() as connection:
        await segments.rename(connection, segment_id, name, revision=revision)


async def describe(db: Database, segment_id: str, text: str, revision: int | None = None) -> None:
    async with db.begin() as connection:
        await segments.describe(connection, segment_id, text, revision=revision)


async def refused(work: Awaitable[object]) -> str:
    with pytest.raises(Refused) as refusal:
        await work
    return refusal.value.message_id


def what_is_listed(kept: Segment) -> tuple[object, ...]:
    return (kept.listed_plan, kept.listed_exclude, kept.listed_as_of, kept.count, kept.members_file)


async def test_a_new_name_is_found_and_the_old_one_is_free(db: Database) -> None:
    await create(db, "s", name="VIP night")
    await rename(db, "s", "VIP  Day", 1)
    kept = await get(db, "s")
    assert (kept.name, kept.revision) == ("VIP  Day", 2)
    assert kept.changed_at > kept.created_at
    assert await segments.find(db, "vip day") == kept
    await create(db, "s2", name="vip night")


async def test_a_name_may_be_changed_to_its_own_in_other_letters(db: Database) -> None:
    await create(db, "s", name="vip")
    await rename(db, "s", "VIP")
    assert (await get(db, "s")).name == "VIP"


async def test_a_taken_name_is_refused_and_the_transaction_goes_on(db: Database) -> None:
    await create(db, "s1", name="VIP")
    await create(db, "s2")
    async with db.begin() as connection:
        with pytest.raises(Refused) as refusal:
            await segments.rename(connection, "s2", " vip ", revision=1)
        await segments.describe(connection, "s2", "still", revision=1)
    assert (refusal.value.message_id, refusal.value.values) == ("name_taken", {"name": " vip "})
    kept = await get(db, "s2")
    assert (kept.name, kept.description, kept.revision) == ("s2", "still", 2)


async def test_a_description_is_changed(db: Database) -> None:
    await create(db, "s", description="old")
    await describe(db, "s", "new", 1)
    kept = await get(db, "s")
    assert (kept.description, kept.revision, kept.status) == ("new", 2, "queued")


async def test_of_two_who_saw_the_same_the_second_is_told(db: Database) -> None:
    await listed(db, "s")
    await rename(db, "s", "n", 1)
    assert await refused(rename(db, "s", "m", 1)) == "segment.stale"
    assert await refused(describe(db, "s", "d", 1)) == "segment.stale"
    assert await refused(replan(db, "s", revision=1)) == "segment.stale"
    kept = await get(db, "s")
    assert (kept.name, kept.revision, kept.plan) == ("n", 2, PLAN)


async def test_what_is_gone_can_not_be_changed(db: Database) -> None:
    assert await refused(rename(db, "s", "n")) == "segment.gone"
    assert await refused(describe(db, "s", "d")) == "segment.gone"
    assert await refused(recompute(db, "s")) == "segment.gone"
    assert await refused(replan(db, "s")) == "segment.gone"
    assert await refused(delete(db, "s")) == "segment.gone"
    assert not await cancel(db, "s")


async def test_recomputing_keeps_the_list_until_the_new_one_is_in(db: Database) -> None:
    before = await listed(db, "s")
    await recompute(db, "s")
    kept = await get(db, "s")
    assert (kept.status, kept.as_of, kept.conversation) == ("queued", LATER, "c2")
    assert (kept.revision, kept.attempts, kept.reason) == (2, 0, "")
    assert kept.queued_at > before.queued_at
    assert what_is_listed(kept) == what_is_listed(before) == (PLAN, (), AS_OF, 3, "s-1")
    claimed = await claim(db)
    assert what_is_listed(claimed) == what_is_listed(before)
    assert await finish(db, claimed, count=4)
    assert what_is_listed(await get(db, "s")) == (PLAN, (), LATER, 4, "s-2")


async def test_what_is_being_computed_is_not_computed_again(db: Database) -> None:
    await create(db, "s")
    assert await refused(recompute(db, "s")) == "segment.computing"
    await claim(db)
    assert await refused(recompute(db, "s")) == "segment.computing"
    assert (await get(db, "s")).revision == 1


async def test_what_failed_is_computed_again_at_once_with_all_its_attempts(db: Database) -> None:
    await create(db, "s")
    await fail(db, await claim(db), retry_in=0)
    await fail(db, await claim(db))
    assert (await get(db, "s")).attempts == 2
    await recompute(db, "s")
    claimed = await claim(db)
    assert (claimed.attempts, claimed.reason, claimed.as_of) == (1, "", LATER)


async def test_what_was_cancelled_while_it_waited_for_a_retry_is_computed_at_once(
    db: Database,
) -> None:
    await create(db, "s")
    await fail(db, await claim(db), retry_in=3_600)
    assert await cancel(db, "s")
    await recompute(db, "s")
    assert (await claim(db)).id == "s"


async def test_who_has_waited_longest_since_it_was_queued_comes_first(db: Database) -> None:
    await listed(db, "old")
    await create(db, "new")
    await recompute(db, "old")
    assert [(await claim(db)).id, (await claim(db)).id] == ["new", "old"]


async def test_another_plan_keeps_the_list_until_it_is_computed(db: Database) -> None:
    await listed(db, "x")
    before = await listed(db, "s")
    await replan(db, "s", exclude=("x",), revision=1)
    kept = await get(db, "s")
    assert (kept.plan, kept.exclude, kept.as_of) == (OTHER_PLAN, ("x",), LATER)
    assert (kept.status, kept.conversation, kept.revision) == ("queued", "c2", 2)
    assert what_is_listed(kept) == what_is_listed(before)
    assert await finish(db, await claim(db), count=1)
    assert what_is_listed(await get(db, "s")) == (OTHER_PLAN, ("x",), LATER, 1, "s-3")


async def test_a_worker_at_the_old_plan_discards_its_work(db: Database) -> None:
    await create(db, "s")
    old = await claim(db)
    await replan(db, "s", revision=1)
    assert not await segments.heartbeat(db, "s", old.fence, 30)
    assert not await finish(db, old)
    assert not await fail(db, old)
    new = await claim(db)
    assert (new.plan, new.attempts) == (OTHER_PLAN, 1)
    assert not await finish(db, old)
    assert await finish(db, new)


async def test_a_segment_that_waits_may_be_replanned(db: Database) -> None:
    await create(db, "s")
    await replan(db, "s")
    assert (await claim(db)).plan == OTHER_PLAN


@pytest.mark.parametrize(
    ("exclude", "reason"),
    [
        (("s",), "segment.excludes_itself"),
        (("nothing",), "segment.unknown_exclude"),
        (("x", "nothing"), "segment.unknown_exclude"),
        (("waiting",), "segment.unknown_exclude"),
    ],
)
async def test_only_another_segment_with_a_list_is_left_out(
    db: Database, exclude: tuple[str, ...], reason: str
) -> None:
    await listed(db, "x")
    await listed(db, "s")
    await create(db, "waiting")
    assert await refused(replan(db, "s", exclude=exclude)) == reason
    assert (await get(db, "s")).plan == PLAN
    if exclude != ("s",):
        assert await refused(create(db, "new", exclude=exclude)) == reason
        assert await segments.get(db, "new") is None


async def test_a_segment_being_recomputed_is_left_out_with_the_list_it_has(db: Database) -> None:
    await listed(db, "x")
    await recompute(db, "x")
    await create(db, "s", exclude=("x",))
    assert (await get(db, "s")).exclude == ("x",)


async def test_the_same_key_again_is_the_first_one_whatever_else_it_says(db: Database) -> None:
    await create(db, "s", key="k")
    assert await create(db, "s2", key="k", exclude=("nothing",)) == "s"
    assert await create(db, "s3", key="k", name="s") == "s"


async def test_cancelling_a_new_computation_leaves_what_was_listed(db: Database) -> None:
    before = await listed(db, "s")
    await replan(db, "s")
    claimed = await claim(db)
    assert await cancel(db, "s")
    assert not await cancel(db, "s")
    assert not await finish(db, claimed)
    kept = await get(db, "s")
    assert (kept.status, kept.plan, kept.exclude, kept.as_of) == ("finished", PLAN, (), AS_OF)
    assert what_is_listed(kept) == what_is_listed(before)
    assert kept.fence > claimed.fence
    assert await segments.claim(db, lease_seconds=30) is None


async def test_cancelling_while_it_waits_restores_the_exclusions(db: Database) -> None:
    await listed(db, "x")
    await listed(db, "s", exclude=("x",))
    await replan(db, "s", exclude=())
    assert await cancel(db, "s")
    assert (await get(db, "s")).exclude == ("x",)


async def test_one_without_a_list_is_cancelled(db: Database) -> None:
    await create(db, "s")
    await replan(db, "s")
    assert await cancel(db, "s")
    kept = await get(db, "s")
    assert (kept.status, kept.plan) == ("cancelled", OTHER_PLAN)


async def test_failing_to_compute_again_leaves_what_was_listed_and_says_why(db: Database) -> None:
    before = await listed(db, "s")
    await replan(db, "s")
    assert await fail(db, await claim(db), retry_in=0)
    again = await get(db, "s")
    assert (again.status, again.plan) == ("queued", OTHER_PLAN)
    assert await fail(db, await claim(db))
    kept = await get(db, "s")
    assert (kept.status, kept.reason) == ("finished", "no")
    assert (kept.plan, kept.exclude, kept.as_of) == (PLAN, (), AS_OF)
    assert what_is_listed(kept) == what_is_listed(before)
    await recompute(db, "s")
    assert (await get(db, "s")).reason == ""


async def test_a_deleted_segment_is_gone_with_its_work(db: Database) -> None:
    await listed(db, "s", name="n")
    await recompute(db, "s")
    claimed = await claim(db)
    assert await delete(db, "s") == "s-1"
    assert not await finish(db, claimed)
    assert await segments.get(db, "s") is None
    assert await refused(delete(db, "s")) == "segment.gone"
    await create(db, "s2", name="n")
    assert await delete(db, "s2") is None


async def test_what_another_segment_leaves_out_is_not_deleted(db: Database) -> None:
    await listed(db, "x")
    await listed(db, "y")
    await listed(db, "b", exclude=("x",), name="Before")
    await replan(db, "b", exclude=("y",))
    await create(db, "a", exclude=("x", "y"), name="After")
    for needed, names in (("x", ("After", "Before")), ("y", ("After", "Before"))):
        with pytest.raises(Refused) as refusal:
            await delete(db, needed)
        assert refusal.value.message_id == "segment.needed"
        assert refusal.value.values["names"] == names
        assert await segments.excluding(db, needed) == list(names)
    assert await segments.excluding(db, "a") == []
    assert await finish(db, await claim(db))  # "b" has left "x" out no longer
    assert await segments.excluding(db, "x") == ["After"]
    await delete(db, "a")
    assert await delete(db, "x") == "x-1"
    assert await refused(delete(db, "y")) == "segment.needed"


@pytest.mark.parametrize("like", ["X", "x1", "_", "%", 'a"x"', "\u00e9"])
async def test_an_id_that_looks_alike_is_another_one(db: Database, like: str) -> None:
    await listed(db, like)
    await listed(db, "x", name="other")
    await create(db, "s", exclude=(like,), name="third")
    assert await segments.excluding(db, like) == ["third"]
    assert await segments.excluding(db, "x") == []
    assert await delete(db, "x") == "x-1"


async def test_people_who_change_a_segment_at_once_are_told_but_for_one(db: Database) -> None:
    await listed(db, "s")
    plans = [plan_of(n) for n in range(3, 11)]
    done = await asyncio.gather(
        *(replan(db, "s", plan=plan, revision=1) for plan in plans), return_exceptions=True
    )
    won = [plan for plan, error in zip(plans, done, strict=True) if error is None]
    lost = [error.message_id for error in done if isinstance(error, Refused)]
    assert (len(won), lost) == (1, ["segment.stale"] * 7)
    kept = await get(db, "s")
    assert (kept.plan, kept.revision) == (won[0], 2)


async def test_people_who_recompute_at_once_queue_it_once(db: Database) -> None:
    await listed(db, "s")
    done = await asyncio.gather(*(recompute(db, "s") for _ in range(8)), return_exceptions=True)
    lost = [error.message_id for error in done if isinstance(error, Refused)]
    assert lost == ["segment.computing"] * 7
    assert (await get(db, "s")).revision == 2


async def test_names_taken_at_once_are_one_persons(db: Database) -> None:
    for n in range(6):
        await create(db, f"s{n}")
    done = await asyncio.gather(
        *(rename(db, f"s{n}", "VIP") for n in range(6)), return_exceptions=True
    )
    lost = [error.message_id for error in done if isinstance(error, Refused)]
    assert lost == ["name_taken"] * 5
    assert await segments.find(db, "VIP") is not None
