"""What a segment is for: "to invite them to a VIP night" is no condition."""

import itertools
import re

from planner.understand.counted import is_people
from planner.understand.frames import ENGAGE, Frame
from planner.understand.invited import Invited
from planner.understand.spans import Quantity, Span
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_FOR = ("用に", "のため", "のために")
_THEM = ("them", "they", "these", "those")
_OURS = ("our", "my", "us", *_THEM)
_SAYS = ("buy", "event", "field", "is", "vague", "value", "reach", "interest", "person", "exclude")
"""Roles of words that say something of those who are meant."""
_OURS_TO_ASK = ("oos_sentiment", "oos_weather", "oos_other")
"""What we may ask people about ourselves, beyond the data: a survey of how content they are."""


_WE_DO = re.compile(
    "(?:我們?|老闆|主管|店長|業務|會計|同事|公司|因為|由於|好讓|之後|到時候?|這次|這波|想|打算|準備|先|再)"
    "(?!要?(?:[找撈抓篩列挑拉選]|一下|想要|需要))"
)
"""How a clause of Chinese begins that says what we do ourselves."""
_MORE = (
    "field", "buy", "event", "channel", "vague", "is", "value", "reach", "noun", "note",
    "interest", "birthday", "source", "exclude", "not", "or", "scope", "person", "change",
    "remove", "purpose", "purpose_after",
)  # fmt: skip
"""Roles of words that may say something of customers, or of the plan."""


_CONDITIONS = ("field", "buy", "event", "birthday")
"""Roles of words that a condition with a number or a time begins with."""
_STRETCH = 8
"""Words within which such a condition is whole."""


def _is_measure(token: Token) -> bool:
    """Whether it is a number that is compared, or a stretch of time up to now."""
    quantity, span = token.extra.get("quantity"), token.extra.get("span")
    compared = isinstance(quantity, Quantity) and quantity.op is not None
    return compared or (isinstance(span, Span) and span.led)


def _is_gender(token: Token) -> bool:
    concept = token.role("value")
    return concept is not None and concept.data["field"] == "gender"


def _names_only(frame: Frame) -> bool:
    """Whether it only names a thing, and says nothing of anybody."""
    if frame.head in ("value", "topic", "interest", "quote"):
        return True
    bare = not (frame.quantity or frame.span or frame.recent or frame.negated or frame.values)
    heads = ("birthday", ENGAGE, "tag", "last_interaction", "attribute")
    return bare and frame.head in heads and not frame.events


class Purposes(Invited):
    """Passes over purposes, but not over the people they are said of."""

    def _begins_a_remark(self, token: Token) -> bool:
        """«…,業務要親自拜訪»: a clause of unknown words on what we do, which is no condition."""
        before = self._peek(-1)
        if (before is not None and not before.separator) or not _WE_DO.match(
            self.form, token.start
        ):
            return False
        later = self.tokens[self.index :]
        clause = list(itertools.takewhile(lambda t: not t.separator, later))
        said = self.form[token.start : clause[-1].end]
        told = any(t.values or t.quote or t.extra or t.topics or t.number for t in clause)
        told = told or any(t.requests or any(map(t.role, _MORE)) for t in clause)
        return any(t.rest for t in clause) and not told and said[-1] not in "的者"

    def _resumes(self, token: Token) -> bool:
        """«ชวนมางานเปิดตัว และซื้อเกิน 3 ครั้ง»: after a joint, a whole condition follows.

        Thai has no commas: a space or a connective parts what it is for from what is asked.
        """
        spaced = self.form[max(0, token.start - 1) : token.start] == " "
        if "th" not in token.languages or not (token.role("and") or spaced):
            return False
        begun = self.tokens[self.index + (1 if token.role("and") else 0) :]
        stretch = list[Token]()
        for each in begun[:_STRETCH]:
            joint = each.separator or each.role("and") or each.role("or") or each.role("purpose")
            if joint or (stretch and self.form[each.start - 1] == " " and stretch[-1].extra):
                break
            stretch.append(each)
        heads = (place for place, t in enumerate(stretch) if any(map(t.role, _CONDITIONS)))
        head = next(heads, len(stretch))
        return any(_is_measure(t) for t in stretch[head:])

    def _in_purpose(self, token: Token) -> bool:
        """Whether a token belongs to what the segment is for, which is no condition."""
        if self._resumes(token):
            self.purpose = False
            return False
        if self._is_addressee(token) or self._is_invited(token):
            after = self._peek(1)
            thing = after is not None and bool(after.rest or after.topics)
            self.purpose = thing and self._names_people(token)  # 送老主顧中秋禮
            self.asides = []
            return False
        if token.role("purpose"):
            self._read_invited(token)
            return True
        people = token.role("person") is not None and not self._only_names_people(token)
        if people or token.role("exclude") or token.requests or _is_gender(token):
            self.purpose = False
            described = self._described() if people or _is_gender(token) else []
            for aside in described:
                self._read(aside)
            return people
        self.asides.append(token)
        ours = any(concept.name in _OURS_TO_ASK for concept in token.concepts)
        return token.role("scope") is None or (ours and "th" in token.languages)

    def _is_our_doing(self, token: Token) -> bool:
        """«…, cleaning up our lists»: a clause that begins with what we do."""
        before = self._peek(-1)
        if before is None or not before.separator or not token.rest:
            return False
        clause = itertools.takewhile(lambda t: not t.separator, self.tokens[self.index + 1 :])
        said = [self.form[t.start : t.end] for t in clause]
        return self.form[: token.end].endswith("ing") and any(word in _OURS for word in said)

    def _is_our_verb(self) -> bool:
        """«let's retry those who clicked»: what we do with the people named right after it."""
        before, after = self._peek(-1), self._peek(1)
        said = self.form[before.start : before.end] if before is not None else ""
        people = after is not None and is_people(after)
        return people and said in (
            "let's",
            "lets",
            "let us",
            "i'd like to",
            "we'd like to",
            "we'll",
        )

    def _on_purpose(self, token: Token, concept: Concept) -> bool:
        self._start_purpose()
        return True

    def _start_purpose(self) -> None:
        self._flush_forward()
        self.purpose, self.asides = True, []
        frames, rest, *_ = self.since
        season = (self.tokens[self.index].start, "oos_weather")
        self.sketch.scope = [s for s in self.sketch.scope if (s[1], s[2].name) != season]
        if len(self.sketch.frames) == frames and frames:
            del self.sketch.rest[rest:]  # «…, CS wants to send an apology»
        if self.span is not None and self.span_bit == self.bit:  # "next month we'll open …"
            self.span = None
            self.measured = [m for m in self.measured if m[2] != self.bit]

    def _on_intent(self, token: Token, concept: Concept) -> bool:
        """«we want to pitch …», "my team will call them": what we would do, as its verb is unknown.

        Otherwise it may lead to what is asked: "we want to see …".
        """
        ahead = list(itertools.takewhile(lambda t: not t.separator, self.tokens[self.index + 1 :]))
        first = next((t for t in ahead if not t.role("fill")), None)
        them = any(self.form[t.start : t.end] in _THEM for t in ahead)
        told = any(t.values or t.extra or any(map(t.role, _SAYS)) for t in ahead)
        ours = first is not None and (first.rest or (first is ahead[0] and first.role("event")))
        if ours or (first is not None and them and not told):
            return self._on_purpose(token, concept)
        return True

    def _on_purpose_after(self, token: Token, concept: Concept) -> bool:
        """«VIPナイトにご招待»: names just before it say what the segment is for."""
        ahead = (t for t in self.tokens[self.index + 1 :] if not t.role("fill"))
        done = next(ahead, None)
        if token.role("noun") and done is not None and done.role("event"):
            return False  # 最近のプロモーションをクリックした人
        if self.form[token.start : token.end] in _FOR and not self._ends_clause(token):
            return False  # 犬用に買った
        frames, rest, channels = self.since
        addressed, end = self._addressed()
        said = self.sketch.frames[max(frames, addressed) :]
        if all(_names_only(frame) for frame in said):
            # «食べログに口コミ書いてくれたお客さんに配信したい»: said of those who are addressed
            scope = self.sketch.scope
            self.sketch.scope = [s for s in scope if s[3] != self.bit or s[0] < end]
        if addressed > frames:
            if all(_names_only(frame) for frame in said):
                del self.sketch.frames[addressed:]
                self.sketch.rest = [place for place in self.sketch.rest if place[0] < end]
        elif all(_names_only(frame) for frame in said):
            del self.channels[channels:]
            self.noun, self.described, self.described_topics = "", [], []
            del self.sketch.frames[frames:]
            del self.sketch.rest[rest:]
            self.measured = [m for m in self.measured if m[2] != self.bit]
            self.span = None if self.span_bit == self.bit else self.span
            self._close()
        return True

    def _ends_clause(self, token: Token) -> bool:
        after = self._peek(1)
        return after is None or bool(after.separator)

    def _on_wish(self, token: Token, concept: Concept) -> bool:
        """«ギャップ層を分析したい»: the unknown word is what the asker would do, no condition.

        Before people it is what they would do themselves: 結婚したい人.
        """
        after = self._peek(1)
        people = after is not None and after.role("person") is not None
        rest, end = self.sketch.rest, token.start
        if rest and not people and self._joins(rest[-1][1], end):
            end = rest.pop()[0]
        last = self.sketch.frames[-1] if self.sketch.frames else None
        if last is not None and not people and last.head == "topic":
            if self._joins(last.end, end):  # 冬のボーナス商戦に向けて
                self.sketch.frames.pop()
                self._close()
        return True

    def _joins(self, start: int, end: int) -> bool:
        return self.form[start:end].strip() in ("", "を", "に", "が", "も", "で", "など", "の")

    def _addressed(self) -> tuple[int, int]:
        """«VIPに案内を送りたい»: how many frames are the audience, and where they end."""
        words = ("に", "へ", "宛", "向けに", "様に")
        said = (t for t in self.tokens[: self.index][::-1])
        to = next((t.start for t in said if self.form[t.start : t.end] in words), -1)
        return sum(frame.start < to for frame in self.sketch.frames), to

    def _set_boundary(self) -> None:
        self.since = (len(self.sketch.frames), len(self.sketch.rest), len(self.channels))

    def _read(self, token: Token) -> None:
        raise NotImplementedError

    def _rest(self, token: Token) -> None:
        raise NotImplementedError
