"""From a frame to the condition it means, or to the one thing still to be asked about it."""

from datetime import date

from planner.catalogue import Catalogue
from planner.fields import EVENTS, FIELDS, Kind, Op
from planner.plan import Condition, Node, Not, Open, Scope
from planner.understand.frames import ENGAGE, Frame
from planner.understand.ground import candidates, exact
from planner.understand.measures import Quantity, Span
from planner.understand.normalise import Text
from planner.windows import LOOKBACK_DAYS, Ago, Start, Window, bound_date

_COUNTED = ("order_count", "return_count", "add_to_cart_count", "checkout_count")
_REACH = {
    "line": "line",
    "line_broadcast": "line",
    "line_retargeting": "line",
    "email": "email",
    "push": "push",
    "sms": "sms",
    "sms_broadcast": "sms",
    "sms_plus": "sms",
}
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


class Maker:
    """Makes nodes of frames, given the data's catalogue and the day."""

    def __init__(self, text: Text, catalogue: Catalogue, today: date) -> None:
        self.text = text
        self.catalogue = catalogue
        self.today = today

    def node(self, frame: Frame) -> Node | None:
        """The condition (negated where it was), or None where the frame says nothing."""
        make = getattr(self, f"_{frame.head}", None)
        if make is None and frame.head in FIELDS:
            make = self._moment if FIELDS[frame.head].kind is Kind.MOMENT else self._metric
        return make(frame) if make else None

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
        *,
        high: bool = True,
        found: tuple[str, ...] = (),
        reason: str = "vague",
    ) -> Node:
        made = Open.model_validate(
            {
                "slot": slot,
                "phrase": self.phrase(frame),
                "condition": condition,
                "candidates": found,
                "high": high,
                "reason": reason,
            }
        )
        return self._signed(frame, made)

    @staticmethod
    def _signed(frame: Frame, node: Node) -> Node:
        return Not(item=node) if frame.negated else node

    # --- numbers --------------------------------------------------------------------------------

    @staticmethod
    def _numbers(quantity: Quantity, default: Op = Op.GE) -> dict[str, object]:
        return {
            "op": quantity.op or default,
            "number": quantity.number,
            "upper": quantity.upper,
        }

    def _window(self, frame: Frame) -> Window | None:
        return frame.span.window if frame.span else None

    def _vague(self, frame: Frame) -> Node | None:
        assert frame.concept is not None
        slot, high = frame.concept.data["slot"], frame.concept.data["high"]
        name, asked = slot.split(".")
        if asked == "value":
            if frame.quantity is not None:
                return self._compared(frame, name, frame.quantity)
            op = Op.GE if high else Op.LE
            condition = Condition(field=name, op=op, window=self._span_window(frame, name))
            return self._open(frame, slot, condition, high=high)
        if frame.span is not None:
            return self._signed(frame, self._when(name, frame.span, long_ago=not high))
        return self._open(frame, slot, Condition(field=name, op=Op.WITHIN), high=high)

    def _span_window(self, frame: Frame, name: str) -> Window | None:
        return self._window(frame) if FIELDS[name].time else None

    def _when(self, name: str, span: Span, *, long_ago: bool) -> Node:
        """A moment in a span, or, for what is long ago, before it."""
        window = span.window
        if name == "last_interaction":
            recent = window.opposite() if window.start is None else window
            inside = Condition(field=name, op=Op.WITHIN, window=recent or window)
            return Not(item=inside) if long_ago or window.start is None else inside
        if long_ago and window.end is None:
            window = window.opposite() or window
        return Condition(field=name, op=Op.WITHIN, window=window)

    def _compared(self, frame: Frame, name: str, quantity: Quantity) -> Node:
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
        return self._signed(frame, condition)

    def _scope(self, frame: Frame) -> Scope:
        def of(kind: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(n for k, n in frame.values if k == kind))

        return Scope(
            products=of("product"), categories=of("category"), campaigns=of("campaign")
        )

    def _metric(self, frame: Frame) -> Node | None:
        name = frame.head
        if frame.quantity is not None:
            return self._compared(frame, name, frame.quantity)
        if name == "purchase_probability" and frame.band:
            condition = Condition(field=name, op=Op.BAND, texts=(frame.band,))
            return self._signed(frame, condition)
        if name in _COUNTED and not frame.band:
            return self._some(frame, name)
        if name == "total_spending" and frame.concept and frame.concept.data.get("act"):
            if frame.span is not None or frame.negated:
                return self._some(frame, "order_count")
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
            return Open(
                slot=f"{name}.window",
                phrase=self.phrase(frame),
                condition=condition,
            )
        return condition

    _age = _metric

    def _is(self, frame: Frame) -> Node | None:
        assert frame.concept is not None
        data = frame.concept.data
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
        window = self._window(frame)
        condition = Condition(
            field=name, op=Op(data["op"]), number=data["number"], window=window
        )
        if frame.recent and window is None:
            return self._open(frame, f"{name}.window", condition)
        return self._signed(frame, condition)

    def _buy(self, frame: Frame) -> Node | None:
        if frame.topics and not frame.values:
            return self._described_purchase(frame)
        quantity = frame.quantity
        if quantity is None:
            return self._some(frame, "order_count")
        if quantity.unit == "money":
            return self._compared(frame, "total_spending", quantity)
        if quantity.unit == "pieces":
            return self._compared(frame, "purchase_quantity", quantity)
        return self._compared(frame, "order_count", quantity)

    def _described_purchase(self, frame: Frame) -> Node | None:
        phrase, topics = self.phrase(frame), set(frame.topic_names)
        quantity = frame.quantity or Quantity(1, Op.GE)
        name = {"money": "product_amount", "pieces": "purchase_quantity"}.get(
            quantity.unit, "checkout_count"
        )
        condition = Condition.model_validate(
            {"field": name, "window": self._window(frame), **self._numbers(quantity)}
        )
        products = candidates(phrase, "product", self.catalogue, topics)
        categories = candidates(phrase, "category", self.catalogue, topics)
        same_topic = [c for c in categories if candidates(phrase, "category", self.catalogue, topics)[:1] == (c,)]
        if categories and (not products or (len(products) > 1 and self._is_category(topics, same_topic[0]))):
            return self._open(frame, "category.choice", condition, found=categories, reason="near")
        if products:
            return self._open(frame, "product.choice", condition, found=products, reason="near")
        return None

    def _is_category(self, topics: set[str], category: str) -> bool:
        from planner.understand.ground import topics_of

        return bool(topics & topics_of(category))

    # --- moments --------------------------------------------------------------------------------

    def _moment(self, frame: Frame) -> Node | None:
        name, span = frame.head, frame.span
        if span is None:
            high = frame.recent or name == "joined_at"
            condition = Condition(field=name, op=Op.WITHIN)
            if name == "last_interaction" and not frame.recent and not frame.negated:
                return None  # "interaction" alone says nothing
            if name == "last_interaction" and frame.negated and not frame.recent:
                frame.negated = False
                return self._open(frame, f"{name}.window", condition, high=False)
            if name == "joined_at" and not frame.recent:
                return None
            if name == "last_interaction" and frame.negated:
                frame.negated = False
                high = False
            return self._open(frame, f"{name}.window", condition, high=high)
        long_ago = span.long and not span.ago and not frame.negated
        return self._signed(frame, self._when(name, span, long_ago=long_ago))

    def _birthday(self, frame: Frame) -> Node | None:
        if frame.next_days is not None:
            condition = Condition(field="birthday", op=Op.NEXT_DAYS, number=frame.next_days)
            return self._signed(frame, condition)
        if frame.concept and frame.concept.role == "birthday":
            month = (self.today.month - 1 + int(frame.concept.data["offset"])) % 12 + 1
            return self._signed(frame, Condition(field="birthday", op=Op.MONTH, texts=(str(month),)))
        span = frame.span
        if span is None:
            return None
        if span.month is not None and span.day is not None:
            day = f"{span.month:02d}-{span.day:02d}"
            return self._signed(frame, Condition(field="birthday", op=Op.MONTH_DAY, texts=(day,)))
        return self._signed(frame, self._birthday_span(span))

    def _birthday_span(self, span: Span) -> Condition:
        start, end = span.window.start, span.window.end
        if isinstance(start, Start) and start.start_of in ("day", "week"):
            days = 0 if start.start_of == "day" else 6 - self.today.weekday()
            return Condition(field="birthday", op=Op.NEXT_DAYS, number=days)
        first = bound_date(start, self.today).month if start else self.today.month
        count = 1
        if end is not None and start is not None:
            last = bound_date(end, self.today)
            count = max(1, min(12, (last.month - first) % 12 or 12)) if last.day == 1 else 1
        months = tuple(str((first - 1 + i) % 12 + 1) for i in range(count))
        return Condition(field="birthday", op=Op.MONTH, texts=months)

    # --- values ---------------------------------------------------------------------------------

    def _value(self, frame: Frame) -> Node | None:
        kind = frame.values[-1][0]
        names = tuple(dict.fromkeys(n for k, n in frame.values if k == kind))
        if kind in ("product", "category"):
            frame.head = "buy"
            return self._buy(frame)
        if kind == "campaign":
            return self._engagement(frame)
        every = kind == "tag" and frame.conjunction == "and" and len(names) > 1
        scope = Scope.model_validate({"source": (frame.source or None) if kind == "tag" else None})
        condition = Condition(
            field=kind, op=Op.ALL_OF if every else Op.ANY_OF, texts=names, scope=scope
        )
        return self._signed(frame, condition)

    def _attribute(self, frame: Frame) -> Node | None:
        field = self.catalogue.attributes[frame.noun]
        if field.kind is Kind.NUMBER and frame.quantity:
            return self._compared(frame, frame.noun, frame.quantity)
        if field.kind is Kind.MOMENT and frame.span:
            condition = Condition(field=frame.noun, op=Op.WITHIN, window=frame.span.window)
            return self._signed(frame, condition)
        if field.kind is Kind.BOOLEAN:
            return self._signed(frame, Condition(field=frame.noun, op=Op.IS, texts=("true",)))
        names = tuple(dict.fromkeys(n for _, n in frame.values))
        if names:
            return self._signed(frame, Condition(field=frame.noun, op=Op.ANY_OF, texts=names))
        return None

    def _tag(self, frame: Frame) -> Node | None:
        if frame.values:
            return self._value(frame)
        said = frame.quotes or ([self.phrase(frame)] if frame.topics else [])
        known = [exact(text, "tag", self.catalogue) for text in said]
        if said and all(known):
            frame.values = [("tag", name) for name in known if name]
            return self._value(frame)
        if not said:
            return None
        found = tuple(
            dict.fromkeys(
                name
                for text in said
                for name in candidates(text, "tag", self.catalogue, set(frame.topic_names))
            )
        )
        scope = Scope.model_validate({"source": frame.source or None})
        condition = Condition(field="tag", op=Op.ANY_OF, scope=scope)
        return self._open(frame, "tag.choice", condition, found=found, reason="near")

    def _interest(self, frame: Frame) -> Node | None:
        if frame.values or not (frame.topics or frame.quotes):
            return self._value(frame) if frame.values else None
        phrase, topics = self.phrase(frame), set(frame.topic_names)
        for kind in ("tag", "product", "category"):
            found = candidates(phrase, kind, self.catalogue, topics)
            if not found:
                continue
            bought = Condition(field="checkout_count", op=Op.GE, number=1)
            tagged = Condition(field="tag", op=Op.ANY_OF)
            condition = tagged if kind == "tag" else bought
            return self._open(frame, f"{kind}.choice", condition, found=found, reason="near")
        return None

    _topic = _interest

    def _quote(self, frame: Frame) -> Node | None:
        for kind in ("tag", "campaign", "product", "category", "city", "membership_tier"):
            name = exact(frame.quotes[0], kind, self.catalogue)
            if name:
                frame.values = [(kind, name)]
                return self._value(frame)
        return None

    def _note(self, frame: Frame) -> Node | None:
        keywords = tuple(dict.fromkeys(frame.quotes)) or (
            (self.phrase(frame),) if frame.topics else tuple(n for _, n in frame.values)
        )
        if not keywords:
            return None
        op = Op.ALL_OF if frame.conjunction == "and" and len(keywords) > 1 else Op.ANY_OF
        scope = Scope.model_validate({"source": frame.source or None})
        return self._signed(frame, Condition(field="note", op=op, texts=keywords, scope=scope))

    def _reach(self, frame: Frame) -> Node | None:
        channels = tuple(dict.fromkeys(_REACH[c] for c in frame.channels if c in _REACH))
        every = frame.conjunction == "and" and len(channels) > 1
        condition = Condition(
            field="reachable", op=Op.ALL_OF if every else Op.ANY_OF, texts=channels or ("line",)
        )
        return self._signed(frame, condition)

    # --- messages -------------------------------------------------------------------------------

    def _engagement(self, frame: Frame) -> Node | None:
        events = tuple(dict.fromkeys(frame.events)) or ("open", "click")
        channels = self._channels(frame, events)
        scope = self._scope(frame).model_copy(
            update={"channels": channels, "events": self._events(events, channels)}
        )
        numbers = (
            self._numbers(frame.quantity, Op.EQ)
            if frame.quantity
            else {"op": Op.EQ if frame.negated else Op.GE, "number": 0 if frame.negated else 1}
        )
        condition = Condition.model_validate(
            {"field": ENGAGE, "window": self._lookback(frame), "scope": scope, **numbers}
        )
        signed = Not(item=condition) if frame.negated and frame.quantity else condition
        ask = self._what_to_ask(frame, scope)
        if ask is None:
            return signed
        slot, reason, found = ask
        made = Open.model_validate(
            {
                "slot": slot,
                "phrase": self.phrase(frame),
                "condition": condition,
                "reason": reason,
                "candidates": found,
            }
        )
        return Not(item=made) if frame.negated and frame.quantity else made

    def _what_to_ask(self, frame: Frame, scope: Scope) -> tuple[str, str, tuple[str, ...]] | None:
        if frame.span is not None and self._too_long(frame.span.window):
            return f"{ENGAGE}.window", "lookback", ()
        if frame.campaign and frame.recent and not scope.campaigns:
            return "campaign.choice", "vague", self._recent_campaigns(frame, scope)
        if not scope.channels and not scope.campaigns:
            return f"{ENGAGE}.channel", "vague", ()
        if frame.recent and frame.span is None and not scope.campaigns:
            return f"{ENGAGE}.window", "vague", ()
        return None

    def _recent_campaigns(self, frame: Frame, scope: Scope) -> tuple[str, ...]:
        known = sorted(
            self.catalogue.values.get("campaign", ()), key=lambda v: v.latest, reverse=True
        )
        return tuple(value.name for value in known)

    def _channels(self, frame: Frame, events: tuple[str, ...]) -> tuple[str, ...]:
        found: list[str] = []
        for channel in frame.channels:
            if channel == "line":
                channel = "line_broadcast"
            if channel == "sms":
                channel = "sms_plus" if {"delivered", "failed"} & set(events) else "sms_broadcast"
            if channel in EVENTS:
                found.append(channel)
        return tuple(dict.fromkeys(found))

    @staticmethod
    def _events(events: tuple[str, ...], channels: tuple[str, ...]) -> tuple[str, ...]:
        possible = {event for channel in channels for event in EVENTS[channel]}
        return tuple(e for e in events if not possible or e in possible) or events

    def _too_long(self, window: Window) -> bool:
        start = window.start
        if isinstance(start, Ago) and (start.ago, start.unit) == (3, "month"):
            return False
        if start is None:
            return True
        return (self.today - bound_date(start, self.today)).days > LOOKBACK_DAYS

    def _lookback(self, frame: Frame) -> Window | None:
        """The window; three months means the full 90 days, and a longer one is asked about."""
        if frame.span is None or self._too_long(frame.span.window):
            return None
        start = frame.span.window.start
        if isinstance(start, Ago) and (start.ago, start.unit) == (3, "month"):
            return Window(start=Ago(ago=LOOKBACK_DAYS), end=frame.span.window.end)
        return frame.span.window
