"""Frames: what one clause says of one field, before it is a condition.

Tokens are read from left to right. Heads (a field, an act, a known value, a vague word) open
frames; quantities, spans of time, channels and negations attach to the frame that can take them,
the one before or the one to come. Nothing here depends on the language.
"""

import itertools
from dataclasses import dataclass, field

from planner.fields import FIELDS, Op
from planner.understand.spans import Quantity, Span
from planner.understand.tokens import Pair, Token
from planner.understand.vocabulary import Concept

ENGAGE = "engagement"
_NO_COUNT = 1_000
"""A bare number from which on it counts no messages."""
OF_PRODUCTS = (
    "purchase_quantity", "product_amount", "checkout_count", "highest_product_price",
    "add_to_cart_count",
)  # fmt: skip
"""Fields of what was bought or put in a cart."""
PURCHASES = ("order_count", "total_spending", "average_order_value", "highest_order")


@dataclass(slots=True)
class Frame:
    """One thing said of one field."""

    head: str
    """A field's name; "buy", "tag", "note", "value", "reach", "interest" … for the rest."""
    start: int
    end: int
    concept: Concept | None = None
    quantity: Quantity | None = None
    span: Span | None = None
    also_spans: list[Span] = field(default_factory=list)
    """Other times at which the same holds, as in 今月も先月も."""
    next_days: int | None = None
    recent: bool = False
    negated: bool = False
    excluded: bool = False
    values: list[Pair] = field(default_factory=list)
    conjunction: str = ""
    """and/or between its values."""
    among: bool = False
    """It narrows what was described before: «そのうち…»."""
    too: bool = False
    """«も» follows its last value."""
    together: bool = False
    """«both» was said of its values."""
    quotes: list[str] = field(default_factory=list)
    topics: list[tuple[int, int]] = field(default_factory=list)
    """Places of words that describe what is liked or bought."""
    topic_names: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    campaign: bool = False
    """A campaign was mentioned by the noun."""
    latest: bool = False
    """And called recent itself."""
    headed: bool = False
    """Its campaign was named first, for all that follows: «New Arrivals June 這檔,…»."""
    only: bool = False
    """On these channels, and on no other."""
    anyhow: bool = False
    """On whichever channel."""
    message: bool = False
    unused: bool = False
    """The coupon is one that they still have."""
    source: str = ""
    source_last: bool = False
    """The source was said after the name, and is of that name alone: VIPタグ(MAAC)とKOLタグ."""
    band: str = ""
    strict: bool = False
    """A tier above or below the one named, and not that one."""
    noun: str = ""
    beyond: bool = False
    """A vague word beside what the data cannot tell, and part of that."""
    timeless: bool = False
    """Said of all time: a time said once for several acts is not its own."""
    numeric: bool = True
    """For a custom attribute: whether it is a number."""
    closed: bool = False
    """Its verb came after its values, as in Japanese: what is named next is another thing."""
    link: str = "and"
    """How it follows the frame before: and, or, wide (or between whole descriptions), nor."""
    but: bool = False
    """Whether its clause began with "but"."""
    whole: bool = False
    """Whether the "or" before it stands between people: 台北女生或金卡會員."""
    bound: bool = False
    """«かつ» joins it to the frame before, so that both are left out together."""
    verbal: bool = False
    """Whether its clause began with a verb after "who" or a comma: "who bought, clicked or …"."""
    set_off: bool = False
    """Whether a comma stands before that "or", so that more of its clause is of it."""
    left_out_at: int = -1
    """Where the word stands that leaves it out, if it follows."""
    apart: bool = False
    """Whether the "or" before it has a verb of its own, so that no "not" goes for both."""
    clause: int = 0
    group: int = 0
    """Grows where "either" begins alternatives of their own."""
    sentence: int = 0
    bit: int = 0
    """Number of the stretch between two separators or connectives."""

    @property
    def name(self) -> str:
        """The field it is about, as far as the head says."""
        if self.head == "buy":
            return "order_count"
        data = self.concept.data if self.concept else {}
        if "slot" in data:
            return str(data["slot"]).split(".")[0]
        return str(data.get("field", self.head))

    def takes_quantity(self, quantity: Quantity) -> bool:
        """Whether a number of that unit can belong here."""
        if self.quantity is not None:
            return False
        unit = quantity.unit
        if self.head == "buy" and self.concept and self.concept.data.get("act"):
            return unit in ("money", "", "times", "orders", "pieces")
        if self.head == ENGAGE:
            return unit in ("times", "pieces") or (unit == "" and quantity.number < _NO_COUNT)
        if self.head == "buy":
            return unit in ("", "times", "orders", "pieces", "money")
        if self.head in ("attribute", "vague"):
            sum_said = unit == "money" or quantity.number >= 100 or self._unit() != "money"
            if self.head == "attribute":
                return self.numeric and unit != "years"
            return sum_said and self._unit_fits(unit)
        if self.head == "last_interaction":  # "interacted at least once"
            return unit == "times" and (quantity.number, quantity.op) == (1, Op.GE)
        if self.head == "value" and self.values and self.values[-1][0] in ("product", "category"):
            return unit in ("pieces", "times", "orders")  # Yoga Matは3個以上
        if self.head == "is" and self.name in ("add_to_cart_count",):
            return unit in ("times", "pieces") or (unit == "" and quantity.number < _NO_COUNT)
        if self.head == "add_to_cart_count" and unit == "" and quantity.number >= _NO_COUNT:
            return False  # "in the cart worth over 5,000"
        if self.head == "is" and self.concept and self.concept.name in ("repeat", "buyer"):
            return unit in ("times", "orders")
        if self.head in FIELDS:
            counted = self.is_spending and unit in ("times", "orders", "pieces")
            return counted or self._unit_fits(unit)
        return False

    @property
    def never(self) -> bool:
        """Whether it says that nothing was bought at all."""
        bare = not (self.values or self.topics or self.quantity)
        concept = self.concept
        none = concept is not None and concept.data.get("number") == 0 and not self.negated
        bought = self.head == "buy" and self.negated
        return bare and (bought or (self.head == "is" and self.name == "order_count" and none))

    @property
    def is_spending(self) -> bool:
        """Whether it is the act, "spent", of which the unit says what is counted."""
        return self.head == "total_spending" and bool(self.concept and self.concept.data.get("act"))

    def _unit(self) -> str:
        return FIELDS[self.name].unit if self.name in FIELDS else ""

    def _unit_fits(self, unit: str) -> bool:
        own = self._unit()
        allowed = {
            "money": ("money", ""),
            "times": ("times", "orders", "", "pieces"),
            "pieces": ("pieces", "", "times"),
            "years": ("years", ""),
            "share": ("percent", ""),
        }
        return unit in allowed.get(own, ())

    def takes_span(self, span: Span | None = None) -> bool:
        """Whether a stretch of time can belong here."""
        if self.span is not None or self.next_days is not None:
            return False
        if self.head in ("buy", ENGAGE):
            return True
        if self.head == "birthday":
            named = span is not None and span.named and not span.is_year
            return span is not None and (named or (span.led and not span.ago))
        name = self.name
        return name in FIELDS and bool(FIELDS[name].time)


@dataclass(slots=True)
class Sketch:
    """All that was read of an utterance, still in the words' order."""

    frames: list[Frame] = field(default_factory=list)
    rest: list[tuple[int, int, int]] = field(default_factory=list)
    """Places of words understood by nothing, and their bit."""
    scope: list[tuple[int, int, Concept, int]] = field(default_factory=list)
    """Places of what the data cannot tell, and their bit."""
    quantities: list[Quantity] = field(default_factory=list)
    """Numbers that found no field."""
    spans: list[Span] = field(default_factory=list)
    loose: list[tuple[int, int, int]] = field(default_factory=list)
    """Places of measures that found no field, and their bit."""
    any_one: bool = False
    any_one_at: int = -1
    """The sentence in which one of several was said to do."""
    any_one_from: int = 0
    any_one_to: int | None = None
    """Which frames of that sentence are meant: those before it was said, or those after."""
    values: list[Pair] = field(default_factory=list)
    """Known values that were taken."""
    tokens: list[Token] = field(default_factory=list)
    form: str = ""
    """The text as it is matched."""


def share_campaign(frames: list[Frame]) -> None:
    """«New Arrivals June 這檔,LINE 沒點、email 也沒開»: both are of that campaign."""
    for left, right in itertools.pairwise(frames):
        if (left.head, right.head) != (ENGAGE, ENGAGE) or not left.headed:
            continue
        own = right.values or right.topics or right.campaign
        if left.sentence == right.sentence and not own:
            right.values, right.headed = [*left.values], True
            right.topics, right.topic_names = [*left.topics], [*left.topic_names]
