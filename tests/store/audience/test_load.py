"""What an import takes in, leaves out, and refuses."""

import csv
import multiprocessing
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from planner.errors import Misconfigured, Refused
from planner.fields import Kind
from store.audience import versions
from store.audience.load import import_folder

HEADER = (
    "contact_id,birthday,joined_at,line_status,push_consent,sms_consent,email_consent,"
    "purchase_probability"
)
ANN = "ann,1990-01-02,2026-01-01T00:00:00Z,subscribed,true,1,yes,0.5"


@pytest.fixture
def write(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()

    def files(**tables):
        for name, text in tables.items():
            content = text if isinstance(text, bytes) else text.encode()
            (folder / f"{name}.csv").write_bytes(content)
        return folder

    return files


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def opened(home: Path) -> duckdb.DuckDBPyConnection:
    path = versions.database_file(home, versions.current_version(home))
    db = duckdb.connect(str(path), read_only=True)
    db.execute("set timezone = 'UTC'")
    return db


def rejects(report):
    with report.rejects_file.open(newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def test_every_reason_is_counted_and_every_good_row_is_in(write, home):
    contacts = [
        HEADER,
        ANN,
        ",1990-01-02,2026-01-01,none,0,0,0,",
        "bob,1990-02-30,2026-01-01,none,0,0,0,",
        "cyd,,tomorrow,none,0,0,0,",
        "dan,,2026-01-01,friends,0,0,0,",
        "eve,,2026-01-01,none,perhaps,0,0,",
        "fay,,2026-01-01,none,0,0,0,much",
        "gus,,2026-01-01,none,0,0,0,1.5",
        "ann,,2026-01-01,none,0,0,0,",
        "hal,,infinity,none,0,0,0,",
        "ivy,,2026-01-01,none,0,0",
        "jon,,2026-01-01 08:00:00+08:00,none,0,0,0,",
    ]
    orders = [
        "order_id,contact_id,ordered_at,amount,status",
        "o1,ann,2026-01-02,10.5,completed",
        "o1,ann,2026-01-03,11,completed",
        "o2,ann,2026-01-02,-1,completed",
        "o3,ann,2026-01-02,nan,completed",
        "o4,ann,2026-01-02,1,paid",
        "o5,zoe,2026-01-02,1,completed",
    ]
    items = [
        "order_id,product_id,product_name,category,quantity,unit_price",
        "o1,p1,Tea,Drinks,2,5.25",
        "o9,p1,Tea,Drinks,1,1",
        "o1,p1,Tea,Drinks,99999999999999,99999999999999",
    ]
    events = [
        "contact_id,channel,event,campaign,occurred_at",
        "ann,email,open,,2026-01-02",
        "ann,email,claim,,2026-01-02",
        "ann,fax,open,,2026-01-02",
        "ann,email,shut,,2026-01-02",
    ]
    tags = ["contact_id,source,tag", "ann,maac,VIP", "ann,crm,VIP", "ann,caac,"]
    folder = write(
        contacts="\n".join(contacts),
        orders="\n".join(orders),
        order_items="\n".join(items),
        message_events="\n".join(events),
        contact_tags="\n".join(tags),
    )
    report = import_folder(folder, home)
    assert report.rejected == {
        "contacts": {
            "too few columns": 1,
            "missing contact_id": 1,
            "unreadable date birthday": 1,
            "unreadable date joined_at": 2,
            "unknown line_status": 1,
            "unreadable yes/no push_consent": 1,
            "unreadable number purchase_probability": 1,
            "too large purchase_probability": 1,
            "duplicate contact_id": 1,
        },
        "contact_tags": {"unknown source": 1, "missing tag": 1},
        "orders": {
            "duplicate order_id": 1,
            "negative amount": 1,
            "unreadable number amount": 1,
            "unknown status": 1,
            "unknown contact_id": 1,
        },
        "order_items": {"unknown order_id": 1, "too large unit_price": 1},
        "message_events": {
            "not an event of the channel event": 1,
            "unknown channel": 1,
            "unknown event": 1,
        },
    }
    assert report.rows == {
        "contacts": 2, "contact_tags": 1, "orders": 1, "order_items": 1, "message_events": 1,
    }  # fmt: skip
    lines = rejects(report)
    assert ("contacts.csv", "12", "", "too few columns") in lines
    assert ("contacts.csv", "10", "contact_id", "duplicate") in lines
    assert ("contacts.csv", "4", "birthday", "unreadable date") in lines
    assert ("orders.csv", "7", "contact_id", "unknown") in lines
    text = report.rejects_file.read_text()
    assert not any(who in text for who in ("bob", "cyd", "fay", "zoe", "1990"))
    db = opened(home)
    found = db.execute("select contact_id, epoch(joined_at) from contacts order by 1").fetchall()
    assert found == [("ann", 1767225600), ("jon", 1767225600)]
    assert db.execute("select amount from purchases").fetchall()[0][0] == 10.5
    assert db.execute("select channel, event from message_events").fetchall() == [("email", "open")]


def test_lines_are_told_where_texts_have_line_breaks(write, home):
    notes = (
        '\ufeffcontact_id,source,note\r\nann,maac,"one\r\ntwo"\r\nann,fax,x\r\n\r\n'
        'ann,maac\r\nann,maac,"a ""b"""\r\nzoe,maac,y\r\n'
    )
    report = import_folder(write(contacts=f"{HEADER}\n{ANN}\n", contact_notes=notes), home)
    assert sorted(row[1:] for row in rejects(report)) == [
        ("4", "source", "unknown"),
        ("6", "", "too few columns"),
        ("8", "contact_id", "unknown"),
    ]
    found = opened(home).execute("select note from contact_notes order by 1").fetchall()
    assert found == [('a "b"',), ("one\r\ntwo",)]


def test_custom_attributes_have_the_type_of_their_values(write, home):
    header = f"{HEADER},points,shop,phone2,adult,renewal,seen,empty,tag,名"
    row = f"{ANN},12.5,Siam,0912,yes,2026-02-03,2026-02-03 10:00,,x,a"
    report = import_folder(write(contacts=f"{header}\n{row}\n"), home)
    assert report.left_out == ("tag",)
    kinds = dict(opened(home).execute("select name, kind from _attributes").fetchall())
    assert kinds == {
        "points": Kind.NUMBER, "shop": Kind.TEXT, "phone2": Kind.TEXT, "adult": Kind.BOOLEAN,
        "renewal": Kind.MOMENT, "seen": Kind.MOMENT, "empty": Kind.TEXT, "名": Kind.TEXT,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("contacts", "said"),
    [
        ("", r"contacts.csv lacks the column contact_id, .* nothing"),
        ("contact_id,joined\nann,1\n", r"lacks the column joined_at.* contact_id, joined\."),
        (f"{HEADER},a,a\n", "two columns named a"),
        (f"{HEADER}\n{ANN}\n\xff".encode("latin-1"), "not CSV text in UTF-8"),
        (f"{HEADER}\n".encode("utf-16"), "not CSV text in UTF-8"),
        (b"PAR1\x00\x00\xff\xfe", "not CSV text in UTF-8"),
    ],
)
def test_a_file_that_is_not_what_it_says_changes_nothing(write, home, contacts, said):
    before = import_folder(write(contacts=f"{HEADER}\n{ANN}\n"), home).version
    with pytest.raises(Misconfigured, match=said):
        import_folder(write(contacts=contacts), home)
    assert versions.current_version(home) == before
    assert not list((home / "audience").glob("*building*"))


def test_what_is_missing_is_said(tmp_path, write, home):
    with pytest.raises(Misconfigured, match="not a folder"):
        import_folder(tmp_path / "none", home)
    with pytest.raises(Misconfigured, match="no contacts"):
        import_folder(write(orders="x\n"), home)
    (write() / "contacts.parquet").write_bytes(b"contact_id\n")
    with pytest.raises(Misconfigured, match="not a readable Parquet file"):
        import_folder(write(), home)
    write(contacts=f"{HEADER}\n{ANN}\n")
    with pytest.raises(Misconfigured, match="both"):
        import_folder(write(), home)
    with pytest.raises(Misconfigured, match="divisi import FOLDER"):
        versions.current_version(home)


def test_old_versions_go_but_the_last_one_stays(write, home):
    folder = write(contacts=f"{HEADER}\n{ANN}\nann,,2026-01-01,none,0,0,0,\n")
    made = [import_folder(folder, home).version for _ in range(3)]
    kept = {path.name.split(".")[0] for path in (home / "audience").glob("*.*")}
    assert kept == set(made[1:])


def test_progress_goes_from_nothing_to_all(write, home):
    seen = []
    folder = write(
        contacts=f"{HEADER}\n{ANN}\n", orders="order_id,contact_id,ordered_at,amount,status\n"
    )
    import_folder(folder, home, progress=lambda done, table: seen.append((done, table)))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[0] == (0, "contacts")
    assert seen[-1][0] == 1


def _hold(home, held, done):
    with versions.importing(home):
        held.set()
        done.wait(20)


def test_two_imports_at_once_are_refused(write, home):
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(home, held, done))
    other.start()
    assert held.wait(20)
    with pytest.raises(Refused, match="import_running"):
        import_folder(write(contacts=f"{HEADER}\n{ANN}\n"), home)
    done.set()
    other.join(20)
    assert import_folder(write(contacts=f"{HEADER}\n{ANN}\n"), home).rows == {"contacts": 1}


def test_a_killed_import_leaves_nothing_harmful(write, home):
    before = import_folder(write(contacts=f"{HEADER}\n{ANN}\n"), home).version
    rows = "\n".join(f"c{n},,2026-01-01,none,0,0,0," for n in range(300_000))
    folder = write(contacts=f"{HEADER}\n{rows}\n")
    code = (
        "import sys; from pathlib import Path; from store.audience.load import import_folder; "
        "import_folder(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(folder), str(home)])
    until = time.monotonic() + 20
    while not list((home / "audience").glob("*.building")) and time.monotonic() < until:
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert versions.current_version(home) == before
    assert opened(home).execute("select count(*) from contacts").fetchone() == (1,)
    assert import_folder(folder, home).rows == {"contacts": 300_000}
    assert not list((home / "audience").glob("*building*"))
