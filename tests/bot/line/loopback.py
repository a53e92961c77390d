"""A Messaging API on loopback that is as strict as LINE, and can fail as LINE does."""

import asyncio
import secrets
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.bot.line.description import faults

Json = dict[str, Any]
REPLY, PUSH, LOADING = (
    "/v2/bot/message/reply",
    "/v2/bot/message/push",
    "/v2/bot/chat/loading/start",
)
_REQUESTS = {
    REPLY: "ReplyMessageRequest",
    PUSH: "PushMessageRequest",
    LOADING: "ShowLoadingAnimationRequest",
}


@dataclass
class Fault:
    """What goes wrong with the next calls of a path."""

    path: str
    status: int = 0
    """Of the answer; 0: the call is carried out, and the answer is lost."""
    delay: float = 0.0
    body: Json = field(default_factory=dict)
    times: int = 1


@dataclass
class Line:
    """What LINE knows, and what every person sees."""

    bots: dict[str, str] = field(default_factory=dict)
    """Bot user ids by access token."""
    limit: int | None = None
    used: int = 0
    token_seconds: float = 60.0
    url: str = ""
    screens: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    ways: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """How each call of a person's messages came: "reply" or "push"."""
    calls: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    """Requests that LINE would never take."""
    faults: list[Fault] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)

    def reply_token(self, place: str) -> str:
        """A token as a webhook carries it."""
        token = secrets.token_hex(16)
        self._tokens[token] = (place, time.monotonic())
        return token

    def expire(self) -> None:
        """All tokens given out so far are too old."""
        self._tokens.clear()

    def fail(self, path: str, status: int = 0, **more: Any) -> None:
        """Let the next calls of a path fail."""
        self.faults.append(Fault(path, status, **more))

    def show(self, place: str, way: str, messages: list[Json]) -> None:
        self.screens[place] += messages
        self.ways[place].append(way)
        self.changed.set()

    # ── the calls ────────────────────────────────────────────────────────────────────────────────

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        self.calls[path.rpartition("/U")[0] or path] += 1
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.bots:
            return _error(401, "Authentication failed.")
        fault = next((f for f in self.faults if f.path == path), None)
        if fault is not None:
            fault.times -= 1
            if not fault.times:
                self.faults.remove(fault)
            await asyncio.sleep(fault.delay)
            if fault.status:
                return web.json_response(fault.body, status=fault.status)
        done = await self._carried_out(request, path, token)
        if fault is not None and not fault.status and not fault.delay:
            assert request.transport is not None
            request.transport.close()
        return done

    async def _carried_out(self, request: web.Request, path: str, token: str) -> web.Response:
        if path == "/v2/bot/info":
            info = {"basicId": "@1", "displayName": "Brand", "chatMode": "bot"}
            told = info | {"userId": self.bots[token], "markAsReadMode": "auto"}
            return web.json_response(told)
        if path == "/v2/bot/message/quota":
            none = {"type": "none"}
            limited = {"type": "limited", "value": self.limit}
            return web.json_response(none if self.limit is None else limited)
        if path == "/v2/bot/message/quota/consumption":
            return web.json_response({"totalUsage": self.used})
        if path.startswith("/v2/bot/profile/"):
            user = path.rpartition("/")[2]
            told = {"displayName": f"Name of {user}", "userId": user, "language": "zh-TW"}
            return web.json_response(told)
        return self._checked(path, await request.json(), request.headers.get("X-Line-Retry-Key"))

    def _checked(self, path: str, body: Json, key: str | None) -> web.Response:
        if found := faults(_REQUESTS[path], body):
            self.wrong += found
            return _error(400, "The request body has errors")
        if path == LOADING:
            return web.json_response({}, status=202)
        return self._reply(body) if path == REPLY else self._push(body, key)

    def _reply(self, body: Json) -> web.Response:
        place, born = self._tokens.pop(body["replyToken"], ("", 0.0))
        if not place or time.monotonic() - born > self.token_seconds:
            return _error(400, "Invalid reply token")
        self.show(place, "reply", body["messages"])
        return web.json_response({"sentMessages": [{"id": "1", "quoteToken": "q"}]})

    def _push(self, body: Json, key: str | None) -> web.Response:
        if key is not None and key in self._keys:
            taken = {"x-line-accepted-request-id": self._keys[key]}
            told = {"message": "The retry key is already accepted"}
            return web.json_response(told, status=409, headers=taken)
        if self.limit is not None and self.used >= self.limit:
            return _error(429, "You have reached your monthly limit.")
        self.used += 1
        if key is not None:
            self._keys[key] = secrets.token_hex(8)
        self.show(body["to"], "push", body["messages"])
        return web.json_response({"sentMessages": [{"id": "1", "quoteToken": "q"}]})


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"message": message}, status=status)


@asynccontextmanager
async def running(make: Callable[[], Line] = Line) -> AsyncIterator[Line]:
    """A loopback LINE that can be called."""
    line = make()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", line.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    line.url = f"http://{host}:{port}"
    try:
        yield line
    finally:
        await runner.cleanup()
