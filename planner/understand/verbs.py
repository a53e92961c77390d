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

_TAKEN_OUT = ("ออก", "ออกไป", "ออกก่อน", "ออกไปก่อน", "ทิ้ง")


class Verbs(Several):
    """Looks for verbs after connectives."""

    def _begins_with_verb(self, token: Token | None) -> bool:
        """Whether an English verb stands there."""
        if token is None or not self.form[token.start].isascii():
            return False
        first = [*self.form[token.start : token.end].split(), ""][0]
        past = first.endswith("ed") or first in ("bought", "spent", "got")
        return first in _VERBS or past or first in _PRESENT

    def _wants(self, token: Token) -> bool:
        """«不要台北的,要高雄的»: a clause that says whom they want."""
        if self.form[token.start : token.end] in _TAKEN_OUT:
            return True  # ตัด VIP ออก …
        if token.requests:
            return True
        before = self._peek(-1)
        begins = before is not None and before.separator
        return bool(begins) and self.form[token.start : token.end] in ("要", "想要", "需要", "我要")

    def _is_of_a_topic(self, token: Token) -> bool:
        """«Night Cream 卻沒買過»: it follows a name that something is said of."""
        before, frame = self._peek(-1), self.current
        named = before is not None and before.values and frame is not None
        return bool(named) and frame.head == "value" and self.form[token.start] in "卻則倒"  # type: ignore[union-attr]

    def _says_still(self, token: Token) -> bool:
        """«但最近還是有在買»: 還是 that is no "or", as nothing stands before it."""
        before, after = self._peek(-1), self._peek(1)
        said = self.form[after.start : after.end] if after is not None else ""
        if self.form[token.start : token.end] != "還是":
            return False
        leads = before is None or before.separator or before.role("and") or before.role("recent")
        return bool(leads or said.startswith(("沒", "有在", "一直", "未")))

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
