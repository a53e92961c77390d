"""Who became a friend of a LINE account or blocked it, as LINE told: newest per person.

Customer data is what the last import said. What LINE tells in between is kept here, and written
into the data from time to time (store.audience.statuses).
"""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from store.database import Database
from store.tables import clock, friend

DAYS: Final = 7
"""How long what LINE told goes before what is imported: an export is seldom older."""


async def note(db: Database, line_user_id: str, *, followed: bool, at: datetime) -> None:
    """Keep what happened, unless something later is known; what is too old is forgotten.

    Raises:
        Unavailable: the store does not answer.
    """
    moment, status = at.timestamp(), "subscribed" if followed else "blocked"
    async with db.begin() as connection:
        insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert
        statement = insert(friend).values(line_user_id=line_user_id, status=status, at=moment)
        later = statement.on_conflict_do_update(
            index_elements=["line_user_id"],
            set_={"status": status, "at": moment},
            where=friend.c.at <= moment,
        )
        await connection.execute(later)
        old = clock(connection.dialect) - DAYS * 86_400
        await connection.execute(friend.delete().where(friend.c.at < old))


async def recent(db: Database) -> dict[str, str]:
    """The status of everybody of whom LINE told something in the last DAYS.

    Raises:
        Unavailable: the store does not answer.
    """
    async with db.read() as connection:
        old = clock(connection.dialect) - DAYS * 86_400
        rows = await connection.execute(
            select(friend.c.line_user_id, friend.c.status).where(friend.c.at >= old)
        )
        return {row.line_user_id: row.status for row in rows}
