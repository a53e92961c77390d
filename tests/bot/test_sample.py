import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bot.sample import write_sample

AS_OF = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)
COLUMNS = {
    "contacts": "contact_id display_name line_user_id email phone gender birthday city "
    "membership_tier language joined_at last_interaction_at line_status push_consent sms_consent "
    "email_consent purchase_probability favorite_store loyalty_points",
    "contact_tags": "contact_id source tag",
    "contact_notes": "contact_id source note",
    "orders": "order_id contact_id ordered_at amount status returned_at",
    "order_items": "order_id product_id product_name category quantity unit_price",
    "cart_events": "contact_id product_id product_name category quantity added_at",
    "message_events": "contact_id channel event campaign occurred_at",
}
EVENTS = {
    "line_broadcast": {"open", "click"},
    "line_retargeting": {"open", "click"},
    "coupon": {"claim", "own", "redeem"},
    "sms_broadcast": {"click"},
    "sms_plus": {"delivered", "failed"},
    "whatsapp": {"open", "click"},
    "email": {"open", "click"},
}


class Sample:
    def __init__(self, folder: Path) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET TimeZone = 'UTC'")
        for table in COLUMNS:
            file = folder / f"{table}.parquet"
            self.connection.execute(f"CREATE VIEW {table} AS FROM read_parquet('{file}')")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def number(self, sql: str) -> float:
        return float(self.rows(sql)[0][0])

    def digest(self, table: str) -> Any:
        return self.rows(f"SELECT bit_xor(hash(t)), count(*) FROM {table} t")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, as_of=AS_OF)
    sample = Sample(folder)
    yield sample
    sample.connection.close()


@pytest.mark.parametrize("table", COLUMNS)
def test_the_columns_are_those_of_the_audience(sample: Sample, table: str) -> None:
    columns = [row[0] for row in sample.rows(f"DESCRIBE {table}")]

    assert columns == COLUMNS[table].split()


def test_it_is_as_large_as_a_small_brand(sample: Sample) -> None:
    assert sample.number("SELECT count(*) FROM contacts") == 20_000
    assert 40_000 < sample.number("SELECT count(*) FROM orders") < 60_000
    assert 100_000 < sample.number("SELECT count(*) FROM message_events") < 140_000


@pytest.mark.parametrize(
    "moment",
    [
        "orders.ordered_at",
        "orders.returned_at",
        "cart_events.added_at",
        "message_events.occurred_at",
        "contacts.joined_at",
        "contacts.last_interaction_at",
    ],
)
def test_nothing_is_later_than_as_of_and_something_is_recent(sample: Sample, moment: str) -> None:
    table, column = moment.split(".")
    as_of = f"TIMESTAMPTZ '{AS_OF}'"

    assert sample.number(f"SELECT count(*) FROM {table} WHERE {column} > {as_of}") == 0
    recent = f"{column} > {as_of} - INTERVAL 30 DAY"
    assert sample.number(f"SELECT count(*) FROM {table} WHERE {recent}") > 100


def test_an_order_is_the_sum_of_its_items(sample: Sample) -> None:
    wrong = """
        SELECT count(*) FROM orders FULL JOIN (
            SELECT order_id, sum(quantity * unit_price) AS items FROM order_items GROUP BY 1
        ) USING (order_id) WHERE amount IS DISTINCT FROM items"""

    assert sample.number(wrong) == 0


@pytest.mark.parametrize(
    "table", ["contact_tags", "contact_notes", "orders", "cart_events", "message_events"]
)
def test_every_row_belongs_to_a_contact(sample: Sample, table: str) -> None:
    assert sample.number(f"SELECT count(*) FROM {table} ANTI JOIN contacts USING (contact_id)") == 0


def test_keys_are_unique(sample: Sample) -> None:
    assert sample.number("SELECT count(*) - count(DISTINCT contact_id) FROM contacts") == 0
    assert sample.number("SELECT count(*) - count(DISTINCT order_id) FROM orders") == 0
    assert (
        sample.number("SELECT count(*) - count(DISTINCT phone) FROM contacts WHERE phone > ''") == 0
    )


def test_channels_have_their_events(sample: Sample) -> None:
    found: dict[str, set[str]] = {}
    for channel, event in sample.rows("SELECT DISTINCT channel, event FROM message_events"):
        found.setdefault(channel, set()).add(event)

    assert found == EVENTS


def test_customers_differ_as_real_ones_do(sample: Sample) -> None:
    sample.connection.execute("""
        CREATE OR REPLACE TEMP TABLE spending AS
        SELECT contact_id, sum(amount) AS total, count(*) AS orders, max(ordered_at) AS latest
        FROM orders WHERE status = 'completed' GROUP BY 1""")

    assert 3 <= sample.number("SELECT count(*) FROM spending WHERE total > 1000000") <= 100
    assert sample.number("SELECT count(*) FROM spending WHERE orders = 1") > 2000
    assert (
        sample.number("SELECT count(*) FROM contacts ANTI JOIN spending USING (contact_id)") > 2000
    )
    churned = f"latest < TIMESTAMPTZ '{AS_OF}' - INTERVAL 6 MONTH"
    assert sample.number(f"SELECT count(*) FROM spending WHERE {churned}") > 1000
    assert sample.number("SELECT median(total) FROM spending") < sample.number(
        "SELECT avg(total) FROM spending"
    )


@pytest.mark.parametrize("column", ["gender", "birthday", "city", "favorite_store"])
def test_some_things_are_not_known(sample: Sample, column: str) -> None:
    share = sample.number(f"SELECT avg(({column} IS NULL)::INTEGER) FROM contacts")

    assert 0.05 < share < 0.5


def test_tags_and_campaigns_are_in_four_languages(sample: Sample) -> None:
    for column in ("contact_tags.tag", "message_events.campaign"):
        table, name = column.split(".")
        names = "".join(
            row[0] for row in sample.rows(f"SELECT DISTINCT {name} FROM {table}") if row[0]
        )
        for letter in ("a", "員", "の" if name == "campaign" else "き", "ล"):
            assert letter in names
    assert sample.number("SELECT count(*) FROM contact_tags WHERE tag = 'VIP'") > 100


def test_the_seed_decides(tmp_path: Path) -> None:
    samples = []
    for number, seed in enumerate((1, 1, 2)):
        write_sample(tmp_path / str(number), contacts=3000, seed=seed, as_of=AS_OF)
        samples.append(Sample(tmp_path / str(number)))
    first, again, other = samples

    for table in COLUMNS:
        assert first.digest(table) == again.digest(table)
        assert first.digest(table) != other.digest(table)
    for sample in samples:
        sample.connection.close()


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    shares: list[float] = []
    write_sample(tmp_path, contacts=100, as_of=AS_OF, progress=shares.append)

    assert shares[0] == 0
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_it_is_a_command_too(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "bot.sample", str(tmp_path / "it's new"), "--contacts", "50"],
        check=True,
        capture_output=True,
    )

    assert (tmp_path / "it's new" / "contacts.parquet").exists()
