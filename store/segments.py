"""Segments; a segment's row is also the job of computing it.

Claiming gives a lease and a fence. Whoever finishes must hold the newest fence, so work done
twice counts once; a lease that ends gives the segment to the next worker.
"""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Row, Update, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from planner.chat import KnownSegment
from planner.errors import Refused
from planner.plan import Plan
from store.database import Database
from store.tables import clock, free, segment

MOST_ATTEMPTS: Final = 5
"""Claims after which a segment that kills its workers is left alone."""
MOST_KNOWN: Final = 1_000
"""Segments that a conversation is told of, newest first."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A confirmed plan with its name and, once computed, its members."""

    id: str
    name: str
    description: str
    plan: Plan
    exclude: tuple[str, ...]
    """Ids of the segments whose members are left out."""
    status: str
    """queued, computing, finished, failed or cancelled."""
    as_of: datetime
    created_at: datetime
    asked_by: str
    conversation: str
    count: int | None
    seconds: float | None
    reason: str
    attempts: int
    fence: int
    members_file: str | None


def name_key(name: str) -> str:
    """What two names must differ in: neither letter case, width nor spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _segment(row: Row[tuple[object, ...]]) -> Segment:
    values = row._mapping  # noqa: SLF001 - its public name for this
    return Segment(
        id=values["id"],
        name=values["name"],
        description=values["description"],
        plan=Plan.model_validate_json(values["plan"]),
        exclude=tuple(json.loads(values["exclude"])),
        status=values["status"],
        as_of=datetime.fromtimestamp(values["as_of"], UTC),
        created_at=datetime.fromtimestamp(values["created_at"], UTC),
        asked_by=values["asked_by"],
        conversation=values["conversation"],
        count=values["count"],
        seconds=values["seconds"],
        reason=values["reason"],
        attempts=values["attempts"],
        fence=values["fence"],
        members_file=values["members_file"],
    )


async def create(  # noqa: PLR0913 - a row
    connection: AsyncConnection,
    *,
    segment_id: str,
    name: str,
    description: str,
    plan: Plan,
    exclude: Sequence[str],
    as_of: datetime,
    asked_by: str,
    conversation: str,
    key: str,
) -> str:
    """Keep a confirmed plan, to be computed; the same key again gives the first one's id.

    Raises:
        Refused: another segment has that name.
    """
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert
    statement = insert(segment).values(
        id=segment_id,
        name=name,
        name_key=name_key(name),
        description=description,
        plan=plan.model_dump_json(),
        exclude=json.dumps(list(exclude)),
        status="queued",
        as_of=as_of.timestamp(),
        created_at=clock(connection.dialect),
        asked_by=asked_by,
        conversation=conversation,
        key=key,
        reason="",
        attempts=0,
        fence=0,
    )
    made = await connection.execute(statement.on_conflict_do_nothing().returning(segment.c.id))
    if (new := made.scalar()) is not None:
        return str(new)
    first = await connection.execute(select(segment.c.id).where(segment.c.key == key))
    if (known := first.scalar()) is not None:
        return str(known)
    raise Refused("name_taken", name=name)


async def claim(db: Database, *, lease_seconds: float) -> Segment | None:
    """Claim the segment that has waited longest; None if none waits."""
    async with db.begin() as connection:
        now = clock(connection.dialect)
        waiting = (
            select(segment.c.id)
            .where(
                or_(
                    (segment.c.status == "queued")
                    & (segment.c.not_before.is_(None) | (segment.c.not_before <= now)),
                    (segment.c.status == "computing")
                    & free(segment.c.lease_until, now, lease_seconds),
                )
            )
            .order_by(segment.c.created_at, segment.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        found = await connection.execute(
            update(segment)
            .where(segment.c.id == waiting.scalar_subquery())
            .values(
                status="computing",
                lease_until=now + lease_seconds,
                attempts=segment.c.attempts + 1,
                fence=segment.c.fence + 1,
            )
            .returning(segment)
        )
        row = found.one_or_none()
    return None if row is None else _segment(row)


async def heartbeat(db: Database, segment_id: str, fence: int, lease_seconds: float) -> bool:
    """Renew a lease; False if the segment is somebody else's by now."""
    async with db.begin() as connection:
        renewed = await connection.execute(
            _held(segment_id, fence)
            .values(lease_until=clock(connection.dialect) + lease_seconds)
            .returning(segment.c.id)
        )
        return renewed.scalar() is not None


def _held(segment_id: str, fence: int) -> Update:
    return update(segment).where(
        segment.c.id == segment_id, segment.c.fence == fence, segment.c.status == "computing"
    )


async def finish(
    connection: AsyncConnection,
    segment_id: str,
    fence: int,
    *,
    count: int,
    seconds: float,
    members_file: str,
) -> bool:
    """The members are computed; False if the fence is not the newest: discard them."""
    finished = await connection.execute(
        _held(segment_id, fence)
        .values(
            status="finished",
            count=count,
            seconds=seconds,
            members_file=members_file,
            lease_until=None,
            reason="",
        )
        .returning(segment.c.id)
    )
    return finished.scalar() is not None


async def fail(
    connection: AsyncConnection,
    segment_id: str,
    fence: int,
    reason: str,
    *,
    retry_in: float | None,
) -> bool:
    """It could not be computed: try again in so many seconds, or (None) never."""
    later = None if retry_in is None else clock(connection.dialect) + retry_in
    failed = await connection.execute(
        _held(segment_id, fence)
        .values(
            status="failed" if retry_in is None else "queued",
            reason=reason,
            lease_until=None,
            not_before=later,
        )
        .returning(segment.c.id)
    )
    return failed.scalar() is not None


async def cancel(connection: AsyncConnection, segment_id: str) -> bool:
    """Stop a segment that is not finished; a worker at it discards its work."""
    cancelled = await connection.execute(
        update(segment)
        .where(segment.c.id == segment_id, segment.c.status.in_(("queued", "computing")))
        .values(status="cancelled", lease_until=None, fence=segment.c.fence + 1)
        .returning(segment.c.id)
    )
    return cancelled.scalar() is not None


async def get(db: Database, segment_id: str) -> Segment | None:
    """The segment of that id."""
    async with db.read() as connection:
        found = await connection.execute(select(segment).where(segment.c.id == segment_id))
        row = found.one_or_none()
    return None if row is None else _segment(row)


async def find(db: Database, name: str) -> Segment | None:
    """The segment of that name, in any letter case."""
    async with db.read() as connection:
        found = await connection.execute(
            select(segment).where(segment.c.name_key == name_key(name))
        )
        row = found.one_or_none()
    return None if row is None else _segment(row)


async def list_segments(db: Database, limit: int = 100, offset: int = 0) -> list[Segment]:
    """Segments, newest first."""
    async with db.read() as connection:
        found = await connection.execute(
            select(segment)
            .order_by(segment.c.created_at.desc(), segment.c.id)
            .limit(limit)
            .offset(offset)
        )
        return [_segment(row) for row in found]


async def known(db: Database) -> list[KnownSegment]:
    """What a conversation has to know of the existing segments, newest first."""
    columns = (segment.c.id, segment.c.name, segment.c.status, segment.c.count)
    async with db.read() as connection:
        found = await connection.execute(
            select(*columns).order_by(segment.c.created_at.desc()).limit(MOST_KNOWN)
        )
        return [KnownSegment(*row) for row in found]


async def counts(db: Database) -> dict[str, int]:
    """How many segments there are of each status."""
    async with db.read() as connection:
        found = await connection.execute(
            select(segment.c.status, func.count().label("number")).group_by(segment.c.status)
        )
        return {row.status: row.number for row in found}
