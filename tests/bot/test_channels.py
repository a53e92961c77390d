"""A messenger's event goes in once and its answer comes out, with what the event carried."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic_settings import BaseSettings

from adapters import channel as channels
from adapters.channel import Delivery, Desk, Incoming
from bot import channels as connecting
from bot.app import App, opened
from bot.channels import connected, sender
from bot.deliver import Deliverer
from bot.serve import run_turns
from bot.settings import read_settings
from planner.chat import Began, Said, Welcome
from store import operators


class Paper(BaseSettings):
    enabled: bool = True


class PaperChannel:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.shown: list[Delivery] = []
        self.changed = asyncio.Event()

    def routes(self) -> Sequence[object]:
        return ()

    async def send(self, delivery: Delivery) -> None:
        self.shown.append(delivery)
        self.changed.set()

    async def listen(self, stop: asyncio.Event) -> None:
        return


@asynccontextmanager
async def connect(_: Paper, desk: Desk) -> AsyncIterator[channels.Channel]:
    yield PaperChannel(desk)


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> None:
    module = SimpleNamespace(Settings=Paper, connect=connect)
    monkeypatch.setattr(connecting, "CHANNELS", {"paper": "paper_channel"})
    monkeypatch.setitem(sys.modules, "paper_channel", module)


async def until(app: App, channel: PaperChannel, count: int) -> None:
    stop, came = asyncio.Event(), asyncio.Event()
    deliverer = Deliverer(app.db, {"paper": sender(channel)}, poll_seconds=0.05)
    work = asyncio.gather(run_turns(app, stop, came, deliverer.wake), deliverer.run(stop))
    async with asyncio.timeout(20):
        while len(channel.shown) < count:
            await channel.changed.wait()
            channel.changed.clear()
    stop.set()
    await work


def test_an_event_is_answered_once_with_what_it_carried(home: Path, paper: None) -> None:
    async def talk() -> None:
        async with (
            opened(read_settings(home)) as app,
            connected(app, lambda: None, ["paper"]) as found,
        ):
            channel = found["paper"]
            assert isinstance(channel, PaperChannel)
            async with app.db.begin() as connection:
                await operators.put(
                    connection, "paper:ann", name="", role="viewer", added_by="terminal"
                )
            began = Incoming("paper:1", "e1", Began(), "paper:ann", "ja", echo={"token": "t1"})
            assert await channel.desk.accept(began)
            assert not await channel.desk.accept(began)
            text = Said("women in Taipei")
            granted = Incoming("paper:2", "e2", text, "paper:bob", granted="creator")
            await channel.desk.accept(granted)
            await channel.desk.accept(Incoming("paper:3", "e3", text, "paper:eve"))
            await until(app, channel, 3)

            by_conversation = {each.conversation: each for each in channel.shown}
            one = by_conversation["paper:1"]
            assert (one.who, one.echo, one.news) == ("paper:ann", {"token": "t1"}, False)
            (welcome,) = one.answer.replies
            assert isinstance(welcome, Welcome)
            assert len(welcome.prompts) == 4
            assert one.answer.language == "ja"
            assert by_conversation["paper:2"].answer.view is not None
            assert by_conversation["paper:3"].answer.view is None
            assert await channel.desk.role("paper:ann") == "viewer"
            assert await channel.desk.role("paper:eve") is None
            await channel.desk.note("paper:1", "plan", {"ts": "1.2"})
            assert await channel.desk.recall("paper:1", "plan") == {"ts": "1.2"}
            assert await channel.desk.recall("paper:2", "plan") is None

    asyncio.run(talk())
