"""A window of time as the inputs of a form, and back."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import get_args

from planner.windows import Ago, Bound, On, Start, Unit, Window

UNITS: tuple[Unit, ...] = get_args(Unit)
MOST = 36_500
"""Units that a window can reach back."""
ANY, LAST, BEFORE, SINCE, UNTIL, DATES = "any", "last", "before", "since", "until", "dates"
PERIODS: dict[str, Window] = {
    f"{name}.{unit}": Window.period(unit, offset)
    for name, offset in (("this", 0), ("previous", -1))
    for unit in UNITS
}
"""Today, this week …, yesterday, last week …, by the last parts of their message ids."""
KINDS = (ANY, LAST, BEFORE, SINCE, UNTIL, DATES, *PERIODS)
"""What the input `window` can be."""
_KEEP = "keep:"
"""How a choice begins that stands for a window which has no inputs; the rest says which."""

Told = dict[str, str | int]


def inputs_of(window: Window | None) -> Told:
    """The values of window, window_number, window_unit, window_since and window_until."""
    if window is None:
        return {"window": ANY}
    for kind, period in PERIODS.items():
        if window == period:
            return {"window": kind}
    return _counted(window) or _dated(window) or {"window": kept(window)}


def _counted(window: Window) -> Told:
    start, end = window.start, window.end
    if isinstance(start, Ago) and end is None and start.ago:
        return {"window": LAST, "window_number": start.ago, "window_unit": start.unit}
    if isinstance(end, Ago) and start is None and end.ago:
        return {"window": BEFORE, "window_number": end.ago, "window_unit": end.unit}
    return {}


def _dated(window: Window) -> Told:
    start, end = window.start, window.end
    told: Told = {}
    if isinstance(start, On):
        told["window_since"] = start.on.isoformat()
    if isinstance(end, On) and end.on > date.min:
        told["window_until"] = (end.on - timedelta(days=1)).isoformat()
    if len(told) != (start is not None) + (end is not None):
        return {}
    if len(told) == 2:
        in_order = str(told["window_since"]) <= str(told["window_until"])
        return {"window": DATES, **told} if in_order else {}
    return {"window": SINCE if "window_since" in told else UNTIL, **told}


def window_of(values: Mapping[str, object]) -> Window | None:
    """The window that inputs say, as `inputs_of` gives them (dates as dates); None: any time.

    Raises:
        ValueError, OverflowError: they say none, or one beyond the calendar.
    """
    kind = str(values["window"])
    if kind == ANY:
        return None
    if kind in PERIODS:
        return PERIODS[kind]
    if kind.startswith(_KEEP):
        return _read(kind)
    if kind in (LAST, BEFORE):
        bound = Ago.model_validate({"ago": values["window_number"], "unit": values["window_unit"]})
        return Window(start=bound) if kind == LAST else Window(end=bound)
    first, last = values.get("window_since"), values.get("window_until")
    return Window.dates(
        first if isinstance(first, date) and kind != UNTIL else None,
        last if isinstance(last, date) and kind != SINCE else None,
    )


def kept(window: Window | None) -> str:
    """The choice that stands for a window as it is."""
    if window is None:
        return f"{_KEEP}/"
    return f"{_KEEP}{_written(window.start)}/{_written(window.end)}"


def is_kept(choice: str) -> bool:
    """Whether a choice stands for a window as it is."""
    return choice.startswith(_KEEP)


def _written(bound: Bound | None) -> str:
    if bound is None:
        return ""
    if isinstance(bound, On):
        return bound.on.isoformat()
    if isinstance(bound, Ago):
        return f"{bound.ago} {bound.unit} ago"
    return f"{bound.offset} {bound.start_of} start"


def _read(choice: str) -> Window | None:
    start, _, end = choice.removeprefix(_KEEP).partition("/")
    if not start and not end:
        return None
    return Window(start=_bound(start), end=_bound(end))


def _bound(text: str) -> Bound | None:
    if not text:
        return None
    parts = text.split(" ")
    if len(parts) == 1:
        return On(on=date.fromisoformat(text))
    count, unit, kind = parts  # another number of parts is a ValueError, too
    if kind == "ago":
        return Ago.model_validate({"ago": int(count), "unit": unit})
    return Start.model_validate({"start_of": unit, "offset": int(count)})
