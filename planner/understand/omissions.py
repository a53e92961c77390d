"""Who is left out: «except those who …», ใครที่…ตัดออก, …の人を除く."""

from planner.understand.frames import ENGAGE, Frame
from planner.understand.negations import Negations
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_CLOSING = ("以外", "之外")
_LEADS = tuple("は:対条】")
"""What follows «除外» before those who are left out."""
_LEADING = (
    "minus",
    "barring",
    "excluding",
    "except",
    "save for",
    "apart from",
    "without",
    "leaving out",
    "other than",
)
"""How a request begins with those who are left out."""
_OUT_OF = ("から", "の中から", "のうちから", "のなかから")
_WHOM = ("person", "is", "vague", "value")
"""Roles of words for those out of whom somebody is left: 未購入者から, 休眠客から."""
_BESIDES = ("也", "還", "還要", "也要", "還有", "也有", "又", "更")


def _begins_people(token: Token, form: str) -> bool:
    """Whether who they are is said next: คนที่, ใครที่, พวกที่, ลูกค้า."""
    said = form[token.start : token.end]
    return said in ("ใคร", "คน", "พวก") or (token.role("person") is not None and len(said) > 1)


def _joins_people(token: Token) -> bool:
    but = any(concept.name == "but" for concept in token.concepts)
    return token.role("or") is not None or (token.role("and") is not None and not but)


def _lacks(frame: Frame) -> bool:
    return not (frame.values or frame.quotes or frame.topics)


def left_out_at_once(tokens: list[Token]) -> list[Token]:
    """The tokens where there is no plan yet, so that "skip Osaka" can take nothing off it."""
    return [_as_exclusion(token, tokens, place) for place, token in enumerate(tokens)]


def _as_exclusion(token: Token, tokens: list[Token], place: int) -> Token:
    other = token.role("exclude") or token.role("not")  # "without the VIP tag"
    if not token.role("remove") or other or "en" not in token.languages:
        return token
    ahead = (t for t in tokens[place + 1 : place + 4] if t.separator or not t.role("fill"))
    named = next(ahead, None)
    takes = named is not None and bool(named.values)
    return token.meant_as("exclude") if takes else token


class Omissions(Negations):
    """Reads words of exclusion, before or after those who are left out."""

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

    def _separator(self, token: Token) -> None:
        super()._separator(token)
        led = self.excluding and token.separator == ","
        if not led or not self.form.startswith(_LEADING, self.tokens[0].start):
            return
        coming = self.tokens[self.index + 1 : self.index + 4]
        follower = next((t for t in coming if not self._is_small(t)), None)
        if follower is not None and all(f.excluded for f in self.sketch.frames):
            said = self.form[token.end : follower.end].split()[:1]
            if follower.role("person") or said in (["all"], ["only"], ["just"]):
                self.excluding, self.comma_after = False, -1  # "barring Osaka, all women"

    def _is_small(self, token: Token) -> bool:
        return token.role("fill") is not None and not token.role("person")

    def _is_of_where(self, token: Token) -> bool:
        said = self.form[token.start : token.end] == "以外" and self._right_after_value()
        return said and any(after.role("live") for after in self.tokens[self.index + 1 :][:2])

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
        if before and "th" in token.languages:
            return self._last_people(before)
        space = self.form.rfind("的 ", 0, token.start)
        return [f for f in before if f.start > space] or before

    def _last_people(self, frames: list[Frame]) -> list[Frame]:
        """«แจกให้ Platinum ใครที่คืนของตัดออก»: those named last, and whom a joint adds to them."""
        joins = [place for place, t in enumerate(self.tokens[: self.index]) if _joins_people(t)]
        people = [t.start for t in self.tokens[: self.index] if _begins_people(t, self.form)]
        for place in reversed(range(len(people))):
            begun = any(people[place - 1] < self.tokens[j].start < people[place] for j in joins)
            if not (place and begun):
                return [f for f in frames if f.start >= people[place]] or frames
        return frames

    def _turned_before(self, first: Frame) -> list[Frame]:
        """«獲得したが利用していない人を除く»: what was said of the same people before "but"."""
        if self.turned != first.clause or first.head not in ("buy", ENGAGE):
            return []
        held = [f for f in self.sketch.frames if f.clause == first.clause - 1 and not f.excluded]
        start = held[0].start if held else first.start
        between = [t for t in self.tokens[: self.index] if start <= t.start < first.start]
        if any(t.separator for t in between):
            return []
        people = [t for t in between if t.role("person")]
        last = people[-1].end if people else 0
        acts = all(frame.head in ("buy", ENGAGE) for frame in held if frame.start >= last)
        listed = self.form[last : last + 1] in ("と", "や")  # 購入した人と獲得したが…
        return [f for f in held if listed or f.start >= last] if acts else []

    def _taken_out_of(self, frames: list[Frame]) -> list[Frame]:
        """«返品経験者からVIPの人を除いて»: those after から, if it stands between them."""
        begun = [t for t in self.tokens[: self.index] if self.form[t.start : t.end] in _OUT_OF]
        later = [f for f in frames if begun and f.start >= begun[-1].end]
        return later or frames

    def _listed_before(self, first: Frame) -> list[Frame]:
        """«買った人から、Aの人、Bの人、Cの人を除いて»: whom else the list that から began names."""
        begun = [t for t in self.tokens[: self.index] if self.form[t.start : t.end] in _OUT_OF]
        people = self.tokens[self.tokens.index(begun[-1]) - 1] if begun else None
        if people is None or not (people.values or any(map(people.role, _WHOM))):
            return []
        frames = (f for f in self.sketch.frames if f.sentence == first.sentence)
        return [f for f in frames if begun[-1].end <= f.start < first.start and not f.excluded]
