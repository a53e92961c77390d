"""A home with a small imported data set, and chats as processes of their own."""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.local import stop_redis
from bot.sample import write_sample
from store.audience.load import import_folder

AS_OF = datetime(2026, 6, 30, 4, tzinfo=UTC)
DIVISI = (sys.executable, "-m", "bot.cli")
REQUEST = "customers with total spending over 1,000"
Json = dict[str, Any]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_sample(folder, contacts=400, as_of=AS_OF)
    return folder


@pytest.fixture
def home(tmp_path: Path, data: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    import_folder(data, home)
    yield home
    stop_redis(home)


def environment(home: Path) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith("DIVISI_")}
    for name in ("DATABASE_URL", "REDIS_URL", "AUDIENCE_URL", "LANG", "LC_ALL", "LC_MESSAGES"):
        mine.pop(name, None)
    return mine | {"DIVISI_HOME": str(home), "DIVISI_AS_OF": AS_OF.isoformat()}


class Chat:
    """`divisi chat --json` as a process."""

    def __init__(self, home: Path, *options: str, **variables: str) -> None:
        self._log = home / f"chat-{uuid.uuid4().hex}.log"
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [*DIVISI, "chat", "--json", *options],
                env=environment(home) | variables,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
            )
        self.welcome = self.read()

    def read(self) -> Json:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.log())
        found: Json = json.loads(line)
        return found

    def write(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def send(self, **message: object) -> Json:
        self.write(json.dumps(message))
        return self.read()

    def text(self, text: str) -> Json:
        return self.send(text=text)

    def choose(self, *ids: str) -> Json:
        return self.send(choose=list(ids))

    def plan(self, request: str = REQUEST) -> Json:
        """Ask for something, decline every suggestion, and get the plan."""
        answer = self.text(request)
        while answer["status"] == "asking":
            answer = self.choose("no")
        assert answer["status"] == "ready", answer
        return answer

    def create(self, name: str, request: str = REQUEST) -> Json:
        self.plan(request)
        self.choose("apply")
        answer = self.text(name)
        assert answer["status"] == "created", answer
        return answer

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.close()

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def close(self) -> int:
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()
        return self.process.wait(30)


@pytest.fixture
def chat(home: Path) -> Iterator[Callable[..., Chat]]:
    """Starts a chat on the home; all end with the test."""
    begun: list[Chat] = []

    def start(*options: str, **variables: str) -> Chat:
        begun.append(Chat(home, *options, **variables))
        return begun[-1]

    yield start
    for one in begun:
        if one.process.poll() is None:
            one.close()


def divisi(home: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*DIVISI, *arguments],
        env=environment(home) | variables,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=50,
    )


def texts(answer: Json) -> str:
    return " ".join(reply.get("text", "") for reply in answer["replies"])
