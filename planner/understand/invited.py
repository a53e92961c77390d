"""Whom a purpose speaks of: who is invited, or sent something, is who is meant."""

from planner.understand.known import KnownValues
from planner.understand.tokens import Token

_TO = ("給", "寄給", "發給", "送給", "推給", "傳給", "ให้", "หา", "ถึง", "ให้กับ", "แก่", "to")
"""What stands before those whom something is sent to."""
_PEOPLE = ("客", "主顧", "戶", "粉", "人", "customers", "spenders", "buyers")
_DESCRIBES = ("vague", "is", "value", "degree")


def _is_plain_tag(token: Token) -> bool:
    return any(kind in ("tag", "city", "membership_tier") for kind, _ in token.values)


class Invited(KnownValues):
    """Tells the people within a purpose."""

    purpose = False

    def _read(self, token: Token) -> None:
        raise NotImplementedError

    def _read_invited(self, token: Token) -> None:
        """«อยากชวนขาประจำที่อยู่เชียงใหม่มางาน»: who comes was said between the two."""
        invited, self.asides = self.asides, []
        told = any(aside.values or any(map(aside.role, _DESCRIBES)) for aside in invited)
        if told and self.form.startswith(("มา", "ไป", "เข้าร่วม"), token.start):
            self.purpose = False
            for aside in invited:
                self._read(aside)
            self._flush_forward()
            self.purpose = True

    def _only_names_people(self, token: Token) -> bool:
        """«มางานพบปะลูกค้าเดือนหน้า»: nothing is said of them."""
        after = self._peek(1)
        if "th" not in token.languages or self.form[token.start - 1] == " ":
            return False
        ends = after is None or after.separator or self.form[token.end : token.end + 1] == " "
        return bool(ends) or (after is not None and "span" in after.extra)

    def _is_addressee(self, token: Token) -> bool:
        """«想發優惠給台北的VIP»: who it is sent to is the audience, not the purpose."""
        before = self._peek(-1)
        said = self.form[before.start : before.end] if before is not None else ""
        pronoun = bool(token.concepts) and all(c.role == "fill" for c in token.concepts)
        given = said in _TO or said.endswith("給")
        return given and not pronoun and not token.separator

    def _is_invited(self, token: Token) -> bool:
        """«to invite our big spenders»: people are the object of the purpose itself."""
        direct = all(all(c.role == "fill" for c in t.concepts) for t in self.asides)
        if direct and self._is_plural(token):
            return True  # "to treat our VIPs"
        after = self._peek(1)
        thing = after is not None and (after.role("noun") or after.topics or after.rest)
        thing = thing and not self.form.startswith("ที่", after.start)  # type: ignore[union-attr]
        goods = after is not None and after.role("unit") and after.start == token.end  # 囤貨組
        people = self._names_people(token) or not (thing or goods)
        return direct and token.role("vague") is not None and people

    def _is_plural(self, token: Token) -> bool:
        """Whether a tag or tier names those who have it: "our VIPs"."""
        said, kinds = self.form[token.start : token.end], ("tag", "membership_tier")
        return any(kind in kinds and said == f"{name.casefold()}s" for kind, name in token.values)

    def _names_people(self, token: Token) -> bool:
        return self.form[token.start : token.end].endswith(_PEOPLE)

    def _described(self) -> list[Token]:
        """The words right before the people: "to thank our most loyal customers"."""
        found: list[Token] = []
        for token in reversed(self.asides):
            if all(concept.role == "fill" for concept in token.concepts) and token.concepts:
                continue  # 台北的女性
            measured = bool(token.extra)
            if (
                not measured
                and not any(token.role(role) for role in _DESCRIBES)
                and not _is_plain_tag(token)
            ):
                break
            found.insert(0, token)
        self.asides = []
        return found
