"""Which condition of a plan a command means, and what is left of it afterwards."""

from collections.abc import Callable, Sequence

from planner import answers
from planner.catalogue import Catalogue
from planner.chat import Context
from planner.commands import Answer, Change, Target
from planner.errors import Refused
from planner.fields import Kind, Op
from planner.plan import AllOf, AnyOf, Condition, Node, Not, Open, Scope, leaves
from planner.windows import Window

Found = tuple[int, Node]
"""Place of the root's item, from 0, and the part of it that is meant."""
_MULTIPLE = (Op.ANY_OF, Op.ALL_OF, Op.MONTH, Op.MONTH_DAY)


def find(items: Sequence[Node], target: Target, touched: int | None) -> Found | None:
    """The condition that the target names, else the one last touched; None where unclear."""
    if target.index is not None:
        place = _place(items, target.index)
        return None if place is None else (place, items[place])
    if target.texts or target.field:
        found = [
            (place, leaf)
            for place, item in enumerate(items)
            for leaf in leaves(item)
            if _names(leaf, target)
        ]
        return _nearest(found, touched)
    if touched is not None and 0 < touched <= len(items):
        return touched - 1, items[touched - 1]
    return (0, items[0]) if len(items) == 1 else None


def _place(items: Sequence[Node], index: int) -> int | None:
    """The place from 0 of what people call the first, the second, the last."""
    place = index - 1 if index > 0 else len(items) + index
    return place if index != 0 and 0 <= place < len(items) else None


def _nearest(found: Sequence[Found], touched: int | None) -> Found | None:
    return next((f for f in found if f[0] + 1 == touched), found[-1] if found else None)


def _names(leaf: Condition | Open, target: Target) -> bool:
    condition = leaf.condition if isinstance(leaf, Open) else leaf
    if target.field is not None and condition.field != target.field:
        return False
    wanted = {text.casefold() for text in target.texts}
    return not wanted or bool(wanted & {text.casefold() for text in _texts(condition)})


def _texts(condition: Condition) -> tuple[str, ...]:
    scope = condition.scope
    parts = (scope.products, scope.categories, scope.campaigns, scope.channels, scope.events)
    return condition.texts + tuple(text for part in parts for text in part)


def exchanged(item: Node, leaf: Node, changed: Node | None) -> Node | None:
    """The item with its first such part replaced; None where nothing is left of it."""
    if item == leaf:
        return changed
    if isinstance(item, Not):
        inner = exchanged(item.item, leaf, changed)
        if inner is None:
            return None
        return inner.item if isinstance(inner, Not) else Not(item=inner)
    if isinstance(item, (AllOf, AnyOf)):
        return _regrouped(item, leaf, changed)
    return item


def _regrouped(group: AllOf | AnyOf, leaf: Node, changed: Node | None) -> Node | None:
    parts: list[Node] = []
    done = False
    for part in group.items:
        new = part if done else exchanged(part, leaf, changed)
        done = done or new != part
        if new is not None:
            parts.append(new)
    if len(parts) == 1 and done:
        return parts[0]
    return type(group)(items=tuple(parts)) if parts or not done else None


def without_texts(leaf: Node, texts: Sequence[str]) -> Node | None:
    """What is left of a condition when some of the values that it names are taken out."""
    if not isinstance(leaf, Condition) or leaf.op not in _MULTIPLE:
        return None
    gone = {text.casefold() for text in texts}
    kept = tuple(text for text in leaf.texts if text.casefold() not in gone)
    return leaf.model_copy(update={"texts": kept}) if kept and kept != leaf.texts else None


def only_texts(leaf: Node, texts: Sequence[str]) -> Node:
    """The part of a condition that names these values."""
    if not isinstance(leaf, Condition):
        return leaf
    named = {text.casefold() for text in texts}
    kept = tuple(text for text in leaf.texts if text.casefold() in named)
    return leaf.model_copy(update={"texts": kept})


# ── other values ─────────────────────────────────────────────────────────────────────────────────


def takes_number(leaf: Condition, catalogue: Catalogue) -> bool:
    """Whether the condition compares a number."""
    field = answers.declared(leaf, catalogue)
    return field is not None and (Op.GE in field.operators or leaf.op is Op.NEXT_DAYS)


def takes_window(leaf: Condition, catalogue: Catalogue) -> bool:
    """Whether the condition can be narrowed in time."""
    field = answers.declared(leaf, catalogue)
    return field is not None and bool(field.time)


def to_change(
    items: Sequence[Node], command: Change, touched: int | None, catalogue: Catalogue
) -> Found | None:
    """The condition that a change means."""
    target = command.target
    fits = _fitting(command, catalogue)
    fitting = [
        (place, leaf) for place, item in enumerate(items) for leaf in leaves(item) if fits(leaf)
    ]
    if target.index is not None or target.field is not None or target.texts:
        found = find(items, target, touched)
        inside = [f for f in fitting if found is not None and f[0] == found[0]]
        named = [f for f in inside if _names(f[1], target)]
        return (named or inside)[0] if inside else found
    timed = [f for f in fitting if _condition(f[1]).window is not None]
    if _window_only(command) and len(timed) == 1:
        return timed[0]
    last = next((f for f in fitting if f[0] + 1 == touched), None)
    if last is not None and not (_window_only(command) and len(timed) > 1 and last not in timed):
        return last
    return fitting[0] if len(fitting) == 1 else None


def _window_only(command: Change) -> bool:
    return (command.window is not None or command.drop_window) and command.number is None


def _condition(leaf: Node) -> Condition:
    return leaf.condition if isinstance(leaf, Open) else leaf  # type: ignore[return-value]


def _fitting(command: Change, catalogue: Catalogue) -> Callable[[Condition | Open], bool]:
    def fits(leaf: Condition | Open) -> bool:
        condition = leaf.condition if isinstance(leaf, Open) else leaf
        if command.number is not None or command.upper is not None:
            return takes_number(condition, catalogue)
        if command.window is not None or command.drop_window:
            return takes_window(condition, catalogue)
        if command.texts:
            return bool(condition.texts)
        return True

    return fits


def changed(leaf: Node, command: Change, catalogue: Catalogue, context: Context) -> Node:
    """The condition with the values of the command.

    Raises:
        Refused: the condition has no such value, or the values can't be used.
    """
    if isinstance(leaf, Open):
        answer = Answer(
            leaf.slot, command.op, command.number, command.upper, command.window,
            command.texts or (),
        )  # fmt: skip
        if command.scope is not None and leaf.slot == "engagement.channel":
            # a campaign says which messages they are: on whichever channel
            leaf = leaf.model_copy(update={"condition": _retold(leaf.condition, command)})
            answer = Answer(leaf.slot, choice="all")
        return answers.complete(leaf, answer, catalogue, context) or leaf
    if isinstance(leaf, Not):
        return Not(item=changed(leaf.item, command, catalogue, context))
    field = None if not isinstance(leaf, Condition) else answers.declared(leaf, catalogue)
    if field is None or not isinstance(leaf, Condition):
        raise Refused("changed.does_not_fit")
    new = _renumbered(_retold(leaf, command), command)
    if command.window is not None and field.time:
        new = _timed(new, answers.looked_back(command.window, field, context))
    elif command.drop_window and field.kind is Kind.METRIC:
        new = new.model_copy(update={"window": None})
    elif command.window is not None or command.drop_window:
        raise Refused("changed.does_not_fit")
    if new.op not in field.operators:
        raise Refused("changed.does_not_fit")
    return new


def _timed(condition: Condition, window: Window) -> Condition:
    """A new window keeps the direction of the old one: ever since, or until then."""
    old = condition.window
    if old is not None and old.start is None and window.end is None:
        window = window.opposite() or window
    return condition.model_copy(update={"window": window})


def _retold(leaf: Condition, command: Change) -> Condition:
    update: dict[str, object] = {}
    if command.texts:
        update["texts"] = command.texts
    if command.scope is not None and command.scope != Scope():
        said = command.scope.model_dump(exclude_defaults=True)
        update["scope"] = Scope.model_validate(leaf.scope.model_dump() | said)
    return leaf.model_copy(update=update)


def _renumbered(leaf: Condition, command: Change) -> Condition:
    if command.op is Op.BAND:
        return leaf.model_copy(update={"op": Op.BAND, "number": None, "upper": None})
    if command.number is None:
        op = leaf.op if command.op is None or _range(command.op) != _range(leaf.op) else command.op
        return leaf.model_copy(update={"op": op})
    if leaf.op is Op.NEXT_DAYS:
        return leaf.model_copy(update={"number": command.number})
    usual = leaf.op if leaf.op in (Op.EQ, Op.GT, Op.GE, Op.LT, Op.LE) else Op.GE
    answer = Answer("", command.op, command.number, command.upper)
    op, low, high = answers.range_of(answer, usual)
    if leaf.op is Op.BETWEEN and command.op is None and command.upper is None:
        op, low, high = _other_end(leaf, command.number)
    texts = () if leaf.op is Op.BAND else leaf.texts
    return leaf.model_copy(update={"op": op, "number": low, "upper": high, "texts": texts})


def _other_end(leaf: Condition, number: float) -> tuple[Op, float, float | None]:
    """«extend it to 35»: one end of a range moved, the lower one where the number is below it."""
    low, high = leaf.number or 0, leaf.upper
    return (Op.BETWEEN, number, high) if number < low else (Op.BETWEEN, low, number)


def _range(op: Op) -> bool:
    """Whether the operator needs what others do not have: a number, two, or values."""
    return op in (Op.EQ, Op.GT, Op.GE, Op.LT, Op.LE)
