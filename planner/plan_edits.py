"""A plan edited item by item, without a sentence: add, replace, remove, turn round, all or any."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from planner.errors import Refused
from planner.plan import AllOf, AnyOf, Node, Not

Match = Literal["all", "any"]
"""Whether all of a plan's items have to hold, or at least one."""


class _Edit(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AddItem(_Edit):
    """One item more, at the end; what is there already is not there twice."""

    kind: Literal["add"] = "add"
    node: Node


class ReplaceItem(_Edit):
    """Another item in the place of one."""

    kind: Literal["replace"] = "replace"
    index: int
    """The item's place among those of `listed`, from 0; likewise below."""
    node: Node


class RemoveItem(_Edit):
    """One item fewer."""

    kind: Literal["remove"] = "remove"
    index: int


class FlipItem(_Edit):
    """An item becomes its opposite."""

    kind: Literal["flip"] = "flip"
    index: int


class MatchItems(_Edit):
    """All of the items have to hold, or at least one."""

    kind: Literal["match"] = "match"
    match: Match


PlanEdit = Annotated[
    AddItem | ReplaceItem | RemoveItem | FlipItem | MatchItems, Field(discriminator="kind")
]


def listed(root: AllOf) -> tuple[Match, tuple[Node, ...]]:
    """The items that a person edits, and whether all or any of them have to hold.

    A plan that is one "any of" is shown as its parts; a plan without items is "all".
    """
    match: Match = "all"
    items = root.items
    while len(items) == 1 and isinstance(items[0], AnyOf):
        match, items = "any", items[0].items
    return match, items


def edited(root: AllOf, change: PlanEdit) -> AllOf:
    """The plan after one edit. An empty plan holds everybody, and forgets that it was "any".

    Raises:
        Refused: "form.no_such_condition", where there is no item at that place.
    """
    match, items = listed(root)
    if isinstance(change, MatchItems):
        return _root(change.match, items)
    if isinstance(change, AddItem):
        return _root(match, tuple(dict.fromkeys((*items, change.node))))
    if not 0 <= change.index < len(items):
        raise Refused("form.no_such_condition")
    before, item, after = items[: change.index], items[change.index], items[change.index + 1 :]
    if isinstance(change, RemoveItem):
        return _root(match, (*before, *after))
    new = change.node if isinstance(change, ReplaceItem) else _opposite(item)
    return _root(match, (*before, new, *after))


def _root(match: Match, items: tuple[Node, ...]) -> AllOf:
    if match == "any" and items:
        return AllOf(items=(AnyOf(items=items),))
    return AllOf(items=items)


def _opposite(item: Node) -> Node:
    return item.item if isinstance(item, Not) else Not(item=item)
