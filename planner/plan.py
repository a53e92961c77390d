"""A plan: a Boolean tree of conditions, as it is confirmed, kept and computed."""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from planner.fields import Op
from planner.windows import Window

VERSION: Final = 1
"""Version of the plan's shape; a kept plan of another version is migrated on reading."""
MEANING: Final = "meaning.choice"
"""The slot that asks which of several readings was meant."""


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scope(_Node):
    """Which rows a condition counts; an empty part narrows nothing."""

    source: Literal["maac", "caac"] | None = None
    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()


class Condition(_Node):
    """One comparison of one field."""

    kind: Literal["condition"] = "condition"
    field: str
    """A name in FIELDS, or a custom attribute's."""
    op: Op
    number: float | None = None
    """The threshold, in the field's unit; the lower end of BETWEEN; the days of NEXT_DAYS."""
    upper: float | None = None
    """The upper end of BETWEEN, included."""
    texts: tuple[str, ...] = ()
    """The values of ANY_OF, ALL_OF, BAND, MONTH ("1" to "12") and MONTH_DAY ("MM-DD"); for IS
    "true" or "false"."""
    window: Window | None = None
    scope: Scope = Scope()


class Open(_Node):
    """A condition of which something is still to be asked: the dialog's, never in a kept plan."""

    kind: Literal["open"] = "open"
    slot: str
    """What is asked for, e.g. "total_spending.value", "tag.choice"."""
    phrase: str
    """The person's words that left it open."""
    condition: Condition
    """What is known already; the answer completes it."""
    candidates: tuple[str, ...] = ()
    """For a choice: values known in the data that may be meant, best first."""
    reason: Literal["vague", "about", "lookback", "near", "ambiguous"] = "vague"
    high: bool = True
    """For a value: whether large numbers are meant."""
    then: tuple[str, ...] = ()
    """Slots of the same condition that are to be asked about next."""
    readings: tuple["Node", ...] = ()
    """What the words can mean, one of which is to be chosen: for "meaning.choice" alone."""


class AllOf(_Node):
    """Every one of the items holds; of none, everybody."""

    kind: Literal["all_of"] = "all_of"
    items: tuple["Node", ...] = ()


class AnyOf(_Node):
    """At least one of the items holds; of none, nobody."""

    kind: Literal["any_of"] = "any_of"
    items: tuple["Node", ...] = ()


class Not(_Node):
    """The exact complement among all contacts."""

    kind: Literal["not"] = "not"
    item: "Node"


Node = Annotated[Condition | Open | AllOf | AnyOf | Not, Field(discriminator="kind")]

for _model in (Open, AllOf, AnyOf, Not):
    _model.model_rebuild()


class Plan(_Node):
    """What a segment is computed from: all of the root's items."""

    version: Literal[1] = VERSION
    root: AllOf = AllOf()


def meaning(phrase: str, readings: Sequence[Node]) -> Open:
    """The open point of words that can be read in several ways; none of the readings is open."""
    about = next(leaf for node in readings for leaf in leaves(node) if isinstance(leaf, Condition))
    return Open(slot=MEANING, phrase=phrase, condition=about, readings=tuple(readings))


def leaves(node: Node) -> Iterator[Condition | Open]:
    """Every condition and open point below a node, in order."""
    if isinstance(node, (AllOf, AnyOf)):
        for item in node.items:
            yield from leaves(item)
    elif isinstance(node, Not):
        yield from leaves(node.item)
    else:
        yield node


def rebuild(node: Node, change: Callable[[Condition | Open], Node | None]) -> Node | None:
    """The tree with every leaf replaced by what `change` returns; None takes the leaf out."""
    if isinstance(node, Not):
        item = rebuild(node.item, change)
        return None if item is None else Not(item=item)
    if isinstance(node, (AllOf, AnyOf)):
        items = tuple(n for n in (rebuild(i, change) for i in node.items) if n is not None)
        if not items and node.items:
            return None
        return type(node)(items=items)
    return change(node)


def settled(root: AllOf) -> AllOf:
    """The tree without its open points: what can be computed already."""
    kept = rebuild(root, lambda leaf: leaf if isinstance(leaf, Condition) else None)
    return kept if isinstance(kept, AllOf) else AllOf()


def first_open(root: AllOf) -> Open | None:
    """The open point to ask about next."""
    return next((leaf for leaf in leaves(root) if isinstance(leaf, Open)), None)
