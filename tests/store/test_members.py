import os
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from planner.plan import Plan
from store import segments
from store.database import Database
from store.members import members_path, read_members, sweep_members

pytestmark = pytest.mark.anyio


def write(path: Path, count: int) -> None:
    path.parent.mkdir(exist_ok=True)
    duckdb.sql(f"select printf('C%07d', range) contact_id from range({count})").write_parquet(
        str(path)
    )


def test_all_members_are_read_in_order(tmp_path: Path) -> None:
    path = members_path(tmp_path, "s", 1)
    write(path, 25_000)
    assert list(read_members(path)) == [f"C{n:07d}" for n in range(25_000)]


async def test_only_files_of_no_segment_are_swept(db: Database, tmp_path: Path) -> None:
    async with db.begin() as connection:
        await segments.create(
            connection, segment_id="s", name="n", description="", plan=Plan(), exclude=(),
            as_of=datetime.now(UTC), asked_by="", conversation="c", key="k",
        )  # fmt: skip
    claimed = await segments.claim(db, lease_seconds=30)
    assert claimed is not None
    kept, left, new = (members_path(tmp_path, "s", fence) for fence in (2, 1, 3))
    for path in (kept, left, new):
        write(path, 1)
    async with db.begin() as connection:
        await segments.finish(
            connection, "s", claimed.fence, count=1, seconds=0, members_file=kept.name
        )
    for path in (kept, left):
        os.utime(path, (time.time() - 9_000, time.time() - 9_000))
    assert await sweep_members(db, tmp_path) == 1
    assert [path.exists() for path in (kept, left, new)] == [True, False, True]


async def test_a_file_being_written_is_not_swept_however_long_it_takes(
    db: Database, tmp_path: Path
) -> None:
    async with db.begin() as connection:
        await segments.create(
            connection, segment_id="s", name="n", description="", plan=Plan(), exclude=(),
            as_of=datetime.now(UTC), asked_by="", conversation="c", key="k",
        )  # fmt: skip
    claimed = await segments.claim(db, lease_seconds=30)
    assert claimed is not None
    done = members_path(tmp_path, "s", claimed.fence)
    writing = done.with_name(f".{done.name}.part")
    left = done.with_name(".other-1.parquet.part")
    for path in (done, writing, left):
        write(path, 1)
        os.utime(path, (time.time() - 9_000, time.time() - 9_000))
    assert await sweep_members(db, tmp_path) == 1
    assert [path.exists() for path in (done, writing, left)] == [True, True, False]
