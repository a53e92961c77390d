"""The people who may talk to the bot, and what each may do.

A person is "<channel>:<id>" such as "slack:T1/U2" and "line:U3", or "terminal".
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Row, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from planner.errors import Refused
from store.database import Database
from store.tables import clock, operator

ROLES: Final = ("viewer", "creator", "admin")
"""What a person may do; each includes those before it."""
_ADMIN: Final = "admin"


@dataclass(frozen=True, slots=True)
class Operator:
    """A person with a role."""

    who: str
    name: str
    role: str
    added_at: datetime
    added_by: str
    """Who added the person, or changed them last."""


async def role_of(db: Database, who: str) -> str | None:
    """The person's role; None for a stranger."""
    async with db.read() as connection:
        return await role_in(connection, who)


async def role_in(connection: AsyncConnection, who: str) -> str | None:
    """The same inside a transaction of the caller's."""
    found = await operator_in(connection, who)
    return None if found is None else found.role


async def operator_in(connection: AsyncConnection, who: str) -> Operator | None:
    """The person with that role; None for a stranger."""
    found = await connection.execute(select(operator).where(operator.c.who == who))
    row = found.one_or_none()
    return None if row is None else _operator(row)


def _operator(row: Row[*tuple[Any, ...]]) -> Operator:
    added_at = datetime.fromtimestamp(row.added_at, UTC)
    return Operator(row.who, row.name, row.role, added_at, row.added_by)


async def put(
    connection: AsyncConnection, who: str, *, name: str, role: str, added_by: str
) -> None:
    """Add a person, or change name and role of one who is known.

    Raises:
        Refused: there is no such role ("operator.unknown_role"), or the others would be left
            without an admin ("operator.last_admin").
    """
    if role not in ROLES:
        raise Refused("operator.unknown_role", role=role)
    await _alone(connection)
    if role != _ADMIN:
        await _keep_an_admin(connection, who)
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert
    said = {"name": name, "role": role, "added_by": added_by}
    statement = insert(operator).values(who=who, added_at=clock(connection.dialect), **said)
    await connection.execute(statement.on_conflict_do_update(index_elements=["who"], set_=said))


async def remove(connection: AsyncConnection, who: str) -> bool:
    """Take a person's role away; False for a stranger.

    Raises:
        Refused: the others would be left without an admin ("operator.last_admin").
    """
    await _alone(connection)
    await _keep_an_admin(connection, who)
    gone = await connection.execute(
        operator.delete().where(operator.c.who == who).returning(operator.c.who)
    )
    return gone.scalar() is not None


async def _alone(connection: AsyncConnection) -> None:
    # Two admins who demote each other at once would both still see the other; SQLite has one
    # writer anyway. Readers don't wait.
    if connection.dialect.name != "sqlite":
        await connection.execute(text("lock table operator in share row exclusive mode"))


async def _keep_an_admin(connection: AsyncConnection, who: str) -> None:
    """Refuse if this person is an admin, there are others, and none of them is one."""
    others = select(operator.c.role).where(operator.c.who != who)
    left = set((await connection.execute(others.distinct())).scalars())
    if left and _ADMIN not in left and await role_in(connection, who) == _ADMIN:
        raise Refused("operator.last_admin")


async def list_operators(db: Database) -> list[Operator]:
    """Everybody with a role, in the order they were added."""
    async with db.read() as connection:
        found = await connection.execute(
            select(operator).order_by(operator.c.added_at, operator.c.who)
        )
        return [_operator(row) for row in found]
