"""Where reading stands: the frame at hand, and what waits for the frame to come."""

from dataclasses import replace
from typing import Final

from planner.fields import Op
from planner.understand.frames import ENGAGE, Frame, Sketch
from planner.understand.spans import Quantity, Span
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept


_LOW: Final = (Op.GE, Op.GT)
_HIGH: Final = (Op.LE, Op.LT)


def _is_people(token: Token | None) -> bool:
    if token is None:
        return False
    value = token.role("value")
    gender = value is not None and value.data["field"] == "gender"
    return gender or token.role("person") is not None


class Cursor:
    """Opens frames and gives them the measures that were said before or after their head."""

    current: Frame | None = None
    link = "and"
    negated = False
    excluding = False
    neither = False
    clause = 0
    sentence = 0
    bit = 0
    group = 0
    index = 0
    # what waits for the frame to come
    quantity: Quantity | None = None
    other_end: Quantity | None = None
    """The upper end of a range whose lower one waits too."""
    span: Span | None = None
    span_bit = -1
    next_days: int | None = None
    recent = False
    source = ""
    degree = ""
    noun = ""
    purpose = False
    both = False
    joined = False
    """Whether "and" or "both" was said since the last known value."""
    compared: tuple[int, Op | None] = (-1, None)
    """A comparison said apart from its number, and its clause: 至少下過兩次單."""
    since = (0, 0)
    """How many frames and unknown words there were at the last boundary or person."""
    ever = -1
    """The clause that speaks of any time."""
    turned = -1
    """The clause that began with "but": a time at its start belongs to what follows."""
    comma_after = -1
    """Index of the excluded frame that a comma followed, or -1."""
    receiving = -1
    """The clause that speaks of receiving: a channel in it is one they can be reached by."""

    def __init__(self, tokens: list[Token], form: str, numeric: frozenset[str]) -> None:
        self.numeric = numeric
        """Names of the custom attributes that are numbers."""
        self.tokens = [t for t in tokens if not (t.extra == {} and form[t.start : t.end] == " ")]
        self.form = form
        self.sketch = Sketch(tokens=self.tokens)
        self.channels: list[str] = []
        self.leading: dict[int, Span] = {}
        self.described: list[tuple[int, int]] = []
        self.described_topics: list[str] = []
        """Places of words that describe a campaign, and their topics, before its act is read."""
        self.months: list[str] = []
        """Months said before the birthday that they are of, but for the last."""
        self.asides: list[Token] = []
        """What was read of a purpose: its last words may describe the people who are meant."""
        self.measured: list[tuple[int, int, int, object]] = []

    def _peek(self, step: int) -> Token | None:
        place = self.index + step
        return self.tokens[place] if 0 <= place < len(self.tokens) else None

    def _open(self, head: str, token: Token, concept: Concept | None = None) -> Frame:
        self._close()
        frame = Frame(head, token.start, token.end, concept)
        frame.link, self.link = self.link, "and"
        frame.clause, frame.sentence, frame.bit = self.clause, self.sentence, self.bit
        frame.group = self.group
        frame.timeless = self.ever == self.clause
        frame.negated, self.negated = self.negated or self.neither, False
        self._end_exclusion(head)
        frame.excluded = self.excluding
        if self.source and head in ("tag", "note", "value"):
            frame.source, self.source = self.source, ""
        if self.quantity is not None and frame.takes_quantity(self.quantity):
            frame.quantity, self.quantity = self.quantity, None
        if self.other_end is not None and frame.quantity is not None:
            self._again(frame, self.other_end)
            self.other_end = None
        if self.span is not None and frame.takes_span(self.span):
            if not any(f.clause == self.clause for f in self.sketch.frames):
                self.leading[self.clause] = self.span
            frame.span, self.span = self.span, None
        if self.months and head == "birthday":
            frame.values, self.months = [("month", month) for month in self.months], []
        if self.next_days is not None and head == "birthday":
            frame.next_days, self.next_days = self.next_days, None
        if self.recent and frame.takes_span() and frame.span is None:
            frame.recent, self.recent = True, False
        if self.channels and head == ENGAGE:
            frame.channels, self.channels = self.channels, []
        if self.described and head == ENGAGE:
            frame.topics, self.described = self.described, []
            frame.topic_names, self.described_topics = self.described_topics, []
        if self.degree and head == "purchase_probability":
            frame.band, self.degree = self.degree, ""
        self.current = frame
        self.sketch.frames.append(frame)
        return frame

    def _end_exclusion(self, head: str) -> None:
        """«VIP but not Complaint, in Tokyo»: after a comma something else is no longer left out."""
        if self.comma_after < 0:
            return
        before = self.sketch.frames[self.comma_after] if self.sketch.frames else None
        if before is not None and before.head != head:
            self.excluding = False
        self.comma_after = -1

    def _close(self) -> None:
        self.current = None

    def _flush_forward(self) -> None:
        """At a boundary, what waited for a head goes back to the frame before, if it can."""
        frame = self.current
        if frame is None or frame.clause != self.clause:
            return
        if self.span is not None and frame.takes_span(self.span):
            frame.span, self.span = self.span, None
        if self.quantity is not None and frame.takes_quantity(self.quantity):
            frame.quantity, self.quantity = self.quantity, None
        if self.recent and frame.takes_span():
            frame.recent, self.recent = True, False

    def _adopt(self, frame: Frame) -> None:
        if self.negated:
            frame.negated, self.negated = not frame.negated, False
        if self.span is not None and frame.takes_span(self.span):
            frame.span, self.span = self.span, None
        if self.quantity is not None and frame.takes_quantity(self.quantity):
            frame.quantity, self.quantity = self.quantity, None
        if self.recent and frame.takes_span():
            frame.recent, self.recent = True, False

    def _joined_by(self, token: Token) -> str:
        return "and" if self.joined else ""

    def _measure(self, token: Token) -> None:
        quantity = token.extra.get("quantity")
        clause, op = self.compared
        if isinstance(quantity, Quantity) and quantity.op is None and clause == self.clause:
            quantity, self.compared = replace(quantity, op=op), (-1, None)
        span = token.extra.get("span")
        days = token.extra.get("next_days")
        self.measured.append((token.start, token.end, self.bit, quantity or span or days))
        if isinstance(quantity, Quantity):
            self._take_quantity(token, quantity)
        elif isinstance(span, Span):
            self._take_span(span)
        elif isinstance(days, int):
            self._take_next(days, token)
        if self.current is not None:
            self.current.end = max(self.current.end, token.end)

    def _take_quantity(self, token: Token, quantity: Quantity) -> None:
        frame = self.current
        if self._is_age_of_people(quantity):
            self._open("age", token).quantity = quantity
        elif frame is not None and self._is_one_large_order(frame, quantity):
            frame.head, frame.quantity = "highest_order", quantity
        elif frame is not None and frame.takes_quantity(quantity) and not self._verb_follows(frame):
            frame.quantity = quantity
            if self.negated and frame.head != "buy":
                frame.negated, self.negated = not frame.negated, False
        elif frame is not None and self._is_other_end(frame, quantity):
            self._close_range(frame, quantity)
        elif quantity.unit == "orders":
            self._open("order_count", token).quantity = quantity
        elif quantity.unit == "years":
            self._open("age", token).quantity = quantity
        elif self.quantity is not None and self._are_ends(self.quantity, quantity):
            self.sketch.quantities.append(quantity)
            self._await_range(self.quantity, quantity)
        else:
            self.quantity = quantity
            self.sketch.quantities.append(quantity)

    def _is_other_end(self, frame: Frame, quantity: Quantity) -> bool:
        """«5万以上10万未満», "at least 50k and under 100k": the other end of the same number."""
        held = frame.quantity
        return (
            held is not None and frame.sentence == self.sentence and self._are_ends(held, quantity)
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

    def _again(self, frame: Frame, quantity: Quantity) -> Frame:
        """The same condition once more, for the other end of its range."""
        again = replace(frame, quantity=quantity, link="and", values=list(frame.values))
        self.sketch.frames.append(again)
        return again

    def _taken(self, *measures: object) -> None:
        """These measures have found their condition in another form."""
        self.measured = [m for m in self.measured if not any(m[3] is one for one in measures)]

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
        self.sketch.spans.append(span)
        frame = self.current
        self.span_bit = self.bit
        if any(bit == self.bit for _, _, _, bit in self.sketch.scope):
            return  # it says when they did what the data cannot tell
        ahead = frame is not None and frame.clause < self.clause == self.turned
        if frame is not None and frame.head == "birthday":
            ahead = False  # 誕生月が12月: "が" is no "but" here
        if ahead:
            self.span = span
        elif frame is not None and frame.takes_span(span) and not self._head_follows(frame):
            frame.span = span
            frame.recent = False
        elif self.current is not None and self.current.head == "birthday" and span.month is None:
            self.span = None  # "birthday this month" has a concept of its own
        elif frame is not None and self._is_further_month(frame.head, frame.span, span):
            frame.values.append(("month", str(span.month)))
            self._taken(span)
        elif self._is_further_month("birthday", self.span, span) and self._birthday_follows():
            self.months.append(str(self.span.month if self.span is not None else 0))
            self._taken(self.span)
            self.span = span
        else:
            self.span = span

    def _is_further_month(self, head: str, held: Span | None, span: Span) -> bool:
        """«birthday in May or June»: one month more."""
        if head != "birthday" or held is None or held.month is None or span.month is None:
            return False
        return held.day is None and span.day is None

    def _birthday_follows(self) -> bool:
        return any(t.role("birthday") or t.role("field") for t in self.tokens[self.index :][:4])

    def _head_follows(self, frame: Frame) -> bool:
        """Whether the time belongs to the act that comes next (as Chinese and Japanese say it)."""
        token = self._peek(1)
        step = 1
        while token is not None and not token.separator:
            if token.role("not") or (token.role("fill") and not token.values):
                step += 1
                token = self._peek(step)
                continue
            break
        if token is None or token.separator:
            return False
        asian = (
            not self.form[token.start].isascii()
            and not "\u0e00" <= self.form[token.start] <= "\u0e7f"
        )
        acts = ("buy", "event", "field", "vague", "is", "channel", "scope")
        return asian and any(c.role in acts for c in token.concepts)

    def _is_one_large_order(self, frame: Frame, quantity: Quantity) -> bool:
        """«ซื้อครั้งเดียวเกิน 15,000»: at once, not once in a life."""
        once = frame.concept is not None and frame.concept.name == "bought_once"
        money = quantity.unit == "money" or (quantity.unit == "" and quantity.number >= 100)
        return once and frame.head == "is" and money and frame.bit == self.bit

    def _is_age_of_people(self, quantity: Quantity) -> bool:
        """«women 30-55»: a bare range beside people is their age."""
        years = quantity.unit == "" and quantity.upper is not None
        if not years or not 10 <= quantity.number < (quantity.upper or 0) <= 99:
            return False
        return any(_is_people(token) for token in (self._peek(-1), self._peek(1)))

    def _verb_follows(self, frame: Frame) -> bool:
        """Whether the number belongs to a verb that comes next, as in Japanese."""
        said = frame.head in ("buy", ENGAGE, "is") and (frame.negated or frame.span is not None)
        token = self._peek(1)
        return said and token is not None and bool(token.role("buy") or token.role("event"))

    def _take_next(self, days: int, token: Token) -> None:
        if self.current is not None and self.current.head == "birthday":
            self.current.next_days = days
        else:
            self.next_days = days
