"""Whose time a stretch of time is: of the act before, of the one to come, of a birthday."""

import itertools
from typing import Final

from planner.understand.counted import Counted
from planner.understand.frames import ENGAGE, Frame
from planner.understand.spans import Quantity, Span
from planner.understand.tokens import Token

_MOMENTS: Final = ("first_purchase", "last_purchase", "joined_at")
_AFTER: Final = ("から", "後", "後の", "から、", "後、")
"""What follows an act that a time is told from."""
_NEXT: Final = ("然後", "而後", "最後", "隨後")
"""What ends like it and only goes on."""
_FAR: Final = 4
"""Letters between an act and such a time, at most."""
_DONE: Final = ("buy", "event", "field", "is")
_IS: Final = ("", "在", "是", "是在", "於", "為", "落在")


def _counts_orders(token: Token) -> bool:
    quantity = token.extra.get("quantity")
    return isinstance(quantity, Quantity) and quantity.unit == "orders"


def month_of(span: Span) -> int | None:
    """The month of a time, if it is one."""
    return span.month or span.of_month


class Times(Counted):
    """Tells what times belong to."""

    def _is_relative(self, span: Span) -> bool:
        """«within 30 days of joining»: a time told from something else that was done."""
        if not span.ago and (self._is_told_from_an_act() or self._is_after_an_act()):
            return True
        of, act = self._peek(1), self._peek(2)
        if of is None or act is None or self.form[of.start : of.end] not in ("of", "after"):
            return False
        small = act.role("fill") and not any(map(act.role, ("buy", "field", "event")))
        act = self._peek(3) if small else act
        return act is not None and any(map(act.role, ("buy", "field", "event", "is")))

    def _is_after_an_act(self) -> bool:
        """«ภายใน 30 วันหลังสมัคร», «30 วันหลังจากซื้อครั้งแรก»."""
        token, after = self.tokens[self.index], self._peek(1)
        said = self.form[after.start : after.end] if after is not None else ""
        if said in ("หลัง", "หลังจาก", "นับจาก", "นับตั้งแต่"):
            after = self._peek(2)
        elif not self.form[token.start : token.end].endswith("หลัง"):
            return False
        return after is not None and any(map(after.role, _DONE))

    def _is_told_from_an_act(self) -> bool:
        """«購入から30日以内に返品した», «入会後1週間以内に買った»."""
        token = self.tokens[self.index]
        said, words = self.form[: token.start], self.form[token.start : token.end]
        after = said.endswith(_AFTER) and not said.endswith(_NEXT)
        before = (t for t in self.tokens[: self.index][::-1] if not t.role("fill"))
        act, done = next(before, None), self._next_said()
        if not after or act is None or done is None or token.start - act.end > _FAR:
            return False
        told = not words.endswith("で")  # 入会から半年以内で…
        return told and any(map(act.role, _DONE)) and any(map(done.role, _DONE))

    def _next_said(self) -> Token | None:
        """The next token that is no small word."""
        coming = self.tokens[self.index + 1 :]
        return next((t for t in coming if any(map(t.role, _DONE)) or not t.role("fill")), None)

    def _is_another_time(self, frame: Frame, span: Span) -> bool:
        """«bought in May and in June»: the same at another time."""
        held = frame.span
        if frame.head not in ("buy", ENGAGE) or held is None or frame.bit == self.bit:
            return False
        between = [t for t in self.tokens[: self.index] if t.start >= frame.end]
        small = all(any(map(t.role, ("fill", "and", "or"))) and not t.separator for t in between)
        ahead = self._peek(1)
        ends = ahead is None or ahead.separator or ahead.role("and") or ahead.role("person")
        return held.named and span.named and small and bool(ends) and not self.negated

    def _joins_times(self) -> bool:
        """«今月も先月も買った», «3月と4月の両方»: at both times."""
        before, after = self._peek(-1), self._peek(1)
        if after is not None and self.form[after.start : after.end] == "に":
            after = self._peek(2)  # 4月にも5月にも
        said = [t is not None and self.form[t.start : t.end] for t in (before, after)]
        both = any(t.role("both") for t in self.tokens[self.index + 1 :][:3])
        return said == ["も", "も"] or (said[0] == "と" and both)

    def _is_said_of_birthday(self, span: Span) -> bool:
        frame = self.current
        birthday = frame is not None and frame.head == "birthday" and frame.bit == self.bit
        if frame is None or not birthday or month_of(span):
            return False
        return not self._people_since(frame)

    def _people_since(self, frame: Frame) -> bool:
        """«今月が誕生日の人で過去45日間に…»: whether people have been named since then."""
        said = itertools.takewhile(lambda t: t.start >= frame.end, self.tokens[: self.index][::-1])
        return any(token.role("person") for token in said)

    def _leads_clause(self) -> bool:
        """Whether a time begins its clause and an act comes after it: «…,然後今年至少買3次»."""
        begun = itertools.takewhile(lambda t: not t.separator, self.tokens[: self.index][::-1])
        if not all(token.role("fill") or token.role("and") for token in begun):
            return False
        coming = itertools.takewhile(lambda t: not t.separator, self.tokens[self.index + 1 :])
        return any(t.role("buy") or t.role("event") or _counts_orders(t) for t in coming)

    def _is_since(self, frame: Frame | None) -> bool:
        if frame is None or frame.clause != self.clause:
            return self.recent
        asked = frame.concept.data if frame.concept is not None else {}
        new = frame.head == "vague" and asked["high"] and asked["slot"].endswith(".window")
        lacking = frame.negated and frame.head == "buy"
        return self.recent or frame.recent or new or lacking

    def _is_further_month(self, head: str, held: Span | None, span: Span) -> bool:
        """«birthday in May or June»: one month more."""
        if head != "birthday" or held is None or not (month_of(held) and month_of(span)):
            return False
        return held.day is None and span.day is None and not self._act_comes()

    def _act_comes(self) -> bool:
        """Whether the time is that of an act right after it."""
        later = self.tokens[self.index + 1 :]
        coming = itertools.takewhile(lambda t: self.form[t.start : t.end] != "who", later)
        act = next((t for t in coming if not (t.role("fill") or t.role("not"))), None)
        return act is not None and any(map(act.role, ("buy", "event", "is", "field", "vague")))

    def _birthday_follows(self) -> bool:
        return any(t.role("birthday") or t.role("field") for t in self.tokens[self.index :][:4])

    def _head_follows(self, frame: Frame) -> bool:
        """Whether the time belongs to the act that comes next (as Chinese and Japanese say it)."""
        before = self._peek(-1)
        timed = frame.head == "vague" and str(frame.concept and frame.concept.data["slot"])
        moment = frame.head in _MOMENTS or (timed and timed.endswith(".window"))
        if moment and frame.end == self.tokens[self.index].start:
            return False  # 首購滿 30 天還沒回購, 沉睡半年的老客
        between = self.form[frame.end : self.tokens[self.index].start]
        latest = frame.concept is not None and bool(frame.concept.data.get("latest"))
        if (latest or frame.head in (*_MOMENTS, "birthday")) and between in _IS:
            return False  # 最後互動在半年前的大戶
        if before is not None and frame.end in (before.start, before.end):
            led = self.form[: before.end].endswith(("が", "は", "から", "後"))
            if led and frame.values == [] and not frame.events:
                return False  # 初回購入日が2026年3月以降の新規顧客
        token = self._peek(1)
        step = 1
        while token is not None and not token.separator:
            filler = token.role("fill") or token.role("within")
            small = bool(filler) and not (token.values or token.role("and"))
            counted = "quantity" in token.extra or bool(token.values)
            counted = counted and frame.end < self.tokens[self.index].start
            if token.role("not") or small or (counted and self._is_kana(frame.end, token.start)):
                step += 1
                token = self._peek(step)
                continue
            break
        if token is None or token.separator or token.role("and") or self._set_off_after():
            return False
        asian = (
            not self.form[token.start].isascii()
            and not "\u0e00" <= self.form[token.start] <= "\u0e7f"
        )
        acts = ("buy", "event", "field", "vague", "is", "channel", "scope")
        asian = asian or self._leads_thai(token) or self._is_kana(frame.end, token.start)
        return asian and any(c.role in acts for c in token.concepts)

    def _is_kana(self, start: int, end: int) -> bool:
        """Whether a text of Japanese stands there: …使っていて、過去90日に2回以上返品した."""
        return any("ぁ" <= char <= "ん" for char in self.form[start:end])

    def _set_off_after(self) -> bool:
        """«首購在3月之後 加入超過一年»: Chinese is typed with spaces in place of commas, too."""
        said, after, before = self.tokens[self.index], self._peek(1), self._peek(-1)
        behind = self.form[said.end : after.start] if after is not None else ""
        ahead = self.form[before.end : said.start] if before is not None else " "
        return behind == " " and ahead == "" and self.form[said.end + 1] >= "\u3400"

    def _leads_thai(self, head: Token) -> bool:
        """«โดยในช่วง 6 เดือนที่ผ่านมาคืนสินค้า»: after a connective, and right before the act."""
        said, before = self.tokens[self.index], self._peek(-1)
        words = self.form[before.start : before.end] if before is not None else ""
        return head.start == said.end and words in ("โดย", "และ", "แต่", "ซึ่ง", "โดยที่")
