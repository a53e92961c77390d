"""The audience as the rest of the program uses it."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest

from planner.catalogue import Value
from planner.errors import Misconfigured, Refused
from planner.fields import Kind, Op
from planner.plan import AllOf, Condition
from planner.windows import Window
from store.audience import open_audience, versions
from store.audience.load import import_folder

ZONE = ZoneInfo("Asia/Taipei")
AS_OF = datetime(2026, 3, 31, 4, tzinfo=UTC)
BUYERS = AllOf(items=(Condition(field="order_count", op=Op.GE, number=1),))
VIPS = AllOf(items=(Condition(field="tag", op=Op.ANY_OF, texts=("vip",)),))


def test_members_are_written_whole_sorted_and_without_the_excluded(home, shop, tmp_path):
    async def compute():
        audience = open_audience(home, ZONE)
        first, second = tmp_path / "vips.parquet", tmp_path / "it's.parquet"
        vips = await audience.write_members(VIPS, AS_OF, [], first)
        left = await audience.write_members(BUYERS, AS_OF, [first], second)
        counts = await audience.count([VIPS, BUYERS, VIPS], AS_OF)
        ids = await audience.member_ids(BUYERS, AS_OF, [first])
        return vips, left, counts, ids, second

    vips, left, counts, ids, path = asyncio.run(compute())
    wanted = shop.execute(
        "select distinct contact_id from purchases where contact_id not in "
        "(select contact_id from contact_tags where lower(tag) = 'vip') order by 1"
    ).fetchall()
    assert [(each,) for each in ids] == wanted
    assert duckdb.read_parquet(str(path)).fetchall() == wanted
    assert (left, counts[0], counts[2]) == (len(wanted), vips, vips)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["it's.parquet", "vips.parquet"]


def test_counts_leave_out_the_members_of_files(home, tmp_path):
    async def ask():
        audience = open_audience(home, ZONE)
        files = [tmp_path / "vips.parquet", tmp_path / "buyers.parquet"]
        for root, file in zip((VIPS, BUYERS), files, strict=True):
            await audience.write_members(root, AS_OF, [], file)
        roots = [AllOf(), VIPS, BUYERS]
        for exclude in ([], files[:1], files, files[1:], files[::-1], files[:1]):
            wanted = [len(await audience.member_ids(root, AS_OF, exclude)) for root in roots]
            assert await audience.count(roots, AS_OF, exclude) == wanted
            yield tuple(wanted)

    async def collect():
        return [counts async for counts in ask()]

    counts = asyncio.run(collect())
    assert len(set(counts)) == 4
    assert counts[2] == counts[4] == (counts[2][0], 0, 0)


def test_the_catalogue_tells_values_and_spreads(home, shop):
    catalogue = asyncio.run(open_audience(home, ZONE).catalogue(AS_OF))
    again = asyncio.run(open_audience(home, ZONE).catalogue(AS_OF))
    assert again == catalogue
    people = shop.execute(
        "select count(distinct contact_id) from contact_tags where lower(tag) = 'vip'"
    ).fetchone()
    assert {(v.name.lower(), v.count, v.source) for v in catalogue.values["tag"]} >= {
        ("vip", people[0], "maac caac")
    }
    assert {(v.name, v.parent) for v in catalogue.values["product"]} == {
        ("Cat Litter", "Pets"), ("貓砂", "Pets"), ("Sunscreen", "Skincare"),
        ("100% Wool_Hat", "Wear"),
    }  # fmt: skip
    assert catalogue.product_ids["P2"] == "貓砂"
    assert {v.latest for v in catalogue.values["campaign"]} == {"2026-03-31"}
    assert catalogue.values["favorite_store"] == (
        Value("Siam", catalogue.values["favorite_store"][0].count),
    )
    assert {n: f.kind for n, f in catalogue.attributes.items()} == {
        "favorite_store": Kind.TEXT, "loyalty_points": Kind.NUMBER, "newsletter": Kind.BOOLEAN,
        "expires": Kind.MOMENT,
    }  # fmt: skip
    counts = catalogue.quantiles["order_count"]
    largest = shop.execute(
        "select max(n) from (select count(*) n from purchases group by contact_id)"
    ).fetchone()
    assert (len(counts), counts[0], counts[100]) == (101, 1, largest[0])
    assert list(counts) == sorted(counts)
    assert catalogue.contacts == 240


def test_texts_that_only_one_person_has_are_not_listed(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    rows = "\n".join(
        f"c{n},2026-01-01,none,0,0,0,{'Main St' if n < 9 else f'Road {n}'}" for n in range(1500)
    )
    header = "contact_id,joined_at,line_status,push_consent,sms_consent,email_consent,address"
    (folder / "contacts.csv").write_text(f"{header}\n{rows}\n")
    import_folder(folder, tmp_path)
    catalogue = asyncio.run(open_audience(tmp_path, ZONE).catalogue(AS_OF))
    assert catalogue.values["address"] == (Value("Main St", 9),)


def test_a_new_import_is_seen_by_who_has_the_old_one_open(folder, tmp_path):
    async def look():
        audience = open_audience(f"duckdb://{tmp_path}", ZONE)
        with pytest.raises(Misconfigured, match="divisi import"):
            await audience.count([AllOf()], AS_OF)
        await asyncio.to_thread(import_folder, folder, tmp_path)
        before = await audience.version(), await audience.count([AllOf()], AS_OF)
        small = tmp_path / "small"
        small.mkdir()
        duckdb.sql(f"copy (from '{folder}/contacts.csv' limit 3) to '{small}/contacts.parquet'")
        for _ in range(2):
            await asyncio.to_thread(import_folder, small, tmp_path)
        return before, await audience.version(), await audience.count([AllOf()], AS_OF)

    (version, counts), later, fewer = asyncio.run(look())
    assert (counts, fewer) == ([240], [3])
    assert version != later


def test_counts_follow_the_moment_they_are_asked_for(home):
    plan = AllOf(
        items=(Condition(field="order_count", op=Op.GE, number=1, window=Window.last(30)),)
    )
    moments = [datetime(2026, 6, 30, tzinfo=UTC) + timedelta(days=n) for n in (0, -60, -90, 400)]

    async def count(moments):
        audience = open_audience(home, ZONE)
        return [(await audience.count([plan], moment))[0] for moment in moments]

    one_by_one = [asyncio.run(count([moment]))[0] for moment in moments]
    assert asyncio.run(count(moments * 2)) == one_by_one * 2
    assert len(set(one_by_one)) > 1


def test_what_cannot_be_computed_is_refused(home, tmp_path):
    audience = open_audience(home, ZONE)
    gone = AllOf(items=(Condition(field="shoe_size", op=Op.GE, number=40),))
    with pytest.raises(Refused, match="unknown_field"):
        asyncio.run(audience.count([gone], AS_OF))
    none = [tmp_path / "none.parquet"]
    for asked in (
        audience.member_ids(AllOf(), AS_OF, none),
        audience.count([AllOf()], AS_OF, none),
        audience.write_members(AllOf(), AS_OF, none, tmp_path / "new.parquet"),
    ):
        with pytest.raises(Refused, match=r"segment\.unknown_exclude"):
            asyncio.run(asked)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Misconfigured, match="AUDIENCE_URL"):
        open_audience("mysql://localhost/x", ZONE)


def test_a_broken_database_is_told(folder, tmp_path):
    version = import_folder(folder, tmp_path).version
    versions.database_file(tmp_path, version).write_bytes(b"no database")
    with pytest.raises(Misconfigured, match="can't be opened"):
        asyncio.run(open_audience(tmp_path, ZONE).count([AllOf()], AS_OF))


def test_local_dates_are_those_of_the_zone(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    head = "contact_id,joined_at,line_status,push_consent,sms_consent,email_consent\n"
    times = ("2026-03-08T04:59:59Z", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z")
    rows = [f"c{n},{at},none,0,0,0\n" for n, at in enumerate(times)]
    (folder / "contacts.csv").write_text(head + "".join(rows))
    import_folder(folder, tmp_path)
    day = Window.dates(date(2026, 3, 8), date(2026, 3, 8))
    plan = AllOf(items=(Condition(field="joined_at", op=Op.WITHIN, window=day),))
    # New York's clocks go forward on 8 March 2026: that day has 23 hours.
    ids = open_audience(tmp_path, ZoneInfo("America/New_York")).member_ids(plan, AS_OF)
    assert asyncio.run(ids) == ["c1"]
