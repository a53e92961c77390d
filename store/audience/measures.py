"""Numbers per contact, each computed once however many conditions ask for it.

All measures of one table are aggregates of one grouped subquery, joined to contacts; those over
all time come ready from contacts where nothing in the data is later than as_of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import ColumnElement, FromClause

Aggregate = Literal["sum", "count", "max", "min", "distinct"]
How = Literal["is", "is_any_case", "contains"]


@dataclass(frozen=True, slots=True)
class RowTest:
    """Which rows count: those where a column is one of the texts, or contains one."""

    columns: tuple[str, ...]
    how: How
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """An aggregate over a contact's rows in one table."""

    table: str
    aggregate: Aggregate
    column: str = ""
    time: str = ""
    """The column a window applies to; empty: the rows have no time."""
    start: datetime | None = None
    """The first instant that counts."""
    after: datetime | None = None
    """The first instant that counts no more."""
    tests: tuple[RowTest, ...] = ()

    @property
    def prepared(self) -> str:
        """The column of contacts that holds it over all time, or nothing."""
        if self.start or self.after or self.tests or not self.time:
            return ""
        return "_".join(("", self.table, self.aggregate, *filter(None, (self.column,))))


_EXACT = 2.0**53
"""Beyond it a float holds no whole number any more, and a database no such integer."""


def bound(value: Any) -> ColumnElement[Any]:
    """A value, bound without a type, so that the database compares by the column's."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)  # else it is taken for a decimal, and every row is cast
    return sa.bindparam(None, value, type_=sa.types.NullType(), unique=True)


def one_of(column: ColumnElement[Any], texts: tuple[str, ...]) -> ColumnElement[bool]:
    """Whether a text column is one of the texts, in any case."""
    lowered = sa.func.lower(column)
    return sa.or_(sa.false(), *(lowered == sa.func.lower(bound(text)) for text in texts))


class Measures:
    """The measures of a statement, collected while its conditions are built.

    Those of `only` one contact, by its key, are computed from that contact's rows alone.
    """

    def __init__(
        self,
        as_of: datetime,
        latest: Mapping[str, datetime | None],
        *,
        shared: bool = True,
        only: int | None = None,
    ) -> None:
        self._as_of = as_of
        self._latest = latest
        self._shared = shared
        self._only = only
        self._names: dict[Measure, str] = {}

    def value(self, measure: Measure) -> ColumnElement[Any]:
        """The measure as a column beside contacts; null over nothing."""
        if measure.prepared and not self.later(measure.table):
            return sa.column(measure.prepared)
        return sa.column(self._names.setdefault(measure, f"_m{len(self._names)}"))

    def some(self, measure: Measure) -> ColumnElement[bool]:
        """Whether a contact has any of the rows that a measure counts.

        For one plan a semi-join is faster than counting; many plans share the counts.
        """
        if self._shared or (measure.prepared and not self.later(measure.table)):
            return sa.func.coalesce(self.value(measure), sa.text("0")) > sa.text("0")
        key: ColumnElement[int] = sa.column("_key")
        rows = sa.select(key).select_from(sa.table(measure.table)).where(*self._rows(measure))
        return sa.literal_column("contacts._key", sa.Integer()).in_(rows)

    def later(self, table: str) -> bool:
        """Whether a table has rows after as_of."""
        latest = self._latest.get(table)
        return latest is not None and latest > self._as_of

    def beside(self, contacts: FromClause) -> FromClause:
        """Contacts joined with all measures collected so far."""
        joined = contacts
        for table in dict.fromkeys(measure.table for measure in self._names):
            rows = self._grouped(table)
            joined = joined.outerjoin(rows, contacts.c["_key"] == rows.c["_key"])
        return joined

    def _grouped(self, table: str) -> sa.Subquery:
        names = {m: name for m, name in self._names.items() if m.table == table}
        tests = {measure: self._rows(measure) for measure in names}
        alone = len(names) == 1
        columns = [
            _aggregate(m, None if alone else tests[m]).label(name) for m, name in names.items()
        ]
        key: ColumnElement[int] = sa.column("_key")
        rows = sa.select(key, *columns).select_from(sa.table(table)).group_by(key)
        starts = [m.start for m in names if m.start is not None]
        if len(starts) == len(names) and not alone:
            rows = rows.where(sa.column(next(iter(names)).time) >= bound(min(starts)))
        parts = [sa.and_(*test) for test in tests.values() if test]
        if len(parts) == len(names):
            rows = rows.where(sa.or_(*dict.fromkeys(parts)))
        if self._only is not None:
            rows = rows.where(key == bound(self._only))
        return rows.subquery(f"of_{table}")

    def _rows(self, measure: Measure) -> list[ColumnElement[bool]]:
        time: ColumnElement[Any] = sa.column(measure.time)
        tests = [_row_test(test) for test in measure.tests]
        if measure.time and self.later(measure.table):
            tests.append(time <= bound(self._as_of))
        if measure.start is not None:
            tests.append(time >= bound(measure.start))
        if measure.after is not None:
            tests.append(time < bound(measure.after))
        if measure.table == "open_carts":
            bought: ColumnElement[Any] = sa.column("bought_at")
            tests.append(sa.or_(bought.is_(None), bought > bound(self._as_of)))
        return tests


def _row_test(test: RowTest) -> ColumnElement[bool]:
    columns: list[ColumnElement[Any]] = [sa.column(name) for name in test.columns]
    if test.how == "is":
        texts = [bound(text) for text in test.texts]
        return sa.or_(sa.false(), *(c == text for c in columns for text in texts))
    if test.how == "is_any_case":
        return sa.or_(*(one_of(column, test.texts) for column in columns))
    return sa.or_(
        sa.false(),
        *(
            sa.func.strpos(sa.func.lower(column), sa.func.lower(bound(text))) > sa.text("0")
            for column in columns
            for text in test.texts
        ),
    )


def _aggregate(measure: Measure, tests: list[ColumnElement[bool]] | None) -> ColumnElement[Any]:
    column: ColumnElement[Any] = sa.column(measure.column)
    value: sa.FunctionElement[Any] = sa.func.count()
    if measure.aggregate == "distinct":
        value = sa.func.count(sa.distinct(column))
    elif measure.aggregate != "count":
        value = getattr(sa.func, measure.aggregate)(column)
    return value.filter(*tests) if tests else value
