"""From frames in the words' order to a Boolean tree: or, and, except, neither."""

import itertools
from collections.abc import Iterable

from planner.fields import Op
from planner.plan import AllOf, AnyOf, Condition, Node, Not, Open
from planner.understand.frames import ENGAGE, Frame, Sketch
from planner.understand.nodes import Maker
from planner.windows import Window

_DROPPED = ("buy", ENGAGE, "topic", "interest", "last_interaction", "reach", "quote")
"""Heads that say nothing by themselves beside what the data cannot tell."""


def _negation_spreads(frames: list[Frame]) -> None:
    """«did not open or click»: both were not done."""
    for left, right in itertools.pairwise(frames):
        if left.negated and right.link == "or" and left.head == right.head:
            if not right.negated and left.clause == right.clause:
                right.negated, right.link = True, "and"
            elif right.negated:
                right.link = "and"


def _without_scope(sketch: Sketch) -> list[Frame]:
    beyond = {bit for _, _, _, bit in sketch.scope}
    return [f for f in sketch.frames if not (f.bit in beyond and _says_little(f))]


def _never_bought(frame: Frame) -> bool:
    concept = frame.concept
    never = concept is not None and concept.data.get("number") == 0 and not frame.negated
    return frame.head == "is" and frame.name == "order_count" and never


def _not_again(frame: Frame) -> bool:
    said = frame.concept is not None and frame.concept.data.get("object") == "not bought"
    return said and frame.head == "vague" and frame.span is None


def _says_little(frame: Frame) -> bool:
    active = frame.head == "vague" and frame.name == "last_interaction"
    return (active or frame.beyond or frame.head in _DROPPED) and not (
        frame.quantity and frame.span
    )


def _left_in_cart(frames: list[Frame]) -> list[Frame]:
    """«added to the cart but did not buy it» is one thing: such an open cart."""
    kept: list[Frame] = []
    for frame in frames:
        before = kept[-1] if kept else None
        unbought = (
            (
                (frame.negated or frame.excluded)
                and (
                    (frame.head == "buy" and not frame.values and not frame.topics)
                    or frame.head == "checkout_count"
                    or (frame.head == "is" and frame.name == "order_count")
                )
            )
            or _never_bought(frame)
            or _not_again(frame)
        )
        added = before is not None and before.name == "add_to_cart_count"
        if added and before is not None and before.head == "is":
            unbought = unbought and frame.head == "buy" and not frame.span
        if before is not None and added and unbought and not (before.span and frame.span):
            before.span = before.span or frame.span
            continue
        kept.append(frame)
    return kept


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
            return True  # new by that measure
    return False


def _distinct(pairs: list[tuple[Frame, Node]]) -> list[tuple[Frame, Node]]:
    nodes = list(dict.fromkeys(node for _, node in pairs))
    kept: list[tuple[Frame, Node]] = []
    for frame, node in pairs:
        if isinstance(node, Open):
            if _said_already(node, nodes):
                continue
            if any(
                isinstance(n, Open)
                and n.slot == node.slot
                and (node.slot.endswith((".value", ".window")) or _same_choice(n, node))
                for _, n in kept
            ):
                continue
        if any(node == other for _, other in kept):
            continue
        kept.append((frame, node))
    return kept


def _same_choice(one: Open, other: Open) -> bool:
    """«赤ちゃんがいそうなママ»: two words for what the same values are found for."""
    alike = one.condition == other.condition and len(one.candidates) > 0
    return alike and set(one.candidates) == set(other.candidates)


def _pairs(before: Frame, frame: Frame) -> bool:
    """«redeemed A, or claimed B without redeeming it»: the second is claimed and not redeemed."""
    both = before.head == frame.head == ENGAGE and before.link == "or"
    same = before.values == frame.values and before.channels == frame.channels
    return both and same and bool(frame.values) and frame.negated and before.clause == frame.clause


def _alternatives(pairs: list[tuple[Frame, Node]]) -> list[Node]:
    """Neighbours joined by "or" are one item."""
    groups: list[list[Node]] = []
    before: Frame | None = None
    for frame, node in pairs:
        if frame.link == "or" and groups:
            groups[-1].append(node)
        elif groups and before is not None and _pairs(before, frame):
            groups[-1][-1] = AllOf(items=(groups[-1][-1], node))
        else:
            groups.append([node])
        before = frame
    return [g[0] if len(g) == 1 else _either(g) for g in groups]


def _either(nodes: list[Node]) -> Node:
    """Any of the nodes; values of one field become one condition."""
    first = nodes[0]
    same = all(
        isinstance(n, Condition)
        and isinstance(first, Condition)
        and n.op is Op.ANY_OF
        and (n.field, n.op, n.scope, n.window) == (first.field, first.op, first.scope, first.window)
        for n in nodes
    )
    if same and isinstance(first, Condition):
        texts = tuple(dict.fromkeys(t for n in nodes if isinstance(n, Condition) for t in n.texts))
        return first.model_copy(update={"texts": texts})
    return AnyOf(items=tuple(nodes))


def _mark_descriptions(pairs: list[tuple[Frame, Node]]) -> None:
    """«women in Taipei or men in Bangkok»: an "or" between whole descriptions.

    What follows the "or" is of a kind that was said before, with other things since: the
    alternatives begin there, and what stands before them goes for both.
    """
    for place in range(2, len(pairs)):
        frame, before = pairs[place][0], pairs[place - 1][0]
        if frame.link != "or" or _kind(frame) == _kind(before):
            continue
        start = next(
            (
                i
                for i in range(place - 2, -1, -1)
                if pairs[i][0].sentence == frame.sentence and _kind(pairs[i][0]) == _kind(frame)
            ),
            None,
        )
        if start is None or frame.excluded != pairs[start][0].excluded:
            continue
        frame.link = "wide"
        for each, _ in pairs[start:]:
            each.group = max(each.group, 1_000 + start)


def _kind(frame: Frame) -> str:
    if frame.head in ("value", "attribute"):
        return frame.values[-1][0] if frame.values else frame.noun
    return frame.name


def _groups(pairs: list[tuple[Frame, Node]]) -> list[list[tuple[Frame, Node]]]:
    """Sentences, and what "either" begins: an "or" inside one leaves the others alone."""
    groups: list[list[tuple[Frame, Node]]] = []
    before: Frame | None = None
    for pair in pairs:
        frame = pair[0]
        apart = before is None or (frame.sentence, frame.group) != (before.sentence, before.group)
        if apart and not (groups and frame.link in ("or", "wide")):
            groups.append([])
        groups[-1].append(pair)
        before = frame
    return groups


def _descriptions(pairs: list[tuple[Frame, Node]]) -> list[Node]:
    """Whole descriptions joined by "or": women in Taipei, or anybody tagged VIP."""
    parts: list[list[tuple[Frame, Node]]] = [[]]
    for frame, node in pairs:
        if frame.link == "wide" and parts[-1]:
            parts.append([])
        parts[-1].append((frame, node))
    if len(parts) == 1:
        return _alternatives(pairs)
    wholes: list[Node] = []
    for part in parts:
        items = _alternatives(part)
        wholes.append(items[0] if len(items) == 1 else AllOf(items=tuple(items)))
    return [_either(wholes)]


def _any_one(pairs: list[tuple[Frame, Node]], sketch: Sketch) -> list[Node]:
    """«one of these: 1. Gold and over 100,000 2. Platinum»: any condition, or any list item.

    What is said of those who meet one of them ("そのうち…") stands beside.
    """
    at, meant = sketch.any_one_at, sketch.frames[sketch.any_one_from : sketch.any_one_to]
    listed = {id(frame) for frame in meant if frame.sentence == at}
    if len([frame for frame, _ in pairs if id(frame) in listed]) > 1:
        # "reachable contacts who meet any one of these: A, B, or C"
        either = _either([node for frame, node in pairs if id(frame) in listed])
        beside = [(frame, node) for frame, node in pairs if id(frame) not in listed]
        place = sum(1 for frame, _ in beside if frame.start < meant[0].start)
        nodes = [node for _, node in beside]
        return [*nodes[:place], either, *nodes[place:]]
    own = [node for frame, node in pairs if frame.sentence == at]
    if len(own) > 1:  # «A或B,兩者擇一;另需C»
        return [_either(own), *(node for frame, node in pairs if frame.sentence != at)]
    later = [node for frame, node in pairs if frame.among]
    pairs = [pair for pair in pairs if not pair[0].among]
    by_item = itertools.groupby(pairs, key=lambda pair: pair[0].sentence)
    wholes = [[node for _, node in part] for _, part in by_item]
    if len(wholes) == 1:
        return [_either(wholes[0]), *later]
    return [_either([w[0] if len(w) == 1 else AllOf(items=tuple(w)) for w in wholes]), *later]


def items(sketch: Sketch, maker: Maker) -> tuple[list[Node], list[Frame]]:
    """The conditions that all have to hold, and the frames that gave none."""
    frames = _left_in_cart(_without_scope(sketch))
    _negation_spreads(frames)
    pairs: list[tuple[Frame, Node]] = []
    empty: list[Frame] = []
    carry = ""
    for frame in frames:
        node = maker.node(frame)
        if node is None:
            empty.append(frame)
            carry = carry or (frame.link if frame.link != "and" else "")
            continue
        if carry and frame.link == "and":
            frame.link = carry
        carry = ""
        pairs.append((frame, node))
    pairs = _distinct(_once_and_never_again(_churned_since(pairs)))
    _mark_descriptions(pairs)
    wanted = [p for p in pairs if not p[0].excluded]
    unwanted = [node for frame, node in pairs if frame.excluded]
    made = (
        _any_one(wanted, sketch)
        if sketch.any_one and len(wanted) > 1
        else [node for group in _groups(wanted) for node in _descriptions(group)]
    )
    made += [node.item if isinstance(node, Not) else Not(item=node) for node in unwanted]
    return made, empty
