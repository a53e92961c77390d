"""Divisi as a process beside a fake Slack, over Socket Mode and over HTTP."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.local import stop_redis
from store.audience.load import import_folder
from tests.adapters.slack.fake import SECRET, FakeSlack, fake_slack
from tests.bot.conftest import AS_OF
from tests.bot.slack.people import Person

NAMES = ("DATABASE_URL", "REDIS_URL", "AUDIENCE_URL")


class Divisi:
    """`divisi serve`, with the settings of a test."""

    def __init__(
        self, slack: FakeSlack, home: Path, command: str = "serve", **variables: str
    ) -> None:
        self.slack, self.home, self.command = slack, home, command
        self.log = home / f"serve-{time.time_ns()}.log"
        self.port = free_port()
        self.variables = {
            "SLACK_API_URL": slack.api,
            "SLACK_BOT_TOKEN": "xoxb-1",
            "DIVISI_HOME": str(home),
            "DIVISI_AS_OF": AS_OF.isoformat(),
            "DIVISI_LOG_LEVEL": "debug",
            "PORT": str(self.port),
            **variables,
        }
        self.start()

    def start(self) -> None:
        kept = {
            n: v
            for n, v in os.environ.items()
            if not n.startswith(("DIVISI_", "SLACK_", "LINE_", "OPENAI_")) and n not in NAMES
        }
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", self.command],
                env=kept | self.variables,
                stderr=log,
                stdout=log,
            )
        try:
            self.wait()
        except BaseException:
            self.process.kill()
            raise

    def wait(self) -> None:
        if "SLACK_APP_TOKEN" in self.variables:
            self.slack.until(lambda: len(self.slack.sockets) >= 2, 40)
        else:
            self.slack.app_url = f"http://127.0.0.1:{self.port}/slack/events"
        if self.command == "serve":
            self.until_ready()

    def until_ready(self) -> None:
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/live", timeout=2)
                return
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def stop(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)
        self.process.wait(40)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


SOCKET = {"SLACK_APP_TOKEN": "xapp-1"}
HTTP = {"SLACK_SIGNING_SECRET": SECRET}


@pytest.fixture(scope="module")
def slack() -> Iterator[FakeSlack]:
    with fake_slack() as running:
        yield running


@pytest.fixture(scope="module")
def slack_home(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Iterator[Path]:
    home = tmp_path_factory.mktemp("home")
    import_folder(data, home)
    yield home
    stop_redis(home)


@pytest.fixture(scope="module")
def divisi(request: pytest.FixtureRequest, slack: FakeSlack, slack_home: Path) -> Iterator[Divisi]:
    """A running Divisi; everybody in SLACK_USERS may use it. Over either way."""
    mode = getattr(request, "param", SOCKET)
    slack.app_url = ""
    users = ",".join(f"U{number}" for number in range(1, 60))
    running = Divisi(slack, slack_home, SLACK_USERS=users, **mode)
    yield running
    running.stop()
    assert running.process.returncode == 0, running.log.read_text()


@pytest.fixture
def person(slack: FakeSlack, divisi: Divisi) -> Callable[[], Person]:
    """Makes people that nobody else is."""

    def made() -> Person:
        numbers.append(len(numbers) + 1)
        return Person(slack, f"U{numbers[-1]}")

    return made


numbers: list[int] = []
"""The users of this run so far."""
