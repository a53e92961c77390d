from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.settings import read_settings
from planner.errors import Misconfigured


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DIVISI_HOME", "DIVISI_AS_OF", "DIVISI_TIMEZONE", "PORT", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DIVISI_TIMEZONE", "")
    settings = read_settings()
    assert settings.home == tmp_path / ".divisi"
    assert str(settings.zone) == "Asia/Taipei"
    assert settings.database_url == f"sqlite:///{tmp_path}/.divisi/divisi.sqlite"
    assert abs((settings.now() - datetime.now(UTC)).total_seconds()) < 5


def test_as_of_is_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVISI_AS_OF", "2026-06-30T12:00:00+08:00")
    assert read_settings().now() == datetime(2026, 6, 30, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DIVISI_AS_OF", "yesterday"),
        ("DIVISI_AS_OF", "2026-06-30T04:00:00"),
        ("DIVISI_AS_OF", "0001-01-01T00:00:00+14:00"),
        ("DIVISI_TIMEZONE", "Mars/Olympus"),
        ("DIVISI_TIMEZONE", "../../etc/passwd"),
        ("DIVISI_CURRENCY", "dollars"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "web"),
        ("DIVISI_LOG_LEVEL", "loud"),
        ("DIVISI_HOME", "~nobody-of-that-name/x"),
    ],
)
def test_a_wrong_value_is_one_sentence_naming_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured, match=f"^{name} ") as caught:
        read_settings()
    assert "\n" not in str(caught.value)
