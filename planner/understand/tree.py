"""From frames in the words' order to a Boolean tree: and, except, neither."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from planner.fields import FIELDS, Op
from planner.plan import Condition, Node, Not, Open
from planner.understand.alternatives import (
    any_one,
    as_people,
    bracketed,
    descriptions,
    grouped,
    list_verbs,
    mark_descriptions,
    set_off,
    united,
)
from planner.understand.contraries import paired
from planner.understand.frames import ENGAGE, Frame, Sketch
from planner.understand.listed import list_people
from planner.understand.nodes import Maker
from planner.understand.spans import Span
from planner.understand.spent_on import spent_on
from planner.windows import Window

_DROPPED = ("buy", ENGAGE, "topic", "interest", "last_interaction", "reach", "quote")
"""Heads that say nothing by themselves beside what the data cannot tell."""


_THAI = re.compile("[\u0e01-\u0e4e]")
_OF_BUYERS = re.compile("customer|client|buyer|shopper|客|顧客|購入|買い|ลูกค้า|ผู้ซื้อ")
"""Words for people who buy: they are new once they have bought first, and members otherwise."""


def _without_scope(sketch: Sketch) -> list[Frame]:
    dropped = {id(frame) for frame in of_scope(sketch)}
    return [frame for frame in sketch.frames if id(frame) not in dropped]


def of_scope(sketch: Sketch) -> list[Frame]:
    """What is only said of what the data cannot tell: "frequently shop on Instagram"."""
    beyond = {bit for _, _, _, bit in sketch.scope}
    return [frame for frame in sketch.frames if frame.bit in beyond and _says_little(frame)]


def _never_bought(frame: Frame) -> bool:
    concept = frame.concept
    never = concept is not None and concept.data.get("number") == 0 and not frame.negated
    return frame.head == "is" and frame.name == "order_count" and never


def _not_again(frame: Frame) -> bool:
    said = frame.concept is not None and frame.concept.data.get("object") == "not bought"
    return said and frame.head == "vague" and frame.span is None


def _says_little(frame: Frame) -> bool:
    active = frame.head == "vague" and frame.name == "last_interaction"
    bare = frame.head in FIELDS and not (frame.quantity or frame.span or frame.band)
    return (active or bare or frame.beyond or frame.head in _DROPPED) and not (
        frame.quantity and frame.span
    )


def _since_added(span: Span | None) -> Span | None:
    """«購物車有東西超過一週沒結帳»: it was put there before that."""
    if span is None or not span.long or span.led or span.window.end is not None:
        return span
    return replace(span, window=span.window.opposite() or span.window)


def _is_unbought(cart: Frame, frame: Frame) -> bool:
    """Whether it only says that nothing was bought; "not 3 times" says more than that."""
    bought = frame.head == "is" and frame.name == "order_count"
    bought = bought and frame.concept is not None and frame.concept.name == "buyer"
    bought = bought or (frame.head == "buy" and not (frame.values or frame.topics))
    bought = bought or frame.head == "checkout_count" or (frame.is_spending and not frame.values)
    bought = bought and frame.quantity is None
    left_out = frame.excluded and not cart.excluded
    denied = frame.negated != left_out
    never = _never_bought(frame) and not left_out
    return (denied and bought) or never or _not_again(frame)


def _left_in_cart(frames: list[Frame]) -> list[Frame]:
    """«added to the cart but did not buy it» is one thing: such an open cart."""
    kept: list[Frame] = []
    told: Frame | None = None
    for frame in frames:
        before = kept[-1] if kept else None
        unbought = before is not None and before is not told and _is_unbought(before, frame)
        added = before is not None and before.name == "add_to_cart_count"
        if before is not None and added and _same_cart(before, frame):
            before.span = frame.span
            continue
        if added and before is not None and before.head == "is":
            later = (frame.head == "buy" or frame.is_spending) and not frame.span
            unbought = unbought and (later or _since_added(frame.span) is not frame.span)
        if before is not None and added and unbought and not (before.span and frame.span):
            before.span, told = before.span or _since_added(frame.span), before
            continue
        kept.append(frame)
    return kept


def _same_cart(before: Frame, frame: Frame) -> bool:
    """«Xのカゴ落ちリスト。7日間でカートに入れた分だけ»: when that was, said afterwards."""
    bare = not (frame.values or frame.topics or frame.quantity or frame.negated or frame.excluded)
    later = frame.link != "or" and before.clause != frame.clause
    same = later and frame.name == "add_to_cart_count"
    timed = before.span is None and frame.span is not None
    return same and bare and before.head in ("is", before.name) and timed


def _last_bought(said: Condition) -> Window | None:
    """When the last purchase was, of whom did not buy since a time, or bought so long ago."""
    window = said.window
    if said.field != "order_count" or window is None:
        return None
    if said.op is Op.EQ and said.number == 0:
        return window.opposite()
    bought = said.op is Op.GE and said.number == 1
    return window if bought and window.start is None else None


def _churned_since(pairs: list[tuple[Frame, Node]]) -> list[tuple[Frame, Node]]:
    """«churned, no purchase for 6 months» is one thing: bought once, and not since."""
    for place, (frame, node) in enumerate(pairs):
        if not (isinstance(node, Open) and node.slot == "last_purchase.window" and not node.high):
            continue
        for other, (_, said) in enumerate(pairs):
            before = _last_bought(said) if isinstance(said, Condition) else None
            if before is not None:
                condition = node.condition.model_copy(update={"window": before})
                kept = [p for i, p in enumerate(pairs) if i not in (place, other)]
                return [*kept[:place], (frame, condition), *kept[place:]]
    return pairs


def _once_and_never_again(pairs: list[tuple[Frame, Node]]) -> list[tuple[Frame, Node]]:
    """«買過一次就沒再買»: bought once says that already."""
    said = [node for _, node in pairs if isinstance(node, Condition)]
    if any((n.field, n.op, n.number) == ("order_count", Op.EQ, 1.0) for n in said):
        pairs = [(f, n) for f, n in pairs if not (isinstance(n, Open) and _not_again(f))]
    counts = {(n.op, n.number) for n in said if n.field == "order_count" and n.window is None}
    if not {(Op.EQ, 1.0), (Op.EQ, 0.0)} <= counts:
        return pairs
    never = Condition(field="order_count", op=Op.EQ, number=0)
    return [pair for pair in pairs if pair[1] != never]


def _said_already(node: Open, others: Iterable[Node]) -> bool:
    """Whether an explicit measure of the same thing stands beside a vague word."""
    if node.reason != "vague":
        return False
    name, asked = node.slot.split(".")
    for other in others:
        said = other.item if isinstance(other, Not) else other
        if not isinstance(said, Condition):
            continue
        if asked == "value" and said.field == name:
            if said.op is Op.BAND or (said.number is not None and said.number > 1):
                return True
        if asked == "window" and said.field == name and said.window is not None:
            return True
        if node.slot == "last_purchase.window" and said.field == "last_purchase":
            return True
        if node.slot == "joined_at.window" and said.field == "first_purchase":
            return _OF_BUYERS.search(node.phrase) is not None  # new by that measure
    return False


_BOUGHT = Condition(field="order_count", op=Op.GE, number=1)


def _buys(others: Iterable[Node]) -> bool:
    """Whether one of them says already that something was bought, and at any time."""
    return any(
        isinstance(n, Condition) and n.field in ("checkout_count", "order_count")
        and n != _BOUGHT and n.op is Op.GE and (n.number or 0) >= 1
        for n in others
    )  # fmt: skip


def _beside(pairs: list[tuple[Frame, Node]], place: int, told: Sequence[int]) -> Iterator[Node]:
    """Those of some nodes that hold together with one: not those that "or" sets against it."""
    own = pairs[place][0]
    for other in told:
        frame, node = pairs[other]
        later = frame if other > place else own
        apart = abs(other - place) == 1 and later.link in ("or", "wide")
        if not apart and frame.excluded == own.excluded:
            yield node


def _distinct(pairs: list[tuple[Frame, Node]]) -> list[tuple[Frame, Node]]:
    kept: list[tuple[Frame, Node]] = []
    told = [place for place, (_, node) in enumerate(pairs) if not isinstance(node, Open)]
    for place, (frame, node) in enumerate(pairs):
        if node == _BOUGHT and frame.link == "and" and _buys(_beside(pairs, place, told)):
            continue  # "high-spending Coffee buyers"
        if isinstance(node, Open):
            if _said_already(node, _beside(pairs, place, told)):
                after = pairs[place + 1][0] if place + 1 < len(pairs) else None
                if after is not None and after.link == "and" and after.bit == frame.bit:
                    after.link = frame.link  # SMSが届くかAI予測で購入確率が低い
                continue
            if any(
                isinstance(n, Open)
                and n.slot == node.slot
                and (node.slot.endswith((".value", ".window")) or _same_choice(n, node))
                for _, n in kept
            ):
                continue
        begun = max((i for i, (f, _) in enumerate(kept) if f.link == "wide"), default=0)
        if any(node == other for _, other in kept[begun:]) and frame.link != "wide":
            continue  # not 女性 of «20代の女性と40代の女性»
        kept.append((frame, node))
    return kept


def _same_choice(one: Open, other: Open) -> bool:
    """«赤ちゃんがいそうなママ»: two words for what the same values are found for."""
    alike = one.condition == other.condition and len(one.candidates) > 0
    return alike and set(one.candidates) == set(other.candidates)


def items(sketch: Sketch, maker: Maker) -> tuple[list[Node], list[Frame]]:
    """The conditions that all have to hold, and the frames that gave none."""
    frames = _without_scope(sketch)
    for frame in frames:
        if frame.name == "add_to_cart_count" and not (frame.negated or frame.excluded):
            if _THAI.search(sketch.form):  # ใส่ตะกร้าไว้เกิน 7 วันแล้ว; not "the past week"
                frame.span = _since_added(frame.span)
    frames = spent_on(_left_in_cart(frames), sketch.form, maker.catalogue)
    pairs: list[tuple[Frame, Node]] = []
    empty: list[Frame] = []
    carry, said_at = "", -1
    for frame in frames:
        node = maker.node(frame)
        if node is None:
            empty.append(frame)
            carry = carry or (frame.link if frame.link != "and" else "")
            said_at = frame.clause
            continue
        if carry and frame.link == "and" and frame.clause == said_at:
            frame.link = carry
        carry = ""
        pairs.append((frame, node))
    pairs = _distinct(_once_and_never_again(_churned_since(paired(pairs))))
    pairs = bracketed(set_off(as_people(united(pairs)), sketch.form), sketch.form)
    list_verbs(pairs)
    list_people(pairs, sketch)
    mark_descriptions(pairs)
    wanted = [p for p in pairs if not p[0].excluded]
    unwanted = [node for frame, node in pairs if frame.excluded]
    made = (
        any_one(wanted, sketch)
        if sketch.any_one and len(wanted) > 1
        else [node for group in grouped(wanted) for node in descriptions(group)]
    )
    made += [node.item if isinstance(node, Not) else Not(item=node) for node in unwanted]
    return made, empty
