"""`divisi forget`: what is left of a contact in data, segments, exports and messages."""

import asyncio
import csv
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pexpect
import pytest
from sqlalchemy import Table, insert, select, update

from bot.export import export_list
from bot.forget import clean, naming
from planner.plan import AllOf, Plan
from store import mailbox, segments
from store.audience import open_audience, versions
from store.audience.load import import_folder
from store.database import Database
from store.members import members_path, read_members
from store.tables import audit, inbox, outbox, segment
from tests.bot.conftest import AS_OF, DIVISI, divisi, environment

ZONE = ZoneInfo("Asia/Taipei")
HEAD = "contact_id,display_name,joined_at,line_status,push_consent,sms_consent,email_consent"
WHO = '=C1 "x"\n\'s'
"""An id that CSV, JSON, SQL and spreadsheets all have to be careful with."""
T = TypeVar("T")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with three contacts; one of them is WHO."""
    folder = tmp_path / "in"
    folder.mkdir()
    with (folder / "contacts.csv").open("w", newline="") as file:
        file.write(HEAD + "\n")
        for who in (WHO, "C1", "C12"):
            row = (who, 'Ann, "the" best\nof \'em', "2026-01-01", "none", 1, 1, 1)
            csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(row)
    import_folder(folder, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, home: Path) -> str:
    """The segment store of the home."""
    if request.param == "sqlite":
        return f"sqlite:///{home / 'divisi.sqlite'}"
    return str(request.getfixturevalue("postgres_url"))


def ask(url: str, work: Callable[[Database], Awaitable[T]]) -> T:
    async def run() -> T:
        db = Database(url)
        try:
            await db.start()
            return await work(db)
        finally:
            await db.close()

    return asyncio.run(run())


async def add_segment(db: Database, home: Path, name: str) -> Path:
    async with db.begin() as connection:
        await segments.create(
            connection, segment_id=name, name=name, description="", plan=Plan(), exclude=(),
            as_of=datetime.now(UTC), asked_by="", conversation="c", key=name,
        )  # fmt: skip
    claimed = await segments.claim(db, lease_seconds=30)
    assert claimed is not None
    path = members_path(home, name, claimed.fence)
    path.parent.mkdir(exist_ok=True)
    count = await open_audience(home, ZONE).write_members(AllOf(), AS_OF, [], path)
    async with db.begin() as connection:
        await segments.finish(
            connection, name, claimed.fence, count=count, seconds=0, members_file=path.name
        )
    return path


def rows(url: str, table: Table) -> list[Any]:
    async def read(db: Database) -> list[Any]:
        async with db.read() as connection:
            return list((await connection.execute(select(table))).all())

    return ask(url, read)


def people(home: Path) -> list[str]:
    return asyncio.run(open_audience(home, ZONE).member_ids(AllOf(), AS_OF))


def forgotten(home: Path, url: str, who: str = WHO) -> "subprocess.CompletedProcess[str]":
    return divisi(home, "forget", who, "--yes", DATABASE_URL=url)


def test_a_contact_is_removed_from_everywhere(home: Path, url: str) -> None:
    audience = open_audience(home, ZONE)
    lists = [ask(url, lambda db, n=name: add_segment(db, home, n)) for name in ("one", "two")]
    left = members_path(home, "of a killed worker", 3)
    left.write_bytes(lists[0].read_bytes())
    exports = home / "exports"
    for name, columns, bom in (
        ("ids.csv", ("contact_id",), False),
        ("a/names.csv", ("display_name", "contact_id"), True),
        ("marked.csv", ("contact_id", "display_name"), True),
        ("nameless.csv", ("display_name",), False),
    ):
        asyncio.run(export_list(audience, lists[0], columns, exports / name, bom=bom))
    (exports / ".half.csv.part").write_text("contact_id\nC1\n")
    (exports / "other.csv").write_bytes(b'contact_id\r\nC1\r\n"a\rb",\xff\r\n')

    assert people(home) == [WHO, "C1", "C12"]
    done = forgotten(home, url)
    assert (done.returncode, done.stderr) == (0, "")
    assert WHO not in done.stdout
    assert done.stdout.splitlines() == [
        "Customer data: the contact and all that was known of it are removed.",
        "Segments: removed from 3 lists.",
        "Exports: removed from 3 files. Files kept elsewhere stay.",
        "Exports: 1 file without contact ids deleted whole.",
        "Messages: 0 messages that named the contact removed.",
        "If the source of the data still has the contact, the next import brings it back.",
    ]
    assert people(home) == ["C1", "C12"]
    assert len(list((home / "audience").glob("*.duckdb"))) == 1
    assert len(list((home / "audience").glob("*.json"))) == 1
    assert [list(read_members(path)) for path in (*lists, left)] == [["C1", "C12"]] * 3
    assert [row.count for row in rows(url, segment)] == [2, 2]
    name = '"Ann, ""the"" best\nof \'em"'
    assert {str(p.relative_to(exports)): p.read_bytes() for p in exports.rglob("*.*")} == {
        "ids.csv": b"contact_id\nC1\nC12\n",
        "a/names.csv": f"\ufeffdisplay_name,contact_id\n{name},C1\n{name},C12\n".encode(),
        "marked.csv": f"\ufeffcontact_id,display_name\nC1,{name}\nC12,{name}\n".encode(),
        "other.csv": b'contact_id\r\nC1\r\n"a\rb",\xff\r\n',
    }
    assert {oct(p.stat().st_mode)[-3:] for p in exports.rglob("*s.csv")} == {"600"}
    assert [(row.who, row.act, row.what) for row in rows(url, audit)] == [
        ("terminal", "contact.forget", "")
    ]
    again = forgotten(home, url)
    assert again.returncode == 1
    assert again.stderr.startswith("There is no contact of that id in the customer data.")
    assert "removed from 0 lists" in again.stdout


def test_a_contact_that_only_lists_know_is_removed_from_them(home: Path, url: str) -> None:
    path = ask(url, lambda db: add_segment(db, home, "one"))
    asyncio.run(
        export_list(open_audience(home, ZONE), path, ("contact_id",), home / "exports" / "a.csv")
    )
    versions.database_file(home, versions.current_version(home)).unlink()
    (home / "audience" / "current").unlink()
    done = forgotten(home, url, "C1")
    assert done.returncode == 1
    assert "Customer data" not in done.stdout
    assert "removed from 1 list." in done.stdout
    assert list(read_members(path)) == [WHO, "C12"]
    assert (home / "exports" / "a.csv").read_text().splitlines()[-1] == "C12"


def test_a_count_is_mended_after_a_kill(home: Path, url: str) -> None:
    """Killed between the file and the segment's row: the file is right, the row is not."""
    ask(url, lambda db: add_segment(db, home, "one"))

    async def wrong(db: Database) -> None:
        async with db.begin() as connection:
            await connection.execute(update(segment).values(count=4))

    ask(url, wrong)
    assert forgotten(home, url, "nobody").returncode == 1
    assert [row.count for row in rows(url, segment)] == [3]


def test_a_list_that_was_being_computed_is_computed_again(home: Path, url: str) -> None:
    async def begin(db: Database) -> segments.Segment | None:
        async with db.begin() as connection:
            await segments.create(
                connection, segment_id="s", name="s", description="", plan=Plan(), exclude=(),
                as_of=datetime.now(UTC), asked_by="", conversation="c", key="k",
            )  # fmt: skip
        return await segments.claim(db, lease_seconds=30)

    claimed = ask(url, begin)
    assert claimed is not None
    assert forgotten(home, url).returncode == 0

    async def end(db: Database) -> tuple[bool, segments.Segment | None]:
        async with db.begin() as connection:
            kept = await segments.finish(
                connection, "s", claimed.fence, count=3, seconds=0, members_file="old.parquet"
            )
        return kept, await segments.claim(db, lease_seconds=30)

    kept, again = ask(url, end)
    assert not kept
    assert again is not None
    assert again.attempts == claimed.attempts
    assert again.fence > claimed.fence


def test_messages_that_name_the_contact_go_but_no_news(home: Path, url: str) -> None:
    say = "why is {} in?".format
    sent: dict[str, tuple[str, str, Any]] = {
        "delivered": ("answer", "delivered", {"text": say(WHO)}),
        "failed": ("news", "failed", {"text": [say('=c1 "X"\n\'s')]}),
        "waiting": ("answer", "waiting", {"a": [{"b": f"「{WHO}」は"}]}),
        "state": ("answer", "delivered", {"state": '{"unclear": ["=C1 \\"x\\"\\n\'s"]}'}),
        "news": ("news", "waiting", {"text": say(WHO)}),
        "other": ("answer", "delivered", {"text": say(f"{WHO}2"), "number": 1, "no": None}),
        "longer": ("answer", "delivered", {"text": say("C1")}),
    }

    async def fill(db: Database) -> None:
        async with db.begin() as connection:
            for key, (kind, status, body) in sent.items():
                await mailbox.post(connection, conversation="c", kind=kind, body=body, key=key)
                await connection.execute(
                    update(outbox).where(outbox.c.key == key).values(status=status)
                )
            for at, text in enumerate((say(WHO), say("C1"), say(WHO))):
                await mailbox.put(
                    connection, conversation="c", event_id=f"e{at}", body={"event": {"text": text}}
                )
            await connection.execute(
                update(inbox).where(inbox.c.event_id != "e2").values(done_at=1.0)
            )
            noise = [
                {"id": f"n{n}", "conversation": "d", "kind": "answer", "body": {"text": "C1"},
                 "key": f"n{n}", "status": "delivered", "created_at": 1.0}
                for n in range(1_200)
            ]  # fmt: skip
            await connection.execute(insert(outbox), noise)
        async with db.begin() as connection:
            await mailbox.post(
                connection, conversation="c", kind="answer", body={"text": say(WHO)}, key="last"
            )

    ask(url, fill)
    done = forgotten(home, url)
    assert "Messages: 6 messages that named" in done.stdout
    kept = {
        row.key for row in rows(url, outbox) if not row.key.startswith("n") or row.key == "news"
    }
    assert kept == {"news", "other", "longer"}
    letters = {row.event_id: row.body for row in rows(url, inbox)}
    assert letters["e0"] == {}
    assert letters["e1"] == {"event": {"text": say("C1")}}
    assert letters["e2"] == {"event": {"text": say(WHO)}}

    async def redelivered(db: Database) -> bool:
        return await mailbox.accept(db, conversation="c", event_id="e0", body={"again": 1})

    assert not ask(url, redelivered)


def test_it_is_killed_anywhere_and_done_again(home: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{home / 'divisi.sqlite'}"
    paths = [ask(url, lambda db, n=n: add_segment(db, home, f"s{n}")) for n in range(12)]
    members = paths[0].read_bytes()
    target = home / "exports" / "a.csv"
    started = time.monotonic()
    assert divisi(home, "forget", "nobody", "--yes").returncode == 1
    whole = time.monotonic() - started
    for part in range(4):
        import_folder(tmp_path / "in", home)
        for path in paths:
            path.write_bytes(members)
        asyncio.run(export_list(open_audience(home, ZONE), paths[0], ("contact_id",), target))
        process = subprocess.Popen(
            [*DIVISI, "forget", WHO, "--yes"], env=environment(home), stdout=subprocess.DEVNULL
        )
        time.sleep(whole * (0.4 + part / 6))
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        assert divisi(home, "forget", WHO, "--yes").returncode in (0, 1)
        assert people(home) == ["C1", "C12"]
        assert all(list(read_members(path)) == ["C1", "C12"] for path in paths)
        assert {row.count for row in rows(url, segment)} == {2}
        assert target.read_text() == "contact_id\nC1\nC12\n"
        assert len(list((home / "audience").glob("*.duckdb"))) == 1
        assert not list((home / "audience").glob("*.building*"))


def test_it_asks_at_a_terminal_and_only_there(home: Path) -> None:
    silent = divisi(home, "forget", "C1")
    assert (silent.returncode, silent.stdout) == (1, "")
    assert "--yes" in silent.stderr
    for answer, code in (("no", 1), ("", 1), ("yes", 0)):
        child = pexpect.spawn(
            sys.executable, ["-m", "bot.cli", "forget", "C1"],
            env=environment(home), encoding="utf-8", timeout=30,
        )  # fmt: skip
        child.expect("Type yes to go on: ")
        child.sendline(answer)
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == code
        assert ("C1" in people(home)) == bool(code)
    assert divisi(home, "forget", " ", "--yes").stderr == "Name the contact by its id.\n"


def test_only_one_changes_the_data_at_a_time(home: Path) -> None:
    with versions.importing(home):
        done = divisi(home, "forget", "C1", "--yes")
    assert done.returncode == 1
    assert done.stderr == "Another import or removal is under way. Try again when it is done.\n"
    assert "C1" in people(home)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("c0001", True), ("Why C0001?", True), ("Ｃ０００１", True), ("C0001は", True),
        ("查C0001為何", True), ("C00012", False), ("XC0001", False), ("C0001_a", False),
        ("C 0001", False), ("", False),
    ],
)  # fmt: skip
def test_whole_words(text: str, named: bool) -> None:
    mentions = naming("C0001")
    assert mentions({"a": [1, None, True, {"b": text}]}) is named
    assert not mentions({text: 1})


def test_exports_of_every_shape(tmp_path: Path) -> None:
    long = "x" * 200_000
    files = {
        "empty.csv": "",
        "header.CSV": "contact_id\n",
        "short.csv": "name,contact_id\nalone\nann,C1\n",
        "long.csv": f'contact_id,note\nC1,"a\n{long}"\nC2,"b\n{long}"\nC1,"c"\n',
        "readme.txt": "C1\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert clean(tmp_path, "C1") == (2, 0)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == files | {
        "short.csv": "name,contact_id\nalone\n",
        "long.csv": f'contact_id,note\nC2,"b\n{long}"\n',
    }
    assert clean(tmp_path / "none", "C1") == (0, 0)
