"""«ซื้อแค่ Coffee», «ซื้อ Coffee อย่างเดียว»: that and nothing else, which can't be told."""

from planner.understand.alone import Alone
from planner.understand.frames import Frame
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_OF_ACTS = ("buy", "engagement")


def _is_thing(token: Token) -> bool:
    """Whether a word names what is bought, or by which channel a message came."""
    noun = token.role("noun")
    kinds = {kind for kind, _ in token.values} | ({noun.data["kind"]} if noun else set())
    bought = bool(kinds & {"product", "category", "campaign"}) or bool(token.topics)
    return bought or token.role("channel") is not None


class Sole(Alone):
    """Names back that something alone was bought or had, and knows one channel alone."""

    def _on_sole(self, token: Token, concept: Concept) -> bool:
        """«ซื้อแค่ Coffee», «ซื้อ Coffee อย่างเดียว»: nothing else, which can't be told."""
        frame, before, after = self.current, self._peek(-1), self._peek(1)
        had = before is not None and any(c.name == "has" for c in before.concepts)
        noun = after.role("noun") if after is not None else None
        if had and noun is not None and noun.data["kind"] == "tag":
            self.sketch.rest.append((token.start, token.end, self.bit))  # มีแค่แท็ก VIP
            return True
        if frame is None or frame.bit != self.bit or before is None or frame.excluded:
            return False
        ends = self.form[token.end - 1] in "วๆ"
        if frame.head == "reach":  # ส่ง SMS ได้อย่างเดียว, ส่งได้แค่ SMS
            named = after is not None and after.role("channel")
            frame.only = not frame.negated and bool(frame.channels if ends else named)
            frame.only = frame.only and ends == bool(frame.channels)
            return frame.only
        if ends:
            ahead = (t for t in self.tokens[self.index + 1 :] if not t.role("fill"))
            denied = (follows := next(ahead, None)) is not None and follows.role("not")
            told = frame.head in _OF_ACTS or (frame.head == "tag" and not self._is_chosen(frame))
            alone = told and bool(frame.values or frame.topics) and not denied
        else:
            bare = not (frame.values or frame.topics or frame.quantity or frame.span)
            act = any(map(before.role, ("buy", "event"))) and bare and not frame.negated
            alone = act and after is not None and _is_thing(after)
        if alone:
            self.sketch.rest.append((token.start, token.end, self.bit))
        return alone

    def _is_chosen(self, frame: Frame) -> bool:
        """«เอาแท็ก VIP อย่างเดียว»: who is wanted, and not what they have."""
        before = (t for t in self.tokens[: self.index] if t.end <= frame.start)
        led = [t for t in before if not t.separator][-1:]
        return not any(c.name == "has" for t in led for c in t.concepts)
