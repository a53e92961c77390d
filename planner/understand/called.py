"""What people are called by what they did: "July babies", "Coffee repeat buyers"."""

from planner.understand.frames import Frame
from planner.understand.spans import Span
from planner.understand.things import Things
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_MEMBERS = ("สมาชิก", "ลูกค้า", "เมมเบอร์")


class Called(Things):
    """Reads words for people that hold a birthday, or an order made again."""

    def _on_field(self, token: Token, concept: Concept) -> bool:
        if self.form[token.start : token.end] == "babies" and not self._month_waits():
            return False  # without a month they are children
        frame = self.current
        if frame is not None and concept.name == "highest_order" and frame.bit == self.bit:
            if self._is_of_one_order(frame, token):
                return True
        return super()._on_field(token, concept)

    def _is_of_one_order(self, frame: Frame, token: Token) -> bool:
        """«จ่ายเกินหมื่นในบิลเดียว»: a number said before it; so many pieces in one can't be told."""
        held, after = frame.quantity, self._peek(1)
        if held is None or (after is not None and "quantity" in after.extra):
            return False
        if frame.head == "total_spending" and not frame.span:
            frame.head, frame.concept = "highest_order", None
            return True
        if held.unit in ("pieces", "times") and "th" in token.languages:
            self._rest(token)
            return True
        return False

    def _on_noun(self, token: Token, concept: Concept) -> bool:
        if self.form[token.start : token.end] in _MEMBERS and self._since_long():
            self._open("joined_at", token)
            return True
        return super()._on_noun(token, concept)

    def _since_long(self) -> bool:
        """«สมาชิกมากกว่า 3 ปีที่ยังซื้ออยู่»: how long they have been with us."""
        after = self._peek(1)
        span = after.extra.get("span") if after is not None else None
        return isinstance(span, Span) and span.long and not (span.led or span.ago)

    def _on_person(self, token: Token, concept: Concept) -> bool:
        done = super()._on_person(token, concept)
        if self.form[token.start : token.end] in _MEMBERS and self._since_long():
            self._open("joined_at", token)
        return done

    def _value(self, token: Token) -> bool:
        done = super()._value(token)
        kinds = {kind for kind, _ in token.values}
        said = (t for t in self.tokens[: self.index][::-1][:3] if not t.role("fill"))
        ever = next(said, None)
        if done and ever is not None and ever.role("ever") and kinds & {"membership_tier", "city"}:
            self.sketch.rest.append((ever.start, ever.end, self.bit))  # เมื่อก่อนเป็น Gold
        return done

    def _month_waits(self) -> bool:
        return self.span is not None and self.span.month is not None

    def _on_ordinal(self, token: Token, concept: Concept) -> bool:
        """«first clicked an email in May»: which time it was, that can't be told."""
        after, said = self._peek(1), self.form[token.start : token.end]
        acts = after is not None and any(map(after.role, ("buy", "event", "field")))
        if "en" in token.languages and said in ("first", "second", "third") and acts:
            self._rest(token)
            return True
        return False

    def _on_fill(self, token: Token, concept: Concept) -> bool:
        """«spent 20k on it»: on what was named before, which must not be lost."""
        before, frame = self._peek(-1), self.current
        said = self.form[token.start : token.end] in ("it", "them", "these", "those")
        on = before is not None and self.form[before.start : before.end] == "on"
        if said and on and frame is not None and frame.is_spending and before is not None:
            self.sketch.rest.append((before.start, token.end, self.bit))
            return True
        return super()._on_fill(token, concept)

    def _near_name(self, token: Token) -> bool:
        """«platnium customers»: a mistyped name, of which is asked what was meant."""
        frame = self.current
        described = frame is not None and frame.head in ("note", "interest", "tag", "topic", "buy")
        if not token.near or (described and frame is not None and frame.clause == self.clause):
            return False
        opened = self._open("mistyped", token)
        opened.values, opened.topics = [*token.near], [(token.start, token.end)]
        opened.closed = True
        return True

    def _on_vague(self, token: Token, concept: Concept) -> bool:
        held, said = self.current, self.form[token.start : token.end]
        if held is not None and held.values and self._is_object(held):
            if said.startswith("repeat"):  # "Vitamin C Serum repeaters"
                held.head, held.concept, held.band = "checkout_count", None, "high"
                return True
        return super()._on_vague(token, concept)
