"""Operators and the audit log, on the command line."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bot.conftest import Chat, divisi


@pytest.fixture(params=["sqlite", "postgresql"])
def variables(request: pytest.FixtureRequest) -> dict[str, str]:
    if request.param == "sqlite":
        return {}
    return {"DATABASE_URL": str(request.getfixturevalue("postgres_url"))}


def test_operators_are_added_changed_removed_and_it_is_written_down(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    def run(*arguments: str) -> str:
        done = divisi(tmp_path, *arguments, **variables)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("operators", "add", "terminal", "admin")
    run("operators", "add", "slack:T1/U2", "creator", "--name", "Mei \t Lin")
    assert run("operators", "list") == "terminal\tadmin\t\nslack:T1/U2\tcreator\tMei Lin\n"
    run("operators", "change", "slack:T1/U2", "viewer")
    assert "slack:T1/U2\tviewer\tMei Lin\n" in run("operators", "list")
    run("operators", "remove", "slack:T1/U2")
    assert run("operators", "list") == "terminal\tadmin\t\n"
    rows = [line.split("\t") for line in run("audit").splitlines()]
    assert [row[1:] for row in rows] == [
        ["terminal", "operator.remove", "slack:T1/U2"],
        ["terminal", "operator.change", "slack:T1/U2 viewer"],
        ["terminal", "operator.add", "slack:T1/U2 creator"],
        ["terminal", "operator.add", "terminal admin"],
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", row[0]) for row in rows)
    assert run("audit", "--limit", "2").splitlines() == ["\t".join(row) for row in rows[:2]]


def test_an_invitation_is_a_code_that_is_kept_nowhere_as_it_is(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    done = divisi(
        tmp_path, "operators", "invite", "--role", "viewer", "--minutes", "5", **variables
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"[2-9A-Z]{5}-[2-9A-Z]{5}\n", done.stdout)
    assert "within 5 minutes is a viewer" in done.stderr
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    rows = divisi(tmp_path, "audit", **variables).stdout
    assert "\tterminal\toperator.invite\tviewer 5 min\n" in rows
    code = done.stdout.strip().encode()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if code in path.read_bytes()]


WRONG = [
    (("invite", "--role", "owner"), "'owner' is no role."),
    (("invite", "--minutes", "0"), "--minutes must be from 1 to 1,440."),
    (("invite", "--minutes", "1441"), "--minutes must be from 1 to 1,440."),
    (
        ("add", "slack:T1/U2", "owner"),
        "'owner' is no role. Write one of viewer, creator, admin.",
    ),
    (("add", "U2", "admin"), "'U2' is no person"),
    (("add", "slack:", "admin"), "'slack:' is no person"),
    (("add", "a:b c", "admin"), "'a:b c' is no person"),
    (("add", "terminal", "viewer"), "terminal is an operator already."),
    (("change", "line:U3", "admin"), "'line:U3' is no operator."),
    (("change", "terminal", "ADMIN"), "'ADMIN' is no role."),
    (("change", "terminal", "viewer"), "left without an admin"),
    (("remove", "line:U3"), "'line:U3' is no operator."),
    (("remove", "terminal"), "left without an admin"),
]


def test_what_is_wrong_is_one_sentence_and_changes_nothing(two: Path) -> None:
    before = divisi(two, "operators", "list").stdout
    for arguments, words in WRONG:
        done = divisi(two, "operators", *arguments)
        assert done.returncode == 1, arguments
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert divisi(two, "operators", "list").stdout == before
    assert len(divisi(two, "audit").stdout.splitlines()) == 2


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an admin and a viewer, for tests that change nothing."""
    home = tmp_path_factory.mktemp("two")
    for arguments in (("terminal", "admin"), ("slack:T1/U2", "viewer")):
        assert divisi(home, "operators", "add", *arguments).returncode == 0
    return home


def test_where_there_is_nothing_it_is_said(tmp_path: Path) -> None:
    for arguments in (("operators", "list"), ("audit",)):
        done = divisi(tmp_path, *arguments)
        assert (done.returncode, done.stdout) == (0, "")
        assert len(done.stderr.splitlines()) == 1
    assert divisi(tmp_path, "audit", "--limit", "0").returncode == 2


def test_what_was_done_in_the_chat_is_in_the_log(chat: Callable[..., Chat], home: Path) -> None:
    talk = chat()
    created = talk.create("VIP night")["replies"][-1]["segment_id"]
    assert f"\tterminal\tsegment.create\t{created}\n" in divisi(home, "audit").stdout
