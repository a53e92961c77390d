"""The members of finished segments: one Parquet file each, written aside and renamed."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb

from store.database import Database
from store.segments import list_segments

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
    kept = {s.members_file for s in await list_segments(db, limit=1_000_000)}
    newest = max((entry.stat().st_mtime for entry in os.scandir(folder)), default=0.0)
    gone = 0
    for path in folder.glob("*.parquet*"):
        if path.name not in kept and path.stat().st_mtime < newest - older_than_seconds:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
