"""`divisi operators`: who may talk to the bot, and what each may do.

Whoever can run commands here is above all roles; in the audit log that is "terminal".
"""

import re
import sys
from collections.abc import Awaitable, Callable
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import pairing
from bot.settings import Settings
from bot.stored import ask
from planner.errors import Misconfigured, Refused
from store import audit, operators
from store.database import Database
from store.invitations import Invitation
from store.operators import ROLES, Operator

_HERE: Final = "terminal"
_WHO: Final = re.compile(r"terminal|[a-z]+:[\w/.@:-]{1,200}")


def print_operators(settings: Settings) -> None:
    """Print person, role and name of every operator, in the order they were added."""
    found = ask(settings, operators.list_operators)
    if not found:
        sys.stderr.write("There are no operators yet. Add one with: divisi operators add\n")
    for each in found:
        sys.stdout.write(f"{each.who}\t{each.role}\t{each.name}\n")


def add_operator(settings: Settings, who: str, name: str, role: str) -> None:
    """Give a person a role.

    Raises:
        Misconfigured: the person has one already, there is no such role, or `who` is none.
    """
    if not _WHO.fullmatch(who):
        raise Misconfigured(
            f"{who!r} is no person: write the channel, a colon and the person's id there, such as"
            " slack:T1/U2 or line:U3, or terminal."
        )

    async def add(connection: AsyncConnection) -> None:
        if await operators.operator_in(connection, who) is not None:
            raise Misconfigured(
                f"{who} is an operator already. Change the role with: divisi operators change"
            )
        await _put(connection, "operator.add", who, " ".join(name.split()), role)

    _change(settings, role, add)


def change_operator(settings: Settings, who: str, role: str) -> None:
    """Give a person another role.

    Raises:
        Misconfigured: nobody is known by that id, there is no such role, or the others would be
            left without an admin.
    """

    async def change(connection: AsyncConnection) -> None:
        known = await _known(connection, who)
        await _put(connection, "operator.change", who, known.name, role)

    _change(settings, role, change)


def remove_operator(settings: Settings, who: str) -> None:
    """Take a person's role away.

    Raises:
        Misconfigured: nobody is known by that id, or the others would be left without an admin.
    """

    async def remove(connection: AsyncConnection) -> None:
        await _known(connection, who)
        await operators.remove(connection, who)
        await audit.write(connection, who=_HERE, act="operator.remove", what=who)

    _change(settings, None, remove)


def invite_operator(settings: Settings, role: str, name: str, minutes: int) -> None:
    """Print a code that gives a role to whoever sends it to the bot, once.

    Raises:
        Misconfigured: there is no such role, or the code would be good for too long.
    """
    if role not in ROLES:
        raise Misconfigured(f"{role!r} is no role. Write one of {', '.join(ROLES)}.")
    if not 1 <= minutes <= pairing.MOST_MINUTES:
        raise Misconfigured(f"--minutes must be from 1 to {pairing.MOST_MINUTES:,}.")
    made = Invitation(role, " ".join(name.split()), _HERE)
    code = ask(settings, lambda db: pairing.invite(settings, db, made, minutes))
    sys.stdout.write(f"{code}\n")
    sys.stderr.write(
        f"Whoever sends this to the LINE official account within {minutes} minutes is a {role}."
        " It works once.\n"
    )


async def _known(connection: AsyncConnection, who: str) -> Operator:
    found = await operators.operator_in(connection, who)
    if found is None:
        raise Misconfigured(f"{who!r} is no operator. See: divisi operators list")
    return found


async def _put(connection: AsyncConnection, act: str, who: str, name: str, role: str) -> None:
    await operators.put(connection, who, name=name, role=role, added_by=_HERE)
    await audit.write(connection, who=_HERE, act=act, what=f"{who} {role}")


def _change(
    settings: Settings, role: str | None, work: Callable[[AsyncConnection], Awaitable[None]]
) -> None:
    if role is not None and role not in ROLES:
        raise Misconfigured(f"{role!r} is no role. Write one of {', '.join(ROLES)}.")

    async def change(db: Database) -> None:
        async with db.begin() as connection:
            await work(connection)

    try:
        ask(settings, change)
    except Refused as refusal:
        if refusal.message_id != "operator.last_admin":
            raise
        raise Misconfigured(
            "The others would be left without an admin. First make another one: divisi operators"
            " change WHO admin"
        ) from refusal
