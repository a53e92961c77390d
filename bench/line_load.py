"""Webhooks of a LINE account at a steady rate: how soon they are answered, what is lost or doubled.

    python -m bench.line_load --rate 300 --seconds 60

`divisi serve` runs as a process of its own; this process sends the webhooks and is the Messaging
API. Most events are customers', who must not be answered; the others are operators', who each must
get one answer to each event. A tenth of all is sent twice. Time counts from when a webhook was due,
so that a server that falls behind is not spared.
"""

import argparse
import asyncio
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from adapters.line.webhook import PATH, signature
from bot.local import stop_redis
from bot.sample import write_sample
from store import operators
from store.audience.load import import_folder
from store.database import Database
from tests.bot.conftest import AS_OF

SECRET, TOKEN, BOT = "bench-secret", "bench-token", "Ubench"
TEXTS = ("women in Taipei", "total spending over 1,000", "start over", "VIP", "my segments", "undo")
PATIENCE_SECONDS = 180.0
Json = dict[str, Any]


@dataclass
class Load:
    rate: int
    seconds: int
    share: float
    """Of the events that are operators'."""
    people: int = 40
    took: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    tokens: dict[str, str] = field(default_factory=dict)
    twice: int = 0

    def event(self, user: str = "", text: str = "") -> Json:
        is_operator = bool(user) or random.random() < self.share
        place = random.randrange(self.people if is_operator else 99_999)
        user = user or f"{'Uop' if is_operator else 'Ucust'}{place}"
        token = secrets.token_hex(16)
        self.tokens[token] = user
        if is_operator:
            self.sent[user] += 1
        return {
            "type": "message", "mode": "active", "timestamp": int(time.time() * 1_000),
            "source": {"type": "user", "userId": user}, "replyToken": token,
            "webhookEventId": f"01{secrets.token_hex(12).upper()}",
            "deliveryContext": {"isRedelivery": False},
            "message": {"type": "text", "id": "1", "text": text or random.choice(TEXTS)},
        }  # fmt: skip

    async def answer(self, request: web.Request) -> web.Response:
        """The Messaging API."""
        body = await request.json() if request.can_read_body else {}
        if request.path.endswith("/reply"):
            user = self.tokens.pop(body["replyToken"], "")
            if not user:
                return web.json_response({"message": "Invalid reply token"}, status=400)
            self.answered[user] += 1
        elif request.path.endswith("/push"):
            self.answered[body["to"]] += 1
        elif request.path.endswith("/info"):
            return web.json_response({"userId": BOT, "basicId": "@b", "displayName": "B",
                                      "chatMode": "bot", "markAsReadMode": "auto"})  # fmt: skip
        elif request.path.endswith("/quota"):
            return web.json_response({"type": "none"})
        return web.json_response({"sentMessages": [{"id": "1"}]})

    async def post(self, session: aiohttp.ClientSession, url: str, body: bytes, due: float) -> None:
        headers = {"x-line-signature": signature(SECRET, body).decode()}
        try:
            async with session.post(url, data=body, headers=headers) as response:
                self.statuses[response.status] += 1
        except aiohttp.ClientError:
            self.statuses[0] += 1
        self.took.append(time.perf_counter() - due)

    async def warm(self, url: str) -> None:
        """One message of an operator, answered: vocabularies and the SDK are loaded by then."""
        event = self.event(user="Uop0", text=TEXTS[0])
        async with aiohttp.ClientSession() as session:
            await self.post(session, url, self.body(event), time.perf_counter())
        await self.drained()
        self.took.clear()
        self.statuses.clear()

    @staticmethod
    def body(event: Json) -> bytes:
        return json.dumps({"destination": BOT, "events": [event]}).encode()

    async def run(self, url: str) -> None:
        """Send everything, each webhook at its moment."""
        connector = aiohttp.TCPConnector(limit=500)
        async with aiohttp.ClientSession(connector=connector) as session:
            work, started = [], time.perf_counter() + 0.1
            for place in range(self.rate * self.seconds):
                due = started + place / self.rate
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                event = self.event()
                work.append(asyncio.create_task(self.post(session, url, self.body(event), due)))
                if random.random() < 0.1:
                    again = event | {"deliveryContext": {"isRedelivery": True}}
                    self.twice += 1
                    work.append(asyncio.create_task(self.post(session, url, self.body(again), due)))
            await asyncio.gather(*work)

    async def drained(self) -> float:
        """Seconds until every operator's event is answered, and a little longer."""
        started = time.perf_counter()
        while sum(self.answered.values()) < sum(self.sent.values()):
            if time.perf_counter() - started > PATIENCE_SECONDS:
                break
            await asyncio.sleep(0.2)
        await asyncio.sleep(2)
        return time.perf_counter() - started

    def report(self, drained: float) -> str:
        took = sorted(self.took)
        lost = sum(max(0, n - self.answered[user]) for user, n in self.sent.items())
        doubled = sum(max(0, n - self.sent[user]) for user, n in self.answered.items())
        p50, p99 = took[len(took) // 2], took[len(took) * 99 // 100]
        return (
            f"{len(took):,} webhooks in {self.seconds} s ({self.twice:,} of them sent again), "
            f"answers {dict(self.statuses)}\n"
            f"p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms, most {took[-1] * 1e3:.0f} ms\n"
            f"{sum(self.sent.values()):,} events of operators: {lost} lost, {doubled} doubled; "
            f"all answered {drained:.1f} s after the last"
        )


async def prepare(home: Path, people: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_sample(Path(folder), contacts=2_000, as_of=AS_OF)
        import_folder(Path(folder), home)
    db = Database(f"sqlite:///{home / 'divisi.sqlite'}")
    await db.start()
    async with db.begin() as connection:
        for place in range(people):
            await operators.put(
                connection, f"line:Uop{place}", name="", role="admin", added_by="terminal"
            )
    await db.close()


def serve(home: Path, port: int, api: str) -> "subprocess.Popen[bytes]":
    mine = {name: value for name, value in os.environ.items() if not name.startswith("DIVISI_")}
    mine |= {
        "DIVISI_HOME": str(home), "DIVISI_AS_OF": AS_OF.isoformat(), "PORT": str(port),
        "LINE_CHANNEL_SECRET": SECRET, "LINE_CHANNEL_ACCESS_TOKEN": TOKEN, "LINE_API_URL": api,
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-m", "bot.cli", "serve"], env=mine)


async def ready(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(300):
            try:
                async with session.get(url) as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    raise SystemExit("divisi serve does not start")


def cpu(pid: int) -> float:
    """Seconds of processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(load: Load) -> str:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", load.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        await prepare(home, load.people)
        server = serve(home, port, f"http://127.0.0.1:{runner.addresses[0][1]}")
        try:
            base = f"http://127.0.0.1:{port}"
            await ready(f"{base}/health/ready")
            await load.warm(base + PATH)
            before = cpu(server.pid)
            await load.run(base + PATH)
            drained = await load.drained()
            return f"{load.report(drained)}\nprocessor: {cpu(server.pid) - before:.1f} s"
        finally:
            server.send_signal(signal.SIGTERM)
            await asyncio.to_thread(server.wait, 30)
            stop_redis(home)
            await runner.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=300, help="webhooks a second")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--share", type=float, default=0.03, help="of operators' events")
    given = parser.parse_args()
    print(asyncio.run(measure(Load(given.rate, given.seconds, given.share))))
