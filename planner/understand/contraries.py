"""Descriptions of which nobody meets two: said one after the other, either is wanted.

«台北金卡、高雄白金卡», «Silver 要買滿 3 筆,Gold 都收», «買過 A 的女生跟買過 B 的男生».
"""

from collections.abc import Callable

from planner.plan import AllOf, Node
from planner.understand.frames import Frame

_Pairs = list[tuple[Frame, Node]]
_ONE_OF = ("city", "membership_tier", "gender")
"""What nobody has two of."""


def paired(pairs: _Pairs) -> _Pairs:
    """The pairs, with such descriptions as alternatives, each one node."""
    kept: _Pairs = []
    place = 0
    while place < len(pairs):
        ways = (_of_people, _of_clause, _of_bit)
        wholes = next((w for read in ways if (w := _wholes(pairs, place, read))), [])
        if not wholes:
            kept.append(pairs[place])
            place += 1
            continue
        for number, whole in enumerate(wholes):
            frame, nodes = whole[0][0], tuple(node for _, node in whole)
            frame.link = "or" if number else frame.link
            kept.append((frame, AllOf(items=nodes) if len(nodes) > 1 else nodes[0]))
        place += sum(map(len, wholes))
    return kept


def _wholes(pairs: _Pairs, place: int, read: Callable[[_Pairs, int], _Pairs]) -> list[_Pairs]:
    """Descriptions from a place on, each of which rules the first out; none if it stands alone."""
    wholes = [first] if (first := read(pairs, place)) else []
    while wholes:
        further = read(pairs, place + sum(map(len, wholes)))
        if not further or not all(_exclude_each_other(whole, further) for whole in wholes):
            break
        wholes.append(further)
    told = len(wholes) > 1 and any(len(whole) > 1 for whole in wholes)
    after = place + sum(map(len, wholes))
    if told and after < len(pairs) and pairs[after][0].link in ("or", "wide"):
        told = pairs[after][0].sentence != wholes[-1][-1][0].sentence  # a list that goes on
    return wholes if told else []


def _of_people(pairs: _Pairs, place: int) -> _Pairs:
    """The values of what people are that stand together there, each kind once."""
    found: _Pairs = []
    for frame, node in pairs[place:]:
        before = found[-1][0] if found else None
        apart = before is not None and (before.bit != frame.bit or frame.link == "or")
        kinds = {_kind(other) for other, _ in found}
        if not _is_plain(frame) or apart or _kind(frame) in kinds:
            break
        found.append((frame, node))
    return found if len(found) > 1 else []


def _of_clause(pairs: _Pairs, place: int) -> _Pairs:
    """What a clause says that begins with such a value: «Silver 要買滿 3 筆»."""
    first = pairs[place][0] if place < len(pairs) else None
    led = place > 0 and first is not None and pairs[place - 1][0].clause == first.clause
    if first is None or led or not _is_plain(first):
        return []
    found = [pairs[place]]
    for frame, node in pairs[place + 1 :]:
        same = (frame.clause, frame.sentence) == (first.clause, first.sentence)
        if not same or frame.excluded or frame.link != "and":
            break
        found.append((frame, node))
    return found


def _of_bit(pairs: _Pairs, place: int) -> _Pairs:
    """What is said of people before they are named: «買過 Lipstick 的女生»."""
    first = pairs[place][0] if place < len(pairs) else None
    led = place > 0 and first is not None and pairs[place - 1][0].bit == first.bit
    if first is None or led:
        return []
    same = [pair for pair in pairs[place:] if (pair[0].bit, pair[0].sentence) == _stretch(first)]
    said = all(frame.link == "and" and not frame.excluded for frame, _ in same)
    ends = any(_is_plain(frame) for frame, _ in same[1:])
    acts = any(not _is_plain(frame) for frame, _ in same)  # not 買過 Coffee 的台北女生和高雄女生
    return same if said and ends and acts else []


def _stretch(frame: Frame) -> tuple[int, int]:
    return frame.bit, frame.sentence


def _is_plain(frame: Frame) -> bool:
    wanted = not (frame.negated or frame.excluded or frame.band) and frame.link != "wide"
    return wanted and frame.head == "value" and _kind(frame) in _ONE_OF


def _kind(frame: Frame) -> str:
    return frame.values[-1][0] if frame.values else ""


def _exclude_each_other(first: _Pairs, second: _Pairs) -> bool:
    """Whether a value of the second rules out the first: of one kind, and another."""
    own = {_kind(frame): {*frame.values} for frame, _ in first if _is_plain(frame)}
    other = {_kind(frame): {*frame.values} for frame, _ in second if _is_plain(frame)}
    if len(first) == len(second) and own.keys() != other.keys():
        return False
    near = first[-1][0].sentence == second[0][0].sentence
    return near and any(not own[kind] & other[kind] for kind in own.keys() & other.keys())
