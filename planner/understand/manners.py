"""How something was done: often, for the first time, for the last time."""

from planner.understand.frames import Frame
from planner.understand.qualities import Qualities
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept, concepts

_OFTEN = {"return_count": "returns_often", "add_to_cart_count": "adds_often"}


def _is_bare(frame: Frame) -> bool:
    """Whether no more was said than the act, and perhaps when."""
    return not (frame.values or frame.topics or frame.quotes or frame.quantity)


class Manners(Qualities):
    """Reads words that stand apart from the act they are said of."""

    manner: tuple[int, Concept] | None = None
    """What was said before its act, and in which clause."""

    def _on_occasion(self, token: Token, concept: Concept) -> bool:
        """«ซื้อกับเราครั้งแรก», "bought from us for the first time"."""
        return self._on_manner(token, concept)

    def _on_often(self, token: Token, concept: Concept) -> bool:
        """«ซื้อของเราบ่อยๆ», 經常跟我們買."""
        return self._on_manner(token, concept)

    def _on_manner(self, token: Token, concept: Concept) -> bool:
        frame = self.current
        if frame is not None and frame.clause == self.clause and self._takes(frame, concept):
            self._apply(frame, concept)
            frame.end = max(frame.end, token.end)
        elif self._act_follows():
            self.manner = (self.clause, concept)
        elif concept.role == "occasion" and self._is_no_purchase(token):
            self._rest(token)
        elif concept.role == "occasion" and self._time_follows():
            self._open(concept.data["field"], token)  # «เคยซื้อ แต่ครั้งสุดท้ายเกิน 1 ปี»
        elif self.form[token.start : token.end] != "最後に":  # まず…、次に…、最後に…
            self._rest(token)
        return True

    def _time_follows(self) -> bool:
        """«ครั้งสุดท้ายเกิน 1 ปี», «โดยครั้งล่าสุดอยู่ในเดือนนี้»."""
        small = ("fill", "live", "last")
        coming = (t for t in self.tokens[self.index + 1 :] if not any(map(t.role, small)))
        after = next(coming, None)
        return after is not None and "span" in after.extra

    def _is_no_purchase(self, token: Token) -> bool:
        """«วันเกิดผ่านไปแล้ว»: what has passed is nothing that was bought."""
        frame = self.current
        passed = self.form.startswith("ผ่าน", token.start)
        return passed and (frame is None or frame.name != "order_count")

    @staticmethod
    def _takes(frame: Frame, concept: Concept) -> bool:
        named = frame.head == "buy" and frame.values and not (frame.quantity or frame.negated)
        if named and concept.role == "often":
            return True
        if not _is_bare(frame) or frame.head == "vague":
            return False
        if concept.role == "occasion":
            return frame.head == "buy" and not frame.negated
        return frame.head == "buy" or frame.name in _OFTEN

    @staticmethod
    def _apply(frame: Frame, concept: Concept) -> None:
        if concept.role == "occasion":
            frame.head, frame.concept = concept.data["field"], None
            return
        if frame.values:
            frame.head, frame.concept, frame.band = "checkout_count", None, "high"
            return
        rare = frame.negated and frame.head == "buy"
        name = "rare_buyer" if rare else _OFTEN.get(frame.name, "loyal")
        frame.head, frame.concept = "vague", concepts()[name]
        frame.negated = frame.negated and not rare

    def _act_follows(self) -> bool:
        for token in self.tokens[self.index + 1 : self.index + 6]:
            if token.separator or token.values or token.topics:
                return False
            if token.role("buy"):
                return True
        return False

    def _on_buy(self, token: Token, concept: Concept) -> bool:
        done = super()._on_buy(token, concept)
        frame, waiting = self.current, self.manner
        if waiting is not None and frame is not None and waiting[0] == self.clause:
            self.manner = None
            if self._takes(frame, waiting[1]):
                self._apply(frame, waiting[1])
        return done
