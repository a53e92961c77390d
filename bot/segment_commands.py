"""`divisi segments`: what the chat does with segments that exist, from the command line."""

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.effects import TERMINAL
from bot.export import find
from bot.lookups import Lookups
from bot.noted import note_lookups
from bot.settings import Settings
from bot.stored import ask
from planner.chat import KnownSegment
from planner.errors import Misconfigured, Refused
from planner.lookups import Overlap, Reach, Why
from planner.naming import MAX_NAME
from planner.wording import known, say
from store import audit, segments
from store.audience import open_audience
from store.database import Database
from store.members import FOLDER
from store.segments import Segment

Change = Callable[[AsyncConnection, Segment], Awaitable[object]]


def rename(settings: Settings, which: str, name: str) -> None:
    """Give a segment another name.

    Raises:
        Misconfigured: there is no such segment, or the name can't be used.
    """
    plain = " ".join(name.split())
    if not plain or len(plain) > MAX_NAME or not plain.isprintable():
        raise Misconfigured(f"A name has 1 to {MAX_NAME} printable characters.")
    _change(settings, which, "rename", lambda c, s: segments.rename(c, s.id, plain, revision=None))


def describe(settings: Settings, which: str, text: str) -> None:
    """Give a segment another description.

    Raises:
        Misconfigured: there is no such segment.
    """
    plain = " ".join(text.split())
    _change(
        settings, which, "describe", lambda c, s: segments.describe(c, s.id, plain, revision=None)
    )


def recompute(settings: Settings, which: str) -> None:
    """Have a segment computed with the data of now; its conversation is told.

    Raises:
        Misconfigured: there is no such segment, or it is being computed.
    """
    as_of = settings.now()
    _change(
        settings,
        which,
        "recompute",
        lambda c, s: segments.recompute(c, s.id, as_of=as_of, conversation=s.conversation),
    )


def cancel(settings: Settings, which: str) -> None:
    """Stop computing a segment.

    Raises:
        Misconfigured: there is no such segment, or it is not being computed.
    """

    async def stop(connection: AsyncConnection, segment: Segment) -> None:
        if not await segments.cancel(connection, segment.id):
            raise Misconfigured("The segment is not being computed.")

    _change(settings, which, "cancel", stop)


def delete(settings: Settings, which: str) -> None:
    """Delete a segment and its list.

    Raises:
        Misconfigured: there is no such segment, or another one leaves it out.
    """
    gone = _change(settings, which, "delete", lambda c, s: segments.delete(c, s.id))
    for path in (settings.home / FOLDER).glob(f"{gone.id}-*.parquet"):
        path.unlink(missing_ok=True)


def overlap(settings: Settings, one: str, other: str) -> str:
    """How many contacts two segments share, as a sentence.

    Raises:
        Misconfigured: there is no such segment, or one has no list.
    """

    async def look(db: Database) -> str:
        pair = (_known(await find(db, one)), _known(await find(db, other)))
        return await _lookups(settings, db).told(Overlap(pair), "en")

    return ask(settings, look)


def reach(settings: Settings, which: str) -> str:
    """How many of a segment's members can be reached, as lines.

    Raises:
        Misconfigured: there is no such segment, or it has no list.
    """

    async def look(db: Database) -> str:
        return await _lookups(settings, db).told(Reach(_known(await find(db, which))), "en")

    return ask(settings, look)


def why(settings: Settings, contact: str, which: str) -> str:
    """Each condition of a segment with a contact's value, as lines.

    Raises:
        Misconfigured: there is no such segment.
    """

    async def look(db: Database) -> str:
        segment = await find(db, which)
        asked = Why(contact, segment.listing[0].root, segment.name, segment.id)
        told = await _lookups(settings, db).told(asked, "en")
        async with db.begin() as connection:
            await note_lookups(connection, [asked], TERMINAL)
        return told

    return ask(settings, look)


def _lookups(settings: Settings, db: Database) -> Lookups:
    audience = open_audience(settings.audience or settings.home, settings.zone)
    return Lookups(settings, db, audience)


def _known(segment: Segment) -> KnownSegment:
    return KnownSegment(segment.id, segment.name, segment.status, segment.count)


def _change(settings: Settings, which: str, act: str, change: Change) -> Segment:
    async def work(db: Database) -> Segment:
        segment = await find(db, which)
        async with db.begin() as connection:
            await change(connection, segment)
            what = f"segment.{act}"
            await audit.write(connection, who=TERMINAL, act=what, what=segment.id)
        return segment

    try:
        return ask(settings, work)
    except Refused as refusal:
        raise Misconfigured(_sentence(refusal)) from refusal


def _sentence(refusal: Refused) -> str:
    values = {
        name: ", ".join(value) if isinstance(value, tuple) else value
        for name, value in refusal.values.items()
    }
    if refusal.message_id == "name_taken":
        return f"There is already a segment called '{values['name']}'."
    if refusal.message_id == "segment.computing":
        return "The segment is being computed already."
    if known("en", refusal.message_id):
        return say("en", refusal.message_id, **values)
    return f"That can't be done ({refusal.message_id})."
