"""A question as a card whose rows can be tapped, and as quick replies under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.line import taps
from adapters.line.render import flex
from adapters.line.render.flex import Json
from adapters.line.render.labels import LABEL, cut, short_labels, units
from planner.chat import Option, Question
from planner.wording import number, say

QUICK: Final = 13
"""Quick replies that LINE shows under a message."""
ROWS: Final = 12
"""Options of one page."""
_LONGEST_ROW: Final = 120
_LONGEST: Final = 1_500
_EVERYWHERE: Final = frozenset({"yes", "no", "all", "skip", "cancel"})
"""Options that are answers by themselves: they need no box to tick."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A question as it is shown now."""

    asked: Question
    version: int
    language: str
    ticked: frozenset[str]
    options: Sequence[Option]
    """Those of the page."""
    more: tuple[Json, ...]
    """What leads to another page, if there is one."""


def question(
    asked: Question,
    version: int,
    language: str,
    page: int = 0,
    ticked: frozenset[str] = frozenset(),
) -> Json:
    """The message of a question."""
    options, rest = _page(asked.options, page)
    if not options:
        return {"type": "text", "text": cut(asked.text, 5_000)}
    turning = flex.postback(taps.more(version, page + 1), say(language, "line.more"))
    shown = _Shown(asked, version, language, ticked, options, (turning,) if rest else ())
    made = flex.message(asked.text, _card(shown))
    items = _quick(shown)
    return made | ({"quickReply": {"items": items}} if items else {})


def _card(shown: _Shown) -> Json:
    most = max((o.reach or 0 for o in shown.asked.options), default=0)
    body = [flex.text(cut(shown.asked.text, _LONGEST), weight="bold", size="md")]
    footer = [flex.button(each) for each in shown.more]
    if shown.asked.multiple:
        body.append(flex.text(say(shown.language, "line.tick"), color=flex.FAINT, size="xs"))
        done = flex.postback(taps.done(shown.version), say(shown.language, "line.done"))
        footer.insert(0, flex.button(done, primary=True))
    rows = [_row(option, shown, most) for option in shown.options]
    return flex.bubble(*body, flex.column(*rows, spacing="sm"), footer=tuple(footer))


def _page(options: Sequence[Option], page: int) -> tuple[list[Option], bool]:
    """The options of a page, and whether there are others: the best come first."""
    own = [o for o in options if o.id not in _EVERYWHERE]
    always = [o for o in options if o.id in _EVERYWHERE]
    if len(options) <= QUICK:
        return list(options), False
    size = ROWS - len(always)
    pages = -(-len(own) // size)
    start = page % pages * size
    return [*own[start : start + size], *always], True


def page_of(asked: Question, option_id: str) -> int:
    """The page on which an option is."""
    pages = range(len(asked.options))
    return next((p for p in pages if option_id in {o.id for o in _page(asked.options, p)[0]}), 0)


def _quick(shown: _Shown) -> list[Json]:
    """Quick replies: of a question with several answers only those that are one alone."""
    every = not shown.asked.multiple
    offered = [o for o in shown.options if every or o.id in _EVERYWHERE]
    labels = quick_labels(offered, shown.language)
    actions = [
        flex.postback(taps.option(shown.version, o.id), label, o.label)
        for o, label in zip(offered, labels, strict=True)
    ]
    return [{"type": "action", "action": action} for action in (*actions, *shown.more)]


def quick_labels(options: Sequence[Option], language: str) -> tuple[str, ...]:
    """The options' labels within their limit, with the reach where there is room for all."""
    reached = [
        o.label if o.reach is None else f"{o.label} · {number(language, o.reach)}" for o in options
    ]
    if all(units(label) <= LABEL for label in reached):
        return tuple(reached)
    return short_labels([o.label for o in options])


def _row(option: Option, shown: _Shown, most: int) -> Json:
    label = cut(option.label, _LONGEST_ROW)
    ticked = option.id in shown.ticked
    if shown.asked.multiple and option.id not in _EVERYWHERE:
        action = flex.postback(taps.tick(shown.version, option.id, on=not ticked))
        label = f"{'☑' if ticked else '☐'} {label}"
    else:
        action = flex.postback(taps.option(shown.version, option.id), shown=label)
    words = flex.text(label, flex=1, weight="bold" if ticked else "regular")
    return flex.column(
        *_reached(words, option.reach, shown.language, most),
        action=action,
        paddingAll="10px",
        cornerRadius="8px",
        backgroundColor=flex.PANEL,
    )


def _reached(words: Json, reach: int | None, language: str, most: int) -> list[Json]:
    if reach is None:
        return [words]
    count = flex.text(number(language, reach), flex=0, align="end", color=flex.FAINT, wrap=False)
    share = reach / most if most else 0
    return [flex.row(words, count, spacing="md"), flex.bar(share)]
