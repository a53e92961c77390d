"""From plans to one SQL statement: counts of many plans, or the members of one.

A condition is a predicate over contacts and their measures (see `predicates` and `measures`).
`not` turns an unknown result into true, so it is the exact complement.
"""

# ruff: noqa: S608 - SQL is put together from names of our own and quoted ones; values are bound

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql.base import PGDialect

from planner.fields import Field
from planner.plan import AllOf, AnyOf, Condition, Node, Not
from store.audience.files import quoted
from store.audience.measures import Measures
from store.audience.predicates import Predicates

_DIALECT = PGDialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_CONTACTS = sa.table("contacts", sa.column("_key"), sa.column("contact_id"))


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with `$1`, `$2` … and the values for them."""

    sql: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """The data set and the moment that plans are computed at."""

    as_of: datetime
    zone: ZoneInfo
    latest: Mapping[str, datetime | None]
    """The latest time in each table."""
    field: Callable[[str], Field]
    """The declaration of a field or custom attribute; raises Refused where there is none."""


class Trees:
    """The predicates of one statement's trees; equal conditions are built once."""

    def __init__(self, moment: Moment, *, shared: bool = True, only: int | None = None) -> None:
        self.measures = Measures(moment.as_of, moment.latest, shared=shared, only=only)
        self.predicates = Predicates(self.measures, moment.as_of, moment.zone)
        self._field = moment.field

    def of(self, node: Node, leaf: Callable[[Condition], ColumnElement[bool]]) -> Any:
        """A tree's predicate; `leaf` gives a condition's."""
        if isinstance(node, AllOf):
            return sa.and_(sa.true(), *(self.of(item, leaf) for item in node.items))
        if isinstance(node, AnyOf):
            return sa.or_(sa.false(), *(self.of(item, leaf) for item in node.items))
        if isinstance(node, Not):
            return sa.not_(sa.func.coalesce(self.of(node.item, leaf), sa.false()))
        if isinstance(node, Condition):
            return leaf(node)
        raise ValueError("a plan with an open point can't be computed")

    def condition(self, condition: Condition) -> ColumnElement[bool]:
        """A condition's predicate over contacts and their measures."""
        return self.predicates.of(self._field(condition.field), condition)


def count_statement(
    roots: Sequence[AllOf],
    moment: Moment,
    exclude: Sequence[Path] = (),
    within: Path | None = None,
) -> Statement:
    """One row with the number of contacts in each plan, less those in member files.

    Args:
        roots: the plans.
        moment: when they are counted.
        exclude: member files of contacts that don't count.
        within: the member file of those that do; None: all.

    Raises:
        Refused: a field that the data set lacks, or "lookback", a window longer than is kept.
    """
    trees = Trees(moment)
    flags: dict[Condition, str] = {}

    def flag(condition: Condition) -> ColumnElement[bool]:
        return sa.column(flags.setdefault(condition, f"_c{len(flags)}"))

    # What all plans share leaves fewer rows to test each plan's own conditions on.
    shared = [item for item in roots[0].items if all(item in root.items for root in roots)]
    own = [AllOf(items=tuple(i for i in root.items if i not in shared)) for root in roots]
    counts = [
        sa.func.count().filter(trees.of(root, flag)).label(f"n{at}") for at, root in enumerate(own)
    ]
    columns = [trees.condition(condition).label(name) for condition, name in flags.items()]
    meets = sa.and_(trees.of(AllOf(items=tuple(shared)), trees.condition), *_outside(exclude))
    if within is not None:
        meets = sa.and_(meets, _in_files([within]))
    rows = sa.select(_CONTACTS.c["_key"], *columns).select_from(trees.measures.beside(_CONTACTS))
    # Materialised, or the planner writes each condition out again in every plan that has it.
    flagged = rows.where(meets).cte("flags").prefix_with("MATERIALIZED")
    return rendered(sa.select(*counts).select_from(flagged))


def members_statement(root: AllOf, moment: Moment, exclude: Sequence[Path] = ()) -> Statement:
    """The ids of the contacts in a plan, sorted, less those in member files.

    Raises:
        Refused: a field that the data set lacks, or "lookback", a window longer than is kept.
    """
    trees = Trees(moment, shared=False)
    meets = sa.and_(trees.of(root, trees.condition), *_outside(exclude))
    rows = sa.select(_CONTACTS.c.contact_id).select_from(trees.measures.beside(_CONTACTS))
    return rendered(rows.where(meets).order_by(_CONTACTS.c["_key"]))


def _outside(exclude: Sequence[Path]) -> list[ColumnElement[bool]]:
    return [sa.not_(_in_files(exclude))] if exclude else []


def _in_files(members: Sequence[Path]) -> ColumnElement[bool]:
    files = ", ".join(quoted(str(path)) for path in members)
    ids = f"(SELECT contact_id FROM read_parquet([{files}]))"
    return sa.literal_column(f"(contact_id IN {ids})", sa.Boolean())


def rendered(statement: sa.Select[*tuple[Any, ...]]) -> Statement:
    """A statement as DuckDB takes it: PostgreSQL's SQL with numbered parameters."""
    compiled = statement.compile(dialect=_DIALECT)
    values = compiled.params
    return Statement(str(compiled), tuple(values[name] for name in compiled.positiontup or ()))
