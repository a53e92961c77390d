"""One condition of a model's answer → a node of a plan, held against the data and what was said.

The forms of the manual mode check fields, operators, values and windows; here is checked that it
was said. A value that exists but was not called by its name becomes a question.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from planner import window_inputs as windows
from planner.catalogue import Catalogue
from planner.chat import Context
from planner.fields import EVENTS, Field, Kind, Op
from planner.filled import FormErrors, filled
from planner.model.points import described, opened
from planner.model.said import Spoken
from planner.model.wire import AGO_RANGE, Said
from planner.plan import Condition, Node, Not, Open
from planner.windows import Window
from planner.wording import say

_OF_PRODUCTS: Final = {
    "total_spending": "product_amount",
    "average_order_value": "product_amount",
    "order_count": "checkout_count",
    "highest_order": "highest_product_price",
}
"""What a measure of orders is called where products or categories are named."""
_SCOPES: Final = ("products", "categories", "campaigns", "channels", "events")


class Faulty(Exception):  # noqa: N818 - it says what is the matter
    """Something in an answer can't be, or was not said; the text says what, for the model."""


def condition(said: Said, spoken: Spoken, catalogue: Catalogue, context: Context) -> Node:
    """The condition, or what is still to be asked about it.

    Raises:
        Faulty: it can't be, or a number in it was not said.
    """
    field = _field(said, catalogue)
    op = _op(said, field)
    numbers_said(said, spoken, field, op)
    window = checked_window(said, spoken)
    if said.ask:
        return opened(said, field, op, window if field.time else None, spoken, catalogue)
    values = {"operator": op.value, **_compared(said, field, op, spoken), **_scope(said, field)}
    values |= _window(said, field)
    if said.negated:
        values["negated"] = True
    return _asked(_filled(field, values, catalogue, context), said, spoken, catalogue)


def _filled(
    field: Field, values: dict[str, Any], catalogue: Catalogue, context: Context
) -> Condition | Not | Open:
    if len(field.operators) == 1:
        values.pop("operator")
    try:
        return filled(field.name, values, catalogue, context)
    except FormErrors as wrong:
        messages = {message for message, _ in wrong.errors.values()}
        if messages == {"input.lookback"}:
            return _too_long(field, values, catalogue, context)
        raise Faulty(_reasons(wrong)) from wrong


def _too_long(
    field: Field, values: dict[str, Any], catalogue: Catalogue, context: Context
) -> Open | Condition | Not:
    """Longer back than messages are kept: the time is asked for anew."""
    left = {name: value for name, value in values.items() if not name.startswith("window")}
    made = filled(field.name, left, catalogue, context)
    inner = made.item if isinstance(made, Not) else made
    if not isinstance(inner, Condition):
        return made
    return Open(slot=f"{field.name}.window", phrase="", condition=inner, reason="lookback")


def _reasons(wrong: FormErrors) -> str:
    return "; ".join(
        f"{name}: {say('en', message, **values)}"
        for name, (message, values) in wrong.errors.items()
    )


def _field(said: Said, catalogue: Catalogue) -> Field:
    name = said.field
    if said.products or said.categories:
        name = _OF_PRODUCTS.get(name, name)
    try:
        return catalogue.field(name)
    except KeyError:
        raise Faulty(f"field: there is no {said.field!r}") from None


def _op(said: Said, field: Field) -> Op:
    known = [op.value for op in field.operators]
    if said.op in known:
        return Op(said.op)
    if said.op and not said.ask:
        raise Faulty(f"op: {field.name} takes one of {' '.join(known)}")
    compared = said.ask or said.number is not None
    return Op.GE if compared and Op.GE in field.operators else field.operators[0]


# ── was it said ──────────────────────────────────────────────────────────────────────────────────


def numbers_said(
    said: Said, spoken: Spoken, field: Field | None = None, op: Op | None = None
) -> None:
    """Check that the compared numbers were said.

    Raises:
        Faulty: one was not.
    """
    if said.ask and "value" in said.ask:
        return
    given = [number for number in (said.number, said.upper) if number is not None]
    if op is Op.NEXT_DAYS and all(spoken.has_length(int(number), "day") for number in given):
        return
    missing = [number for number in given if not spoken.has_number(number)]
    if missing and not _implied(said, field, op, spoken):
        raise Faulty(
            f"number: {missing[0]:g} was not said; use ask value for what is open, "
            "or say it is unclear"
        )


def _implied(said: Said, field: Field | None, op: Op | None, spoken: Spoken) -> bool:
    """Whether words without a number mean it: any, none at all, in their thirties."""
    if field is None or said.number is None:
        return False
    if op is Op.BETWEEN and field.unit == "years" and said.upper is not None:
        return spoken.has_number(said.number) and said.upper == said.number + 9
    none = said.number == 0 and op in (Op.EQ, Op.GT, Op.LE)
    some = said.number == 1 and op in (Op.GE, Op.LT) and field.unit in ("times", "pieces")
    return none or some


def checked_window(said: Said, spoken: Spoken) -> Window | None:
    """The window, all of whose lengths and dates were said; None for any time.

    Raises:
        Faulty: it is none, or something in it was not said.
    """
    kind = said.window
    if kind not in (*windows.KINDS, AGO_RANGE):
        raise Faulty(f"window: there is no {kind!r}")
    lengths = {
        windows.LAST: (said.window_number,),
        windows.BEFORE: (said.window_number,),
        AGO_RANGE: (said.window_number, said.window_to),
    }
    for count in lengths.get(kind, ()):
        _check_length(count, said.window_unit, spoken)
    days = {"since": said.since, "until": said.until}
    dated = {windows.SINCE: ("since",), windows.UNTIL: ("until",), windows.DATES: tuple(days)}
    found: dict[str, object] = {
        "window_number": said.window_number,
        "window_unit": said.window_unit,
    }
    for name in dated.get(kind, ()):
        found[f"window_{name}"] = _check_day(name, days[name], spoken)
    try:
        return windows.window_of({"window": _kind(said), **found})
    except (ValueError, OverflowError) as error:
        raise Faulty(f"window: {kind} needs its number and unit, or its dates") from error


def _check_length(count: int | None, unit: str, spoken: Spoken) -> None:
    if unit not in windows.UNITS or count is None:
        raise Faulty("window: it needs window_number and window_unit")
    if not spoken.has_length(count, unit):
        raise Faulty(f"window_number: {count} {unit} was not said; use ask window for what is open")


def _check_day(name: str, text: str, spoken: Spoken) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Faulty(f"{name}: write a date as 2026-06-30") from None
    if not spoken.has_date(day):
        raise Faulty(f"{name}: {text} was not said")
    return day


def _kind(said: Said) -> str:
    if said.window != AGO_RANGE:
        return said.window
    unit = said.window_unit
    far, near = said.window_number or 0, said.window_to or 0
    return windows.kept(
        Window.model_validate(
            {"start": {"ago": max(far, near), "unit": unit},
             "end": {"ago": min(far, near), "unit": unit}}
        )
    )  # fmt: skip


# ── as the form has it ───────────────────────────────────────────────────────────────────────────


def _compared(said: Said, field: Field, op: Op, spoken: Spoken) -> dict[str, Any]:
    if op in (Op.MONTH, Op.MONTH_DAY):
        return _birthday(said, op, spoken)
    if field.kind is Kind.KEYWORD:
        return {"values": "\n".join(_keyword(text, spoken) for text in said.values)}
    names = {Op.BAND: "bands", Op.IS: "truth", Op.ANY_OF: "values", Op.ALL_OF: "values"}
    if op in names:
        return {names[op]: said.values or (("true",) if op is Op.IS else ())}
    if op is Op.NEXT_DAYS:
        return {"next_days": said.number}
    number = {} if field.kind is Kind.MOMENT else {"number": said.number, "upper": said.upper}
    return {name: value for name, value in number.items() if value is not None}


def _keyword(text: str, spoken: Spoken) -> str:
    if not spoken.quote(text):
        raise Faulty(f"values: the keyword {text!r} is not in what the person wrote")
    return text


def _birthday(said: Said, op: Op, spoken: Spoken) -> dict[str, Any]:
    if op is Op.MONTH_DAY:
        known = {f"{day:%m-%d}" for day in spoken.dates}
        name = "days"
    else:
        near = (spoken.today.month, spoken.today.month % 12 + 1)  # this month, next month
        known = {str(day.month) for day in spoken.dates} | {str(month) for month in near}
        known |= {str(int(number)) for number in spoken.numbers if number in range(1, 13)}
        name = "months"
    unsaid = [t for t in said.values if t not in known and not spoken.has_name("birthday", t)]
    if unsaid and not _stretch(said.values, known):
        raise Faulty(f"values: {unsaid[0]} was not said")
    return {name: "\n".join(said.values) if name == "days" else said.values}


def _stretch(values: Sequence[str], known: set[str]) -> bool:
    """From a month or day that was said to another."""
    return bool(values) and values[0] in known and values[-1] in known


def _scope(said: Said, field: Field) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in _SCOPES:
        texts = [text for text in getattr(said, name) if text != "any"]
        if texts:
            found[name] = texts
    if "source" in field.scope:
        found["source"] = said.source
    if found.get("events") or field.name != "engagement":
        return found
    channels = found.get("channels", ())
    usual = [event for event in ("open", "click") if _exists(event, channels)]
    return found | ({"events": usual} if usual else {})


def _exists(event: str, channels: Sequence[str]) -> bool:
    return not channels or any(event in EVENTS.get(channel, ()) for channel in channels)


def _window(said: Said, field: Field) -> dict[str, Any]:
    if not field.time:
        return {}
    return {
        "window": _kind(said),
        "window_number": said.window_number,
        "window_unit": said.window_unit,
        "window_since": said.since or None,
        "window_until": said.until or None,
    }


# ── what is still open ───────────────────────────────────────────────────────────────────────────


def _asked(made: Node, said: Said, spoken: Spoken, catalogue: Catalogue) -> Node:
    """The condition, or the question about values that were not called by their names."""
    if isinstance(made, Open):
        named = made.condition.scope.channels or made.condition.scope.campaigns
        then = () if named or "any" in said.channels else ("engagement.channel",)
        return made.model_copy(update={"phrase": spoken.quote(said.phrase), "then": then})
    inner = made.item if isinstance(made, Not) else made
    if not isinstance(inner, Condition):
        return made
    point = described(inner, said, spoken, catalogue)
    if point is None:
        return made
    return Not(item=point) if isinstance(made, Not) else point
