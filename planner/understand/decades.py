"""Decades of age: 20代, 30代前半, "in their twenties"."""

import itertools

from planner.fields import Op
from planner.understand.numbers import DECADES
from planner.understand.spans import Quantity
from planner.understand.stretches import Stretches
from planner.understand.tokens import Token


class Decades(Stretches):
    """Reads decades of age, and parts of them."""

    def _leaves_out_of(self, index: int) -> bool:
        """«20代から台北の人を除いて»: whom somebody is left out of."""
        if index >= len(self.tokens):
            return False
        said = self.form[self.tokens[index].start : self.tokens[index].end]
        coming = itertools.takewhile(lambda t: t.separator != ".", self.tokens[index + 1 :])
        return said == "から" and any(token.role("exclude") for token in coming)

    def _decade_word(self, index: int) -> tuple[Token, int] | None:
        """«in their twenties»."""
        token = self.tokens[index]
        first = DECADES.get(self.form[token.start : token.end])
        if first is None or self._is_of_birth(index):
            return None
        ages = Quantity(first, Op.BETWEEN, first + 9, "years")
        return self._token(index, index + 1, quantity=ages), index + 1

    def _part(
        self, index: int, number: float, upper: float | None
    ) -> tuple[float, float | None, int]:
        """The half of a decade that is said after it: 30代前半."""
        token = self._at(index)
        part = token.role("part") if token is not None else None
        if part is None or upper is None or upper % 10 != 9:
            return number, upper, index
        if upper != number + 9:  # 20代から30代前半
            return number, upper + part.data["last"], index + 1
        first, last, after = number + part.data["first"], upper + part.data["last"], index + 1
        further = self._quantity(after + 1) if self._role(after, "to") else None
        ages = further[0].extra["quantity"] if further is not None else None
        if further and isinstance(ages, Quantity) and ages.unit == "years" and ages.upper:
            return first, max(last, ages.upper), further[1]  # 40代前半から50代
        return first, last, after

    def _is_of_birth(self, start: int) -> bool:
        """«born in the 90s» speaks of years, not of ages."""
        said = self.form[max(0, self.tokens[start].start - 14) : self.tokens[start].start]
        return "born" in said

    @staticmethod
    def _decade(
        number: float, upper: float | None, op: Op | None
    ) -> tuple[float, float | None, Op | None, str]:
        if op in (None, Op.BETWEEN):
            return number, (number if upper is None else upper) + 9, Op.BETWEEN, "years"
        last = 9 if op is Op.LE else 0  # 20代以下 is up to 29
        return number + last, None, op, "years"

    def _quantity(self, index: int) -> tuple[Token, int] | None:
        raise NotImplementedError
