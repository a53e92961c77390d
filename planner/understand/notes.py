"""Notes and what they are searched for."""

import itertools
import re

from planner.understand.frames import Frame
from planner.understand.sources import Sources
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_DONE = re.compile("[過有沒了]")
"""What makes an act of a word: 退過貨 beside 退貨."""


_WRITTEN = re.compile("[書記]|メモ|入力")
_NOTED = ("field", "event", "scope", "is", "buy")
"""Roles of words that may be what a note is about."""


def _may_be_noted(token: Token) -> bool:
    said = token.topics or token.rest or token.values or any(map(token.role, _NOTED))
    small = token.role("fill") is not None and not token.topics
    return bool(said) and not (token.extra or token.role("person") or small)


class Notes(Sources):
    """Reads notes."""

    def _on_note(self, token: Token, concept: Concept) -> bool:
        frame = self.current
        if frame is None or frame.head != "note":
            noted = "en" in token.languages and self._says_what_is_noted(token)
            if noted or ("ja" in token.languages and self._noted_before(token)):
                return True
            if frame is not None and frame.head == "quote" and frame.clause == self.clause:
                frame.head = "note"
                return True
            self._open("note", token, concept)
        return True

    def _says_what_is_noted(self, token: Token) -> bool:
        """«a complaint note», "allergy notes": the word before is what the note holds."""
        before, frame, rest = self._peek(-1), self.current, self.sketch.rest
        if before is None or self.form[before.end : token.start] != " " or before.separator:
            return False
        if not (before.values or before.topics or before.rest):
            return False
        tagged = frame is not None and frame.head in ("value", "topic") and frame.end == before.end
        if tagged and frame is not None and len(frame.values) < 2:
            self.sketch.frames.remove(frame)
        elif before.rest and rest and rest[-1][:2] == (before.start, before.end):
            rest.pop()
        else:
            return False
        self._close()
        opened = self._open("note", token)
        opened.topics, opened.start = [(before.start, before.end)], before.start
        if tagged and frame is not None:
            opened.negated, opened.link = frame.negated, frame.link
        return True

    def _noted_before(self, token: Token) -> bool:
        """«返金のメモがある», «配送遅延のメモあり»: the word before の is what the note holds."""
        of, last = self._peek(-1), self._peek(-2)
        if of is None or last is None or self.form[of.start : of.end] != "の":
            return False
        if not _may_be_noted(last) or last.end != of.start or self._keyword_follows():
            return False
        return self._hold(token, self.index - 2)

    def _hold(self, token: Token, place: int) -> bool:
        """Make what stands at a place, and right before it, the words that notes hold."""
        last = self.tokens[place]
        while place and _may_be_noted(self.tokens[place - 1]):
            if self.tokens[place - 1].end != self.tokens[place].start:
                break
            place -= 1
        start, sketch = self.tokens[place].start, self.sketch
        told = [frame for frame in sketch.frames if frame.start >= start]
        if any(frame.quantity or frame.span for frame in told):
            return False
        sketch.frames = [frame for frame in sketch.frames if frame.start < start]
        sketch.rest = [words for words in sketch.rest if words[0] < start]
        sketch.scope = [words for words in sketch.scope if words[0] < start]
        said = (t for t in self.tokens[:place][::-1] if not t.separator)
        joint = next(said, None)
        self.link = "or" if joint is not None and joint.role("or") else self.link
        self.link = told[0].link if told else self.link
        opened = self._open("note", token)
        opened.topics, opened.start = [(start, last.end)], start
        return True

    def _written_before(self, token: Token) -> bool:
        """«ただしクレームと書いてある人は除く»: the word before と is what a note holds."""
        said = self.form[token.start : token.end]
        noted = any(frame.head == "note" for frame in self.sketch.frames)
        if not (noted or _WRITTEN.search(said)):
            return False
        step = -1 if said.startswith(("と", "って")) else -2
        before, particle = self._peek(step), self._peek(-1)
        of = particle is not None and self.form[particle.start : particle.end] in ("と", "って")
        if before is None or not (step == -1 or of) or not _may_be_noted(before):
            return False
        return self._hold(token, self.index + step)

    def _keyword_follows(self) -> bool:
        """«クレームのメモに「返金」とある»: whether it is said what the notes hold."""
        coming = self.tokens[self.index + 1 : self.index + 5]
        near = itertools.takewhile(lambda t: not (t.separator or t.role("person")), coming)
        return any(t.quote or t.topics or t.values or t.rest for t in near)

    def _on_mention(self, token: Token, concept: Concept) -> bool:
        frame = self.current
        if frame is not None and frame.head == "quote" and frame.bit == self.bit:
            frame.head = "note"  # 「敏感肌」とメモされている
        if frame is None or frame.head != "note":
            return "ja" in token.languages and self._written_before(token)
        if "en" in token.languages and frame.bit < self.bit and (frame.topics or frame.quotes):
            return False  # "a note about refund and don't have …"
        if (frame.quotes or frame.topics) and self._mentions_more():
            source = frame.source
            self._open("note", token).source = source
            return True  # 備註沒有提到過敏也沒有提到懷孕
        if not frame.quotes:
            self._adopt_not(frame)  # โน้ตไม่มีคำว่า…
        return True

    def _mentions_more(self) -> bool:
        """Whether another keyword has a verb of its own, after a joining word."""
        small = ("fill", "not", "mention")
        said = (t for t in self.tokens[: self.index][::-1])
        before = next((t for t in said if t.role("and") or not any(map(t.role, small))), None)
        after = self._peek(1)
        content = after is not None and bool(after.rest or after.quote or after.topics)
        joined = before is not None and bool(before.role("and") or before.role("or"))
        chinese = "zh-Hant" in self.tokens[self.index].languages
        return content and (joined or self.negated) and chinese

    def _ends_keywords(self, frame: Frame) -> bool:
        """«備註寫過敏的媽媽»: who it is said of comes after 的."""
        before, after = self._peek(-1), self._peek(1)
        of = before is not None and self.form[before.start : before.end] in ("的", "過的")
        last = after is None or bool(after.separator) or after.role("person") is not None
        return of and last and bool(frame.topics or frame.quotes)

    def _lists_keywords(self, frame: Frame, token: Token) -> bool:
        """«備註提到批發或團購»: one word more, and no more than that."""
        before, after = self._peek(-1), self._peek(1)
        listed = before is not None and before.role("or") and frame.topics
        if token.role("mention") and self._mentions_more():
            return False
        if not listed or frame.topics[-1][1] != before.start:  # type: ignore[union-attr]
            return False
        if after is not None and after.rest and after.start == token.end:
            after = self._peek(2)  # 換貨
        thai = "th" in token.languages and not token.rest
        if thai and any(map(token.role, ("not", "is", "buy", "event", "field", "reach", "live"))):
            return False  # โน้ตพูดถึง refund หรือไม่ได้อยู่กรุงเทพ
        further = self._peek(2)
        if token.role("noun") and further is not None and further.values:
            return False  # 備註提到過敏或是城市在曼谷
        ends = after is None or after.separator or after.role("person") or after.role("fill")
        return bool(ends) and not _DONE.search(self.form[token.start : token.end])
