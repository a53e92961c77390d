"""Which frame a number or a stretch of time belongs to, and which two numbers are one range."""

import itertools
from dataclasses import replace
from typing import Final

from planner.fields import Op
from planner.understand.counted import Counted
from planner.understand.frames import Frame
from planner.understand.spans import Quantity, Span
from planner.understand.tokens import Token

_MOMENTS: Final = ("first_purchase", "last_purchase", "joined_at")
_IS: Final = ("", "在", "是", "是在", "於", "為", "落在")
_LOW: Final = (Op.GE, Op.GT)
_HIGH: Final = (Op.LE, Op.LT)


def _counts_orders(token: Token) -> bool:
    quantity = token.extra.get("quantity")
    return isinstance(quantity, Quantity) and quantity.unit == "orders"


def _month(span: Span) -> int | None:
    return span.month or span.of_month


class Measured(Counted):
    """Reads measures."""

    def _measure(self, token: Token) -> None:
        quantity = token.extra.get("quantity")
        clause, op = self.compared
        if isinstance(quantity, Quantity) and quantity.op is None and clause == self.clause:
            quantity, self.compared = replace(quantity, op=op), (-1, None)
        span = token.extra.get("span")
        days = token.extra.get("next_days")
        self.measured.append((token.start, token.end, self.bit, quantity or span or days))
        where = self.clause, self.sentence, self.bit, self.group
        self.places[token.start] = (*where, self.link, self.excluding)
        if isinstance(quantity, Quantity):
            self.quantity_bit = self.bit
            self._take_quantity(token, quantity)
        elif isinstance(span, Span) and self._is_relative(span):
            self.measured.pop()
            self._rest(token)
        elif isinstance(span, Span):
            self._take_span(span)
        elif isinstance(days, int):
            self._take_next(days, token)
        if self.current is not None:
            self.current.end = max(self.current.end, token.end)

    def _take_quantity(self, token: Token, quantity: Quantity) -> None:
        frame = self.current
        self._bought_before(quantity)
        if self._says_no_number(token, quantity):
            self._taken(quantity)
        elif self._is_sum(quantity):
            self._open("total_spending", token).quantity = quantity
        elif self._is_price(token, quantity):
            self._open("highest_product_price", token).quantity = quantity
        elif self._counts_attribute():
            self.quantity = quantity  # "more than 2,000 loyalty points"
            self.sketch.quantities.append(quantity)
        elif self._is_age_of_people(quantity):
            self._open("age", token).quantity = quantity
        elif frame is not None and self._is_one_large_order(frame, quantity):
            self._taken(frame.quantity)
            frame.negated = frame.negated or frame.never
            frame.head, frame.quantity, frame.concept = "highest_order", quantity, None
        elif self.span is not None and self._is_next_count(quantity):
            self._open("order_count", token).quantity = quantity
        elif frame is not None and self._accepts(frame, quantity):
            frame.quantity = quantity
            if self.negated and frame.head != "buy":
                frame.negated, self.negated = not frame.negated, False
        elif frame is not None and self._is_other_end(frame, quantity):
            self._close_range(frame, quantity)
        elif quantity.unit == "orders":
            self._open("order_count", token).quantity = quantity
        elif quantity.unit == "years":
            self._open("age", token).quantity = quantity
        elif quantity.unit == "points" and (points := self._points()):
            frame = self._open("attribute", token)
            frame.noun, frame.numeric, frame.quantity = points, True, quantity
        elif self.quantity is not None and self._are_ends(self.quantity, quantity):
            self.sketch.quantities.append(quantity)
            self._await_range(self.quantity, quantity)
        else:
            self.quantity = quantity
            self.sketch.quantities.append(quantity)

    def _is_other_end(self, frame: Frame, quantity: Quantity) -> bool:
        """«5万以上10万未満», "at least 50k and under 100k": the other end of the same number."""
        held = frame.quantity
        fits = held is not None and replace(frame, quantity=None).takes_quantity(quantity)
        return (
            held is not None
            and fits
            and not self._head_comes()
            and frame.sentence == self.sentence
            and self._are_ends(held, quantity)
        )

    def _are_ends(self, held: Quantity, quantity: Quantity) -> bool:
        units = {held.unit, quantity.unit} - {""}
        low, high = sorted((held, quantity), key=lambda end: end.number)
        ends = low.op in _LOW and high.op in _HIGH and low.number < high.number
        if not ends or len(units) > 1:
            return False
        return not any(self._lies_between(held, token) for token in self.tokens)

    def _lies_between(self, held: Quantity, token: Token) -> bool:
        """Whether a token after that number says something of its own."""
        place = next(i for i, t in enumerate(self.tokens) if t.extra.get("quantity") == held)
        if not place < self.tokens.index(token) < self.index:
            return False
        small = any(c.role in ("fill", "and", "but", "not_after", "person") for c in token.concepts)
        return not (small or token.separator)

    def _close_range(self, frame: Frame, quantity: Quantity) -> None:
        """Both ends included make a range; else the other end is a condition of its own."""
        held = frame.quantity
        if held is not None and {held.op, quantity.op} == {Op.GE, Op.LE}:
            low, high = sorted((held.number, quantity.number))
            frame.quantity = replace(held, number=low, upper=high, op=Op.BETWEEN)
            self._taken(held, quantity)
            return
        self.current = self._again(frame, quantity)

    def _taken(self, *measures: object) -> None:
        """These measures have found their condition in another form."""
        self.measured = [m for m in self.measured if not any(m[3] is one for one in measures)]
        said = self.sketch.quantities
        self.sketch.quantities = [q for q in said if not any(q is one for one in measures)]

    def _await_range(self, held: Quantity, quantity: Quantity) -> None:
        """Both ends were said before what they are of: 5万以上10万未満使った人."""
        if {held.op, quantity.op} == {Op.GE, Op.LE}:
            low, high = sorted((held.number, quantity.number))
            self._taken(held, quantity)
            self.quantity = replace(quantity, number=low, upper=high, op=Op.BETWEEN)
            said = (held, quantity)
            kept = [q for q in self.sketch.quantities if not any(q is one for one in said)]
            self.sketch.quantities = [*kept, self.quantity]
        else:
            self.quantity, self.other_end = held, quantity

    def _take_span(self, span: Span) -> None:
        frame = self.current
        if span.ago and not span.long and self._is_since(frame):
            # «เพิ่งสมัครเมื่อ 3 วันก่อน», «ไม่ได้ซื้อ 60 วันมาแล้ว»: since then, and not before
            span = replace(span, window=span.window.opposite() or span.window, ago=False, led=True)
            self.measured[-1] = (*self.measured[-1][:3], span)
        self.sketch.spans.append(span)
        self.span_bit = self.bit
        if any(bit == self.bit for _, _, _, bit in self.sketch.scope):
            return  # it says when they did what the data cannot tell
        ahead = frame is not None and frame.clause < self.clause
        ahead = ahead and (self.clause == self.turned or self._leads_clause())
        if frame is not None and frame.head == "birthday":
            # 誕生月が12月: "が" is no "but" here; «เกิดเดือนหน้า เดือนนี้ยังไม่ซื้อ»
            ahead = frame.concept is not None and frame.concept.role == "birthday"
            ahead = ahead and self._act_comes()
        if ahead:
            self.span = span
        elif frame is not None and frame.takes_span(span) and not self._head_follows(frame):
            frame.span = span
            frame.recent = False
        elif self._is_said_of_birthday(span):
            self.span = None  # "birthday this month" has a concept of its own
        elif frame is not None and self._is_further_month(frame.head, frame.span, span):
            frame.values.append(("month", str(_month(span))))
            self._taken(span)
            self.link = "and"
        elif self._is_further_month("birthday", self.span, span) and self._birthday_follows():
            self.months.append(str(_month(self.span) if self.span is not None else 0))
            self._taken(self.span)
            self.span, self.link = span, "and"
        elif self.span is not None and self._joins_times():
            self.other_spans.append(self.span)
            self.span = span
        else:
            self.span = span

    def _is_relative(self, span: Span) -> bool:
        """«within 30 days of joining»: a time told from something else that was done."""
        of, act = self._peek(1), self._peek(2)
        if of is None or act is None or self.form[of.start : of.end] not in ("of", "after"):
            return False
        small = act.role("fill") and not any(map(act.role, ("buy", "field", "event")))
        act = self._peek(3) if small else act
        return act is not None and any(map(act.role, ("buy", "field", "event", "is")))

    def _joins_times(self) -> bool:
        """«今月も先月も買った», «3月と4月の両方»: at both times."""
        before, after = self._peek(-1), self._peek(1)
        said = [t is not None and self.form[t.start : t.end] for t in (before, after)]
        both = any(t.role("both") for t in self.tokens[self.index + 1 :][:3])
        return said == ["も", "も"] or (said[0] == "と" and both)

    def _is_said_of_birthday(self, span: Span) -> bool:
        frame = self.current
        birthday = frame is not None and frame.head == "birthday" and frame.bit == self.bit
        return birthday and not _month(span)

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
        if head != "birthday" or held is None or not (_month(held) and _month(span)):
            return False
        return held.day is None and span.day is None and not self._act_comes()

    def _act_comes(self) -> bool:
        """Whether the time is that of an act right after it."""
        later = self.tokens[self.index + 1 :]
        coming = itertools.takewhile(lambda t: self.form[t.start : t.end] != "who", later)
        act = next((t for t in coming if not (t.role("fill") or t.role("not"))), None)
        return act is not None and any(map(act.role, ("buy", "event", "is", "field")))

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
            small = token.role("fill") and not (token.values or token.role("and"))
            if token.role("not") or small:
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
        asian = asian or self._leads_thai(token)
        return asian and any(c.role in acts for c in token.concepts)

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

    def _take_next(self, days: int, token: Token) -> None:
        if self.current is not None and self.current.head == "birthday":
            self.current.next_days = days
        else:
            self.next_days = days

    def _rest(self, token: Token) -> None:
        raise NotImplementedError
