"""What the inputs of a form can be chosen from, and in which words."""

from dataclasses import dataclass
from itertools import islice
from typing import Final

from planner import window_inputs as windows
from planner import wording
from planner.catalogue import Catalogue
from planner.errors import Refused
from planner.fields import BANDS, EVENTS, FIELDS, REACHABLE_CHANNELS, Field, Kind, Op
from planner.wording import say

MOST_OPTIONS: Final = 100
"""Choices listed at once; more are found by `options`."""

When = tuple[str, tuple[str, ...]]
"""The name of another input, and those of its values with which this applies."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values."""

    value: str
    label: str
    when: When | None = None
    """Goes only with these values of another input, or with none of them chosen."""


def field_of(name: str, catalogue: Catalogue) -> Field:
    """The declaration of a field.

    Raises:
        Refused: "form.no_such_field".
    """
    try:
        return catalogue.field(name)
    except KeyError:
        raise Refused("form.no_such_field") from None


_OF_THE_DATA = {"products": "product", "categories": "category", "campaigns": "campaign"}
UNBOUND = ("values", "window", *_OF_THE_DATA)
"""Inputs of which a condition may have values that are not in the pool."""
_ALWAYS = {
    "gender": ("female", "male", "other"),
    "line_status": ("subscribed", "blocked", "none"),
    "reachable": REACHABLE_CHANNELS,
}
"""Values that stand by definition, whether or not anybody has them."""
_FIXED: dict[str, tuple[str, ...]] = {
    "source": ("any", "maac", "caac"),
    "channels": tuple(EVENTS),
    "events": tuple(dict.fromkeys(event for events in EVENTS.values() for event in events)),
    "window_unit": windows.UNITS,
    "months": tuple(str(month) for month in range(1, 13)),
    "bands": tuple(BANDS),
    "truth": ("true", "false"),
}
_WORDED = {"channels": "channel", "events": "event", "bands": "band", "truth": "truth"}


def pool(field: Field, name: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Every value that an input of choices can take, best first."""
    if name == "operator":
        return tuple(op.value for op in field.operators)
    if name == "window":
        return window_kinds(field)
    if name == "values":
        return tuple(dict.fromkeys((*_ALWAYS.get(field.name, ()), *catalogue.names(field.name))))
    return _FIXED[name] if name in _FIXED else catalogue.names(_OF_THE_DATA[name])


def window_kinds(field: Field) -> tuple[str, ...]:
    """The windows that a field can be asked for."""
    out = {windows.ANY} if field.kind is Kind.MOMENT else set()
    if field.lookback_days is not None:
        out |= {windows.BEFORE, windows.UNTIL}  # they reach back without an end
    return tuple(kind for kind in windows.KINDS if kind not in out)


def options(
    field_name: str, name: str, catalogue: Catalogue, language: str, typed: str = ""
) -> tuple[Choice, ...]:
    """The best choices of an input whose words contain what was typed, in any letter case.

    Raises:
        Refused: "form.no_such_field".
    """
    field = field_of(field_name, catalogue)
    part = typed.strip().casefold()
    every = (choice(field, name, value, language) for value in pool(field, name, catalogue))
    return tuple(islice((each for each in every if part in each.label.casefold()), MOST_OPTIONS))


def choice(field: Field, name: str, value: str, language: str) -> Choice:
    """One value of an input in the language's words; names from the data stay as they are."""
    if name == "operator":
        return Choice(value, say(language, f"form.op.{Op(value).name.lower()}"))
    if name == "months":
        return Choice(value, wording.month(language, int(value)))
    if name == "window":
        return Choice(value, _window_label(field, value, language))
    if name == "events":
        having = tuple(channel for channel, events in EVENTS.items() if value in events)
        return Choice(value, say(language, f"event.{value}"), ("channels", having))
    if name in ("source", "window_unit"):
        return Choice(value, say(language, f"form.{name}_of.{value}"))
    words = field.name if name == "values" and field.name in FIELDS else _WORDED.get(name)
    label = value if words is None else wording.name_of(language, f"{words}.{value}", value)
    return Choice(value, label)


def _window_label(field: Field, kind: str, language: str) -> str:
    if windows.is_kept(kind):
        return say(language, "form.keep")
    if kind in windows.PERIODS:
        return say(language, f"window.{kind}")
    if kind == windows.ANY and field.lookback_days is not None:
        return say(language, "form.window_of.lookback", n=field.lookback_days)
    return say(language, f"form.window_of.{kind}")
