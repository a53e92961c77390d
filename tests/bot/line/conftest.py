"""A Divisi with a LINE official account on loopback."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.conftest import AS_OF
from tests.bot.line import loopback, people
from tests.bot.line.loopback import Line
from tests.bot.line.people import House


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def line(anyio_backend: str) -> AsyncIterator[Line]:
    async with loopback.running() as found:
        yield found


@pytest.fixture
def environment(home: Path, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "AUDIENCE_URL", "LINE_ACCOUNTS", "LINE_GROUPS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DIVISI_HOME", str(home))
    monkeypatch.setenv("DIVISI_AS_OF", AS_OF.isoformat())
    monkeypatch.setenv("LINE_CHANNEL_SECRET", people.SECRET)
    monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", people.TOKEN)
    monkeypatch.setenv("LINE_API_URL", line.url)
    monkeypatch.setenv("PUBLIC_URL", "https://divisi.example")


@pytest.fixture
async def house(environment: None, line: Line) -> AsyncIterator[House]:
    async with people.house(line) as found:
        yield found
