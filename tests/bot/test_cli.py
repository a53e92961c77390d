"""The command line as a process."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.bot.conftest import DIVISI, Chat, divisi, environment


def test_import_reports_rows_and_rejects(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    rows = "contact_id,joined_at,line_status,push_consent,sms_consent,email_consent\n"
    good = "C1,2026-01-01T00:00:00Z,subscribed,true,true,true\n"
    (folder / "contacts.csv").write_text(
        rows + good + good + "C2,never,subscribed,true,true,true\n"
    )
    done = divisi(tmp_path / "home", "import", str(folder))
    assert done.returncode == 0, done.stderr
    assert "contacts" in done.stderr
    assert ".rejects.csv" in done.stderr.replace("\n", "")


@pytest.mark.parametrize(
    ("arguments", "variables", "words"),
    [
        (("chat", "--json"), {}, "No customer data yet. Run: divisi import FOLDER"),
        (("chat",), {}, "No customer data yet. Run: divisi import FOLDER"),
        (("import", "/no/such/folder"), {}, "/no/such/folder"),
        (("segments", "show", "nothing"), {}, "There is no segment of that name or id."),
        (("slack",), {}, "SLACK_BOT_TOKEN"),
        (("chat", "--json"), {"PORT": "web"}, "PORT is no port."),
        (("chat", "--json"), {"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        (("chat", "--conversation", "a b"), {}, "--conversation"),
        (("serve",), {"DIVISI_HOME": "/proc/nowhere"}, "DIVISI_HOME"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], variables: dict[str, str], words: str
) -> None:
    done = divisi(tmp_path / "home", *arguments, **variables)
    assert done.returncode == 1, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_redis_that_is_not_there_is_said(home: Path) -> None:
    done = divisi(home, "chat", "--json", REDIS_URL="redis://127.0.0.1:1")
    assert done.returncode == 1
    assert done.stderr == "The conversation store (Redis) does not answer.\n"


def test_usage_errors_and_version(tmp_path: Path) -> None:
    assert divisi(tmp_path, "chat", "--nonsense").returncode == 2
    assert divisi(tmp_path, "--version").stdout.startswith("divisi ")
    assert "worker" in divisi(tmp_path, "--help").stdout


def test_segments_are_listed_shown_and_exported(
    chat: Callable[..., Chat], home: Path, tmp_path: Path
) -> None:
    talk = chat()
    created = talk.create("VIP night")["replies"][-1]["segment_id"]
    count = talk.send(wait=30)["replies"][-1]["count"]
    assert divisi(home, "segments", "list").stdout == f"{created}\tfinished\t{count}\tVIP night\n"
    assert "Total spending > 1,000" in divisi(home, "segments", "show", created).stdout
    target = tmp_path / "members.csv"
    assert divisi(home, "segments", "export", created, "--to", str(target)).returncode == 0
    assert len(target.read_text().splitlines()) == count + 1
    assert [path.name for path in tmp_path.iterdir() if "members" in path.name] == ["members.csv"]


def test_serve_answers_and_ends_on_sigterm(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*DIVISI, "serve"], env=environment(home) | {"PORT": str(port)}, stderr=subprocess.DEVNULL
    )
    base = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=base) as client:
        for _ in range(100):
            try:
                ready = client.get("/health/ready")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        assert ready.json() == {"database": "ok", "redis": "ok", "audience": "ok"}
        assert 'divisi_segments{status="finished"} 0.0' in client.get("/metrics").text
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
