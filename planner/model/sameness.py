"""What means the same, said in other ways: not one is none, at least 3 is more than 2."""

from collections.abc import Sequence

from planner.fields import Op
from planner.plan import AllOf, AnyOf, Condition, Node, Not, Open
from planner.windows import Ago, Bound, Window


def same(mine: Sequence[Node], theirs: Sequence[Node]) -> bool:
    """Whether two plans' items mean the same, in whatever order."""
    return len(mine) == len(theirs) and all(find(node, theirs) is not None for node in mine)


def find(node: Node, nodes: Sequence[Node]) -> Node | None:
    """The one of the nodes that means the same; None if none does."""
    wanted = plain(node)
    return next((other for other in nodes if plain(other) == wanted), None)


def plain(node: Node) -> object:
    """One form for all nodes that mean the same, to be compared."""
    if isinstance(node, Not):
        inner = node.item
        if isinstance(inner, Condition) and (inner.op, inner.number) in ((Op.GE, 1), (Op.GT, 0)):
            return plain(inner.model_copy(update={"op": Op.EQ, "number": 0.0}))
        return ("not", plain(inner))
    if isinstance(node, (AllOf, AnyOf)):
        return (node.kind, frozenset(plain(item) for item in node.items))
    if isinstance(node, Open):
        return ("open", node.slot, node.condition.field, node.high)
    return _plain_condition(node)


_WHOLE = (
    "order_count", "return_count", "checkout_count", "add_to_cart_count", "engagement",
    "purchase_quantity", "age",
)  # fmt: skip


def _plain_condition(node: Condition) -> object:
    op, number, scope = node.op, node.number, node.scope
    if op is Op.GT and number is not None and node.field in _WHOLE:
        op, number = Op.GE, number + 1
    if op is Op.LT and number is not None and node.field in _WHOLE:
        op, number = Op.LE, number - 1
    if op is Op.ALL_OF and len(node.texts) == 1:
        op = Op.ANY_OF
    parts = (scope.products, scope.categories, scope.channels, scope.events, scope.campaigns)
    narrowed = (scope.source, *map(frozenset, parts))
    window = _plain_window(node.window)
    return (node.field, op, number, node.upper, frozenset(node.texts), window, narrowed)


def _plain_window(window: Window | None) -> object:
    return None if window is None else tuple(map(_plain_bound, (window.start, window.end)))


def _plain_bound(bound: Bound | None) -> object:
    if not isinstance(bound, Ago):
        return bound
    size, unit = {"week": (7, "day"), "year": (12, "month")}.get(bound.unit, (1, bound.unit))
    return (bound.ago * size, unit)
