"""Kill the worker with -9 while it computes, again and again, and count what was lost.

    python -m bench.kill_worker [--kills 50] [--segments 200] [--contacts 20000]

Every second segment leaves out two that are finished, and every fourth of the finished ones is
computed again at the same time. Lost: never finished. Doubled: told more than once. Wrong: other
members than the plan has now, less those left out.
"""

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from bot import journal
from bot.app import App, opened
from bot.sample import write_sample
from bot.settings import read_settings
from planner.fields import Op
from planner.plan import AllOf, Condition, Plan
from store import segments
from store.audience.load import import_folder
from store.members import FOLDER, read_members
from store.tables import inbox, outbox

LEFT_OUT = 8
"""Segments that are finished before the killing begins."""
AS_OF = datetime(2026, 6, 30, 4, tzinfo=UTC)
_WORKER = """
import asyncio, sys
from bot.app import opened
from bot.settings import read_settings
async def work():
    async with opened(read_settings(home=sys.argv[1])) as app:
        app.worker.lease_seconds = float(sys.argv[2])
        print("ready", flush=True)
        await app.worker.run(asyncio.Event())
asyncio.run(work())
"""


@dataclass
class Outcome:
    """What was left after the killing."""

    kills: int
    segments: int
    busy_kills: int
    """Kills that hit a segment under way."""
    lost: int
    doubled: int
    untold: int
    wrong: int
    seconds: float


def start_worker(home: Path, lease: float) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", _WORKER, str(home), str(lease)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    assert process.stdout is not None
    process.stdout.close()
    process.wait()


def plan_of(number: int) -> Plan:
    condition = Condition(field="total_spending", op=Op.GT, number=float(100 * number))
    return Plan(root=AllOf(items=(condition,)))


async def queue(app: App, count: int, first: int = 0, exclude: tuple[str, ...] = ()) -> None:
    for number in range(first, first + count):
        async with app.db.begin() as connection:
            await segments.create(
                connection,
                segment_id=f"s{number}",
                name=f"Segment {number}",
                description="",
                plan=plan_of(number),
                exclude=exclude if number % 2 else (),
                as_of=AS_OF,
                asked_by="bench",
                conversation="bench:one",
                key=f"k{number}",
            )


async def until(finished: Callable[[dict[str, int]], bool], app: App, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not finished(await segments.counts(app.db)):  # noqa: ASYNC110
        await asyncio.sleep(0.05)


async def kill_workers(home: Path, kills: int, count: int, lease: float) -> Outcome:
    """Queue segments, kill workers at random moments, let the last one finish, and compare."""
    started, busy = time.monotonic(), 0
    async with opened(read_settings(home=home)) as app:
        await queue(app, LEFT_OUT)
        while await app.worker.next():
            pass
        while await app.turns.next():
            pass
        left_out = tuple(f"s{number}" for number in range(LEFT_OUT))
        for number in range(0, LEFT_OUT, 4):
            async with app.db.begin() as connection:
                await segments.recompute(
                    connection, f"s{number}", as_of=AS_OF, conversation="bench:one"
                )
        await queue(app, count - LEFT_OUT, LEFT_OUT, left_out[1:3])
        for _ in range(kills):
            worker = await asyncio.to_thread(start_worker, home, lease)
            await asyncio.sleep(random.uniform(0.0, 0.25))
            end(worker)
            busy += (await segments.counts(app.db)).get("computing", 0) > 0
        worker = await asyncio.to_thread(start_worker, home, lease)
        await until(lambda counts: counts.get("finished", 0) == count, app, 2 * lease + 60)
        end(worker)
        while await app.turns.next():
            pass
        return await compare(app, home, kills, busy, count, started)


async def compare(
    app: App, home: Path, kills: int, busy: int, count: int, started: float
) -> Outcome:
    done = await segments.list_segments(app.db, count, 0)
    members_of = {s.id: home / FOLDER / s.members_file for s in done if s.members_file}
    wrong = 0
    for segment in done:
        out = [members_of[segment_id] for segment_id in segment.exclude]
        expected = await app.audience.member_ids(segment.plan.root, AS_OF, out)
        if segment.members_file is not None:
            wrong += list(read_members(home / FOLDER / segment.members_file)) != expected
    async with app.db.read() as connection:
        rows = await connection.execute(select(outbox.c.body).where(outbox.c.kind == journal.NEWS))
        told = Counter(row.body["replies"][0]["segment_id"] for row in rows)
    for number in range(0, LEFT_OUT, 4):
        told[f"s{number}"] -= 1  # computed twice, and told each time
    async with app.db.read() as connection:
        letters = (await connection.execute(select(inbox.c.event_id))).all()
    untold = sum(told[segment.id] < 1 for segment in done)
    doubled = sum(times > 1 for times in told.values()) + len(letters) - len(set(letters))
    lost = sum(segment.status != "finished" for segment in done)
    return Outcome(
        kills, len(done), busy, lost, doubled, untold, wrong,
        time.monotonic() - started,
    )  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--segments", type=int, default=200)
    options.add_argument("--contacts", type=int, default=20_000)
    options.add_argument("--lease", type=float, default=5.0)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        write_sample(Path(folder) / "data", contacts=given.contacts, as_of=AS_OF)
        import_folder(Path(folder) / "data", home)
        outcome = asyncio.run(kill_workers(home, given.kills, given.segments, given.lease))
    print(outcome)
    sys.exit(outcome.lost + outcome.doubled + outcome.untold + outcome.wrong > 0)


if __name__ == "__main__":
    main()
