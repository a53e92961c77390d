"""What the audit log is told of a turn besides its effects: what was asked for and looked at."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from planner.chat import Turn
from planner.lookups import Export, Lookup, Why
from planner.plan import AllOf, Condition, leaves
from planner.state import Conversation
from store import audit


async def note(
    connection: AsyncConnection, before: Conversation, turn: Turn[Conversation], who: str
) -> None:
    """Write down a plan whose numbers were shown, and what was read of segments and contacts."""
    if turn.view is not None and turn.state.draft != before.draft:
        await audit.write(connection, who=who, act="plan.ask", what=_fields(turn.state.draft))
    await note_lookups(connection, turn.lookups, who)


async def note_lookups(connection: AsyncConnection, lookups: Sequence[Lookup], who: str) -> None:
    """Write down lists that were exported, and that a contact was looked at, but not which."""
    for lookup in lookups:
        if isinstance(lookup, Export):
            act, what = "segment.export", lookup.segment.segment_id
        elif isinstance(lookup, Why):
            act, what = "contact.look", lookup.segment_id or _fields(lookup.plan)
        else:
            continue
        await audit.write(connection, who=who, act=act, what=what)


def _fields(plan: AllOf) -> str:
    """What a plan asks about, without the values: they may be words out of notes."""
    conditions = (leaf for leaf in leaves(plan) if isinstance(leaf, Condition))
    return " ".join(sorted({condition.field for condition in conditions}))
