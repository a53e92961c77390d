"""The people's side of a segment: it is made, changed, computed again, cancelled and deleted.

Whoever changes a segment says which revision was seen, so that of two people who edit the same
segment the second is told. Each function works in the caller's transaction; one that refuses has
changed nothing.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from planner.errors import Refused
from planner.plan import Plan
from store.segments.jobs import finished_again
from store.segments.lists import names_excluding
from store.segments.row import name_key
from store.tables import clock, segment

_WAITS = ("queued", "computing")


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

    The description is the person's own words.

    Raises:
        Refused: another segment has that name ("name_taken"), or one to be left out is not there
            or has no list ("segment.unknown_exclude").
    """
    excludable = await _excludable(connection, exclude)
    now = clock(connection.dialect)
    values: dict[str, Any] = {
        "id": segment_id,
        "name": name,
        "name_key": name_key(name),
        "description": description,
        "asked_by": asked_by,
        "key": key,
        "created_at": now,
        "changed_at": now,
        "fence": 0,
    }
    values |= _planned(plan, exclude) | _queued(connection, as_of, conversation)
    if excludable and await _inserted(connection, values):
        return segment_id
    first = await connection.execute(select(segment.c.id).where(segment.c.key == key))
    if (known := first.scalar()) is not None:
        return str(known)
    if not excludable:
        raise Refused("segment.unknown_exclude")
    raise Refused("name_taken", name=name)


async def _inserted(connection: AsyncConnection, values: dict[str, Any]) -> bool:
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert
    made = await connection.execute(
        insert(segment).values(values).on_conflict_do_nothing().returning(segment.c.id)
    )
    return made.scalar() is not None


async def _excludable(connection: AsyncConnection, exclude: Sequence[str]) -> bool:
    """Whether all have lists; none can be deleted before this transaction has ended."""
    wanted = set(exclude)
    if not wanted:
        return True
    found = await connection.execute(
        select(segment.c.id)
        .where(segment.c.id.in_(wanted), segment.c.listed_at.is_not(None))
        .order_by(segment.c.id)
        .with_for_update(read=True, key_share=True)
    )
    return set(found.scalars()) == wanted


def _planned(plan: Plan, exclude: Sequence[str]) -> dict[str, Any]:
    return {"plan": plan.model_dump_json(), "exclude": json.dumps(list(exclude))}


def _queued(connection: AsyncConnection, as_of: datetime, conversation: str) -> dict[str, Any]:
    return {
        "status": "queued",
        "queued_at": clock(connection.dialect),
        "as_of": as_of.timestamp(),
        "conversation": conversation,
        "attempts": 0,
        "reason": "",
        "not_before": None,
        "lease_until": None,
    }


async def rename(
    connection: AsyncConnection, segment_id: str, name: str, *, revision: int | None
) -> None:
    """Give it another name; `revision` is the one that the person saw, None: whatever it is.

    Raises:
        Refused: "name_taken" with the name, "segment.stale", "segment.gone".
    """
    await _seen(connection, segment_id, revision)
    try:
        async with connection.begin_nested():  # PostgreSQL ends a transaction that had an error
            await _change(connection, segment_id, name=name, name_key=name_key(name))
    except IntegrityError as error:
        raise Refused("name_taken", name=name) from error


async def describe(
    connection: AsyncConnection, segment_id: str, description: str, *, revision: int | None
) -> None:
    """Give it other words of the person's own.

    Raises:
        Refused: "segment.stale", "segment.gone".
    """
    await _seen(connection, segment_id, revision)
    await _change(connection, segment_id, description=description)


async def recompute(
    connection: AsyncConnection, segment_id: str, *, as_of: datetime, conversation: str
) -> None:
    """Compute it again, of another moment; its list stays until the new one is in.

    The news will be told in that conversation.

    Raises:
        Refused: "segment.computing" if it waits for that already, "segment.gone".
    """
    row = await _seen(connection, segment_id, None)
    if row.status in _WAITS:
        raise Refused("segment.computing")
    await _change(connection, segment_id, **_queued(connection, as_of, conversation))


async def replan(  # noqa: PLR0913 - what the person decided, and where
    connection: AsyncConnection,
    segment_id: str,
    *,
    plan: Plan,
    exclude: Sequence[str],
    as_of: datetime,
    conversation: str,
    revision: int | None,
) -> None:
    """Give it another plan and other exclusions, and compute it; its list stays until then.

    What a worker is computing for it is discarded.

    Raises:
        Refused: "segment.stale", "segment.gone", "segment.excludes_itself", or
            "segment.unknown_exclude" if one to be left out is not there or has no list.
    """
    await _seen(connection, segment_id, revision)
    if segment_id in exclude:
        raise Refused("segment.excludes_itself")
    if not await _excludable(connection, exclude):
        raise Refused("segment.unknown_exclude")
    await _change(
        connection,
        segment_id,
        fence=segment.c.fence + 1,
        **_planned(plan, exclude),
        **_queued(connection, as_of, conversation),
    )


async def _seen(
    connection: AsyncConnection, segment_id: str, revision: int | None
) -> Row[Any, Any]:
    """Lock the row against other changes, but not against those who exclude it."""
    found = await connection.execute(
        select(segment.c.revision, segment.c.status)
        .where(segment.c.id == segment_id)
        .with_for_update(key_share=True)
    )
    row = found.one_or_none()
    if row is None:
        raise Refused("segment.gone")
    if revision not in (None, row.revision):
        raise Refused("segment.stale")
    return row


async def _change(connection: AsyncConnection, segment_id: str, **values: Any) -> None:
    stepped = {"revision": segment.c.revision + 1, "changed_at": clock(connection.dialect)}
    await connection.execute(
        update(segment).where(segment.c.id == segment_id).values(values | stepped)
    )


async def cancel(connection: AsyncConnection, segment_id: str) -> bool:
    """Stop computing a segment; a worker at it discards its work. False if nothing was to stop.

    One that has a list is finished again, with what the list is of.
    """
    cancelled = await connection.execute(
        update(segment)
        .where(segment.c.id == segment_id, segment.c.status.in_(_WAITS))
        .values(
            finished_again("cancelled")
            | {"lease_until": None, "not_before": None, "fence": segment.c.fence + 1, "reason": ""}
        )
        .returning(segment.c.id)
    )
    return cancelled.scalar() is not None


async def delete(connection: AsyncConnection, segment_id: str) -> str | None:
    """Remove a segment; the name of its member file, for the caller to unlink after the commit.

    Raises:
        Refused: "segment.gone", or "segment.needed" with the names of those that leave it out.
    """
    # The lock comes first: whoever is about to exclude it is waited for, and then seen below.
    found = await connection.execute(
        select(segment.c.name, segment.c.members_file)
        .where(segment.c.id == segment_id)
        .with_for_update()
    )
    row = found.one_or_none()
    if row is None:
        raise Refused("segment.gone")
    if names := await names_excluding(connection, segment_id):
        raise Refused("segment.needed", name=row.name, names=tuple(names))
    await connection.execute(segment.delete().where(segment.c.id == segment_id))
    return None if row.members_file is None else str(row.members_file)
