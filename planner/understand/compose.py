"""From tokens to frames: which word belongs to which condition."""

from collections.abc import Callable

from planner.fields import EVENTS
from planner.understand.frames import ENGAGE, Frame, Sketch
from planner.understand.measures import Quantity, Span
from planner.understand.tokens import Pair, Token
from planner.understand.vocabulary import Concept

_LOOK = 3
"""How many tokens away a noun still tells what a value is."""
_VERB_KINDS = {"buy": ("product", "category"), ENGAGE: ("campaign",), "interest": ("tag",)}


class Composer:
    """Reads tokens in order; everything it knows so far is in its attributes."""

    def __init__(self, tokens: list[Token], form: str) -> None:
        self.tokens = [t for t in tokens if not (t.extra == {} and form[t.start : t.end] == " ")]
        self.form = form
        self.sketch = Sketch(tokens=self.tokens)
        self.current: Frame | None = None
        self.link = "and"
        self.negated = False
        self.excluding = False
        self.clause = 0
        self.sentence = 0
        self.bit = 0
        self.quantity: Quantity | None = None
        self.span: Span | None = None
        self.next_days: int | None = None
        self.recent = False
        self.source = ""
        self.channels: list[str] = []
        self.degree = ""
        self.noun = ""
        self.purpose = False
        self.index = 0
        self.leading: dict[int, Span] = {}
        self.neither = False

    def compose(self) -> Sketch:
        """Read all tokens."""
        for self.index, token in enumerate(self.tokens):
            self._read(token)
        self._close()
        self._spread()
        return self.sketch

    # --- one token ------------------------------------------------------------------------------

    def _read(self, token: Token) -> None:
        if token.separator and not token.extra:
            self._separator(token)
        elif self.purpose and self._in_purpose(token):
            return
        elif token.extra:
            self._measure(token)
        elif token.quote:
            self._quote(token)
        elif token.values and self._value(token):
            return
        elif token.concepts and self._concepts(token):
            return
        elif token.topics:
            self._topic(token)
        elif token.number is not None or token.day is not None:
            return
        elif token.rest:
            self._rest(token)

    def _in_purpose(self, token: Token) -> bool:
        if token.role("person") or token.role("exclude"):
            self.purpose = False
            return token.role("person") is not None
        return not (token.role("scope"))

    def _separator(self, token: Token) -> None:
        self.purpose = False
        if token.separator == "," and self.form[token.start : token.end].strip() in ("/", "、", "&", "+", "・", "·"):
            if self.current is not None and self.current.values and not self.current.conjunction:
                self.current.conjunction = "or"
            if "/" in self.form[token.start : token.end]:
                self.link = "or" if self._same_kind_ahead() else self.link
            return
        self._flush_forward()
        self.clause += 1
        self.bit += 1
        if token.separator == ".":
            self.sentence += 1
            self.excluding = False
            self.link = "and"

    def _same_kind_ahead(self) -> bool:
        follower = self._peek(1)
        return follower is not None and bool(follower.concepts) and self.current is not None

    def _peek(self, step: int) -> Token | None:
        place = self.index + step
        return self.tokens[place] if 0 <= place < len(self.tokens) else None

    # --- frames ---------------------------------------------------------------------------------

    def _open(self, head: str, token: Token, concept: Concept | None = None) -> Frame:
        self._close()
        frame = Frame(head, token.start, token.end, concept)
        frame.link, self.link = self.link, "and"
        frame.clause, frame.sentence, frame.bit = self.clause, self.sentence, self.bit
        frame.negated, self.negated = self.negated or self.neither, False
        frame.excluded = self.excluding
        if self.source and head in ("tag", "note", "value"):
            frame.source, self.source = self.source, ""
        if self.quantity is not None and frame.takes_quantity(self.quantity):
            frame.quantity, self.quantity = self.quantity, None
        if self.span is not None and frame.takes_span(self.span):
            if not any(f.clause == self.clause for f in self.sketch.frames):
                self.leading[self.clause] = self.span
            frame.span, self.span = self.span, None
        if self.next_days is not None and head == "birthday":
            frame.next_days, self.next_days = self.next_days, None
        if self.recent and frame.takes_span() and frame.span is None:
            frame.recent, self.recent = True, False
        if self.channels and head == ENGAGE:
            frame.channels, self.channels = self.channels, []
        if self.degree and head == "purchase_probability":
            frame.band, self.degree = self.degree, ""
        self.current = frame
        self.sketch.frames.append(frame)
        return frame

    def _close(self) -> None:
        self.current = None

    def _flush_forward(self) -> None:
        """At a boundary, what waited for a head goes back to the frame before, if it can."""
        frame = self.current
        if frame is None or frame.clause != self.clause:
            if self.channels and not self._reach_ahead():
                pass
            return
        if self.span is not None and frame.takes_span(self.span):
            frame.span, self.span = self.span, None
        if self.quantity is not None and frame.takes_quantity(self.quantity):
            frame.quantity, self.quantity = self.quantity, None
        if self.recent and frame.takes_span():
            frame.recent, self.recent = True, False

    def _reach_ahead(self) -> bool:
        return any(t.role("reach") for t in self.tokens[self.index :])

    # --- measures -------------------------------------------------------------------------------

    def _measure(self, token: Token) -> None:
        quantity = token.extra.get("quantity")
        span = token.extra.get("span")
        days = token.extra.get("next_days")
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
        if frame is not None and frame.takes_quantity(quantity):
            frame.quantity = quantity
            if self.negated and frame.head != "buy":
                frame.negated, self.negated = not frame.negated, False
        elif quantity.unit == "orders":
            self._open("order_count", token).quantity = quantity
        elif quantity.unit == "years":
            self._open("age", token).quantity = quantity
        else:
            self.quantity = quantity
            self.sketch.quantities.append(quantity)

    def _take_span(self, span: Span) -> None:
        self.sketch.spans.append(span)
        frame = self.current
        if frame is not None and frame.takes_span(span) and not self._head_follows(frame):
            frame.span = span
            frame.recent = False
        elif self.current is not None and self.current.head == "birthday" and span.month is None:
            self.span = None  # "birthday this month" has a concept of its own
        else:
            self.span = span

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
        asian = not self.form[token.start].isascii() and not "\u0e00" <= self.form[token.start] <= "\u0e7f"
        acts = ("buy", "event", "field", "vague", "is", "channel")
        return asian and any(c.role in acts for c in token.concepts)

    def _take_next(self, days: int, token: Token) -> None:
        if self.current is not None and self.current.head == "birthday":
            self.current.next_days = days
        else:
            self.next_days = days

    def _quote(self, token: Token) -> None:
        frame = self.current
        if frame is not None and frame.head in ("note", "tag", "interest") and frame.sentence == self.sentence:
            frame.quotes.append(token.quote)
            frame.end = token.end
            if self.link in ("or", "and") and len(frame.quotes) > 1:
                frame.conjunction, self.link = self.link, "and"
        elif any(t.role("note") for t in self.tokens[self.index :]) or any(
            f.head == "note" for f in self.sketch.frames[-1:]
        ):
            self._open("note", token).quotes.append(token.quote)
        else:
            frame = self._open("quote", token)
            frame.quotes.append(token.quote)

    # --- known values ---------------------------------------------------------------------------

    def _value(self, token: Token) -> bool:
        pairs = self._settle(token)
        if not pairs:
            return False
        pair = pairs[0]
        if pair[0] == "attribute":
            frame = self._open("attribute", token)
            frame.noun = pair[1]
            return True
        self.sketch.values.append(pair)
        frame = self._owner(pair, token)
        frame.values.append(pair)
        frame.end = max(frame.end, token.end)
        return True

    def _owner(self, pair: Pair, token: Token) -> Frame:
        """The frame a value belongs to: the one at hand if it can hold it, else a new one."""
        frame, kind = self.current, pair[0]
        if frame is not None and frame.sentence == self.sentence:
            same = bool(frame.values) and frame.values[-1][0] == kind
            if same and not self.negated and (frame.clause == self.clause or self.link in ("or", "and")):
                if self.link in ("or", "wide") or not frame.conjunction:
                    joined = "or" if self.link in ("or", "wide") else self._joined_by(token)
                    frame.conjunction = joined or frame.conjunction
                self.link = "and"
                return frame
            if frame.head == "attribute" and not frame.values and kind == frame.noun:
                return frame
            if not frame.values and frame.clause == self.clause:
                if frame.head == "buy" and kind in ("product", "category"):
                    return frame
                if frame.name in ("add_to_cart_count", "purchase_quantity", "product_amount", "checkout_count", "highest_product_price") and kind in ("product", "category"):
                    return frame
                if frame.head == ENGAGE and kind == "campaign":
                    return frame
                if frame.head in ("tag", "interest") and kind == "tag":
                    return frame
                if frame.head == "total_spending" and kind in ("product", "category"):
                    return frame
        opened = self._open("value", token)
        return opened

    def _joined_by(self, token: Token) -> str:
        before = self._peek(-1)
        return "and" if before is not None and before.role("and") else ""

    def _settle(self, token: Token) -> tuple[Pair, ...]:
        """Which of the things of that name is meant, best first; none if it is a common word."""
        pairs = token.values
        kinds = {kind for kind, _ in pairs}
        common = [c for c in token.concepts if c.role != "fill"]
        if "attribute" in kinds and len(kinds) == 1:
            return () if common and not self._noun_near({"attribute"}) else pairs
        nouns = self._nouns_near()
        by_noun = tuple(p for p in pairs if p[0] in nouns)
        if by_noun:
            return by_noun
        attribute = self.current.noun if self.current and self.current.head == "attribute" else ""
        own = tuple(p for p in pairs if p[0] == attribute)
        if own:
            return own
        if common:
            return ()
        verb = self._verb_near()
        wanted = _VERB_KINDS.get(verb, ())
        by_verb = tuple(p for p in pairs if p[0] in wanted)
        if by_verb:
            return by_verb
        if verb == "interest" and kinds <= {"product", "category"}:
            return ()
        order = ("city", "membership_tier", "tag", "product", "category", "campaign")
        if verb == "" and "campaign" in kinds and "tag" not in kinds:
            order = ("campaign",)
        return tuple(sorted(pairs, key=lambda p: order.index(p[0]) if p[0] in order else 9))

    def _noun_near(self, kinds: set[str]) -> bool:
        return bool(self._nouns_near() & kinds)

    def _nouns_near(self) -> set[str]:
        """The kinds named by nouns beside this token, the nearest first reached on each side."""
        found: set[str] = set()
        for direction in (1, -1):
            for step in range(1, _LOOK + 1):
                token = self._peek(direction * step)
                if token is None or token.separator == ".":
                    break
                noun = token.role("noun")
                if noun is not None and (noun.data["kind"] in ("tag", "category", "campaign", "product")):
                    if not (noun.name == "product" and token.role("unit")):
                        found.add(noun.data["kind"])
                    break
                if token.values or token.separator or not (token.role("fill") or token.quote):
                    break
        return found

    def _verb_near(self) -> str:
        frame = self.current
        if frame is not None and frame.sentence == self.sentence and frame.head in _VERB_KINDS:
            if frame.clause == self.clause or not frame.values:
                return frame.head
        for step in range(1, 9):
            token = self._peek(step)
            if token is None or token.separator:
                break
            if token.role("interest"):
                return "interest"
            if token.role("buy"):
                return "buy"
            if token.role("event"):
                return ENGAGE
            if token.role("noun") or token.role("and"):
                break
        return ""

    # --- words ----------------------------------------------------------------------------------

    def _concepts(self, token: Token) -> bool:
        for concept in sorted(token.concepts, key=_priority):
            handler: Callable[[Token, Concept], bool] | None = getattr(
                self, f"_on_{concept.role}", None
            )
            if handler is not None and handler(token, concept):
                if self.current is not None and concept.role in _INNER:
                    self.current.end = max(self.current.end, token.end)
                return True
        return bool(token.concepts) and not token.topics

    def _on_fill(self, token: Token, concept: Concept) -> bool:
        return not token.topics

    def _on_person(self, token: Token, concept: Concept) -> bool:
        if self.link == "or":
            self.link = "wide"
        return True

    def _on_purpose(self, token: Token, concept: Concept) -> bool:
        self._flush_forward()
        self.purpose = True
        return True

    def _on_and(self, token: Token, concept: Concept) -> bool:
        self._flush_forward()
        self.bit += 1
        return True

    def _on_or(self, token: Token, concept: Concept) -> bool:
        self._flush_forward()
        self.bit += 1
        self.link = "or"
        return True

    def _on_nor(self, token: Token, concept: Concept) -> bool:
        self._flush_forward()
        self.negated = True
        return True

    def _on_neither(self, token: Token, concept: Concept) -> bool:
        self.negated = True
        return True

    def _on_any_one(self, token: Token, concept: Concept) -> bool:
        self.sketch.any_one = True
        return True

    def _on_both(self, token: Token, concept: Concept) -> bool:
        if self.current is not None and self.current.values:
            self.current.conjunction = "and"
        return True

    def _on_either(self, token: Token, concept: Concept) -> bool:
        return True

    def _on_not(self, token: Token, concept: Concept) -> bool:
        self.negated = not self.negated if self.negated and self._peek_adjacent(-1) else True
        return True

    def _peek_adjacent(self, step: int) -> bool:
        token = self._peek(step)
        return token is not None and token.role("not") is not None

    def _on_not_after(self, token: Token, concept: Concept) -> bool:
        if self.current is None:
            self.negated = True
            return True
        self.current.negated = not self.current.negated
        return True

    def _on_exclude(self, token: Token, concept: Concept) -> bool:
        before = [f for f in self.sketch.frames if f.clause == self.clause and not f.excluded]
        follows = self._content_follows()
        if before and not follows:
            start = before[0].link
            for frame in before:
                frame.excluded = True
            before[0].link = "and" if start == "or" else start
        else:
            self._flush_forward()
            self._close()
            self.clause += 1
            self.bit += 1
            self.excluding = True
            self.link = "and"
        return True

    def _content_follows(self) -> bool:
        """Whether the clause goes on with something an exclusion could be about."""
        step = 1
        while (token := self._peek(step)) is not None:
            if token.separator:
                return False
            if token.values or token.quote or token.extra or token.topics or token.rest:
                return True
            if any(
                c.role in ("field", "buy", "event", "channel", "vague", "is", "value", "reach", "noun", "note", "interest", "birthday")
                for c in token.concepts
            ):
                return True
            step += 1
        return False

    def _on_field(self, token: Token, concept: Concept) -> bool:
        name = concept.data["field"]
        frame = self.current
        if name == "last_interaction" and frame is not None and frame.head == "engagement":
            return True
        self._open(name, token, concept)
        return True

    def _on_birthday(self, token: Token, concept: Concept) -> bool:
        frame = self._open("birthday", token, concept)
        return frame is not None

    def _on_buy(self, token: Token, concept: Concept) -> bool:
        frame = self.current
        if frame is not None and frame.clause == self.clause and self.link == "and":
            if frame.head in ("buy", "first_purchase", "last_purchase", "order_count", "purchase_quantity") and not self.negated:
                if frame.head != "buy" or not frame.values:
                    return True
            if frame.head == "quantity_only":
                return True
        if frame is not None and frame.head == "value" and frame.values[-1][0] in ("product", "category") and frame.clause == self.clause and self.link == "and":
            frame.head, frame.concept = "buy", concept  # the object came first
            self._adopt(frame)
            return True
        self._open("buy", token, concept)
        return True

    def _adopt(self, frame: Frame) -> None:
        if self.negated:
            frame.negated, self.negated = not frame.negated, False
        if self.span is not None and frame.takes_span(self.span):
            frame.span, self.span = self.span, None
        if self.quantity is not None and frame.takes_quantity(self.quantity):
            frame.quantity, self.quantity = self.quantity, None
        if self.recent and frame.takes_span():
            frame.recent, self.recent = True, False

    def _on_event(self, token: Token, concept: Concept) -> bool:
        event, channel = concept.data["event"], concept.data.get("channel", "")
        frame = self.current
        if concept.data.get("weak") or concept.name in ("own", "claim", "delivered", "undelivered"):
            if not self._channel_in_reach(channel or "coupon"):
                return False
        if event == "receive":
            return False
        if not event and not self._speaks_of_messages():
            if token.role("field") is None:
                self._open("last_interaction", token, None)
                return True
            return False
        reuse = (
            frame is not None
            and frame.head == ENGAGE
            and not frame.events
            and frame.clause == self.clause
        )
        if frame is not None and frame.head == "value" and frame.values[-1][0] == "campaign" and frame.clause == self.clause and self.link == "and":
            frame.head, reuse = ENGAGE, True
            self._adopt(frame)
        if not reuse or frame is None:
            before = frame
            frame = self._open(ENGAGE, token, None)
            if before is not None and before.head == ENGAGE and before.events and not frame.channels and frame.sentence == before.sentence and self._pairs_up(before, event, channel):
                frame.channels = list(before.channels)
                frame.values = [v for v in before.values if v[0] == "campaign"]
                frame.conjunction = before.conjunction
        elif self.negated:
            frame.negated, self.negated = not frame.negated, False
        if event:
            frame.events.append(event)
        if channel and channel not in frame.channels:
            frame.channels.append(channel)
        frame.message = frame.message or not event
        return True

    @staticmethod
    def _pairs_up(before: Frame, event: str, channel: str) -> bool:
        """Whether "it" is what the frame before was about: claimed it, but did not redeem it."""
        if channel == "coupon":
            return "coupon" in before.channels
        return all(event in EVENTS.get(c, ()) for c in before.channels)

    def _channel_in_reach(self, channel: str) -> bool:
        """Whether the text speaks of that channel nearby."""
        frame = self.current
        if channel in self.channels or (frame is not None and channel in frame.channels):
            return True
        if any(channel in f.channels for f in self.sketch.frames[-2:]):
            return True
        names = {channel, "sms"} if channel == "sms_plus" else {channel}
        return any(
            t.role("channel") is not None and t.role("channel").data["channel"] in names  # type: ignore[union-attr]
            for t in self.tokens[max(0, self.index - 6) : self.index + 8]
        )

    def _speaks_of_messages(self) -> bool:
        near = self.tokens[max(0, self.index - 6) : self.index + 7]
        return bool(self.channels or self.noun) or any(
            t.role("message") or t.role("channel") or (n := t.role("noun")) and n.data["kind"] == "campaign"
            or any(kind == "campaign" for kind, _ in t.values)
            for t in near
        )

    def _on_channel(self, token: Token, concept: Concept) -> bool:
        channel = concept.data["channel"]
        frame = self.current
        if frame is not None and frame.head == "reach":
            if not frame.channels or frame.clause == self.clause or self.link in ("or", "and"):
                frame.channels.append(channel)
                if self.link == "or":
                    frame.conjunction = "or"
                elif len(frame.channels) > 1 and not frame.conjunction:
                    frame.conjunction = "and" if self._joined_by(token) else ""
                self.link = "and"
                return True
        if frame is not None and frame.head == ENGAGE and frame.clause == self.clause:
            if channel in frame.channels:
                return True
            if not frame.channels or (self.link == "or" or self._joined_by(token)):
                if channel not in frame.channels:
                    frame.channels.append(channel)
                if frame.channels and self.link == "or":
                    self.link = "and"
                return True
        self.channels.append(channel)
        return True

    def _on_reach(self, token: Token, concept: Concept) -> bool:
        frame = self._open("reach", token, concept)
        if self.channels:
            frame.channels, self.channels = self.channels, []
        return True

    def _on_message(self, token: Token, concept: Concept) -> bool:
        if self.current is not None and self.current.head == ENGAGE:
            self.current.message = True
        elif self.current is not None and self.current.head == "reach":
            pass
        else:
            self.noun = "message"
        return True

    def _on_noun(self, token: Token, concept: Concept) -> bool:
        kind = concept.data["kind"]
        frame = self.current
        if kind == "campaign":
            if frame is not None and frame.head == ENGAGE:
                frame.campaign = True
                if self.recent or self.span is not None:
                    frame.recent, self.recent = frame.recent or self.recent, False
            else:
                self.noun = "campaign"
            return True
        if kind == "tag":
            if frame is not None and frame.head == "value" and frame.values[-1][0] == "tag" and frame.clause == self.clause:
                return True
            if frame is None or frame.head != "tag" or frame.values:
                follower = self._peek(1)
                if frame is not None and frame.head == "quote" and frame.clause == self.clause:
                    frame.head = "tag"
                elif follower is not None or not frame:
                    self._open("tag", token, concept)
            return True
        return True

    def _on_note(self, token: Token, concept: Concept) -> bool:
        frame = self.current
        if frame is None or frame.head != "note":
            if frame is not None and frame.head == "quote" and frame.clause == self.clause:
                frame.head = "note"
                return True
            self._open("note", token, concept)
        return True

    def _on_mention(self, token: Token, concept: Concept) -> bool:
        return self.current is not None and self.current.head == "note"

    def _on_source(self, token: Token, concept: Concept) -> bool:
        if self.current is not None and (
            self.current.head in ("tag", "note")
            or (self.current.head == "value" and self.current.values[-1][0] == "tag")
        ) and self.current.clause == self.clause:
            self.current.source = concept.data["source"]
        else:
            self.source = concept.data["source"]
        return True

    def _on_interest(self, token: Token, concept: Concept) -> bool:
        frame = self.current
        if frame is not None and frame.head in ("topic", "value") and frame.clause == self.clause and self.link == "and":
            if frame.head == "topic":
                frame.head = "interest"
                self._adopt(frame)
                return True
            if frame.values[-1][0] == "tag":
                return True
        follower = self._peek(1)
        if follower is None and frame is None:
            return False
        self._open("interest", token, concept)
        return True

    def _on_live(self, token: Token, concept: Concept) -> bool:
        return True

    def _on_recent(self, token: Token, concept: Concept) -> bool:
        frame = self.current
        if frame is not None and frame.takes_span() and frame.clause == self.clause and frame.head != "value":
            frame.recent = True
        else:
            self.recent = True
        return True

    def _on_degree(self, token: Token, concept: Concept) -> bool:
        if self.current is not None and self.current.name == "purchase_probability":
            self.current.band = concept.data["band"]
        elif self.current is not None and self.current.head in ("total_spending", "average_order_value", "highest_order", "order_count", "purchase_quantity", "highest_product_price", "return_count", "product_amount", "checkout_count", "add_to_cart_count", "age") and self.current.quantity is None and self.current.clause == self.clause:
            self.current.band = concept.data["band"]
        else:
            self.degree = concept.data["band"]
        return True

    def _on_is(self, token: Token, concept: Concept) -> bool:
        self._open("is", token, concept)
        return True

    def _on_vague(self, token: Token, concept: Concept) -> bool:
        self._open("vague", token, concept)
        return True

    def _on_value(self, token: Token, concept: Concept) -> bool:
        pair = (concept.data["field"], concept.data["text"])
        frame = self._owner(pair, token)
        if pair not in frame.values:
            frame.values.append(pair)
        return True

    def _on_scope(self, token: Token, concept: Concept) -> bool:
        self.sketch.scope.append((token.start, token.end, concept, self.bit))
        return True

    def _topic(self, token: Token) -> None:
        frame = self.current
        adjacent = frame is not None and frame.clause == self.clause
        if frame is not None and frame.head in ("interest", "buy", "topic", "tag") and adjacent and not frame.values:
            frame.topics.append((token.start, token.end))
            frame.topic_names.extend(token.topics)
            frame.end = token.end
        elif frame is not None and frame.head == "note":
            frame.topics.append((token.start, token.end))
        else:
            opened = self._open("topic", token)
            opened.topics.append((token.start, token.end))
            opened.topic_names.extend(token.topics)

    def _rest(self, token: Token) -> None:
        frame = self.current
        if frame is not None and frame.head in ("interest", "note", "tag", "topic") and frame.clause == self.clause:
            frame.topics.append((token.start, token.end))
            frame.end = token.end
        elif frame is not None and frame.head == "buy" and frame.clause == self.clause and not frame.values and not frame.quantity:
            frame.topics.append((token.start, token.end))
            frame.end = token.end
        else:
            self.sketch.rest.append((token.start, token.end, self.bit))

    # --- afterwards -----------------------------------------------------------------------------

    def _spread(self) -> None:
        """Give a time said once to the coordinated acts that share it."""
        frame = self.current
        frames = self.sketch.frames
        last = frames[-1] if frames else None
        if last is not None:
            if self.span is not None and last.takes_span(self.span):
                last.span = self.span
            elif self.span is not None:
                frame = next((f for f in frames if f.takes_span(self.span)), None)
                if frame is not None:
                    frame.span = self.span
            if self.quantity is not None and last.takes_quantity(self.quantity):
                last.quantity = self.quantity
            if self.recent:
                frame = next((f for f in reversed(frames) if f.takes_span()), None)
                if frame is not None:
                    frame.recent = True
        for left, right in zip(frames, frames[1:], strict=False):
            if left.sentence != right.sentence or left.head != right.head:
                continue
            family = left.head in (ENGAGE, "buy")
            if family and right.span is None and left.span is not None and (
                left.clause in self.leading or self._same_thing(left, right)
            ):
                right.span = left.span
            elif family and left.span is None and right.span is not None and not left.recent and left.clause == right.clause:
                left.span = right.span

    @staticmethod
    def _same_thing(left: Frame, right: Frame) -> bool:
        return left.head == ENGAGE and left.channels == right.channels == ["coupon"]


_INNER = ("field", "event", "channel", "noun", "message", "note", "mention", "source", "interest", "buy")
"""Roles whose words are part of what a frame quotes."""

_ORDER = (
    "scope", "is", "birthday", "vague", "value", "any_one", "event", "exclude", "either", "neither", "nor", "both",
    "mention", "note", "channel", "reach", "source", "interest", "field", "buy", "noun", "message",
    "recent", "degree", "not", "not_after", "purpose", "or", "and", "person", "live", "fill",
)  # fmt: skip


def _priority(concept: Concept) -> int:
    return _ORDER.index(concept.role) if concept.role in _ORDER else 99


def compose(tokens: list[Token], form: str) -> Sketch:
    """Read tokens into frames."""
    return Composer(tokens, form).compose()
