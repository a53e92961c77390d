"""What is done with segments that exist: show, rename, edit, compute again, delete."""

from collections.abc import Callable, Sequence
from typing import Final

from planner import about, naming, wording
from planner.chat import (
    CancelSegment,
    Context,
    DeleteSegment,
    DescribeSegment,
    Export,
    KnownSegment,
    OpenSegment,
    Overlap,
    RecomputeSegment,
    RenameSegment,
    Role,
    SegmentList,
    Why,
)
from planner.commands import Answer, Command, Manage
from planner.errors import Refused
from planner.plan import AllOf, settled
from planner.state import Editing, Exclusion, KeptOption, Managing
from planner.talk import Talk, show

ACTIONS: Final = {
    "list": "look",
    "show": "look",
    "overlap": "look",
    "rename": "make",
    "describe": "make",
    "edit": "make",
    "recompute": "make",
    "duplicate": "make",
    "cancel": "make",
    "delete": "make",
    "export": "contacts",
    "why": "contacts",
}
"""What can be done, and the right that it takes."""
WHICH, DELETE, RENAME, DESCRIBE = (
    "segment.which",
    "segment.delete",
    "segment.rename",
    "segment.description",
)
SLOTS: Final = (WHICH, DELETE, RENAME, DESCRIBE)
"""Questions about segments that exist."""
MAX_DESCRIPTION: Final = 500
"""Characters in a segment's description."""
_LISTED, _CHOICES = 20, 10
_RIGHTS: Final[dict[Role, frozenset[str]]] = {
    "viewer": frozenset({"look"}),
    "creator": frozenset({"look", "make", "contacts"}),
    "admin": frozenset({"look", "make", "contacts", "others"}),
}


class NeedsSegment(Exception):  # noqa: N818 - no error: the step is to be taken again with it
    """The step has to see a segment's plan, which is not in its context."""

    def __init__(self, segment_id: str) -> None:
        super().__init__(segment_id)
        self.segment_id = segment_id


def may(context: Context, right: str) -> bool:
    """Whether the person's role has a right: look, make, contacts, or others (others' segments)."""
    return right in _RIGHTS[context.role]


def opened(talk: Talk, segment: KnownSegment) -> OpenSegment:
    """The segment with its plan.

    Raises:
        NeedsSegment: it has to be read first.
    """
    for each in talk.context.opened:
        if each.segment.segment_id == segment.segment_id:
            return each
    raise NeedsSegment(segment.segment_id)


def manage(talk: Talk, command: Manage) -> bool:
    """Do it; True where nothing further has to be shown."""
    right = ACTIONS[command.action]
    if not may(talk.context, right):
        talk.say(f"role.no_{right}")
        return False
    if command.action == "list":
        _list(talk, command)
        return False
    if command.action == "overlap":
        return _overlap(talk, command)
    if command.action == "why" and not command.names and _plan_at_hand(talk):
        return _why(talk, command, None)
    segment = _which(talk, command)
    return segment is None or _DO[command.action](talk, command, segment)


# ── which one ────────────────────────────────────────────────────────────────────────────────────


def by_id(talk: Talk, segment_id: str) -> KnownSegment | None:
    """The segment of that id, if it is there."""
    return next((s for s in talk.context.segments if s.segment_id == segment_id), None)


def _found(talk: Talk, words: str) -> list[KnownSegment]:
    """The segments of that name; else those whose names hold the words."""
    wanted = naming.name_key(words)
    known = talk.context.segments
    exact = [s for s in known if s.segment_id == words or naming.name_key(s.name) == wanted]
    return exact or [s for s in known if wanted and wanted in naming.name_key(s.name)]


def _which(talk: Talk, command: Manage) -> KnownSegment | None:
    """The segment that is meant; None where that is asked back, or there is none."""
    if command.names:
        found = _found(talk, command.names[0])
        if not found:
            talk.say("segment.unknown", name=talk.quote(command.names[:1]))
    else:
        found = _at_hand(talk)
        if not found:
            talk.say("act.no_segments")
    if len(found) == 1:
        return found[0]
    if found:
        _ask_which(talk, command, found[:_CHOICES])
    else:
        show_again(talk)
    return None


def _at_hand(talk: Talk) -> list[KnownSegment]:
    editing = talk.state.editing
    ids = (talk.state.card, talk.state.segment_id, editing.segment_id if editing else "")
    near = next((s for s in (by_id(talk, each) for each in ids if each) if s), None)
    return [near] if near is not None else list(talk.context.segments)


def _ask_which(talk: Talk, command: Manage, found: Sequence[KnownSegment]) -> None:
    _begin(talk, Managing(action=command.action, text=command.text))
    kept = [
        KeptOption(id=str(place), label=s.name, answer=Answer(WHICH, texts=(s.segment_id,)))
        for place, s in enumerate(found, 1)
    ]
    kept.append(talk.kept("cancel", WHICH))
    talk.ask(WHICH, talk.word("segment.ask_which"), kept)


def _begin(talk: Talk, managing: Managing) -> None:
    """Remember what is asked about, and where the conversation stood."""
    before = talk.state.managing
    back = before.back if before is not None else talk.state.status
    talk.update(managing=managing.model_copy(update={"back": back}))


def _end(talk: Talk) -> None:
    """The question about a segment is over: back to where the conversation stood."""
    managing = talk.state.managing
    if managing is not None:
        talk.update(status=managing.back, managing=None, pending=None)


# ── answers ──────────────────────────────────────────────────────────────────────────────────────


def tapped(talk: Talk, ids: Sequence[str]) -> None:
    """An option of a question about a segment.

    Raises:
        Refused: there is no such option.
    """
    pending, managing = talk.state.pending, talk.state.managing
    if pending is None or managing is None:
        return
    if set(ids) & {"cancel", "no", "skip"}:
        _end(talk)
        talk.say("act.left")
        show_again(talk)
        return
    kept = {option.id: option.answer for option in pending.options}
    if len(ids) != 1 or ids[0] not in kept:
        raise Refused("input.unknown_option")
    if pending.slot == DELETE:
        _deleted(talk, managing)
    elif pending.slot == WHICH:
        _go_on_with(talk, managing, kept[ids[0]].texts[0])


def typed(talk: Talk, text: str, commands: Sequence[Command]) -> bool:
    """Words instead of a tap; False where they are no answer to this question."""
    pending, managing = talk.state.pending, talk.state.managing
    if pending is None or managing is None:
        return False
    choices = {c.choice for c in commands if isinstance(c, Answer) and c.choice}
    if _says(text, "cancel") or choices & {"no", "skip"}:
        tapped(talk, ("cancel",))
    elif pending.slot in (RENAME, DESCRIBE):
        _end(talk)
        manage(talk, Manage(managing.action, (managing.segment_id,), text))
    elif pending.slot == WHICH and (found := _found(talk, text)):
        _end(talk)
        manage(talk, Manage(managing.action, (found[0].segment_id,), managing.text))
    elif pending.slot == DELETE and choices & {"yes", "all"}:
        _deleted(talk, managing)
    else:
        return False
    return True


def _says(text: str, key: str) -> bool:
    said = text.strip().casefold()
    return said in {wording.say(each, f"option.{key}").casefold() for each in wording.LANGUAGES}


def leave(talk: Talk) -> None:
    """Something else was said: the question about a segment is dropped."""
    if talk.state.managing is not None:
        _end(talk)


def _go_on_with(talk: Talk, managing: Managing, segment_id: str) -> None:
    _end(talk)
    if not manage(talk, Manage(managing.action, (segment_id,), managing.text)):
        show_again(talk)


def show_again(talk: Talk) -> None:
    """What stood before the question, unless a made segment's card is all that stands there."""
    if talk.state.status not in ("created", "finished", "failed"):
        show(talk)
    elif not talk.replies and not talk.lookups:
        naming.show_segment(talk, "")


# ── looking ──────────────────────────────────────────────────────────────────────────────────────


def _list(talk: Talk, command: Manage) -> None:
    found = list(talk.context.segments)
    if command.names:
        found = _found(talk, command.names[0])
    elif command.text == "mine":
        found = [s for s in found if s.asked_by == talk.context.who] or found
    if not found:
        name = talk.quote(command.names[:1])
        talk.say("segment.unknown" if command.names else "act.no_segments", name=name)
        return
    talk.replies.append(SegmentList(tuple(about.row(talk, s) for s in found[:_LISTED])))
    if len(found) > _LISTED:
        talk.say("segment.more", n=len(found) - _LISTED)


def _show(talk: Talk, _: Manage, segment: KnownSegment) -> bool:
    about.show_card(talk, opened(talk, segment))
    return talk.state.pending is None


def _export(talk: Talk, _: Manage, segment: KnownSegment) -> bool:
    if segment.listed:
        talk.lookups.append(Export(segment))
    else:
        talk.say("segment.no_list", name=segment.name)
    return talk.state.pending is None


def _plan_at_hand(talk: Talk) -> AllOf | None:
    """The plan under way, unless a segment's card was shown since."""
    draft = settled(talk.state.draft)
    return draft if draft.items and not talk.state.card and not talk.state.segment_id else None


def _why(talk: Talk, command: Manage, segment: KnownSegment | None) -> bool:
    if not command.text:
        talk.say("why.who")
    elif segment is None:
        talk.lookups.append(Why(command.text, settled(talk.state.draft)))
    else:
        plan = opened(talk, segment).plan
        talk.lookups.append(Why(command.text, plan, segment.name, segment.segment_id))
    return talk.state.pending is None


def _overlap(talk: Talk, command: Manage) -> bool:
    found = [s for name in command.names[:2] for s in _found(talk, name)[:1]]
    unknown = [name for name in command.names[:2] if not _found(talk, name)]
    if len(command.names) == 1 and not unknown:
        found += [s for s in _at_hand(talk) if s not in found][:1]
    missing = next((s for s in found if not s.listed), None)
    if unknown:
        talk.say("segment.unknown", name=talk.quote(unknown))
    elif len(found) < 2:
        talk.say("overlap.two")
    elif missing is not None:
        talk.say("segment.no_list", name=missing.name)
    else:
        talk.lookups.append(Overlap((found[0], found[1])))
    return talk.state.pending is None


# ── changing ─────────────────────────────────────────────────────────────────────────────────────


def _rename(talk: Talk, command: Manage, segment: KnownSegment) -> bool:
    name = naming.usable(talk, command.text, segment.segment_id) if command.text else None
    if name is None:
        _begin(talk, Managing(action="rename", segment_id=segment.segment_id))
        kept = [talk.kept("cancel", RENAME)]
        talk.ask(RENAME, talk.word("segment.ask_rename", name=segment.name), kept)
        return True
    talk.effects.append(RenameSegment(segment.segment_id, name, segment.revision))
    talk.say("segment.renamed", before=segment.name, name=name)
    if talk.state.segment_id == segment.segment_id:
        talk.update(name=name)
    return talk.state.pending is None


def _describe(talk: Talk, command: Manage, segment: KnownSegment) -> bool:
    text = " ".join(command.text.split())
    if not text or len(text) > MAX_DESCRIPTION:
        if text:
            talk.say("segment.description_long", limit=MAX_DESCRIPTION)
        _begin(talk, Managing(action="describe", segment_id=segment.segment_id))
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


def _edit(talk: Talk, _: Manage, segment: KnownSegment) -> bool:
    _take_up(talk, segment)
    talk.update(
        editing=Editing(segment_id=segment.segment_id, name=segment.name, revision=segment.revision)
    )
    talk.say("plan.edit", conditions=talk.numbered())
    show(talk)
    return True


def _duplicate(talk: Talk, _: Manage, segment: KnownSegment) -> bool:
    _take_up(talk, segment)
    naming.confirm(talk, suggested=segment.name)
    return True


def _recompute(talk: Talk, _: Manage, segment: KnownSegment) -> bool:
    if segment.status in ("queued", "computing"):
        talk.say("segment.computing", name=segment.name)
        return talk.state.pending is None
    talk.effects.append(RecomputeSegment(segment.segment_id))
    about.queued_again(talk, segment)
    return talk.state.pending is None


def _cancel(talk: Talk, _: Manage, segment: KnownSegment) -> bool:
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


def _delete(talk: Talk, _: Manage, segment: KnownSegment) -> bool:
    needing = [s.name for s in talk.context.segments if segment.segment_id in s.exclude]
    mine = segment.asked_by in ("", talk.context.who)
    if not mine and not may(talk.context, "others"):
        talk.say("role.not_yours")
        return False
    if needing:
        talk.say("segment.needed", name=segment.name, names=talk.quote(needing[:3]))
        return talk.state.pending is None
    _begin(talk, Managing(action="delete", segment_id=segment.segment_id))
    kept = [talk.kept("yes", DELETE, "option.delete"), talk.kept("cancel", DELETE)]
    count = "" if segment.count is None else wording.number(talk.language, segment.count)
    key = "segment.ask_delete" if segment.count is not None else "segment.ask_delete_none"
    talk.ask(DELETE, talk.word(key, name=segment.name, count=count), kept)
    return True


def _deleted(talk: Talk, managing: Managing) -> None:
    _end(talk)
    segment = by_id(talk, managing.segment_id)
    if segment is None:
        talk.say("segment.gone")
    elif any(segment.segment_id in s.exclude for s in talk.context.segments):
        _delete(talk, Manage("delete"), segment)
    else:
        talk.effects.append(DeleteSegment(segment.segment_id))
        talk.say("segment.deleted", name=segment.name)
    _forget(talk, managing.segment_id)
    show_again(talk)


def _forget(talk: Talk, segment_id: str) -> None:
    """Nothing in the conversation names a segment that is gone."""
    editing = talk.state.editing
    left = tuple(e for e in talk.state.exclude if e.segment_id != segment_id)
    talk.update(exclude=left, card="" if talk.state.card == segment_id else talk.state.card)
    if editing is not None and editing.segment_id == segment_id:
        talk.update(editing=None)
    if talk.state.segment_id == segment_id:
        naming.reopen(talk)


_DO: Final[dict[str, Callable[[Talk, Manage, KnownSegment], bool]]] = {
    "show": _show,
    "export": _export,
    "why": _why,
    "rename": _rename,
    "describe": _describe,
    "edit": _edit,
    "duplicate": _duplicate,
    "recompute": _recompute,
    "cancel": _cancel,
    "delete": _delete,
}
