"""Which frame a number or a stretch of time belongs to, and which two numbers are one range."""

from dataclasses import replace
from typing import Final

from planner.fields import Op
from planner.understand.frames import ENGAGE, Frame
from planner.understand.spans import Quantity, Span
from planner.understand.times import Times, month_of
from planner.understand.tokens import Token

_LOW: Final = (Op.GE, Op.GT)
_HIGH: Final = (Op.LE, Op.LT)


class Measured(Times):
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
        self.places[token.start] = (*where, self.link, self.excluding, self.verbal)
        if isinstance(quantity, Quantity) and self._counts_kinds():
            self.measured.pop()
            self._rest(replace(token, extra={}))  # "bought from at least two categories"
        elif isinstance(quantity, Quantity):
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
            self._price(token).quantity = quantity
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
        elif frame is not None and self._is_alternative(frame, quantity):
            self._compare_again(frame, quantity)
        elif quantity.unit == "orders":
            self._take_orders(token, quantity)
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

    def _price(self, token: Token) -> Frame:
        """«bought something over 30k»: the act at hand is of what one of them costs."""
        frame = self.current
        bought = frame is not None and (frame.head == "buy" or frame.never)
        said = bought and frame is not None and frame.bit == self.bit
        if frame is not None and frame.head == "highest_product_price" and not frame.quantity:
            return frame  # 直近半年で単価1万円以上の商品
        if frame is None or not said or frame.topics or frame.quantity:
            return self._open("highest_product_price", token)
        frame.negated = frame.negated or frame.never
        frame.head, frame.concept = "highest_product_price", None
        return frame

    def _take_orders(self, token: Token, quantity: Quantity) -> None:
        """So many orders; «more than 2 but less than 6 orders» has its other end before."""
        if self.quantity is not None and self._are_ends(self.quantity, quantity):
            self.sketch.quantities.append(quantity)
            self._await_range(self.quantity, quantity)
            self._open("order_count", token)
        else:
            self._open("order_count", token).quantity = quantity

    def _is_other_end(self, frame: Frame, quantity: Quantity) -> bool:
        """«5万以上10万未満», "at least 50k and under 100k": the other end of the same number."""
        held = frame.quantity
        fits = held is not None and replace(frame, quantity=None).takes_quantity(quantity)
        return (
            held is not None
            and fits
            and (not self._head_comes() or self._right_after_number())
            and frame.sentence == self.sentence
            and self._are_ends(held, quantity)
        )

    def _compare_again(self, frame: Frame, quantity: Quantity) -> None:
        self.current = self._again(frame, quantity)
        coming = {k for t in self.tokens[self.index + 1 : self.index + 3] for k, _ in t.values}
        if frame.is_spending and coming & {"product", "category"}:
            self.current.values = []  # "over 10k on Skincare or over 20k on Jewelry"
        self.current.link, self.link = "or", "and"

    def _is_alternative(self, frame: Frame, quantity: Quantity) -> bool:
        """«spending under 1,000 or over 50,000»: the same is compared once more."""
        held = frame.quantity
        fits = held is not None and replace(frame, quantity=None).takes_quantity(quantity)
        before = self._peek(-1)
        joined = self.link == "or" and before is not None and before.role("or") is not None
        both = held is not None and held.op is not None and quantity.op is not None
        return fits and joined and both and not self._head_comes()

    def _right_after_number(self) -> bool:
        """«1万円以上5万円以下の返品経験者»."""
        before = self._peek(-1)
        return before is not None and "quantity" in before.extra

    def _are_ends(self, held: Quantity, quantity: Quantity) -> bool:
        units = {held.unit, quantity.unit} - {""}
        if held.unit == "percent" and quantity.unit == "" and quantity.number > 1:
            return False  # "at least 75% and under 25"
        low, high = sorted((held, quantity), key=lambda end: end.number)
        ends = low.op in _LOW and high.op in _HIGH and low.number < high.number
        if not ends or len(units) > 1:
            return False
        numbers = (i for i, t in enumerate(self.tokens) if t.extra.get("quantity") == held)
        place = next(numbers, self.index)  # a number that was made of others stands nowhere
        small = ("fill", "and", "but", "not_after", "person")
        between = self.tokens[place + 1 : self.index]
        return all(token.separator or any(map(token.role, small)) for token in between)

    def _close_range(self, frame: Frame, quantity: Quantity) -> None:
        """Both ends included make a range; else the other end is a condition of its own."""
        held = frame.quantity
        if held is not None and {held.op, quantity.op} == {Op.GE, Op.LE}:
            low, high = sorted((held.number, quantity.number))
            frame.quantity = replace(held, number=low, upper=high, op=Op.BETWEEN)
            self._taken(held, quantity)
            return
        self.current = self._again(frame, quantity)
        self.twins = frame, self.current

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
        span = self._over_ago(frame, span)
        self.sketch.spans.append(span)
        self.span_bit = self.bit
        if self._beside_scope():
            return  # it says when they did what the data cannot tell
        if self._tells_when(span):
            self._open("last_purchase", self.tokens[self.index]).span = span
        elif frame is not None and self._is_of_what_comes(frame):
            self.span = span
        elif frame is not None and frame.takes_span(span) and not self._head_follows(frame):
            frame.span = span
            frame.recent = False
            if frame.head == "birthday" and self.link == "or":
                self.link = "and"  # 生日在這個月或下個月
        elif self._is_said_of_birthday(span):
            self.span = None  # "birthday this month" has a concept of its own
        elif frame is not None and self._is_further_month(frame.head, frame.span, span):
            frame.values.append(("month", str(month_of(span))))
            self._taken(span)
            self.link = "and"
        elif self._is_further_month("birthday", self.span, span) and self._birthday_follows():
            self.months.append(str(month_of(self.span) if self.span is not None else 0))
            self._taken(self.span)
            self.span, self.link = span, "and"
        elif frame is not None and self._is_another_time(frame, span):
            again = replace(frame, span=span, also_spans=[], link=self.link, values=[*frame.values])
            self.sketch.frames.append(again)
            self.current, self.link = again, "and"
        elif self.span is not None and self._joins_times():
            self.other_spans.append(self.span)
            self.span = span
        else:
            self.span = span

    def _over_ago(self, frame: Frame | None, span: Span) -> Span:
        """«ซื้อครั้งเดียวเกิน 6 เดือนแล้ว»: done before that."""
        if frame is None or not self._is_over_ago(frame, span):
            return span
        span = replace(span, window=span.window.opposite() or span.window, ago=True)
        self.measured[-1] = (*self.measured[-1][:3], span)
        return span

    def _is_over_ago(self, frame: Frame, span: Span) -> bool:
        """Whether an act was done longer ago than that, as Thai says it."""
        thai = "\u0e00" <= self.form[self.tokens[self.index].start] <= "\u0e7f"
        bought = frame.head == "buy" or (frame.head == "is" and frame.name == "order_count")
        done = (bought or frame.head == ENGAGE) and not (frame.negated or frame.never)
        if frame.head == "last_purchase" and self.form.startswith("ผ่าน", frame.start):
            return not (span.ago or span.short) and span.window.end is None
        open_ended = span.long and not (span.ago or span.led) and span.window.end is None
        return thai and done and open_ended and not self.negated and frame.takes_span(span)

    def _is_of_what_comes(self, frame: Frame) -> bool:
        """Whether a time is of the clause that it begins, and not of the frame before."""
        if frame.head != "birthday":
            leads = self.clause == self.turned or self._leads_clause()
            return frame.clause < self.clause and leads
        # 誕生月が12月: "が" is no "but" here; «เกิดเดือนหน้า เดือนนี้ยังไม่ซื้อ»
        ahead = frame.concept is not None and frame.concept.role == "birthday"
        ahead = ahead and (frame.clause < self.clause or self._act_comes())
        return ahead or (frame.span is not None and self._people_since(frame))

    def _tells_when(self, span: Span) -> bool:
        """«exactly one order, placed over 3 months ago»: a comma parts how many from when."""
        frame = self.current
        if frame is None or frame.quantity is None or frame.clause != self.clause - 1:
            return False
        exact = frame.quantity.op is Op.EQ and frame.head in ("buy", "order_count", "is")
        words = self.tokens[self.index - 1], self.tokens[self.index - 2]
        placed = any(self.form[t.start : t.end] in ("placed", "made") for t in words)
        return exact and placed and span.ago

    def _take_next(self, days: int, token: Token) -> None:
        if self.current is not None and self.current.head == "birthday":
            self.current.next_days = days
        else:
            self.next_days = days

    def _rest(self, token: Token) -> None:
        raise NotImplementedError
