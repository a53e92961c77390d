"""Inbox and outbox: every event is accepted once, every reply and notice leaves once.

A conversation's letters are handled in order and one at a time; its parcels leave in order.
"""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import and_, exists, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import Database
from store.tables import clock, free, inbox, outbox

KEPT_DAYS: Final = 7
"""How long a handled event is remembered, so that a late redelivery is known."""
_PARCELS_LOCK: Final = 0x_D1_71_52
_LETTERS_LOCK: Final = 0x_D1_71_53


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as it arrives."""

    conversation: str
    event_id: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """An event that was claimed from the inbox."""

    id: int
    conversation: str
    event_id: str
    body: dict[str, Any]
    attempts: int
    """Claims so far, this one included."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A reply or notice that was claimed from the outbox."""

    id: str
    """A UUID, the same at every attempt: a messenger's retry key."""
    conversation: str
    kind: str
    body: dict[str, Any]
    attempts: int
    seq: int


async def accept(db: Database, *, conversation: str, event_id: str, body: dict[str, Any]) -> bool:
    """Keep an event; False if that event id was kept before.

    Raises:
        Unavailable: the store does not answer; the messenger should send it again.
    """
    async with db.begin() as connection:
        return await put(connection, conversation=conversation, event_id=event_id, body=body)


async def put(
    connection: AsyncConnection, *, conversation: str, event_id: str, body: dict[str, Any]
) -> bool:
    """The same inside a transaction of the caller's."""
    return bool(await put_all(connection, [Arrival(conversation, event_id, body)]))


async def put_all(connection: AsyncConnection, arrivals: Sequence[Arrival]) -> set[str]:
    """Keep several events, in order; the ids of those that were not kept before."""
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert
    statement = insert(inbox).values(received_at=clock(connection.dialect), reason="", attempts=0)
    kept = await connection.execute(
        statement.on_conflict_do_nothing(index_elements=["event_id"]).returning(inbox.c.event_id),
        [asdict(arrival) for arrival in arrivals],
    )
    return set(kept.scalars())


async def next_letter(
    db: Database, lease_seconds: float, *, conversation: str | None = None
) -> Letter | None:
    """Claim the oldest event that is free, of one conversation or any; None if there is none.

    An event waits while an earlier one of its conversation is not done, or any is at work: on
    PostgreSQL one with a lower id may be committed after a later one was claimed.
    """
    other = inbox.alias()
    async with db.begin() as connection:
        await _one_claim_at_a_time(connection, _LETTERS_LOCK)
        now = clock(connection.dialect)
        waits = exists().where(
            other.c.conversation == inbox.c.conversation,
            other.c.done_at.is_(None),
            other.c.id != inbox.c.id,
            or_(other.c.id < inbox.c.id, ~free(other.c.lease_until, now, lease_seconds)),
        )
        oldest = select(inbox.c.id).where(
            inbox.c.done_at.is_(None), free(inbox.c.lease_until, now, lease_seconds), ~waits
        )
        if conversation is not None:
            oldest = oldest.where(inbox.c.conversation == conversation)
        oldest = oldest.order_by(inbox.c.id).limit(1).with_for_update(skip_locked=True)
        found = await connection.execute(
            update(inbox)
            .where(inbox.c.id == oldest.scalar_subquery())
            .values(lease_until=now + lease_seconds, attempts=inbox.c.attempts + 1)
            .returning(inbox)
        )
        row = found.one_or_none()
    if row is None:
        return None
    return Letter(row.id, row.conversation, row.event_id, row.body, row.attempts)


async def _one_claim_at_a_time(connection: AsyncConnection, lock: int) -> None:
    # SQLite has one writer anyway; elsewhere two claims could each take part of a conversation
    if connection.dialect.name != "sqlite":
        await connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": lock})


async def release(db: Database, letter_id: int, attempt: int | None = None) -> None:
    """Give a claimed event back, to be taken again at once; the attempt doesn't count.

    Told which `attempt` gives it back, it leaves alone what somebody else has claimed since.
    """
    held = update(inbox).where(inbox.c.id == letter_id, inbox.c.lease_until.is_not(None))
    if attempt is not None:
        held = held.where(inbox.c.attempts == attempt)
    async with db.begin() as connection:
        await connection.execute(held.values(lease_until=None, attempts=inbox.c.attempts - 1))


async def done(connection: AsyncConnection, letter_id: int) -> bool:
    """Mark an event as handled, in the turn's own transaction; False if it was already."""
    result = await connection.execute(
        update(inbox)
        .where(inbox.c.id == letter_id, inbox.c.done_at.is_(None))
        .values(done_at=clock(connection.dialect), lease_until=None)
        .returning(inbox.c.id)
    )
    return result.scalar() is not None


async def dead(connection: AsyncConnection, letter_id: int, reason: str) -> bool:
    """Give an event up, visibly: it is done, and the reason stays; False if it was done already."""
    result = await connection.execute(
        update(inbox)
        .where(inbox.c.id == letter_id, inbox.c.done_at.is_(None))
        .values(done_at=clock(connection.dialect), lease_until=None, reason=reason)
        .returning(inbox.c.id)
    )
    return result.scalar() is not None


async def post(
    connection: AsyncConnection, *, conversation: str, kind: str, body: dict[str, Any], key: str
) -> bool:
    """Put a reply or notice into the outbox; False if that key was posted before."""
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert
    statement = insert(outbox).values(
        id=str(uuid.uuid4()),
        conversation=conversation,
        kind=kind,
        body=body,
        key=key,
        status="waiting",
        reason="",
        created_at=clock(connection.dialect),
        attempts=0,
    )
    posted = await connection.execute(
        statement.on_conflict_do_nothing(index_elements=["key"]).returning(outbox.c.seq)
    )
    return posted.scalar() is not None


async def claim_parcels(
    db: Database,
    *,
    conversation: str | None = None,
    channels: tuple[str, ...] = (),
    limit: int,
    lease_seconds: float,
) -> list[Parcel]:
    """Claim what can leave now, in order within each conversation.

    A parcel waits while an earlier one of its conversation is being sent or waits to be retried.
    """
    earlier = outbox.alias()
    async with db.begin() as connection:
        await _one_claim_at_a_time(connection, _PARCELS_LOCK)
        now = clock(connection.dialect)
        blocked = exists().where(
            earlier.c.conversation == outbox.c.conversation,
            earlier.c.status == "waiting",
            earlier.c.seq < outbox.c.seq,
            or_(
                ~free(earlier.c.lease_until, now, lease_seconds),
                and_(earlier.c.not_before.is_not(None), earlier.c.not_before > now),
            ),
        )
        ready = select(outbox.c.seq).where(
            outbox.c.status == "waiting",
            free(outbox.c.lease_until, now, lease_seconds),
            outbox.c.not_before.is_(None) | (outbox.c.not_before <= now),
            ~blocked,
        )
        if conversation is not None:
            ready = ready.where(outbox.c.conversation == conversation)
        if channels:
            ready = ready.where(
                or_(*(outbox.c.conversation.startswith(f"{c}:", autoescape=True) for c in channels))
            )
        found = await connection.execute(
            update(outbox)
            .where(
                outbox.c.seq.in_(ready.order_by(outbox.c.seq).limit(limit)),
                outbox.c.status == "waiting",  # it may have been delivered late, just now
            )
            .values(lease_until=now + lease_seconds, attempts=outbox.c.attempts + 1)
            .returning(outbox)
        )
        rows = sorted(found.all(), key=lambda row: row.seq)
    return [Parcel(r.id, r.conversation, r.kind, r.body, r.attempts, r.seq) for r in rows]


async def delivered(db: Database, parcel_id: str) -> None:
    """The channel has taken it."""
    async with db.begin() as connection:
        await connection.execute(
            update(outbox)
            .where(outbox.c.id == parcel_id)
            .values(status="delivered", lease_until=None)
        )


async def undelivered(
    db: Database,
    parcel_id: str,
    retry_in: float | None,
    reason: str,
    *,
    attempt: int | None = None,
) -> None:
    """It could not be sent: try again in so many seconds, or (None) give it up, visibly.

    What was delivered meanwhile stays so. The parcels behind it that were claimed with it are
    given back, so as to leave as soon as it has left. Told which `attempt` failed, it leaves
    alone what somebody else has claimed since.
    """
    waiting = update(outbox).where(outbox.c.id == parcel_id, outbox.c.status == "waiting")
    if attempt is not None:
        waiting = waiting.where(outbox.c.attempts == attempt)
    async with db.begin() as connection:
        later = None if retry_in is None else clock(connection.dialect) + retry_in
        failed = await connection.execute(
            waiting.values(
                status="failed" if retry_in is None else "waiting",
                lease_until=None,
                not_before=later,
                reason=reason,
            ).returning(outbox.c.conversation, outbox.c.seq)
        )
        if (row := failed.one_or_none()) is not None:
            await _give_back_behind(connection, row.conversation, row.seq)


async def _give_back_behind(connection: AsyncConnection, conversation: str, seq: int) -> None:
    await connection.execute(
        update(outbox)
        .where(
            outbox.c.conversation == conversation,
            outbox.c.status == "waiting",
            outbox.c.seq > seq,
            outbox.c.lease_until.is_not(None),
        )
        .values(lease_until=None, attempts=outbox.c.attempts - 1)
    )


async def sweep(db: Database) -> int:
    """Forget events and deliveries older than KEPT_DAYS; how many events that were."""
    async with db.begin() as connection:
        old = clock(connection.dialect) - KEPT_DAYS * 86_400
        gone = await connection.execute(
            inbox.delete().where(inbox.c.done_at < old).returning(inbox.c.id)
        )
        await connection.execute(
            outbox.delete().where(outbox.c.status == "delivered", outbox.c.created_at < old)
        )
        return len(gone.all())
