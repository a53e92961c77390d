"""What LINE tells of its friends reaches the data, and nothing else in it changes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from planner.errors import Refused
from planner.fields import Op
from planner.plan import AllOf, Condition
from store import friends
from store.audience import open_audience, versions
from store.audience.load import import_folder
from store.audience.statuses import apply_statuses
from store.database import Database

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 6, 30, 4, tzinfo=UTC)
HEADER = "contact_id,line_user_id,joined_at,line_status,push_consent,sms_consent,email_consent\n"
ROWS = (
    "c1,U1,2026-01-01T00:00:00Z,subscribed,true,true,true\n"
    "c2,U2,2026-01-01T00:00:00Z,blocked,true,true,true\n"
    "c3,,2026-01-01T00:00:00Z,none,true,true,true\n"
)
BLOCKED = AllOf(items=(Condition(field="line_status", op=Op.ANY_OF, texts=("blocked",)),))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "contacts.csv").write_text(HEADER + ROWS, encoding="utf-8")
    import_folder(folder, tmp_path / "home")
    return tmp_path / "home"


async def blocked(home: Path) -> list[str]:
    return await open_audience(home, ZoneInfo("UTC")).member_ids(BLOCKED, NOW)


async def test_statuses_change_for_those_who_are_known(home: Path) -> None:
    audience = open_audience(home, ZoneInfo("UTC"))
    assert await audience.member_ids(BLOCKED, NOW) == ["c2"]
    told = {"U1": "blocked", "U2": "subscribed", "U9": "blocked"}
    assert apply_statuses(home, told) == 2
    assert await audience.member_ids(BLOCKED, NOW) == ["c1"]
    assert await audience.count([AllOf()], NOW) == [3]
    version = versions.current_version(home)
    assert apply_statuses(home, told) == 0
    assert versions.current_version(home) == version


async def test_an_import_goes_first(home: Path) -> None:
    with versions.importing(home), pytest.raises(Refused):
        apply_statuses(home, {"U1": "blocked"})
    assert await blocked(home) == ["c2"]


async def test_data_without_line_ids_has_nobody_to_change(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    text = (HEADER + ROWS).replace("line_user_id,", "")
    for user in ("U1,", "U2,"):
        text = text.replace(user, "")
    (folder / "contacts.csv").write_text(text.replace("c3,,", "c3,"), encoding="utf-8")
    import_folder(folder, tmp_path / "home")
    assert apply_statuses(tmp_path / "home", {"U1": "blocked"}) == 0


async def test_without_data_there_is_nobody_to_change(tmp_path: Path) -> None:
    assert apply_statuses(tmp_path, {"U1": "blocked"}) == 0
    assert apply_statuses(tmp_path, {}) == 0


async def test_the_newest_that_line_told_counts_for_a_week(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'divisi.sqlite'}")
    await db.start()
    now = datetime.now(UTC)
    await friends.note(db, "U1", followed=False, at=now)
    await friends.note(db, "U1", followed=True, at=now - timedelta(minutes=1))
    await friends.note(db, "U2", followed=True, at=now)
    await friends.note(db, "U3", followed=True, at=now - timedelta(days=8))
    assert await friends.recent(db) == {"U1": "blocked", "U2": "subscribed"}
    await db.close()
