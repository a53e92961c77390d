"""From tokens to frames: which word belongs to which condition."""

from collections.abc import Callable

from planner.understand.cursor import may_be_age
from planner.understand.frames import ENGAGE, Frame, Sketch
from planner.understand.known import bought_of
from planner.understand.sharing import Sharing
from planner.understand.spans import Quantity
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept, concepts

_INNER = (
    "field",
    "event",
    "channel",
    "noun",
    "message",
    "note",
    "mention",
    "source",
    "interest",
    "buy",
)
"""Roles whose words are part of what a frame quotes."""

_KEYWORDS = ("field", "buy", "vague", "is", "event", "value", "reach", "interest")
"""Roles of words that may be a keyword in notes."""

_LARGE = 500
"""A bare number from which it may well be money."""
_ORDER = (
    "merged", "also", "nor_after", "or_above", "or_below", "wish", "only_not",
    "ever", "since", "since_then", "compare", "sole", "narrow",
    "scope", "is", "birthday", "vague", "value", "any_one", "event", "exclude",
    "either", "neither",
    "nor", "both", "mention", "note", "channel", "reach", "source", "interest", "field", "buy",
    "noun", "message",
    "recent", "circumstance", "degree", "by_ai", "not", "not_after", "choice", "purpose",
    "intent", "or", "period", "duration", "time", "before", "last",
    "and", "person", "live", "purpose_after", "fill",
)  # fmt: skip


class Composer(Sharing):
    """Reads all tokens of an utterance in order."""

    def compose(self) -> Sketch:
        """Read all tokens."""
        for index, token in enumerate(self.tokens):
            self.index = index
            self._read(token)
        self._close()
        self._guess_ages()
        self._guess_spending()
        self._settle_vague()
        self._spread()
        self._find_loose()
        return self.sketch

    def _guess_ages(self) -> None:
        """A bare "18-24" or "under 40" among what describes people is an age."""
        held = [frame.quantity for frame in self.sketch.frames]
        if not held:
            return
        for token in self.tokens:
            quantity = token.extra.get("quantity")
            if not isinstance(quantity, Quantity) or any(quantity is one for one in held):
                continue
            if may_be_age(quantity):
                self._insert("age", token, quantity)

    def _guess_spending(self) -> None:
        """«累計10万円以上の人»: money in sum, of nothing else, is what was spent."""
        held = [frame.quantity for frame in self.sketch.frames]
        for place, token in enumerate(self.tokens):
            quantity = token.extra.get("quantity")
            near = self.tokens[max(0, place - 3) : place + 4]
            if not isinstance(quantity, Quantity) or quantity.unit not in ("money", ""):
                continue
            if any(quantity is one for one in held) or quantity.op is None:
                continue
            large = quantity.unit == "money" or quantity.number >= 500
            if large and any(t.role("sum") for t in near):
                self._insert("total_spending", token, quantity)

    def _settle_vague(self) -> None:
        """«top spenders from Osaka, let's say more than 40k»: the number of what was vague."""
        held = [frame.quantity for frame in self.sketch.frames]
        for token in self.tokens:
            quantity = token.extra.get("quantity")
            if not isinstance(quantity, Quantity) or quantity.op is None:
                continue
            vague = [
                frame
                for frame in self.sketch.frames
                if frame.head == "vague"
                and frame.end <= token.start
                and (quantity.unit or quantity.number >= _LARGE)
                and frame.takes_quantity(quantity)
            ]
            if vague and not any(quantity is one for one in held):
                vague[-1].quantity = quantity
                self.quantity = None if self.quantity is quantity else self.quantity

    def _insert(self, head: str, token: Token, quantity: Quantity) -> None:
        """A frame that only shows at the end, at the place where it was said."""
        frame = Frame(head, token.start, token.end, quantity=quantity)
        last = (1_000, self.sentence, 1_000, self.group, "and", False, False)
        place = self.places.get(token.start, last)
        frame.clause, frame.sentence, frame.bit, frame.group = place[:4]
        frame.link, frame.excluded, frame.verbal = place[4:]
        frames = self.sketch.frames
        later = next((i for i, f in enumerate(frames) if f.start > token.start), len(frames))
        if frame.link != "and" and later < len(frames) and frames[later].link == frame.link:
            frames[later].link = "and"  # the "or" before the number was not that frame's
        frames.insert(later, frame)
        self.quantity = None if self.quantity is quantity else self.quantity

    def _find_loose(self) -> None:
        """A number or time that no frame took must not be lost in silence."""
        if self.channels:
            last = [t for t in self.tokens if t.role("channel")][-1]
            self.sketch.loose.append((last.start, last.end, self.bit))
        if self.negated:
            self.sketch.loose.append(self.denied)
        for start, end in self.described:
            self.sketch.rest.append((start, end, self.bit))
        held = [f.quantity for f in self.sketch.frames] + [f.span for f in self.sketch.frames]
        kept = [f.next_days for f in self.sketch.frames]
        for start, end, bit, measure in self.measured:
            if not any(measure is one for one in held) and measure not in kept:
                self.sketch.loose.append((start, end, bit))

    def _read(self, token: Token) -> None:
        if token.separator and not token.extra:
            self._separator(token)
        elif self.purpose and self._in_purpose(token):
            return
        elif self._begins_a_remark(token):
            self._on_purpose(token, concepts()["purpose"])
        elif token.extra:
            self._measure(token)
        elif token.quote:
            self._quote(token)
        elif (token.values and self._value(token)) or (token.concepts and self._concepts(token)):
            return
        elif token.topics:
            self._topic(token)
        elif token.number is not None or token.day is not None:
            return
        elif (token.rest or token.values) and not self._near_name(token):
            self._rest(token)

    def _concepts(self, token: Token) -> bool:
        frame = self.current
        if frame is not None and frame.head == "note" and self._is_keyword(frame, token):
            self._add_keyword(frame, token)
            return True
        for concept in sorted(token.concepts, key=_priority):
            handler: Callable[[Token, Concept], bool] | None = getattr(
                self, f"_on_{concept.role}", None
            )
            if handler is not None and handler(token, concept):
                if self.current is not None and concept.role in _INNER:
                    self.current.end = max(self.current.end, token.end)
                return True
        return bool(token.concepts) and not token.topics

    def _is_keyword(self, frame: Frame, token: Token) -> bool:
        """Whether a word after "notes mention" is what they are searched for."""
        if any(concept.role == "scope" for concept in token.concepts):
            apart = bool(frame.quotes) and frame.bit < self.bit
            return frame.clause == self.clause and not apart
        if frame.bit != self.bit and not frame.quotes:
            return self._lists_keywords(frame, token)
        after = self._peek(1)
        if token.role("unit") and not (frame.topics or frame.quotes) and after is not None:
            if after.rest and after.start == token.end:
                return True  # โน้ตมีคำว่า ใบกำกับภาษี
        if frame.quotes or (frame.topics and "的" in self.form[frame.end : token.start]):
            return False  # 備註提到過敏的買過兩次的人
        return all(concept.role in _KEYWORDS for concept in token.concepts)

    def _add_keyword(self, frame: Frame, token: Token) -> None:
        """One word more that notes are searched for; after a quoted one it stands for itself."""
        if not frame.quotes:
            frame.topics.append((token.start, token.end))
            return
        frame.quotes.append(self.form[token.start : token.end])
        if self.link == "or" or self.joined:
            frame.conjunction, self.link = "or" if self.link == "or" else "and", "and"

    def _topic(self, token: Token) -> None:
        frame = self.current
        adjacent = frame is not None and frame.clause == self.clause and not self._is_who(token)
        if frame is not None and frame.bit == self.bit:
            bought_of(frame)
            of_sums = frame.name in ("product_amount", "total_spending") and frame.quantity is None
            if (frame.is_spending or frame.head == "order_count" or of_sums) and not frame.values:
                frame.head = "buy"  # "spent 3,000 on cat things", "two orders with dog food"
        if (
            frame is not None
            and frame.head in ("interest", "buy", "topic", "tag")
            and adjacent
            and not frame.values
        ):
            frame.topics.append((token.start, token.end))
            frame.topic_names.extend(token.topics)
            frame.end = token.end
            self.link = "and" if self.link == "or" else self.link
        elif frame is not None and self._takes_keyword(frame):
            self._add_keyword(frame, token)
        elif self._names_a_campaign(token):
            return
        else:
            opened = self._open("topic", token)
            opened.topics.append((token.start, token.end))
            opened.topic_names.extend(token.topics)

    def _takes_keyword(self, frame: Frame) -> bool:
        """Whether a topic is what notes are searched for: not one after 「…」が含まれる人."""
        said = frame.head == "note" and not self._ends_keywords(frame)
        return said and not (frame.quotes and frame.bit < self.bit)

    def _names_a_campaign(self, token: Token) -> bool:
        """Take what describes a campaign: "the summer sale coupon", 夏季特賣的券."""
        frame = self.current
        if frame is not None and frame.head == ENGAGE and frame.clause == self.clause:
            if frame.values:
                return False
            frame.topics.append((token.start, token.end))
            frame.topic_names.extend(token.topics)
            frame.end = max(frame.end, token.end)
            return True
        sent = (
            self._peek(1) if "en" in token.languages or self.form[token.start].isascii() else None
        )
        message = sent is not None and sent.role("channel") and token.end + 1 == sent.start
        if self._verb_near() == ENGAGE or "campaign" in self._nouns_near() or message:
            self.described.append((token.start, token.end))
            self.described_topics.extend(token.topics)
            return True
        return False

    def _rest(self, token: Token) -> None:
        frame = self.current
        if self._is_our_verb():
            return
        if self._is_our_doing(token):
            self._start_purpose()
            return
        noted = frame is not None and frame.head == "note" and frame.clause == self.clause
        if noted and frame is not None and not self._leads_away(frame):
            self._add_keyword(frame, token)
            frame.end = token.end
        elif (
            frame is not None
            and frame.head in ("interest", "tag", "topic")
            and frame.clause == self.clause
        ) or (
            frame is not None
            and frame.head == "buy"
            and frame.clause == self.clause
            and self._may_be_bought(token, frame)
        ):
            frame.topics.append((token.start, token.end))
            frame.end = token.end
            self.link = "and" if self.link == "or" else self.link
        else:
            start = self._with_its_not(token)
            self.sketch.rest.append((start, token.end, self.bit))
            if token.end - token.start > 1:  # "Osaka or Reykjavik"
                self.link = "and" if self.link == "or" else self.link

    def _leads_away(self, frame: Frame) -> bool:
        """«มีข้อความว่า ใบกำกับภาษี และตั้งภาษาไว้…»: an unknown word after "and", before a field."""
        after = self._peek(1)
        roles = ("field", "noun", "buy", "event", "birthday")
        said = frame.bit < self.bit and bool(frame.topics or frame.quotes) and self.link == "and"
        return said and after is not None and any(map(after.role, roles))

    def _with_its_not(self, token: Token) -> int:
        """Where an unknown word begins, with the "not" right before it: 還沒核消."""
        start, _, bit = self.denied
        if self.negated and bit == self.bit and self.tokens[self.index - 1].start == start:
            self.negated = False
            return start
        return token.start


def _priority(concept: Concept) -> tuple[int, int]:
    """The place of the role; of one role, the meaning that says more."""
    return _ORDER.index(concept.role) if concept.role in _ORDER else 99, -len(concept.data)


def compose(tokens: list[Token], form: str, numeric: frozenset[str] = frozenset()) -> Sketch:
    """Read tokens into frames; `numeric` names the custom attributes that are numbers."""
    return Composer(tokens, form, numeric).compose()
