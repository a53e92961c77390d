"""Segments as cards: one whole, or many beside each other."""

from collections.abc import Sequence
from typing import Final

from adapters.line import taps
from adapters.line.render import flex
from adapters.line.render.flex import Json
from adapters.line.render.labels import cut
from planner.chat import Option, SegmentCard, SegmentList
from planner.managing import ACTIONS
from planner.wording import number, say

_CARDS: Final = 12
"""Bubbles of a carousel."""
_COLORS: Final = {"finished": flex.ACCENT, "failed": flex.RED, "cancelled": flex.FAINT}
_WAITING: Final = "#B45309"
_LONGEST: Final = 2_000


def segment(card: SegmentCard, version: int, language: str) -> Json:
    """One segment, with what can be done with it."""
    body = [_head(card, language)]
    if card.count is not None:
        body.append(_count(card.count, language))
    first, _, rest = card.text.partition("\n")
    if text := rest if first.startswith(f"{card.name} ") else card.text:  # the head has said it
        body.append(flex.text(cut(text, _LONGEST)))
    buttons = [_button(option, card, version) for option in card.options]
    rows = [flex.row(*buttons[at : at + 2], spacing="sm") for at in range(0, len(buttons), 2)]
    return flex.message(card.text or card.name, flex.bubble(*body, footer=tuple(rows)))


def segments(listed: SegmentList, language: str) -> list[Json]:
    """Segments beside each other, twelve a message."""
    pages = [listed.items[at : at + _CARDS] for at in range(0, len(listed.items), _CARDS)]
    return [_carousel(page, language) for page in pages]


def _carousel(cards: Sequence[SegmentCard], language: str) -> Json:
    names = say(language, "list.comma").join(card.name for card in cards)
    return flex.message(names, flex.carousel(*(_small(card, language) for card in cards)))


def _small(card: SegmentCard, language: str) -> Json:
    body = [_head(card, language)]
    if card.count is not None:
        body.append(_count(card.count, language))
    opening = flex.postback(
        taps.segment("show", card.segment_id), say(language, "line.open"), card.name
    )
    return flex.bubble(*body, footer=(flex.button(opening),), size="kilo")


def _head(card: SegmentCard, language: str) -> Json:
    status = say(language, f"status.{card.status}")
    return flex.column(
        flex.text(card.name, weight="bold", size="md", maxLines=3),
        flex.text(f"● {status}", color=_COLORS.get(card.status, _WAITING), size="xs"),
        spacing="xs",
    )


def _count(count: int, language: str) -> Json:
    return flex.text(number(language, count), size="xxl", weight="bold")


def _button(option: Option, card: SegmentCard, version: int) -> Json:
    data = (
        taps.segment(option.id, card.segment_id)
        if option.id in ACTIONS
        else taps.option(version, option.id)
    )
    action = flex.postback(data, option.label, option.label)
    return flex.button(action, primary=option.id == "export", grave=option.id == "delete")
