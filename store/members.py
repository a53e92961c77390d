"""The members of finished segments: one Parquet file each, written aside and renamed."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb
from sqlalchemy import select

from store.database import Database
from store.tables import segment

_BATCH: Final = 10_000
FOLDER: Final = "members"


def members_path(home: Path, segment_id: str, fence: int) -> Path:
    """Where a worker that holds `fence` puts the members: no two workers share a file."""
    return home / FOLDER / f"{segment_id}-{fence}.parquet"


def read_members(path: Path) -> Iterator[str]:
    """The contact ids in a member file, in order, a batch in memory at a time."""
    with duckdb.connect() as connection:
        cursor = connection.execute("select contact_id from read_parquet($1)", [str(path)])
        while rows := cursor.fetchmany(_BATCH):
            yield from (row[0] for row in rows)


async def sweep_members(db: Database, home: Path, older_than_seconds: float = 3_600) -> int:
    """Delete files that no segment points to, left by workers that were killed; how many."""
    folder = home / FOLDER
    if not folder.is_dir():
        return 0
    old = time.time() - older_than_seconds
    kept = await _wanted(db)
    gone = 0
    for path in folder.glob("*.parquet*"):
        name = path.name.removeprefix(".").removesuffix(".part")  # while it is being written
        if name not in kept and path.stat().st_mtime < old:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


async def _wanted(db: Database) -> set[str]:
    """Names of the files that segments point to, or that a worker may be writing now."""
    columns = (segment.c.id, segment.c.fence, segment.c.members_file, segment.c.status)
    async with db.read() as connection:
        rows = (await connection.execute(select(*columns))).all()
    finished = {row.members_file for row in rows if row.members_file}
    computing = (row for row in rows if row.status == "computing")
    return finished | {members_path(Path(), row.id, row.fence).name for row in computing}
