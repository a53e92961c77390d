"""Both, either, any one: what is said of several things that were just listed."""

import itertools
import re
from dataclasses import replace

from planner.understand.counted import is_people
from planner.understand.frames import Frame
from planner.understand.purposes import Purposes
from planner.understand.tokens import Token
from planner.understand.vocabulary import Concept

_MEETS = re.compile("[にをとも]{0,2}(?:当てはま|あてはま|該当|満た|含まれ)")
"""What says that the people are in both groups that were named."""
_OF_ALL = re.compile("で(?![はもな])|の(?:うち|中|なか)")
"""How it goes on after the people were named, if more is said of all of them."""


def _is_denial(token: Token) -> bool:
    reach = token.role("reach")
    return reach is not None and bool(reach.data.get("negated"))


class Several(Purposes):
    """Reads what holds for all, one or none of several."""

    def _on_any_one(self, token: Token, concept: Concept) -> bool:
        before = self._peek(-1)
        if len(self.channels) > 1 and "ja" in token.languages:
            self.either_channel = True  # LINEかメール、どっちかをクリックした
            return True
        if before is not None and before.role("source"):  # メモ(MAAC・CAACどちらでも可)
            self.source = ""
            if self.current is not None:
                self.current.source = ""
            return True
        if len(self.channels) > 1:
            self.either_channel = True  # email 跟簡訊只要有一個收得到
            return True
        follower = self._peek(1)
        listed = follower is not None and ":" in self.form[follower.start : follower.end]
        said = [f for f in self.sketch.frames if f.sentence == self.sentence]
        named = max(len(said[0].values), len(said[0].channels)) if len(said) == 1 else 0
        if named > 1 and not listed:
            said[0].conjunction = "or"  # AタグかBタグ、どちらか付いていればOK
            return True
        self.sketch.any_one, self.sketch.any_one_at = True, self.sentence
        ahead = listed or len(said) < 2
        self.sketch.any_one_from = len(self.sketch.frames) if ahead else 0
        self.sketch.any_one_to = None if ahead else len(self.sketch.frames)
        return True

    def _on_both(self, token: Token, concept: Concept) -> bool:
        frame = self.current
        wide = [f for f in self.sketch.frames if f.link == "wide" and f.sentence == self.sentence]
        if wide and _MEETS.match(self.form, token.end):
            for each in wide:
                each.link = "and"  # …の人と…の人の両方に当てはまる人
            return True
        after = self.tokens[self.index + 1 : self.index + 3]
        ahead = "en" in token.languages and any(t.values for t in after)
        if frame is not None and frame.bit < self.bit and ahead:
            self.joined = self.both = True  # "bought A or B and have both the VIP and KOL tags"
            self.both_at = self.clause
            return True
        several = [f for f in self.sketch.frames[-1:] if len(f.values) > 1]
        if several and several[0].conjunction == "or" and self._left_out_after(token):
            self._but_not_both(several[0])
            self.not_both_at = self.clause
            return True
        if frame is not None and frame.negated and frame.together:
            return True
        if self._denied_after(token):
            if frame is not None and frame.values:
                frame.conjunction = "or"  # «AとBのどちらも買っていない»: neither
            return True
        if self.negated and frame is not None and frame.conjunction == "or":
            self._but_not_both(frame)
            return True
        if frame is not None and frame.values and not self.channels:
            frame.conjunction, frame.together = "and", True
        self.joined = self.both = True
        self.both_at = self.clause
        return True

    def _denied_after(self, token: Token) -> bool:
        """Whether a Japanese "not" closes the clause: what is true of both is true of neither."""
        if "ja" not in token.languages or self.form[token.end : token.end + 1] == "は":
            return False
        after = itertools.takewhile(lambda t: not t.separator, self.tokens[self.index + 1 :][:8])
        ends = ("not_after", "and", "person")
        found = next((t for t in after if any(map(t.role, ends)) or _is_denial(t)), None)
        return found is not None and (found.role("not_after") is not None or _is_denial(found))

    def _left_out_after(self, token: Token) -> bool:
        """«ただし両方付いてる人は除く»: whether those who have both are left out."""
        if self.turned != self.clause and self.sketch.frames[-1].clause == self.clause:
            return False
        for step in range(1, 7):
            after = self._peek(step)
            if after is None or after.separator:
                return False
            if after.role("exclude"):
                return True
            if not (after.role("fill") or after.role("person") or after.role("noun")):
                return False
        return False

    def _but_not_both(self, frame: Frame) -> None:
        """«A or B but not both»: one of them, and not all."""
        self.negated = False
        again = replace(frame, negated=True, conjunction="and", together=True, link="and")
        again.values = list(frame.values)
        self.sketch.frames.append(again)
        self.current = again

    def _on_not_both(self, token: Token, concept: Concept) -> bool:
        """«兩個標籤都有的不要»."""
        several = [f for f in self.sketch.frames if len(f.values) > 1]
        if several:
            self._but_not_both(several[-1])
        return bool(several)

    def _on_either(self, token: Token, concept: Concept) -> bool:
        frame, before = self.current, self._peek(-1)
        if len(self.channels) > 1 and "ja" in token.languages:
            self.either_channel = True
            return True
        if frame is not None and len(frame.values) > 1 and "ja" in token.languages:
            frame.conjunction = "or"  # AとBのどちらか
        if self.link == "or" and before is not None and before.separator:
            self.link = "and"  # Aが1000を超えるか、Bが10回を超えるか、少なくとも一方
            return True
        self.group += 1
        if frame is not None and (frame.values or frame.quantity or frame.span or frame.negated):
            self.bit += 1
        further = self.tokens[self.index + 1 :]
        follower = next((t for t in further if not (t.role("fill") or t.role("person"))), None)
        if follower is None and self._lists_items():  # ①東京②VIPタグ③累計10万以上のいずれか
            self.sketch.any_one = True
            return True
        ends = follower is None and self._lists_whole()  # 女性、20代、VIPのいずれか
        if ends or (follower is not None and follower.separator == "."):
            # «次のどちらか。①…②…», «AまたはBのいずれか。»
            self.sketch.any_one, self.sketch.any_one_at = True, self.sentence
        return True

    def _lists_items(self) -> bool:
        """Whether the sentences are the items of a list, of which the last has just been read."""
        marks = [t for t in self.tokens[: self.index] if t.separator == "."]
        items = {f.sentence for f in self.sketch.frames if not f.excluded}
        listed = [t for t in marks if "\n" in self.form[t.start : t.end] or t.end - t.start > 1]
        return len(items) > 1 and len(listed) >= len(items) and "." not in self.form[:1]

    def _lists_whole(self) -> bool:
        """Whether commas alone part several conditions, of which any will do."""
        said = [f for f in self.sketch.frames if f.sentence == self.sentence]
        apart = len({frame.clause for frame in said}) > 1
        apart = apart and not any(frame.conjunction == "or" for frame in said)
        return apart and all(frame.link == "and" and not frame.excluded for frame in said)

    def _sums_up(self, follower: Token) -> bool:
        """«AとB、どちらか片方でも買った»: a word for those just listed."""
        frame = self.current
        listed = frame is not None and len(frame.values) > 1 and frame.clause == self.clause
        return listed and "ja" in follower.languages and follower.role("either") is not None

    def _on_also(self, token: Token, concept: Concept) -> bool:
        """«VIPもゴールド会員も対象»: either of them."""
        frames = [f for f in self.sketch.frames if f.clause == self.clause]
        if self.form[token.start : token.end] == "も" or "ja" not in token.languages:
            return False
        if len(frames) > 1 and not any(f.excluded or f.negated for f in frames):
            frames[-1].link = "or"
        return True

    def _of_another_kind(self) -> bool:
        """«20代または台北の男性»: whether what comes is of another kind than what was before."""
        after, frame = self._peek(1), self.current
        if after is None or frame is None:
            return False  # nothing to tell apart
        kinds = {kind for kind, _ in after.values}
        kinds |= {"age"} if "quantity" in after.extra else set()
        value = after.role("value")
        kinds |= {str(value.data["field"])} if value is not None else set()
        held = {kind for kind, _ in frame.values} or {frame.head}
        return bool(kinds) and not kinds & held

    def _join_people(self, token: Token) -> None:
        """«東京の女性と大阪の男性», «…と大阪の男性で、»: where alternatives begin and end."""
        if self._meets_other_people():
            self._close()
            self.bit, self.link = self.bit + 1, "wide"
        else:
            self._end_alternatives(token)

    def _meets_other_people(self) -> bool:
        """«東京の女性と大阪の男性»: whether others are described after «と», and either wanted."""
        joint = self._peek(1)
        if joint is None or self.form[joint.start : joint.end] not in ("と", "や"):
            return False
        coming = itertools.takewhile(lambda t: not t.separator, self.tokens[self.index + 2 :][:16])
        return next((place for place, t in enumerate(coming) if is_people(t)), 0) > 0

    def _end_alternatives(self, token: Token) -> None:
        """«VIPの人と返品した人で、LINEが届く人»: what follows goes for all who were named."""
        ends = _OF_ALL.match(self.form, token.end) is not None
        said = (f for f in self.sketch.frames if f.sentence == self.sentence and not f.excluded)
        if ends and any(frame.link == "wide" for frame in said):
            self._close()
            self.group, self.bit = self.group + 1, self.bit + 1

    def _people_come(self) -> bool:
        """«VIPタグの人と返品した人»: whether more people are named right on; either is wanted."""
        coming = itertools.takewhile(lambda t: not t.separator, self.tokens[self.index + 2 :][:16])
        return any(t.role("person") and not t.role("noun") for t in coming)
