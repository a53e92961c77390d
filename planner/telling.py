"""Answers that need the data: why somebody is in a segment, what two segments share."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from planner import explain, wording
from planner.chat import KnownSegment
from planner.facts import Explained, Fact, Value
from planner.plan import AllOf, AnyOf, Condition, Node, Not, leaves
from planner.wording import say


def why(
    language: str,
    name: str,
    root: AllOf,
    known: Mapping[Condition, Fact],
    explained: Explained,
    excluded_by: Sequence[str],
    zone: ZoneInfo,
) -> str:
    """Each condition of a plan, whether the contact meets it, and with which value.

    Args:
        language: the language to answer in.
        name: the segment's name; empty for the plan under way.
        root: the plan.
        known: the contact's facts by condition.
        explained: whom it is about.
        excluded_by: names of the segments left out that the contact is in.
        zone: the time zone that moments are told in.
    """
    inside = meets(root, known) and not excluded_by
    segment = wording.quoted(language, name) if name else say(language, "why.plan")
    contact = explained.contact_id
    lines = [say(language, f"why.{'in' if inside else 'out'}", contact=contact, segment=segment)]
    for item in root.items:
        text = explain.explain(item, language)
        line = say(language, f"why.{'yes' if meets(item, known) else 'no'}", text=text)
        values = _values(item, known, language, zone)
        lines.append(say(language, "why.value", line=line, value=values) if values else line)
    lines += [
        say(language, "why.excluded", name=wording.quoted(language, each)) for each in excluded_by
    ]
    return "\n".join(lines)


def meets(node: Node, known: Mapping[Condition, Fact]) -> bool:
    """Whether the contact meets a part of the plan."""
    if isinstance(node, AllOf):
        return all(meets(item, known) for item in node.items)
    if isinstance(node, AnyOf):
        return any(meets(item, known) for item in node.items)
    if isinstance(node, Not):
        return not meets(node.item, known)
    return isinstance(node, Condition) and known[node].meets


def _values(node: Node, known: Mapping[Condition, Fact], language: str, zone: ZoneInfo) -> str:
    told = [
        _value(leaf, known[leaf].value, language, zone)
        for leaf in leaves(node)
        if isinstance(leaf, Condition) and leaf.field != "note"
    ]
    return say(language, "list.comma").join(dict.fromkeys(told))


def _value(condition: Condition, value: Value, language: str, zone: ZoneInfo) -> str:
    if value is None or value == ():
        return say(language, "why.none")
    if isinstance(value, bool):
        return say(language, f"truth.{'true' if value else 'false'}")
    if isinstance(value, datetime):
        return wording.day(language, value.astimezone(zone).date())
    if isinstance(value, date):
        return wording.day(language, value)
    if isinstance(value, tuple):
        names = [explain.value_name(condition.field, text, language) for text in value]
        return say(language, "list.comma").join(names)
    if isinstance(value, str):
        return explain.value_name(condition.field, value, language)
    return wording.number(language, round(value, 2))


def overlap(
    language: str, segments: tuple[KnownSegment, KnownSegment], counts: tuple[int, int, int]
) -> str:
    """How many contacts two segments share."""
    one, other, both = counts
    share = both / min(one, other) if one and other else 0.0
    first, second = (wording.quoted(language, s.name) for s in segments)
    return say(
        language, "overlap.told", first=first, second=second, one=one, other=other, both=both,
        share=wording.percent(language, share),
    )  # fmt: skip
