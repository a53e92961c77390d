"""And, or, except, neither, not: what joins frames, and where a stretch of text ends."""

import re

from planner.understand.counted import is_people
from planner.understand.frames import ENGAGE, Frame
from planner.understand.tokens import Token
from planner.understand.verbs import Verbs
from planner.understand.vocabulary import Concept

_BOTH_HOLD = ("かつ", "且つ", "なおかつ", "しかも")
_THESE = ("この", "こういう", "こういった", "そういう", "そういった", "その", "このような")
_HIRAGANA = re.compile("[ぁ-ん]{2}")


def _holds_nothing_yet(frame: Frame) -> bool:
    if frame.head == ENGAGE:
        return bool(frame.events) and not frame.quantity
    heads = ("tag", "buy", "interest", "reach", "return_count", "add_to_cart_count")
    known = frame.head in heads or frame.is_spending
    return known and not (
        frame.values or frame.topics or frame.quotes or frame.quantity or frame.channels
    )


_PEOPLE = "人客員戶生友星粉者層性"
"""How words for people end that say something of them as well: 金卡會員, 泰文用戶."""
_PREDICATE = tuple("たるいだすんうく")
"""How what が means "but" after ends; after a noun it marks the subject."""
_NEAR = 30
"""Words within which whole groups are put together; a look at all of them would be slow."""


class Connectives(Verbs):
    """Reads separators and the words between conditions."""

    def _separator(self, token: Token) -> None:
        self.purpose = False
        said = self.form[token.start : token.end].strip()
        if self._groups_meet():
            self._flush_forward()
            self._close()
            self.clause, self.bit, self.link = self.clause + 1, self.bit + 1, "wide"
            return
        if said == ":" and self.current is not None and _holds_nothing_yet(self.current):
            return  # "none of these tags: A, B"
        follower = self._peek(1)
        if follower is not None and self._sums_up(follower):
            return
        if follower is not None and self._lists_reactions(follower):
            self.bit, self.link = self.bit + 1, "or"
            return  # "haven't opened, clicked or redeemed anything"
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
                self.current.conjunction = "and" if self.current.together else "or"
            if "/" in self.form[token.start : token.end]:
                self.link = "or" if self._same_kind_ahead() else self.link
            return
        self._close_japanese()
        self._flush_forward()
        self._set_boundary()
        self.verbal = token.separator == "," and self._begins_with_verb(self._peek(1))
        before = self._peek(-1)
        turned = before is not None and before.role("and") and self.turned == self.clause
        self.clause += 1
        self.bit += 1
        self.turned = self.clause if turned else self.turned  # 送れないけど、LINEなら…
        frames = self.sketch.frames
        if self.excluding and frames and frames[-1].excluded and not self._goes_on(token):
            self.comma_after = len(frames) - 1
        if token.separator == ".":
            self.quantity, self.both = None, False  # a number is of its own sentence
            self.sentence += 1
            self.excluding = False
            self.link = "and"

    def _groups_meet(self) -> bool:
        """«台南的銀卡會員,以及白金卡會員,兩群合起來»: whole groups, and people of either."""
        coming = self.tokens[self.index + 1 : self.index + 1 + _NEAR]
        place = next((i for i, t in enumerate(coming) if t.role("merged")), 0)
        return any(not (t.role("fill") or t.separator) for t in coming[:place])

    def _on_merged(self, token: Token, concept: Concept) -> bool:
        return True

    def _close_japanese(self) -> None:
        """«VIPタグが付いていて、Complaintタグがない»: a verb ended what was said of the first."""
        before, frame = self._peek(-1), self.current
        said = self.form[before.start : before.end] if before is not None else ""
        verb = bool(_HIRAGANA.fullmatch(said[-2:])) and len(said) > 1
        ends = self._ends_in_people() or (before is not None and before.role("or") is not None)
        told = frame is not None and bool(frame.events) and ends
        if frame is not None and frame.values and (verb or told):
            frame.closed = True

    def _ends_in_people(self) -> bool:
        """«Aのクーポンを使った人と、»: people were described."""
        said = self.tokens[max(self.index - 2, 0) : self.index]
        return any(token.role("person") for token in said)

    def _goes_with(self, follower: Token) -> bool:
        """Whether a value or quote after a separator may be one more of the frame at hand."""
        frame = self.current
        if frame is None or frame.closed:
            return False
        before = self._peek(-1)
        kinds_of = ("noun", "and", "or")
        if before is None or not (
            before.values or before.quote or before.topics or any(map(before.role, kinds_of))
        ):
            return False  # VIPタグが付いていて、Complaintタグがない
        if follower.quote:
            return True
        kinds = {kind for kind, _ in follower.values}
        held = {kind for kind, _ in frame.values}
        return bool(kinds) and (bool(kinds & held) or (not held and frame.quantity is None))

    def _lists_reactions(self, follower: Token) -> bool:
        """Whether another reaction follows a bare one, and an "or" after it."""
        frame = self.current
        if frame is None or not frame.events or not follower.role("event"):
            return False
        bare = not (frame.channels or frame.values or frame.quantity or frame.span)
        ahead = self.tokens[self.index + 1 : self.index + 5]
        return bare and any(token.role("or") for token in ahead)

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
        left_out = self.excluding and self.sketch.frames[-1:] and self.sketch.frames[-1].excluded
        if left_out and self._wants(token):
            self.excluding = False  # "except for VIPs, give me …"
            self.clause += 1
            self.bit += 1
        said = self.form[token.start : token.end]
        self.verbal = self.verbal or said.startswith("who ")
        if said == "who":
            self.bit += self.current is not None  # "women with no orders who bought …"
            self.verbal = True
            before = self._peek(-1)  # "except VIPs who …"
            self.bound = self.excluding and before is not None and bool(before.values)
        return not token.topics

    def _on_unlimited(self, token: Token, concept: Concept) -> bool:
        return True

    def _on_person(self, token: Token, concept: Concept) -> bool:
        if self._is_epithet(token):
            self.sketch.rest.pop()
        frame = self.current
        if frame is not None and frame.head == "topic" and frame.end == token.start:
            if "買" in self.form[token.start : token.end]:
                frame.head = "buy"  # 狗飼料買家
        self._set_boundary()
        self.bit += self._leads_on(token)
        said = self.form[token.start : token.end]
        self.verbal = said.endswith(" who") or self._begins_with_verb(self._peek(1))
        self._end_alternatives(token)
        after = self._peek(1)
        particle = self.form[after.start : after.end] if after is not None else ""
        if particle == "で" and frame is not None and frame.head == ENGAGE:
            self._close()  # メールを開封した人でクーポンを使った人
            self.bit += 1
        if particle in ("と", "や", "とメモ"):
            self.bit += 1  # 開封していない人と返品した人を除く
            if self._people_come():
                self._close()
                self.link = "wide"
                return True
        if self.link == "or":
            self.link = "wide"
        return True

    def _is_epithet(self, token: Token) -> bool:
        """«このギャップ層»: what those just described are called is no condition."""
        name, this = self._peek(-1), self._peek(-2)
        if name is None or this is None or not (name.rest and self.sketch.rest):
            return False
        return name.end == token.start and self.form[this.start : this.end] in _THESE

    def _on_and(self, token: Token, concept: Concept) -> bool:
        particle = self.form[token.start : token.end] == "が"
        before = self._peek(-1)
        if particle and before is not None and (before.role("field") or before.role("birthday")):
            return True  # 初回購入日が…: it marks the subject
        if particle and self.form[token.start - 1 : token.start] not in _PREDICATE:
            return True  # 「返金」が含まれる, 買ったのが先月
        if self._is_of_a_topic(token):
            return True
        self._flush_forward()
        self.bit += 1
        self.joined = True
        self.bound = self.form[token.start : token.end].strip("、") in _BOTH_HOLD
        thai = self.both and self.excluding and self.both_at == self.clause
        self.bound = self.bound or (thai and "th" in token.languages)  # ยกเว้นคนที่ทั้ง A และ B
        if concept.name == "but":
            self.clause += 1
            self.turned = self.clause
        elif any(c in ",、" for c in self.form[token.start : token.end]):
            self.clause += 1
        return True

    def _on_or(self, token: Token, concept: Concept) -> bool:
        if self._says_still(token):
            return True
        if self.form[token.start] == "、":
            self._close_japanese()
        self._flush_forward()
        self.bit += 1
        self.link = "or"
        comma = self._peek(-1)
        self.set_off = self.form[token.start] == "、" or (
            comma is not None and bool(comma.separator)
        )
        self.apart = self._own_verb(token)
        self.verbal = self.apart or self._begins_with_verb(self._peek(1))
        before = self._peek(-1)
        people = before is not None and (is_people(before) or self.form[before.end - 1] in _PEOPLE)
        self.whole = people and bool({"zh-Hant", "ja"} & token.languages)
        self.whole = self.whole or ("ja" in token.languages and self._of_another_kind())
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
            self.denied = (token.start, token.end, self.bit)
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
        left_out = bool(self.sketch.frames) and self.sketch.frames[-1].excluded
        if self.excluding and (left_out or self._beside_scope()):
            self.excluding = False
            self.clause += 1
            self.bit += 1
            return True
        return False

    def _on_among(self, token: Token, concept: Concept) -> bool:
        self._flush_forward()
        self._close()
        self.among = True
        self.clause += 1
        self.bit += 1
        self.group += 1
        return True

    def _before(self) -> int:
        """Where the word before this one starts, small words passed over."""
        place = self.index - 1
        while place > 0 and self.tokens[place].role("fill"):
            place -= 1
        return self.tokens[place].start if place >= 0 else -1
