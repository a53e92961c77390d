"""Where reading stands: the frame at hand, and what waits for the frame to come."""

from dataclasses import replace

from planner.fields import Op
from planner.understand.frames import ENGAGE, Frame, Sketch
from planner.understand.spans import Quantity, Span
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept


def _is_thai(char: str) -> bool:
    return "\u0e00" <= char <= "\u0e7f"


_ACTS = ("buy", ENGAGE, "is", "add_to_cart_count")


def may_be_age(quantity: Quantity) -> bool:
    """Whether a number without a unit may be people's age: "under 25", "18-24"."""
    years = quantity.unit == "" and quantity.op not in (None, Op.EQ)
    return years and 13 <= quantity.number < (quantity.upper or 100) <= 100


class Cursor:
    """Opens frames and gives them the measures that were said before or after their head."""

    current: Frame | None = None
    link = "and"
    whole = False
    """Whether people were named right before the "or" said last."""
    set_off = False
    """Whether a comma stood before the "or" said last."""
    bound = False
    """Whether «かつ» was said right before."""
    verbal = False
    """Whether a verb begins what follows "who" or a comma."""
    apart = False
    """Whether the "or" said last has a verb of its own after it."""
    negated = False
    excluding = False
    denied = (0, 0, 0)
    """Where a "not" was said that waits for what it denies, and its bit."""
    neither = False
    clause = 0
    sentence = 0
    bit = 0
    group = 0
    index = 0
    # what waits for the frame to come
    quantity: Quantity | None = None
    quantity_bit = -1
    twins: tuple[Frame, Frame] | None = None
    """The same condition twice, for both ends of its range."""
    other_end: Quantity | None = None
    """The upper end of a range whose lower one waits too."""
    span: Span | None = None
    span_bit = -1
    next_days: int | None = None
    recent = False
    latest = False
    """The campaign spoken of was called recent."""
    source = ""
    degree = ""
    degree_link = "and"
    """How what the degree is of follows what was said before it."""
    noun = ""
    purpose = False
    both = False
    anyhow = False
    among = False
    both_at = -1
    """The clause in which "both" was said last."""
    joined = False
    """Whether "and" or "both" was said since the last known value."""
    compared: tuple[int, Op | None] = (-1, None)
    """A comparison said apart from its number, and its clause: 至少下過兩次單."""
    since = (0, 0, 0)
    """How many frames, unknown words and channels there were at the last boundary or person."""
    ever = -1
    """The clause that speaks of any time."""
    turned = -1
    """The clause that began with "but": a time at its start belongs to what follows."""
    only_at = -1
    """The clause in which a "not" to come says "only"."""
    not_both_at = -1
    """The clause that leaves out those who have both."""
    comma_after = -1
    """Index of the excluded frame that a comma followed, or -1."""
    either_channel = False
    """Whether "or" stands between the channels that wait."""
    channels_link = "and"
    """How the first of the channels that wait follows what was said before."""
    channels_in = 0
    """The sentence in which the last of the channels that wait was said."""
    receiving = -1
    """The clause that speaks of receiving: a channel in it is one they can be reached by."""

    def __init__(self, tokens: list[Token], form: str, numeric: frozenset[str]) -> None:
        self.numeric = numeric
        """Names of the custom attributes that are numbers."""
        self.tokens = [t for t in tokens if not (t.extra == {} and form[t.start : t.end] == " ")]
        self.form = form
        self.sketch = Sketch(tokens=self.tokens, form=form)
        self.channels: list[str] = []
        self.other_spans: list[Span] = []
        """Times that wait beside the one that was said last: 今月も先月も."""
        self.leading: dict[int, Span] = {}
        self.described: list[tuple[int, int]] = []
        self.described_topics: list[str] = []
        """Places of words that describe a campaign, and their topics, before its act is read."""
        self.months: list[str] = []
        """Months said before the birthday that they are of, but for the last."""
        self.asides: list[Token] = []
        """What was read of a purpose: its last words may describe the people who are meant."""
        self.measured: list[tuple[int, int, int, object]] = []
        self.places: dict[int, tuple[int, int, int, int, str, bool, bool]] = {}
        """Clause, sentence, bit, group, link, exclusion and verb where a measure was said."""

    def _peek(self, step: int) -> Token | None:
        place = self.index + step
        return self.tokens[place] if 0 <= place < len(self.tokens) else None

    def _open(self, head: str, token: Token, concept: Concept | None = None) -> Frame:
        self._close()
        if self._leaves_scope(token):
            self.bit += 1
        frame = Frame(head, token.start, token.end, concept)
        frame.link = self.link if self.degree_link == "and" else self.degree_link
        self.link = self.degree_link = "and"
        frame.whole, self.whole = self.whole and frame.link == "or", False
        frame.verbal, self.verbal = self.verbal, False
        frame.bound, self.bound = self.bound, False
        frame.set_off, self.set_off = self.set_off and frame.link == "or", False
        frame.apart, self.apart = self.apart and frame.link == "or", False
        frame.clause, frame.sentence, frame.bit = self.clause, self.sentence, self.bit
        frame.but = self.turned == self.clause
        frame.group, frame.among = self.group, self.among
        frame.timeless = self.ever == self.clause
        frame.negated, self.negated = self.negated or self.neither, False
        self._end_exclusion(head)
        frame.excluded = self.excluding
        if self.source and head in ("tag", "note", "value"):
            frame.source, self.source = self.source, ""
        self._give_number(frame)
        if self.other_end is not None and frame.quantity is not None:
            self._again(frame, self.other_end)
            self.other_end = None
        if head == "birthday":
            self._ignore_year()
        if self.span is not None and frame.takes_span(self.span):
            self._give_times(frame, self.span)
        if self.months and head == "birthday":
            frame.values, self.months = [("month", month) for month in self.months], []
        if self.next_days is not None and head == "birthday":
            frame.next_days, self.next_days = self.next_days, None
        if self.recent and frame.takes_span() and frame.span is None:
            frame.recent, self.recent = True, False
        if head == ENGAGE:
            self._give_messages(frame)
        if self.degree and head == "purchase_probability":
            frame.band, self.degree = self.degree, ""
        self.current = frame
        self.sketch.frames.append(frame)
        return frame

    def _leaves_scope(self, token: Token) -> bool:
        """«โหลดแอปแล้ว รับพุชได้»: a Thai space ends what was said of what can't be told."""
        spaced = self.form[max(0, token.start - 1) : token.start] == " "
        spaced = spaced and _is_thai(self.form[token.start])
        return spaced and self._beside_scope()

    def _beside_scope(self) -> bool:
        """Whether what is read now is said together with what the data cannot tell."""
        return any(bit == self.bit for *_, bit in self.sketch.scope)

    def _give_messages(self, frame: Frame) -> None:
        """What was said of the messages before the reaction to them."""
        self.receiving = -1  # what follows is what was received
        if self.anyhow:
            frame.anyhow, self.anyhow = True, False
        if self.channels:
            each = (self.both and self.both_at == self.clause) or self._each_too()
            each = each or (not self.either_channel and self._said_of_each())
            frame.conjunction = "and" if each and len(self.channels) > 1 else ""
            frame.channels, self.channels = self.channels, []
        if self.described:
            frame.headed = self._is_this_one(self.described[-1][1])
            frame.topics, self.described = self.described, []
            frame.topic_names, self.described_topics = self.described_topics, []

    def _is_this_one(self, end: int) -> bool:
        """Whether a name that ends there is said to be a campaign: 母親節那檔."""
        return self.form[end : end + 3].lstrip(" 的").startswith(("這檔", "那檔", "檔"))

    def _each_too(self) -> bool:
        """«LINEもメールも届く»: the last two channels have «も» after each."""
        own = [t.end for t in self.tokens[: self.index] if t.role("channel")][-2:]
        return len(own) == 2 and all(self.form[end : end + 1] == "も" for end in own)

    def _said_of_each(self) -> bool:
        """«LINE 群發和 email 都有開»."""
        before = self._peek(-1)
        return before is not None and self.form[before.end - 1] in "都皆均"

    def _give_times(self, frame: Frame, span: Span) -> None:
        if not any(f.clause == self.clause for f in self.sketch.frames):
            self.leading[self.clause] = span
        frame.span, frame.also_spans = span, self.other_spans
        self.span, self.other_spans = None, []

    def _ignore_year(self) -> None:
        """«今年生日在十二月»: a birthday has no year."""
        if self.span is not None and self.span.is_year:
            self.measured = [m for m in self.measured if m[3] is not self.span]
            self.span = None

    def _again(self, frame: Frame, quantity: Quantity) -> Frame:
        """The same condition once more, for the other end of its range."""
        again = replace(frame, quantity=quantity, link="and", values=list(frame.values))
        self.sketch.frames.append(again)
        return again

    def _end_exclusion(self, head: str) -> None:
        """«VIP but not Complaint, in Tokyo»: after a comma something else is no longer left out."""
        if self.comma_after < 0 and self.excluding and self._after_thai_space():
            self.comma_after = len(self.sketch.frames) - 1
        if self.comma_after < 0:
            return
        before = self.sketch.frames[self.comma_after] if self.sketch.frames else None
        if before is not None and before.head != head:
            self.excluding = False
        self.comma_after = -1

    def _after_thai_space(self) -> bool:
        """Thai has no commas: a space sets off what is no longer left out."""
        start = self.tokens[self.index].start
        left = self.form[max(0, start - 2) : start]
        # a space between two scripts is not kept
        latin = left[-1:].isascii() and left[-1:].isalnum() and _is_thai(self.form[start])
        spaced = latin or (left[-1:] == " " and _is_thai(left[0]))
        before = self._peek(-1)
        joined = before is not None and (before.role("or") or before.role("and"))
        listed = before is not None and before.role("person") is not None
        last = self.sketch.frames[-1] if self.sketch.frames else None
        return spaced and not joined and not listed and last is not None and last.excluded

    def _close(self) -> None:
        self.current = None

    def _give_number(self, frame: Frame) -> None:
        """The number that waits, unless it was said before an "or" and is of something else."""
        if self.quantity is None or not frame.takes_quantity(self.quantity):
            return
        apart = self.quantity_bit < self.bit and (frame.negated or may_be_age(self.quantity))
        if not (self._counts_another() or (apart and frame.head != "age")):
            frame.quantity, self.quantity = self.quantity, None

    def _counts_another(self) -> bool:
        """«under 25 or with spending above 10,000»: the number here is the later one."""
        after = self.tokens[self.index + 1 : self.index + 3]
        return self.quantity_bit < self.bit and any("quantity" in t.extra for t in after)

    def _may_count(self, frame: Frame, quantity: Quantity) -> bool:
        """Whether the number may be the frame's: nothing said after an "and" counts what is not."""
        lacking = frame.negated and frame.bit < self.bit
        whole = frame.head == "is" and frame.bit < self.bit and not quantity.unit
        age = frame.bit != self.quantity_bit and frame.head in _ACTS and may_be_age(quantity)
        return not (lacking or whole or age) and frame.takes_quantity(quantity)

    def _flush_forward(self) -> None:
        """At a boundary, what waited for a head goes back to the frame before, if it can."""
        frame = self.current
        if frame is None or frame.clause != self.clause:
            return
        if self.span is not None and frame.takes_span(self.span):
            frame.span, self.span = self.span, None
        if self.quantity is not None and self._may_count(frame, self.quantity):
            frame.quantity, self.quantity = self.quantity, None
        if self.recent and frame.takes_span():
            frame.recent, self.recent = True, False

    def _adopt(self, frame: Frame) -> None:
        if self.negated:
            frame.negated, self.negated = not frame.negated, False
        if self.span is not None and frame.takes_span(self.span):
            frame.span, self.span = self.span, None
        self._give_number(frame)
        if self.recent and frame.takes_span():
            frame.recent, self.recent = True, False

    def _joined_by(self, token: Token) -> str:
        before = self._peek(-1)
        said = self.form[before.start : before.end] if before is not None else ""
        return "and" if self.joined or said == "と" else ""
