"""Windows of time, and the instants they mean at a given moment in a given time zone.

The meaning is fixed by the audience specification: a window starts at 00:00 local time, months and
years step on the calendar, and a window and its opposite leave no gap and never overlap.
"""

import calendar
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

Unit = Literal["day", "week", "month", "year"]

LOOKBACK_DAYS = 90
"""Message events older than this many days are not kept to be asked for."""


class _Bound(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Ago(_Bound):
    """00:00 local time so many units before the local date of as_of."""

    ago: int = Field(ge=0, le=36_500)
    unit: Unit = "day"


class Start(_Bound):
    """The first instant of the current day, week, month or year, moved by `offset` of them."""

    start_of: Unit
    offset: int = Field(default=0, ge=-100, le=100)


class On(_Bound):
    """00:00 local time of a date."""

    on: date


Bound = Ago | Start | On


class Window(BaseModel):
    """From `start` (included) to `end` (excluded); an open end means as_of, as_of included."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    start: Annotated[Bound | None, Field(description="included; null: since ever")] = None
    end: Annotated[Bound | None, Field(description="excluded; null: up to as_of")] = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.start is None and self.end is None:
            raise ValueError("a window needs a start or an end")
        return self

    @classmethod
    def last(cls, count: int, unit: Unit = "day") -> "Window":
        """In the last `count` units."""
        return cls(start=Ago(ago=count, unit=unit))

    @classmethod
    def before(cls, count: int, unit: Unit = "day") -> "Window":
        """`count` units ago or earlier: the opposite of `last`."""
        return cls(end=Ago(ago=count, unit=unit))

    @classmethod
    def period(cls, unit: Unit, offset: int = 0) -> "Window":
        """This (0), last (-1) … calendar day, week, month or year."""
        end = None if offset == 0 else Start(start_of=unit, offset=offset + 1)
        return cls(start=Start(start_of=unit, offset=offset), end=end)

    @classmethod
    def dates(cls, first: date | None, last: date | None) -> "Window":
        """Whole local days, both ends included; the calendar's last day bounds nothing."""
        last = None if last == date.max else last
        return cls(
            start=None if first is None else On(on=first),
            end=None if last is None else On(on=last + timedelta(days=1)),
        )

    def opposite(self) -> "Window | None":
        """The rest of the time up to as_of, or None where that is not one window."""
        if self.end is None and self.start is not None:
            return Window(end=self.start)
        if self.start is None and self.end is not None:
            return Window(start=self.end)
        return None


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def local_date(as_of: datetime, zone: ZoneInfo) -> date:
    """The date that a calendar in `zone` shows at `as_of`."""
    return as_of.astimezone(zone).date()


def _back(day: date, count: int, unit: Unit) -> date:
    if unit in ("day", "week"):
        return day - timedelta(days=count * (7 if unit == "week" else 1))
    return months_before(day, count * (12 if unit == "year" else 1))


def _first_day(day: date, unit: Unit) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[unit]


def bound_date(bound: Bound, today: date) -> date:
    """The local date on which a bound lies when `today` is the local date of as_of."""
    if isinstance(bound, Ago):
        return _back(today, bound.ago, bound.unit)
    if isinstance(bound, Start):
        return _back(_first_day(today, bound.start_of), -bound.offset, bound.start_of)
    return bound.on


def instants(
    window: Window, as_of: datetime, zone: ZoneInfo
) -> tuple[datetime | None, datetime | None]:
    """The first instant in the window and the first after it; None where it is open."""
    today = local_date(as_of, zone)
    first, after = (
        None if bound is None else datetime.combine(bound_date(bound, today), time(), zone)
        for bound in (window.start, window.end)
    )
    return first, after


def days_back(window: Window, as_of: datetime, zone: ZoneInfo) -> int | None:
    """How many days before as_of the window starts, or None where it has no start."""
    if window.start is None:
        return None
    today = local_date(as_of, zone)
    return (today - bound_date(window.start, today)).days


def runs_of_days(days: Iterable[str]) -> list[tuple[str, str]]:
    """Days of the year, "MM-DD", that follow each other: the first and the last of each run."""
    runs: list[tuple[str, str]] = []
    for day in days:
        try:
            before = f"{date.fromisoformat(f'2024-{day}') - timedelta(days=1):%m-%d}"
        except ValueError:
            before = ""  # no day of any year; it is shown as it stands
        if runs and runs[-1][1] == before:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
