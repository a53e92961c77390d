"""Conditions on numbers: thresholds, counts, and vague sizes still to be asked about."""

from dataclasses import replace
from datetime import date

from planner.catalogue import Catalogue
from planner.fields import FIELDS, Op
from planner.plan import AllOf, Condition, Node, Not, Open, Scope
from planner.understand.frames import Frame
from planner.understand.normalise import Text
from planner.understand.spans import Quantity, Span
from planner.windows import Window

_COUNTED = ("order_count", "return_count", "add_to_cart_count", "checkout_count")


class Numbers:
    """Makes conditions of compared numbers; the common ground of all makers."""

    def __init__(self, text: Text, catalogue: Catalogue, today: date) -> None:
        self.text = text
        self.catalogue = catalogue
        self.today = today

    def phrase(self, frame: Frame) -> str:
        """The person's words for it."""
        if frame.topics:
            return self.text.quote(frame.topics[0][0], frame.topics[-1][1])
        return self.text.quote(frame.start, frame.end)

    def _open(
        self,
        frame: Frame,
        slot: str,
        condition: Condition,
        **more: object,
    ) -> Node:
        """The open point; `more` are fields of Open."""
        given = {"slot": slot, "phrase": self.phrase(frame), "condition": condition}
        made = Open.model_validate(given | more)
        return self._signed(frame, made)

    @staticmethod
    def _signed(frame: Frame, node: Node) -> Node:
        return Not(item=node) if frame.negated else node

    @staticmethod
    def _numbers(quantity: Quantity, default: Op = Op.GE) -> dict[str, object]:
        return {
            "op": quantity.op or default,
            "number": quantity.number,
            "upper": quantity.upper,
        }

    def _window(self, frame: Frame) -> Window | None:
        return frame.span.window if frame.span else None

    def _span_window(self, frame: Frame, name: str) -> Window | None:
        return self._window(frame) if FIELDS[name].time else None

    def _when(self, name: str, span: Span, *, long_ago: bool) -> Node:
        """A moment in a span, or, for what is long ago, before it."""
        window = span.window
        if span.lasting:
            return Condition(field=name, op=Op.WITHIN, window=window)
        if name == "last_interaction":
            recent = window.opposite() if window.start is None else window
            inside = Condition(field=name, op=Op.WITHIN, window=recent or window)
            return Not(item=inside) if long_ago or window.start is None else inside
        if long_ago and window.end is None:
            window = window.opposite() or window
        return Condition(field=name, op=Op.WITHIN, window=window)

    def _compared(self, frame: Frame, name: str, quantity: Quantity) -> Node:
        if name == "purchase_probability" and quantity.number > 1:
            upper = None if quantity.upper is None else quantity.upper / 100
            quantity = replace(quantity, number=quantity.number / 100, upper=upper)  # AI เกิน 80
        exactly = FIELDS[name].unit in ("times", "pieces", "years") if name in FIELDS else True
        numbers = self._numbers(quantity, Op.EQ if exactly else Op.GE)
        window = self._span_window(frame, name) if name in FIELDS else None
        scope = self._scope(frame)
        if scope.products or scope.categories:
            name = {
                "total_spending": "product_amount",
                "order_count": "checkout_count",
                "highest_order": "highest_product_price",
            }.get(name, name)
        condition = Condition.model_validate(
            {"field": name, "window": window, "scope": scope, **numbers}
        )
        if quantity.about and quantity.unit != "percent":
            return self._open(frame, f"{name}.value", condition, reason="about")
        return self._signed(frame, condition)

    def _scope(self, frame: Frame) -> Scope:
        def of(kind: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(n for k, n in frame.values if k == kind))

        return Scope(products=of("product"), categories=of("category"), campaigns=of("campaign"))

    def _metric(self, frame: Frame) -> Node | None:
        name = frame.head
        if frame.is_spending and frame.quantity:
            counted = {"times": "order_count", "orders": "order_count"}
            name = (counted | {"pieces": "purchase_quantity"}).get(frame.quantity.unit, name)
        if name == "order_count" and frame.quantity and frame.quantity.unit == "pieces":
            name = "purchase_quantity"
        if frame.quantity is not None:
            return self._compared(frame, name, frame.quantity)
        if name == "purchase_probability" and frame.band:
            condition = Condition(field=name, op=Op.BAND, texts=(frame.band,))
            return self._signed(frame, condition)
        if name in _COUNTED and not frame.band:
            return self._some(frame, name)
        if frame.is_spending and not frame.band:
            return self._some(frame, "order_count")
        if name == "total_spending" and any(k in ("product", "category") for k, _ in frame.values):
            name = "product_amount"  # ใช้เงินกับ Coffee เยอะ
        condition = Condition(
            field=name,
            op=Op.LE if frame.band == "low" else Op.GE,
            window=self._span_window(frame, name),
            scope=self._scope(frame) if FIELDS[name].scope else Scope(),
        )
        return self._open(frame, f"{name}.value", condition, high=frame.band != "low")

    def _some(self, frame: Frame, name: str) -> Node:
        """At least one, or none at all, in the window if there is one."""
        scope = self._scope(frame)
        if name == "order_count" and (scope.products or scope.categories):
            name = "checkout_count"
        op, number = (Op.EQ, 0) if frame.negated else (Op.GE, 1)
        if name == "add_to_cart_count" and not frame.negated:
            op, number = Op.GT, 0
        condition = Condition(
            field=name, op=op, number=number, window=self._window(frame), scope=scope
        )
        if frame.recent and frame.span is None:
            # the sign is in the condition already
            asked = "order_count" if name == "checkout_count" else name
            return Open(
                slot=f"{asked}.window",
                phrase=self.phrase(frame),
                condition=condition,
            )
        return condition

    def _vague(self, frame: Frame) -> Node | None:
        data = frame.concept.data if frame.concept else {}
        slot, high = data["slot"], data["high"]
        name, asked = slot.split(".")
        if asked == "value":
            if frame.quantity is not None:
                return self._compared(frame, name, frame.quantity)
            op = Op(data["op"]) if "op" in data else Op.GE if high else Op.LE
            condition = Condition(field=name, op=op, window=self._span_window(frame, name))
            return self._open(frame, slot, condition, high=high)
        if asked == "choice":
            known = self.catalogue.names(name)
            condition = Condition(field=name, op=Op.ANY_OF)
            return self._open(frame, slot, condition, candidates=tuple(known)) if known else None
        if frame.span is not None:
            return self._signed(frame, self._when(name, frame.span, long_ago=not high))
        return self._open(frame, slot, Condition(field=name, op=Op.WITHIN), high=high)

    def _is(self, frame: Frame) -> Node | None:
        data = frame.concept.data if frame.concept else {}
        name = data["field"]
        if data.get("op") == "band":
            band = Condition(field=name, op=Op.BAND, texts=(data["text"],))
            return self._signed(frame, band)
        if name == "add_to_cart_count":
            return (
                self._compared(frame, name, frame.quantity)
                if frame.quantity
                else self._some(frame, name)
            )
        if frame.quantity is not None:
            return self._compared(frame, name, frame.quantity)  # 3回以上リピートした
        window = self._window(frame)
        condition = Condition(field=name, op=Op(data["op"]), number=data["number"], window=window)
        if frame.recent and window is None:
            return self._open(frame, f"{name}.window", condition)
        if window is not None and "きり" in self.phrase(frame):
            once = condition.model_copy(update={"window": None})  # 1年以上前に1度買ったきり
            last = Condition(field="last_purchase", op=Op.WITHIN, window=window)
            return self._signed(frame, AllOf(items=(once, last)))
        return self._signed(frame, condition)

    _age = _metric
