"""«Gold members in Tokyo, Silver members in Osaka or anyone tagged VIP»: people in a list."""

import itertools

from planner.plan import Node
from planner.understand.frames import Frame, Sketch
from planner.understand.tokens import Token

_Pairs = list[tuple[Frame, Node]]
_OF_ONE = ("city", "membership_tier", "gender", "language", "line_status")
"""Kinds of values of which nobody has two."""


def list_people(pairs: _Pairs, sketch: Sketch) -> None:
    """Whole descriptions between commas, with an "or" before the last, are alternatives."""
    for place, (frame, _) in enumerate(pairs):
        if frame.link not in ("or", "wide"):
            continue
        before = [f for f, _ in pairs[:place] if _may_be_listed(f, frame)]
        parts = [list(g) for _, g in itertools.groupby(before, key=lambda f: f.clause)]
        if len(parts) < 2 or parts[-1][-1].clause < frame.clause - 1:
            continue
        if any(f.link != "and" for part in parts for f in part):
            continue
        people = frame.link == "wide" and all(_begins_with_people(p, sketch) for p in parts)
        if people or any(_exclude_each_other(a, b) for a, b in itertools.pairwise(parts)):
            frame.link = "wide"
            for part in parts[1:]:
                part[0].link = "wide"


def _may_be_listed(earlier: Frame, frame: Frame) -> bool:
    same = (earlier.sentence, earlier.group) == (frame.sentence, frame.group)
    return same and earlier.excluded == frame.excluded and not earlier.among


def _exclude_each_other(left: list[Frame], right: list[Frame]) -> bool:
    """Whether nobody is both: of two cities, of two tiers."""
    one, other = _values(left), _values(right)
    return any(one[kind].isdisjoint(other[kind]) for kind in one.keys() & other.keys())


def _values(frames: list[Frame]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for frame in frames:
        for kind, name in frame.values if not (frame.negated or frame.excluded) else ():
            if kind in _OF_ONE:
                found.setdefault(kind, set()).add(name)
    return found


def _begins_with_people(part: list[Frame], sketch: Sketch) -> bool:
    """Whether the first thing said after a comma is who they are."""
    upto = [t for t in sketch.tokens if t.end <= part[0].end]
    said = itertools.takewhile(lambda t: not t.separator, reversed(upto))
    first = next((t for t in reversed(list(said)) if not _is_small(t)), None)
    return first is not None and _is_of_people(first)


def _is_small(token: Token) -> bool:
    return bool(token.role("fill")) and not token.role("person")


def _is_of_people(token: Token) -> bool:
    value = token.role("value")
    gender = value is not None and value.data["field"] == "gender"
    named = any(kind in ("membership_tier", "tag") for kind, _ in token.values)
    return gender or named or token.role("person") is not None or token.role("vague") is not None
