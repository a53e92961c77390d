"""Time the export of a million contacts as CSV, against DuckDB's own plain COPY in the same run.

    python -m bench.export_speed [--contacts N] [--home FOLDER]

Ids alone, and ids with six more columns, one of them custom. Each is exported by a process of its
own that has just opened the data, first of a tenth of the contacts and then of all: memory is what
that process held at most beyond what it held before. Plain is a COPY of the same columns straight
out of contacts, without the list, its order or the care for formulas.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from bot.export import export_list
from planner.plan import AllOf
from store.audience import open_audience, versions
from store.audience.load import import_folder

ZONE = ZoneInfo("Asia/Taipei")
AS_OF = datetime(2026, 6, 30, 4, tzinfo=UTC)
TURNS = 5
COLUMNS = {
    "ids": ("contact_id",),
    "7 columns": (
        "contact_id", "display_name", "email", "phone", "city", "joined_at", "points",
    ),
}  # fmt: skip
CONTACTS = """
SELECT 'C' || lpad(CAST(i AS VARCHAR), 7, '0') AS contact_id, 'Customer ' || i AS display_name,
    'customer' || i || '@example.test' AS email, '+8869' || lpad(CAST(i AS VARCHAR), 8, '0') AS phone,
    ['Taipei', '台北', 'Tokyo'][1 + i % 3] AS city, i % 5000 - 100 AS points,
    TIMESTAMPTZ '2025-01-01 00:00:00+00' + to_seconds(i) AS joined_at, 'subscribed' AS line_status,
    true AS push_consent, true AS sms_consent, true AS email_consent
FROM range({contacts}) AS numbers(i)
"""  # noqa: E501
MB = 1 << 20


def rss() -> float:
    """Megabytes that this process holds in memory now."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


class Peak:
    """How far memory rises above what it was, looked at every few milliseconds."""

    def __enter__(self) -> "Peak":
        self.before = self.most = rss()
        self.end = threading.Event()
        self.looking = threading.Thread(target=self._look)
        self.looking.start()
        return self

    def _look(self) -> None:
        while not self.end.wait(0.002):
            self.most = max(self.most, rss())

    def __exit__(self, *_: object) -> None:
        self.end.set()
        self.looking.join()

    @property
    def growth(self) -> float:
        return self.most - self.before


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(home: Path, members: Path, columns: tuple[str, ...]) -> tuple[float, float, float]:
    """Seconds, seconds of a plain COPY, and megabytes that the first export took."""
    audience = open_audience(home, ZONE)
    target, plain = home / "exports" / "ours.csv", home / "plain.csv"
    asyncio.run(audience.columns())

    def ours() -> None:
        asyncio.run(export_list(audience, members, columns, target))

    with Peak() as peak:
        ours()
    db = duckdb.connect(str(versions.database_file(home, versions.current_version(home))), True)
    db.execute(f"SET TimeZone = '{ZONE}'")
    sql = f"COPY (SELECT {', '.join(columns)} FROM contacts) TO '{plain}' (FORMAT csv, HEADER)"
    times = [(timed(ours), timed(lambda: db.execute(sql).fetchall())) for _ in range(TURNS)]
    return (*(statistics.median(each) for each in zip(*times, strict=True)), peak.growth)


def prepare(home: Path, contacts: int) -> None:
    folder = home / "data"
    folder.mkdir()
    duckdb.connect().execute(
        f"COPY ({CONTACTS.format(contacts=contacts)}) TO '{folder / 'contacts.parquet'}'"
    )
    import_folder(folder, home)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path, help="an empty folder; kept")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as place,
        multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool,
    ):
        home = arguments.home or Path(place)
        prepare(home, arguments.contacts)
        everyone, tenth = home / "all.parquet", home / "tenth.parquet"
        audience = open_audience(home, ZONE)
        asyncio.run(audience.write_members(AllOf(), AS_OF, [], everyone))
        duckdb.connect().execute(
            f"COPY (FROM '{everyone}' LIMIT {arguments.contacts // 10}) TO '{tenth}'"
        )
        for what, columns in COLUMNS.items():
            *_, small = pool.apply(measure, (home, tenth, columns))
            seconds, plain, grown = pool.apply(measure, (home, everyone, columns))
            print(
                f"{what}: {arguments.contacts:,} rows in {seconds:.2f} s "
                f"({arguments.contacts / seconds:,.0f}/s), plain COPY {plain:.2f} s, "
                f"ratio {seconds / plain:.2f}; memory +{grown:.0f} MB "
                f"(of a tenth of the rows +{small:.0f} MB)",
                flush=True,
            )


if __name__ == "__main__":
    main()
