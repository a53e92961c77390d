"""The plan as one message: conditions with their reach, the whole of it, and how it narrows."""

from typing import Final

from adapters.answer import Answer
from adapters.slack.render.blocks import (
    Block,
    actions,
    button,
    clipped,
    context,
    escaped,
    sections,
)
from planner.chat import ConditionView, Option, PlanView
from planner.wording import number, say

CHART: Final = "data_visualization"
_LINE: Final = 600
"""Characters of one condition."""
_LISTED: Final = 6_500
"""Characters of all conditions; of more the number is told."""
_LABEL, _TITLE, _SERIES, _POINTS = 20, 50, 20, 20
"""What Slack takes in a chart: characters of a label, title and series' name; points."""
_BAR: Final = 12
_MODALS: Final = ("apply", "edit", "save_as")
"""Buttons that open a form."""


def overview(view: PlanView, language: str) -> list[Block]:
    """The conditions and what they come to."""
    lines = _conditions(view.conditions, language)
    if view.excluded is not None:
        lines.append(_figure(say(language, "screen.excluded"), -view.excluded, language))
    if view.reach is not None:
        lines.append(total(view.reach, language))
    blocks = sections(lines)
    if view.reachable:
        blocks.append(context(" · ".join(_reachable(view, language))))
    return blocks


def total(reach: int, language: str) -> str:
    """What the whole plan comes to."""
    return _figure(f"*{escaped(say(language, 'screen.all'))}*", reach, language)


def _conditions(views: tuple[ConditionView, ...], language: str) -> list[str]:
    lines: list[str] = []
    held = 0
    for place, item in enumerate(views):
        text = escaped(clipped(item.text, _LINE))
        line = f"✓ {text}" if item.reach is None else _figure(f"✓ {text}", item.reach, language)
        if held + len(line) > _LISTED:
            return [*lines, f"… (+{len(views) - place})"]
        lines.append(line)
        held += len(line)
    return lines


def _figure(label: str, value: int, language: str) -> str:
    return f"{label}  —  *{number(language, value)}*"


def _reachable(view: PlanView, language: str) -> list[str]:
    """Who can be reached on each channel, the first in a sentence of its own."""
    names = {name: say(language, f"reachable.{name}") for name in view.reachable}
    first = next(iter(names))
    names[first] = say(language, "screen.reachable", channel=names[first])
    return [_figure(escaped(word), view.reachable[name], language) for name, word in names.items()]


def chart(view: PlanView, language: str) -> list[Block]:
    """How the audience narrows, condition by condition, as Slack's own chart; [] if it doesn't."""
    steps = _steps(view)
    if len(steps) < 2:
        return []
    points = [{"label": label, "value": value} for label, value in steps]
    title = clipped(say(language, "card.narrowing"), _TITLE)
    series = {"name": clipped(say(language, "card.contacts"), _SERIES), "data": points}
    axis = {"categories": [label for label, _ in steps]}
    made = {"type": "bar", "series": [series], "axis_config": axis}
    return [{"type": CHART, "title": title, "chart": made}]


def bars(view: PlanView, language: str) -> list[Block]:
    """The same in text, for a Slack that knows no charts."""
    steps = _steps(view)
    if len(steps) < 2:
        return []
    most = max(value for _, value in steps) or 1
    lines = [f"*{escaped(say(language, 'card.narrowing'))}*"]
    for label, value in steps:
        full = round(_BAR * value / most)
        bar = "█" * full + "░" * (_BAR - full)
        lines.append(f"`{bar}` {number(language, value)}  {escaped(label)}")
    return sections(lines)


def _steps(view: PlanView) -> list[tuple[str, int]]:
    """Each condition's label and how many are left after it, as many as a chart takes."""
    numbered = list(enumerate(view.conditions, 1))
    if len(numbered) > _POINTS:
        numbered = [*numbered[: _POINTS - 1], numbered[-1]]
    return [
        (clipped(f"{place} {item.text}", _LABEL), item.left)
        for place, item in numbered
        if item.left is not None
    ]


def plan_buttons(options: tuple[Option, ...], version: int) -> list[Block]:
    """What can be done with the plan; applying and editing open a form."""
    made = [
        button(
            option.id if option.id in _MODALS else f"choose:{option.id}",
            option.label,
            f"{version}|{option.id}",
            "primary" if option.id == "apply" else "",
        )
        for option in options
    ]
    return [actions(made, "plan")] if made else []


def as_text(answer: Answer) -> str:
    """The plan in plain text, for notifications and readers."""
    view, language = answer.view, answer.language
    if view is None:
        return ""
    rows = [(f"✓ {item.text}", item.reach) for item in view.conditions]
    rows.append((say(language, "screen.all"), view.reach))
    return "\n".join(
        text if reach is None else f"{text} — {number(language, reach)}" for text, reach in rows
    )
