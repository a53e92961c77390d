"""What people are called by what they did: "July babies", "Coffee repeat buyers"."""

from planner.understand.things import Things
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept


class Called(Things):
    """Reads words for people that hold a birthday, or an order made again."""

    def _on_field(self, token: Token, concept: Concept) -> bool:
        if self.form[token.start : token.end] == "babies" and not self._month_waits():
            return False  # without a month they are children
        return super()._on_field(token, concept)

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
