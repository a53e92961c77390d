"""The finished segments whose members are left out of a plan."""

from collections.abc import Sequence

from planner import wording
from planner.chat import KnownSegment
from planner.commands import Answer
from planner.naming import name_key
from planner.state import Exclusion, KeptOption
from planner.talk import Talk, show

EXCLUDE = "segment.exclude"
MAX_EXCLUDED = 2
"""Segments left out of one."""
_LISTED = 10


def ask(talk: Talk) -> None:
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


def leave_out(talk: Talk, names: tuple[str, ...], drop: tuple[str, ...] = ()) -> None:
    """Leave these finished segments out as well; `drop` are not left out any more."""
    known = {name_key(s.name): s for s in excludable(talk)}
    gone = {name_key(name) for name in drop}
    kept = {e.segment_id: e for e in talk.state.exclude if name_key(e.name) not in gone}
    for name in names:
        segment = known.get(name_key(name))
        if segment is None:
            talk.say("segment.unknown_exclude")
            ask(talk)
            return
        kept[segment.segment_id] = Exclusion(segment_id=segment.segment_id, name=segment.name)
    if len(kept) > MAX_EXCLUDED:
        talk.say("segment.too_many", limit=MAX_EXCLUDED)
        ask(talk)
        return
    talk.update(exclude=tuple(kept.values()), pending=None)
    if drop and not kept:
        talk.say("segment.excluded_none")
    show(talk)


def exactly(talk: Talk, segment_ids: Sequence[str]) -> bool:
    """Leave exactly these out; False, told and with the plan shown again, where that can't be."""
    known = {s.segment_id: s.name for s in excludable(talk)}
    if len(segment_ids) > MAX_EXCLUDED or not known.keys() >= {*segment_ids}:
        many = len(segment_ids) > MAX_EXCLUDED
        talk.say("segment.too_many" if many else "segment.unknown_exclude", limit=MAX_EXCLUDED)
        show(talk)
        return False
    chosen = dict.fromkeys(segment_ids)
    talk.update(exclude=tuple(Exclusion(segment_id=i, name=known[i]) for i in chosen))
    return True


def named_in(talk: Talk, text: str) -> tuple[str, ...]:
    """The finished segments that a typed text names."""
    said = name_key(text)
    return tuple(s.name for s in excludable(talk) if s.name and name_key(s.name) in said)
