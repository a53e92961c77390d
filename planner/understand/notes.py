"""Notes and what they are searched for, and the sources of notes and tags."""

import itertools
import re
from dataclasses import replace

from planner.understand.frames import Frame
from planner.understand.manners import Manners
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

EACH_SOURCE = "each"
"""Stands for both sources, until the frame is one of each."""
_DONE = re.compile("[過有沒了]")
"""What makes an act of a word: 退過貨 beside 退貨."""


_WRITTEN = re.compile("[書記]|メモ|入力")
_NOTED = ("field", "event", "scope", "is", "buy")
"""Roles of words that may be what a note is about."""

_ON = ("", "の", "に", "には", "で", "では", "側", "側の", "側に", "側で", "的", "上的", "裡的")
"""What stands between a source and the note or tag that it is of."""


def _may_be_noted(token: Token) -> bool:
    said = token.topics or token.rest or token.values or any(map(token.role, _NOTED))
    small = token.role("fill") is not None and not token.topics
    return bool(said) and not (token.extra or token.role("person") or small)


def _is_had(token: Token) -> bool:
    """Whether it is one of the words that say that something is had or lacks."""
    return any(map(token.role, ("fill", "not_after", "mention", "compare_after")))


def _is_small(token: Token) -> bool:
    return token.role("fill") is not None and not token.role("and")


def _has_source(frame: Frame) -> bool:
    tagged = frame.head == "value" and frame.values[-1][0] == "tag"
    return tagged or frame.head in ("tag", "note")


class Notes(Manners):
    """Reads notes and sources."""

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

    def _on_source(self, token: Token, concept: Concept) -> bool:
        frame, source = self.current, concept.data["source"]
        if (joined := self._joins_sources(source)) is not None:
            if frame is not None and frame.source not in ("", source):
                frame.source = joined
            else:
                self._take_source(joined)
            return True
        before = self.sketch.frames[-1] if self.sketch.frames else None
        if before is not None and self._has_another(before, source) and _has_source(before):
            if self._names_other_source(before, source) or self._is_said_of(before, token, source):
                return True
        if self.link == "or" and self.source not in ("", source):
            self.source, self.link = "", "and"  # MAACかCAACのどちらかで
            return True
        if self.joined and self.source not in ("", source) and "th" in token.languages:
            self.sketch.rest.append((token.start, token.end, self.bit))  # ใน MAAC และ CAAC มีแท็ก…
        self._take_source(source)
        return True

    def _take_source(self, source: str) -> None:
        """Give it to the note or tag at hand, or keep it for the one to come."""
        frame = self.current
        held = frame is not None and _has_source(frame) and frame.clause == self.clause
        if frame is not None and held and not self._leads_another(frame):
            frame.source, frame.source_last = source, bool(frame.values)
        else:
            self.source = source

    @staticmethod
    def _part_sources(frames: list[Frame]) -> None:
        """«VIP 標籤 MAAC 跟 CAAC 都有»: the tag of either source."""
        for place, frame in reversed(list(enumerate(frames))):
            if frame.source == EACH_SOURCE:
                parts = [replace(frame, source=source) for source in ("maac", "caac")]
                parts[1].link = "and"
                frames[place : place + 1] = parts

    def _joins_sources(self, source: str) -> str | None:
        """«MAAC 跟 CAAC 都有»: each of them; «MAAC、CAAC 的», without "both": either."""
        joint, other = self._peek(-1), self._peek(-2)
        named = other.role("source") if other is not None else None
        if joint is None or named is None or named.data["source"] == source:
            return None
        if joint.languages == {"th"}:
            return None  # which tells them apart by what surrounds them
        if not (joint.role("and") or self.form[joint.start : joint.end].strip() in "、/&+と"):
            return None
        coming = self.tokens[self.index + 1 :][:2]
        both = any(t.role("both") or self.form[t.start] == "都" for t in coming)
        return EACH_SOURCE if both or self.both else ""

    def _leads_another(self, frame: Frame) -> bool:
        """«備註有「客訴」或 MAAC 有 Skincare 標籤»: whose note or tag comes next."""
        coming = (t for t in self.tokens[self.index + 1 :] if not t.role("fill"))
        after = next(coming, None)
        if after is None or after.separator:
            return False
        between = self.form[self.tokens[self.index].end : after.start].strip()
        told = bool(frame.values or frame.quotes or frame.topics) and between in _ON
        told = told and (frame.head != "note" or bool(after.values))
        if frame.bit == self.bit and not told:
            return False
        return bool(after.values or after.quote or after.role("note") or after.role("noun"))

    def _has_another(self, frame: Frame, source: str) -> bool:
        """Whether it was said of another source, or of any, and this one is left out."""
        left_out = (self.excluding or self.negated) and not (frame.excluded or frame.negated)
        return frame.source not in ("", source) or (not frame.source and left_out)

    def _is_said_of(self, frame: Frame, token: Token, source: str) -> bool:
        """«MAACにはVIPタグがあるがCAACにはない», «…、CAACにもある»: the same of another source."""
        too = self.form.startswith(("にも", "でも", "も"), token.end)
        too = too or frame.negated or frame.clause < self.clause
        if "ja" not in token.languages or not too:
            return False
        small = list(itertools.takewhile(_is_had, self.tokens[self.index + 1 :]))
        after = self._peek(len(small) + 1)
        ends = after is None or after.separator or after.role("person") or after.role("and")
        if not (small and ends):
            return False
        denied = any(t.role("not_after") for t in small)
        if frame.clause == self.clause and not frame.negated and denied:
            frame.source = ""  # MAACにもCAACにもない
            return True
        again = replace(frame, source=source, negated=False, link="and", clause=self.clause)
        again.values, again.quotes, again.topics = [*frame.values], [*frame.quotes], [*frame.topics]
        self.sketch.frames.append(again)
        self.current = again
        return True

    def _names_other_source(self, frame: Frame, source: str) -> bool:
        """«tagged VIP in MAAC but not in CAAC», "in MAAC or CAAC": what was said, of another."""
        coming = (t for t in self.tokens[self.index + 1 :] if not t.role("fill"))
        follower = next(coming, None)
        if follower is not None and (
            follower.values or follower.role("noun") or follower.role("note")
        ):
            return False  # "…, and the CAAC tag KOL"
        if self.link == "or":
            frame.source, self.link = "", "and"
            return True
        said = next((t for t in self.tokens[: self.index][::-1] if not _is_small(t)), None)
        both = said is not None and said.role("and") is not None and bool(frame.values)
        both = both and "และ" in self.form[frame.start : self.tokens[self.index].start]
        if not (self.negated or self.excluding or both):
            return False  # not «แท็ก VIP ทั้งใน MAAC และ CAAC»
        again = replace(frame, source=source, excluded=self.excluding, link="and")
        again.values, again.quotes, again.topics = [*frame.values], [*frame.quotes], [*frame.topics]
        if self.negated:
            again.negated, self.negated = not frame.negated, False
        self.sketch.frames.append(again)
        return True
