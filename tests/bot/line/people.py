"""People who chat with an official account: webhooks as LINE signs them, screens as they look."""

import asyncio
import itertools
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import func, select

from adapters.line.webhook import PATH, signature
from adapters.web import make_web
from bot.app import App, opened
from bot.channels import connected, sender
from bot.deliver import Deliverer
from bot.downloads import routes
from bot.serve import run_turns
from bot.settings import read_settings
from store import operators
from store.tables import inbox, outbox
from tests.bot.line.description import nodes
from tests.bot.line.loopback import Line

Json = dict[str, Any]
BOT = "Ub0t"
SECRET = "the-channel-secret"
TOKEN = "the-access-token"
_NUMBERS = itertools.count(1)


@dataclass
class House:
    """A running Divisi with a LINE account, and the LINE that it talks to."""

    app: App
    line: Line
    web: httpx.AsyncClient
    secret: str = SECRET
    bot: str = BOT

    async def post(self, *events: Json, secret: str = "", bot: str = "") -> httpx.Response:
        """A webhook with events."""
        body = json.dumps({"destination": bot or self.bot, "events": list(events)}).encode()
        signed = signature(secret or self.secret, body).decode()
        return await self.web.post(PATH, content=body, headers={"x-line-signature": signed})

    def event(self, user: str, **more: Any) -> Json:
        """An event as LINE writes it."""
        return {
            "mode": "active",
            "timestamp": int(time.time() * 1_000),
            "source": {"type": "user", "userId": user},
            "webhookEventId": f"01{secrets.token_hex(12).upper()}",
            "deliveryContext": {"isRedelivery": False},
            "replyToken": self.line.reply_token(user),
        } | more

    def text(self, user: str, text: str, **more: Any) -> Json:
        message = {"id": str(next(_NUMBERS)), "type": "text", "text": text, "quoteToken": "q"}
        return self.event(user, type="message", message=message) | more

    def postback(self, user: str, data: str, **params: str) -> Json:
        told: Json = {"data": data} | ({"params": params} if params else {})
        return self.event(user, type="postback", postback=told)

    async def operator(self, user: str, role: str = "creator") -> "Person":
        """Somebody who was paired before."""
        async with self.app.db.begin() as connection:
            await operators.put(
                connection, f"line:{user}", name=user, role=role, added_by="terminal"
            )
        return Person(self, user)

    async def rows(self) -> tuple[int, int]:
        """How many rows the inbox and the outbox have."""
        async with self.app.db.read() as connection:
            return tuple(
                [  # type: ignore[return-value]
                    (await connection.execute(select(func.count()).select_from(table))).scalar()
                    or 0
                    for table in (inbox, outbox)
                ]
            )


@dataclass
class Person:
    """Somebody with LINE on their phone."""

    house: House
    user: str
    seen: int = 0
    shown: list[Json] = field(default_factory=list)
    """The messages of the newest answer."""

    async def says(self, text: str) -> list[Json]:
        """Type something and wait for what comes back."""
        return await self.does(self.house.text(self.user, text))

    async def does(self, event: Json) -> list[Json]:
        response = await self.house.post(event)
        assert response.status_code == 200
        return await self.sees()

    async def sees(self, seconds: float = 15) -> list[Json]:
        """The messages that come next."""
        screen = self.house.line.screens[self.user]
        async with asyncio.timeout(seconds):
            while len(screen) <= self.seen:
                self.house.line.changed.clear()
                await self.house.line.changed.wait()
        self.shown, self.seen = screen[self.seen :], len(screen)
        assert self.house.line.wrong == []
        return self.shown

    async def taps(self, words: str, **params: str) -> list[Json]:
        """Tap the button, row or quick reply with these words."""
        return await self.does(self.house.postback(self.user, self.button(words)["data"], **params))

    async def opens(self, words: str, nth: int = 0) -> str:
        """Tap what opens the keyboard; what is then in it."""
        action = self.buttons(words)[nth]
        response = await self.house.post(self.house.postback(self.user, action["data"]))
        assert response.status_code == 200
        return str(action["fillInText"])

    def button(self, words: str) -> Json:
        found = self.buttons(words)
        assert found, f"no button {words!r} in {self.words()}"
        return found[0]

    def buttons(self, words: str) -> list[Json]:
        """The actions of what can be tapped and has these words."""
        return [
            node["action"]
            for node in nodes(self.shown)
            if "action" in node and words.casefold() in _words_of(node).casefold()
        ]

    def words(self) -> str:
        """All that is written in the newest answer."""
        texts = (node.get("text") for node in nodes(self.shown) if node.get("type") == "text")
        return "\n".join(str(text) for text in texts)


async def until(happened: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something that tells nobody when it happens."""
    async with asyncio.timeout(seconds):
        while not happened():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def _words_of(node: Json) -> str:
    action = node["action"]
    texts = [str(each["text"]) for each in nodes(node) if each.get("type") == "text"]
    return " ".join([str(action.get("label", "")), *texts])


@asynccontextmanager
async def house(line: Line) -> AsyncIterator[House]:
    """Divisi with what the environment says, its web server included, without a port."""
    line.bots[TOKEN] = BOT
    stop, came = asyncio.Event(), asyncio.Event()
    async with opened(read_settings()) as app, connected(app, came.set, ["line"]) as found:
        channel = found["line"]

        async def ready() -> Json:
            return {}

        async def figures() -> bytes:
            return b""

        web = make_web(ready, figures, [*channel.routes(), *routes(app)])
        deliverer = Deliverer(app.db, {"line": sender(channel)}, poll_seconds=0.05)
        work = asyncio.gather(
            run_turns(app, stop, came, deliverer.wake), deliverer.run(stop), app.worker.run(stop)
        )
        transport = httpx.ASGITransport(app=web)
        async with httpx.AsyncClient(transport=transport, base_url="http://divisi") as client:
            try:
                yield House(app, line, client)
            finally:
                stop.set()
                came.set()
                await work
