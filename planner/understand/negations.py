"""What is not so, by the words before or after."""

from dataclasses import replace

from planner.understand.frames import ENGAGE, Frame
from planner.understand.ranks import Ranks
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept, concepts

_TOLD = ("is", "vague", "value", "buy", "event", "field", "reach", "interest", "exclude")
"""Roles of words of which it is known what the contrary is."""


class Negations(Ranks):
    """Reads words of negation and exclusion."""

    def _on_not(self, token: Token, concept: Concept) -> bool:
        frame, after = self.current, self._peek(1)
        before = self._peek(-1)
        if after is None and before is not None and before.role("or") and self.index > 1:
            return True  # …หรือไม่
        if self.index == 0 and after is not None and after.separator:
            return True  # "no, Platinum"
        if self.form[token.start : token.end] == "non" and after is not None:
            if self.form[after.start : after.end] == "-":
                after = self._peek(2) or after
            if not (after.values or after.topics or any(map(after.role, _TOLD))):
                self.sketch.rest.append((token.start, after.end, self.bit))
                return True  # "non-members": who they are is not known
        if self.form[token.start : token.end] == "anything but":
            if after is None or not (after.values or after.topics or after.quote):
                return self._on_and(token, concepts()["but"])  # "never bought anything but clicked"
        if frame is not None and frame.head == "reach" and frame.clause == self.clause:
            joins = after is not None and bool(after.role("and") or after.role("or"))
            joins = joins or self._denies_reach(token)
            if joins or not self._content_follows():
                frame.negated = not frame.negated  # ติดต่อทาง LINE ไม่ได้
                frame.closed = joins
                return True
        if self.source and not self._content_follows() and self._other_source():
            return True
        if frame is not None and self._denies_one(frame, token):
            self._taken(frame.quantity)
            frame.quantity, frame.negated = None, True
            return True
        self._denies_all_of(token)
        self.negated = not self.negated if self.negated and self._peek_adjacent(-1) else True
        after = self._peek(1)
        end = token.end if after is None or after.separator else after.end
        self.denied = (token.start, end, self.bit)
        return True

    def _denies_reach(self, token: Token) -> bool:
        """«ส่งอีเมลไม่ได้ อยู่กรุงเทพ»: Thai says after it that it can't be, and then a space."""
        start, end = token.start, token.end
        ends = self.form[end : end + 1] == " " or self.form[end : end + 1].isascii()
        return self.form[start:end].endswith("ได้") and self.form[start - 1] != " " and ends

    def _other_source(self) -> bool:
        """«CAAC 上有 Wholesale 標籤,但 MAAC 沒有»: of one source, not of the other."""
        frame = self.sketch.frames[-1] if self.sketch.frames else None
        if frame is None or frame.source in ("", self.source):
            return False
        again = replace(frame, source=self.source, negated=not frame.negated, link="and")
        again.values, again.quotes, again.topics = [*frame.values], [*frame.quotes], [*frame.topics]
        self.sketch.frames.append(again)
        self.source = ""
        return True

    def _denies_one(self, frame: Frame, token: Token) -> bool:
        """«一張單都還沒下過», «注文が1件もない»: not even one."""
        held = frame.quantity
        one = held is not None and (held.number, held.op) == (1, None)
        said = self.form[frame.end : token.start] + self.form[token.start : token.end]
        return one and frame.bit == self.bit and any(word in said for word in ("都", "也", "も"))

    def _peek_adjacent(self, step: int) -> bool:
        token = self._peek(step)
        return token is not None and token.role("not") is not None

    def _on_only_not(self, token: Token, concept: Concept) -> bool:
        """«5回しか買っていない»: five times, and not more."""
        self.only_at = self.clause
        return True

    def _on_not_after(self, token: Token, concept: Concept) -> bool:
        if self.only_at == self.clause:
            self.only_at = -1
            return True
        before = self._peek(-1)
        if before is not None and "next_days" in before.extra and before.end == token.start:
            return True  # あと7日いない: 以内
        if self.current is not None and self.current.clause < self.clause:
            if self.span is not None and self.current.head in ("buy", ENGAGE):
                self.negated = True  # 4月に買ったが5月はまだの人
                return True
            if not self._said_since(self.current):
                return True  # what it denies was not understood, and is named
        if before is not None and self.form[before.start : before.end].endswith("きり"):
            return True  # 1度買ったきり来ていない
        if any(start == self._before() for start, _, _, _ in self.sketch.scope):
            return True  # what was not done is beyond the data
        if self.current is None and "ja" in token.languages:
            self.sketch.rest.append((token.start, token.end, self.bit))  # what it denies is unknown
            return True
        if self.current is None:
            self.negated = True
            return True
        come = self.current.head == "birthday" and self.form[token.start] in "来き"
        told = come or (self.current.negated and self._people_since(self.current))
        if told and not self.form.startswith(("では", "じゃ", "でない", "以外"), token.start):
            self.sketch.rest.append((token.start, token.end, self.bit))
            return True  # 買っていない人がもったいなくて
        if self._denies_one(self.current, token):
            self._taken(self.current.quantity)
            self.current.quantity = None
        frames = [f for f in self.sketch.frames if f.clause == self.clause]
        if self.form.startswith("以外", token.start) and frames[-1:] == [self.current]:
            if len(described := self._one_description(frames)) > 1:
                for frame in described:
                    frame.excluded = True  # 台北の男性以外のプラチナ会員
                self._close()
                self.clause, self.bit = self.clause + 1, self.bit + 1
                return True
        self.current.negated = not self.current.negated
        return True

    def _said_since(self, frame: Frame) -> bool:
        """Whether this clause holds nothing else that could be denied."""
        begun = [t for t in self.tokens[: self.index] if t.start >= frame.end]
        return not any(t.rest or t.extra for t in begun)

    def _one_description(self, frames: list[Frame]) -> list[Frame]:
        """«30代の女性以外»: the last, and what の joins to it."""
        place = len(frames) - 1
        while place and self.form[frames[place - 1].end : frames[place].start] == "の":
            place -= 1
        return frames[place:]

    def _right_after_value(self) -> bool:
        """«VIP除く» at the end of other words leaves out the VIPs alone."""
        token = self._peek(-1)
        return token is not None and bool(token.values)

    def _content_follows(self) -> bool:
        """Whether the clause goes on with something an exclusion could be about."""
        step = 1
        while (token := self._peek(step)) is not None:
            if token.separator or "、" in self.form[token.start : token.end]:
                return False
            before = self._peek(step - 1)
            if before is not None and "(" in self.form[before.end : token.start]:
                return False  # 住台北的不要(他們有活動)
            if token.values or token.quote or token.extra or token.topics or token.rest:
                return True
            if any(
                c.role
                in (
                    "field",
                    "buy",
                    "event",
                    "channel",
                    "vague",
                    "is",
                    "value",
                    "reach",
                    "noun",
                    "note",
                    "interest",
                    "birthday",
                    "source",
                )
                for c in token.concepts
            ):
                return True
            step += 1
        return False
