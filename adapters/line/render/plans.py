"""A plan as a card with bars, and the same plan with what can be changed in it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.line import taps
from adapters.line.render import flex
from adapters.line.render.flex import Json
from adapters.line.render.labels import cut
from planner.chat import ConditionView, Option, PlanCard, PlanView
from planner.wording import number, say

MOST_SHOWN: Final = 12
"""Conditions on one card; a bubble may have 30 KB."""
_LONGEST: Final = 300
_PAGE, _PAGES = 6, 4
"""Conditions of one card to change them on, and such cards; the rest is changed in words."""
_CAROUSEL_BYTES: Final = 45_000
_GRAVE: Final = frozenset({"restart"})


@dataclass(frozen=True, slots=True)
class Editable:
    """A condition as it can be changed."""

    index: int
    """Its place among those that a form edits."""
    text: str
    timed: bool
    """Whether it has a time that dates can bound."""


def plan(card: PlanCard, view: PlanView | None, version: int, language: str) -> list[Json]:
    """The messages of a plan: its conditions in full before the card where they don't fit."""
    conditions = view.conditions if view is not None else ()
    shown = conditions[:MOST_SHOWN]
    most = max((c.reach or 0 for c in shown), default=0)
    body = [flex.text(cut(card.text, _LONGEST), weight="bold", size="md")]
    body += [_condition(c, language, most) for c in shown]
    if len(conditions) > len(shown):
        more = say(language, "line.more_conditions", n=len(conditions) - len(shown))
        body.append(flex.text(more, color=flex.FAINT, size="xs"))
    if view is not None:
        body += [{"type": "separator"}, *_totals(view, language)]
    made = flex.message(
        _alt(card, view, language), flex.bubble(*body, footer=_buttons(card, version))
    )
    cut_short = len(conditions) > len(shown) or any(len(c.text) > _LONGEST for c in conditions)
    return [_in_full(conditions, language), made] if cut_short else [made]


def _in_full(conditions: Sequence[ConditionView], language: str) -> Json:
    lines = (
        say(language, "list.numbered", place=place, text=c.text)
        for place, c in enumerate(conditions, 1)
    )
    return {"type": "text", "text": cut("\n".join(lines), 5_000)}


def _alt(card: PlanCard, view: PlanView | None, language: str) -> str:
    if view is None or view.reach is None:
        return card.text
    return f"{card.text} {say(language, 'screen.all')}: {number(language, view.reach)}"


def _condition(condition: ConditionView, language: str, most: int) -> Json:
    words = flex.text(f"✓ {cut(condition.text, _LONGEST)}", flex=1)
    if condition.reach is None:
        return words
    count = number(language, condition.reach)
    figure = flex.text(count, flex=0, align="end", weight="bold", wrap=False)
    share = condition.reach / most if most else 0
    return flex.column(flex.row(words, figure, spacing="md"), flex.bar(share))


def _totals(view: PlanView, language: str) -> list[Json]:
    lines = []
    if view.reach is not None:
        total = number(language, view.reach)
        lines.append(_figure(say(language, "screen.all"), total, weight="bold", size="md"))
    if view.excluded is not None:
        lines.append(_figure(say(language, "screen.excluded"), number(language, view.excluded)))
    lines += [
        _figure(
            say(language, "screen.reachable", channel=say(language, f"reachable.{channel}")),
            number(language, count),
        )
        for channel, count in view.reachable.items()
    ]
    return [flex.column(*lines, spacing="xs")] if lines else []


def _figure(words: str, figure: str, **more: str) -> Json:
    color = {} if more else {"color": flex.FAINT, "size": "xs"}
    return flex.row(
        flex.text(words, flex=1, **color, **more),
        flex.text(figure, flex=0, align="end", wrap=False, **color, **more),
        spacing="md",
    )


def _buttons(card: PlanCard, version: int) -> tuple[Json, ...]:
    made = [_button(option, version) for option in card.options]
    first, rest = made[:1], made[1:]
    pairs = [flex.row(*rest[at : at + 2], spacing="sm") for at in range(0, len(rest), 2)]
    return (*first, *pairs)


def _button(option: Option, version: int) -> Json:
    action = flex.postback(taps.option(version, option.id), option.label, option.label)
    return flex.button(action, primary=option.id == "apply", grave=option.id in _GRAVE)


# ── changing it ──────────────────────────────────────────────────────────────────────────────────


def editing(
    conditions: Sequence[Editable], card: PlanCard, version: int, language: str
) -> list[Json]:
    """The conditions, each with its buttons: other words, dates, remove; and to confirm them."""
    confirm = tuple(_button(option, version) for option in card.options if option.id == "apply")
    title = say(language, "line.edit")
    bubbles = [
        flex.bubble(
            flex.text(title, weight="bold", size="md"),
            *(_editable(each, version, language) for each in conditions[at : at + _PAGE]),
            footer=confirm,
        )
        for at in range(0, min(len(conditions), _PAGE * _PAGES), _PAGE)
    ]
    together = flex.carousel(*bubbles)
    small = len(json.dumps(together, ensure_ascii=False).encode()) <= _CAROUSEL_BYTES
    return [flex.message(title, each) for each in ([together] if small else bubbles)]


def _editable(each: Editable, version: int, language: str) -> Json:
    links = [_link(flex.keyboard(taps.rewrite(version, each.index), each.text), language, "change")]
    if each.timed:
        links += [
            _link(
                {
                    "type": "datetimepicker",
                    "mode": "date",
                    "data": taps.pick(version, each.index, side),
                },
                language,
                side,
            )
            for side in ("since", "until")
        ]
    away = flex.postback(taps.remove(version, each.index), shown=_removing(each.text, language))
    links.append(_link(away, language, "remove", color=flex.RED))
    return flex.column(
        flex.text(cut(each.text, _LONGEST)),
        flex.row(*links, spacing="md", margin="md"),
        paddingAll="10px",
        cornerRadius="8px",
        backgroundColor=flex.PANEL,
    )


def _removing(words: str, language: str) -> str:
    return f"{say(language, 'line.remove')}: {words}"


def _link(action: Json, language: str, key: str, color: str = flex.ACCENT) -> Json:
    words = say(language, f"line.{key}")
    return flex.text(
        words, action=action, color=color, size="xs", weight="bold", align="center", wrap=False
    )
