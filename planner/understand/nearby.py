"""What stands near a known value and tells which thing of its name is meant."""

import itertools

from planner.fields import FIELDS
from planner.understand.frames import ENGAGE, OF_PRODUCTS, Frame
from planner.understand.measured import Measured
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_FROM = ("from", "from the", "any", "the", "in", "of")
_FAR = 16
"""How many tokens away the verb of a list of objects may stand."""
_LOOK = 3
"""How many tokens away a noun still tells what a value is."""
VERB_KINDS = {"buy": ("product", "category"), ENGAGE: ("campaign",), "interest": ("tag",)}
"""What kinds of things an act is done with."""


class Nearby(Measured):
    """Looks at nouns and verbs around a value."""

    def _names_buyers(self) -> bool:
        """«超過 45 天未回購的 Coffee 買家»: who they are, said after what they did not do."""
        after = self._peek(1)
        people = after is not None and after.role("person")
        return bool(people) and "買" in self.form[after.start : after.end]  # type: ignore[union-attr]

    def _is_put_in_cart(self, frame: Frame) -> bool:
        """«never bought Yoga Mat and added Lipstick to the cart»: not one more that was bought."""
        small = ("fill", "field", "noun", "is")
        after = list(itertools.takewhile(lambda t: any(map(t.role, small)), self._coming(5)))
        fields = [t.role("field") or t.role("is") for t in after]
        cart = any(f is not None and f.data["field"] == "add_to_cart_count" for f in fields)
        # «ยอดซื้อเกิน 8,000 หยิบ Night Cream ใส่ตะกร้า»
        told = frame.quantity is not None and any("th" in t.languages for t in after)
        return cart and (frame.bit < self.bit or told)

    def _on_live(self, token: Token, concept: Concept) -> bool:
        """«Store opening in Kaohsiung, so: big spenders living there»: the city said before."""
        said = self.form[token.start : token.end]
        named = (
            t for t in self.tokens[: self.index][::-1] if any(k == "city" for k, _ in t.values)
        )
        city = next(named, None) if said.endswith("there") else None
        if city is not None and not any(f.start == city.start for f in self.sketch.frames):
            frame = self._open("value", token)
            frame.values = [pair for pair in city.values if pair[0] == "city"]
        return True

    def _is_of_all_time(self, frame: Frame) -> bool:
        """«bought A in the last 60 days or B ever»: the time is of the first alone."""
        after = self._peek(1)
        ever = after is not None and self.form[after.start : after.end] in ("ever", "at any time")
        return ever and frame.span is not None and frame.bit < self.bit

    def _is_foreign(self, token: Token) -> bool:
        """«ยกเว้น Regular», «Regular 不要»: an English word there can only be a name."""
        own = {"th", "ja", "zh-Hant"} & token.languages
        return not own and any(c >= "\u0e00" for c in self.form)

    def _coming(self, most: int) -> list[Token]:
        return self.tokens[self.index + 1 : self.index + 1 + most]

    def _verb_left_out(self) -> str:
        """«bought Coffee but not Skincare»: what is left out is of the act before."""
        last = self.sketch.frames[-1] if self.sketch.frames else None
        said = (t for t in self.tokens[: self.index][::-1])
        before = next((t for t in said if self.form[t.start : t.end] not in _FROM), None)
        denies = ("exclude", "not", "neither")
        if last is None or before is None or not any(map(before.role, denies)):
            return ""
        same = last.sentence == self.sentence and last.head in ("buy", ENGAGE) and last.values
        return last.head if same and last.clause >= self.clause - 1 else ""

    def _kinds_listed(self) -> set[str]:
        """The kinds of the values that this one stands in a list with."""
        joins = ("and", "or", "nor")
        found: set[str] = set()
        for step in (1, -1):
            join, other = self._peek(step), self._peek(2 * step)
            joined = join is not None and (join.separator == "," or any(map(join.role, joins)))
            if joined and other is not None:
                found |= {kind for kind, _ in other.values}
        return found

    def _waits_for_object(self) -> bool:
        frame, before = self.current, self._peek(-1)
        return (
            frame is not None
            and frame.head == "buy"
            and frame.bit == self.bit
            and not (frame.values or frame.topics or frame.quantity)
            and before is not None
            and before.role("buy") is not None
            and self.form[before.end - 1] != "的"  # 沒買的 VIP
        )

    @staticmethod
    def _says_bought(token: Token) -> bool:
        """«Skincareを買ったことがある»: a word for having bought, or never."""
        said = token.role("is")
        return said is not None and said.data["field"] == "order_count"

    def _names_of(self, frame: Frame) -> bool:
        """Whether a value of that custom attribute comes next."""
        coming = self.tokens[self.index + 1 : self.index + 4]
        return any(kind == frame.noun for t in coming for kind, _ in t.values)

    def _all_were_taken(self, frame: Frame) -> bool:
        """«Gold 都收,Silver 要買滿 3 筆»: what was said of the first is whole."""
        if frame.head != "value" or frame.clause == self.clause:
            return False
        between = [t for t in self.tokens[: self.index] if t.start >= frame.end]
        said = {str(c.data["choice"]) for t in between for c in t.concepts if c.role == "choice"}
        return bool(said & {"all", "skip"})

    def _noun_near(self, kinds: set[str]) -> bool:
        return bool(self._nouns_near() & kinds)

    def _nouns_near(self) -> set[str]:
        """The kinds named by nouns beside this token, the nearest first reached on each side."""
        found: set[str] = set()
        for direction in (1, -1):
            for step in range(1, _LOOK + 1):
                token = self._peek(direction * step)
                if token is None or token.separator == ".":
                    break
                noun = token.role("noun")
                if noun is not None and (
                    noun.data["kind"]
                    in ("tag", "category", "campaign", "product", "membership_tier")
                ):
                    own = self._peek(step + 1) if direction == 1 else None
                    if own is not None and own.values and "th" in token.languages:
                        break  # ลูกค้าประจำที่ติดแท็ก VIP: the noun is the next one's
                    if not (noun.name == "product" and token.role("unit")):
                        found.add(noun.data["kind"])
                    break
                small = any(map(token.role, ("fill", "not", "exclude"))) or bool(token.quote)
                small = small or self.form[token.start : token.end] == "卻"
                introduces = self.form[token.start : token.end].strip() in (":", "-")
                if token.values or not (small or introduces):
                    break
        return found

    def _is_listed_object(self) -> bool:
        """«Skincareを2回以上、Makeupを1回以上買った»: the verb comes after all its objects."""
        coming = list(
            itertools.takewhile(
                lambda t: t.separator != "." and not t.role("person"), self._coming(_FAR)
            )
        )
        if not coming or self.form[coming[0].start : coming[0].end] != "を":
            return False
        act = next((t for t in coming if t.role("buy") or t.role("event")), None)
        return act is not None and act.role("buy") is not None

    def _is_said_of_buying(self, token: Token) -> bool:
        """«ไม่เคยซื้อ Skincare»: a name right after "never bought" is of what was not."""
        frame = self.current
        if frame is None or frame.bit != self.bit or self.form[frame.end : token.start].strip():
            return False
        return (frame.head, frame.name) == ("is", "order_count")

    def _verb_near(self) -> str:
        frame = self.current
        if frame is not None and frame.sentence == self.sentence and frame.head in VERB_KINDS:
            waits = not (frame.values or frame.topics or frame.quotes)
            if waits or (frame.clause == self.clause and frame.head != "interest"):
                return frame.head
        if frame is not None and frame.clause == self.clause and frame.bit == self.bit:
            if frame.is_spending or frame.name in OF_PRODUCTS:
                return "buy"
        if self._is_listed_object():
            return "buy"
        for step in range(1, 9):
            token = self._peek(step)
            if token is None or token.separator:
                break
            if token.role("exclude") and "th" in token.languages:
                break
            if token.role("interest"):
                return "interest"
            if (channel := token.role("channel")) and channel.data["channel"] == "coupon":
                return ENGAGE
            buyers = token.role("person") and "買" in self.form[token.start : token.end]
            spent = token.role("field")
            buyers = buyers or (spent is not None and bool(spent.data.get("act")))
            if token.role("buy") or self._says_bought(token) or buyers:
                return "buy"
            if token.role("event") and not ("th" in token.languages and token.role("fill")):
                return ENGAGE  # not «หมวดเครื่องประดับ ใครมียอดซื้อ…»
            after = self._peek(step + 1)
            listed = token.role("and") and after is not None and after.values
            if token.role("noun") or (token.role("and") and not listed):
                break
        return ""

    def _denied_ahead(self) -> bool:
        """«VIPかつKOLではない人»: whether what is named last is what they are not."""
        small = ("fill", "noun")
        coming = (t for t in self.tokens[self.index + 1 :] if not any(map(t.role, small)))
        after = next(coming, None)
        return after is not None and after.role("not_after") is not None

    def _has_own_act(self, frame: Frame) -> bool:
        """«沒買過 Jewelry 類,Outdoor 類金額超過一萬»: whether more is said of this name alone."""
        before, listed = self._peek(-1), self._peek(-2)
        joint = self.form[before.start] if before is not None and before.separator else ","
        listed = listed if joint != "," or frame.closed else None
        if frame.head == "value" or (listed and (listed.values or listed.role("noun"))):
            return False
        for token in self.tokens[self.index + 1 : self.index + 6]:
            turns = token.role("not") or any(c.name == "but" for c in token.concepts)
            if turns and self.form[token.start] >= "\u4e00":
                continue  # Night Cream 卻沒買過
            if token.separator or token.role("and") or token.role("or") or token.values:
                return False
            field = token.role("field")
            bought = token.role("buy") or self._says_bought(token)
            if bought or (field is not None and field.data["field"] in FIELDS):
                return not self.form[token.start].isascii()
            if not (token.role("fill") or token.role("noun")):
                return False
        return False

    def _leads_on(self, token: Token) -> bool:
        """«a satisfaction survey to people who …»: what follows is said of them alone."""
        after = self._peek(1)
        leads = self.form[token.start].isascii() or "th" in token.languages
        leads = leads or (after is not None and self.form[after.start : after.end] == "で")
        return leads and self._beside_scope()
