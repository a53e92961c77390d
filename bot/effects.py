"""What a turn does to segments, in its own transaction, after the person's right is looked at."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.settings import Settings
from planner.chat import Role
from planner.effects import (
    CancelSegment,
    CreateSegment,
    DeleteSegment,
    DescribeSegment,
    Effect,
    RecomputeSegment,
    RenameSegment,
    ReplanSegment,
)
from planner.errors import Refused
from planner.plan import Plan
from store import audit, operators, segments
from store.database import Database
from store.members import FOLDER

TERMINAL: Final = "terminal"
"""Who sits at the machine; they have its files anyway, so they are its admin unless told else."""
_NAMES: Final[dict[type[Effect], str]] = {
    CreateSegment: "create",
    CancelSegment: "cancel",
    ReplanSegment: "edit",
    RecomputeSegment: "recompute",
    RenameSegment: "rename",
    DescribeSegment: "describe",
    DeleteSegment: "delete",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for an effect, where, and the moment that counts as now for the data."""

    who: str
    conversation: str
    as_of: datetime
    granted: str = ""


async def role_of(db: Database, who: str, granted: str = "", *, news: bool = False) -> Role | None:
    """The role of whoever talks to the bot; None: nobody that is to get an answer.

    A role given to the person goes before the one that their channel's configuration grants.
    """
    if news:
        return "admin"
    return _role(await operators.role_of(db, who), who, granted)


def _role(found: str | None, who: str, granted: str) -> Role | None:
    usual = "admin" if who == TERMINAL else granted if granted in operators.ROLES else None
    return cast(Role | None, found or usual)


async def carry_out(connection: AsyncConnection, effect: Effect, asked: Asked) -> None:
    """Do it and write it down.

    Raises:
        Refused: somebody else was quicker, or the person has no right to it any more.
    """
    own = await operators.role_in(connection, asked.who)
    if _role(own, asked.who, asked.granted) not in ("creator", "admin"):
        raise Refused("role.no_make")
    await _do(connection, effect, asked)
    act = f"segment.{_NAMES[type(effect)]}"
    await audit.write(connection, who=asked.who, act=act, what=effect.segment_id)


async def _do(connection: AsyncConnection, effect: Effect, asked: Asked) -> None:
    segment_id = effect.segment_id
    if isinstance(effect, CreateSegment):
        await _create(connection, effect, asked)
    elif isinstance(effect, ReplanSegment):
        await segments.replan(
            connection, segment_id, plan=Plan(root=effect.plan), exclude=effect.exclude,
            as_of=asked.as_of, conversation=asked.conversation, revision=effect.revision,
        )  # fmt: skip
    elif isinstance(effect, RecomputeSegment):
        await segments.recompute(
            connection, segment_id, as_of=asked.as_of, conversation=asked.conversation
        )
    elif isinstance(effect, RenameSegment):
        await segments.rename(connection, segment_id, effect.name, revision=effect.revision)
    elif isinstance(effect, DescribeSegment):
        await segments.describe(
            connection, segment_id, effect.description, revision=effect.revision
        )
    elif isinstance(effect, DeleteSegment):
        await segments.delete(connection, segment_id)
    else:
        await segments.cancel(connection, segment_id)


async def _create(connection: AsyncConnection, effect: CreateSegment, asked: Asked) -> None:
    plan = Plan(root=effect.plan)
    digest = hashlib.sha256(plan.model_dump_json().encode()).hexdigest()[:16]
    await segments.create(
        connection,
        segment_id=effect.segment_id,
        name=effect.name,
        description=effect.description,
        plan=plan,
        exclude=effect.exclude,
        as_of=asked.as_of,
        asked_by=asked.who,
        conversation=asked.conversation,
        key=f"{asked.conversation}:{effect.key}:{digest}",
    )


async def clean_up(settings: Settings, effects: Sequence[Effect]) -> None:
    """Remove the files of deleted segments; a file that stays behind is swept away later."""
    for effect in effects:
        if isinstance(effect, DeleteSegment):
            for path in (settings.home / FOLDER).glob(f"{effect.segment_id}-*.parquet"):
                path.unlink(missing_ok=True)
