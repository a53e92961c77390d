"""A plan and what was said → the revised plan, and what changed in it.

What is already in the plan is not doubled, a new value for the same thing replaces the old, and
where a command does not say which condition it means, the one last touched is meant.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from planner import answers, targets
from planner.catalogue import Catalogue
from planner.chat import Context
from planner.commands import Add, Change, Command, Negate, Remove
from planner.errors import Refused
from planner.fields import Kind, Op
from planner.plan import AllOf, AnyOf, Condition, Node, Not, Open, leaves

_LOWER, _UPPER = (Op.GT, Op.GE), (Op.LT, Op.LE)


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell about a revision: a message id, and the conditions that it names."""

    key: str
    before: Node | None = None
    after: Node | None = None
    values: Mapping[str, str | int] = field(default_factory=dict)
    """What else the sentence names."""


@dataclass(frozen=True, slots=True)
class Revision:
    """The outcome of applying commands."""

    draft: AllOf
    touched: int | None = None
    changes: tuple[Note, ...] = ()
    problems: tuple[Note, ...] = ()


@dataclass(slots=True)
class _Work:
    """A revision under way: the root's items, and how many of them were there before."""

    items: list[Node]
    touched: int | None
    catalogue: Catalogue
    context: Context
    old: list[Node] = field(default_factory=list)
    changes: list[Note] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)


def apply(
    draft: AllOf,
    touched: int | None,
    commands: Sequence[Command],
    catalogue: Catalogue,
    context: Context,
) -> Revision:
    """The plan after Add, Change, Remove and Negate; other commands are passed over."""
    work = _Work(list(draft.items), touched, catalogue, context, old=list(draft.items))
    for command in commands:
        if isinstance(command, Add):
            _add(work, command)
        elif isinstance(command, Change):
            _change(work, command)
        elif isinstance(command, Remove):
            _remove(work, command)
        elif isinstance(command, Negate):
            _negate(work, command)
    place = work.touched if work.touched and 0 < work.touched <= len(work.items) else None
    root = AllOf(items=tuple(work.items))
    place = place or len(work.items) or None
    return Revision(root, place, tuple(work.changes), tuple(work.problems))


# ── one condition more ───────────────────────────────────────────────────────────────────────────


def _add(work: _Work, command: Add) -> None:
    if command.either and work.items:
        _either(work, command.node)
        return
    for node in _flat(command.node):
        _add_one(work, node)


def _flat(node: Node) -> Iterator[Node]:
    if isinstance(node, AllOf):
        for item in node.items:
            yield from _flat(item)
    elif not (isinstance(node, AnyOf) and not node.items):
        yield node


def _add_one(work: _Work, node: Node) -> None:
    if node in work.items or _asked_already(work.items, node):
        work.changes.append(Note("changed.same", after=node))
        return
    for place, item in enumerate(work.items):
        if item in work.old and _replaces(work, item, node):
            work.items[place] = node
            work.touched = place + 1
            if not isinstance(item, Open):
                work.changes.append(Note("changed.replaced", before=item, after=node))
            return
    work.items.append(node)
    work.touched = len(work.items)
    work.changes.append(Note("changed.added", after=node))


def _asked_already(items: Sequence[Node], node: Node) -> bool:
    if not isinstance(node, Open):
        return False
    chosen = node.slot.endswith(".choice")  # "cat lovers who like coffee" are two choices
    return any(
        isinstance(item, Open)
        and (item.slot, item.condition) == (node.slot, node.condition)
        and not (chosen and item.phrase != node.phrase)
        for item in items
    )


def _replaces(work: _Work, item: Node, node: Node) -> bool:
    """Whether a condition said later stands for an earlier one instead of beside it."""
    if item == Not(item=node) or node == Not(item=item):
        return True
    if isinstance(node, Open):
        return item in node.readings  # as it is, is one way to read what was said
    if not isinstance(node, Condition):
        return False
    if isinstance(item, Open):
        told = {c.field for r in item.readings for c in leaves(r) if isinstance(c, Condition)}
        asked = item.condition.field == node.field and item.slot.endswith((".value", ".window"))
        return asked or node.field in told
    if not isinstance(item, Condition) or item.field != node.field:
        return False
    return _same_thing(item, node, work.catalogue)


def _same_thing(item: Condition, node: Condition, catalogue: Catalogue) -> bool:
    declared = answers.declared(node, catalogue)
    if declared is not None and declared.kind in (Kind.TEXT, Kind.BOOLEAN):
        return True
    if declared is not None and declared.kind is Kind.MOMENT:
        return _side(item) == _side(node)
    same_rows = (item.scope, item.window) == (node.scope, node.window)
    return same_rows and targets.takes_number(node, catalogue) and not _ends(item.op, node.op)


def _ends(one: Op, other: Op) -> bool:
    """Whether the two are a lower and an upper end, which together make a range."""
    return (one in _LOWER and other in _UPPER) or (one in _UPPER and other in _LOWER)


def _side(condition: Condition) -> tuple[bool, bool]:
    """Which ends of its window are open: a since and an until together make a range."""
    window = condition.window
    return (window is None or window.start is None, window is None or window.end is None)


def _either(work: _Work, node: Node) -> None:
    place = (work.touched or len(work.items)) - 1
    place = min(max(place, 0), len(work.items) - 1)
    item = work.items[place]
    merged = _merged(item, node)
    if merged == item:
        work.changes.append(Note("changed.same", after=node))
        return
    work.items[place] = merged
    work.touched = place + 1
    work.changes.append(Note("changed.alternative", after=merged))


def _merged(item: Node, node: Node) -> Node:
    """One or the other; two values of one thing become one condition."""
    if isinstance(item, Condition) and isinstance(node, Condition):
        alike = node.model_copy(update={"texts": item.texts}) == item
        if alike and item.op is Op.ANY_OF:
            return item.model_copy(
                update={"texts": tuple(dict.fromkeys((*item.texts, *node.texts)))}
            )
    first = item.items if isinstance(item, AnyOf) else (item,)
    more = node.items if isinstance(node, AnyOf) else (node,)
    return AnyOf(items=tuple(dict.fromkeys((*first, *more))))


# ── other values, one fewer, the other way round ─────────────────────────────────────────────────


def _change(work: _Work, command: Change) -> None:
    found = targets.to_change(work.items, command, work.touched, work.catalogue)
    if found is None:
        work.problems.append(Note("changed.unknown_target"))
        return
    place, leaf = found
    try:
        changed = targets.changed(leaf, command, work.catalogue, work.context)
    except Refused as refusal:
        work.problems.append(Note(refusal.message_id, before=leaf, values=refusal.values))
        return
    _put(work, place, leaf, changed)
    if changed != leaf:
        work.changes.append(Note("changed.replaced", before=leaf, after=changed))


def _put(work: _Work, place: int, leaf: Node, changed: Node | None) -> None:
    item = targets.exchanged(work.items[place], leaf, changed)
    if item is None:
        del work.items[place]
        work.touched = None
    else:
        work.items[place] = item
        work.touched = place + 1


def _remove(work: _Work, command: Remove) -> None:
    found = targets.find(work.items, command.target, work.touched)
    if found is None:
        work.problems.append(Note("changed.unknown_target"))
        return
    place, leaf = found
    rest = targets.without_texts(leaf, command.target.texts)
    gone = leaf if rest is None else targets.only_texts(leaf, command.target.texts)
    _put(work, place, leaf, rest)
    work.changes.append(Note("changed.removed", before=gone))


def _negate(work: _Work, command: Negate) -> None:
    found = targets.find(work.items, command.target, work.touched)
    if found is None:
        work.problems.append(Note("changed.unknown_target"))
        return
    place, leaf = found
    item = work.items[place]
    if item == Not(item=leaf):
        work.items[place] = leaf
    elif item == leaf and isinstance(leaf, Not):
        work.items[place] = leaf.item
    elif item == leaf:
        work.items[place] = Not(item=leaf)
    else:
        work.items[place] = targets.exchanged(item, leaf, Not(item=leaf)) or item
    work.touched = place + 1
    work.changes.append(Note("changed.replaced", before=item, after=work.items[place]))
