import os
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from planner.errors import Unavailable
from planner.plan import Plan
from store import segments
from store.database import Database
from store.members import (
    count_members,
    is_member,
    members_path,
    overlap,
    read_members,
    remove_member,
    sweep_members,
)

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


def write_ids(path: Path, *ids: str) -> Path:
    rows = duckdb.connect()
    rows.execute("create table m (contact_id varchar)")
    rows.executemany("insert into m values (?)", [[each] for each in ids or ("x",)])
    if not ids:
        rows.execute("delete from m")
    rows.execute(f"copy m to '{str(path).replace(chr(39), chr(39) * 2)}' (format parquet)")
    return path


def test_two_lists_overlap(tmp_path: Path) -> None:
    one = write_ids(tmp_path / "it's.parquet", "a", "b", "c")
    other = write_ids(tmp_path / "other.parquet", "c", "B", "a", "d")
    none = write_ids(tmp_path / "none.parquet")
    assert overlap(one, other) == (3, 4, 2)
    assert overlap(other, one) == (4, 3, 2)
    assert overlap(one, one) == (3, 3, 3)
    assert overlap(one, none) == (3, 0, 0)
    with pytest.raises(Unavailable):
        overlap(one, tmp_path / "gone.parquet")


def test_a_member_is_found_and_taken_out(tmp_path: Path) -> None:
    path = write_ids(tmp_path / "it's.parquet", "=1", "a\n'b\"", "c", "C")
    assert [is_member(path, who) for who in ("c", "C", "a\n'b\"", "d")] == [True, True, True, False]
    assert not remove_member(path, "d")
    with path.open("rb") as reading:
        assert remove_member(path, "a\n'b\"")
        before = reading.read()
    assert before != path.read_bytes()
    assert list(read_members(path)) == ["=1", "c", "C"]
    assert not remove_member(path, "a\n'b\"")
    for who in ("=1", "c", "C"):
        assert remove_member(path, who)
    assert (list(read_members(path)), count_members(path)) == ([], 0)
    assert [each.name for each in tmp_path.iterdir()] == ["it's.parquet"]
    with pytest.raises(Unavailable):
        remove_member(tmp_path / "gone.parquet", "c")
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"no list")
    with pytest.raises(Unavailable):
        is_member(broken, "c")


def test_a_long_list_keeps_its_order_without_one(tmp_path: Path) -> None:
    path = tmp_path / "long.parquet"
    write(path, 300_000)
    assert remove_member(path, "C0150000")
    assert list(read_members(path)) == [f"C{n:07d}" for n in range(300_000) if n != 150_000]


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
