"""Words that qualify what is named: how recent, how high, which part, whose prediction."""

import itertools
from dataclasses import replace

from planner.fields import FIELDS, Op
from planner.understand.acts import Acts
from planner.understand.frames import ENGAGE
from planner.understand.ranks import from_medium
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_STRICT = ("more than", "fewer than", "less than", "greater than", "exceeding")

_THEN = ("since", "after", "afterwards", "afterward", "since then", "after that")
_EVERY = ("every", "each", "all", "all of", "all our", "each of", "every single")


class Qualities(Acts):
    """Reads what is said beside a field, and is no condition by itself."""

    def _on_compare(self, token: Token, concept: Concept) -> bool:
        op = Op(concept.data["op"])
        english = "en" in token.languages
        if english and token.role("fill"):
            return False  # "from Taipei"
        self._says_only(token)
        near = self.tokens[self.index + 1 : self.index + 5]
        if english and self.form[token.start : token.end] in _STRICT:
            if not any("quantity" in t.extra for t in near):
                self._rest(token)  # "returned more than they kept"
                return True
        after = self._peek(1)
        if "th" in token.languages and after is not None and (after.values or after.topics):
            if op in (Op.GT, Op.LT) and not token.role("fill"):
                self._rest(token)  # ซื้อ Coffee มากกว่า Skincare
                return True
        if op in (Op.GE, Op.LE) or (op in (Op.GT, Op.LT) and not english):
            self.compared = (self.clause, op)
        return False

    def _on_since(self, token: Token, concept: Concept) -> bool:
        """«redeemed it but has not bought since»: from then on, which can't be told."""
        after = self._peek(1)
        acts = ("vague", "buy", "event", "field", "is")
        then = after is not None and self.form[after.start : after.end] in ("นั้น", "จากนั้น")
        if "th" in token.languages and after and (then or any(map(after.role, acts))):
            self._rest(token)  # กลับมาซื้อหลังจากหายไป 3 เดือน
            return True
        ends = after is None or after.separator or after.role("and") or after.role("or")
        if ends and "en" in token.languages and self.form[token.start : token.end] in _THEN:
            self._rest(token)
            return True
        return False

    def _on_compare_after(self, token: Token, concept: Concept) -> bool:
        """«退過兩次貨以上»: a comparison set apart from its number by what is counted."""
        frame = self.current
        held = frame.quantity if frame is not None and frame.bit == self.bit else None
        measures = [t for t in self.tokens[max(0, self.index - 4) : self.index] if t.extra]
        if frame is None or held is None or held.op is not None or not measures:
            return False
        compared = replace(held, op=Op(concept.data["op"]))
        if measures[-1].extra.get("quantity") is not held:
            return False
        frame.quantity = compared
        self._taken(held)
        return True

    def _on_fill(self, token: Token, concept: Concept) -> bool:
        if self.form[token.start : token.end] in _EVERY and self._is_of_each():
            self._rest(token)
            return True
        return super()._on_fill(token, concept)

    def _is_of_each(self) -> bool:
        """«opened every email»: each single one of them, which can't be told."""
        frame, small = self.current, ("all", "of", "our", "the", "single", "your", "my", "these")
        coming = (t for t in self.tokens[self.index + 1 :])
        after = next((t for t in coming if self.form[t.start : t.end] not in small), None)
        acted = frame is not None and frame.bit == self.bit and bool(frame.events)
        acted = acted and not (frame.channels or frame.values)  # type: ignore[union-attr]
        bought = frame is not None and frame.head == "buy" and self._waits_for_object()
        named = after is not None and bool(after.role("channel") or after.role("message"))
        return (acted and named) or (bought and after is not None and bool(after.values))

    def _on_ever(self, token: Token, concept: Concept) -> bool:
        self.ever = self.clause
        return True

    def _on_recent(self, token: Token, concept: Concept) -> bool:
        frame = self.current
        if (
            frame is not None
            and frame.takes_span()
            and frame.clause == self.clause
            and frame.head != "value"
            and self.link != "or"
            and not ((frame.head == "vague" or frame.bit != self.bit) and self._head_follows(frame))
        ):
            frame.recent = True
        else:
            self.recent = True
        return True

    def _on_by_ai(self, token: Token, concept: Concept) -> bool:
        """«AIの購入確率», «AIが高いと出した»: whose prediction it is."""
        near = itertools.takewhile(
            lambda t: not t.separator, self.tokens[self.index + 1 : self.index + 7]
        )
        concepts = [c for t in near for c in t.concepts]
        held = self.current is not None and self.current.name == "purchase_probability"
        if held or any(c.data.get("field") == "purchase_probability" for c in concepts):
            return True
        if any(c.role == "degree" for c in concepts):
            self._open("purchase_probability", token)
            return True
        self._rest(token)
        return True

    def _on_choice(self, token: Token, concept: Concept) -> bool:
        """«年齢は問わない»: a field that does not matter."""
        frame = self.current
        named = frame is not None and frame.head in (*FIELDS, "note", "tag")
        if concept.data["choice"] == "unknown" and frame is not None and named:
            if not (frame.quantity or frame.span or frame.values or frame.events):
                self.sketch.frames.remove(frame)  # 年齢が不明
                self.sketch.rest.append((frame.start, token.end, self.bit))
                self._close()
                return True
        if concept.data["choice"] == "skip" and frame is not None and frame.clause == self.clause:
            said = frame.quantity or frame.span or frame.values or frame.events or frame.topics
            if frame.head in FIELDS and not said:
                self.sketch.frames.remove(frame)
                self._close()
                return True
        return False

    def _is_other_degree(self, band: str) -> bool:
        """«medium or high»: two neighbouring bands of the probability are one stretch."""
        frame = self.current
        held = frame if frame is not None and frame.name == "purchase_probability" else None
        bands = {held.band if held is not None else self.degree, band}
        if len(bands) != 2 or "medium" not in bands or "" in bands:
            return False
        before = self._peek(-1)
        ranged = before is not None and before.role("to") is not None  # กลางถึงสูง
        if self.link != "or" and not (self.joined or ranged):
            return False
        quantity = from_medium(up="high" in bands)
        if held is not None:
            held.quantity, held.band = quantity, ""
            self.link = "and"
        else:
            self.quantity, self.degree, self.link = quantity, "", self.degree_link
        self.joined = False
        return True

    def _on_circumstance(self, token: Token, concept: Concept) -> bool:
        """«bought mostly Coffee, in the evening»: how something was done, which can't be told."""
        acts = ("buy", "event", "interest", "field")
        ahead = self.tokens[self.index + 1 : self.index + 5]
        near = list(itertools.takewhile(lambda t: not t.separator, ahead))
        held = self.current
        act = held is not None and (held.bit == self.bit or "th" in token.languages)
        if act or any(any(map(t.role, acts)) for t in near):
            self._rest(token)
        return True

    def _on_time(self, token: Token, concept: Concept) -> bool:
        """A word of time that belongs to no stretch: it must not be lost in silence."""
        if "en" not in token.languages or token.role("fill") or token.role("noun"):
            return False
        self._rest(token)
        return True

    def _on_last(self, token: Token, concept: Concept) -> bool:
        """«our last email»: which one, that can't be told; "the last 30 days" is a time."""
        after = self._peek(1)
        noun = after.role("noun") if after is not None else None
        sent = after is not None and (after.role("channel") or after.role("message"))
        sent = sent or (noun is not None and noun.data["kind"] == "campaign")
        return bool(sent) and self._on_time(token, concept)

    def _on_period(self, token: Token, concept: Concept) -> bool:
        return self._on_time(token, concept)

    def _on_duration(self, token: Token, concept: Concept) -> bool:
        return self._on_time(token, concept)

    def _on_before(self, token: Token, concept: Concept) -> bool:
        after = self._peek(1)
        acts = ("buy", "event", "field")  # "ordered before joining"; "bought before" is ever
        told = after is not None and any(map(after.role, acts))
        return told and self._on_time(token, concept)

    def _on_part(self, token: Token, concept: Concept) -> bool:
        self._rest(token)  # a half of nothing that was understood
        return True

    def _on_degree(self, token: Token, concept: Concept) -> bool:
        if self._is_other_degree(concept.data["band"]):
            return True
        held = self.current
        if held is not None and held.head == ENGAGE and held.bit == self.bit and held.events:
            if self.form[token.start : token.end] in ("เยอะ", "เยอะๆ", "เยอะมาก"):
                self._rest(token)  # เปิดเยอะแต่ไม่ซื้อ
                return True
        if (self.current is not None and self.current.name == "purchase_probability") or (
            self.current is not None
            and self.current.head
            in (
                "total_spending",
                "average_order_value",
                "highest_order",
                "order_count",
                "purchase_quantity",
                "highest_product_price",
                "return_count",
                "product_amount",
                "checkout_count",
                "add_to_cart_count",
                "age",
            )
            and self.current.quantity is None
            and self.current.clause == self.clause
            and not (self.current.bit < self.bit and self._probability_follows())
        ):
            self.current.band = concept.data["band"]
        else:
            self.degree = concept.data["band"]
            if self.link != "and":
                self.degree_link, self.link = self.link, "and"
        return True

    def _rest(self, token: Token) -> None:
        raise NotImplementedError
