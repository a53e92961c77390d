"""Codes that make somebody an operator on a messenger: made by an admin, sent there once.

Guessing is hopeless: a code has 49 bits, is good for minutes, and after a few wrong ones nothing
that a person sends is looked at for an hour. What was sent is hashed at once and kept nowhere.
"""

import re
import secrets
import unicodedata
from typing import Final, cast

from bot.secret import digest
from bot.settings import Settings
from planner.chat import Role
from store import audit, invitations, operators
from store.conversations import Conversations
from store.database import Database
from store.invitations import Invitation

MINUTES: Final = 10
"""How long a code is good for, unless told else."""
MOST_MINUTES: Final = 24 * 60
TRIES: Final = 5
"""Wrong codes of one person, within an hour."""
TRIES_OF_ALL: Final = 200
"""Wrong codes of everybody together, within an hour."""
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""None of those that are taken for another."""
_HALF: Final = 5
_CODE: Final = re.compile(f"[{_LETTERS}]{{{_HALF}}}-[{_LETTERS}]{{{_HALF}}}")
_HOUR: Final = 3_600


async def invite(settings: Settings, db: Database, made: Invitation, minutes: int = MINUTES) -> str:
    """A new code for a role.

    Raises:
        Refused: there is no such role ("operator.unknown_role").
        Misconfigured: the installation's secret can't be used.
    """
    halves = ("".join(secrets.choice(_LETTERS) for _ in range(_HALF)) for _ in range(2))
    code = "-".join(halves)
    async with db.begin() as connection:
        await invitations.keep(
            connection, digest(settings, "invitation", code), made, seconds=minutes * 60
        )
        await audit.write(
            connection, who=made.made_by, act="operator.invite", what=f"{made.role} {minutes} min"
        )
    return code


def read_code(text: str) -> str | None:
    """The code that a message is, if it looks like one; whatever else people write is none."""
    if len(text) > 40:
        return None
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    return plain if _CODE.fullmatch(plain) else None


async def pair(
    settings: Settings, db: Database, conversations: Conversations, who: str, text: str
) -> Role | None:
    """Make whoever sent a valid code an operator; None, and nothing kept, for all else.

    Raises:
        Unavailable: a store does not answer.
    """
    code = read_code(text)
    if code is None or not await invitations.any_open(db):
        return None
    tried = await conversations.count(f"code:{digest(settings, 'who', who)}", _HOUR)
    if tried > TRIES or await conversations.count("code:all", _HOUR) > TRIES_OF_ALL:
        return None
    async with db.begin() as connection:
        found = await invitations.take(connection, digest(settings, "invitation", code))
        if found is None:
            return None
        await operators.put(
            connection, who, name=found.name, role=found.role, added_by=found.made_by
        )
        await audit.write(connection, who=found.made_by, act="operator.pair", what=who)
        return cast(Role, found.role)
