"""A small shop with rows on every edge, imported once, and plain SQL over the same files."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from planner.fields import EVENTS
from store.audience.compile import Moment, Statement
from store.audience.embedded import _open
from store.audience.load import import_folder

ZONE = ZoneInfo("Asia/Taipei")
AS_OF = datetime(2026, 3, 31, 4, tzinfo=UTC)
STARTS = [
    datetime(2026, 3, 1, tzinfo=ZONE),
    datetime(2026, 2, 28, tzinfo=ZONE),
    datetime(2025, 12, 31, tzinfo=ZONE),
    datetime(2026, 1, 1, tzinfo=ZONE),
    datetime(2026, 3, 30, tzinfo=ZONE),
    AS_OF,
]
TINY = timedelta(microseconds=1)
EDGES = [at + step for at in STARTS for step in (-TINY, timedelta(), TINY)]
PRODUCTS = [
    ("P1", "Cat Litter", "Pets", 250.5), ("P2", "貓砂", "Pets", 99.9),
    ("P3", "Sunscreen", "Skincare", 621.0), ("P4", "100% Wool_Hat", "Wear", 1200.0),
]  # fmt: skip
NOTES = ["Asked about WHOLESALE pricing", "100% sure", "a_b", "問過批發", "plain", "50\\50"]
REFERENCE = """
create macro as_of() as timestamptz '2026-03-31T04:00:00Z';
create macro today() as date '2026-03-31';
create macro days_ago(n) as (today() - to_days(cast(n as integer)))::timestamp::timestamptz;
create macro months_ago(n) as (today() - to_months(cast(n as integer)))::timestamp::timestamptz;
create macro age(birthday) as date_diff('year', birthday, today())
    - cast(strftime(birthday, '%m%d') > strftime(today(), '%m%d') as integer);
create view purchases as select * from orders where status = 'completed' and ordered_at <= as_of();
create view returns as select * from orders where status = 'returned' and returned_at <= as_of();
create view items as select i.*, p.contact_id, p.ordered_at
    from order_items i join purchases p using (order_id);
create view open_carts as select * from cart_events c where added_at <= as_of() and not exists (
    select 1 from items i where i.contact_id = c.contact_id and i.product_id = c.product_id
    and i.ordered_at >= c.added_at);
create view events as select * from message_events
    where occurred_at <= as_of() and occurred_at >= days_ago(90);
"""


def _moment(dice: random.Random) -> datetime:
    if dice.random() < 0.3:
        return dice.choice(EDGES).astimezone(UTC)
    return AS_OF - timedelta(seconds=dice.randint(-5 * 86_400, 400 * 86_400))


def _contacts(dice: random.Random) -> Iterator[tuple[object, ...]]:
    births = [date(2000, 2, 29), date(1996, 3, 31), date(1996, 4, 1), date(1990, 12, 31), None]
    for n in range(240):
        born = dice.choice(births)
        if n % 3 == 0:
            born = date(1950, 1, 1) + timedelta(days=dice.randint(0, 22_000))
        yield (
            f"C{n:03}", dice.choice(["a@x.test", None]), dice.choice(["+8869", None]),
            dice.choice(["female", "male", "other", None]), born,
            dice.choice(["Taipei", "TAIPEI", "Ōsaka", "台北", None]),
            dice.choice(["Gold", "Silver", None]), dice.choice(["ja", "zh-Hant"]),
            _moment(dice), dice.choice([_moment(dice), None]),
            dice.choice(["subscribed", "blocked", "none"]), *(dice.random() < 0.5 for _ in "123"),
            dice.choice([None, 0.0, 0.3, 0.69, 0.7, 1.0]), dice.choice(["Siam", None]),
            dice.choice([None, 0, 5, 3_000_000_000]), dice.choice([None, True, False]),
            dice.choice([None, date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1)]),
        )  # fmt: skip


def _fill(db: duckdb.DuckDBPyConnection) -> None:
    dice = random.Random(7)
    people = [f"C{n:03}" for n in range(200)]
    rows: dict[str, list[tuple[object, ...]]] = {
        "contacts": list(_contacts(dice)),
        "contact_tags": [], "contact_notes": [], "orders": [], "order_items": [],
        "cart_events": [], "message_events": [],
    }  # fmt: skip
    for n in range(500):
        who = dice.choice(people)
        at = _moment(dice)
        status = dice.choice(["completed", "completed", "cancelled", "returned"])
        back = _moment(dice) if status == "returned" and dice.random() < 0.8 else None
        amount = dice.choice([0.1, 0.2, 100, 999.99, 20_000, 1000])
        rows["orders"].append((f"O{n}", who, at, amount, status, back))
        for product in dice.sample(PRODUCTS, dice.randint(0, 3)):
            rows["order_items"].append((f"O{n}", *product[:3], dice.randint(1, 4), product[3]))
        product = dice.choice(PRODUCTS)
        added = dice.choice([at, at + TINY, at - TINY, _moment(dice)])
        rows["cart_events"].append((who, *product[:3], dice.randint(1, 3), added))
    for _ in range(900):
        channel = dice.choice(list(EVENTS))
        row = (
            channel,
            dice.choice(EVENTS[channel]),
            dice.choice(["Spring", "SPRING", "母親節", None]),
        )
        rows["message_events"].append((dice.choice(people), *row, _moment(dice)))
        source = dice.choice(["maac", "caac"])
        rows["contact_tags"].append(
            (dice.choice(people), source, dice.choice(["VIP", "vip", "貓"]))
        )
        rows["contact_notes"].append((dice.choice(people), source, dice.choice(NOTES)))
    for table, made in rows.items():
        marks = ", ".join("?" * len(made[0]))
        db.executemany(f"insert into {table} values ({marks})", made)


TABLES = """
create table contacts (contact_id varchar, email varchar, phone varchar, gender varchar,
    birthday date, city varchar, membership_tier varchar, language varchar, joined_at timestamptz,
    last_interaction_at timestamptz, line_status varchar, push_consent boolean,
    sms_consent boolean, email_consent boolean, purchase_probability double,
    favorite_store varchar, loyalty_points bigint, newsletter boolean, expires date);
create table contact_tags (contact_id varchar, source varchar, tag varchar);
create table contact_notes (contact_id varchar, source varchar, note varchar);
create table orders (order_id varchar, contact_id varchar, ordered_at timestamptz, amount double,
    status varchar, returned_at timestamptz);
create table order_items (order_id varchar, product_id varchar, product_name varchar,
    category varchar, quantity integer, unit_price double);
create table cart_events (contact_id varchar, product_id varchar, product_name varchar,
    category varchar, quantity integer, added_at timestamptz);
create table message_events (contact_id varchar, channel varchar, event varchar,
    campaign varchar, occurred_at timestamptz);
"""


@pytest.fixture(scope="session")
def shop() -> duckdb.DuckDBPyConnection:
    """The shop's tables as they are handed over, with the specification's macros."""
    db = duckdb.connect()
    db.execute(f"set timezone = '{ZONE}'")
    for statement in (TABLES + REFERENCE).split(";"):
        if statement.strip():
            db.execute(statement)
    _fill(db)
    return db


@pytest.fixture(scope="session")
def folder(shop: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop as files: half of the tables CSV, half Parquet."""
    made = tmp_path_factory.mktemp("shop")
    tables = shop.execute("select table_name from duckdb_tables()").fetchall()
    for at, (table,) in enumerate(sorted(tables)):
        kind = "csv" if at % 2 else "parquet"
        shop.execute(f"copy {table} to '{made}/{table}.{kind}'")
    return made


@pytest.fixture(scope="session")
def home(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which the shop has been imported without a reject."""
    made = tmp_path_factory.mktemp("home")
    report = import_folder(folder, made)
    assert report.rejected == {}
    return made


@pytest.fixture(scope="session")
def zone() -> ZoneInfo:
    """The business time zone of the shop."""
    return ZONE


Run = Callable[[Statement], list[tuple[object, ...]]]


@pytest.fixture(scope="session")
def engine(home: Path) -> tuple[Run, Callable[..., Moment]]:
    """Runs statements on the imported shop; makes the moments that they are computed at."""
    version = (home / "audience" / "current").read_text()
    data = _open(home, version, ZONE)

    def run(statement: Statement) -> list[tuple[object, ...]]:
        return data.db.execute(statement.sql, statement.values).fetchall()

    def moment(as_of: datetime = AS_OF, zone: ZoneInfo = ZONE) -> Moment:
        return Moment(as_of, zone, data.latest, data.field)

    return run, moment
