"""Conditions that no contact can meet, found in the plan itself without counting."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from planner.catalogue import Catalogue
from planner.chat import Context
from planner.fields import FIELDS, Kind, Op
from planner.plan import AllOf, Condition, Node
from planner.windows import instants

_LOWER, _UPPER = (Op.GT, Op.GE), (Op.LT, Op.LE)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One or two conditions that leave nobody."""

    key: str
    nodes: tuple[Node, ...]


def contradictions(
    root: AllOf, catalogue: Catalogue, context: Context
) -> tuple[Contradiction, ...]:
    """What nobody can meet among the conditions that all have to hold."""
    leaves = [item for item in root.items if isinstance(item, Condition)]
    alone = [
        Contradiction("plan.contradiction_empty", (leaf,))
        for leaf in leaves
        if _none(leaf, context)
    ]
    return (*alone, *_pairs(leaves, catalogue))


def _pairs(leaves: list[Condition], catalogue: Catalogue) -> Iterator[Contradiction]:
    for one, other in combinations(leaves, 2):
        if one.field == other.field and _exclude_each_other(one, other, catalogue):
            yield Contradiction("plan.contradiction_range", (one, other))


def _none(leaf: Condition, context: Context) -> bool:
    if leaf.op is Op.BETWEEN:
        return leaf.number is not None and leaf.upper is not None and leaf.number > leaf.upper
    if leaf.window is None:
        return False
    try:
        first, after = instants(leaf.window, context.now, context.zone)
    except (OverflowError, ValueError):
        return False
    return first is not None and (first > context.now or (after is not None and first >= after))


def _exclude_each_other(one: Condition, other: Condition, catalogue: Catalogue) -> bool:
    field = FIELDS.get(one.field) or catalogue.attributes.get(one.field)
    if field is not None and field.kind is Kind.TEXT:
        values = [{text.casefold() for text in leaf.texts} for leaf in (one, other)]
        return values[0].isdisjoint(values[1])
    if (one.scope, one.window) != (other.scope, other.window):
        return False
    return _apart(one, other) or _apart(other, one)


def _apart(low: Condition, high: Condition) -> bool:
    """Whether everything that the one allows lies above all that the other allows."""
    bottom = low.number if low.op in (*_LOWER, Op.EQ, Op.BETWEEN) else None
    top = high.upper if high.op is Op.BETWEEN else high.number
    if high.op not in (*_UPPER, Op.EQ, Op.BETWEEN) or bottom is None or top is None:
        return False
    return bottom > top or (bottom == top and (low.op is Op.GT or high.op is Op.LT))
