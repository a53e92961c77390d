"""A segment as people see it: its card, its row in a list, and what can be done with it."""

from collections.abc import Sequence
from typing import Final

from planner import explain, wording
from planner.chat import KnownSegment, OpenSegment, Option, SegmentCard
from planner.plan import AllOf
from planner.talk import Talk

_ACTIONS: Final = {
    "finished": ("export", "edit", "recompute", "duplicate", "rename", "delete"),
    "failed": ("recompute", "edit", "delete"),
    "cancelled": ("recompute", "edit", "delete"),
}


def options(talk: Talk, status: str, listed: bool) -> tuple[Option, ...]:
    """The buttons of a segment's card."""
    waiting = ("cancel", "export") if listed else ("cancel",)
    return tuple(talk.option(key) for key in _ACTIONS.get(status, waiting))


def row(talk: Talk, segment: KnownSegment) -> SegmentCard:
    """A segment in a list."""
    text = status_text(talk, segment)
    return SegmentCard(segment.segment_id, segment.name, segment.status, text, segment.count)


def status_text(talk: Talk, segment: KnownSegment) -> str:
    """What has become of it: "finished", "being computed; the earlier list stays until then"."""
    again = segment.listed and segment.status in ("queued", "computing")
    return talk.word(f"status.{segment.status}{'_again' if again else ''}")


def show_card(talk: Talk, opened: OpenSegment) -> None:
    """Show a segment whole: conditions, who is left out, count and moment."""
    segment = opened.segment
    card = SegmentCard(
        segment.segment_id,
        segment.name,
        segment.status,
        "\n".join(_lines(talk, opened)),
        segment.count,
        options(talk, segment.status, segment.listed),
    )
    present(talk, card)


def present(talk: Talk, card: SegmentCard) -> None:
    """Reply with a card, whose buttons are then the ones that count."""
    talk.replies.append(card)
    if talk.state.pending is None:
        talk.update(card=card.segment_id, shown=talk.state.version)


def _lines(talk: Talk, opened: OpenSegment) -> list[str]:
    segment = opened.segment
    lines = [talk.word("segment.line", name=segment.name, status=status_text(talk, segment))]
    if segment.description:
        lines.append(segment.description)
    other = opened.listed is not None
    exclude = opened.listed_exclude if other else segment.exclude
    lines += _conditions(talk, opened.listed or opened.plan, exclude)
    if segment.count is not None:
        day = wording.day(talk.language, opened.as_of.astimezone(talk.context.zone).date())
        lines.append(talk.word("segment.counted", n=segment.count, day=day))
    if other:
        lines.append(talk.word("segment.becomes"))
        lines += _conditions(talk, opened.plan, segment.exclude)
    return lines


def _conditions(talk: Talk, plan: AllOf, exclude: Sequence[str]) -> list[str]:
    texts = explain.list_conditions(plan, talk.language)
    lines = [talk.word("list.line", text=text) for text in texts]
    names = {s.segment_id: s.name for s in talk.context.segments}
    if out := [names[i] for i in exclude if i in names]:
        lines.append(talk.word("segment.leaves_out", names=talk.quote(out)))
    return lines


def queued_again(talk: Talk, segment: KnownSegment) -> None:
    """Say that a segment is being computed once more."""
    key = "segment.queued_again" if segment.listed else "segment.queued"
    text = talk.word(key, name=segment.name)
    if talk.state.segment_id == segment.segment_id:
        talk.update(status="created")
    waiting = options(talk, "queued", segment.listed)
    card = SegmentCard(segment.segment_id, segment.name, "queued", text, segment.count, waiting)
    present(talk, card)
