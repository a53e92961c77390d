"""A condition as an SQL predicate over contacts, by the kind of its field."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from planner.errors import Refused
from planner.fields import BANDS, Field, Kind, Op
from planner.plan import Condition, Scope
from planner.windows import Window, days_back, instants, local_date
from store.audience.measures import Aggregate, How, Measure, Measures, RowTest, bound, one_of

Predicate = ColumnElement[bool]
_COMPARE: dict[Op, Callable[[Any, Any], Predicate]] = {
    Op.EQ: lambda value, limit: value == limit,
    Op.GT: lambda value, limit: value > limit,
    Op.GE: lambda value, limit: value >= limit,
    Op.LT: lambda value, limit: value < limit,
    Op.LE: lambda value, limit: value <= limit,
}
_SOME: dict[tuple[Op, float | None], bool] = {
    (Op.GE, 1): True,
    (Op.GT, 0): True,
    (Op.EQ, 0): False,
    (Op.LT, 1): False,
    (Op.LE, 0): False,
}
"""Comparisons of a count that only ask whether there are any rows."""
_SCOPES: tuple[tuple[str, tuple[str, ...], How], ...] = (
    ("products", ("product_id", "product_name"), "is_any_case"),
    ("categories", ("category",), "is_any_case"),
    ("channels", ("channel",), "is"),
    ("events", ("event",), "is"),
    ("campaigns", ("campaign",), "is_any_case"),
)


class Predicates:
    """Builds predicates for one moment and time zone; true, false, or null for false."""

    def __init__(self, measures: Measures, as_of: datetime, zone: ZoneInfo) -> None:
        self._measures = measures
        self._as_of = as_of
        self._zone = zone
        self._today = local_date(as_of, zone)

    def of(self, field: Field, condition: Condition) -> Predicate:
        """The predicate of one condition.

        Raises:
            Refused: "lookback", a window longer than the field's data is kept.
        """
        if field.kind is Kind.TEXT:
            return one_of(sa.column(field.column), condition.texts)
        if field.kind is Kind.REACHABLE:
            return _join(condition, [reachable(channel) for channel in condition.texts])
        build = {
            Kind.BOOLEAN: self._yes_or_no,
            Kind.BIRTHDAY: self._birthday,
            Kind.MOMENT: self._moment,
            Kind.LABEL: self._texts,
            Kind.KEYWORD: self._texts,
        }.get(field.kind, self._compared)
        return build(field, condition)

    def value(self, field: Field, condition: Condition) -> ColumnElement[Any]:
        """The number that a condition compares: a column, an age, or a metric."""
        if field.kind is Kind.NUMBER:
            return sa.column(field.column)
        if field.kind is Kind.AGE:
            return _age(self._today)
        return self._metric(field, condition)

    def _yes_or_no(self, field: Field, condition: Condition) -> Predicate:
        column: ColumnElement[Any] = sa.column(field.column)
        wanted = [sa.true() if text == "true" else sa.false() for text in condition.texts]
        return sa.or_(sa.false(), *(column == value for value in wanted))

    def _compared(self, field: Field, condition: Condition) -> Predicate:
        some = _SOME.get((condition.op, condition.number))
        if some is not None and field.aggregate in ("count", "distinct"):
            rows = self._measure(field, condition, field.aggregate, field.column)
            found = self._measures.some(rows)
            return found if some else sa.not_(found)
        value = self.value(field, condition)
        if condition.op is Op.BAND:
            return sa.or_(sa.false(), *(_band(value, text) for text in condition.texts))
        if condition.number is None:
            raise ValueError("a comparison needs a number")
        low = bound(condition.number)
        if condition.op is Op.BETWEEN:
            if condition.upper is None:
                raise ValueError("BETWEEN needs an upper end")
            return sa.and_(value >= low, value <= bound(condition.upper))
        return _COMPARE[condition.op](value, low)

    def _metric(self, field: Field, condition: Condition) -> ColumnElement[Any]:
        if field.aggregate == "ratio":
            total = self._measures.value(self._measure(field, condition, "sum", field.column))
            count = self._measures.value(self._measure(field, condition, "count", ""))
            return sa.cast(total, sa.Double).op("/")(sa.func.nullif(count, sa.text("0")))
        if not field.aggregate:
            raise ValueError(f"{field.name} has no aggregate")
        value = self._measures.value(self._measure(field, condition, field.aggregate, field.column))
        return sa.func.coalesce(value, sa.text("0")) if field.empty == "zero" else value

    def _measure(
        self, field: Field, condition: Condition, aggregate: Aggregate, column: str
    ) -> Measure:
        start, after = self._span(field, condition.window)
        tests = _row_tests(condition.scope)
        return Measure(field.table, aggregate, column, field.time, start, after, tests)

    def _span(self, field: Field, window: Window | None) -> tuple[datetime | None, datetime | None]:
        if field.lookback_days is not None:
            window = window or Window.last(field.lookback_days)
            back = days_back(window, self._as_of, self._zone)
            if back is None or back > field.lookback_days:
                raise Refused("lookback", days=field.lookback_days)
        return (None, None) if window is None else instants(window, self._as_of, self._zone)

    def moment(self, field: Field) -> ColumnElement[Any]:
        """The point in time that a condition looks at."""
        if field.aggregate in ("max", "min"):
            return self._measures.value(
                Measure(field.table, field.aggregate, field.column, field.time)
            )
        return sa.column(field.column)

    def _moment(self, field: Field, condition: Condition) -> Predicate:
        moment = self.moment(field)
        start, after = self._span(field, condition.window)
        tests = [moment <= bound(self._as_of)]
        if start is not None:
            tests.append(moment >= bound(start))
        if after is not None:
            tests.append(moment < bound(after))
        return sa.and_(*tests)

    def _texts(self, field: Field, condition: Condition) -> Predicate:
        how: How = "contains" if field.kind is Kind.KEYWORD else "is_any_case"

        def found(*texts: str) -> Predicate:
            tests = (RowTest((field.column,), how, texts), *_row_tests(condition.scope))
            return self._measures.some(Measure(field.table, "count", tests=tests))

        if condition.op is Op.ALL_OF:
            return sa.and_(sa.true(), *(found(text) for text in condition.texts))
        return found(*condition.texts)

    def _birthday(self, _: Field, condition: Condition) -> Predicate:
        day: ColumnElement[int] = sa.column("_born").op("%")(sa.text("10000"))
        if condition.op is Op.MONTH:
            months = [int(text) * 100 for text in condition.texts]
            return sa.or_(sa.false(), *(day.between(bound(m + 1), bound(m + 31)) for m in months))
        if condition.op is Op.MONTH_DAY:
            days = {int(text.replace("-", "")) for text in condition.texts}
        else:
            days = self._next_days(int(condition.number or 0))
        return sa.or_(sa.false(), *(day == bound(each) for each in sorted(days)))

    def _next_days(self, count: int) -> set[int]:
        days = (self._today + timedelta(days=n) for n in range(min(count, 366 * 4) + 1))
        return {each.month * 100 + each.day for each in days}


def _age(today: date) -> ColumnElement[Any]:
    """Whole years since `_born`, which is written YYYYMMDD."""
    written = today.year * 10_000 + today.month * 100 + today.day
    return sa.func.floor((bound(written) - sa.column("_born")) / sa.text("10000.0"))


def _band(value: ColumnElement[Any], text: str) -> Predicate:
    low, high = BANDS[text]
    tests: list[Predicate] = []
    if low is not None:
        tests.append(value >= bound(low))
    if high is not None:
        tests.append(value < bound(high))
    return sa.and_(*tests)


def reachable(channel: str) -> Predicate:
    """Whether a contact can be reached on a channel: by address and consent."""
    column: Callable[[str], ColumnElement[Any]] = sa.column
    if channel == "line":
        return column("line_status") == bound("subscribed")
    if channel == "push":
        return column("push_consent") == sa.true()
    address = {"sms": "phone", "email": "email"}[channel]
    return sa.and_(column(f"{channel}_consent") == sa.true(), column(address).is_not(None))


def _join(condition: Condition, parts: list[Predicate]) -> Predicate:
    if condition.op is Op.ALL_OF:
        return sa.and_(sa.true(), *parts)
    return sa.or_(sa.false(), *parts)


def _row_tests(scope: Scope) -> tuple[RowTest, ...]:
    tests = [] if scope.source is None else [RowTest(("source",), "is", (scope.source,))]
    for part, columns, how in _SCOPES:
        if texts := getattr(scope, part):
            tests.append(RowTest(columns, how, texts))
    return tuple(tests)
