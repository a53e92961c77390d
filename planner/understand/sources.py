"""The sources of notes and tags, MAAC and CAAC, and of which of them a source is."""

import itertools
from dataclasses import replace

from planner.understand.frames import Frame
from planner.understand.manners import Manners
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

EACH_SOURCE = "each"
"""Stands for both sources, until the frame is one of each."""
_ON = ("", "の", "に", "には", "で", "では", "側", "側の", "側に", "側で", "的", "上的", "裡的")
"""What stands between a source and the note or tag that it is of."""


def _is_had(token: Token) -> bool:
    """Whether it is one of the words that say that something is had or lacks."""
    return any(map(token.role, ("fill", "not_after", "mention", "compare_after")))


def _has_source(frame: Frame) -> bool:
    tagged = frame.head == "value" and frame.values[-1][0] == "tag"
    return tagged or frame.head in ("tag", "note")


def _is_small(token: Token) -> bool:
    return token.role("fill") is not None and not token.role("and")


class Sources(Manners):
    """Reads sources."""

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

    def _find_lost_source(self) -> None:
        """«…、ただしCAACのほうで»: a source that no tag or note took."""
        said = [token for token in self.tokens if token.role("source")]
        if self.source and len(said) == 1:
            self.sketch.loose.append((said[0].start, said[0].end, self.bit))

    def _take_source(self, source: str) -> None:
        """Give it to the note or tag at hand, or keep it for the one to come."""
        frame = self.current
        held = frame is not None and _has_source(frame) and frame.clause == self.clause
        if frame is not None and held and not self._leads_another(frame):
            frame.source, frame.source_last = source, bool(frame.values)
        else:
            self.source = source

    def _part_sources(self, frames: list[Frame]) -> None:
        """«VIP 標籤 MAAC 跟 CAAC 都有»: the tag of either source."""
        self._find_lost_source()
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
