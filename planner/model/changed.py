"""A condition as it should be → the commands that change the one in the plan into it."""

from collections.abc import Sequence

from planner.commands import Add, Change, Command, Remove, Target
from planner.plan import Condition, Node, Not, Open, leaves
from planner.state import Conversation
from planner.windows import Window


def changed(wanted: Node, target: Target, state: Conversation) -> Sequence[Command]:
    """The change of a condition into another; of another field, one goes and one comes."""
    item = _item(target, state)
    before = _same(item, wanted) if item is not None else None
    now = wanted.item if isinstance(wanted, Not) else wanted
    if before is None or not isinstance(now, Condition) or _turned(before.window, now.window):
        return [Remove(target), Add(wanted)]
    return [
        Change(
            Target(index=target.index, field=now.field),
            op=now.op,
            number=now.number,
            upper=now.upper,
            texts=now.texts if now.texts != before.texts else None,
            window=now.window if now.window != before.window else None,
            drop_window=now.window is None and before.window is not None,
            scope=now.scope if now.scope != before.scope else None,
        )
    ]


def _item(target: Target, state: Conversation) -> Node | None:
    items = state.draft.items
    if target.index:
        return items[target.index - 1 if target.index > 0 else target.index]
    named = [i for i in items if target.field in {_about(leaf).field for leaf in leaves(i)}]
    return named[-1] if named else (items[0] if len(items) == 1 else None)


def _about(leaf: Condition | Open) -> Condition:
    return leaf.condition if isinstance(leaf, Open) else leaf


def _same(item: Node, wanted: Node) -> Condition | None:
    """The condition of the item that is about the same thing and holds the same way round."""
    if isinstance(item, Not) != isinstance(wanted, Not):
        return None
    now = wanted.item if isinstance(wanted, Not) else wanted
    found = [leaf for leaf in leaves(item) if isinstance(leaf, Condition)]
    return next((f for f in found if isinstance(now, Condition) and f.field == now.field), None)


def _turned(before: Window | None, now: Window | None) -> bool:
    """Whether the time looks the other way: a mere change of length keeps its direction."""
    if before is None or now is None:
        return False
    return (before.start is None) != (now.start is None)
