"""How long a list of segments takes, with a thousand of them by a hundred people.

    python -m bench.list_speed [--segments 1000] [--people 100]

The turn is all of it: from the event in the inbox to the answer in the outbox. The ratio is to
one plain SELECT of the rows shown, by the database's own driver.
"""

import argparse
import asyncio
import sqlite3
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.app import App, opened
from bot.sample import write_sample
from bot.session import Session
from bot.settings import read_settings
from planner.chat import Said
from planner.fields import Op
from planner.plan import AllOf, Condition, Plan
from store import segments
from store.audience.load import import_folder

AS_OF = datetime(2026, 6, 30, 4, tzinfo=UTC)
_TEXTS = ("my segments", "all segments", "show the segment Segment 7", "is Segment 500 ready?")
_ROUNDS = 20


async def fill(app: App, count: int, people: int) -> None:
    """Make that many segments, asked for by that many people."""
    condition = Condition(field="total_spending", op=Op.GT, number=1_000.0)
    for number in range(count):
        async with app.db.begin() as connection:
            await segments.create(
                connection, segment_id=f"s{number}", name=f"Segment {number}", description="",
                plan=Plan(root=AllOf(items=(condition,))), exclude=(), as_of=AS_OF,
                asked_by=f"person{number % people}", conversation=f"c{number % people}",
                key=f"k{number}",
            )  # fmt: skip


async def measure(home: Path, count: int, people: int) -> None:
    """Print the median and the slowest of each list."""
    async with opened(read_settings(home=home)) as app:
        await fill(app, count, people)
        session = Session(app, "bench:lists", "terminal")
        await session.open()
        await session.send(Said("hello"))  # the words are loaded once, beside the welcome
        await session.shown()
        for text in _TEXTS:
            times = []
            for _ in range(_ROUNDS):
                started = time.perf_counter()
                await session.send(Said(text))
                times.append((time.perf_counter() - started) * 1_000)
                await session.shown()
            print(f"{text:32} median {statistics.median(times):6.1f} ms, most {max(times):6.1f} ms")
        print(f"20 rows by plain SQL: {plain(home):.2f} ms")


def plain(home: Path) -> float:
    """Milliseconds of a hand-written SELECT of the rows that a list shows."""
    with sqlite3.connect(home / "divisi.sqlite") as connection:
        started = time.perf_counter()
        connection.execute(
            "SELECT id, name, status, count FROM segment ORDER BY created_at DESC LIMIT 20"
        ).fetchall()
        return (time.perf_counter() - started) * 1_000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--segments", type=int, default=1_000)
    options.add_argument("--people", type=int, default=100)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        write_sample(Path(folder) / "data", contacts=2_000, as_of=AS_OF)
        import_folder(Path(folder) / "data", home)
        asyncio.run(measure(home, given.segments, given.people))


if __name__ == "__main__":
    main()
