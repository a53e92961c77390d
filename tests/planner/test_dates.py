"""Dates and months as people write them."""

from datetime import date

import pytest

from planner.understand.dates import days
from planner.understand.normalise import normalise

TODAY = date(2026, 6, 30)


def spans(text: str) -> list[tuple[date, date] | None]:
    """The longest date at each place."""
    found = sorted(days(normalise(text)), key=lambda day: (day.start, -day.end))
    kept, after = [], 0
    for day in found:
        if day.start >= after:
            kept.append(day.span(TODAY))
            after = day.end
    return kept


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-03-01", date(2026, 3, 1), date(2026, 3, 1)),
        ("2026/3/1", date(2026, 3, 1), date(2026, 3, 1)),
        ("1 March 2026", date(2026, 3, 1), date(2026, 3, 1)),
        ("March 1st, 2026", date(2026, 3, 1), date(2026, 3, 1)),
        ("3月1日", date(2026, 3, 1), date(2026, 3, 1)),
        ("2026年3月", date(2026, 3, 1), date(2026, 3, 31)),
        ("2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
        ("民國115年3月1日", date(2026, 3, 1), date(2026, 3, 1)),
        ("令和8年3月1日", date(2026, 3, 1), date(2026, 3, 1)),
        ("令和元年5月", date(2019, 5, 1), date(2019, 5, 31)),
        ("พ.ศ. 2569", date(2026, 1, 1), date(2026, 12, 31)),
        ("2569-03-01", date(2026, 3, 1), date(2026, 3, 1)),
        ("in April", date(2026, 4, 1), date(2026, 4, 30)),
        ("every November", date(2025, 11, 1), date(2025, 11, 30)),
        ("1-15 March 2026", date(2026, 3, 1), date(2026, 3, 15)),
        ("2月份", date(2026, 2, 1), date(2026, 2, 28)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_date_is_the_days_it_means(text: str, first: date, last: date) -> None:
    assert spans(text) == [(first, last)]


@pytest.mark.parametrize("text", ["who may buy", "may we march on", "they may come back"])
def test_a_verb_is_no_month(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize("text", ["in May", "since may", "since May 2026", "April or May"])
def test_may_beside_a_preposition_is_a_month(text: str) -> None:
    assert any(span and span[0].month == 5 for span in spans(text))


@pytest.mark.parametrize("text", ["2000元", "2026 people", "2,026", "3/45", "13/32", "12026"])
def test_an_amount_is_no_date(text: str) -> None:
    assert spans(text) == []


def test_a_day_that_never_was_is_no_span() -> None:
    assert spans("30 February 2026") == [None]
