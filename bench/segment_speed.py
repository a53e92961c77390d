"""Time a typical segment against the best SQL written by hand over the same database file.

    python bench/segment_speed.py [FOLDER]

FOLDER is a data set; without one, 1,000,000 sample contacts with some 30 million rows are made.
Both sides take turns, write the same Parquet file of sorted contact ids,
and are compared row by row.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from bot.sample import write_sample
from planner.catalogue import Catalogue
from planner.fields import Op
from planner.plan import AllOf, Condition, Scope
from planner.windows import Window
from store.audience import open_audience, versions
from store.audience.load import import_folder

ZONE = ZoneInfo("Asia/Taipei")
AS_OF = datetime(2026, 6, 30, 4, tzinfo=UTC)
TURNS = 9
BY_HAND = """
COPY (
    SELECT contact_id FROM contacts
    WHERE _purchases_sum_amount >= {spent} AND _purchases_count >= {orders}
    AND _open_carts_count >= 1
    AND _key NOT IN (SELECT _key FROM purchases WHERE ordered_at >= TIMESTAMPTZ '{start}')
    AND _key IN (SELECT _key FROM message_events WHERE channel = 'email' AND event = 'click'
        AND occurred_at >= TIMESTAMPTZ '{start}')
    AND _key IN (SELECT _key FROM contact_tags WHERE tag = '{tag}')
    ORDER BY _key
) TO '{target}' (FORMAT parquet, COMPRESSION zstd)
"""


def plan(spent: float, orders: float, tag: str) -> AllOf:
    """Loyal buyers who stopped, left something in the cart, and still click."""
    month = Window.last(30)
    clicked = Scope(channels=("email",), events=("click",))
    return AllOf(
        items=(
            Condition(field="total_spending", op=Op.GE, number=spent),
            Condition(field="order_count", op=Op.GE, number=orders),
            Condition(field="order_count", op=Op.EQ, number=0, window=month),
            Condition(field="add_to_cart_count", op=Op.GE, number=1),
            Condition(field="engagement", op=Op.GE, number=1, window=month, scope=clicked),
            Condition(field="tag", op=Op.ANY_OF, texts=(tag,)),
        )
    )


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def latest(db: duckdb.DuckDBPyConnection) -> datetime:
    row = db.execute("SELECT epoch(max(latest)) FROM _latest WHERE name <> 'contacts'").fetchone()
    return datetime.fromtimestamp(row[0], UTC) + timedelta(days=2)


def numbers(catalogue: Catalogue) -> tuple[float, float, str]:
    spent = catalogue.quantiles["total_spending"][50]
    return spent, catalogue.quantiles["order_count"][50], catalogue.names("tag")[0]


async def compare(home: Path) -> None:
    version = versions.current_version(home)
    db = duckdb.connect(str(versions.database_file(home, version)), read_only=True)
    as_of = latest(db)
    audience = open_audience(home, ZONE)
    spent, orders, tag = numbers(await audience.catalogue(as_of))
    day = as_of.astimezone(ZONE).date() - timedelta(days=30)
    start = datetime(day.year, day.month, day.day, tzinfo=ZONE).isoformat()
    ours, theirs = home / "ours.parquet", home / "theirs.parquet"
    sql = BY_HAND.format(spent=spent, orders=orders, tag=tag, start=start, target=theirs)
    root = plan(spent, orders, tag)
    times: dict[str, list[float]] = {"divisi": [], "by hand": []}
    for _ in range(TURNS):
        started = time.perf_counter()
        count = await audience.write_members(root, as_of, [], ours)
        times["divisi"].append(time.perf_counter() - started)
        times["by hand"].append(timed(lambda: db.execute(sql).fetchall()))
    same = duckdb.sql(f"SELECT * FROM '{ours}'").fetchall()
    assert same == duckdb.sql(f"SELECT * FROM '{theirs}'").fetchall()
    assert count == len(same) > 0
    medians = {who: statistics.median(each) for who, each in times.items()}
    print(f"{count:,} members; " + ", ".join(f"{w} {m * 1000:.0f} ms" for w, m in medians.items()))
    print(f"ratio {medians['divisi'] / medians['by hand']:.2f} (medians of {TURNS})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--home", type=Path, help="where the data is imported already, or will be")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        home = arguments.home or Path(place)
        if not (home / "audience" / "current").exists():
            folder = arguments.folder or home / "sample"
            if arguments.folder is None:
                write_sample(folder, contacts=1_000_000, messages=20, as_of=AS_OF)
            report = import_folder(folder, home)
            rows = sum(report.rows.values())
            print(f"{rows:,} rows imported in {report.seconds:.1f} s")
        asyncio.run(compare(home))


if __name__ == "__main__":
    main()
