"""Segments as tests make them."""

from datetime import UTC, datetime
from typing import Any

from planner.fields import Op
from planner.plan import AllOf, Condition, Plan
from store import segments
from store.database import Database
from store.segments import Segment


def plan_of(number: int) -> Plan:
    return Plan(root=AllOf(items=(Condition(field="order_count", op=Op.GE, number=number),)))


PLAN, OTHER_PLAN = plan_of(2), plan_of(3)
AS_OF = datetime(2026, 6, 30, 4, tzinfo=UTC)
LATER = datetime(2026, 7, 1, 4, tzinfo=UTC)


async def create(db: Database, segment_id: str, **changes: Any) -> str:
    values = {
        "name": segment_id, "description": "d", "plan": PLAN, "exclude": (), "as_of": AS_OF,
        "asked_by": "me", "conversation": "c", "key": segment_id,
    }  # fmt: skip
    async with db.begin() as connection:
        return await segments.create(connection, segment_id=segment_id, **(values | changes))


async def claim(db: Database) -> Segment:
    claimed = await segments.claim(db, lease_seconds=30)
    assert claimed is not None
    return claimed


async def finish(db: Database, claimed: Segment, count: int = 3) -> bool:
    async with db.begin() as connection:
        return await segments.finish(
            connection, claimed.id, claimed.fence, count=count, seconds=0.5,
            members_file=f"{claimed.id}-{claimed.fence}",
        )  # fmt: skip


async def fail(db: Database, claimed: Segment, retry_in: float | None = None) -> bool:
    async with db.begin() as connection:
        return await segments.fail(connection, claimed.id, claimed.fence, "no", retry_in=retry_in)


async def listed(db: Database, segment_id: str, **changes: Any) -> Segment:
    """A finished segment; no other may be waiting."""
    await create(db, segment_id, **changes)
    assert await finish(db, await claim(db))
    return await get(db, segment_id)


async def get(db: Database, segment_id: str) -> Segment:
    found = await segments.get(db, segment_id)
    assert found is not None
    return found


async def recompute(db: Database, segment_id: str, **changes: Any) -> None:
    values = {"as_of": LATER, "conversation": "c2"}
    async with db.begin() as connection:
        await segments.recompute(connection, segment_id, **(values | changes))


async def replan(db: Database, segment_id: str, **changes: Any) -> None:
    values = {
        "plan": OTHER_PLAN, "exclude": (), "as_of": LATER, "conversation": "c2", "revision": None,
    }  # fmt: skip
    async with db.begin() as connection:
        await segments.replan(connection, segment_id, **(values | changes))


async def cancel(db: Database, segment_id: str) -> bool:
    async with db.begin() as connection:
        return await segments.cancel(connection, segment_id)


async def delete(db: Database, segment_id: str) -> str | None:
    async with db.begin() as connection:
        return await segments.delete(connection, segment_id)
