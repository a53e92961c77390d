"""A contact that is forgotten: the data is as if it had been imported without."""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pytest

from planner.errors import Misconfigured, Unavailable
from planner.fields import FIELDS
from planner.plan import AllOf
from store.audience import open_audience, prepare, versions
from store.audience.forget import forget_contact
from store.audience.load import import_folder
from tests.store.audience.test_explain import OWN, made

AS_OF = datetime(2026, 3, 31, 4, tzinfo=UTC)


@pytest.fixture
def mine(folder, tmp_path):
    """A home of the test's own, into which data was imported twice."""
    for _ in range(2):
        import_folder(folder, tmp_path)
    return tmp_path


def names(home):
    """Files of the audience, those with a version's name first."""
    found = [path.name for path in (home / "audience").iterdir()]
    return sorted(found, key=lambda name: ("." not in name, name))


def busiest(shop):
    """The contact with most orders; its tags and cart are in the data, too."""
    sql = "select contact_id from orders group by 1 order by count(*) desc, 1 limit 1"
    return shop.execute(sql).fetchone()[0]


def test_the_data_is_as_if_imported_without(mine, shop, folder, tmp_path_factory, zone):
    who = busiest(shop)
    without = tmp_path_factory.mktemp("without")
    for path in folder.iterdir():
        kept = f"select * from '{path}'"
        if path.stem == "order_items":
            orders = next(folder.glob("orders.*"))
            mine_too = f"(select order_id from '{orders}' where contact_id = '{who}')"
            kept += f" where order_id not in {mine_too}"
        else:
            kept += f" where contact_id <> '{who}'"
        shop.execute(f"copy ({kept}) to '{without / path.name}'")
    other = tmp_path_factory.mktemp("other")
    import_folder(without, other)

    assert forget_contact(mine, who)
    ours, theirs = (open_audience(home, zone) for home in (mine, other))
    dice = random.Random(3)
    fields = (*FIELDS.values(), *OWN)
    roots = [AllOf(items=(made(field, op, dice),)) for field in fields for op in field.operators]

    async def compare():
        one, two = await ours.catalogue(AS_OF), await theirs.catalogue(AS_OF)
        assert replace(one, version="") == replace(two, version="")
        assert await ours.count(roots, AS_OF) == await theirs.count(roots, AS_OF)
        for root in (AllOf(), *roots):
            assert await ours.member_ids(root, AS_OF) == await theirs.member_ids(root, AS_OF)
        assert await ours.explain(who, [], AS_OF) is None

    asyncio.run(compare())


def tables(path):
    with duckdb.connect(str(path), read_only=True) as db:
        rows = db.execute("select table_name from duckdb_tables() order by 1").fetchall()
        return {name: db.execute(f'select count(*) from "{name}"').fetchall() for (name,) in rows}


def test_nothing_of_it_stays_on_the_disk(tmp_path, zone):
    folder = tmp_path / "in"
    folder.mkdir()
    head = "contact_id,display_name,joined_at,line_status,push_consent,sms_consent,email_consent"
    rows = [f"C{n},name-{n}-of,2026-01-01,none,0,0,0" for n in range(3_000)]
    secret = 'secret-1,"Öz\nlem, ""the"" only-one",2026-01-01,none,0,0,0'
    (folder / "contacts.csv").write_text("\n".join([head, *rows, secret, ""]))
    (folder / "contact_tags.csv").write_text(
        "contact_id,source,tag\nsecret-1,maac,only-hers\nC1,caac,shared\n"
    )
    before = import_folder(folder, tmp_path).version
    old = versions.database_file(tmp_path, before)
    assert [old.read_bytes().count(w) > 0 for w in (b"secret-1", b"only-one", b"only-hers")] == [
        True, True, True,
    ]  # fmt: skip
    audience = open_audience(tmp_path, zone)
    assert asyncio.run(audience.count([AllOf()], AS_OF)) == [3_001]
    asyncio.run(audience.catalogue(AS_OF))

    assert forget_contact(tmp_path, "secret-1")
    after = versions.current_version(tmp_path)
    new = versions.database_file(tmp_path, after)
    left = b"".join(path.read_bytes() for path in (tmp_path / "audience").iterdir())
    assert [left.count(word) for word in (b"secret-1", b"only-one", b"only-hers")] == [0, 0, 0]
    assert names(tmp_path) == [new.name, "current", "lock"]
    assert set(tables(new)) == {
        "_attributes", "_latest", "_layout", "_products", "_values", "contact_notes",
        "contact_tags", "contacts", "items", "message_events", "open_carts", "purchases",
        "returns",
    }  # fmt: skip
    # Who has the old version open sees the new one at the next question.
    assert asyncio.run(audience.count([AllOf()], AS_OF)) == [3_000]
    assert asyncio.run(audience.catalogue(AS_OF)).names("tag") == ("shared",)


def test_who_is_not_known_changes_nothing_but_older_versions(mine):
    current = versions.current_version(mine)
    assert len([name for name in names(mine) if name.endswith(".duckdb")]) == 2
    for who in ("c003", "nobody", "'"):
        assert not forget_contact(mine, who)
    assert names(mine) == [f"{current}.duckdb", "current", "lock"]
    assert forget_contact(mine, "C003")
    assert not forget_contact(mine, "C003")
    assert not forget_contact(mine / "empty", "C003")


def test_what_was_killed_is_done_again(mine, zone):
    """Killed while it was building, and between the pointer and the old version's end."""
    old = versions.current_version(mine)
    left = versions.building_file(mine, versions.new_version())
    left.write_bytes(b"half")
    with versions.importing(mine):
        assert forget_contact(mine, "C003")
    assert not left.exists()
    again = versions.database_file(mine, old)
    again.write_bytes(b"the version before")
    assert not forget_contact(mine, "C003")
    assert not again.exists()
    assert asyncio.run(open_audience(mine, zone).count([AllOf()], AS_OF)) == [239]


def test_data_that_cannot_be_read_stays(mine, monkeypatch):
    before = versions.current_version(mine)
    monkeypatch.setattr(prepare, "LAYOUT", prepare.LAYOUT + 1)
    with pytest.raises(Misconfigured, match="divisi import"):
        forget_contact(mine, "C003")
    monkeypatch.undo()
    versions.database_file(mine, before).write_bytes(b"")
    with pytest.raises((Misconfigured, Unavailable)):
        forget_contact(mine, "C003")
    assert versions.current_version(mine) == before


def test_a_version_that_goes_while_it_is_opened(folder, tmp_path, zone, monkeypatch):
    import_folder(folder, tmp_path)
    current, stale = versions.current_version(tmp_path), ["gone", "gone"]
    real = versions.current_version
    monkeypatch.setattr(
        versions, "current_version", lambda home: stale.pop() if stale else real(home)
    )
    audience = open_audience(tmp_path, zone)
    assert asyncio.run(audience.count([AllOf()], AS_OF)) == [240]
    assert (stale, asyncio.run(audience.version())) == ([], current)
