"""One contact, looked at condition by condition: whether it meets each, and by what value."""

# ruff: noqa: S608 - SQL is put together from names of our own and quoted ones; values are bound

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import sqlalchemy as sa
from sqlalchemy import ColumnElement

from planner.facts import MOST_TAGS, Explained, Fact, FactValue
from planner.fields import REACHABLE_CHANNELS, Field, Kind
from planner.plan import Condition
from store.audience.compile import Moment, Statement, Trees, rendered
from store.audience.measures import bound
from store.audience.predicates import reachable

_CONTACTS = sa.table("contacts", sa.column("_key"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Contact:
    key: int
    contact_id: str
    tags: tuple[tuple[str, str], ...]
    """Source and tag."""


def explain_contact(
    db: duckdb.DuckDBPyConnection, who: str, conditions: Sequence[Condition], moment: Moment
) -> Explained | None:
    """What each condition says of a contact; None if there is no such contact.

    Raises:
        Refused: a field that the data set lacks, or "lookback", a window longer than is kept.
    """
    contact = _find(db, who)
    if contact is None:
        return None
    facts = _Facts(conditions, moment).read(db, contact) if conditions else ()
    return Explained(contact.contact_id, facts)


def find_contact(db: duckdb.DuckDBPyConnection, who: str) -> tuple[int, str] | None:
    """Key and id of the contact with this id, or with it in any letter case if only one has."""
    for test in ("contact_id = $1", "lower(contact_id) = lower($1)"):
        sql = f"SELECT _key, contact_id FROM contacts WHERE {test} LIMIT 2"
        found = db.execute(sql, [who]).fetchall()
        if len(found) == 1:
            return int(found[0][0]), str(found[0][1])
    return None


def _find(db: duckdb.DuckDBPyConnection, who: str) -> _Contact | None:
    found = find_contact(db, who)
    if found is None:
        return None
    tags = "SELECT CAST(source AS VARCHAR), tag FROM contact_tags WHERE _key = $1"
    return _Contact(*found, tuple(db.execute(tags, [found[0]]).fetchall()))


class _Facts:
    """The facts of some conditions."""

    def __init__(self, conditions: Sequence[Condition], moment: Moment) -> None:
        self._moment = moment
        self._fields = [(moment.field(each.field), each) for each in conditions]

    def read(self, db: duckdb.DuckDBPyConnection, contact: _Contact) -> tuple[Fact, ...]:
        statement = self._statement(contact.key)
        row = db.execute(statement.sql, statement.values).fetchone() or ()
        cells = iter(row)
        facts = []
        for field, condition in self._fields:
            meets, *values = (next(cells) for _ in range(1 + _width(field)))
            facts.append(Fact(bool(meets), self._value(field, condition, values, contact)))
        return tuple(facts)

    def _statement(self, key: int) -> Statement:
        trees = Trees(self._moment, only=key)
        columns: list[ColumnElement[Any]] = []
        for field, condition in self._fields:
            columns.append(trees.condition(condition))
            columns += _values(trees, field, condition)
        labelled = [column.label(f"_f{at}") for at, column in enumerate(columns)]
        rows = sa.select(*labelled).select_from(trees.measures.beside(_CONTACTS))
        return rendered(rows.where(_CONTACTS.c["_key"] == bound(key)))

    def _value(
        self, field: Field, condition: Condition, values: list[Any], contact: _Contact
    ) -> FactValue:
        if field.kind is Kind.LABEL:
            return _tags(condition, contact)
        if field.kind is Kind.REACHABLE:
            return tuple(c for c, yes in zip(REACHABLE_CHANNELS, values, strict=True) if yes)
        if not values or values[0] is None:
            return None
        if field.kind is Kind.MOMENT:
            return (_EPOCH + timedelta(microseconds=values[0])).astimezone(self._moment.zone)
        if field.kind is Kind.AGE:
            return int(values[0])
        return _number(values[0]) if isinstance(values[0], Decimal) else values[0]


def _width(field: Field) -> int:
    """How many columns of the statement hold a field's value."""
    if field.kind is Kind.REACHABLE:
        return len(REACHABLE_CHANNELS)
    return 0 if field.kind in (Kind.LABEL, Kind.KEYWORD) else 1


def _values(trees: Trees, field: Field, condition: Condition) -> list[ColumnElement[Any]]:
    if field.kind in (Kind.LABEL, Kind.KEYWORD):
        return []
    if field.kind is Kind.REACHABLE:
        return [reachable(channel) for channel in REACHABLE_CHANNELS]
    if field.kind is Kind.MOMENT:
        # Of a date, the start of its day in the connection's time zone, as it is compared.
        moment = sa.cast(trees.predicates.moment(field), sa.TIMESTAMP(timezone=True))
        return [sa.func.epoch_us(moment)]
    if field.kind in (Kind.TEXT, Kind.BOOLEAN, Kind.BIRTHDAY):
        return [sa.column(field.column)]
    return [trees.predicates.value(field, condition)]


def _tags(condition: Condition, contact: _Contact) -> tuple[str, ...]:
    wanted = {text.lower() for text in condition.texts}
    source = condition.scope.source
    tags = {tag for where, tag in contact.tags if source in (None, where)}
    first = sorted(tags, key=lambda tag: (tag.lower() not in wanted, tag))
    return tuple(sorted(first[:MOST_TAGS]))


def _number(value: Decimal) -> float | int:
    return int(value) if value == value.to_integral_value() else float(value)
