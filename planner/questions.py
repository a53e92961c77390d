"""An open point → the one question to ask about it, with options computed from the data."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from planner import answers, explain, wording
from planner.catalogue import Catalogue
from planner.chat import Context, Option, Question
from planner.commands import Answer
from planner.errors import Refused
from planner.fields import BANDS, Field, Op
from planner.plan import AllOf, Open, settled
from planner.state import KeptOption, Pending
from planner.windows import LOOKBACK_DAYS, Unit, Window
from planner.wording import say

_HIGH, _LOW = (50, 70, 80, 90, 95), (5, 10, 20, 30, 50)
_MAX_OPTIONS = 4
_LADDERS = {
    "money": (1_000, 5_000, 10_000, 50_000),
    "times": (2, 3, 5, 10),
    "pieces": (2, 3, 5, 10),
}
_AGES: dict[str, tuple[tuple[int | None, int | None], ...]] = {
    "young": ((18, 24), (18, 29), (18, 34)),
    "middle": ((35, 49), (40, 59), (45, 64)),
    "old": ((60, None), (65, None), (70, None)),
}
_Spans = tuple[tuple[int, Unit], ...]
_LAPSED: _Spans = ((90, "day"), (6, "month"), (1, "year"))
_INACTIVE: _Spans = ((30, "day"), (60, "day"), (90, "day"), (180, "day"))
_RECENT: _Spans = ((7, "day"), (30, "day"), (90, "day"))
_LONGER: _Spans = ((30, "day"), (90, "day"), (1, "year"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is shown, and as it is kept to understand the answer."""

    question: Question
    pending: Pending


def ask(point: Open, draft: AllOf, catalogue: Catalogue, context: Context, language: str) -> Asked:
    """The question about an open point of the draft."""
    field = answers.declared(point.condition, catalogue)
    asked = point.slot.rpartition(".")[2]
    multiple = asked == "choice"
    if point.readings:
        multiple = False
        key = "meaning" if len(point.readings) > 1 else "meant"
        kept, text = _readings(point, language), _about(point, key, language)
    elif asked in ("choice", "channel", "event"):
        kept, text = _choices(point, language), _choice_text(point, asked, language)
    elif asked == "window":
        kept, text = _windows(point, language), _window_text(point, language)
    else:
        kept, text = _sizes(point, field, catalogue, language)
    skip = Answer(point.slot, choice="skip")
    kept = (*kept, KeptOption(id="skip", label=say(language, "option.skip"), answer=skip))
    options = tuple(_option(kept_one, point, draft, catalogue, context) for kept_one in kept)
    pending = Pending(slot=point.slot, multiple=multiple, options=kept)
    return Asked(Question(point.slot, text, options, multiple), pending)


def _option(
    kept: KeptOption, point: Open, draft: AllOf, catalogue: Catalogue, context: Context
) -> Option:
    try:
        plan = answers.settle(draft, point, kept.answer, catalogue, context)
    except Refused:
        return Option(kept.id, kept.label)
    return Option(kept.id, kept.label, settled(plan))


def _numbered(entries: Sequence[tuple[str, Answer]]) -> tuple[KeptOption, ...]:
    return tuple(
        KeptOption(id=str(place), label=label, answer=answer)
        for place, (label, answer) in enumerate(entries, 1)
    )


def _about(point: Open, key: str, language: str, **values: str | int) -> str:
    """The sentence that quotes the person's words, or its plain form where there are none."""
    values["field"] = explain.noun(_subject(point), language)
    if not point.phrase:
        return say(language, f"ask.{key}_plain", **values)
    return say(language, f"ask.{key}", phrase=point.phrase, **values)


def _subject(point: Open) -> str:
    return point.slot.rpartition(".")[0] or point.condition.field


def _readings(point: Open, language: str) -> tuple[KeptOption, ...]:
    return _numbered(
        [
            (explain.explain(node, language), Answer(point.slot, texts=(str(place),)))
            for place, node in enumerate(point.readings, 1)
        ]
    )


# ── choices ──────────────────────────────────────────────────────────────────────────────────────


def _choices(point: Open, language: str) -> tuple[KeptOption, ...]:
    kind = point.slot.rpartition(".")[2] if "engagement" in point.slot else _subject(point)
    listed = answers.candidates(point)
    kept = _numbered(
        [
            (wording.name_of(language, f"{kind}.{name}", name), Answer(point.slot, texts=(name,)))
            for name in listed
        ]
    )
    if len(listed) < 2:
        return kept
    every = "option.all" if kind not in ("channel", "event") else f"option.any_{kind}"
    answer = Answer(point.slot, choice="all")
    return (*kept, KeptOption(id="all", label=say(language, every), answer=answer))


def _choice_text(point: Open, asked: str, language: str) -> str:
    if asked != "choice":
        return _about(point, asked, language)
    kind = _subject(point)
    names = [
        wording.quoted(language, wording.name_of(language, f"{kind}.{name}", name))
        for name in answers.candidates(point)
    ]
    if not names:
        return _about(point, "choice_none", language)
    return _about(point, "choice", language, names=wording.every(language, names))


# ── windows ──────────────────────────────────────────────────────────────────────────────────────


def _direction(point: Open) -> str:
    if point.high or point.condition.op is not Op.WITHIN:
        return "recent"
    return "inactive" if point.condition.field == "last_interaction" else "lapsed"


def _windows(point: Open, language: str) -> tuple[KeptOption, ...]:
    direction = _direction(point)
    if direction == "recent":
        lookback = point.reason == "lookback"
        usual = _LONGER if point.slot.startswith(("total_", "average_", "highest_")) else _RECENT
        spans = tuple(reversed(_RECENT)) if lookback else usual
        label, make = "option.last", Window.last
    elif direction == "lapsed":
        spans, label, make = _LAPSED, "option.no_purchase", Window.before
        if point.condition.field not in ("last_purchase", "first_purchase"):
            label = "window.before"
    else:
        spans, label, make = _INACTIVE, "option.no_interaction", Window.last
    return _numbered(
        [
            (
                say(language, label, span=explain.span(count, unit, language)),
                Answer(point.slot, window=make(count, unit)),
            )
            for count, unit in spans
        ]
    )


def _window_text(point: Open, language: str) -> str:
    if point.reason == "lookback":
        return _about(point, "lookback", language, limit=LOOKBACK_DAYS)
    direction = _direction(point)
    known = direction != "lapsed" or point.condition.field == "last_purchase"
    return _about(point, direction if direction != "recent" and known else "window", language)


# ── sizes ────────────────────────────────────────────────────────────────────────────────────────


def _sizes(
    point: Open, field: Field | None, catalogue: Catalogue, language: str
) -> tuple[tuple[KeptOption, ...], str]:
    years = field is not None and field.unit == "years"
    if point.reason == "about":
        return _near(point, language), _about(point, "age" if years else "value", language)
    if years:
        return _ages(point, language), _about(point, "age", language)
    if field is not None and Op.BAND in field.operators:
        bands = [
            (say(language, f"band.{band}"), Answer(point.slot, op=Op.BAND, texts=(band,)))
            for band in BANDS
        ]
        return _numbered(bands), _about(point, "band", language)
    unit = field.unit if field is not None else ""
    quantiles = catalogue.quantiles.get(point.condition.field, ())
    steps = thresholds(quantiles, counted=unit in ("times", "pieces"), high=point.high)
    text = _about(point, "value", language)
    if not steps:
        text = say(language, "ask.ladder", question=text)
        steps = _LADDERS.get(unit, (10, 50, 100, 500))
    return _numbered([_size(point, unit, step, language) for step in steps]), text


def _near(point: Open, language: str) -> tuple[KeptOption, ...]:
    """The ranges around a number that was said to be so roughly, and that number alone."""
    said = point.condition.number or 0.0
    size = 10.0 ** math.floor(math.log10(said)) if said >= 1 else 1.0
    counted = said < 10
    steps = (1.0, 2.0) if counted else (size / 2, size) if said > 100 else (2.0, 5.0)
    ranges = [(max(said - step, 0.0), said + step) for step in steps]
    entries = [(said, None), *ranges]
    kept = []
    for low, high in entries:
        op = Op.EQ if high is None else Op.BETWEEN
        made = point.condition.model_copy(update={"op": op, "number": low, "upper": high})
        answer = Answer(point.slot, op=op, number=low, upper=high)
        kept.append((explain.explain(made, language), answer))
    return _numbered([*kept[1:], kept[0]])


def _ages(point: Open, language: str) -> tuple[KeptOption, ...]:
    middle = point.condition.op is Op.BETWEEN
    ranges = _AGES["middle" if middle else "old" if point.high else "young"]
    entries = []
    for low, high in ranges:
        if high is None and low is not None:
            label = say(language, "option.years_from", number=low)
            entries.append((label, Answer(point.slot, op=Op.GE, number=low)))
        elif low is not None and high is not None:
            label = say(language, "option.years_between", low=low, high=high)
            entries.append((label, Answer(point.slot, op=Op.BETWEEN, number=low, upper=high)))
    return _numbered(entries)


def _size(point: Open, unit: str, step: float, language: str) -> tuple[str, Answer]:
    """The option's words and the operator that they mean exactly."""
    if unit in ("times", "pieces"):
        key, op = ("at_least", Op.GE) if point.high else ("at_most", Op.LE)
    else:
        key, op = ("over", Op.GT) if point.high else ("under", Op.LT)
    return say(language, f"option.{key}", number=step), Answer(point.slot, op=op, number=step)


def thresholds(quantiles: Sequence[float], *, counted: bool, high: bool) -> tuple[float, ...]:
    """Three or four round numbers at the high or the low end of a spread of percentiles 0..100."""
    if len(quantiles) < 101 or not quantiles[95] > 0:
        return ()
    found = {_round(quantiles[place], counted) for place in (_HIGH if high else _LOW)}
    while len(found) < 3:
        found.add(_next(max(found), counted))
    steps = sorted(found)
    return tuple(steps[-_MAX_OPTIONS:] if high else steps[:_MAX_OPTIONS])


def _round(value: float, counted: bool) -> float:
    if counted and value < 10:
        return max(round(value), 1 if value < 2 else 2)
    if value <= 0:
        return 1
    size = 10.0 ** math.floor(math.log10(value))
    nearest = min((1, 2, 5, 10), key=lambda step: abs(math.log(value / size / step)))
    return nearest * size


def _next(value: float, counted: bool) -> float:
    if counted and value < 5:
        return value + 1
    size = 10.0 ** math.floor(math.log10(value))
    return next(step * size for step in (1, 2, 5, 10) if step * size > value * 1.001)
