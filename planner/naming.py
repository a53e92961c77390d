"""From a confirmed plan to a segment: its name, and what became of it."""

import unicodedata

from planner import about, explain, wording
from planner.chat import KnownSegment, SegmentCard, Settled
from planner.commands import Answer
from planner.effects import CancelSegment, CreateSegment, ReplanSegment
from planner.plan import AllOf, settled
from planner.state import KeptOption
from planner.talk import Talk, show

MAX_NAME = 100
"""Characters in a segment's name."""
_SUGGESTED = 60
NAME = "segment.name"


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
            description=state.described,
            plan=plan,
            exclude=tuple(e.segment_id for e in state.exclude),
            key=f"{state.confirmed}",
        )
    )
    talk.update(
        status="created", pending=None, segment_id=segment_id, name=name, called="", described=""
    )
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
    card = SegmentCard(
        state.segment_id, known.name, known.status, text, known.count, options, viewed=True
    )
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
    card = SegmentCard(
        event.segment_id, event.name, status, text, count, options, event.seconds, viewed=own
    )
    about.present(talk, card)


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
        editing=None, managing=None, described="",
    )  # fmt: skip


def leave_plan(talk: Talk) -> None:
    """The plan is given up."""
    reopen(talk)
    talk.update(draft=AllOf(), touched=None, exclude=(), unclear=(), declined=(), status="idle")
