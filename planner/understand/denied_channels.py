"""Channels that people can't be reached on, said without a word for reach: "can't text"."""

from planner.understand.messages_said import reached_by
from planner.understand.reached import Reached
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_CANNOT = ("can't", "cannot", "can not", "couldn't", "could not", "mustn't", "must not")


class DeniedChannels(Reached):
    """Opens what was denied of a channel before something else is said."""

    def _on_and(self, token: Token, concept: Concept) -> bool:
        if concept.name == "but" and "en" in token.languages:
            self._deny_reach(token)  # "no push, but email is fine"
        return super()._on_and(token, concept)

    def _on_channel(self, token: Token, concept: Concept) -> bool:
        before = self._peek(-1)
        said = self.form[before.start : before.end] if before is not None else ""
        done = super()._on_channel(token, concept)
        if said in _CANNOT:
            self._deny_reach(token)  # "people we can't text"
        return done

    def _deny_reach(self, token: Token) -> None:
        reached = [reached_by(channel) for channel in self.channels]
        if not (self.negated and self.channels and all(reached)):
            return
        frame = self._open("reach", token)
        frame.channels, self.channels = [name for name in reached if name], []
        frame.closed = True
