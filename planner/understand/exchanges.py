"""One number or time in place of another: «50歳を60歳に», "60 days instead of 30"."""

import re
from dataclasses import replace

from planner.commands import Add, Change, Command, Remove, Target
from planner.fields import FIELDS, Op
from planner.plan import AllOf, Condition, Node, Not, Scope, leaves
from planner.understand.frames import Sketch
from planner.understand.pointing import size_fits
from planner.understand.ranks import from_medium
from planner.understand.spans import Quantity, Span
from planner.windows import Ago, Window

_UPPER = re.compile(r"上限|最高|最大|上緣|\b(?:upper|max|maximum|ceiling|top end)\b|สูงสุด")
_LOWER = re.compile(r"下限|最低|最小|下緣|\b(?:lower (?:end|bound|limit)|min|minimum|floor)\b|ต่ำสุด")
"""Words for an end of a range."""


def exchange(sketch: Sketch, draft: AllOf) -> Change | None:
    """The change that puts a second measure in place of a first that the plan has; else None."""
    if any(frame.values or frame.topics or frame.quotes for frame in sketch.frames):
        return None
    if any(frame.events or frame.excluded for frame in sketch.frames):
        return None
    said = [t.extra.get("quantity") or t.extra.get("span") for t in sketch.tokens]
    measures = [m for m in said if isinstance(m, (Quantity, Span))]
    if len(measures) == 1 and any(token.role("change") for token in sketch.tokens):
        return _from_to(measures[0], draft) or _end_moved(measures[0], sketch, draft)
    if len(measures) == 1 and isinstance(measures[0], Quantity):
        return _upper_moved(measures[0], sketch, draft)
    if len(measures) != 2:
        return None
    old, new = measures[::-1] if _is_denied_last(sketch) else measures
    if isinstance(old, Quantity) and isinstance(new, Quantity) and old.number != new.number:
        return _number(old.number, new, draft)
    if isinstance(old, Span) and isinstance(new, Quantity) and new.unit == "":
        return _days(old, new, draft)
    if isinstance(old, Quantity) and isinstance(new, Span):
        return _length(old, new, draft)
    if isinstance(old, Span) and isinstance(new, Span) and old.window != new.window:
        for place, leaf in _conditions(draft):
            if leaf.window is not None and (window := _in_place(leaf.window, old, new)):
                return Change(Target(index=place, field=leaf.field), window=window)
    return None


def _is_denied_last(sketch: Sketch) -> bool:
    """«5 orders, not 3»: what stands comes second, right after a "not"."""
    places = [n for n, t in enumerate(sketch.tokens) if t.extra]
    first, last = sketch.tokens[places[0] - 1], sketch.tokens[places[-1] - 1]
    return last.role("not") is not None and (places[0] == 0 or first.role("not") is None)


def _length(old: Quantity, new: Span, draft: AllOf) -> Change | None:
    """«จาก 60 เป็น 120 วัน», "from 60 to 120 days": the first number's unit is said once."""
    bare, to = old.unit == "" and old.op in (None, Op.EQ), new.window.start or new.window.end
    for place, leaf in _conditions(draft) if bare else ():
        ends = (leaf.window.start, leaf.window.end) if leaf.window is not None else (None, None)
        if not any(isinstance(end, Ago) and end.ago == old.number for end in ends):
            continue
        if None in ends:
            window = Window(start=to) if ends[0] is not None else Window(end=to)
            return Change(Target(index=place, field=leaf.field), window=window)
    return None


def _days(old: Span, new: Quantity, draft: AllOf) -> Change | None:
    """«30天太短,拉到90»: the unit is that of the time that stands."""
    for place, leaf in _conditions(draft):
        held = leaf.window.start if leaf.window is not None else None
        alike = leaf.window in (old.window, old.window.opposite())
        if alike and isinstance(held, Ago) and new.op is None and new.number == int(new.number):
            window = Window(start=held.model_copy(update={"ago": int(new.number)}))
            return Change(Target(index=place, field=leaf.field), window=window)
    return None


def _in_place(held: Window, old: Span, new: Span) -> Window | None:
    """The window that stands, one end moved: «3月1日じゃなくて5月1日以降», «1年ではなく2年»."""
    if held == old.window:
        return new.window
    ends = [bound for bound in (held.start, held.end) if bound is not None]
    if len(ends) != 1 or ends[0] not in (old.window.start, old.window.end):
        return None
    if new.led or new.window.start is None:
        return new.window
    if held.start is not None:
        return Window(start=new.window.start)
    return Window(end=new.window.end or new.window.start)


def compared_anew(sketch: Sketch, draft: AllOf) -> Change | None:
    """«以上じゃなくて以下で»: the other comparison with the number that stands."""
    roles = ("compare", "compare_after")
    said = [c for t in sketch.tokens for r in roles if (c := t.role(r)) is not None]
    changes = any(token.role("change") or token.role("not") for token in sketch.tokens)
    numbers = [(p, leaf) for p, leaf in _conditions(draft) if leaf.number not in (None, 0)]
    if sketch.frames or sketch.quantities or sketch.spans or not said or not changes:
        return None
    place, leaf = numbers[-1] if len(numbers) == 1 else (0, None)
    op = Op(said[-1].data["op"])
    return Change(Target(index=place, field=leaf.field), op=op) if leaf is not None else None


def ranked_anew(sketch: Sketch, draft: AllOf) -> Change | None:
    """«only high please», "make it medium or high": another band of the probability that stands."""
    said = [n for n, t in enumerate(sketch.tokens) if t.role("degree") is not None]
    between = sketch.tokens[said[0] + 1 : said[-1]] if said else []
    if any(t.role("change") for t in between):
        said = said[-1:]  # 低いじゃなくて中くらい
    found = (sketch.tokens[n].role("degree") for n in said)
    bands = {c.data["band"] for c in found if c is not None}
    held = [(p, leaf) for p, leaf in _conditions(draft) if leaf.field == "purchase_probability"]
    said_more = any(frame.name != "purchase_probability" for frame in sketch.frames)
    wanted = any(token.role("not") or token.role("exclude") for token in sketch.tokens)
    if len(held) != 1 or not bands or said_more or wanted or sketch.spans:
        return None
    target = Target(index=held[0][0], field="purchase_probability")
    if len(bands) == 1 and not sketch.quantities:
        return Change(target, op=Op.BAND, texts=(bands.pop(),))
    if len(bands) == 2 and "medium" in bands:
        medium = from_medium(up="high" in bands)
        return Change(target, op=medium.op, number=medium.number)
    return None


def joined_anew(sketch: Sketch, draft: AllOf) -> Change | None:
    """«either will do», «両方持っている人で»: any or all of the tags that stand."""
    roles = {c.role for token in sketch.tokens for c in token.concepts}
    either, both = bool(roles & {"either", "any_one"}), "both" in roles
    said_more = sketch.frames or sketch.quantities or sketch.spans or sketch.rest
    held = [(p, leaf) for p, leaf in _conditions(draft) if len(leaf.texts) > 1]
    if said_more or not (either or both) or len(held) != 1 or held[0][1].field != "tag":
        return None
    place, leaf = held[0]
    op = Op.ANY_OF if either else Op.ALL_OF
    return Change(Target(index=place, field="tag"), op=op) if op is not leaf.op else None


def corrected_value(sketch: Sketch, nodes: list[Node], draft: AllOf) -> Change | None:
    """«not Kaohsiung, Tainan»: a value in place of the one that stands."""
    said = _denied(nodes)
    if said is None or any(token.role("or") or token.role("and") for token in sketch.tokens):
        return None
    for place, item in enumerate(draft.items, 1):
        same = isinstance(item, Condition) and (item.field, item.op) == (said.field, said.op)
        if isinstance(item, Condition) and same and item.scope == said.scope:
            fresh = tuple(text for text in said.texts if text not in item.texts)
            kept = tuple(text for text in item.texts if text not in said.texts)
            if fresh and said.texts[0] in item.texts:
                return Change(Target(index=place, field=said.field), texts=(*kept, *fresh))
    return None


def _denied(nodes: list[Node]) -> Condition | None:
    """The values that are denied, where no more is said: «not Kaohsiung»."""
    node = nodes[0] if len(nodes) == 1 else None
    said = node.item if isinstance(node, Not) else None
    return said if isinstance(said, Condition) and said.op is Op.ANY_OF else None


def fewer(nodes: list[Node], draft: AllOf) -> list[Command] | None:
    """«not the Gold ones» where Gold or Platinum stands: one value fewer."""
    said = _denied(nodes)
    if said is None:
        return None
    for place, item in enumerate(draft.items, 1):
        if isinstance(item, Condition) and (item.field, item.op) == (said.field, said.op):
            if item.scope == said.scope and set(said.texts) < set(item.texts):
                return [Remove(Target(index=place, texts=said.texts))]
    return None


def _from_to(said: Quantity | Span, draft: AllOf) -> Change | None:
    """«3回から5回に変更»: no range, where 3 is what stands there."""
    if isinstance(said, Quantity) and said.op is Op.BETWEEN and said.upper is not None:
        return _number(said.number, Quantity(said.upper, unit=said.unit), draft, ranged=False)
    return None


def _upper_moved(said: Quantity, sketch: Sketch, draft: AllOf) -> Change | None:
    """«ขยายถึง 35», "extend it up to 35": the upper end of the one range that stands."""
    ranges = [(p, leaf) for p, leaf in _conditions(draft) if leaf.op is Op.BETWEEN]
    if said.op is not Op.LE or len(ranges) != 1:
        return None
    place, leaf = ranges[0]
    own = all(frame.name == leaf.field for frame in sketch.frames)
    if not own or leaf.number is None or said.number <= leaf.number:
        return None
    target = Target(index=place, field=leaf.field)
    return Change(target, op=Op.BETWEEN, number=leaf.number, upper=said.number)


def keyword_more(sketch: Sketch, draft: AllOf) -> Change | None:
    """«「交換」も入れて» where notes are searched: one more word to search them for."""
    words = tuple(word for frame in sketch.frames for word in frame.quotes)
    quoted = bool(words) and all(frame.head == "quote" for frame in sketch.frames)
    notes = [(p, leaf) for p, leaf in _conditions(draft) if leaf.field == "note"]
    roles = {c.role for token in sketch.tokens for c in token.concepts}
    if not (quoted and len(notes) == 1 and roles & {"also", "add"}):
        return None
    place, leaf = notes[0]
    return Change(Target(index=place, field="note"), texts=(*leaf.texts, *words))


def coupon_used(sketch: Sketch, draft: AllOf) -> list[Command] | None:
    """«まだ使っていない人だけ» where a coupon stands: it is that coupon, and no money."""
    frame = sketch.frames[0] if len(sketch.frames) == 1 else None
    held = [leaf for _, leaf in _conditions(draft) if leaf.scope.channels == ("coupon",)]
    if frame is None or not held or not frame.is_spending:
        return None
    words = [t for t in sketch.tokens if t.start <= frame.start < t.end and t.role("event")]
    if not words or frame.quantity or frame.span or frame.values or frame.topics:
        return None
    scope = held[-1].scope.model_copy(update={"events": ("redeem",)})
    op, number = (Op.EQ, 0.0) if frame.negated else (Op.GE, 1.0)
    return [Add(held[-1].model_copy(update={"scope": scope, "op": op, "number": number}))]


def further_up(change: Change, draft: AllOf) -> Change:
    """«35歳まで広げて»: the range that stands keeps its lower end."""
    held = draft.items[(change.target.index or 1) - 1]
    ranged = isinstance(held, Condition) and held.op is Op.BETWEEN and change.op is Op.LE
    if not (ranged and held.number < change.number):  # type: ignore[union-attr,operator]
        return change
    return replace(change, op=Op.BETWEEN, number=held.number, upper=change.number)  # type: ignore[union-attr]


def _end_moved(said: Quantity | Span, sketch: Sketch, draft: AllOf) -> Change | None:
    """«年齡上限拉到 50», "lower the minimum to 20": one end of the one range that stands."""
    ranges = [(p, leaf) for p, leaf in _conditions(draft) if leaf.op is Op.BETWEEN]
    ends = [bool(_UPPER.search(sketch.form)), bool(_LOWER.search(sketch.form))]
    if not isinstance(said, Quantity) or len(ranges) != 1 or ends[0] == ends[1]:
        return None
    place, leaf = ranges[0]
    low, high = (leaf.number, said.number) if ends[0] else (said.number, leaf.upper)
    own = all(frame.name == leaf.field for frame in sketch.frames)
    if not own or low is None or high is None or low >= high:
        return None
    target = Target(index=place, field=leaf.field)
    return Change(target, op=Op.BETWEEN, number=low, upper=high)


def _number(old: float, new: Quantity, draft: AllOf, *, ranged: bool = True) -> Change | None:
    for place, leaf in _conditions(draft):
        fits = leaf.field not in FIELDS or size_fits(FIELDS[leaf.field].unit, new.number)
        if leaf.number == old and fits and (ranged or leaf.op is not Op.BETWEEN):
            target = Target(index=place, field=leaf.field)
            return Change(target, op=new.op, number=new.number, upper=new.upper)
    return None


def _conditions(draft: AllOf) -> list[tuple[int, Condition]]:
    """The plan's conditions with the places of their items, from 1."""
    found = enumerate(draft.items, 1)
    return [(p, leaf) for p, item in found for leaf in leaves(item) if isinstance(leaf, Condition)]


def narrowed(nodes: list[Node], draft: AllOf) -> list[Command] | None:
    """«only those in Tokyo»: the values said now in place of those of the same field."""
    said = nodes[0] if len(nodes) == 1 else None
    if not isinstance(said, Condition):
        return None
    if said.op is not Op.ANY_OF:
        return _timed(said, draft) or _of_products(said, draft)
    for place, item in enumerate(draft.items, 1):
        if isinstance(item, Condition) and (item.field, item.scope) == (said.field, said.scope):
            return [Change(Target(index=place, field=said.field), texts=said.texts)]
    return None


def _of_products(said: Condition, draft: AllOf) -> list[Command] | None:
    """«เอาเฉพาะของค้างตะกร้าหมวด Outdoor»: what is in the cart that stands, of whatever it was."""
    for place, held in enumerate(draft.items, 1):
        if isinstance(held, Condition) and held.field == "add_to_cart_count":
            alike = said.model_copy(update={"scope": Scope(), "window": held.window})
            if alike == held and said.window is None:
                return [Change(Target(index=place, field=said.field), scope=said.scope)]
    return None


def _timed(said: Condition, draft: AllOf) -> list[Command] | None:
    """«過去30日のカゴ落ちだけに»: when the act was, or was not, that stands without a time."""
    for place, item in enumerate(draft.items, 1):
        held = item.item if isinstance(item, Not) else item
        if not isinstance(held, Condition) or held.window is not None or said.window is None:
            continue
        none = (held.op, held.number) == (Op.EQ, 0)  # 返品なし
        same = said.model_copy(update={"op": Op.EQ, "number": 0.0}) if none else said
        alike = same.model_copy(update={"window": None, "scope": held.scope})
        if held == alike and said.scope in (Scope(), held.scope):
            return [Change(Target(index=place, field=said.field), window=said.window)]
    return None
