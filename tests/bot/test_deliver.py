"""The way out of the outbox: once where the channel takes it, again where it does not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.deliver import MOST_ATTEMPTS, Deliverer
from planner.errors import Refused, Unavailable
from store import audit, mailbox
from store.database import Database
from store.mailbox import Parcel
from store.tables import clock, outbox


class Messenger:
    """A channel that can be out of order."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.trouble: Callable[[Parcel], Exception | None] = lambda _: None

    async def send(self, parcel: Parcel) -> None:
        if (error := self.trouble(parcel)) is not None:
            raise error
        self.got.append(str(parcel.body["text"]))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgresql"])
async def db(
    request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str
) -> AsyncIterator[Database]:
    url = (
        f"sqlite:///{tmp_path / 'divisi.sqlite'}"
        if request.param == "sqlite"
        else str(request.getfixturevalue("postgres_url"))
    )
    database = Database(url)
    await database.start()
    yield database
    await database.close()


async def post(db: Database, conversation: str, text: str) -> None:
    async with db.begin() as connection:
        await mailbox.post(
            connection, conversation=conversation, kind="news", body={"text": text},
            key=f"{conversation}/{text}",
        )  # fmt: skip


async def let_time_pass(db: Database) -> None:
    """What waits for another attempt may be tried now."""
    async with db.begin() as connection:
        await connection.execute(update(outbox).values(not_before=None))


async def statuses(db: Database) -> list[tuple[str, str]]:
    async with db.read() as connection:
        rows = await connection.execute(select(outbox.c.body, outbox.c.status).order_by("seq"))
        return [(row.body["text"], row.status) for row in rows]


@pytest.mark.anyio
async def test_each_parcel_is_sent_once_and_in_order(db: Database) -> None:
    slack, line = Messenger(), Messenger()
    for number in range(3):
        await post(db, "slack:c", f"s{number}")
        await post(db, "line:u", f"l{number}")
    await post(db, "terminal:t", "not for a messenger")
    deliverer = Deliverer(db, {"slack": slack.send, "line": line.send})
    while await deliverer.next():
        pass
    assert (slack.got, line.got) == (["s0", "s1", "s2"], ["l0", "l1", "l2"])
    assert ("not for a messenger", "waiting") in await statuses(db)


@pytest.mark.anyio
async def test_two_deliverers_send_nothing_twice(db: Database) -> None:
    slack = Messenger()
    for number in range(30):
        await post(db, f"slack:c{number % 5}", f"s{number}")
    both = [Deliverer(db, {"slack": slack.send}) for _ in range(2)]
    for _ in range(10):
        await asyncio.gather(*(each.next() for each in both))
    assert sorted(slack.got) == sorted(f"s{number}" for number in range(30))
    for place in range(5):
        own = [text for text in slack.got if int(text[1:]) % 5 == place]
        assert own == sorted(own, key=lambda text: int(text[1:]))


@pytest.mark.anyio
async def test_an_outage_is_waited_out_and_holds_up_nobody_else(db: Database) -> None:
    slack = Messenger()
    slack.trouble = lambda p: Unavailable("down") if p.conversation == "slack:down" else None
    await post(db, "slack:down", "first")
    await post(db, "slack:down", "second")
    await post(db, "slack:up", "other")
    deliverer = Deliverer(db, {"slack": slack.send})
    await deliverer.next()
    assert slack.got == ["other"]
    await deliverer.next()  # too early: the backoff is not over
    assert slack.got == ["other"]
    slack.trouble = lambda _: None
    await let_time_pass(db)
    while await deliverer.next():
        pass
    assert slack.got == ["other", "first", "second"]


@pytest.mark.anyio
async def test_what_can_never_be_sent_is_given_up_visibly(db: Database) -> None:
    slack = Messenger()
    slack.trouble = lambda p: Refused("channel") if p.body["text"] == "bad" else None
    await post(db, "slack:c", "bad")
    await post(db, "slack:c", "good")
    deliverer = Deliverer(db, {"slack": slack.send})
    for _ in range(3):
        await deliverer.next()
    assert slack.got == ["good"]
    assert ("bad", "failed") in await statuses(db)
    acts = [entry.act for entry in await audit.entries(db)]
    assert acts == ["delivery.give_up"]


@pytest.mark.anyio
async def test_an_endless_outage_ends_after_so_many_attempts(db: Database) -> None:
    slack = Messenger()
    slack.trouble = lambda _: Unavailable("down")
    await post(db, "slack:c", "lost")
    deliverer = Deliverer(db, {"slack": slack.send})
    for _ in range(MOST_ATTEMPTS):
        await deliverer.next()
        await let_time_pass(db)
    assert await statuses(db) == [("lost", "failed")]
    assert [entry.act for entry in await audit.entries(db)] == ["delivery.give_up"]


class Slow(Messenger):
    """A channel that takes as long as a test lets it, for one conversation."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()

    async def send(self, parcel: Parcel) -> None:
        if parcel.conversation == "slack:slow":
            await self.go_on.wait()
        await super().send(parcel)


@pytest.mark.anyio
async def test_a_slow_conversation_holds_nobody_up(db: Database) -> None:
    slack, stop = Slow(), asyncio.Event()
    for text in ("s1", "s2"):
        await post(db, "slack:slow", text)
    deliverer = Deliverer(db, {"slack": slack.send}, poll_seconds=0.01)
    running = asyncio.create_task(deliverer.run(stop))
    async with asyncio.timeout(10):
        for number in range(30):
            await post(db, f"slack:{number}", f"q{number}")
            deliverer.wake()
        while len(slack.got) < 30:  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.01)
    slack.go_on.set()
    stop.set()
    await running
    assert slack.got[:30] == [f"q{number}" for number in range(30)]
    assert slack.got[30:] == ["s1", "s2"]


@pytest.mark.anyio
async def test_a_messenger_is_left_alone_for_as_long_as_it_asks(db: Database) -> None:
    slack = Messenger()
    slack.trouble = lambda _: Unavailable("ratelimited", retry_after=77)
    await post(db, "slack:c", "later")
    await Deliverer(db, {"slack": slack.send}).next()
    async with db.read() as connection:
        now = await connection.scalar(select(clock(connection.dialect)))
        later = await connection.scalar(select(outbox.c.not_before))
    assert 70 < later - now < 78
