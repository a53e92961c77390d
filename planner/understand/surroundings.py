"""What stands around a word: whether an interaction is one with messages, and «まだ» a "not"."""

import itertools
import re

from planner.fields import FIELDS
from planner.understand.frames import ENGAGE, Frame
from planner.understand.sole import Sole
from planner.understand.spans import Span
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept
from planner.windows import Window

_ACTS = (ENGAGE, "buy", "order_count", "first_purchase", "last_purchase", "return_count")
"""Heads of acts after which something may not have been done."""
_KANA = re.compile("[\u3041-\u30fa]")
_BREATH = 7
"""Words around an interaction that may say what it was with."""


def _is_of_a_message(token: Token) -> bool:
    """Whether it speaks of a message, a channel or a campaign."""
    noun = token.role("noun")
    named = any(kind == "campaign" for kind, _ in token.values)
    named = named or (noun is not None and noun.data["kind"] == "campaign")
    return named or token.role("message") is not None or token.role("channel") is not None


class Surroundings(Sole):
    """Looks at the words around the one that is read."""

    def _is_of_messages(self) -> bool:
        """Whether an interaction is one with messages: they are spoken of in the same breath."""
        if self.channels or self.noun:
            return True
        frame = self.current
        waits = frame is not None and frame.head == "value" and frame.values[-1][0] == "campaign"
        return waits or any(map(_is_of_a_message, self._breath()))

    def _on_since_then(self, token: Token, concept: Concept) -> bool:
        """«4月に買って、その後買っていない»: nothing bought since what was said before."""
        before = self.sketch.frames[-1] if self.sketch.frames else None
        if before is None or before.head not in _ACTS or not self._is_not_bought_next():
            return False
        self._flush_forward()
        self._close()
        self.clause, self.bit = self.clause + 1, self.bit + 1
        window = before.span.window if before.span is not None else None
        if window is None or window.end is None:
            self.sketch.rest.append((token.start, token.end, self.bit))  # since when is not known
            return True
        self.span, self.span_bit = Span(Window(start=window.end), led=True), self.bit
        return True

    def _is_not_bought_next(self) -> bool:
        """Whether the clause goes on with an act of buying that was not done."""
        ends = ("person", "and")
        said = itertools.takewhile(
            lambda t: not (t.separator or any(map(t.role, ends))), self.tokens[self.index + 1 :]
        )
        coming = list(said)
        act = next((i for i, t in enumerate(coming) if t.role("buy")), len(coming))
        again = any(c.name == "repurchase" for t in coming for c in t.concepts)
        measured = again or any(t.extra or t.values or t.topics for t in coming)
        never = any(c.data.get("number") == 0 for t in coming for c in t.concepts if c.role == "is")
        return not measured and (never or any(t.role("not_after") for t in coming[act:]))

    def _on_fill(self, token: Token, concept: Concept) -> bool:
        """«今月の購入はまだ»: at the end of its clause, «まだ» is a "not"."""
        if self.form[token.start : token.end] == "まだ" and self._ends_in_not_yet(token):
            return self._on_not_after(token, concept)
        return super()._on_fill(token, concept)

    def _ends_in_not_yet(self, token: Token) -> bool:
        after = self._peek(1)
        led = self.form[token.start - 1 : token.start] in tuple("はがも")
        ends = after is None or bool(after.separator) or after.role("person") is not None
        ends = ends or self.form.startswith(("です", "で、", "だ", "な", "という"), token.end)
        return led and ends and self.form[token.start - 2 : token.start] not in ("今は", "今も")

    def _breath(self) -> list[Token]:
        """The words around this one, up to where something else may be said."""
        near = list[Token]()
        for step in (-1, 1):
            place, timed = self.index + step, False
            while 0 <= place < len(self.tokens) and abs(place - self.index) < _BREATH:
                token = self.tokens[place]
                joins = token.role("or") and (timed or step == 1)
                ends = token.separator or joins or token.role("and") or token.role("purpose")
                if ends or self._spaced(place, step):
                    break
                timed = timed or "span" in token.extra
                near += [] if self._leads_reach(place) else [token]
                place += step
        return near

    def _spaced(self, place: int, step: int) -> bool:
        """Whether a space in Chinese, where none is needed, sets a token off."""
        here, other = self.tokens[place], self.tokens[place - step]
        left, right = sorted((here, other), key=lambda token: token.start)
        around = self.form[left.end - 1] + self.form[right.start]
        return self.form[left.end : right.start] == " " and min(around) >= "\u3400"

    def _speaks_of_messages(self) -> bool:
        places = range(max(0, self.index - 6), min(self.index + 7, len(self.tokens)))
        near = [self.tokens[place] for place in places if not self._leads_reach(place)]
        return bool(self.channels or self.noun) or any(map(_is_of_a_message, near))

    def _speaks_of(self, kind: str) -> bool:
        """Whether that kind of value was said just before: ใช้ภาษาจีนหรือญี่ปุ่น."""
        frame, before = self.current, self.tokens[max(0, self.index - 3) : self.index]
        held = frame is not None and frame.sentence == self.sentence and frame.values[-1:]
        named = any((n := t.role("noun")) and n.data["kind"] == kind for t in before)
        return named or bool(held and held[0][0] == kind)

    def _called_recent(self) -> bool:
        """Whether the campaign is recent, and not what was done: «最近の販促», not «最近押した»."""
        small = ("fill", "channel", "message", "noun")
        for tokens in (reversed(self.tokens[: self.index]), self.tokens[self.index + 1 :]):
            near = next((t for t in tokens if not any(map(t.role, small))), None)
            if near is not None and near.role("recent"):
                after = near.start > self.tokens[self.index].start
                return not self._is_adverb(near) and (not after or "th" in near.languages)
        return False

    def _is_adverb(self, token: Token) -> bool:
        said = [bool(c.data.get("adverb")) for c in token.concepts if c.role == "recent"]
        of_noun = self.form.startswith("の", token.end)
        return not of_noun and (all(said) or (any(said) and bool(_KANA.search(self.form))))

    def _may_be_bought(self, token: Token, frame: Frame) -> bool:
        """Whether an unknown word may be what is bought: Thai sets that before the time."""
        thai = "\u0e00" <= self.form[token.start] <= "\u0e7f"
        late = thai and frame.span is not None and bool((b := self._peek(-1)) and b.extra)
        return not (frame.values or frame.quantity or late)

    def _coupon_before(self) -> bool:
        """Whether it is a coupon that they have: クーポンを持っている."""
        for step in (-1, -2, -3):
            token = self._peek(step)
            if token is not None and token.separator == "," and step > -3:
                continue  # クーポン、もらったけど使ってない
            channel = token.role("channel") if token is not None else None
            if channel is not None:
                return str(channel.data["channel"]) == "coupon"
            if token is None or not token.role("fill"):
                return False
            if self.form[token.start : token.end] == "的":
                return False  # 用過優惠券的有哪些人
        return False

    def _coupon_next(self) -> bool:
        """Whether the thing named next is a coupon."""
        for token in self.tokens[self.index + 1 : self.index + 7]:
            channel = token.role("channel")
            if channel is not None:
                return str(channel.data["channel"]) == "coupon"
            named = any(kind == "campaign" for kind, _ in token.values) or token.topics
            if not (named or token.role("fill") or token.extra or token.quote):
                return False
        return False

    def _is_used(self, frame: Frame) -> bool:
        """«英語を使っている»: a language or store is used, and no money spent."""
        held = frame.values[-1][0] if frame.values else frame.noun
        of_itself = held == "language" or frame.head == "attribute" or held in self.numeric
        own = bool(frame.values) and held not in (*FIELDS, "product", "category", "campaign")
        of_itself = of_itself or (own and held != "line_status")  # 新宿店を使っている
        waits = self.quantity is not None and self.quantity.unit == "money"
        waits = waits or "th" in self.tokens[self.index].languages  # ใช้ภาษาไทย ใช้เงินเกิน…
        return of_itself and frame.bit == self.bit and not waits
