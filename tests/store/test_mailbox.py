import asyncio

import pytest
from sqlalchemy import select, update

from store import mailbox
from store.database import Database
from store.tables import clock, inbox, outbox

pytestmark = pytest.mark.anyio


async def accept(db: Database, event_id: str, conversation: str = "c") -> bool:
    return await mailbox.accept(
        db, conversation=conversation, event_id=event_id, body={"n": event_id}
    )


async def finish(db: Database, letter: mailbox.Letter) -> bool:
    async with db.begin() as connection:
        return await mailbox.done(connection, letter.id)


async def post(db: Database, key: str, conversation: str = "slack:c") -> bool:
    async with db.begin() as connection:
        return await mailbox.post(
            connection, conversation=conversation, kind="reply", body={"k": key}, key=key
        )


async def take(db: Database, limit: int = 10, **options: str) -> list[str]:
    parcels = await mailbox.claim_parcels(db, limit=limit, lease_seconds=30, **options)  # type: ignore[arg-type]
    return [parcel.body["k"] for parcel in parcels]


async def test_an_event_is_accepted_once(db: Database) -> None:
    accepted = await asyncio.gather(*(accept(db, f"e{n % 10}") for n in range(50)))
    assert sum(accepted) == 10


async def test_letters_come_in_order_and_one_at_a_time(db: Database) -> None:
    for event in ("1", "2"):
        await accept(db, event)
    await accept(db, "3", "other")
    first = await mailbox.next_letter(db, 30)
    other = await mailbox.next_letter(db, 30)
    assert first is not None
    assert other is not None
    assert (first.event_id, other.event_id) == ("1", "3")
    assert await mailbox.next_letter(db, 30) is None
    assert await finish(db, first)
    second = await mailbox.next_letter(db, 30, conversation="c")
    assert second is not None
    assert (second.event_id, second.body, second.attempts) == ("2", {"n": "2"}, 1)


async def test_a_letter_is_done_once(db: Database) -> None:
    await accept(db, "1")
    letter = await mailbox.next_letter(db, 30)
    assert letter is not None
    assert await finish(db, letter)
    assert not await finish(db, letter)


async def test_a_released_letter_comes_again_and_has_not_been_tried(db: Database) -> None:
    await accept(db, "1")
    letter = await mailbox.next_letter(db, 30)
    assert letter is not None
    await mailbox.release(db, letter.id)
    again = await mailbox.next_letter(db, 30)
    assert again == letter


@pytest.mark.parametrize("seconds", [-1, 3_600])
async def test_a_lease_that_is_over_or_absurd_is_no_lease(db: Database, seconds: float) -> None:
    await accept(db, "1")
    await mailbox.next_letter(db, 30)
    async with db.begin() as connection:
        until = clock(connection.dialect) + seconds
        await connection.execute(update(inbox).values(lease_until=until))
    again = await mailbox.next_letter(db, 30)
    assert again is not None
    assert again.attempts == 2


async def test_an_earlier_letter_committed_late_waits_for_the_one_at_work(db: Database) -> None:
    if db.sqlite:
        pytest.skip("one writer at a time: ids are committed in their order")
    async with db.begin() as slow:
        await mailbox.put(slow, conversation="c", event_id="1", body={})
        await accept(db, "2")
        at_work = await mailbox.next_letter(db, 30)
    assert at_work is not None
    assert at_work.event_id == "2"
    assert await mailbox.next_letter(db, 30) is None
    assert await finish(db, at_work)
    following = await mailbox.next_letter(db, 30)
    assert following is not None
    assert following.event_id == "1"


async def test_many_runners_are_never_two_in_a_conversation(db: Database) -> None:
    for n in range(40):
        await accept(db, str(n), f"c{n % 5}")
    busy: set[str] = set()
    handled: dict[str, list[int]] = {}

    async def run() -> None:
        while sum(map(len, handled.values())) < 40:
            letter = await mailbox.next_letter(db, 30)
            if letter is None:
                await asyncio.sleep(0.005)
                continue
            assert letter.conversation not in busy
            busy.add(letter.conversation)
            await asyncio.sleep(0.005)
            handled.setdefault(letter.conversation, []).append(int(letter.event_id))
            busy.remove(letter.conversation)
            assert await finish(db, letter)

    await asyncio.gather(*(run() for _ in range(6)))
    assert handled == {f"c{n}": list(range(n, 40, 5)) for n in range(5)}


async def test_who_lost_the_lease_gives_nothing_back(db: Database) -> None:
    await accept(db, "1")
    slow = await mailbox.next_letter(db, 30)
    assert slow is not None
    async with db.begin() as connection:
        await connection.execute(update(inbox).values(lease_until=clock(connection.dialect) - 1))
    assert await mailbox.next_letter(db, 30) is not None
    await mailbox.release(db, slow.id, slow.attempts)
    assert await mailbox.next_letter(db, 30) is None


async def test_a_letter_that_is_done_does_not_die(db: Database) -> None:
    await accept(db, "1")
    letter = await mailbox.next_letter(db, 30)
    assert letter is not None
    assert await finish(db, letter)
    async with db.begin() as connection:
        assert not await mailbox.dead(connection, letter.id, "late")


async def test_a_dead_letter_blocks_nothing_and_says_why(db: Database) -> None:
    await accept(db, "1")
    await accept(db, "2")
    letter = await mailbox.next_letter(db, 30)
    assert letter is not None
    async with db.begin() as connection:
        await mailbox.dead(connection, letter.id, "crash")
    following = await mailbox.next_letter(db, 30)
    assert following is not None
    assert following.event_id == "2"
    async with db.read() as connection:
        reason = await connection.execute(select(inbox.c.reason).where(inbox.c.id == letter.id))
        assert reason.scalar() == "crash"


async def test_parcels_leave_in_order_and_once(db: Database) -> None:
    assert [await post(db, key) for key in ("a", "b", "a", "c")] == [True, True, False, True]
    assert await take(db, limit=2) == ["a", "b"]
    assert await take(db) == []  # c waits until a and b have left


async def test_a_parcel_to_be_retried_holds_back_those_behind_it(db: Database) -> None:
    for key in ("a", "b"):
        await post(db, key)
    await post(db, "z", "line:d")
    (first,) = await mailbox.claim_parcels(db, conversation="slack:c", limit=1, lease_seconds=30)
    await mailbox.undelivered(db, first.id, 3_600, "429")
    assert await take(db) == ["z"]
    await mailbox.undelivered(db, first.id, 0, "429")
    assert await take(db) == ["a", "b"]


@pytest.mark.parametrize("seconds", [-1, 3_600])
async def test_a_parcel_whose_lease_is_over_or_absurd_leaves_again(
    db: Database, seconds: float
) -> None:
    for key in ("a", "b"):
        await post(db, key)
    assert await take(db, limit=1) == ["a"]
    async with db.begin() as connection:
        until = clock(connection.dialect) + seconds
        await connection.execute(
            update(outbox).where(outbox.c.key == "a").values(lease_until=until)
        )
    assert await take(db) == ["a", "b"]


async def test_what_was_delivered_is_not_sent_again_by_a_late_failure(db: Database) -> None:
    await post(db, "a")
    (parcel,) = await mailbox.claim_parcels(db, limit=1, lease_seconds=30)
    await mailbox.delivered(db, parcel.id)
    await mailbox.undelivered(db, parcel.id, 0, "timeout")
    assert await take(db) == []


async def test_a_late_failure_leaves_the_next_attempt_alone(db: Database) -> None:
    await post(db, "a")
    (slow,) = await mailbox.claim_parcels(db, limit=1, lease_seconds=30)
    async with db.begin() as connection:
        await connection.execute(update(outbox).values(lease_until=clock(connection.dialect) - 1))
    assert await take(db) == ["a"]
    await mailbox.undelivered(db, slow.id, 0, "timeout", attempt=slow.attempts)
    assert await take(db) == []


async def test_what_was_claimed_behind_a_failure_is_given_back(db: Database) -> None:
    for key in ("a", "b"):
        await post(db, key)
    await post(db, "z", "line:d")
    first, *_ = await mailbox.claim_parcels(db, limit=10, lease_seconds=30)
    await mailbox.undelivered(db, first.id, 0, "429")
    again = await mailbox.claim_parcels(db, limit=10, lease_seconds=30)
    assert [(parcel.body["k"], parcel.attempts) for parcel in again] == [("a", 2), ("b", 1)]


async def test_a_parcel_that_is_given_up_stays_to_be_seen(db: Database) -> None:
    for key in ("a", "b"):
        await post(db, key)
    (first,) = await mailbox.claim_parcels(db, limit=1, lease_seconds=30)
    await mailbox.undelivered(db, first.id, None, "archived")
    assert await take(db) == ["b"]
    async with db.read() as connection:
        row = (await connection.execute(select(outbox).where(outbox.c.id == first.id))).one()
    assert (row.status, row.reason) == ("failed", "archived")


async def test_only_the_channels_asked_for(db: Database) -> None:
    await post(db, "a", "slack:1")
    await post(db, "b", "line:1")
    assert await take(db, channels=("line",)) == ["b"]  # type: ignore[arg-type]


async def test_old_events_are_forgotten_and_new_ones_kept(db: Database) -> None:
    for event in ("old", "new", "waiting"):
        await accept(db, event, event)
    for _ in range(3):
        letter = await mailbox.next_letter(db, 30)
        assert letter is not None
        if letter.event_id != "waiting":
            await finish(db, letter)
    async with db.begin() as connection:
        old = clock(connection.dialect) - 8 * 86_400
        await connection.execute(update(inbox).where(inbox.c.event_id == "old").values(done_at=old))
    assert await mailbox.sweep(db) == 1
    assert not await accept(db, "new")
    assert await accept(db, "old")
