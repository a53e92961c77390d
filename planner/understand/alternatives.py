"""Alternatives: what "or" joins, whole descriptions, and any one of several."""

import itertools
import re

from planner.fields import Op
from planner.plan import AllOf, AnyOf, Condition, Node
from planner.understand.frames import ENGAGE, Frame, Sketch

_Pairs = list[tuple[Frame, Node]]


def united(pairs: _Pairs) -> _Pairs:
    """«either claimed a coupon but did not redeem it, or …»: two acts are one alternative.

    So they are where they are left out: "except those who claimed it without redeeming it".
    """
    kept: _Pairs = []
    for place, (frame, node) in enumerate(pairs):
        after = pairs[place + 1][0] if place + 1 < len(pairs) else None
        before = kept[-1][0] if kept else None
        if before is not None and turns(before, frame):
            joined = "or" in (before.link, after.link if after is not None else "")
            if frame.excluded or joined:
                kept[-1] = before, AllOf(items=(kept[-1][1], node))
                continue
        kept.append((frame, node))
    return kept


_BRACKETS = re.compile(r"\([^()]*\)")
_OF_PEOPLE = ("value", "attribute", "age", "birthday", "vague")
"""Heads of what people are, rather than of what they did."""


def as_people(pairs: _Pairs) -> _Pairs:
    """«不要台北女生», «台北女生或金卡會員»: what is said of people at once is one."""
    kept: _Pairs = []
    ors = {(f.bit, f.sentence) for f, _ in pairs if f.whole}
    ors |= {(b.bit, b.sentence) for (b, _), (f, _) in itertools.pairwise(pairs) if f.whole}
    for frame, node in pairs:
        before = kept[-1][0] if kept else None
        if before is not None and _of_the_same(before, frame, ors):
            kept[-1] = before, AllOf(items=(kept[-1][1], node))
        else:
            kept.append((frame, node))
    return kept


def _of_the_same(before: Frame, frame: Frame, ors: set[tuple[int, int]]) -> bool:
    one = before.sentence == frame.sentence and frame.link == "and"
    joined = before.bit == frame.bit or (frame.bound and frame.excluded)
    joined = joined and before.left_out_at == frame.left_out_at  # not 東京以外かつ大阪以外
    one = one and joined and not _are_two_ages(before, frame)
    people = before.head in _OF_PEOPLE and frame.head in _OF_PEOPLE
    whole = people and (frame.bit, frame.sentence) in ors
    return one and before.excluded == frame.excluded and (frame.excluded or whole)


def set_off(pairs: _Pairs, form: str) -> _Pairs:
    """«購入5回以上、または累計5万円以上かつ返品なし»: after a comma "or" is of all the rest."""
    kept: _Pairs = []
    last: Frame | None = None
    for frame, node in pairs:
        before = kept[-1][0] if kept else None
        if before is not None and last is not None and before.set_off:
            same = (before.clause, before.sentence) == (frame.clause, frame.sentence)
            between = form[last.end - 1 : frame.start].strip()
            joined = frame.bound or (between.endswith("で") and len(between) <= len("人で"))
            if same and joined and frame.link == "and" and before.excluded == frame.excluded:
                kept[-1] = before, AllOf(items=(kept[-1][1], node))
                last = frame
                continue
        kept.append((frame, node))
        last = frame
    return kept


def bracketed(pairs: _Pairs, form: str) -> _Pairs:
    """«(Gold and over 5 orders) or tagged VIP»: what stands in brackets is one."""
    for match in _BRACKETS.finditer(form):
        inside = [p for p in pairs if match.start() < p[0].start < match.end()]
        place = pairs.index(inside[0]) if len(inside) > 1 else 0
        after = pairs[place + len(inside)][0].link if place + len(inside) < len(pairs) else "and"
        first = inside[0][0] if inside else None
        if first is None or len(inside) < 2 or not {first.link, after} & {"or", "wide"}:
            continue
        if len({(frame.excluded, frame.sentence) for frame, _ in inside}) > 1:
            continue
        link, first.link = first.link, "and"
        made = _alternatives(inside)
        first.link = link
        node = made[0] if len(made) == 1 else AllOf(items=tuple(made))
        pairs = [*pairs[:place], (first, node), *pairs[place + len(inside) :]]
    return pairs


def _are_two_ages(before: Frame, frame: Frame) -> bool:
    """«10代20代以外»: nobody is of both."""
    left, right = before.quantity, frame.quantity
    if not (before.head == frame.head == "age" and left and right):
        return False
    low, high = sorted((left, right), key=lambda quantity: quantity.number)
    return low.upper is not None and low.upper < high.number


def turns(before: Frame, frame: Frame) -> bool:
    """Whether it says what was not done with the messages that the one before was about."""
    acts = before.head == frame.head and frame.head in (ENGAGE, "buy")
    acts = acts and frame.negated and not before.negated
    same = before.values == frame.values and before.channels == frame.channels
    apart = before.excluded != frame.excluded or before.sentence != frame.sentence
    left_out = before.excluded and frame.excluded and frame.negated and not before.negated
    if left_out and frame.but and frame.clause == before.clause + 1:
        return frame.link == "and" and before.sentence == frame.sentence
    return acts and same and frame.link == "and" and not (apart or frame.quantity)


def list_verbs(pairs: _Pairs) -> None:
    """«who bought Coffee, clicked an email or live in Osaka»: any of what the verbs say."""
    for place in range(2, len(pairs)):
        frame, before = pairs[place][0], pairs[place - 1][0]
        first = pairs[place - 2][0]
        if frame.link != "or" or before.link != "and" or not (frame.verbal and before.verbal):
            continue
        apart = (before.clause - first.clause, frame.clause - before.clause) == (1, 0)
        whole = first.sentence == frame.sentence and first.group == frame.group
        if first.verbal and first.link == "and" and apart and whole:
            before.link = "or"


def _alternatives(pairs: list[tuple[Frame, Node]]) -> list[Node]:
    """Neighbours joined by "or" are one item."""
    groups: list[list[Node]] = []
    for frame, node in pairs:
        if frame.link == "or" and groups:
            groups[-1].append(node)
        else:
            groups.append([node])
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


def mark_descriptions(pairs: list[tuple[Frame, Node]]) -> None:
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
                if _is_beside(pairs[i][0], frame) and _kind(pairs[i][0]) == _kind(frame)
            ),
            None,
        )
        if start is None or frame.excluded != pairs[start][0].excluded:
            continue
        if frame.clause == before.clause > pairs[start][0].clause:
            continue  # «消費滿一萬,而且金卡或買過兩次»: the comma parts more than the "or"
        frame.link = "wide"
        for each, _ in pairs[start:]:
            each.group = max(each.group, 1_000 + start)


def _is_beside(earlier: Frame, frame: Frame) -> bool:
    """Whether both are of one sentence, and no "either" begins between them."""
    return (earlier.sentence, earlier.group) == (frame.sentence, frame.group)


def _kind(frame: Frame) -> str:
    if frame.head in ("value", "attribute"):
        return frame.values[-1][0] if frame.values else frame.noun
    return frame.name


def grouped(pairs: list[tuple[Frame, Node]]) -> list[list[tuple[Frame, Node]]]:
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


def descriptions(pairs: list[tuple[Frame, Node]]) -> list[Node]:
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


def any_one(pairs: list[tuple[Frame, Node]], sketch: Sketch) -> list[Node]:
    """«one of these: 1. Gold and over 100,000 2. Platinum»: any condition, or any list item.

    What is said of those who meet one of them ("そのうち…") stands beside.
    """
    at, meant = sketch.any_one_at, sketch.frames[sketch.any_one_from : sketch.any_one_to]
    listed = {id(frame) for frame in meant if frame.sentence == at}
    if len([frame for frame, _ in pairs if id(frame) in listed]) > 1:
        # "reachable contacts who meet any one of these: A, B, or C"
        meant_pairs = [(frame, node) for frame, node in pairs if id(frame) in listed]
        by_clause = itertools.groupby(meant_pairs, key=lambda pair: (pair[0].clause, pair[0].bit))
        parts = [[node for _, node in part] for _, part in by_clause]
        if len(parts) < 2:
            parts = [[node] for _, node in meant_pairs]
        either = _either([p[0] if len(p) == 1 else AllOf(items=tuple(p)) for p in parts])
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
    if len(wholes) < 2:
        return [*map(_either, wholes), *later]
    return [_either([w[0] if len(w) == 1 else AllOf(items=tuple(w)) for w in wholes]), *later]
