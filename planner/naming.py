"""From a confirmed plan to a segment: its name, the segments left out, and what became of it."""

from planner import explain, wording
from planner.chat import (
    CancelSegment,
    CreateSegment,
    KnownSegment,
    Option,
    SegmentCard,
    SegmentList,
    Settled,
)
from planner.commands import Answer
from planner.plan import settled
from planner.state import Exclusion, KeptOption
from planner.talk import Talk, show

MAX_NAME = 100
"""Characters in a segment's name."""
MAX_EXCLUDED = 2
"""Segments left out of one."""
_LISTED = 10
_SUGGESTED = 60
NAME, EXCLUDE = "segment.name", "segment.exclude"


# ── the name ─────────────────────────────────────────────────────────────────────────────────────


def confirm(talk: Talk, name: str = "") -> None:
    """The plan is confirmed: ask for the name, unless it came along."""
    talk.update(status="naming", pending=None, confirmed=talk.state.version)
    if name:
        name_it(talk, name)
    else:
        ask_name(talk)


def ask_name(talk: Talk) -> None:
    """Ask what the segment should be called."""
    suggested = suggested_name(talk)
    answer = Answer(NAME, texts=(suggested,))
    kept = [KeptOption(id="1", label=suggested, answer=answer), talk.kept("cancel", NAME)]
    talk.ask(NAME, talk.word("segment.ask_name"), kept)


def suggested_name(talk: Talk) -> str:
    """A free name made from the plan."""
    texts = explain.list_conditions(settled(talk.state.draft), talk.language)
    name = " ".join(" · ".join(texts).split())
    if len(name) > _SUGGESTED:
        name = name[: _SUGGESTED - 1].rstrip() + "…"
    return _free(talk, name or talk.word("segment.default_name"))


def _taken(talk: Talk) -> set[str]:
    return {segment.name.casefold() for segment in talk.context.segments}


def _free(talk: Talk, name: str) -> str:
    taken = _taken(talk)
    place = 2
    free = name
    while free.casefold() in taken:
        ending = f" {place}"
        free = name[: MAX_NAME - len(ending)] + ending
        place += 1
    return free


def name_it(talk: Talk, text: str) -> None:
    """Create the segment under this name, or say why it can't be its name."""
    name = " ".join(text.split())
    name = "".join(c for c in name if c.isprintable()).strip()
    if not name:
        talk.say("segment.name_empty")
        ask_name(talk)
    elif len(name) > MAX_NAME:
        talk.say("segment.name_long", limit=MAX_NAME)
        ask_name(talk)
    elif name.casefold() in _taken(talk):
        quoted = wording.quoted(talk.language, name)
        free = wording.quoted(talk.language, _free(talk, name))
        talk.say("segment.name_taken", name=quoted, free=free)
        ask_name(talk)
    else:
        _create(talk, name)


def _create(talk: Talk, name: str) -> None:
    state, segment_id = talk.state, talk.context.new_id
    plan = settled(state.draft)
    talk.effects.append(
        CreateSegment(
            segment_id=segment_id,
            name=name,
            description="\n".join(explain.list_conditions(plan, talk.language)),
            plan=plan,
            exclude=tuple(e.segment_id for e in state.exclude),
            key=f"{state.confirmed}",
        )
    )
    talk.update(status="created", pending=None, segment_id=segment_id, name=name)
    show_segment(talk, talk.word("segment.queued", name=name))


# ── what became of it ────────────────────────────────────────────────────────────────────────────


def show_segment(talk: Talk, text: str) -> None:
    """The card of the segment made of this plan."""
    state = talk.state
    known = next(
        (s for s in talk.context.segments if s.segment_id == state.segment_id),
        KnownSegment(state.segment_id, state.name, _status(talk)),
    )
    ids = {"created": ("cancel",), "failed": ("apply", "edit", "restart")}
    options = tuple(talk.option(key) for key in ids.get(state.status, ("edit", "restart")))
    talk.replies.append(
        SegmentCard(state.segment_id, known.name, known.status, text, known.count, options)
    )
    talk.update(shown=state.version)


def _status(talk: Talk) -> str:
    return "queued" if talk.state.status == "created" else talk.state.status


def settle(talk: Talk, event: Settled) -> None:
    """The worker's notice: the segment is finished, or could not be computed."""
    text = (
        talk.word("segment.finished", name=event.name, n=event.count or 0)
        if event.status == "finished"
        else talk.word("segment.failed", name=event.name)
    )
    options: tuple[Option, ...] = ()
    if event.segment_id == talk.state.segment_id and talk.state.status in ("created", "failed"):
        ids = ("edit", "restart") if event.status == "finished" else ("apply", "edit", "restart")
        options = tuple(talk.option(key) for key in ids)
        talk.update(status=event.status, pending=None, shown=talk.state.version)
    talk.replies.append(
        SegmentCard(event.segment_id, event.name, event.status, text, event.count, options)
    )


def cancel_segment(talk: Talk) -> None:
    """Stop computing the segment; its plan stays."""
    talk.effects.append(CancelSegment(talk.state.segment_id))
    talk.say("segment.cancelled", name=talk.state.name)
    reopen(talk)
    show(talk)


def reopen(talk: Talk) -> None:
    """The plan is worked on again: what is confirmed next is another segment."""
    talk.update(status="ready", pending=None, confirmed=None, segment_id="", name="")


def list_segments(talk: Talk) -> None:
    """The segments that exist, newest first."""
    items = tuple(
        SegmentCard(s.segment_id, s.name, s.status, count=s.count) for s in talk.context.segments
    )
    if items:
        talk.replies.append(SegmentList(items))
    else:
        talk.say("act.no_segments")


# ── the segments left out ────────────────────────────────────────────────────────────────────────


def ask_exclude(talk: Talk) -> None:
    """Ask which finished segments to leave out."""
    out = {e.segment_id for e in talk.state.exclude}
    finished = [s for s in talk.context.segments if s.status == "finished"]
    listed = [s for s in finished if s.segment_id not in out][:_LISTED]
    if not listed and not out:
        talk.say("segment.no_exclude")
        talk.update(pending=None)
        show(talk)
        return
    kept = [
        KeptOption(id=str(place), label=s.name, answer=Answer(EXCLUDE, texts=(s.name,)))
        for place, s in enumerate(listed, 1)
    ]
    kept += [_drop_option(talk, place, e) for place, e in enumerate(talk.state.exclude, 1)]
    kept.append(talk.kept("skip", EXCLUDE, "option.done"))
    talk.ask(EXCLUDE, talk.word("segment.ask_exclude", limit=MAX_EXCLUDED), kept, multiple=True)


def _drop_option(talk: Talk, place: int, exclusion: Exclusion) -> KeptOption:
    name = wording.quoted(talk.language, exclusion.name)
    label = talk.word("option.drop_exclusion", name=name)
    answer = Answer(EXCLUDE, texts=(exclusion.name,), choice="drop")
    return KeptOption(id=f"drop{place}", label=label, answer=answer)


def exclude(talk: Talk, names: tuple[str, ...], drop: tuple[str, ...] = ()) -> None:
    """Leave these finished segments out as well; `drop` are not left out any more."""
    known = {s.name.casefold(): s for s in talk.context.segments if s.status == "finished"}
    gone = {name.casefold() for name in drop}
    kept = {e.segment_id: e for e in talk.state.exclude if e.name.casefold() not in gone}
    for name in names:
        segment = known.get(name.strip().casefold())
        if segment is None:
            talk.say("segment.unknown_exclude")
            ask_exclude(talk)
            return
        kept[segment.segment_id] = Exclusion(segment_id=segment.segment_id, name=segment.name)
    if len(kept) > MAX_EXCLUDED:
        talk.say("segment.too_many", limit=MAX_EXCLUDED)
        ask_exclude(talk)
        return
    talk.update(exclude=tuple(kept.values()), pending=None)
    if drop and not kept:
        talk.say("segment.excluded_none")
    show(talk)


def named_in(talk: Talk, text: str) -> tuple[str, ...]:
    """The finished segments that a typed text names."""
    said = text.casefold()
    return tuple(
        s.name
        for s in talk.context.segments
        if s.status == "finished" and s.name and s.name.casefold() in said
    )
