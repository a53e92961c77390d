"""And, or, except, neither, not: what joins frames, and where a stretch of text ends."""

from planner.understand.known import KnownValues
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept


class Connectives(KnownValues):
    """Reads separators and the words between conditions."""

    def _in_purpose(self, token: Token) -> bool:
        if token.role("person") or token.role("exclude"):
            self.purpose = False
            return token.role("person") is not None
        return not (token.role("scope"))

    def _separator(self, token: Token) -> None:
        self.purpose = False
        follower = self._peek(1)
        listed = follower is not None and (follower.values or follower.quote)
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
        self.clause += 1
        self.bit += 1
        if token.separator == ".":
            self.sentence += 1
            self.excluding = False
            self.link = "and"

    def _same_kind_ahead(self) -> bool:
        follower = self._peek(1)
        return follower is not None and bool(follower.concepts) and self.current is not None

    def _on_fill(self, token: Token, concept: Concept) -> bool:
        return not token.topics

    def _on_live(self, token: Token, concept: Concept) -> bool:
        return True

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
        self.clause += concept.name == "but"
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
