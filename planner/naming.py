"""From a confirmed plan to a segment: its name, the segments left out, and what became of it."""

import unicodedata

from planner import about, explain, wording
from planner.chat import KnownSegment, SegmentCard, Settled
from planner.commands import Answer
from planner.effects import CancelSegment, CreateSegment, ReplanSegment
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


def name_key(name: str) -> str:
    """What two names must differ in: neither letter case, width nor spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def confirm(talk: Talk, name: str = "", suggested: str = "") -> None:
    """The plan is confirmed: ask for the name, unless it came along or the segment has one."""
    if _lost_exclusion(talk):
        return
    if talk.state.editing is not None and not name:
        _replan(talk)
        return
    talk.update(
        status="naming", pending=None, confirmed=talk.state.version, called=suggested, editing=None
    )
    if name:
        name_it(talk, name)
    else:
        ask_name(talk)


def _lost_exclusion(talk: Talk) -> bool:
    """Whether a segment left out is gone: that is told, and the plan shown again without it."""
    listed = {s.segment_id for s in talk.context.segments if s.listed}
    lost = [e.name for e in talk.state.exclude if e.segment_id not in listed]
    if not lost:
        return False
    left = tuple(e for e in talk.state.exclude if e.segment_id in listed)
    talk.update(exclude=left, status="ready", pending=None)
    talk.say("segment.exclusion_gone", names=talk.quote(lost))
    show(talk)
    return True


def ask_name(talk: Talk) -> None:
    """Ask what the segment should be called."""
    suggested = suggested_name(talk)
    answer = Answer(NAME, texts=(suggested,))
    kept = [KeptOption(id="1", label=suggested, answer=answer), talk.kept("cancel", NAME)]
    talk.ask(NAME, talk.word("segment.ask_name"), kept)


def suggested_name(talk: Talk) -> str:
    """A free name made from the plan."""
    if talk.state.called:
        return _free(talk, talk.state.called)
    texts = explain.list_conditions(settled(talk.state.draft), talk.language)
    name = " ".join(" · ".join(texts).split())
    if len(name) > _SUGGESTED:
        name = name[: _SUGGESTED - 1].rstrip() + "…"
    return _free(talk, name or talk.word("segment.default_name"))


def _taken(talk: Talk, but: str = "") -> set[str]:
    return {name_key(s.name) for s in talk.context.segments if s.segment_id != but}


def _free(talk: Talk, name: str) -> str:
    taken = _taken(talk)
    place = 2
    free = name
    while name_key(free) in taken:
        ending = f" {place}"
        free = name[: MAX_NAME - len(ending)] + ending
        place += 1
    return free


def name_it(talk: Talk, text: str) -> None:
    """Create the segment under this name, or say why it can't be its name."""
    if _lost_exclusion(talk):
        return
    name = usable(talk, text)
    if name is None:
        ask_name(talk)
    else:
        _create(talk, name)


def usable(talk: Talk, text: str, segment_id: str = "") -> str | None:
    """The text as a segment's name; None, and a sentence, where it can't be one."""
    name = " ".join(text.split())
    name = "".join(c for c in name if c.isprintable()).strip()
    if not name:
        talk.say("segment.name_empty")
    elif len(name) > MAX_NAME:
        talk.say("segment.name_long", limit=MAX_NAME)
    elif name_key(name) in _taken(talk, segment_id):
        quoted = wording.quoted(talk.language, name)
        free = wording.quoted(talk.language, _free(talk, name))
        talk.say("segment.name_taken", name=quoted, free=free)
    else:
        return name
    return None


def _create(talk: Talk, name: str) -> None:
    state, segment_id = talk.state, talk.context.new_id
    plan = settled(state.draft)
    talk.effects.append(
        CreateSegment(
            segment_id=segment_id,
            name=name,
            description="",
            plan=plan,
            exclude=tuple(e.segment_id for e in state.exclude),
            key=f"{state.confirmed}",
        )
    )
    talk.update(status="created", pending=None, segment_id=segment_id, name=name, called="")
    show_segment(talk, talk.word("segment.queued", name=name))


def _replan(talk: Talk) -> None:
    """The segment that was opened gets this plan, unless somebody changed it meanwhile."""
    state, editing = talk.state, talk.state.editing
    if editing is None:
        return
    known = next((s for s in talk.context.segments if s.segment_id == editing.segment_id), None)
    if known is None:
        talk.say("segment.gone_meanwhile", name=editing.name)
        talk.update(editing=None)
        confirm(talk, suggested=editing.name)
        return
    if known.revision != editing.revision:
        talk.say("segment.changed_meanwhile", name=known.name)
        newest = editing.model_copy(update={"revision": known.revision, "name": known.name})
        talk.update(editing=newest)
        show(talk)
        return
    exclude_ids = tuple(e.segment_id for e in state.exclude)
    plan = settled(state.draft)
    talk.effects.append(ReplanSegment(known.segment_id, plan, exclude_ids, known.revision))
    talk.update(segment_id=known.segment_id, name=known.name, status="created", pending=None)
    talk.update(editing=None)
    about.queued_again(talk, known)


# ── what became of it ────────────────────────────────────────────────────────────────────────────


def show_segment(talk: Talk, text: str) -> None:
    """The card of the segment made of this plan."""
    state = talk.state
    known = next(
        (s for s in talk.context.segments if s.segment_id == state.segment_id),
        KnownSegment(state.segment_id, state.name, _status(talk)),
    )
    options = about.options(talk, _status(talk), known.listed)
    if state.status != "created":
        options = (*options, talk.option("restart"))
    if state.status == "failed":
        options = (talk.option("apply"), *options)
    card = SegmentCard(state.segment_id, known.name, known.status, text, known.count, options)
    about.present(talk, card)


def _status(talk: Talk) -> str:
    return "queued" if talk.state.status == "created" else talk.state.status


def settle(talk: Talk, event: Settled) -> None:
    """The worker's notice: the segment is finished, or could not be computed."""
    text = (
        talk.word("segment.finished", name=event.name, n=event.count or 0)
        if event.status == "finished"
        else talk.word("segment.failed", name=event.name)
    )
    known = next((s for s in talk.context.segments if s.segment_id == event.segment_id), None)
    listed = event.status == "failed" and known is not None and known.listed
    if listed:
        text = talk.word("segment.failed_again", name=event.name)
    status = "finished" if listed else event.status
    own = event.segment_id == talk.state.segment_id and talk.state.status in ("created", "failed")
    options = about.options(talk, status, listed=True)
    if own:
        talk.update(status=status, pending=None)
        options = (*options, talk.option("restart"))
    if own and status == "failed":
        options = (talk.option("apply"), *options)
    count = known.count if listed and known is not None else event.count
    about.present(talk, SegmentCard(event.segment_id, event.name, status, text, count, options))


def cancel_segment(talk: Talk) -> None:
    """Stop computing the segment; its plan stays."""
    talk.effects.append(CancelSegment(talk.state.segment_id))
    talk.say("segment.cancelled", name=talk.state.name)
    reopen(talk)
    show(talk)


def reopen(talk: Talk) -> None:
    """The plan is worked on again: what is confirmed next is another segment."""
    talk.update(
        status="ready", pending=None, confirmed=None, segment_id="", name="", called="", card="",
        editing=None, managing=None,
    )  # fmt: skip


# ── the segments left out ────────────────────────────────────────────────────────────────────────


def ask_exclude(talk: Talk) -> None:
    """Ask which finished segments to leave out."""
    out = {e.segment_id for e in talk.state.exclude}
    finished = excludable(talk)
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


def excludable(talk: Talk) -> list[KnownSegment]:
    """The segments that can be left out: those with a list, but for the one being edited."""
    editing = talk.state.editing
    own = editing.segment_id if editing is not None else ""
    return [s for s in talk.context.segments if s.listed and s.segment_id != own]


def _drop_option(talk: Talk, place: int, exclusion: Exclusion) -> KeptOption:
    name = wording.quoted(talk.language, exclusion.name)
    label = talk.word("option.drop_exclusion", name=name)
    answer = Answer(EXCLUDE, texts=(exclusion.name,), choice="drop")
    return KeptOption(id=f"drop{place}", label=label, answer=answer)


def exclude(talk: Talk, names: tuple[str, ...], drop: tuple[str, ...] = ()) -> None:
    """Leave these finished segments out as well; `drop` are not left out any more."""
    known = {name_key(s.name): s for s in excludable(talk)}
    gone = {name_key(name) for name in drop}
    kept = {e.segment_id: e for e in talk.state.exclude if name_key(e.name) not in gone}
    for name in names:
        segment = known.get(name_key(name))
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
    said = name_key(text)
    return tuple(s.name for s in excludable(talk) if s.name and name_key(s.name) in said)
