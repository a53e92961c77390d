"""A server that speaks chat completions over HTTP and answers as a test has written."""

import asyncio
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Json = dict[str, Any]
Script = Callable[[Json], "Said"]
"""What is answered to a request."""


@dataclass(frozen=True)
class Said:
    """One HTTP response."""

    body: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    """How long it takes."""
    kind: str = "application/json"


def completion(text: str | None, **message: Any) -> Said:
    """A chat completion with a text."""
    finish = message.pop("finish_reason", "stop")
    usage = message.pop(
        "usage", {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    )
    return Said(
        json.dumps(
            {
                "id": "x", "object": "chat.completion", "created": 1, "model": "scripted",
                "choices": [{
                    "index": 0, "finish_reason": finish,
                    "message": {"role": "assistant", "content": text, **message},
                }],
                "usage": usage,
            }
        )
    )  # fmt: skip


def commands(*said: Json, ignored: Sequence[str] = ()) -> str:
    """An answer in the shape that is asked for."""
    return json.dumps({"commands": said, "ignored": ignored}, ensure_ascii=False)


def error(status: int, message: str, headers: dict[str, str] | None = None, **fault: Any) -> Said:
    """An error as such servers word it."""
    return Said(json.dumps({"error": {"message": message, **fault}}), status, headers or {})


class ScriptedModel:
    """The server; each request takes the next answer of the script, the last one stays."""

    def __init__(self) -> None:
        self.script: list[Said | Script] = []
        self.requests: list[Json] = []
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "ScriptedModel":
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"

    async def _stop(self) -> None:
        await self._runner.cleanup()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:  # an answer that nobody waits for any more
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        self.requests.append(asked)
        said = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        said = said if isinstance(said, Said) else said(asked)
        await asyncio.sleep(said.seconds)
        return web.Response(
            text=said.body, status=said.status, headers=said.headers, content_type=said.kind
        )

    def heard(self) -> str:
        """All that was ever sent to it."""
        return json.dumps(self.requests, ensure_ascii=False)
