"""What is not so, and who is left out, by the words before or after."""

from dataclasses import replace

from planner.understand.frames import ENGAGE, Frame
from planner.understand.ranks import Ranks
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept, concepts

_CLOSING = ("以外", "之外")
_LEADS = tuple("は:対条】")
"""What follows «除外» before those who are left out."""
_OUT_OF = ("から", "の中から", "のうちから", "のなかから")
_BESIDES = ("也", "還", "還要", "也要", "還有", "也有", "又", "更")


_TOLD = ("is", "vague", "value", "buy", "event", "field", "reach", "interest", "exclude")
"""Roles of words of which it is known what the contrary is."""


def _lacks(frame: Frame) -> bool:
    return not (frame.values or frame.quotes or frame.topics)


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
        if self.current.negated and self._people_since(self.current) and before is not None:
            if not self.form[before.start : token.end].startswith(("では", "じゃ", "でない")):
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

    def _on_exclude(self, token: Token, concept: Concept) -> bool:
        if self.not_both_at == self.clause:
            return True  # «両方付いてる人は除く» has been heard
        if token.role("reach") is not None and self.channels:
            return False  # メールNG: those who don't want them
        frame, follower = self.current, self._peek(1)
        if frame is not None and frame.head in ("note", "tag") and _lacks(frame):
            if self.form[token.start] == "不" and frame.bit == self.bit:
                self.negated = not self.negated  # 備註不包含「素食」
                return True
        both = follower is not None and follower.role("both") is not None
        if frame is not None and frame.conjunction == "or" and both:
            self._but_not_both(frame)
            return True
        said = self.form[token.start : token.end]
        if self.excluding and said in _CLOSING and self._closes_exclusion():
            return True
        if said == "but not" and follower is not None and follower.role("event"):
            self._flush_forward()
            self.clause += 1
            self.bit += 1
            self.negated, self.turned = True, self.clause  # "claimed it but not redeemed it"
            return True
        before, follows = self._described_before(token), self._content_follows()
        told = any(bit == self.bit for _, _, bit in self.sketch.rest)
        if not before and told and "ja" in token.languages:
            return True  # who is left out was not understood, and is named
        if before and before[-1].head == "value" and self._is_of_where(token):
            before[-1].negated = not before[-1].negated  # 台北以外に住んでいる
            return True
        leads = said == "除外" and self.form[token.end : token.end + 1] in _LEADS
        after = follows and before and "ja" in token.languages and not leads
        if before and (not follows or after):
            if self._right_after_value() and self.current in before:
                before = self._one_description(before)
            start = before[0].link
            for frame in before:
                frame.excluded, frame.left_out_at = True, token.start
            before[0].link = "and" if start == "or" else start
            if after:  # 大阪を除いた女性
                self._close()
                self.clause += 1
                self.bit += 1
        else:
            self._flush_forward()
            self._close()
            self.clause += 1
            self.bit += 1
            self.excluding = True
            self.link = "and"
        return True

    def _is_of_where(self, token: Token) -> bool:
        said = self.form[token.start : token.end] == "以外" and self._right_after_value()
        return said and any(after.role("live") for after in self.tokens[self.index + 1 :][:2])

    def _one_description(self, frames: list[Frame]) -> list[Frame]:
        """«30代の女性以外»: the last, and what の joins to it."""
        place = len(frames) - 1
        while place and self.form[frames[place - 1].end : frames[place].start] == "の":
            place -= 1
        return frames[place:]

    def _closes_exclusion(self) -> bool:
        """«除了台北以外的銀卡會員»: the exclusion that 除了 began ends here."""
        begun = [f for f in self.sketch.frames if f.excluded and f.clause == self.clause]
        if not begun:
            return False
        self._flush_forward()
        self._close()
        following = [t for t in self.tokens[self.index + 1 : self.index + 4] if not t.separator]
        if following and self.form[following[0].start : following[0].end] in _BESIDES:
            for frame in begun:  # 除了買過咖啡之外,也買過保養品
                frame.excluded = False
        self.excluding = False
        self.clause += 1
        self.bit += 1
        return True

    def _described_before(self, token: Token) -> list[Frame]:
        """What was said in this clause, and is left out if the word stands at its end.

        «VIP標籤的 封鎖我們的先剔掉»: Chinese is typed with spaces in place of commas, too.
        """
        before = [f for f in self.sketch.frames if f.clause == self.clause and not f.excluded]
        if not before and self.current is not None and self._right_after_value():
            return [] if self.current.excluded else [self.current]  # 店舗が新宿以外
        if before and "ja" in token.languages:
            listed = [*self._listed_before(before[0]), *self._turned_before(before[0]), *before]
            return self._taken_out_of(listed)
        space = self.form.rfind("的 ", 0, token.start)
        return [f for f in before if f.start > space] or before

    def _turned_before(self, first: Frame) -> list[Frame]:
        """«獲得したが利用していない人を除く»: what was said of the same people before "but"."""
        if self.turned != first.clause or first.head not in ("buy", ENGAGE):
            return []
        held = [f for f in self.sketch.frames if f.clause == first.clause - 1 and not f.excluded]
        start = held[0].start if held else first.start
        between = [t for t in self.tokens[: self.index] if start <= t.start < first.start]
        acts = all(frame.head in ("buy", ENGAGE) for frame in held)
        return held if acts and not any(t.role("person") or t.separator for t in between) else []

    def _taken_out_of(self, frames: list[Frame]) -> list[Frame]:
        """«返品経験者からVIPの人を除いて»: those after から, if it stands between them."""
        begun = [t for t in self.tokens[: self.index] if self.form[t.start : t.end] in _OUT_OF]
        later = [f for f in frames if begun and f.start >= begun[-1].end]
        return later or frames

    def _listed_before(self, first: Frame) -> list[Frame]:
        """«買った人から、Aの人、Bの人、Cの人を除いて»: whom else the list that から began names."""
        begun = [t for t in self.tokens[: self.index] if self.form[t.start : t.end] in _OUT_OF]
        people = self.tokens[self.tokens.index(begun[-1]) - 1] if begun else None
        if people is None or not people.role("person"):
            return []
        frames = (f for f in self.sketch.frames if f.sentence == first.sentence)
        return [f for f in frames if begun[-1].end <= f.start < first.start and not f.excluded]

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
