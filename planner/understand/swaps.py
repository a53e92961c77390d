"""Changes of a part of one condition: its channel, reaction, things bought, or how far back."""

from collections.abc import Iterator

from planner.commands import Add, Change, Command, Negate, Remove, Target
from planner.fields import EVENTS, Op
from planner.plan import AllOf, Condition, Node, Scope, leaves
from planner.understand.frames import ENGAGE, Sketch
from planner.understand.messages_said import reached_by, usual_channel
from planner.understand.pointing import are_joined, roles_in
from planner.understand.spans import Quantity, Span
from planner.windows import Ago, Window

_THINGS = (("category", "categories"), ("product", "products"), ("campaign", "campaigns"))
_SURELY_MONEY = 100
"""A bare number from which on it is no count."""
_COUNTED = ((Op.GE, 1.0), (Op.EQ, 0.0))
"""Any at all, and none: the number was not said."""


def _conditions(draft: AllOf) -> Iterator[tuple[int, Condition]]:
    """The plan's conditions with their places, from 1."""
    for place, item in enumerate(draft.items, 1):
        yield from ((place, leaf) for leaf in leaves(item) if isinstance(leaf, Condition))


def swapped(sketch: Sketch, draft: AllOf) -> list[Command] | None:
    """«WhatsApp instead», "make it clicked instead of opened", "Coffee or Skincare"."""
    ways = (
        _sourced, _reached, _message, _reaction, _campaign, _count, _pieces, _in_cart, _things,
    )  # fmt: skip
    return next((found for way in ways if (found := way(sketch, draft))), None)


def _sourced(sketch: Sketch, draft: AllOf) -> list[Command] | None:
    """«make it MAAC»: the same tag or note, of another source."""
    said = [c.data["source"] for t in sketch.tokens if (c := t.role("source"))]
    if len(set(said)) != 1 or not roles_in(sketch) & {"change", "narrow"}:
        return None
    if any(f.values or f.quotes or f.topics or f.quantity for f in sketch.frames):
        return None
    noted = [(p, c) for p, c in _conditions(draft) if c.field in ("tag", "note")]
    if len(noted) != 1 or noted[0][1].scope.source == said[0]:
        return None
    place, leaf = noted[0]
    scope = Scope.model_validate({"source": said[0]})
    return [Change(Target(index=place, field=leaf.field), scope=scope)]


def _reached(sketch: Sketch, draft: AllOf) -> list[Command] | None:
    """«swap SMS for email» where SMS is how they can be reached."""
    said = [reached_by(str(c.data["channel"])) for t in sketch.tokens if (c := t.role("channel"))]
    plain = not any(f.quantity or f.span or f.values or f.events for f in sketch.frames)
    if not plain or not roles_in(sketch) & {"change", "remove"}:
        return None
    for place, leaf in _conditions(draft):
        others = tuple(dict.fromkeys(c for c in said if c and c not in leaf.texts))
        engaged = any(other.field == ENGAGE for _, other in _conditions(draft))
        alone = "change" in roles_in(sketch) and not engaged
        if leaf.field == "reachable" and others and (alone or set(leaf.texts) & set(said)):
            if alone and not set(leaf.texts) & set(said):
                return [Change(Target(index=place, field="reachable"), texts=others)]
            kept = tuple(text for text in leaf.texts if text not in said)
            return [Change(Target(index=place, field="reachable"), texts=(*kept, *others))]
    return None


def _message(sketch: Sketch, draft: AllOf) -> list[Command] | None:
    """Another channel or reaction of the one condition on messages."""
    engaged = [found for found in _conditions(draft) if found[1].field == ENGAGE]
    said_more = any(
        f.head not in (ENGAGE, "reach") or f.values or f.quantity or f.span or f.topics
        for f in sketch.frames
    )
    roles = roles_in(sketch) & {"change", "remove", "also"}
    reached = roles == {"also"} and any(f.head == "reach" for f in sketch.frames)
    if len(engaged) != 1 or said_more or reached or not roles:
        return None  # "and they can be reached by SMS, too" is a condition more
    place, leaf = engaged[0]
    channels = _named(sketch, "channel", leaf.scope.channels)
    events = _named(sketch, "event", leaf.scope.events)
    if roles == {"also"}:  # "on LINE, too"
        channels, events = (*leaf.scope.channels, *channels) if channels else (), ()
    if not channels and not events:
        return None
    on = tuple(c for c in channels or leaf.scope.channels if c in EVENTS)
    if channels and not on:
        return None  # push is a way to reach somebody, and has no reactions
    possible = [e for c in on for e in EVENTS[c]]
    kept = tuple(e for e in events or leaf.scope.events if not on or e in possible)
    scope = Scope(channels=on, events=kept or (("click",) if "click" in possible else ()))
    return [Change(Target(index=place, field=ENGAGE), scope=scope)]


def _reaction(sketch: Sketch, draft: AllOf) -> list[Command] | None:
    """«those who didn't click it»: of the messages that the plan speaks of, and none else."""
    engaged = [found for found in _conditions(draft) if found[1].field == ENGAGE]
    frame = sketch.frames[0] if len(sketch.frames) == 1 else None
    if len(engaged) != 1 or frame is None or frame.head != ENGAGE or frame.excluded:
        return None
    place, leaf = engaged[0]
    other = {*map(usual_channel, frame.channels)} - {*leaf.scope.channels}
    if other or frame.values or frame.topics or frame.quantity or frame.span:
        return None
    possible = {e for c in leaf.scope.channels or EVENTS for e in EVENTS[c]}
    events = tuple(dict.fromkeys(frame.events))
    none = (leaf.op, leaf.number) == (Op.EQ, 0)
    if not events or not set(events) <= possible:
        return None
    if set(events) == set(leaf.scope.events):
        return [Negate(Target(index=place))] if none != frame.negated else None
    number, op = (0, Op.EQ) if frame.negated else (1, Op.GE)
    scope = leaf.scope.model_copy(update={"events": events})
    return [Add(Condition(field=ENGAGE, op=op, number=number, scope=scope, window=leaf.window))]


def _campaign(sketch: Sketch, draft: AllOf) -> list[Command] | None:
    """«only the Summer Sale ones»: which campaign the messages are of."""
    engaged = [(p, c) for p, c in _conditions(draft) if c.field == ENGAGE]
    names = tuple(name for f in sketch.frames for kind, name in f.values if kind == "campaign")
    alone = all(f.values and not (f.events or f.channels or f.negated) for f in sketch.frames)
    others = any(kind != "campaign" for f in sketch.frames for kind, _ in f.values)
    if len(engaged) != 1 or not names or not alone or others or engaged[0][1].scope.campaigns:
        return None
    return [Change(Target(index=engaged[0][0], field=ENGAGE), scope=Scope(campaigns=names))]


def _in_cart(sketch: Sketch, draft: AllOf) -> list[Command] | None:
    """«only Pets products» of whom something is known to lie in the cart."""
    names = [value for f in sketch.frames for value in f.values]
    roles = roles_in(sketch)
    plain = not roles & {"buy", "event"} and all(
        f.head in ("value", "buy") and not (f.negated or f.excluded or f.quantity or f.span)
        for f in sketch.frames
    )
    held = [(p, c) for p, c in _conditions(draft) if c.field == "add_to_cart_count"]
    kinds = {kind for kind, _ in names}
    if len(held) != 1 or len(kinds) != 1 or not plain or "narrow" not in roles:
        return None
    part = dict(_THINGS[:2]).get(kinds.pop())
    scope = held[0][1].scope
    if part is None or scope.products or scope.categories:
        return None
    changed = Scope.model_validate({part: tuple(name for _, name in names)})
    return [Change(Target(index=held[0][0], field="add_to_cart_count"), scope=changed)]


def _count(sketch: Sketch, draft: AllOf) -> list[Command] | None:
    """«at least three times» where it was said that they did it at all."""
    frame = sketch.frames[0] if len(sketch.frames) == 1 else None
    if frame is None or frame.quantity is None or "add" in roles_in(sketch):
        return None
    bare = not (frame.values or frame.topics or frame.span or frame.channels or frame.negated)
    counts = {"order_count": ("order_count", "checkout_count")}.get(frame.name, (frame.name,))
    held = [(p, c) for p, c in _conditions(draft) if c.field in counts]
    if not bare or frame.quantity.unit not in ("times", "orders", "") or len(held) != 1:
        return None
    place, leaf = held[0]
    if (leaf.op, leaf.number) != (Op.GE, 1) or frame.quantity.number >= _SURELY_MONEY:
        return None
    said = frame.quantity
    target = Target(index=place, field=leaf.field)
    return [Change(target, op=said.op, number=said.number, upper=said.upper)]


def _pieces(sketch: Sketch, draft: AllOf) -> list[Command] | None:
    """«make it 2 or more in total» of what was said to be bought at all."""
    frame = sketch.frames[0] if len(sketch.frames) == 1 else None
    said = frame.quantity if frame is not None else None
    if frame is None or said is None or said.unit != "pieces" or "change" not in roles_in(sketch):
        return None
    bare = not (frame.values or frame.topics or frame.negated or frame.excluded)
    held = [(p, c) for p, c in _conditions(draft) if c.field == "checkout_count"]
    if not bare or len(held) != 1 or (held[0][1].op, held[0][1].number) != (Op.GE, 1):
        return None
    place, leaf = held[0]
    window = frame.span.window if frame.span is not None else leaf.window
    update: dict[str, object] = {"field": "purchase_quantity", "window": window}
    update |= {"op": said.op or Op.EQ, "number": said.number, "upper": said.upper}
    return [Remove(Target(index=place)), Add(leaf.model_copy(update=update))]


def _named(sketch: Sketch, role: str, held: tuple[str, ...]) -> tuple[str, ...]:
    """The channels or reactions named now, without those that stand already."""
    said = []
    for token in sketch.tokens:
        concept = token.role(role)
        name = str(concept.data[role]) if concept is not None else ""
        if name:
            said.append(usual_channel(name) if role == "channel" else name)
    return tuple(dict.fromkeys(name for name in said if name not in held))


def _things(sketch: Sketch, draft: AllOf) -> list[Command] | None:
    """Names of things in place of the ones that one condition on purchases has, one of them kept.

    The plan tells what the names are: "Coffee or Skincare" after "bought Coffee".
    """
    if not sketch.frames or any(
        f.head not in ("value", "buy", ENGAGE)
        or (f.negated or f.excluded or f.quantity or f.span or f.events)
        for f in sketch.frames
    ):
        return None
    roles = roles_in(sketch)
    instead = "change" in roles and not roles & {"also", "add"}
    tagged = any(leaf.field == "tag" for _, leaf in _conditions(draft))
    narrowed = "narrow" in roles  # Skincareも買った人に絞る
    joined = not instead or are_joined(sketch)
    for kind, part in _THINGS:
        named = [{n for k, n in t.values if k == kind} for t in sketch.tokens if t.values]
        names = tuple(dict.fromkeys(name for found in named for name in sorted(found)))
        if not named or not all(named):
            continue
        for place, leaf in _conditions(draft):
            held = set(getattr(leaf.scope, part))
            several = bool(held & set(names)) and len(names) > 1
            if held and held != set(names) and (several or instead):
                new = names if joined else tuple(name for name in names if name not in held)
                kept = () if joined else tuple(name for name in held if name not in names)
                changed = Scope.model_validate({part: (*kept, *new)})
                return [Change(Target(index=place, field=leaf.field), scope=changed)]
            if held and not held & set(names) and "also" in roles and not tagged and not narrowed:
                both = (*getattr(leaf.scope, part), *names)
                changed = Scope.model_validate({part: both})
                return [Change(Target(index=place, field=leaf.field), scope=changed)]
    return None


def also(nodes: list[Node], draft: AllOf) -> list[Command] | None:
    """«Osaka too», «Makeupを買った人も»: one more value for a condition that is there."""
    said = nodes[0] if len(nodes) == 1 else None
    if not isinstance(said, Condition):
        return None
    for place, item in enumerate(draft.items, 1):
        if not isinstance(item, Condition) or (item.field, item.op) != (said.field, said.op):
            continue
        target = Target(index=place, field=said.field)
        if said.texts and item.scope == said.scope and said.op in (Op.ANY_OF, Op.MONTH):
            return [Change(target, texts=tuple(dict.fromkeys((*item.texts, *said.texts))))]
        if scope := _with_one_thing_more(item, said):
            return [Change(target, scope=scope)]
    return None


def _with_one_thing_more(held: Condition, said: Condition) -> Scope | None:
    """Both conditions' things bought, where nothing else sets the two apart."""
    part = next((part for _, part in _THINGS if getattr(said.scope, part)), "")
    if not part or not getattr(held.scope, part):
        return None
    alike = said.model_copy(update={"scope": held.scope, "window": held.window})
    if alike != held or said.window not in (None, held.window):
        return None
    names = dict.fromkeys((*getattr(held.scope, part), *getattr(said.scope, part)))
    return Scope.model_validate({part: tuple(names)})


def counted_back(quantity: Quantity, draft: AllOf) -> Change | None:
    """«make it 60» where 30 days are the only number that was said."""
    found = list(_conditions(draft))
    numbers = [c for _, c in found if c.number is not None and (c.op, c.number) not in _COUNTED]
    timed = [(p, c) for p, c in found if c.window is not None and _back(c.window) is not None]
    plain = quantity.unit == "" and quantity.op is None and quantity.upper is None
    whole = 0 < quantity.number <= 3_650 and quantity.number == int(quantity.number)
    if numbers or len(timed) != 1 or not (plain and whole):
        return None
    place, leaf = timed[0]
    back = _back(leaf.window) if leaf.window is not None else None
    if back is None:
        return None
    bound = back.model_copy(update={"ago": int(quantity.number)})
    window = Window(start=bound)
    return Change(Target(index=place, field=leaf.field), window=window)


def _back(window: Window) -> Ago | None:
    """How far back a window reaches or ends, where it is counted from now and has one end."""
    ends = [bound for bound in (window.start, window.end) if bound is not None]
    return ends[0] if len(ends) == 1 and isinstance(ends[0], Ago) else None


def moved(sketch: Sketch, span: Span, draft: AllOf) -> Change | None:
    """«change May to June»: from the time that stands to another, not the stretch of both."""
    window = span.window
    if "change" not in roles_in(sketch) or not span.named:
        return None
    for place, leaf in _conditions(draft):
        held = leaf.window
        if held is not None and held.end is not None and held.start == window.start:
            if held.end != window.end:
                later = Window(start=held.end, end=window.end)
                return Change(Target(index=place, field=leaf.field), window=later)
    return None
