"""That tier or a higher one, a probability that is medium or lower, none of so many."""

from planner.fields import Op
from planner.understand.connectives import Connectives
from planner.understand.frames import Frame
from planner.understand.spans import Quantity
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_STRICT = ("より", "未満", "に満たない", "超", "を超")
"""How words begin that leave out the tier itself: プラチナより下, ゴールド未満."""
_SEVERAL = 2
"""From so many on, none of them is not the contrary of that many."""


def from_medium(*, up: bool) -> Quantity:
    """The probabilities that are medium or higher, or medium or lower."""
    return Quantity(*((0.3, Op.GE) if up else (0.7, Op.LT)), unit="percent")


class Ranks(Connectives):
    """Reads "or above", "or below", and what none of is said."""

    def _separator(self, token: Token) -> None:
        frame = self.current
        if frame is not None and self._raises_a_tier(frame, token):
            frame.band = "high"
        else:
            super()._separator(token)

    def _raises_a_tier(self, frame: Frame, token: Token) -> bool:
        """«Silver+, women»; "Gold+Silver" names two."""
        before, after = self._peek(-1), self.form[token.end : token.end + 1]
        said = self.form[token.start : token.end] == "+" and after in (" ", "", ",")
        tier = frame.values[-1:] and frame.values[-1][0] == "membership_tier"
        return said and bool(tier) and before is not None and before.end == token.start

    def _on_or_below(self, token: Token, concept: Concept) -> bool:
        return self._on_or_above(token, concept)

    def _on_or_above(self, token: Token, concept: Concept) -> bool:
        """«Silver or above»: that tier and the higher ones, by the usual order of tiers."""
        frame = self.current
        if self.degree == "medium" and self._probability_follows():
            self.degree, self.quantity = "", from_medium(up=concept.name == "or_above")
            return True
        if frame is not None and frame.name == "purchase_probability":
            return self._widen_band(frame, up=concept.name == "or_above")
        if frame is None or not frame.values or frame.values[-1][0] != "membership_tier":
            return False
        frame.band = "low" if concept.name == "or_below" else "high"
        frame.strict = self.form.startswith(_STRICT, token.start)
        return True

    def _probability_follows(self) -> bool:
        later = self.tokens[self.index + 1 : self.index + 5]
        fields = (t.role("field") or t.role("is") for t in later)
        return any(f is not None and f.data["field"] == "purchase_probability" for f in fields)

    @staticmethod
    def _widen_band(frame: Frame, *, up: bool) -> bool:
        """«โอกาสซื้อระดับกลางขึ้นไป», "medium or higher": a probability from there on."""
        band = frame.band or (frame.concept.data.get("text") if frame.concept else "")
        if band == "medium" and frame.quantity is None:
            frame.head, frame.concept, frame.band = frame.name, None, ""
            frame.quantity = from_medium(up=up)
        return bool(band)

    def _denies_all_of(self, token: Token) -> None:
        """«群發三次都沒開»: none of the last three, which can't be told; not fewer than three."""
        held, said = self.quantity, self.form[token.start - 1 : token.end]
        if held is None or held.op is not None or held.number < _SEVERAL or "都" not in said[:2]:
            return
        places = [m for m in self.measured if m[3] is held and m[2] == self.bit]
        if places and held.unit in ("times", "pieces"):
            self.sketch.rest.append(places[0][:3])
            self._taken(held)
            self.quantity = None
