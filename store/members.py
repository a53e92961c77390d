"""The members of finished segments: one Parquet file each, written aside and renamed."""

import contextlib
import functools
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
from sqlalchemy import select

from planner.errors import Unavailable
from store.audience.files import quoted
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


def overlap(one: Path, other: Path) -> tuple[int, int, int]:
    """How many members the first file has, the second, and both.

    Raises:
        Unavailable: a file isn't there or can't be read.
    """
    sizes = "(select count(*) from read_parquet($1)), (select count(*) from read_parquet($2))"
    both = (
        "(select count(*) from read_parquet($1) "
        "where contact_id in (select contact_id from read_parquet($2)))"
    )
    with _reading() as connection:
        found = _row(connection, f"select {sizes}, {both}", str(one), str(other))
    return int(found[0]), int(found[1]), int(found[2])


def count_members(path: Path) -> int:
    """How many members a file has.

    Raises:
        Unavailable: it isn't there or can't be read.
    """
    with _reading() as connection:
        return int(_row(connection, "select count(*) from read_parquet($1)", str(path))[0])


def is_member(path: Path, contact_id: str) -> bool:
    """Whether a contact is in a file.

    Raises:
        Unavailable: it isn't there or can't be read.
    """
    found = "select count(*) from read_parquet($1) where contact_id = $2"
    with _reading() as connection:
        return bool(_row(connection, found, str(path), contact_id)[0])


def remove_member(path: Path, contact_id: str) -> bool:
    """Take a contact out of a file; False if it wasn't in. Whoever reads meanwhile reads either.

    Raises:
        Unavailable: the file isn't there, can't be read or not be written.
    """
    if not is_member(path, contact_id):
        return False
    part = path.with_name(f".{path.name}.part")
    left = "select contact_id from read_parquet($1) where contact_id <> $2"
    with _reading() as connection:
        connection.execute(
            f"copy ({left}) to {quoted(str(part))} (format parquet, compression zstd)",
            [str(path), contact_id],
        )
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
    return True


def _row(connection: duckdb.DuckDBPyConnection, sql: str, *values: str) -> Any:
    return connection.execute(sql, values).fetchone()


@functools.cache
def _database() -> duckdb.DuckDBPyConnection:
    """One for the process: opening another takes longer than most questions."""
    return duckdb.connect()


@contextlib.contextmanager
def _reading() -> Iterator[duckdb.DuckDBPyConnection]:
    try:
        with _database().cursor() as connection:
            yield connection
    except (duckdb.IOException, duckdb.InvalidInputException, OSError) as error:
        raise Unavailable("A segment's members can't be read at the moment.") from error


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
