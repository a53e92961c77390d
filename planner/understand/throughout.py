"""Changes that hold for more than the condition they name: a name everywhere, a time taken off."""

import re
from collections.abc import Iterator
from dataclasses import replace

from planner.commands import Change, Command, Remove, Target
from planner.plan import AllOf, Condition, Node, leaves
from planner.understand.frames import Sketch
from planner.understand.pointing import no_matter, roles_in, target_of_span
from planner.understand.spans import Quantity, Span
from planner.windows import Ago, Window

_PARTS = ("categories", "products", "campaigns")
_LIFTS = {"unlimited", "any_time", "remove"}
_LIMIT = re.compile("限制?|制限|limit|จำกัด")
"""What says that it is the time alone: 90天的限制."""


def everywhere(changes: list[Command], draft: AllOf) -> list[Command]:
    """«Member Day, not Mother's Day» of a coupon claimed but not redeemed: the other in both."""
    found = list(changes)
    for change in changes:
        if not isinstance(change, Change) or change.scope is None or not change.target.index:
            continue
        parts = [part for part in _PARTS if getattr(change.scope, part)]
        old = _held(draft.items[change.target.index - 1], parts)
        for place, item in enumerate(draft.items, 1):
            if old and place != change.target.index and _held(item, parts) == old:
                field = next(_conditions(item)).field
                found.append(replace(change, target=Target(index=place, field=field)))
    return found


def _held(item: Node, parts: list[str]) -> tuple[str, ...]:
    """The names that an item of the plan has there, if it is one condition."""
    held = list(_conditions(item))
    if len(held) != 1 or len(parts) != 1:
        return ()
    return tuple(getattr(held[0].scope, parts[0]))


def _conditions(item: Node) -> Iterator[Condition]:
    return (leaf for leaf in leaves(item) if isinstance(leaf, Condition))


def untimed(sketch: Sketch, nodes: list[Node], draft: AllOf) -> Change | Remove | None:
    """«不要限20天», «多久以前放的都算»: any time, in place of the one that stands.

    «近90天那條拿掉» takes off what has that time.
    """
    roles = roles_in(sketch)
    said = [t.extra.get("span") or t.extra.get("quantity") for t in sketch.tokens if t.extra]
    if nodes or not (roles & _LIFTS or no_matter(sketch)) or roles & {"undo", "flip", "change"}:
        return None
    if "remove" in roles and (sketch.frames or len(said) != 1):
        return None
    whole = "remove" in roles and "condition_noun" in roles and not _LIMIT.search(sketch.form)
    for place, item in enumerate(draft.items, 1):
        for leaf in _conditions(item):
            if leaf.window is not None and any(_is_of(time, leaf.window) for time in said):
                target = Target(index=place, field=leaf.field)
                return Remove(target) if whole else Change(target, drop_window=True)
            if whole and any(isinstance(s, Quantity) and s.number == leaf.number for s in said):
                return Remove(Target(index=place, field=leaf.field))  # 3次那條拿掉
    timed = any(leaf.window for item in draft.items for leaf in _conditions(item))
    lifted = "any_time" in roles and timed and not said
    return Change(target_of_span(draft), drop_window=True) if lifted else None


def _is_of(said: object, window: Window) -> bool:
    """Whether what was said is how far back a window goes."""
    if isinstance(said, Span):
        return said.window in (window, window.opposite())
    ends = [end.ago for end in (window.start, window.end) if isinstance(end, Ago)]
    return isinstance(said, Quantity) and said.number in ends
