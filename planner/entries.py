"""What people type or choose in one input of a form → a value.

What is none is Refused, in words that stand beside the input and so don't name it.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date

from planner.errors import Refused
from planner.forms import Input
from planner.understand.normalise import normalise
from planner.understand.numbers import numbers

Entry = str | float | bool | date | tuple[str, ...]
"""What an input says."""
_NUMBER = re.compile(
    r"[+-]?(?:\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE
)
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_MONTH_DAY = re.compile(r"(?:\d{4}[-/.])?(\d{1,2})[-/.](\d{1,2})")
LARGEST = 10**15
"""Beyond it a number is no amount any more, and can't be computed with."""
_LONGEST = 40
"""Characters of a number."""
_FLAGS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False,
    "off": False, "0": False}  # fmt: skip


def given(value: object) -> tuple[object, ...]:
    """What was handed over for one input, one by one; nothing for what was left empty."""
    listed = value if isinstance(value, (list, tuple)) else (value,)
    return tuple(each for each in listed if each is not None and text(each))


def text(value: object) -> str:
    """A value as text; a number or flag is none to be compared with names."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, (str, int, float)):
        raise Refused("form_error.choice")
    return str(value).strip()


def lines(values: Iterable[object]) -> tuple[str, ...]:
    """The lines of a text that have anything in them."""
    return tuple(
        line.strip() for value in values for line in text(value).split("\n") if line.strip()
    )


def number(value: object, declared: Input) -> float:
    """A finite number within the input's limits, also as 10,000, １００ or 5萬, 30% of a share."""
    found = _number(value, share=declared.unit == "share")
    least = -LARGEST if declared.minimum is None else declared.minimum
    if found < least:
        raise Refused("form_error.least", limit=int(least))
    most = LARGEST if declared.maximum is None else declared.maximum
    if found > most:
        raise Refused("form_error.most", limit=int(most))
    if declared.name in ("window_number", "next_days") and not found.is_integer():
        raise Refused("form_error.whole")
    return found


def _number(value: object, *, share: bool) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _finite(value)
    said = unicodedata.normalize("NFKC", text(value)).strip()
    if len(said) > _LONGEST:
        raise Refused("form_error.number")
    if share and said.endswith("%"):
        return _number(said[:-1], share=False) / 100
    if _NUMBER.fullmatch(said):
        return _finite(float(re.sub("[, ]", "", said)))
    form = normalise(said).form
    worded = [n.value for n in numbers(form) if form[n.start : n.end] == form]
    if isinstance(value, bool) or not worded:
        raise Refused("form_error.number")
    return _finite(worded[0])


def _finite(value: float) -> float:
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise Refused("form_error.number")
    return found + 0.0  # no negative zero


def day(value: object) -> date:
    """A date of the calendar, year first."""
    match = _DATE.fullmatch(unicodedata.normalize("NFKC", text(value)))
    try:
        if match:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise Refused("form_error.date")


def month_day(line: str) -> str:
    """A day of any year, month first, as "MM-DD"; a year before it doesn't count."""
    match = _MONTH_DAY.fullmatch(unicodedata.normalize("NFKC", line))
    try:
        if match:
            return date(2024, *map(int, match.groups())).strftime("%m-%d")  # a leap year
    except ValueError:
        pass
    raise Refused("form_error.month_day")


def flag(value: object) -> bool:
    """Yes or no."""
    found = _FLAGS.get(text(value).casefold())
    if found is None:
        raise Refused("form_error.choice")
    return found


def known(said: str, names: tuple[str, ...], other: Mapping[str, str]) -> str | None:
    """The name of that spelling, in any letter case and width; `other` are names by others."""
    if said in names:
        return said
    wanted = _folded(said)
    for name in names:
        if _folded(name) == wanted:
            return name
    return next((name for alias, name in other.items() if _folded(alias) == wanted), None)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
