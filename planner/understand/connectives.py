"""And, or, except, neither, not: what joins frames, and where a stretch of text ends."""

from dataclasses import replace

from planner.understand.frames import ENGAGE, Frame
from planner.understand.purposes import Purposes
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept


def _holds_nothing_yet(frame: Frame) -> bool:
    if frame.head == ENGAGE:
        return bool(frame.events) and not frame.quantity
    known = frame.head in ("tag", "buy", "interest", "reach") or frame.is_spending
    return known and not (
        frame.values or frame.topics or frame.quotes or frame.quantity or frame.channels
    )


class Connectives(Purposes):
    """Reads separators and the words between conditions."""

    def _separator(self, token: Token) -> None:
        self.purpose = False
        follower = self._peek(1)
        listed = follower is not None and self._goes_with(follower)
        if (
            listed
            and token.separator == ","
            and self.form[token.start : token.end].strip()
            in (
                "/",
                "、",
                "&",
                "+",
                "・",
                "·",
            )
        ):
            if self.current is not None and self.current.values and not self.current.conjunction:
                self.current.conjunction = "or"
            if "/" in self.form[token.start : token.end]:
                self.link = "or" if self._same_kind_ahead() else self.link
            return
        self._flush_forward()
        self._set_boundary()
        self.clause += 1
        self.bit += 1
        frames = self.sketch.frames
        if self.excluding and frames and frames[-1].excluded and not self._goes_on(token):
            self.comma_after = len(frames) - 1
        if token.separator == ".":
            self.sentence += 1
            self.excluding = False
            self.link = "and"

    def _goes_with(self, follower: Token) -> bool:
        """Whether a value or quote after a separator may be one more of the frame at hand."""
        frame = self.current
        if frame is None or frame.closed:
            return False
        if follower.quote:
            return True
        kinds = {kind for kind, _ in follower.values}
        held = {kind for kind, _ in frame.values}
        return bool(kinds) and (bool(kinds & held) or (not held and frame.quantity is None))

    def _goes_on(self, token: Token) -> bool:
        """Whether a list goes on after a separator: "A, B, or C", A、B."""
        follower = self._peek(1)
        said = self.form[token.start : token.end]
        joined = follower is not None and (follower.role("or") or follower.role("and"))
        return "、" in said or bool(joined)

    def _same_kind_ahead(self) -> bool:
        follower = self._peek(1)
        return follower is not None and bool(follower.concepts) and self.current is not None

    def _on_fill(self, token: Token, concept: Concept) -> bool:
        return not token.topics

    def _on_live(self, token: Token, concept: Concept) -> bool:
        return True

    def _on_person(self, token: Token, concept: Concept) -> bool:
        self._set_boundary()
        if self.link == "or":
            self.link = "wide"
        return True

    def _on_and(self, token: Token, concept: Concept) -> bool:
        self._flush_forward()
        self.bit += 1
        self.joined = True
        if concept.name == "but":
            self.clause += 1
            self.turned = self.clause
        elif any(c in ",、" for c in self.form[token.start : token.end]):
            self.clause += 1
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
        frame = self.current
        if frame is not None and frame.clause == self.clause and _holds_nothing_yet(frame):
            frame.negated = not frame.negated  # "tagged neither A nor B"
        else:
            self.negated = True
        return True

    def _on_nor_after(self, token: Token, concept: Concept) -> bool:
        """«AでもBでもない»: neither of them."""
        later = self.tokens[self.index + 1 : self.index + 8]
        ending = next((i for i, t in enumerate(later) if t.role("not_after")), 0)
        others = ("event", "buy", "field", "value", "is")
        second = any(t.values or t.topics or any(map(t.role, others)) for t in later[:ending])
        if self.current is not None and second:
            before = self._peek(-1)
            named = before is not None and (before.values or before.topics or before.quote)
            if named or (before is not None and any(map(before.role, others))):
                self.current.negated = not self.current.negated
                if self.current.head in ("value", "topic", "tag", "interest"):
                    self._close()
                return True
        return False

    def _on_narrow(self, token: Token, concept: Concept) -> bool:
        """«nobody who returned, only women»: what follows is wanted again."""
        if self.excluding and self.sketch.frames and self.sketch.frames[-1].excluded:
            self.excluding = False
            self.clause += 1
            self.bit += 1
            return True
        return False

    def _on_or_below(self, token: Token, concept: Concept) -> bool:
        return self._on_or_above(token, concept)

    def _on_or_above(self, token: Token, concept: Concept) -> bool:
        """«Silver or above»: that tier and the higher ones, by the usual order of tiers."""
        frame = self.current
        if frame is None or not frame.values or frame.values[-1][0] != "membership_tier":
            return False
        frame.band = "low" if concept.name == "or_below" else "high"
        return True

    def _on_any_one(self, token: Token, concept: Concept) -> bool:
        self.sketch.any_one, self.sketch.any_one_at = True, self.sentence
        return True

    def _on_both(self, token: Token, concept: Concept) -> bool:
        frame = self.current
        if frame is not None and frame.negated and frame.together:
            return True
        if self.negated and frame is not None and frame.conjunction == "or":
            self._but_not_both(frame)
            return True
        if frame is not None and frame.values:
            frame.conjunction, frame.together = "and", True
        self.joined = self.both = True
        return True

    def _but_not_both(self, frame: Frame) -> None:
        """«A or B but not both»: one of them, and not all."""
        self.negated = False
        again = replace(frame, negated=True, conjunction="and", together=True, link="and")
        again.values = list(frame.values)
        self.sketch.frames.append(again)
        self.current = again

    def _on_among(self, token: Token, concept: Concept) -> bool:
        self._flush_forward()
        self._close()
        self.among = True
        self.clause += 1
        self.bit += 1
        return True

    def _on_either(self, token: Token, concept: Concept) -> bool:
        self.group += 1
        follower = self._peek(1)
        if follower is not None and follower.separator == ".":
            self.sketch.any_one = True  # «次のどちらか。①…②…»
        return True

    def _on_not(self, token: Token, concept: Concept) -> bool:
        frame = self.current
        if frame is not None and frame.head == "reach" and frame.clause == self.clause:
            if not self._content_follows():
                frame.negated = not frame.negated  # ติดต่อทาง LINE ไม่ได้
                return True
        self.negated = not self.negated if self.negated and self._peek_adjacent(-1) else True
        return True

    def _before(self) -> int:
        """Where the word before this one starts, small words passed over."""
        place = self.index - 1
        while place > 0 and self.tokens[place].role("fill"):
            place -= 1
        return self.tokens[place].start if place >= 0 else -1

    def _peek_adjacent(self, step: int) -> bool:
        token = self._peek(step)
        return token is not None and token.role("not") is not None

    def _on_not_after(self, token: Token, concept: Concept) -> bool:
        if self.current is not None and self.current.clause < self.clause:
            if not self._said_since(self.current):
                return True  # what it denies was not understood, and is named
        if any(start == self._before() for start, _, _, _ in self.sketch.scope):
            return True  # what was not done is beyond the data
        if self.current is None:
            self.negated = True
            return True
        self.current.negated = not self.current.negated
        return True

    def _said_since(self, frame: Frame) -> bool:
        """Whether this clause holds nothing else that could be denied."""
        begun = [t for t in self.tokens[: self.index] if t.start >= frame.end]
        return not any(t.rest or t.extra for t in begun)

    def _on_exclude(self, token: Token, concept: Concept) -> bool:
        frame, follower = self.current, self._peek(1)
        both = follower is not None and follower.role("both") is not None
        if frame is not None and frame.conjunction == "or" and both:
            self._but_not_both(frame)
            return True
        said = self.form[token.start : token.end]
        if said == "but not" and follower is not None and follower.role("event"):
            self._flush_forward()
            self.clause += 1
            self.bit += 1
            self.negated, self.turned = True, self.clause  # "claimed it but not redeemed it"
            return True
        before = [f for f in self.sketch.frames if f.clause == self.clause and not f.excluded]
        follows = self._content_follows()
        if not before and self.current is not None and self._right_after_value():
            before = [] if self.current.excluded else [self.current]  # 店舗が新宿以外
        if before and not follows:
            if self._right_after_value() and self.current in before:
                before = before[-1:]
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

    def _right_after_value(self) -> bool:
        """«VIP除く» at the end of other words leaves out the VIPs alone."""
        token = self._peek(-1)
        return token is not None and bool(token.values)

    def _content_follows(self) -> bool:
        """Whether the clause goes on with something an exclusion could be about."""
        step = 1
        while (token := self._peek(step)) is not None:
            if token.separator:
                return False
            if token.values or token.quote or token.extra or token.topics or token.rest:
                return True
            if any(
                c.role
                in (
                    "field",
                    "buy",
                    "event",
                    "channel",
                    "vague",
                    "is",
                    "value",
                    "reach",
                    "noun",
                    "note",
                    "interest",
                    "birthday",
                )
                for c in token.concepts
            ):
                return True
            step += 1
        return False
