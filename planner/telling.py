"""Answers that need the data: why somebody is in a segment, what two segments share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from planner import explain, wording
from planner.chat import KnownSegment
from planner.facts import Fact, FactValue
from planner.plan import AllOf, AnyOf, Condition, Node, Not, leaves
from planner.wording import say


@dataclass(frozen=True, slots=True)
class Looked:
    """A contact that was looked up for a plan."""

    contact_id: str
    root: AllOf
    known: Mapping[Condition, Fact]
    """What is known of the contact, by condition of the plan."""
    name: str = ""
    """The segment's name; empty for the plan under way."""
    excluded_by: Sequence[str] = ()
    """Names of the segments left out that the contact is in."""
    listed: bool | None = None
    """Whether the contact is in the segment's finished list; None where there is none."""
    as_of: datetime | None = None
    """The moment that the list was computed for."""


def why(language: str, looked: Looked, zone: ZoneInfo) -> str:
    """Each condition of a plan, whether the contact meets it, and with which value.

    Args:
        language: the language to answer in.
        looked: whom it is about, and what was found.
        zone: the time zone that moments are told in.
    """
    known = looked.known
    now = meets(looked.root, known) and not looked.excluded_by
    inside = now if looked.listed is None else looked.listed
    segment = wording.quoted(language, looked.name) if looked.name else say(language, "why.plan")
    key = f"why.{'in' if inside else 'out'}"
    lines = [say(language, key, contact=looked.contact_id, segment=segment)]
    for item in looked.root.items:
        text = explain.explain(item, language)
        line = say(language, f"why.{'yes' if meets(item, known) else 'no'}", text=text)
        values = _values(item, known, language, zone)
        lines.append(say(language, "why.value", line=line, value=values) if values else line)
    names = (wording.quoted(language, name) for name in looked.excluded_by)
    lines += [say(language, "why.excluded", name=name) for name in names]
    if inside is not now and looked.as_of is not None:
        day = wording.day(language, looked.as_of.astimezone(zone).date())
        lines.append(say(language, "why.later", day=day))
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


def _value(condition: Condition, value: FactValue, language: str, zone: ZoneInfo) -> str:
    if value is None or value == ():
        return say(language, "why.none")
    if isinstance(value, date):
        local = value.astimezone(zone).date() if isinstance(value, datetime) else value
        return wording.day(language, local)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return wording.number(language, round(value, 2))
    texts = value if isinstance(value, tuple) else (_text(value),)
    names = [explain.value_name(condition.field, text, language) for text in texts]
    return say(language, "list.comma").join(names)


def _text(value: bool | str) -> str:
    return str(value).lower() if isinstance(value, bool) else value


def reach(language: str, name: str, count: int, by_channel: Mapping[str, int]) -> str:
    """How many of a segment's members can be reached, a line for each channel."""
    lines = [say(language, "reach.told", name=wording.quoted(language, name), n=count)]
    for channel, number in by_channel.items():
        said = say(language, f"reachable.{channel}")
        lines.append(say(language, "reach.line", channel=said, n=number))
    return "\n".join(lines)


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
