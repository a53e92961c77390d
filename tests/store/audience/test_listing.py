"""Lists for people: every cell as it is in the data, and none a formula."""

import asyncio
import csv
from datetime import UTC, datetime

import duckdb
import pytest

from planner.errors import Misconfigured, Unavailable
from planner.plan import AllOf
from store.audience import open_audience
from store.audience.listing import _FORMULA, harmless
from store.audience.load import import_folder

AS_OF = datetime(2026, 3, 31, 4, tzinfo=UTC)
NAMES = {
    "=1": '=cmd|" /C calc"!A0', "+2": "Ann, \"the\" best\nof 'em", "C1": "＝SUM(A1)",
    "C2": " \u3000-2", "C3": "\t1", "C4": "\rx", "C5": "a=b", "C6": "'=1", "C7": "Émile",
    "C8": "\u200b@x", "C9": None,
}  # fmt: skip
HARMFUL = {
    "=1",
    "+2",
    *(name for at, name in NAMES.items() if at in ("=1", "C1", "C2", "C3", "C4")),
}
HARMFUL |= {NAMES["C8"], "+886", "=debt"}


@pytest.fixture(scope="module")
def audience(tmp_path_factory, zone):
    """Contacts whose values look like formulas."""
    folder = tmp_path_factory.mktemp("in")
    with (folder / "contacts.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, quoting=csv.QUOTE_ALL)
        rows.writerow(
            ("contact_id", "display_name", "phone", "birthday", "joined_at", "line_status",
             "push_consent", "sms_consent", "email_consent", "balance", "=debt", "rate")
        )  # fmt: skip
        for who, called in NAMES.items():
            rows.writerow(
                (who, called, "+886", "1990-02-01", "2026-01-01T16:00:00Z", "none", 1, 0, 1,
                 -5, -0.25, "-5%")
            )  # fmt: skip
    home = tmp_path_factory.mktemp("home")
    assert import_folder(folder, home).rejected == {}
    return open_audience(home, zone)


@pytest.fixture
def members(audience, tmp_path):
    path = tmp_path / "it's.parquet"
    asyncio.run(audience.write_members(AllOf(), AS_OF, [], path))
    return path


@pytest.fixture
def read(audience, members, tmp_path):
    def write(*columns, bom=False, of=members):
        target = tmp_path / "it's.csv"
        count = asyncio.run(audience.write_csv(of, columns, target, bom=bom))
        with target.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert count == len(rows) - 1
        return rows

    return write


def safe(cell):
    return f"'{cell}" if cell in HARMFUL else cell


def test_ids_alone(read):
    assert read() == [["contact_id"], *([safe(who)] for who in sorted(NAMES))]


def test_every_cell_is_kept_and_no_text_is_a_formula(read, tmp_path):
    rows = read("display_name", "PHONE", "contact_id", "rate")
    assert rows[0] == ["display_name", "phone", "contact_id", "rate"]
    assert rows[1:] == [
        [safe(NAMES[who] or ""), "'+886", safe(who), "'-5%"] for who in sorted(NAMES)
    ]
    assert sum(cell.startswith("'") for row in rows for cell in row[:1]) == 7
    assert sorted(each.name for each in tmp_path.iterdir()) == ["it's.csv", "it's.parquet"]


def test_numbers_dates_and_names_of_columns(read):
    rows = read("balance", "=debt", "purchase_probability", "birthday", "joined_at", "push_consent")
    assert rows[0] == [
        "balance", "'=debt", "purchase_probability", "birthday", "joined_at", "push_consent",
    ]  # fmt: skip
    local = "2026-01-02 00:00:00+08"
    assert rows[1:] == [["-5", "-0.25", "", "1990-02-01", local, "true"]] * len(NAMES)


@pytest.mark.parametrize("columns", [(), ("contact_id", "city"), ("=debt",)])
def test_a_mark_for_windows(read, columns):
    plain, marked = read(*columns), read(*columns, bom=True)
    assert marked[0][0] == "\ufeff" + plain[0][0]
    assert marked[0][1:] == plain[0][1:]
    assert marked[1:] == plain[1:]


def test_a_member_who_left_the_data_and_a_list_without_members(read, tmp_path):
    path = tmp_path / "old.parquet"
    sql = "select unnest(['gone', 'C5', 'also gone']) contact_id"
    db = duckdb.connect()
    db.sql(sql).write_parquet(str(path))
    assert read("contact_id", "display_name", of=path)[1:] == [
        ["gone", ""], ["C5", "a=b"], ["also gone", ""],
    ]  # fmt: skip
    db.sql(f"from ({sql}) where contact_id = 'nobody'").write_parquet(str(path))
    assert read("contact_id", "city", of=path) == [["contact_id", "city"]]
    assert read(of=path) == [["contact_id"]]


def test_long_lists_keep_their_order(tmp_path, zone):
    folder = tmp_path / "in"
    folder.mkdir()
    duckdb.connect().sql(
        "select 'customer-number-' || range contact_id, 'n' || range display_name, "
        "timestamptz '2026-01-01' joined_at, 'none' line_status, true push_consent, "
        "true sms_consent, true email_consent from range(300000)"
    ).write_parquet(str(folder / "contacts.parquet"))
    import_folder(folder, tmp_path)
    long, target = tmp_path / "m.parquet", tmp_path / "m.csv"
    audience = open_audience(tmp_path, zone)
    count = asyncio.run(audience.write_members(AllOf(), AS_OF, [], long))
    columns = ("contact_id", "display_name")
    assert asyncio.run(audience.write_csv(long, columns, target)) == count == 300_000
    ids = sorted(f"customer-number-{n}" for n in range(count))
    wanted = [f"{who},n{who.rpartition('-')[2]}" for who in ids]
    assert target.read_text().splitlines() == [",".join(columns), *wanted]


def test_what_cannot_be_listed(audience, read, tmp_path):
    with pytest.raises(Misconfigured, match=r"no column 'shoes'.*contact_id, display_name.*rate"):
        read("contact_id", "shoes")
    with pytest.raises(Misconfigured, match="no column '_key'"):
        read("_key")
    with pytest.raises(Unavailable):
        read("city", of=tmp_path / "none.parquet")
    assert asyncio.run(audience.columns())[-3:] == ("balance", "=debt", "rate")
    assert "_born" not in asyncio.run(audience.columns())


def test_the_database_knows_a_formula_as_the_program_does():
    db = duckdb.connect()
    starts = "\t\r\n \u3000\ufeff\u200b\xa0\x01x'\""
    ends = ["=1", "+1", "-1", "@a", "＝1", "＋", "－", "＠", "﹣1", "a", "", '"=1"', "7"]
    for cell in (start + " " * n + end for start in ("", *starts) for n in (0, 1) for end in ends):
        (formula,) = db.execute(f"select regexp_matches($1, '{_FORMULA}')", [cell]).fetchone()
        assert (harmless(cell) != cell) == formula, repr(cell)
