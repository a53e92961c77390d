"""Changes of a plan that stands, said in words."""

from planner.commands import Change, Command, Negate, Remove, Target, Undo
from planner.fields import FIELDS, Kind, Op
from planner.plan import AllOf, Condition, Node, Not, leaves
from planner.understand.frames import Frame, Sketch
from planner.understand.spans import Quantity, Span


def _roles(sketch: Sketch) -> set[str]:
    return {c.role for t in sketch.tokens for c in t.concepts}


def _index(sketch: Sketch, draft: AllOf) -> int | None:
    """The place of the condition that was pointed at by number."""
    for place, token in enumerate(sketch.tokens):
        if concept := token.role("ordinal"):
            return int(concept.data["index"])
        if token.role("condition_noun"):
            for near in sketch.tokens[max(0, place - 2) : place + 3]:
                quantity = near.extra.get("quantity")
                if isinstance(quantity, Quantity) and not quantity.unit:
                    if 1 <= quantity.number <= len(draft.items):
                        return int(quantity.number)
    return None


def _fields_in(node: Node) -> set[str]:
    return {leaf.condition.field if leaf.kind == "open" else leaf.field for leaf in leaves(node)}


_MONEY = (
    "total_spending",
    "average_order_value",
    "highest_order",
    "product_amount",
    "highest_product_price",
)


def _mentioned(sketch: Sketch) -> list[str]:
    """Fields that the words speak of, as a condition is called by its name."""
    found: list[str] = []
    for frame in sketch.frames:
        if frame.head == "value" and frame.values:
            found.append(
                {
                    "product": "checkout_count",
                    "category": "checkout_count",
                    "campaign": "engagement",
                }.get(frame.values[-1][0], frame.values[-1][0])
            )
        elif frame.head == "attribute":
            found.append(frame.noun)
        elif frame.head == "reach":
            found.append("reachable")
        else:
            found.append(frame.name)
    for token in sketch.tokens:
        for concept in token.concepts:
            if concept.role == "noun":
                found.append(concept.data["kind"])
            elif concept.role == "channel":
                found += ["engagement", "reachable"]
            elif concept.role == "unit" and concept.data["unit"] == "money":
                found += list(_MONEY)
    return found


def _target(sketch: Sketch, draft: AllOf) -> Target | None:
    index = _index(sketch, draft)
    if index is not None:
        return Target(index=index)
    names = tuple(name for _, name in sketch.values)
    for place, item in enumerate(draft.items, 1):
        held = {t for leaf in leaves(item) if isinstance(leaf, Condition) for t in _names(leaf)}
        if names and held & set(names):
            return Target(index=place)
    mentioned = _mentioned(sketch)
    for name in mentioned:
        for place, item in enumerate(draft.items, 1):
            if name in _fields_in(item):
                return Target(index=place, field=name)
    return None


def _names(leaf: Condition) -> tuple[str, ...]:
    return (*leaf.texts, *leaf.scope.products, *leaf.scope.categories, *leaf.scope.campaigns)


def _says_people(frames: list[Frame]) -> bool:
    """Whether the frames describe people rather than name a condition."""
    return any(
        f.negated or f.quantity or f.span or f.values or f.head in ("is", "reach", "vague", "buy")
        for f in frames
    )


def _unit_target(draft: AllOf, quantity: Quantity) -> Target:
    """The only condition whose numbers have that unit, else the one last touched."""
    fitting = []
    for place, item in enumerate(draft.items, 1):
        for name in _fields_in(item):
            unit = FIELDS[name].unit if name in FIELDS else ""
            ok = {
                "money": unit == "money",
                "times": unit == "times",
                "orders": unit == "times",
                "pieces": unit == "pieces",
                "years": unit == "years",
                "percent": unit == "share",
            }.get(quantity.unit, unit != "" and _size_fits(unit, quantity.number))
            if ok and any(_has_number(leaf) for leaf in leaves(item)):
                fitting.append(place)
                break
    return Target(index=fitting[0]) if len(fitting) == 1 else Target()


def _has_number(leaf: object) -> bool:
    return isinstance(leaf, Condition) and leaf.number not in (None, 0)


def _size_fits(unit: str, number: float) -> bool:
    return not (unit == "share" and number > 1) and not (unit == "years" and number > 120)


def _span_target(draft: AllOf) -> Target:
    held = [
        place
        for place, item in enumerate(draft.items, 1)
        if any(isinstance(leaf, Condition) and leaf.window for leaf in leaves(item))
    ]
    if len(held) == 1:
        return Target(index=held[0])
    able = [
        place
        for place, item in enumerate(draft.items, 1)
        if any(n in FIELDS and FIELDS[n].time for n in _fields_in(item))
    ]
    return Target(index=able[0]) if not held and len(able) == 1 else Target()


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
    if bare and (quantity or span):
        target = _target(sketch, draft) or (
            _unit_target(draft, quantity) if quantity else _span_target(draft)
        )
        return [_changed(target, quantity, span)]
    changes: list[Command] = []
    for node in nodes:
        changed = _changed_value(node, draft)
        if changed is None:
            return None
        changes.append(changed)
    return changes or None


def _changed_value(node: Node, draft: AllOf) -> Change | None:
    """A condition said anew for a field that the plan has one of."""
    said = node.item if isinstance(node, Not) else node
    if not isinstance(said, Condition):
        return None
    for place, item in enumerate(draft.items, 1):
        for leaf in leaves(item):
            if isinstance(leaf, Condition) and leaf.field == said.field:
                if said.field == "engagement" and leaf.scope != said.scope:
                    continue
                return Change(
                    Target(index=place, field=said.field),
                    op=said.op,
                    number=said.number,
                    upper=said.upper,
                    texts=said.texts or None,
                    window=said.window,
                )
    return None


def _also(nodes: list[Node], draft: AllOf) -> list[Command] | None:
    """«Osaka too»: one more value for a condition that is there."""
    if len(nodes) != 1 or not isinstance(nodes[0], Condition) or nodes[0].op is not Op.ANY_OF:
        return None
    said = nodes[0]
    for place, item in enumerate(draft.items, 1):
        if isinstance(item, Condition) and item.field == said.field and item.scope == said.scope:
            kind = FIELDS[said.field].kind if said.field in FIELDS else Kind.TEXT
            if kind is Kind.TEXT:
                texts = tuple(dict.fromkeys((*item.texts, *said.texts)))
                return [Change(Target(index=place, field=said.field), texts=texts)]
    return None


def edits(sketch: Sketch, nodes: list[Node], draft: AllOf) -> list[Command] | None:
    """The commands that change the plan, or None where the words only add to it."""
    roles = _roles(sketch)
    if "undo" in roles and not _says_people(sketch.frames):
        return [Undo()]
    if flipped := _opposites(nodes, draft):
        return flipped
    target = _target(sketch, draft)
    if "flip" in roles:
        return [Negate(target or Target())]
    if "any_time" in roles and target is None and not nodes:
        return [Change(_span_target(draft), drop_window=True)]
    if "remove" in roles and not _excluding(sketch, draft):
        if target is not None:
            return [Remove(target)]
        if not nodes:
            return [Remove(Target())]
    quantity, span = _loose(sketch)
    if (quantity or span) and not nodes:
        return _change(sketch, nodes, draft)
    if "change" in roles and nodes and "add" not in roles and _leads(sketch):
        return _change(sketch, nodes, draft)
    if "also" in roles or "add" in roles:
        return _also(nodes, draft)
    return None


def _opposites(nodes: list[Node], draft: AllOf) -> list[Command] | None:
    """«no, those who don't have the tag»: the opposite of what stands in the plan replaces it."""
    held = list(draft.items)
    places = [_place(_opposite(node), held) for node in nodes]
    if not places or None in places:
        return None
    return [Negate(Target(index=place)) for place in places]


def _opposite(node: Node) -> Node:
    if isinstance(node, Not):
        return node.item
    if isinstance(node, Condition) and (node.op, node.number) == (Op.EQ, 0):
        return node.model_copy(update={"op": Op.GE, "number": 1.0})
    if isinstance(node, Condition) and (node.op, node.number) == (Op.GE, 1):
        return node.model_copy(update={"op": Op.EQ, "number": 0.0})
    return Not(item=node)


def _place(node: Node, held: list[Node]) -> int | None:
    return held.index(node) + 1 if node in held else None


def _leads(sketch: Sketch) -> bool:
    """Whether a word of change stands there for its own sake, not only as another word."""
    return any(
        t.role("change") and not t.role("not") and not t.role("mention") for t in sketch.tokens
    )


def _excluding(sketch: Sketch, draft: AllOf) -> bool:
    """«remove people who blocked us» leaves people out; it takes no condition away."""
    if any(f.excluded for f in sketch.frames):
        return True
    describes = _says_people(sketch.frames)
    people = any(t.role("person") for t in sketch.tokens)
    return describes and people and _target(sketch, draft) is None
