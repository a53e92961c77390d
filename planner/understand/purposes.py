"""What a segment is for: "to invite them to a VIP night" is no condition."""

from planner.understand.known import KnownValues
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_DESCRIBES = ("vague", "is", "value", "degree")


def _is_request(token: Token) -> bool:
    return any(concept.name == "request" for concept in token.concepts)


def _is_gender(token: Token) -> bool:
    concept = token.role("value")
    return concept is not None and concept.data["field"] == "gender"


def _is_plain_tag(token: Token) -> bool:
    return any(kind in ("tag", "city", "membership_tier") for kind, _ in token.values)


class Purposes(KnownValues):
    """Passes over purposes, but not over the people they are said of."""

    def _in_purpose(self, token: Token) -> bool:
        """Whether a token belongs to what the segment is for, which is no condition."""
        people = token.role("person") is not None
        if people or token.role("exclude") or _is_request(token) or _is_gender(token):
            self.purpose = False
            described = self._described() if people or _is_gender(token) else []
            for aside in described:
                self._read(aside)
            return people
        self.asides.append(token)
        return token.role("scope") is None

    def _described(self) -> list[Token]:
        """The words right before the people: "to thank our most loyal customers"."""
        found: list[Token] = []
        for token in reversed(self.asides):
            if not any(token.role(role) for role in _DESCRIBES) and not _is_plain_tag(token):
                break
            found.insert(0, token)
        self.asides = []
        return found

    def _on_purpose(self, token: Token, concept: Concept) -> bool:
        self._flush_forward()
        self.purpose, self.asides = True, []
        if self.span is not None and self.span_bit == self.bit:  # "next month we'll open …"
            self.span = None
            self.measured = [m for m in self.measured if m[2] != self.bit]
        return True

    def _on_purpose_after(self, token: Token, concept: Concept) -> bool:
        """«VIPナイトにご招待»: names just before it say what the segment is for."""
        frames, rest = self.since
        if self._is_addressed():
            return True  # «VIPに案内を送りたい»: they are the audience
        named = ("value", "topic", "interest", "quote")
        if all(frame.head in named for frame in self.sketch.frames[frames:]):
            del self.sketch.frames[frames:]
            del self.sketch.rest[rest:]
            self.measured = [m for m in self.measured if m[2] != self.bit]
            self.span = None if self.span_bit == self.bit else self.span
            self._close()
        return True

    def _is_addressed(self) -> bool:
        frame = self.current
        follower = next((t for t in self.tokens if frame and t.start >= frame.end), None)
        said = self.form[follower.start : follower.end] if follower else ""
        return said in ("に", "へ", "宛")

    def _set_boundary(self) -> None:
        self.since = (len(self.sketch.frames), len(self.sketch.rest))

    def _read(self, token: Token) -> None:
        raise NotImplementedError
