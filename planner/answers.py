"""What an answer makes of an open point, and the plan that it leads to."""

import math

from planner.catalogue import Catalogue
from planner.chat import Context
from planner.commands import Answer
from planner.errors import Refused
from planner.fields import BANDS, EVENTS, Field, Op
from planner.plan import AllOf, Condition, Node, Not, Open, Scope, leaves, rebuild
from planner.windows import Window, days_back

SCOPES = {"product": "products", "category": "categories", "campaign": "campaigns"}
"""Slots of a choice that narrows a condition's rows, and the part of the scope they fill."""
MAX_CANDIDATES = 10
"""Choices listed at once."""


def complete(point: Open, answer: Answer, catalogue: Catalogue, context: Context) -> Node | None:
    """The condition that the answer makes of the open point; None where it is left out.

    Raises:
        Refused: the answer says nothing about this point, or something that can't be used.
    """
    if answer.choice in ("skip", "no"):
        return _without(point)
    node = _answered(point, answer, catalogue, context)
    if point.then and isinstance(node, Condition):
        slot, *rest = point.then
        left = {"condition": node, "slot": slot, "then": tuple(rest), "candidates": ()}
        return point.model_copy(update=left | {"reason": "vague"})
    return node


def _answered(point: Open, answer: Answer, catalogue: Catalogue, context: Context) -> Node:
    if point.readings:
        return _meant(point, answer)
    kind, _, asked = point.slot.rpartition(".")
    if asked in ("choice", "channel", "event"):
        return _chosen(point, kind, asked, answer, catalogue)
    window = _window(point, answer, catalogue, context)
    if asked == "window":
        if window is None:
            raise Refused("input.answer_unclear")
        return _placed(point, window)
    return _sized(point, answer, window, declared(point.condition, catalogue))


def settle(
    root: AllOf, point: Open, answer: Answer, catalogue: Catalogue, context: Context
) -> AllOf:
    """The plan with the open point answered, and every other that the same words left open.

    Raises:
        Refused: as for complete.
    """
    same = [
        leaf
        for leaf in leaves(root)
        if isinstance(leaf, Open)
        and leaf != point
        and not point.readings
        and point.slot.endswith((".choice", ".channel"))
        and leaf.slot == point.slot
        and (leaf.phrase == point.phrase or point.slot == "engagement.channel")
    ]
    for each in (point, *same):
        root = put(root, each, complete(each, answer, catalogue, context))
    return root


def declared(condition: Condition, catalogue: Catalogue) -> Field | None:
    """The declaration of the condition's field; None where the data no longer has it."""
    try:
        return catalogue.field(condition.field)
    except KeyError:
        return None


def put(root: AllOf, point: Open, node: Node | None) -> AllOf:
    """The plan with the first such open point replaced, or taken out for None."""
    found = False

    def change(leaf: Condition | Open) -> Node | None:
        nonlocal found
        if found or leaf != point:
            return leaf
        found = True
        return node

    items = (_plain(n) for n in (rebuild(item, change) for item in root.items) if n is not None)
    return AllOf(items=tuple(dict.fromkeys(items)))  # what was there already is not there twice


def _plain(node: Node) -> Node:
    if isinstance(node, Not) and isinstance(node.item, Not):
        return _plain(node.item.item)
    return node


def _without(point: Open) -> Node | None:
    """What is left when the question is skipped: whatever makes sense on its own."""
    condition = point.condition
    asked = point.slot.rpartition(".")[2]
    counted = condition.number is not None and condition.op is not Op.WITHIN
    if asked not in ("window", "channel", "event") or not counted:
        return None
    if point.then:
        slot, *rest = point.then
        return point.model_copy(update={"slot": slot, "then": tuple(rest), "reason": "vague"})
    return condition


# ── a reading ────────────────────────────────────────────────────────────────────────────────────


def _meant(point: Open, answer: Answer) -> Node:
    """The reading that was chosen, by its place from 1."""
    alone = answer.choice == "yes" and len(point.readings) == 1
    place = "1" if alone else "".join(answer.texts)
    found = dict(zip(map(str, range(1, 10)), point.readings, strict=False)).get(place)
    if found is None:
        raise Refused("input.answer_unclear")
    return found


# ── a choice ─────────────────────────────────────────────────────────────────────────────────────


def candidates(point: Open) -> tuple[str, ...]:
    """The choices to list for an open point."""
    scope = point.condition.scope
    if point.candidates:
        return point.candidates[:MAX_CANDIDATES]
    if point.slot == "engagement.channel":
        return tuple(
            name
            for name, events in EVENTS.items()
            if not scope.events or {*scope.events} & {*events}
        )
    if point.slot == "engagement.event":
        channels = scope.channels or tuple(EVENTS)
        return tuple(dict.fromkeys(e for name in channels for e in EVENTS.get(name, ())))
    return ()


def _chosen(point: Open, kind: str, asked: str, answer: Answer, catalogue: Catalogue) -> Node:
    listed = candidates(point)
    texts = answer.texts
    if answer.choice == "all" or (answer.choice == "yes" and listed):
        texts = listed if point.candidates or asked == "choice" else ()
    elif not texts:
        raise Refused("input.answer_unclear")
    if kind == "note":
        return _with_texts(point.condition, kind, asked, texts)
    known = listed + (() if asked != "choice" else catalogue.names(kind))
    return _with_texts(point.condition, kind, asked, tuple(_known(t, known) for t in texts))


def _known(text: str, known: tuple[str, ...]) -> str:
    for name in known:
        if name.casefold() == text.strip().casefold():
            return name
    raise Refused("input.unknown_values", words=text)


def _with_texts(condition: Condition, kind: str, asked: str, texts: tuple[str, ...]) -> Condition:
    part = SCOPES.get(kind) if asked == "choice" else f"{asked}s"
    if part is None:
        return condition.model_copy(update={"texts": texts})
    scope = Scope.model_validate(condition.scope.model_dump() | {part: texts})
    return condition.model_copy(update={"scope": scope})


# ── a window ─────────────────────────────────────────────────────────────────────────────────────


def _window(point: Open, answer: Answer, catalogue: Catalogue, context: Context) -> Window | None:
    window = answer.window
    if window is None and point.slot.endswith(".window") and answer.number is not None:
        days = answer.number
        window = Window.last(int(days)) if days in range(1, 36_501) else None
    field = declared(point.condition, catalogue)
    if window is None or field is None or not field.time:
        return None
    return looked_back(window, field, context)


def looked_back(window: Window, field: Field, context: Context) -> Window:
    """The window itself, where the field's rows are kept that long.

    Raises:
        Refused: they are not.
    """
    limit = field.lookback_days
    if limit is None:
        return window
    if window in (Window.last(3, "month"), Window.last(13, "week")):
        return Window.last(limit)
    try:
        back = days_back(window, context.now, context.zone)
    except (OverflowError, ValueError):  # before the first year of the calendar
        back = None
    if back is None or back > limit:
        raise Refused("input.lookback", limit=limit)
    return window


def _placed(point: Open, window: Window) -> Node:
    condition = point.condition
    if condition.op is not Op.WITHIN:
        never = condition.op is Op.EQ and condition.number == 0
        window = _recent(window) if never else window
        return condition.model_copy(update={"window": window})
    if point.high:
        return condition.model_copy(update={"window": window})
    if condition.field == "last_interaction":
        # who never interacted is long silent too, and is in no window
        return Not(item=condition.model_copy(update={"window": _recent(window)}))
    past = window if window.start is None else (window.opposite() or window)
    return condition.model_copy(update={"window": past})


def _recent(window: Window) -> Window:
    return window if window.end is None else (window.opposite() or window)


# ── a size ───────────────────────────────────────────────────────────────────────────────────────


def _sized(point: Open, answer: Answer, window: Window | None, field: Field | None) -> Node:
    condition = point.condition
    if window is not None:
        condition = condition.model_copy(update={"window": window})
    if field is not None and Op.BAND in field.operators and set(answer.texts) & set(BANDS):
        texts = tuple(text for text in answer.texts if text in BANDS)
        return condition.model_copy(
            update={"op": Op.BAND, "texts": texts, "number": None, "upper": None}
        )
    if answer.number is None or not math.isfinite(answer.number):
        if window is None:
            raise Refused("input.answer_unclear")
        return point.model_copy(update={"condition": condition})
    usual = Op.EQ if point.reason == "about" else Op.GE if point.high else Op.LE
    op, low, high = range_of(answer, usual)
    if field is not None and field.unit == "share":
        low, high = _share(low), None if high is None else _share(high)
    return condition.model_copy(update={"op": op, "number": low, "upper": high, "texts": ()})


def _share(value: float) -> float:
    return value / 100 if value > 1 else value


def range_of(answer: Answer, usual: Op) -> tuple[Op, float, float | None]:
    """Operator and ends that an answer with a number means; `usual` where it names no operator.

    Raises:
        Refused: the number is none to compare with.
    """
    low = answer.number or 0.0
    if not math.isfinite(low):
        raise Refused("input.answer_unclear")
    if answer.upper is not None and math.isfinite(answer.upper):
        return Op.BETWEEN, min(low, answer.upper), max(low, answer.upper)
    op = usual if answer.op not in (Op.EQ, Op.GT, Op.GE, Op.LT, Op.LE) else answer.op
    return op, low, None
