"""A small Slack on loopback: Web API, Socket Mode, signed requests, files, and its bad days.

It runs in a thread of its own, so that tests can be plain functions. What Slack refuses it refuses
as well: triggers that are spent, threads that aren't there, blocks that break a limit.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
import threading
import time
import urllib.parse
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.adapters.slack.limits import complaints

Json = dict[str, Any]
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BOT = "U0BOT"


@dataclass
class Fault:
    """What goes wrong with one call of a method."""

    error: str = ""
    status: int = 200
    retry_after: int = 0
    lost: bool = False
    """It is done, and the answer never arrives."""
    when: Callable[[Json], bool] = lambda _: True


@dataclass
class Workspace:
    team: str
    token: str
    locales: dict[str, str] = field(default_factory=dict)
    channels: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    archived: set[str] = field(default_factory=set)


class FakeSlack:
    """The server, and what it has been told."""

    def __init__(self) -> None:
        self.workspaces = {"xoxb-1": Workspace("T1", "xoxb-1")}
        self.messages: dict[str, list[Json]] = {}
        self.deleted: list[str] = []
        self.ephemeral: list[Json] = []
        self.homes: dict[str, Json] = {}
        self.views: dict[str, Json] = {}
        self.files: list[Json] = []
        self.uploads: dict[str, bytes] = {}
        self.calls: list[tuple[str, Json]] = []
        self.faults: dict[str, list[Fault]] = {}
        self.charts = True
        self.heard: dict[str, float] = {}
        """When each person said something last."""
        self.app_url = ""
        self.sockets: list[web.WebSocketResponse] = []
        self.acknowledged: dict[str, Json] = {}
        self.changed = threading.Condition()
        self._triggers: dict[str, bool] = {}
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Event] = {}
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    # ── life ─────────────────────────────────────────────────────────────────────────────────────

    def start(self) -> "FakeSlack":
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def stop(self) -> None:
        self.do(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _stop(self) -> None:
        for socket in list(self.sockets):
            await socket.close()
        await self._runner.cleanup()
        await self._session.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._begin())
        self._ready.set()
        self._loop.run_forever()

    async def _begin(self) -> None:
        app = web.Application(client_max_size=1 << 26)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self._session = aiohttp.ClientSession()

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    def do(self, work: Awaitable[Any], seconds: float = 20) -> Any:
        async def whole() -> Any:
            return await asyncio.wait_for(work, seconds)

        return asyncio.run_coroutine_threadsafe(whole(), self._loop).result(seconds + 5)

    def until(self, found: Callable[[], Any], seconds: float = 20) -> Any:
        """Wait until something is so, and say what."""
        with self.changed:
            held: Any = None

            def look() -> bool:
                nonlocal held
                held = found()
                return bool(held)

            assert self.changed.wait_for(look, seconds), "it did not come"
            return held

    def new_ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06}"

    def trigger(self) -> str:
        trigger = f"trigger.{next(self._numbers)}"
        self._triggers[trigger] = True
        return trigger

    def expire_triggers(self) -> None:
        self._triggers = dict.fromkeys(self._triggers, False)

    def fault(self, method: str, *faults: Fault) -> None:
        self.faults.setdefault(method, []).extend(faults)

    # ── the web api ──────────────────────────────────────────────────────────────────────────────

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method, given = request.match_info["method"], await _arguments(request)
        with self.changed:
            self.calls.append((method, given))
            fault = self._fault(method, given)
            answered = self._answer(method, request, given, fault)
            self.changed.notify_all()
        if fault is not None and fault.lost:
            assert request.transport is not None
            request.transport.close()
        if fault is not None and fault.status != 200:
            headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
            return web.json_response(answered, status=fault.status, headers=headers)
        return web.json_response(answered)

    def _fault(self, method: str, given: Json) -> Fault | None:
        for fault in self.faults.get(method, []):
            if fault.when(given):
                self.faults[method].remove(fault)
                return fault
        return None

    def _answer(self, method: str, request: web.Request, given: Json, fault: Fault | None) -> Json:
        if fault is not None and (fault.error or fault.status != 200) and not fault.lost:
            return {"ok": False, "error": fault.error or "internal_error"}
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if method in ("apps.connections.open", "oauth.v2.access"):
            return getattr(self, f"_{method.replace('.', '_')}")(token, given)  # type: ignore[no-any-return]
        workspace = self.workspaces.get(token)
        if workspace is None:
            return {"ok": False, "error": "invalid_auth"}
        known = getattr(self, f"_{method.replace('.', '_')}", None)
        if known is None:
            return {"ok": False, "error": "unknown_method"}
        return {"ok": True} | known(workspace, given)

    def _apps_connections_open(self, token: str, _: Json) -> Json:
        if token != "xapp-1":
            return {"ok": False, "error": "invalid_auth"}
        return {"ok": True, "url": f"ws://127.0.0.1:{self.port}/socket"}

    def _oauth_v2_access(self, _: str, given: Json) -> Json:
        if given.get("code") != "good":
            return {"ok": False, "error": "invalid_code"}
        self.workspaces["xoxb-oauth-secret"] = Workspace("T2", "xoxb-oauth-secret")
        return {
            "ok": True, "app_id": "A1", "access_token": "xoxb-oauth-secret", "token_type": "bot",
            "scope": "chat:write", "bot_user_id": BOT, "team": {"id": "T2", "name": "Two"},
            "enterprise": None, "authed_user": {"id": "U7"}, "is_enterprise_install": False,
        }  # fmt: skip

    def _auth_test(self, workspace: Workspace, _: Json) -> Json:
        return {"team_id": workspace.team, "user_id": BOT, "bot_id": "B1", "url": "https://x.test/"}

    def _users_info(self, workspace: Workspace, given: Json) -> Json:
        locale = workspace.locales.get(given["user"], "en-US")
        return {"user": {"id": given["user"], "locale": locale}}

    def _usergroups_users_list(self, workspace: Workspace, given: Json) -> Json:
        if given["usergroup"] not in workspace.groups:
            return {"ok": False, "error": "no_such_subteam"}
        return {"users": workspace.groups[given["usergroup"]]}

    def _conversations_members(self, workspace: Workspace, given: Json) -> Json:
        if given["channel"] not in workspace.channels:
            return {"ok": False, "error": "channel_not_found"}
        members, start = workspace.channels[given["channel"]], int(given.get("cursor") or 0)
        page = members[start : start + 2]
        more = str(start + 2) if start + 2 < len(members) else ""
        return {"members": page, "response_metadata": {"next_cursor": more}}

    def _conversations_open(self, _: Workspace, given: Json) -> Json:
        return {"channel": {"id": f"D{given['users'][1:]}"}}

    def _conversations_history(self, _: Workspace, given: Json) -> Json:
        return {"messages": list(reversed(self.messages.get(given["channel"], [])))}

    def _conversations_replies(self, _: Workspace, given: Json) -> Json:
        shown = self.messages.get(given["channel"], [])
        return {"messages": [m for m in shown if given["ts"] in (m["ts"], m.get("thread_ts"))]}

    def _chat_postMessage(self, workspace: Workspace, given: Json) -> Json:  # noqa: N802
        if given["channel"] in workspace.archived:
            return {"ok": False, "error": "is_archived"}
        if error := self._refused(given, "message"):
            return error
        made = {**given, "ts": self.new_ts(), "user": BOT, "team": workspace.team}
        made.setdefault("blocks", [])
        self.messages.setdefault(given["channel"], []).append(made)
        return {"ts": made["ts"], "channel": given["channel"], "message": made}

    def _chat_update(self, workspace: Workspace, given: Json) -> Json:
        if given["channel"] in workspace.archived:
            return {"ok": False, "error": "is_archived"}
        shown = next((m for m in self.messages.get(given["channel"], [])
            if m["ts"] == given["ts"] and m["ts"] not in self.deleted), None)  # fmt: skip
        if shown is None:
            return {"ok": False, "error": "message_not_found"}
        if len(given.get("text", "")) > 4_000:
            return {"ok": False, "error": "msg_too_long"}
        if error := self._refused(given, "message"):
            return error
        shown |= {"text": given["text"], "blocks": given.get("blocks", []), "edited": True}
        return {"ts": given["ts"], "channel": given["channel"]}

    def _chat_postEphemeral(self, _: Workspace, given: Json) -> Json:  # noqa: N802
        self.ephemeral.append(given)
        return {"message_ts": self.new_ts()}

    def _views_open(self, _: Workspace, given: Json) -> Json:
        if not self._triggers.get(given["trigger_id"], False):
            return {"ok": False, "error": "expired_trigger_id"}
        self._triggers[given["trigger_id"]] = False
        if error := self._refused(given["view"], "modal"):
            return error
        view = {**given["view"], "id": f"V{next(self._numbers)}", "hash": self.new_ts()}
        self.views[view["id"]] = view
        return {"view": view}

    def _views_update(self, _: Workspace, given: Json) -> Json:
        if given["view_id"] not in self.views:
            return {"ok": False, "error": "not_found"}
        if error := self._refused(given["view"], "modal"):
            return error
        self.show_view(given["view_id"], given["view"])
        return {"view": self.views[given["view_id"]]}

    def show_view(self, view_id: str, view: Json) -> None:
        self.views[view_id] = {**view, "id": view_id, "hash": self.new_ts()}

    def _views_publish(self, _: Workspace, given: Json) -> Json:
        if error := self._refused(given["view"], "home"):
            return error
        self.homes[given["user_id"]] = given["view"]
        return {"view": given["view"]}

    def _assistant_threads_setSuggestedPrompts(self, _: Workspace, given: Json) -> Json:  # noqa: N802
        return {"ok": False, "error": "no"} if "thread_ts" in given else {}

    def _agents_sessions_setStatus(self, _: Workspace, __: Json) -> Json:  # noqa: N802
        return {}

    def _files_getUploadURLExternal(self, _: Workspace, given: Json) -> Json:  # noqa: N802
        file = f"F{next(self._numbers)}"
        self.uploads[file] = b""
        return {"file_id": file, "upload_url": f"http://127.0.0.1:{self.port}/upload/{file}"}

    def _files_completeUploadExternal(self, _: Workspace, given: Json) -> Json:  # noqa: N802
        files = given["files"]
        files = json.loads(files) if isinstance(files, str) else files
        for file in files:
            self.files.append({**given, **file, "content": self.uploads[file["id"]]})
        return {"files": files}

    async def _upload(self, request: web.Request) -> web.Response:
        self.uploads[request.match_info["file"]] = await request.read()
        return web.Response(text="OK")

    def _refused(self, given: Json, surface: str) -> Json | None:
        blocks = given.get("blocks") or []
        if isinstance(blocks, str):
            blocks = given["blocks"] = json.loads(blocks)
        known = self.charts or all(b["type"] != "data_visualization" for b in blocks)
        wrong = complaints(blocks, surface) if known else ["a chart"]
        return {"ok": False, "error": "invalid_blocks", "why": wrong} if wrong else None

    # ── events ───────────────────────────────────────────────────────────────────────────────────

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=10)
        await socket.prepare(request)
        with self.changed:
            self.sockets.append(socket)
            self.changed.notify_all()
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets)})
        try:
            async for each in socket:
                if each.type is aiohttp.WSMsgType.TEXT:
                    self._acknowledge(json.loads(each.data))
        finally:
            self.sockets.remove(socket)
        return socket

    def _acknowledge(self, told: Json) -> None:
        with self.changed:
            self.acknowledged[told["envelope_id"]] = told.get("payload") or {}
            self.changed.notify_all()
        if told["envelope_id"] in self._waiting:
            self._waiting[told["envelope_id"]].set()

    def deliver(self, kind: str, payload: Json, *, retry: int = 0) -> Json:
        """Send something to the app, and say what it answered; kind as in Socket Mode."""
        work = self.over_http if self.app_url else self.over_socket
        return dict(self.do(work(kind, payload, retry)))

    async def over_socket(self, kind: str, payload: Json, retry: int = 0) -> Json:
        envelope = f"e{next(self._numbers)}"
        self._waiting[envelope] = asyncio.Event()
        told: Json = {"type": kind, "envelope_id": envelope, "payload": payload,
            "accepts_response_payload": kind != "events_api"}  # fmt: skip
        if retry:
            told |= {"retry_attempt": retry, "retry_reason": "timeout"}
        await self.sockets[next(self._numbers) % len(self.sockets)].send_json(told)
        await asyncio.wait_for(self._waiting[envelope].wait(), 10)
        return self.acknowledged[envelope]

    async def over_http(self, kind: str, payload: Json, retry: int = 0) -> Json:
        body, content = _encoded(kind, payload)
        headers = signed(body) | {"Content-Type": content}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        async with self._session.post(self.app_url, data=body, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == 200, (answer.status, text)
            return (
                dict(json.loads(text)) if text.startswith("{") else {"text": text} if text else {}
            )


def signed(body: bytes, moment: float | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers by which a request is known to come from Slack."""
    stamp = str(int(time.time() if moment is None else moment))
    base = f"v0:{stamp}:".encode() + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return dict(await request.json())
    given: Json = dict(request.query) | dict(await request.post())
    for name in ("blocks", "metadata", "view", "prompts"):
        if isinstance(given.get(name), str) and given[name][:1] in ("[", "{"):
            given[name] = json.loads(given[name])
    return given


@contextmanager
def fake_slack() -> Iterator[FakeSlack]:
    """A Slack that is stopped at the end."""
    slack = FakeSlack().start()
    try:
        yield slack
    finally:
        slack.stop()
