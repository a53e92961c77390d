"""Changing segments that exist: rename, describe, edit, duplicate, compute again, delete."""

from typing import Final

from planner import about, naming, wording
from planner.chat import KnownSegment
from planner.commands import Manage
from planner.effects import (
    CancelSegment,
    DeleteSegment,
    DescribeSegment,
    RecomputeSegment,
    RenameSegment,
)
from planner.existing import DELETE, DESCRIBE, RENAME, begin, by_id, end, may, opened
from planner.state import Editing, Exclusion, Managing
from planner.talk import Talk, show

MAX_DESCRIPTION: Final = 500
"""Characters in a segment's description."""


def rename(talk: Talk, command: Manage, segment: KnownSegment) -> bool:
    """Another name, asked for where none was given."""
    name = naming.usable(talk, command.text, segment.segment_id) if command.text else None
    if name is None:
        begin(talk, Managing(action="rename", segment_id=segment.segment_id))
        kept = [talk.kept("cancel", RENAME)]
        talk.ask(RENAME, talk.word("segment.ask_rename", name=segment.name), kept)
        return True
    talk.effects.append(RenameSegment(segment.segment_id, name, segment.revision))
    talk.say("segment.renamed", before=segment.name, name=name)
    if talk.state.segment_id == segment.segment_id:
        talk.update(name=name)
    return talk.state.pending is None


def describe(talk: Talk, command: Manage, segment: KnownSegment) -> bool:
    """Another description, asked for where none was given."""
    text = " ".join(command.text.split())
    if not text or len(text) > MAX_DESCRIPTION:
        if text:
            talk.say("segment.description_long", limit=MAX_DESCRIPTION)
        begin(talk, Managing(action="describe", segment_id=segment.segment_id))
        kept = [talk.kept("cancel", DESCRIBE)]
        talk.ask(DESCRIBE, talk.word("segment.ask_description", name=segment.name), kept)
        return True
    talk.effects.append(DescribeSegment(segment.segment_id, text, segment.revision))
    talk.say("segment.described", name=segment.name, text=text)
    return talk.state.pending is None


def _take_up(talk: Talk, segment: KnownSegment) -> None:
    """Its plan and exclusions become those of the conversation."""
    names = {s.segment_id: s.name for s in talk.context.segments}
    out = [Exclusion(segment_id=i, name=names[i]) for i in segment.exclude if i in names]
    plan = opened(talk, segment).plan
    naming.reopen(talk)
    talk.update(
        draft=plan, before=(), touched=None, exclude=tuple(out), unclear=(), declined=(), card=""
    )


def edit(talk: Talk, _: Manage, segment: KnownSegment) -> bool:
    """Take the plan up, to be confirmed for the same segment."""
    _take_up(talk, segment)
    talk.update(
        editing=Editing(segment_id=segment.segment_id, name=segment.name, revision=segment.revision)
    )
    show(talk)
    return True


def duplicate(talk: Talk, _: Manage, segment: KnownSegment) -> bool:
    """A new segment of the same plan, once it has a name."""
    _take_up(talk, segment)
    naming.confirm(talk, suggested=segment.name)
    return True


def recompute(talk: Talk, _: Manage, segment: KnownSegment) -> bool:
    """Compute it with the data of now."""
    if segment.status in ("queued", "computing"):
        talk.say("segment.computing", name=segment.name)
        return talk.state.pending is None
    talk.effects.append(RecomputeSegment(segment.segment_id))
    about.queued_again(talk, segment)
    return talk.state.pending is None


def cancel(talk: Talk, _: Manage, segment: KnownSegment) -> bool:
    """Stop computing it."""
    if segment.status not in ("queued", "computing"):
        talk.say("act.nothing_to_cancel")
        return talk.state.pending is None
    if segment.segment_id == talk.state.segment_id and not segment.listed:
        naming.cancel_segment(talk)
        return True
    talk.effects.append(CancelSegment(segment.segment_id))
    talk.say("segment.kept_list" if segment.listed else "segment.stopped", name=segment.name)
    if segment.segment_id == talk.state.segment_id:
        talk.update(status="finished")
    return talk.state.pending is None


def delete(talk: Talk, _: Manage, segment: KnownSegment) -> bool:
    """Ask whether it is to be deleted; refused while another one needs it."""
    if _stays(talk, segment):
        return talk.state.pending is None
    begin(talk, Managing(action="delete", segment_id=segment.segment_id))
    kept = [talk.kept("yes", DELETE, "option.delete"), talk.kept("cancel", DELETE)]
    count = "" if segment.count is None else wording.number(talk.language, segment.count)
    key = "segment.ask_delete" if segment.count is not None else "segment.ask_delete_none"
    talk.ask(DELETE, talk.word(key, name=segment.name, count=count), kept)
    return True


def _stays(talk: Talk, segment: KnownSegment) -> bool:
    """Whether it can't be deleted, which is told: by this person, or while another needs it."""
    needing = [s.name for s in talk.context.segments if segment.segment_id in s.exclude]
    mine = segment.asked_by in ("", talk.context.who)
    if not may(talk.context, "make"):
        talk.say("role.no_make")
    elif not mine and not may(talk.context, "others"):
        talk.say("role.not_yours")
    elif needing:
        talk.say("segment.needed", name=segment.name, names=talk.quote(needing[:3]))
    else:
        return False
    return True


def deleted(talk: Talk, managing: Managing) -> None:
    """Delete it, now that it was confirmed, unless something has come in between."""
    end(talk)
    segment = by_id(talk, managing.segment_id)
    if segment is None:
        talk.say("segment.gone")
    elif _stays(talk, segment):
        return
    else:
        talk.effects.append(DeleteSegment(segment.segment_id))
        talk.say("segment.deleted", name=segment.name)
    _forget(talk, managing.segment_id)


def _forget(talk: Talk, segment_id: str) -> None:
    """Nothing in the conversation names a segment that is gone."""
    editing = talk.state.editing
    left = tuple(e for e in talk.state.exclude if e.segment_id != segment_id)
    talk.update(exclude=left, card="" if talk.state.card == segment_id else talk.state.card)
    if editing is not None and editing.segment_id == segment_id:
        talk.update(editing=None)
    if talk.state.segment_id == segment_id:
        naming.leave_plan(talk)
