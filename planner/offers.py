"""What the bot offers of its own accord: an addition to a plan, stand-ins for the impossible."""

from collections.abc import Callable

from planner.catalogue import Catalogue
from planner.fields import Op
from planner.plan import AllOf, Condition, Node, Not, Open, Scope, leaves
from planner.windows import LOOKBACK_DAYS, Window

_SPENDING = {"total_spending", "average_order_value", "highest_order", "order_count"}
_GOODS = {"tag", "checkout_count", "product_amount", "purchase_quantity"}
_LAPSED = {"last_purchase", "last_interaction"}


def suggestion(root: AllOf, made: tuple[str, ...]) -> str | None:
    """The addition worth asking about, at most one in a conversation; None for none."""
    fields = {leaf.field for leaf in leaves(root) if isinstance(leaf, Condition)}
    if made or not fields:
        return None
    if fields & _SPENDING and not fields & {"return_count", "note", *_LAPSED} and not _upset(root):
        return "exclude_returns"
    return "cart_abandonment" if fields <= _GOODS else None


def _upset(root: AllOf) -> bool:
    words = (
        t.casefold() for leaf in leaves(root) if isinstance(leaf, Condition) for t in leaf.texts
    )
    return any("complain" in word or "return" in word for word in words)


def addition(what: str) -> Node | None:
    """The condition that a suggestion adds; None for one that is not known."""
    if what == "exclude_returns":
        window = Window.last(3, "month")
        return Not(item=Condition(field="return_count", op=Op.GE, number=1, window=window))
    if what == "cart_abandonment":
        return _left_in_cart()
    return None


def _left_in_cart() -> Condition:
    return Condition(field="add_to_cart_count", op=Op.GT, number=0)


def stand_in(key: str, phrase: str, catalogue: Catalogue) -> Node | None:
    """What a stand-in for something out of scope asks for; None for one that is not known."""
    make = _STAND_INS.get(key)
    return None if make is None else make(phrase, catalogue)


def _engagement(events: tuple[str, ...], window: Window | None) -> Condition:
    return Condition(
        field="engagement", op=Op.GE, number=1, window=window, scope=Scope(events=events)
    )


def _choice(field: str) -> Callable[[str, Catalogue], Node]:
    def make(phrase: str, catalogue: Catalogue) -> Node:
        condition = Condition(field=field, op=Op.ANY_OF)
        known = catalogue.names(field)[:10]
        return Open(slot=f"{field}.choice", phrase=phrase, condition=condition, candidates=known)

    return make


_STAND_INS: dict[str, Callable[[str, Catalogue], Node]] = {
    "clicked_campaign": lambda phrase, _: Open(
        slot="engagement.channel", phrase=phrase, condition=_engagement(("click",), None)
    ),
    "message_engagement": lambda *_: _engagement(("open", "click"), Window.last(LOOKBACK_DAYS)),
    "last_interaction": lambda *_: Condition(
        field="last_interaction", op=Op.WITHIN, window=Window.last(30)
    ),
    "recent_purchase": lambda *_: Condition(
        field="order_count", op=Op.GE, number=1, window=Window.last(30)
    ),
    "cart": lambda *_: _left_in_cart(),
    "returns": lambda *_: Condition(field="return_count", op=Op.GE, number=1),
    "purchase_probability": lambda *_: Condition(
        field="purchase_probability", op=Op.BAND, texts=("high",)
    ),
    "tag": _choice("tag"),
    "city": _choice("city"),
    "note": _choice("note"),
}
STAND_INS = tuple(_STAND_INS)
"""The keys that OutOfScope.alternatives may name; each has its words in every language."""
