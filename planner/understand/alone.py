"""«だけ», «しか» between a thing and its act: that, and nothing else."""

import itertools
import re

from planner.understand.denied_channels import DeniedChannels
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_OTHERS = re.compile("(?:他|ほか|それ以外)(?:のチャネル|の手段|の方法)?[はにへでも]{0,2}$")
_ONLY_AHEAD = ("只", "僅", "只有", "僅有")
_NEAR = 12
"""Letters in which it is said that others are spoken of."""
_SMALL = ("fill", "noun")
_DONE = ("buy", "event", "is", "field")
_ONLY = ("only", "solely", "exclusively", "just the one", "only the", "only ever")
_ARTICLES = ("the", "a", "an", "our", "are", "can", "be", "ever")
_WHO = ("who", "that", "they", "have", "has", "had", "'ve", "whose", "who have", "who've", "we")
"""Words between people and what they did, and nothing else."""


class Alone(DeniedChannels):
    """Reads that somebody is reached by one channel alone, and names back what can't be told.

    That somebody bought one thing and no other is no condition.
    """

    only = -1
    """The clause in which the channel that waits is said to be the only one."""

    def _on_narrow(self, token: Token, concept: Concept) -> bool:
        alone = "th" not in token.languages and self._is_alone(token)
        return alone or super()._on_narrow(token, concept)

    def _on_only_not(self, token: Token, concept: Concept) -> bool:
        done = super()._on_only_not(token, concept)
        self._is_alone(token)
        return done

    def _is_only(self, token: Token) -> bool:
        """«bought only Coffee», "whose only tag is VIP": nothing else, which can't be told.

        "only women who bought Coffee" says no more than "women who bought Coffee".
        """
        if "en" not in token.languages or self.form[token.start : token.end] not in _ONLY:
            return False
        before, after = self._small_apart(-1), self._small_apart(1)
        if self._only_reaches(after):
            return True
        counted = any("quantity" in t.extra for t in self.tokens[self.index + 1 : self.index + 4])
        if before is None or counted:
            return False
        if self._ends_what_was_bought(before, after):
            self.sketch.rest.append((token.start, token.end, self.bit))
            return True
        if after is None or after.separator:
            return False
        said = self.form[before.start : before.end]
        done = _says(before) and not (after.role("person") or before.role("request"))
        own = after.role("noun") and said in ("whose", "their")
        held = bool(after.values) and said == "with"
        who = said in _WHO or before.role("person") is not None
        if not (done or own or held or (who and (_acts(after) or after.role("noun")))):
            return False
        self.sketch.rest.append((token.start, token.end, self.bit))
        return True

    def _ends_what_was_bought(self, before: Token, after: Token | None) -> bool:
        """«bought Coffee only»."""
        frame = self.current
        ends = after is None or after.separator or after.role("and") or after.role("or")
        bought = frame is not None and frame.head == "buy" and frame.bit == self.bit
        return bought and bool(ends) and bool(before.values)

    def _small_apart(self, step: int) -> Token | None:
        """The word before or after, articles passed over."""
        place = step
        while (token := self._peek(place)) is not None:
            if self.form[token.start : token.end] not in _ARTICLES:
                return token
            place += step
        return None

    def _only_reaches(self, after: Token | None) -> bool:
        """«only reachable by email», "reach them only via LINE"."""
        frame = self.current
        if after is not None and after.role("reach") and not after.role("channel"):
            self.only = self.clause
            return True
        if after is None or not after.role("channel") or frame is None or frame.head != "reach":
            return False
        frame.only = True
        return True

    def _is_alone(self, token: Token) -> bool:
        """Whether it stands between a name or channel and what was done with it."""
        if self._is_only(token):
            return True
        before, frame = self._peek(-1), self.current
        if before is not None and before.role("either") and frame is not None:
            if frame.conjunction == "or":
                self._but_not_both(frame)  # どちらか片方だけ持っている
                return True
        if before is not None and self._is_all_they_did(token, before):
            return False
        earlier = self.tokens[: self.index][::-1]
        small = (t for t in earlier if t.values or _is_sale(t) or not _is_small(t))
        said = next(itertools.takewhile(lambda t: not t.separator, small), None)
        ahead = (t for t in self.tokens[self.index + 1 :] if _says(t) or not _is_small(t))
        act = next(ahead, None)
        if said is None or act is None or said.extra or said.role("quantity"):
            return False
        if self.channels and said.role("channel") and act.role("reach"):
            self.only = self.clause
            return True
        named = said.values or said.topics or said.rest or said.role("channel") or _is_sale(said)
        held = token.role("only_not") is not None and act.role("not_after") is not None
        if not (named and (_says(act) or held)):  # VIPタグしか付いていない
            return False
        self.sketch.rest.append((token.start, token.end, self.bit))
        return True

    def _is_all_they_did(self, token: Token, before: Token) -> bool:
        """«クーポンを持ってるだけで使っていない»: an act that was all, and no thing."""
        verb = before.end == token.start and self.form[before.end - 1] in "るうくたむ"
        return verb and not (before.values or before.role("person"))

    def _is_occasion(self, token: Token) -> bool:
        """«セールで買った人», «キャンペーン期間中に購入»: on which occasion, which no data tell."""
        named = (before := self._peek(-1)) is not None and bool(before.values or before.topics)
        small = ("fill", "within")
        coming = (t for t in self.tokens[self.index + 1 :] if not any(map(t.role, small)))
        act = next(coming, None)
        said = self.form.startswith(("で", "の時", "のとき", "時に", "期間", "中に"), token.end)
        bought = act is not None and bool(act.role("buy")) and "ja" in token.languages
        return said and bought and not named

    def _says_only(self, token: Token) -> bool:
        """«只買過 Lipstick», «只能用簡訊聯絡»: Chinese says it before the act."""
        ahead = list(itertools.takewhile(lambda t: not t.separator, self.tokens[self.index + 1 :]))
        act = ahead[0] if ahead else None
        if act is None or self.form[token.start : token.end] not in _ONLY_AHEAD:
            return False
        if any("quantity" in t.extra or t.role("quantity") for t in ahead[:4]):
            return False  # 只買過三次
        acts = act.role("buy") or act.role("event")
        if acts and self.form[token.end - 1] != "有":  # 只有買過的人
            self.sketch.rest.append((token.start, act.end, self.bit))
            return False
        later = [t for t in ahead if not t.role("fill")]
        channel = bool(later) and later[0].role("channel") is not None
        reach = any(t.role("reach") and not t.role("event") for t in later)
        if (channel or act.role("reach")) and reach:
            self.only = self.clause
        return False

    def _on_reach(self, token: Token, concept: Concept) -> bool:
        held, start = self.current, token.start
        if held is not None and held.head == "reach" and concept.data.get("negated"):
            if _OTHERS.search(self.form, max(0, start - _NEAR), start):
                held.only = True  # LINEは届くが、他は届かない
                return True
        done, frame = super()._on_reach(token, concept), self.current
        if not done and concept.name == "opted_out" and "ja" in token.languages:
            self.sketch.rest.append((token.start, token.end, self.bit))  # of which channel?
            return True
        if done and self.only == self.clause and frame is not None and frame.head == "reach":
            frame.only, self.only = True, -1
            if frame.negated and self.only_at == self.clause:
                frame.negated, self.only_at = False, -1  # メールしか届かない
        return done


def _acts(token: Token) -> bool:
    return any(map(token.role, ("buy", "event", "interest")))


def _is_small(token: Token) -> bool:
    return any(map(token.role, _SMALL)) and not token.extra


def _is_sale(token: Token) -> bool:
    """«セールのときだけ買う»."""
    noun = token.role("noun")
    return noun is not None and noun.data["kind"] == "campaign"


def _says(token: Token) -> bool:
    """Whether it is an act, or that something is had."""
    return any(map(token.role, _DONE)) or any(c.name == "has" for c in token.concepts)
