"""Send Slack's events at a steady rate to `divisi serve`, and count what becomes of them.

    python -m bench.slack_load [--rate 300] [--seconds 60] [--contacts 20000]

Signed requests over HTTP on loopback, timed from the moment at which each was to be sent, so that
a server that stalls is not spared the requests it held up. One in ten is sent twice, as Slack does.
People ask, answer and change their plans; the answers go out to a Slack that takes everything.
"""

import argparse
import asyncio
import collections
import hashlib
import hmac
import itertools
import json
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot.local import stop_redis
from bot.sample import write_sample
from store.audience.load import import_folder

from .turn_speed import AS_OF

SECRET = "bench"
PEOPLE = 600
_TALK = ("big spenders in Taipei", "over 5,000", "no", "only women", "help", "start over")
_AGAIN = 10
"""One event in so many is sent twice."""


async def slack(port: int) -> None:
    """A Slack that takes everything."""
    numbers = itertools.count(1)

    async def answer(request: web.Request) -> web.Response:
        told: dict[str, Any] = {"ok": True, "ts": f"1.{next(numbers):06}", "team_id": "T1",
            "user_id": "U0BOT", "bot_id": "B1", "channel": {"id": "D1"},
            "user": {"locale": "en-US"}}  # fmt: skip
        if request.match_info["method"].startswith("chat."):
            told["channel"] = "D1"
        return web.json_response(told)

    app = web.Application()
    app.router.add_route("*", "/api/{method}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


def event(number: int) -> bytes:
    """Somebody's next message."""
    user, said = number % PEOPLE, _TALK[number // PEOPLE % len(_TALK)]
    return json.dumps({
        "type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}",
        "authorizations": [{"team_id": "T1", "user_id": "U0BOT", "is_bot": True}],
        "event": {"type": "message", "user": f"U{user + 1}", "text": said,
            "channel": f"D{user + 1}", "channel_type": "im", "ts": f"1700000000.{number:06}"},
    }).encode()  # fmt: skip


def signed(body: bytes) -> dict[str, str]:
    moment = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{moment}:".encode() + body, hashlib.sha256)
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest.hexdigest()}",
        "Content-Type": "application/json"}  # fmt: skip


async def load(
    url: str, rate: int, seconds: int, number: int = 0
) -> tuple[list[float], collections.Counter[int]]:
    """Send from event `number` on; the seconds until each acknowledgement, and the statuses."""
    took: list[float] = []
    statuses: collections.Counter[int] = collections.Counter()

    async def send(client: aiohttp.ClientSession, number: int, due: float) -> None:
        body = event(number)
        try:
            async with client.post(url, data=body, headers=signed(body)) as answer:
                await answer.read()
                statuses[answer.status] += 1
        except (aiohttp.ClientError, TimeoutError):
            statuses[0] += 1
        took.append(asyncio.get_running_loop().time() - due)

    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as client:
        work, start = [], asyncio.get_running_loop().time() + 1
        for place in range(rate * seconds):
            due = start + place / rate
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            if place % _AGAIN or not place:
                number += 1
            work.append(asyncio.create_task(send(client, number, due)))
        await asyncio.gather(*work)
    statuses[-1] = number
    return took, statuses


def kept(home: Path) -> tuple[int, int, int, int]:
    """How many events are in the inbox, how many of them are done, were answered, and twice."""
    with sqlite3.connect(home / "divisi.sqlite") as database:
        (events,) = database.execute("select count(*) from inbox").fetchone()
        (done,) = database.execute("select count(*) from inbox where done_at > 0").fetchone()
        (answers,) = database.execute("select count(*) from outbox").fetchone()
        (twice,) = database.execute(
            "select count(*) from (select key from outbox group by key having count(*) > 1)"
        ).fetchone()
    return events, done, answers, twice


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def until_ready(port: int) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("it does not start")


def report(took: list[float], statuses: collections.Counter[int], counts: tuple[int, ...]) -> None:
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    sent = statuses.pop(-1)
    print(f"requests {len(took)}, statuses {dict(statuses)}; events in all {sent}")
    print(f"acknowledged after p50 {cuts[49] * 1e3:.0f} ms, p99 {cuts[98] * 1e3:.0f} ms,"
        f" longest {max(took) * 1e3:.0f} ms")  # fmt: skip
    events, done, answers, twice = counts
    print(
        f"lost {sent - events}, answered twice {twice},"
        f" handled by the end {done} ({answers} answers)"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rate", type=int, default=300)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--contacts", type=int, default=20_000)
    options.add_argument("--slack", type=int, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.slack:
        asyncio.run(slack(given.slack))
        return
    api, port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        write_sample(Path(folder) / "data", contacts=given.contacts, as_of=AS_OF)
        import_folder(Path(folder) / "data", home)
        users = ",".join(f"U{number + 1}" for number in range(PEOPLE))
        variables = {"DIVISI_HOME": str(home), "DIVISI_AS_OF": AS_OF.isoformat(),
            "PORT": str(port), "SLACK_API_URL": f"http://127.0.0.1:{api}/api/",
            "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_USERS": users}  # fmt: skip
        commands = (["bench.slack_load", "--slack", str(api)], ["bot.cli", "serve"])
        running = [
            subprocess.Popen([sys.executable, "-m", *command], env=os.environ | variables)
            for command in commands
        ]
        try:
            until_ready(port)
            url = f"http://127.0.0.1:{port}/slack/events"
            _, before = asyncio.run(load(url, 100, PEOPLE // 90))  # everybody says hello first
            took, statuses = asyncio.run(load(url, given.rate, given.seconds, before[-1]))
            report(took, statuses, kept(home))
        finally:
            for process in reversed(running):
                process.terminate()
                process.wait(60)
            stop_redis(home)


if __name__ == "__main__":
    main()
