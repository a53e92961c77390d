"""Segments that are looked for and listed."""

import json
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from planner.chat import KnownSegment
from store.database import Database
from store.segments.row import Segment, ids, name_key, read_row
from store.tables import segment

MOST_KNOWN: Final = 1_000
"""Segments that a conversation is told of, newest first."""
_NEWEST = (segment.c.created_at.desc(), segment.c.id)


async def get(db: Database, segment_id: str) -> Segment | None:
    """The segment of that id."""
    async with db.read() as connection:
        found = await connection.execute(select(segment).where(segment.c.id == segment_id))
        row = found.one_or_none()
    return None if row is None else read_row(row)


async def find(db: Database, name: str) -> Segment | None:
    """The segment of that name, in any letter case."""
    async with db.read() as connection:
        found = await connection.execute(
            select(segment).where(segment.c.name_key == name_key(name))
        )
        row = found.one_or_none()
    return None if row is None else read_row(row)


async def list_segments(
    db: Database,
    limit: int = 100,
    offset: int = 0,
    *,
    asked_by: str | None = None,
    text: str = "",
) -> list[Segment]:
    """Segments, newest first: all, one person's, or those with that text in their names.

    The text is looked for in any letter case and width.
    """
    wanted = select(segment).where(segment.c.name_key.contains(name_key(text), autoescape=True))
    if asked_by is not None:
        wanted = wanted.where(segment.c.asked_by == asked_by)
    async with db.read() as connection:
        found = await connection.execute(wanted.order_by(*_NEWEST).limit(limit).offset(offset))
        return [read_row(row) for row in found]


async def known(db: Database) -> list[KnownSegment]:
    """What a conversation has to know of the existing segments, newest first."""
    columns = (
        segment.c.id,
        segment.c.name,
        segment.c.status,
        segment.c.count,
        segment.c.revision,
        segment.c.listed_at.is_not(None).label("listed"),
        segment.c.asked_by,
        segment.c.description,
        segment.c.exclude,
    )
    async with db.read() as connection:
        found = await connection.execute(select(*columns).order_by(*_NEWEST).limit(MOST_KNOWN))
        return [KnownSegment(*(*row[:-1], ids(row.exclude))) for row in found]


async def excluding(db: Database, segment_id: str) -> list[str]:
    """Names of the segments that leave that one out, in their plan or in their present list."""
    async with db.read() as connection:
        return await names_excluding(connection, segment_id)


async def names_excluding(connection: AsyncConnection, segment_id: str) -> list[str]:
    """The same inside a transaction of the caller's."""
    columns = (segment.c.exclude, segment.c.listed_exclude)
    quoted = json.dumps(segment_id)
    maybe = await connection.execute(
        select(segment.c.name, *columns)
        .where(or_(*(column.contains(quoted, autoescape=True) for column in columns)))
        .order_by(segment.c.name_key)
    )
    # LIKE is not exact: on SQLite it takes A for a
    return [
        row.name
        for row in maybe
        if segment_id in ids(row.exclude) or segment_id in ids(row.listed_exclude or "[]")
    ]


async def counts(db: Database) -> dict[str, int]:
    """How many segments there are of each status."""
    async with db.read() as connection:
        found = await connection.execute(
            select(segment.c.status, func.count().label("number")).group_by(segment.c.status)
        )
        return {row.status: row.number for row in found}
