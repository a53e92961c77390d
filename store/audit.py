"""The audit log: who did what to which segment or operator, and when; never customer data."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import Database
from store.tables import audit, clock


@dataclass(frozen=True, slots=True)
class Entry:
    """One act."""

    id: int
    at: datetime
    who: str
    """As operators are named: "<channel>:<id>", or "terminal"."""
    act: str
    """What was acted on and how, such as "segment.create"."""
    what: str
    """Ids and settings; no name of a contact, and nothing that a person wrote."""


async def write(connection: AsyncConnection, *, who: str, act: str, what: str) -> None:
    """Write down who did what, in the transaction that does it."""
    await connection.execute(
        audit.insert().values(at=clock(connection.dialect), who=who, act=act, what=what)
    )


async def entries(db: Database, limit: int = 100, before: int | None = None) -> list[Entry]:
    """What was written, newest first; `before` is the id of the last entry of the page before."""
    wanted = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(audit.c.id < before)
    async with db.read() as connection:
        return [
            Entry(row.id, datetime.fromtimestamp(row.at, UTC), row.who, row.act, row.what)
            for row in await connection.execute(wanted)
        ]
