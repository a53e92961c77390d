"""Exports: a segment's list as a file, through the command line and for a chat."""

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.export import columns_of, export_list
from planner.errors import Misconfigured, Unavailable
from planner.plan import AllOf
from store.audience import open_audience
from store.database import Database
from store.tables import segment
from tests.bot.conftest import AS_OF, Chat, divisi

ZONE = ZoneInfo("Asia/Taipei")


def test_a_segment_is_exported_with_columns_while_it_is_computed_again(
    chat: Callable[..., Chat], home: Path, tmp_path: Path
) -> None:
    talk = chat()
    created = talk.create("VIP night")["replies"][-1]["segment_id"]
    count = talk.send(wait=30)["replies"][-1]["count"]
    talk.close()

    async def now(**values: str | None) -> None:
        db = Database(f"sqlite:///{home / 'divisi.sqlite'}")
        async with db.begin() as connection:
            await connection.execute(update(segment).values(**values))
        await db.close()

    asyncio.run(now(status="queued"))
    target = tmp_path / "list.csv"
    asked = ("segments", "export", "vip NIGHT", "--columns", "contact_id,display_name, Email")
    done = divisi(home, *asked, "--to", str(target))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    rows = target.read_text(encoding="utf-8").splitlines()
    assert (rows[0], len(rows)) == ("contact_id,display_name,email", count + 1)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    shown = divisi(home, *asked, "--bom")
    assert shown.stdout.splitlines() == ["\ufeff" + rows[0], *rows[1:]]
    ids = divisi(home, "segments", "export", created).stdout.splitlines()
    assert ids == [row.split(",")[0] for row in rows]
    assert list((home / "exports").iterdir()) == []
    unknown = divisi(home, "segments", "export", created, "--columns", "contact_id,shoes")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "'shoes'" in unknown.stderr
    assert "display_name, line_user_id" in unknown.stderr
    nowhere = divisi(home, "segments", "export", created, "--to", str(target / "x.csv"))
    assert (nowhere.returncode, len(nowhere.stderr.splitlines())) == (1, 1)
    assert "can't be written" in nowhere.stderr
    asyncio.run(now(members_file=None))
    early = divisi(home, "segments", "export", created)
    assert (early.returncode, early.stdout) == (1, "")
    assert "is queued: it has no members to export yet" in early.stderr


def test_a_chat_gets_a_whole_private_file_or_none(home: Path, tmp_path: Path) -> None:
    audience = open_audience(home, ZONE)
    members, target = tmp_path / "m.parquet", tmp_path / "exports" / "a.csv"
    count = asyncio.run(audience.write_members(AllOf(), AS_OF, [], members))
    columns = asyncio.run(columns_of(audience))
    assert columns[:2] == ("contact_id", "display_name")
    assert asyncio.run(export_list(audience, members, columns, target)) == count == 400
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700
    whole = target.read_bytes()
    for of, asked, error in (
        (tmp_path / "none.parquet", columns, Unavailable),
        (members, ("shoes",), Misconfigured),
    ):
        with pytest.raises(error):
            asyncio.run(export_list(audience, of, asked, target))
    assert [each.name for each in target.parent.iterdir()] == ["a.csv"]
    assert target.read_bytes() == whole
