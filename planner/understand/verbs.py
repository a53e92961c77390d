"""Where an English verb begins what is said: "who bought, clicked or live in …"."""

from planner.understand.several import Several
from planner.understand.tokens import Token

_VERBS = ("who", "are", "is", "have", "has", "had", "haven't", "hasn't", "don't", "got", "those")
"""With these a new verb begins after "or"."""
_PRESENT = (
    "live", "lives", "speak", "speaks", "use", "uses", "can", "last", "did", "didn't", "do", "does",
    "never", "were", "was", "average", "averages", "carry", "carries", "own", "owns", "made",
    "sent", "became", "put", "come", "comes", "celebrate", "accept", "accepts", "allow", "allows",
)  # fmt: skip
"""Other verbs with which what follows a comma may begin."""
_BASE = ("didn't", "did not", "don't", "do not", "doesn't", "does not", "nothing", "none")
"""After these stands a verb's plain form, and never its past."""


class Verbs(Several):
    """Looks for verbs after connectives."""

    def _begins_with_verb(self, token: Token | None) -> bool:
        """Whether an English verb stands there."""
        if token is None or not self.form[token.start].isascii():
            return False
        first = [*self.form[token.start : token.end].split(), ""][0]
        past = first.endswith("ed") or first in ("bought", "spent", "got")
        return first in _VERBS or past or first in _PRESENT

    def _own_verb(self, token: Token) -> bool:
        """«didn't click the SMS or who are Gold members»: what was not so is said of the first."""
        after, said = self._peek(1), self.form[token.start : token.end].split()
        if after is None or len(said) > 1:
            return len(said) > 1 and said[-1] in _VERBS
        following = [*self.form[after.start : after.end].split(), ""][0]
        past = following.endswith("ed") or following in ("bought", "spent", "got")
        denials = [t for t in self.tokens[: self.index] if t.role("not") or t.role("neither")]
        denied = self.form[denials[-1].start : denials[-1].end] if denials else ""
        plain = denied in _BASE
        return following in _VERBS or (past and plain)
