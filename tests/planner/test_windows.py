"""Windows as instants: month ends, weeks, clock changes, and that opposites share time out."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from planner.windows import (
    Ago,
    On,
    Start,
    Window,
    bound_date,
    days_back,
    instants,
    local_date,
    months_before,
)

TAIPEI = ZoneInfo("Asia/Taipei")
NEW_YORK = ZoneInfo("America/New_York")
units = st.sampled_from(["day", "week", "month", "year"])
bounds = st.one_of(
    st.builds(Ago, ago=st.integers(0, 500), unit=units),
    st.builds(Start, start_of=units, offset=st.integers(-50, 0)),
    st.builds(On, on=st.dates(date(2000, 1, 1), date(2030, 1, 1))),
)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), 2, date(2025, 11, 30)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 6, 30), 0, date(2026, 6, 30)),
        (date(2026, 1, 15), 13, date(2024, 12, 15)),
    ],
)
def test_months_step_on_the_calendar(day, months, before):
    assert months_before(day, months) == before


@pytest.mark.parametrize(
    ("bound", "day"),
    [
        (Ago(ago=0), date(2026, 7, 1)),
        (Ago(ago=30), date(2026, 6, 1)),
        (Ago(ago=2, unit="week"), date(2026, 6, 17)),
        (Ago(ago=1, unit="year"), date(2025, 7, 1)),
        (Start(start_of="day"), date(2026, 7, 1)),
        (Start(start_of="week"), date(2026, 6, 29)),
        (Start(start_of="week", offset=-1), date(2026, 6, 22)),
        (Start(start_of="month"), date(2026, 7, 1)),
        (Start(start_of="month", offset=-1), date(2026, 6, 1)),
        (Start(start_of="year", offset=-1), date(2025, 1, 1)),
        (Start(start_of="month", offset=1), date(2026, 8, 1)),
        (Start(start_of="year", offset=1), date(2027, 1, 1)),
        (On(on=date(2026, 3, 1)), date(2026, 3, 1)),
    ],
)
def test_a_bound_is_a_local_date(bound, day):
    # 30 June, 18:00 UTC is 1 July in Taipei, a Wednesday.
    today = local_date(datetime(2026, 6, 30, 18, tzinfo=UTC), TAIPEI)
    assert bound_date(bound, today) == day


def test_days_start_at_midnight_of_the_zone():
    as_of = datetime(2026, 6, 30, 4, tzinfo=UTC)
    assert instants(Window.last(30), as_of, TAIPEI) == (datetime(2026, 5, 30, 16, tzinfo=UTC), None)
    assert instants(Window.before(30), as_of, NEW_YORK) == (
        None,
        datetime(2026, 5, 31, 4, tzinfo=UTC),
    )


def test_a_day_on_which_clocks_change_is_shorter_or_longer():
    as_of = datetime(2026, 12, 1, tzinfo=UTC)
    spring, autumn = date(2026, 3, 8), date(2026, 11, 1)
    for day, hours in ((spring, 23), (autumn, 25)):
        first, after = instants(Window.dates(day, day), as_of, NEW_YORK)
        assert first is not None
        assert after is not None
        assert after.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=hours)


def test_ranges_of_dates_hold_both_ends():
    window = Window.dates(date(2026, 5, 1), date(2026, 5, 31))
    assert window == Window(start=On(on=date(2026, 5, 1)), end=On(on=date(2026, 6, 1)))
    assert window.opposite() is None
    with pytest.raises(ValidationError, match="needs a start or an end"):
        Window.dates(None, None)


def test_days_back_counts_local_days():
    as_of = datetime(2026, 6, 30, 4, tzinfo=UTC)
    assert days_back(Window.last(90), as_of, TAIPEI) == 90
    assert days_back(Window.last(3, "month"), as_of, TAIPEI) == 92
    assert days_back(Window.before(90), as_of, TAIPEI) is None


@given(bound=bounds, as_of=moments, zone=st.sampled_from([TAIPEI, NEW_YORK]))
def test_a_window_and_its_opposite_meet(bound, as_of, zone):
    since = Window(start=bound)
    until = since.opposite()
    assert until is not None
    assert until.opposite() == since
    first, open_end = instants(since, as_of, zone)
    open_start, after = instants(until, as_of, zone)
    assert first == after
    assert open_end is None
    assert open_start is None


@given(unit=units, offset=st.integers(-50, -1), as_of=moments)
def test_calendar_periods_follow_each_other(unit, offset, as_of):
    _, after = instants(Window.period(unit, offset), as_of, NEW_YORK)
    following, _ = instants(Window.period(unit, offset + 1), as_of, NEW_YORK)
    assert after == following
    assert after is not None
    assert after <= as_of
