"""Channels that people can't be reached on, said without a word for reach: "can't text"."""

import re

from planner.understand.messages_said import reached_by
from planner.understand.reached import Reached
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_CANNOT = ("can't", "cannot", "can not", "couldn't", "could not", "mustn't", "must not")

_ABLE = re.compile(
    r"\s(?:can|could|does|do|will|(?P<denied>can't|cannot|couldn't|doesn't|don't|won't))"
    r"(?:\s(?:either|neither|too|still|though))?(?=\s*(?:[,.;!?)]|$|(?:and|but)\s))"
)


class DeniedChannels(Reached):
    """Opens what was denied of a channel before something else is said."""

    told_until = 0
    """How far the verb goes that was read with the last channel."""

    def _on_and(self, token: Token, concept: Concept) -> bool:
        if concept.name == "but" and "en" in token.languages:
            self._deny_reach(token)  # "no push, but email is fine"
        return super()._on_and(token, concept)

    def _on_channel(self, token: Token, concept: Concept) -> bool:
        before = self._peek(-1)
        said = self.form[before.start : before.end] if before is not None else ""
        reached = reached_by(str(concept.data["channel"]))
        able = _ABLE.match(self.form, token.end)
        if reached and able and self._says_channels():
            self._deny_reach(token)
            frame = self._open("reach", token, concept)
            frame.channels, self.channels = [*self.channels, reached], []
            frame.negated = frame.negated != bool(able["denied"])
            self.told_until = able.end()
            self._close()
            return True  # "email can't either, only push can": its verb tells it
        done = super()._on_channel(token, concept)
        if said in _CANNOT:
            self._deny_reach(token)  # "people we can't text"
        return done

    def _on_not(self, token: Token, concept: Concept) -> bool:
        return token.start < self.told_until or super()._on_not(token, concept)

    def _on_either(self, token: Token, concept: Concept) -> bool:
        return token.start < self.told_until or super()._on_either(token, concept)

    def _says_channels(self) -> bool:
        """Whether nothing but channels was said of this clause."""
        held = self.current
        return held is None or held.head == "reach" or held.clause != self.clause

    def _deny_reach(self, token: Token) -> None:
        reached = [reached_by(channel) for channel in self.channels]
        if not (self.negated and self.channels and all(reached)):
            return
        frame = self._open("reach", token)
        frame.channels, self.channels = [name for name in reached if name], []
        frame.closed = True
