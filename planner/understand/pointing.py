"""Which condition of the plan that stands is pointed at."""

import re
from dataclasses import replace

from planner.commands import Target
from planner.fields import FIELDS, Op
from planner.plan import AllOf, Condition, Node, leaves
from planner.understand.frames import Frame, Sketch
from planner.understand.spans import Quantity, Span
from planner.understand.tokens import Token
from planner.understand.vocabulary import topics_in

_LACKS = re.compile("沒有?[這那該][張個檔則](?!條件|限制)")


def roles_in(sketch: Sketch) -> set[str]:
    """The roles of all words said; "or …" at the start adds, and "no, …" changes."""
    roles = {c.role for t in sketch.tokens for c in t.concepts}
    if sketch.tokens and sketch.tokens[0].role("or"):
        roles.add("also")
    return roles | {"change"} if contradicts(sketch) or puts_in_place(sketch) else roles


def puts_in_place(sketch: Sketch) -> bool:
    """«台北を高雄に»: one name in place of another."""
    named = [token for token in sketch.tokens if token.values]
    first, second = named if len(named) == 2 else (None, None)
    if first is None or second is None or first.values[0][0] != second.values[0][0]:
        return False
    between = sketch.form[first.end : second.start]
    return between == "を" and sketch.form.startswith("に", second.end)


def contradicts(sketch: Sketch) -> bool:
    """«no, Platinum»: what was said before is not what was meant."""
    first, after = [*sketch.tokens[:2], None, None][:2]
    said = first.role("choice") if first is not None else None
    denies = said is not None and said.data["choice"] == "no"
    return denies and after is not None and bool(after.separator) and len(sketch.tokens) > 2


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


def fields_in(node: Node) -> set[str]:
    """The fields that the conditions of a node are about."""
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
            elif concept.role == "field":
                found.append(concept.data["field"])
            elif concept.role == "channel":
                found += ["engagement", "reachable"]
            elif concept.role == "unit" and concept.data["unit"] == "money":
                found += list(_MONEY)
    return found


def target_said(sketch: Sketch, draft: AllOf) -> Target | None:
    """The condition that is named: by its number, a value of it, or its field; else None."""
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
            if name in fields_in(item):
                return Target(index=place, field=name)
    return _called_by_topic(sketch, draft)


def _called_by_topic(sketch: Sketch, draft: AllOf) -> Target | None:
    """«お店の条件はなしで»: the custom attribute that stands, by a word for it."""
    said = {topic for _, _, topics in topics_in(sketch.form) for topic in topics}
    for place, item in enumerate(draft.items, 1):
        for name in sorted(fields_in(item) - FIELDS.keys()):
            if said & {t for _, _, topics in topics_in(name.replace("_", " ")) for t in topics}:
                return Target(index=place, field=name)
    return None


def _names(leaf: Condition) -> tuple[str, ...]:
    return (*leaf.texts, *leaf.scope.products, *leaf.scope.categories, *leaf.scope.campaigns)


def target_of_unit(draft: AllOf, quantity: Quantity) -> Target:
    """The only condition whose numbers have that unit, else the one last touched."""
    fitting = []
    for place, item in enumerate(draft.items, 1):
        for name in fields_in(item):
            unit = FIELDS[name].unit if name in FIELDS else ""
            ok = {
                "money": unit == "money",
                "times": unit == "times",
                "orders": unit == "times",
                "pieces": unit == "pieces",
                "years": unit == "years",
                "percent": unit == "share",
            }.get(quantity.unit, unit != "" and size_fits(unit, quantity.number))
            if ok and any(_has_number(leaf) for leaf in leaves(item)):
                fitting.append(place)
                break
    return Target(index=fitting[0]) if len(fitting) == 1 else Target()


def _has_number(leaf: object) -> bool:
    return isinstance(leaf, Condition) and leaf.number not in (None, 0)


def size_fits(unit: str, number: float) -> bool:
    """Whether a bare number can be of that unit: 5,000 are no times."""
    most = {"share": 1, "years": 120, "times": 999, "pieces": 999}.get(unit)
    return not (most is not None and number > most) and not (unit == "money" and number < 10)


def target_of_span(draft: AllOf) -> Target:
    """The only condition that has a time, or could have one; else the one last touched."""
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
        if any(n in FIELDS and FIELDS[n].time for n in fields_in(item))
    ]
    return Target(index=able[0]) if not held and len(able) == 1 else Target()


def as_moment(target: Target, span: Span | None, draft: AllOf) -> Span | None:
    """«改成超過一年» of when they joined: that long ago or earlier."""
    held = draft.items[target.index - 1 : target.index] if target.index else draft.items[-1:]
    moments = ("joined_at", "first_purchase", "last_purchase")
    timed = any(name in moments for item in held for name in fields_in(item))
    if span is None or not timed or not span.long or span.led or span.window.end is not None:
        return span
    return replace(span, window=span.window.opposite() or span.window)


def demands(sketch: Sketch) -> bool:
    """«Night Cream 也要買過»: one condition more, and not another of which one is enough."""
    acts = ("buy", "reach", "event", "is")
    also = [t for t in sketch.tokens if t.role("also") and t.role("and")]
    too = bool(also) and "zh-Hant" in also[-1].languages
    return too and any(t.start > also[-1].start and any(map(t.role, acts)) for t in sketch.tokens)


def birthday_place(draft: AllOf) -> int:
    """The place of the condition on birthday months, from 1; 0 where there is none."""
    for place, item in enumerate(draft.items, 1):
        if any(isinstance(leaf, Condition) and leaf.op is Op.MONTH for leaf in leaves(item)):
            return place
    return 0


def months_in(item: Node) -> tuple[str, ...]:
    """The birthday months that an item of the plan names."""
    found = (leaf for leaf in leaves(item) if isinstance(leaf, Condition))
    return tuple(text for leaf in found if leaf.op is Op.MONTH for text in leaf.texts)


def are_joined(sketch: Sketch) -> bool:
    """«make it Coffee or Skincare»: both names are meant; «change Coffee to Skincare» is one."""
    named = [place for place, token in enumerate(sketch.tokens) if token.values]
    between = sketch.tokens[named[0] + 1 : named[-1]] if named else []
    said = [sketch.form[token.start : token.end] for token in between]
    spoken = any((t.role("or") or t.role("and")) and not t.role("change") for t in between)
    return len(named) < 2 or spoken or bool({"と", "や", "กับ", "、", ","} & set(said))


def no_matter(sketch: Sketch) -> bool:
    """«性別は問わない», "any city will do"."""
    choices = [c.data["choice"] for t in sketch.tokens for c in t.concepts if c.role == "choice"]
    return "skip" in choices


def turns_round(sketch: Sketch) -> bool:
    """«反過來», «沒有這張券的»: the opposite of what stands."""
    roles = roles_in(sketch)
    return "flip" in roles or ("condition_noun" not in roles and bool(_LACKS.search(sketch.form)))


def names_only_a_size(frame: Frame) -> bool:
    """Whether it names a field that everybody has a value of, and says no more of it."""
    said = frame.values or frame.quantity or frame.span or frame.band or frame.recent
    acts = ("return_count", "order_count", "add_to_cart_count", "checkout_count")
    return frame.head in FIELDS and frame.head not in acts and not said


def takes_off(sketch: Sketch, draft: AllOf) -> bool:
    """«台北拿掉» where Taipei stands takes it off; «不要台北的» leaves people out."""
    words = [t for t in sketch.tokens if t.role("remove") and t.role("exclude")]
    no = any(t.role("choice") for t in words)  # 不要
    people = any(t.role("person") for t in sketch.tokens)
    named = all(f.values and f.excluded and not f.negated for f in sketch.frames)
    of = any(t.values and _said_of(t, sketch) for t in sketch.tokens)
    stands = target_said(sketch, draft) is not None
    return bool(words) and named and stands and not (no or people or of)


def _said_of(token: Token, sketch: Sketch) -> bool:
    """Whether 的 follows a name, so that people of it are meant."""
    after = next((t for t in sketch.tokens if t.start == token.end), None)
    return after is not None and after.role("fill") is not None and after.end - after.start == 1
