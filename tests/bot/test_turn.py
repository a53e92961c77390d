"""One turn, and what is left of it when things go wrong around it."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy import select

from bot import journal
from bot.app import App, opened
from bot.letters import Message, write_letter
from bot.local import stop_redis
from bot.session import Session
from bot.settings import read_settings
from planner.chat import Said, Settled
from planner.state import Conversation
from store import mailbox
from store.tables import inbox

Work = Callable[[App], Awaitable[None]]


def run(home: Path, work: Work) -> None:
    async def all_of_it() -> None:
        async with opened(read_settings(home=home)) as app:
            await work(app)

    asyncio.run(all_of_it())


def test_a_turn_that_fails_is_apologised_for_and_the_next_one_works(home: Path) -> None:
    async def work(app: App) -> None:
        session = Session(app, "terminal:a")
        await session.open()
        body = {"kind": "of the future", "event": {}, "locale": "ja"}
        await mailbox.accept(app.db, conversation="terminal:a", event_id="odd", body=body)
        assert await app.turns.next("terminal:a")
        sorry = await journal.answer_to(app.db, "terminal:a", "odd")
        assert sorry is not None
        assert "申し訳ありません" in sorry.answer.replies[0].text  # type: ignore[union-attr]
        assert (await session.send(Said("women"))).status == "ready"

    run(home, work)


def test_the_same_event_twice_is_one_turn(home: Path) -> None:
    async def work(app: App) -> None:
        session = Session(app, "terminal:b")
        await session.open()
        body = write_letter(Message(Said("women")))
        for _ in range(2):
            await mailbox.accept(app.db, conversation="terminal:b", event_id="one", body=body)
            while await app.turns.next("terminal:b"):
                pass
        assert (await session.state()).version == 2

    run(home, work)


def test_a_letter_done_by_somebody_else_meanwhile_changes_nothing(home: Path) -> None:
    async def work(app: App) -> None:
        session = Session(app, "terminal:c")
        await session.open()
        body = write_letter(Message(Said("women")))
        await mailbox.accept(app.db, conversation="terminal:c", event_id="one", body=body)
        letter = await mailbox.next_letter(app.db, 30, conversation="terminal:c")
        assert letter is not None
        await app.turns.handle(letter)
        before = await session.state()
        await app.turns.handle(letter)
        assert await session.state() == before

    run(home, work)


def test_a_turn_committed_but_not_saved_in_redis_is_not_lost(home: Path) -> None:
    async def work(app: App) -> None:
        session = Session(app, "terminal:d")
        await session.open()
        await session.send(Said("women"))

    async def after(app: App) -> None:
        assert await app.conversations.load("terminal:d") == Conversation()
        session = Session(app, "terminal:d")
        answer = await session.open()
        assert (answer.status, session.resumed) == ("ready", True)
        answer = await session.send(Said("only those who can be reached by email"))
        assert answer.view is not None
        assert len(answer.view.conditions) == 2

    run(home, work)
    assert stop_redis(home)
    shutil.rmtree(home / "redis")
    run(home, after)


def test_news_told_twice_by_workers_reaches_the_person_once(home: Path) -> None:
    async def work(app: App) -> None:
        session = Session(app, "terminal:e")
        await session.open()
        body = write_letter(Message(Settled("s1", "VIP", "finished", 3)))
        for _ in range(2):
            await mailbox.accept(
                app.db, conversation="terminal:e", event_id="segment:s1:finished", body=body
            )
        assert await session.news(5) is not None
        await session.shown()
        assert await session.news(0) is None
        async with app.db.read() as connection:
            left = await connection.execute(select(inbox.c.id).where(inbox.c.done_at.is_(None)))
            assert left.all() == []

    run(home, work)


def test_what_was_not_shown_when_the_program_died_is_shown_next_time(home: Path) -> None:
    async def killed_before_showing(app: App) -> None:
        session = Session(app, "terminal:f")
        await session.open()
        await session.shown()
        await session.send(Said("loyal customers"))

    async def next_time(app: App) -> None:
        session = Session(app, "terminal:f")
        answer = await session.open()
        assert [type(reply).__name__ for reply in answer.replies] == ["Question"]
        await session.shown()
        assert await journal.undelivered(app.db, "terminal:f") == []

    run(home, killed_before_showing)
    run(home, next_time)
