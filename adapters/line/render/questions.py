"""A question as a card whose rows can be tapped, and as quick replies under it."""

from collections.abc import Sequence
from typing import Final

from adapters.line import taps
from adapters.line.render import flex
from adapters.line.render.flex import Json
from adapters.line.render.labels import LABEL, short_labels, units
from planner.chat import Option, Question
from planner.wording import number, say

QUICK: Final = 13
"""Quick replies that LINE shows under a message."""
ROWS: Final = 12
"""Options of one page."""
_EVERYWHERE: Final = frozenset({"yes", "no", "all", "skip", "cancel"})
"""Options that are answers by themselves: they need no box to tick."""


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
        return {"type": "text", "text": asked.text}
    most = max((o.reach or 0 for o in asked.options), default=0)
    rows = [_row(o, asked, version, language, most, o.id in ticked) for o in options]
    footer = [
        flex.button(flex.postback(taps.done(version), say(language, "line.done")), primary=True)
    ]
    extra = (_more(version, page, language),) if rest else ()
    hint = (flex.text(say(language, "line.tick"), color=flex.FAINT, size="xs"),)
    body = [flex.text(asked.text, weight="bold", size="md"), *(hint if asked.multiple else ())]
    card = flex.bubble(
        *body,
        flex.column(*rows, spacing="sm"),
        footer=(*(footer if asked.multiple else ()), *map(flex.button, extra)),
    )
    made = flex.message(asked.text, card)
    quick = _quick(options, asked, version, language)
    quick += [{"type": "action", "action": action} for action in extra]
    return made | ({"quickReply": {"items": quick}} if quick else {})


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


def _more(version: int, page: int, language: str) -> Json:
    return flex.postback(taps.more(version, page + 1), say(language, "line.more"))


def _quick(options: Sequence[Option], asked: Question, version: int, language: str) -> list[Json]:
    """Quick replies: of a question with several answers only those that are one alone."""
    offered = [o for o in options if not asked.multiple or o.id in _EVERYWHERE]
    return [
        {"type": "action", "action": flex.postback(taps.option(version, o.id), label, o.label)}
        for o, label in zip(offered, quick_labels(offered, language), strict=True)
    ]


def quick_labels(options: Sequence[Option], language: str) -> tuple[str, ...]:
    """The options' labels within their limit, with the reach where there is room for all."""
    reached = [
        o.label if o.reach is None else f"{o.label} · {number(language, o.reach)}" for o in options
    ]
    if all(units(label) <= LABEL for label in reached):
        return tuple(reached)
    return short_labels([o.label for o in options])


def _row(
    option: Option, asked: Question, version: int, language: str, most: int, ticked: bool
) -> Json:
    boxed = asked.multiple and option.id not in _EVERYWHERE
    label = option.label
    if boxed:
        action = flex.postback(taps.tick(version, option.id, on=not ticked))
        label = f"{'☑' if ticked else '☐'} {label}"
    else:
        action = flex.postback(taps.option(version, option.id), shown=option.label)
    words = flex.text(label, flex=1, weight="bold" if ticked else "regular")
    parts = [words]
    if option.reach is not None:
        count = number(language, option.reach)
        parts.append(flex.text(count, flex=0, align="end", color=flex.FAINT, wrap=False))
    lines = [flex.row(*parts, spacing="md")]
    if option.reach is not None:
        lines.append(flex.bar(option.reach / most if most else 0))
    return flex.column(
        *lines, action=action, paddingAll="10px", cornerRadius="8px", backgroundColor=flex.PANEL
    )
