"""One-time codes that make whoever sends one an operator; only what they hash to is kept."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from planner.errors import Refused
from store.database import Database
from store.operators import ROLES
from store.tables import clock, invitation


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a code gives to whoever sends it."""

    role: str
    name: str
    """What the person is called; may be empty."""
    made_by: str


async def keep(
    connection: AsyncConnection, digest: str, made: Invitation, *, seconds: float
) -> None:
    """Make a code good for so many seconds; those that have run out are removed.

    Raises:
        Refused: there is no such role ("operator.unknown_role").
    """
    if made.role not in ROLES:
        raise Refused("operator.unknown_role", role=made.role)
    now = clock(connection.dialect)
    await connection.execute(invitation.delete().where(invitation.c.expires_at < now))
    await connection.execute(
        invitation.insert().values(
            digest=digest,
            role=made.role,
            name=made.name,
            made_by=made.made_by,
            expires_at=now + seconds,
        )
    )


async def any_open(db: Database) -> bool:
    """Whether there is any code that could be used now."""
    async with db.read() as connection:
        now = clock(connection.dialect)
        found = await connection.execute(select(exists().where(invitation.c.expires_at >= now)))
        return bool(found.scalar())


async def take(connection: AsyncConnection, digest: str) -> Invitation | None:
    """Use a code up; None if it is none, was used, or has run out."""
    now = clock(connection.dialect)
    gone = await connection.execute(
        invitation.delete()
        .where(invitation.c.digest == digest, invitation.c.expires_at >= now)
        .returning(invitation.c.role, invitation.c.name, invitation.c.made_by)
    )
    row = gone.one_or_none()
    return None if row is None else Invitation(row.role, row.name, row.made_by)
