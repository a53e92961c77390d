"""Events that arrive together are kept together, each told whether it was new."""

import asyncio

import pytest
from sqlalchemy import event, select

from planner.errors import Unavailable
from store.database import Database
from store.intake import Intake
from store.tables import inbox

pytestmark = pytest.mark.anyio


async def accept(intake: Intake, event_id: str, conversation: str = "c") -> bool:
    body = {"n": event_id}
    return await intake.accept(conversation=conversation, event_id=event_id, body=body)


def commits(db: Database) -> list[None]:
    seen: list[None] = []
    event.listen(db.engine.sync_engine, "commit", lambda _: seen.append(None))
    return seen


async def kept(db: Database) -> list[str]:
    async with db.read() as connection:
        return list(await connection.scalars(select(inbox.c.event_id).order_by(inbox.c.id)))


async def test_many_events_are_kept_in_few_commits_and_in_order(db: Database) -> None:
    intake, seen = Intake(db), commits(db)
    ids = [f"e{number:03}" for number in range(500)]
    assert all(await asyncio.gather(*(accept(intake, each) for each in ids)))
    assert len(seen) < 10
    assert await kept(db) == ids


async def test_each_event_is_new_once_within_a_batch_and_after_it(db: Database) -> None:
    intake = Intake(db)
    first = await asyncio.gather(*(accept(intake, f"e{n % 10}") for n in range(50)))
    assert sum(first) == 10
    assert first[:10] == [True] * 10
    assert not any(await asyncio.gather(*(accept(intake, f"e{n}") for n in range(10))))


async def test_an_event_that_cannot_be_kept_is_refused_alone(db: Database) -> None:
    intake = Intake(db)
    unfit = intake.accept(conversation="c", event_id="unfit", body={"n": {1, 2}})
    told = await asyncio.gather(
        accept(intake, "a"), unfit, accept(intake, "b"), return_exceptions=True
    )
    assert (told[0], told[2]) == (True, True)
    assert isinstance(told[1], Exception)
    assert await kept(db) == ["a", "b"]


async def test_whoever_has_gone_keeps_nobody_waiting(db: Database) -> None:
    intake = Intake(db)
    gone, stays = (asyncio.create_task(accept(intake, each)) for each in ("gone", "stays"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays
    assert "gone" in await kept(db)


async def test_where_the_store_does_not_answer_everybody_is_told(tmp_path: object) -> None:
    db = Database("postgresql://nobody@127.0.0.1:9/none")
    intake = Intake(db)
    told = await asyncio.gather(*(accept(intake, each) for each in "abc"), return_exceptions=True)
    assert [type(each) for each in told] == [Unavailable] * 3
    assert len({id(each) for each in told}) == 3
    await db.close()
