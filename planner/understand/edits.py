"""Changes of a plan that stands, said in words."""

from collections.abc import Mapping
from dataclasses import replace

from planner.commands import Add, Change, Command, Negate, Remove, Target, Undo
from planner.fields import FIELDS, Op
from planner.plan import AllOf, Condition, Node, Not, leaves
from planner.understand.contrasts import contrasted, kept_values, takes_the_rest
from planner.understand.coupon_acts import coupon_acts
from planner.understand.exchanges import (
    compared_anew,
    corrected_value,
    coupon_used,
    exchange,
    fewer,
    further_up,
    joined_anew,
    keyword_more,
    narrowed,
    ranked_anew,
)
from planner.understand.frames import Frame, Sketch
from planner.understand.pointing import (
    as_moment,
    birthday_place,
    contradicts,
    demands,
    fields_in,
    months_in,
    names_only_a_size,
    no_matter,
    puts_in_place,
    roles_in,
    takes_off,
    target_of_span,
    target_of_unit,
    target_said,
    turns_round,
)
from planner.understand.spans import Quantity, Span
from planner.understand.swaps import also, counted_back, moved, swapped
from planner.understand.throughout import everywhere, untimed


def _says_people(frames: list[Frame]) -> bool:
    """Whether the frames describe people rather than name a condition."""
    return any(
        f.negated or f.quantity or f.span or f.values or f.head in ("is", "reach", "vague", "buy")
        for f in frames
    )


def _loose(sketch: Sketch) -> tuple[Quantity | None, Span | None]:
    taken_q = [f.quantity for f in sketch.frames if f.quantity]
    taken_s = [f.span for f in sketch.frames if f.span]
    quantity = next((q for q in sketch.quantities if q not in taken_q), None)
    span = next((s for s in sketch.spans if s not in taken_s), None)
    return quantity, span


def _changed(target: Target, quantity: Quantity | None, span: Span | None) -> Change:
    return Change(
        target,
        op=quantity.op if quantity else None,
        number=quantity.number if quantity else None,
        upper=quantity.upper if quantity else None,
        window=span.window if span else None,
    )


def _change(sketch: Sketch, nodes: list[Node], draft: AllOf) -> list[Command] | None:
    """Another value or window for a condition that is there."""
    quantity, span = _loose(sketch)
    bare = not sketch.frames or all(
        f.head in FIELDS and not f.quantity and not f.span and not f.values for f in sketch.frames
    )
    if bare and span and (span.month or span.of_month) and not span.day:
        place = birthday_place(draft)
        if place:
            said = [s.month or s.of_month for s in sketch.spans]
            month = str([month for month in said if month][-1])
            held = months_in(draft.items[place - 1]) if "also" in roles_in(sketch) else ()
            return [Change(Target(index=place, field="birthday"), texts=(*held, month))]
    if bare and span and (change := moved(sketch, span, draft)):
        return [change]
    if not sketch.frames and quantity and not span and (change := counted_back(quantity, draft)):
        return [change]
    shares = any("purchase_probability" in fields_in(item) for item in draft.items)
    if quantity and quantity.unit == "percent" and not shares:
        return None  # «上位10%» is no threshold of anything else
    if bare and (quantity or span):
        target = target_said(sketch, draft) or (
            target_of_unit(draft, quantity) if quantity else target_of_span(draft)
        )
        return [_changed(target, quantity, as_moment(target, span, draft))]
    changes: list[Command] = []
    compared = {f.quantity.number: f.quantity.op for f in sketch.frames if f.quantity}
    for node in nodes:
        changed = _changed_value(node, draft, compared)
        if changed is not None and changed.texts and "or" in roles_in(sketch):
            named = node.texts if isinstance(node, Condition) else changed.texts
            changed = replace(changed, texts=named)  # เมืองให้เป็นโอซาก้าหรือฟุกุโอกะ
        if changed is None:
            return None
        changes.append(further_up(changed, draft) if "まで" in sketch.form else changed)
    return changes or None


def _changed_value(node: Node, draft: AllOf, compared: Mapping[float, Op | None]) -> Change | None:
    """A condition said anew for a field that the plan has one of."""
    said = node.item if isinstance(node, Not) else node
    if not isinstance(said, Condition):
        return None
    for place, item in enumerate(draft.items, 1):
        for leaf in leaves(item):
            orders = (said.field, getattr(leaf, "field", "")) == ("order_count", "checkout_count")
            if isinstance(leaf, Condition) and (leaf.field == said.field or orders):
                if said.field == "engagement" and leaf.scope != said.scope:
                    continue
                kept = said.number is not None and compared.get(said.number, said.op) is None
                fresh = tuple(t for t in said.texts if t not in leaf.texts)
                swapped = bool(fresh) and set(said.texts) & set(leaf.texts)
                rest = tuple(t for t in leaf.texts if t not in said.texts)
                return Change(
                    Target(index=place, field=leaf.field),
                    op=None if kept or swapped else said.op,
                    number=said.number,
                    upper=said.upper,
                    texts=((rest + fresh) if swapped else said.texts) or None,
                    window=said.window,
                )
    return None


def _exchanged(sketch: Sketch, draft: AllOf) -> Change | None:
    ways = (exchange, compared_anew, ranked_anew, joined_anew, keyword_more)
    return next((change for way in ways if (change := way(sketch, draft))), None)


def edits(sketch: Sketch, nodes: list[Node], draft: AllOf) -> list[Command] | None:
    """The commands that change the plan, or None where the words only add to it."""
    roles = roles_in(sketch)
    if "undo" in roles and not _says_people(sketch.frames):
        return [Undo()]
    if exchanged := _exchanged(sketch, draft) or contrasted(sketch, nodes, draft):
        return everywhere([exchanged], draft)
    if timeless := untimed(sketch, nodes, draft):
        return [timeless]
    if used := coupon_acts(sketch, draft) or coupon_used(sketch, draft):
        return used
    target = target_said(sketch, draft)
    if turns_round(sketch) and target is not None and not nodes:
        return [Negate(target)]  # 反過來,要沒有這張券的
    if target is not None and not nodes and not _says_people(sketch.frames) and no_matter(sketch):
        return [Remove(target)]
    if target is not None and "unlimited" in roles:
        return [Remove(target)]  # 不要限男性
    taking = ("remove" in roles and not takes_the_rest(sketch)) or {
        "exclude",
        "condition_noun",
    } <= roles
    removes = taking and target is not None and not _excluding(sketch, draft)
    if not removes and (changed := _other_values(sketch, nodes, draft)):
        return changed
    if "flip" in roles and any(_has_number(node) for node in nodes):
        if changed := _change(sketch, nodes, draft):
            return changed  # "the other way round: above 3,000"
    if "flip" in roles:
        return [Negate(target or Target())]
    if "any_time" in roles and not nodes:
        return [Change(target_of_span(draft), drop_window=True)]
    if taking and not _excluding(sketch, draft):
        if target is not None:
            return _removed(sketch, target, nodes, draft)
        if not nodes:
            return [Remove(Target())]
    if target is not None and not nodes and not sketch.frames and roles & {"exclude", "not"}:
        return [Remove(target)]  # "no city any more"
    if demands(sketch):
        return None  # 簡訊也要收得到
    if changed := swapped(sketch, draft):
        return everywhere(changed, draft)
    quantity, span = _loose(sketch)
    if (quantity or span) and not nodes:
        return _change(sketch, nodes, draft)
    if "also" in roles and "change" in roles and (more := also(nodes, draft)):
        return [*more, *_besides(sketch, draft)]  # やっぱり男性も
    if "change" in roles and nodes and "add" not in roles and _leads(sketch):
        return _change(sketch, nodes, draft)
    if "narrow" in roles and (only := narrowed(nodes, draft)):
        return only
    adds = bool(roles & {"also", "add"}) and "narrow" not in roles  # Skincareも買った人に絞る
    if adds and (more := also(nodes, draft)):
        return [*more, *_besides(sketch, draft)]
    return None


def _besides(sketch: Sketch, draft: AllOf) -> list[Command]:
    """«Platinum too, and make it 2 orders»: another number in the same breath."""
    quantity, _ = _loose(sketch)
    if quantity is None or "change" not in roles_in(sketch):
        return []
    return [_changed(target_of_unit(draft, quantity), quantity, None)]


def _removed(sketch: Sketch, target: Target, nodes: list[Node], draft: AllOf) -> list[Command]:
    """Take a condition out, or only the values named; what else was said is added."""
    place = target.index or 1
    if place > len(draft.items):
        return [Remove(target)]
    item = draft.items[place - 1] if place > 0 else draft.items[-1]
    held = {t for leaf in leaves(item) if isinstance(leaf, Condition) for t in leaf.texts}
    kept = kept_values(sketch)
    named = tuple(name for _, name in sketch.values if name in held and name not in kept)
    if named and held - set(named):
        target = replace(target, texts=named)
    gone = fields_in(item)
    gone |= {"order_count"} if "total_spending" in gone else set()  # 消費 names both
    more = bool(roles_in(sketch) & {"narrow", "change", "add"})
    added = [Add(node) for node in nodes if more and not fields_in(node) & gone]
    return [Remove(target), *added]


def _other_values(sketch: Sketch, nodes: list[Node], draft: AllOf) -> list[Command] | None:
    if corrected := corrected_value(sketch, nodes, draft):
        return [corrected]
    return _opposites(nodes, draft) or fewer(nodes, draft)


def _opposites(nodes: list[Node], draft: AllOf) -> list[Command] | None:
    """«no, those who don't have the tag»: the opposite of what stands in the plan replaces it."""
    held = list(draft.items)
    fresh = [node for node in nodes if _place(node, held) is None]  # 反過來,要近90天沒買的銀卡
    places = [_place(_opposite(node), held) or _denied_at(node, held) for node in fresh]
    if not places or None in places:
        return None
    return [Negate(Target(index=place)) for place in places]


def _opposite(node: Node) -> Node:
    if isinstance(node, Not):
        return _plain(node.item)
    if isinstance(node, Condition) and (node.op, node.number) == (Op.EQ, 0):
        return node.model_copy(update={"op": Op.GE, "number": 1.0})
    if isinstance(node, Condition) and (node.op, node.number) == (Op.GE, 1):
        return node.model_copy(update={"op": Op.EQ, "number": 0.0})
    return Not(item=node)


def _plain(node: Node) -> Node:
    """One form for what can be said in two: "not at least one" is "none"."""
    if isinstance(node, Not):
        opposite = _opposite(node.item)
        return opposite if not isinstance(opposite, Not) else node
    return node


def _place(node: Node, held: list[Node]) -> int | None:
    plain = [_plain(item) for item in held]
    return plain.index(node) + 1 if node in plain else None


def _denied_at(node: Node, held: list[Node]) -> int | None:
    """«要沒核銷的才對»: none at all, where some in a time stand, is the opposite of those."""
    if not isinstance(node, Condition) or (node.op, node.number) != (Op.EQ, 0) or node.window:
        return None
    for place, item in enumerate(held, 1):
        timed = isinstance(item, Condition) and item.window is not None
        if timed and _opposite(item) == node.model_copy(update={"window": item.window}):  # type: ignore[union-attr]
            return place
    return None


def _has_number(node: Node) -> bool:
    return isinstance(node, Condition) and node.number not in (None, 0)


def _leads(sketch: Sketch) -> bool:
    """Whether a word of change stands there for its own sake, not only as another word."""
    return (contradicts(sketch) or puts_in_place(sketch)) or any(
        t.role("change") and not t.role("not") and not t.role("mention") for t in sketch.tokens
    )


def _excluding(sketch: Sketch, draft: AllOf) -> bool:
    """«remove people who blocked us» leaves people out; it takes no condition away."""
    if any(t.role("condition_noun") for t in sketch.tokens) and target_said(sketch, draft):
        return False
    if sketch.frames and all(names_only_a_size(f) for f in sketch.frames):
        return target_said(sketch, draft) is None  # やっぱり年齢はなしで
    if any(f.excluded for f in sketch.frames):
        return not takes_off(sketch, draft)
    describes = _says_people(sketch.frames)
    people = any(t.role("person") for t in sketch.tokens)
    return describes and people and target_said(sketch, draft) is None
