"""The worker's side of a segment: it is claimed, renewed, and finished or given up."""

from typing import Any, Final

from sqlalchemy import Update, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import Database
from store.segments.row import Segment, read_row
from store.tables import clock, free, segment

MOST_ATTEMPTS: Final = 5
"""Claims after which a segment that kills its workers is left alone."""


async def claim(db: Database, *, lease_seconds: float) -> Segment | None:
    """Claim the segment that has waited longest of those tried least; None if none waits.

    One that kills its workers so keeps no other one waiting, and isn't the next to be killed again.
    """
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
            .order_by(segment.c.attempts, segment.c.queued_at, segment.c.id)
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
    return None if row is None else read_row(row)


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
            listed_plan=segment.c.plan,
            listed_exclude=segment.c.exclude,
            listed_as_of=segment.c.as_of,
            listed_at=clock(connection.dialect),
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
    """It could not be computed: try again in so many seconds, or (None) never.

    One that was finished before is so again, with what its list is of; the reason stays.
    """
    outcome = (
        finished_again("failed") | {"not_before": None}
        if retry_in is None
        else {"status": "queued", "not_before": clock(connection.dialect) + retry_in}
    )
    failed = await connection.execute(
        _held(segment_id, fence)
        .values(outcome | {"reason": reason, "lease_until": None})
        .returning(segment.c.id)
    )
    return failed.scalar() is not None


def finished_again(otherwise: str) -> dict[str, Any]:
    """Values that give a segment back what its list is of; one without a list gets that status."""
    listed = segment.c.listed_at.is_not(None)
    return {
        "status": case((listed, "finished"), else_=otherwise),
        "plan": func.coalesce(segment.c.listed_plan, segment.c.plan),
        "exclude": func.coalesce(segment.c.listed_exclude, segment.c.exclude),
        "as_of": func.coalesce(segment.c.listed_as_of, segment.c.as_of),
    }
