"""Known values and quotes: which thing of a name is meant, and which frame it belongs to."""

import itertools
from dataclasses import replace

from planner.fields import Op
from planner.understand.frames import ENGAGE, OF_PRODUCTS, Frame
from planner.understand.nearby import VERB_KINDS, Nearby
from planner.understand.normalise import normalise
from planner.understand.spans import Quantity
from planner.understand.tokens import Pair, Token

_WHO = "媽咪爸拔麻娘奴控粉迷族"
"""How a word ends in Chinese that tells who people are, as a topic."""


def bought_of(frame: Frame) -> None:
    """«never bought …», "buyers of …": what is named next is what was, or was not, bought."""
    thing = frame.concept.data.get("object", "") if frame.concept is not None else ""
    if thing == "bought" or (thing and frame.span is not None):
        frame.head, frame.concept, frame.negated = "buy", None, thing != "bought"
        return
    if frame.head != "is" or frame.name != "order_count" or frame.concept is None:
        return
    number, op = float(frame.concept.data["number"]), Op(frame.concept.data["op"])
    if number == 0:
        frame.negated = not frame.negated
    elif (number, op) != (1, Op.GE):
        frame.quantity = Quantity(number, op, unit="times")
    frame.head, frame.concept = "buy", None


class KnownValues(Nearby):
    """Reads known values and quoted words."""

    def _quote(self, token: Token) -> None:
        frame = self.current
        if (
            frame is not None
            and frame.head in ("note", "tag", "interest")
            and frame.sentence == self.sentence
        ):
            frame.quotes.append(token.quote)
            frame.end = token.end
            self._adopt_not(frame)
            if self.link in ("or", "and") and len(frame.quotes) > 1:
                frame.conjunction, self.link = self.link, "and"
        elif not self._is_tag_ahead() and (
            any(t.role("note") for t in self.tokens[self.index :])
            or any(f.head == "note" for f in self.sketch.frames[-1:])
        ):
            self._open("note", token).quotes.append(token.quote)
        else:
            frame = self._open("quote", token)
            frame.quotes.append(token.quote)

    def _is_tag_ahead(self) -> bool:
        """«「Wholesale」タグのある人とメモに…»: whether it is the tag's name."""
        after = self._peek(1)
        noun = after.role("noun") if after is not None else None
        return noun is not None and noun.data["kind"] == "tag"

    def _adopt_not(self, frame: Frame) -> None:
        """«標籤沒有「VIP」»: a "not" between a noun and what it holds."""
        if self.negated:
            frame.negated, self.negated = not frame.negated, False

    def _value(self, token: Token) -> bool:
        pairs = self._settle(token)
        if not pairs:
            return False
        pair = pairs[0]
        if self._also_said():
            self.joined = True
        held = self.current
        searched = held is not None and held.head == "note" and self._is_searched(held)
        if held is not None and searched and not held.quotes:
            if held.quotes:
                held.quotes.append(pair[1])
            else:
                held.topics.append((token.start, token.end))
            return True
        named = held is not None and held.clause == self.clause and held.values[-1:]
        if pair[0] == "attribute" and named and named[0][0] == pair[1]:
            return True  # "with Xinyi as their favorite store"
        if pair[0] == "attribute":
            waiting = self.quantity
            if pair[1] not in self.numeric:
                self.quantity = None  # a number said before is another condition's
            frame = self._open("attribute", token)
            frame.noun, frame.numeric = pair[1], pair[1] in self.numeric
            self.quantity = self.quantity if frame.numeric else waiting
            return True
        self.sketch.values.append(pair)
        same_act = self._verb_left_out() == "buy" and pair[0] in ("product", "category")
        frame = self._owner(pair, token)
        if same_act and frame.head == "value":
            frame.head = "buy"  # "bought Coffee but not Skincare this year"
        frame.values.append(pair)
        if frame.head == "vague" and frame.concept is not None and frame.name in OF_PRODUCTS:
            frame.band = "high" if frame.concept.data["high"] else "low"
            frame.head, frame.concept = frame.name, None  # 買很多件 Drip Coffee Box
        frame.too = self._too_follows()
        frame.together = frame.together or self.both
        self.both = self.both and len(frame.values) < 2
        if pair[0] == "city" and len(pairs) > 1 and not self._is_name(token, pairs):
            frame.values += [p for p in pairs[1:] if p[0] == "city"]  # 雙北 is two cities
        frame.end = max(frame.end, token.end)
        self.joined = False
        return True

    def _is_searched(self, note: Frame) -> bool:
        """Whether a name is a word that notes are searched for, the first or one of several."""
        before, start = self._peek(-1), self.tokens[self.index].start
        said = self.form[before.start : before.end] if before is not None else ""
        joined = before is not None and (before.role("and") or before.role("or"))
        joined = joined if " " not in said else None  # "or are"
        if joined and note.quotes and not (before and before.role("or")):
            joined = None  # 備註有「花生」而且銀卡以上
        adjacent = note.topics and not self.form[note.topics[-1][1] : start].strip()
        first = not (note.quotes or note.topics)
        return note.clause == self.clause and bool(first or joined or adjacent)

    def _too_follows(self) -> bool:
        """«Jewelryカテゴリの商品も»: "too" after a name and what it is."""
        for step in range(1, 5):
            token = self._peek(step)
            if token is None or not (token.role("fill") or token.role("noun")):
                return False
            if self.form[token.start : token.end] == "も":
                return True
        return False

    def _also_said(self) -> bool:
        """«AもBも買った»: both of them."""
        after = self._peek(1)
        before = [self._peek(-1), self._peek(-2)]
        too = [t is not None and self.form[t.start : t.end] == "も" for t in (after, *before)]
        return too[0] and (too[1] or too[2])

    def _is_name(self, token: Token, pairs: tuple[Pair, ...]) -> bool:
        said = self.form[token.start : token.end]
        return any(normalise(name).form == said for _, name in pairs)

    def _owner(self, pair: Pair, token: Token) -> Frame:
        """The frame a value belongs to: the one at hand if it can hold it, else a new one."""
        frame, kind = self.current, pair[0]
        if frame is not None and frame.head == "buy" and self._is_of_all_time(frame):
            opened = self._open("buy", token)
            opened.negated, opened.timeless = frame.negated, True
            return opened
        if frame is not None and frame.head != "value" and self._is_put_in_cart(frame):
            return self._open("value", token)
        if frame is not None and frame.sentence == self.sentence:
            same = bool(frame.values) and frame.values[-1][0] == kind
            if (
                same
                and not frame.closed
                and not (self.link == "or" and self.quantity is not None)
                and not self.negated
                and not (frame.clause < self.clause == self.turned)
                and (frame.clause == self.clause or self.link in ("or", "and"))
                and not ((frame.bit != self.bit or frame.quantity) and self._has_own_act(frame))
                and not (self.bound and self._denied_ahead())
                and not self._is_of_another_source(frame)
                and not (kind == "campaign" and self._has_own_reaction(frame))
                and not self._all_were_taken(frame)
                and not (frame.excluded and not self.excluding)  # 台北的不要,高雄的女生
                and not (frame.head == "value" and frame.quantity and frame.bit != self.bit)
            ):
                if self.link in ("or", "wide") or not frame.conjunction:
                    joined = "or" if self.link in ("or", "wide") else self._joined_by(token)
                    if frame.together and not joined:
                        joined = "and"  # "all of these: A, B"
                    frame.conjunction = joined or frame.conjunction
                self.link = "and"
                return frame
            if frame.head == "attribute" and not frame.values and kind == frame.noun:
                self._adopt_not(frame)
                return frame
            if kind in ("product", "category") and frame.bit == self.bit:
                if self._names_buyers():
                    return self._open("value", token)
                bought_of(frame)
            another = self.link == "or" and not frame.topics  # 消費滿一萬或買過 Yoga Mat
            another = another or (frame.bit != self.bit and self._has_own_act(frame))
            if not frame.values and frame.clause == self.clause and not another:
                apart = frame.bit != self.bit
                if frame.head == "interest" and kind != "tag" and not (frame.topics or apart):
                    frame.head = "value"  # ไม่สนใจแคมเปญ Coffee Week
                    return frame
                if frame.head == "buy" and kind in ("product", "category"):
                    self._tell_who(frame)
                    return frame
                if frame.name in OF_PRODUCTS and kind in ("product", "category"):
                    return frame
                if frame.head == ENGAGE and kind == "campaign":
                    return frame
                if frame.head in ("tag", "interest") and kind == "tag":
                    self._adopt_not(frame)
                    return frame
                if frame.head == "total_spending" and kind in ("product", "category"):
                    return frame
                counted = frame.head == "order_count" and frame.bit == self.bit
                if counted and kind in ("product", "category"):
                    return frame
        return self._open("value", token)

    def _is_who(self, token: Token) -> bool:
        """«買過尿布的媽媽»: who they are, said last."""
        return self.form[token.start - 1 : token.start] == "的" and self.form[token.end - 1] in _WHO

    def _tell_who(self, frame: Frame) -> None:
        """«新手媽媽買過 Diapers L»: who they are, said before the verb, is nothing bought."""
        acts = [t for t in self.tokens[: self.index] if t.role("buy")]
        if not (acts and frame.topics) or frame.topics[-1][1] > acts[-1].start:
            return
        if self.form[frame.topics[-1][1] - 1] not in _WHO:
            return
        told = replace(frame, head="topic", end=frame.topics[-1][1], concept=None, values=[])
        told.quantity, told.span, told.negated = None, None, False
        frame.topics, frame.topic_names, frame.start = [], [], told.end
        self.sketch.frames.insert(self.sketch.frames.index(frame), told)

    def _is_of_another_source(self, frame: Frame) -> bool:
        """«VIP 標籤(CAAC)或 KOL 標籤(MAAC)»: a tag of its own source, said before or after it."""
        coming = itertools.takewhile(
            lambda t: not (t.values or t.role("or") or t.role("and")),
            self.tokens[self.index + 1 : self.index + 5],
        )
        said = [c.data["source"] for t in coming if (c := t.role("source"))]
        own = said[0] if said else self.source
        if frame.source_last and not own:
            return True
        return bool((frame.source or self.source) and own) and own != frame.source

    def _has_own_reaction(self, frame: Frame) -> bool:
        """«618 的券核銷過或 618 的簡訊點過»: a campaign whose reaction follows it, as one did."""
        if frame.head != ENGAGE or not frame.events or frame.bit == self.bit:
            return False
        small = ("fill", "channel", "noun", "not", "message")
        coming = self.tokens[self.index + 1 : self.index + 6]
        act = next((t for t in coming if not any(map(t.role, small)) or t.role("event")), None)
        told = act is not None and act.role("event") and not act.role("fill")
        return bool(told) and self.form[act.start] >= "\u3041"  # type: ignore[union-attr]

    def _settle(self, token: Token) -> tuple[Pair, ...]:
        """Which of the things of that name is meant, best first; none if it is a common word."""
        pairs = token.values
        kinds = {kind for kind, _ in pairs}
        common = [] if self._is_foreign(token) else [c for c in token.concepts if c.role != "fill"]
        if "attribute" in kinds and len(kinds) == 1:
            return () if common and not self._noun_near({"attribute"}) else pairs
        nouns = self._nouns_near()
        if "product" in nouns:
            nouns.add("category")  # "Skincare products"
        by_noun = tuple(p for p in pairs if p[0] in nouns)
        if by_noun:
            return by_noun
        attribute = self.current.noun if self.current and self.current.head == "attribute" else ""
        own = tuple(p for p in pairs if p[0] == attribute)
        if own:
            return own
        if common:
            listed = self._kinds_listed()
            return tuple(p for p in pairs if p[0] in listed)  # "neither Regular nor Silver"
        verb = self._verb_near() or self._verb_left_out()
        wanted = VERB_KINDS.get(verb, ())
        by_verb = tuple(p for p in pairs if p[0] in wanted)
        if by_verb:
            return by_verb
        things = tuple(p for p in pairs if p[0] in ("product", "category"))
        if things and self._is_said_of_buying(token):
            return things
        if kinds == {"tag"} and verb == "buy" and self._waits_for_object():
            return ()  # 買過母嬰用品: what a tag is called is no thing by that name
        if verb == "interest" and kinds <= {"product", "category"}:
            return ()
        order: tuple[str, ...] = (
            "city",
            "membership_tier",
            "tag",
            "product",
            "category",
            "campaign",
        )
        if verb == "" and "campaign" in kinds and "tag" not in kinds:
            order = ("campaign",)
        return tuple(sorted(pairs, key=lambda p: order.index(p[0]) if p[0] in order else 9))
