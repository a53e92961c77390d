"""Numbers with their comparisons and units, and spans of time: what modifies a condition."""

import re
from dataclasses import replace
from datetime import date

from planner.fields import Op
from planner.understand.decades import Decades
from planner.understand.roughly import said_roughly
from planner.understand.spans import Quantity, Span
from planner.understand.stretches import MOST_AHEAD
from planner.understand.tokens import Token
from planner.understand.vocabulary import concepts
from planner.windows import Window

_RANKS = ("top", "best", "上位", "トップ", "ベスト", "ท็อป", "前", "排名前", "最前")
_HEADS = ("名", "位", "個人", "人", "อันดับแรก", "คนแรก", "รายแรก")
"""Who is counted after a number, so that no condition is."""
_SCALES = frozenset(float(10**power) for power in range(1, 10))
_SCALE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s?(\D.*)$")


class Reader(Decades):
    """Walks over the tokens and puts measures in place of their parts."""

    def read(self) -> list[Token]:
        """The tokens with numbers, comparisons, units and times merged."""
        merged: list[Token] = []
        index = 0
        while index < len(self.tokens):
            for attempt in (
                self._dates, self._rate, self._time, self._none_at_all, self._once_only,
                self._decade_word, self._quantity, self._strange,
            ):  # fmt: skip
                found = attempt(index)
                if found is not None:
                    token, index = found
                    merged += _ends(token)
                    break
            else:
                merged.append(self.tokens[index])
                index += 1
        return merged

    def _rate(self, index: int) -> tuple[Token, int] | None:
        """«年3回以上» is a number in a year; how often a month or week can't be told."""
        token = self._at(index)
        unit = token.role("time") if token is not None else None
        counted = self._skip_fill(index + 1)
        said = self._quantity(counted) if unit is not None else None
        if token is None or unit is None or said is None or self._role(index - 1, "last"):
            return None
        quantity = said[0].extra["quantity"]
        if not isinstance(quantity, Quantity) or quantity.unit not in ("times", "orders"):
            return None
        if unit.data["unit"] == "year":
            span = Span(Window.last(12, "month"), led=True)
            return replace(self._token(index, index + 1), extra={"span": span}), index + 1
        return replace(token, end=said[0].end, concepts=(concepts()["oos_rhythm"],)), said[1]

    def _quantity(self, index: int) -> tuple[Token, int] | None:
        start = index
        if self._says_ever(index):
            return None
        if self._role(index, "quantity"):
            return self._counted(start, index, None)
        op, unit = None, ""
        while (token := self._at(index)) is not None and token.number is None:
            if index - start > MOST_AHEAD:
                return None
            if (found := token.role("compare")) is not None:
                op, unit = Op(found.data["op"]), found.data.get("unit", unit)
            elif op is not None and token.role("quantity") is not None:
                return self._counted(start, index, op)  # "more than twice"
            elif self._role(index, "between"):
                pass
            elif concept := token.role("unit"):
                if concept.data["unit"] != "money" and index == start:
                    return None
                unit = concept.data["unit"]
            elif not (index > start and self._only_fill(token)):
                return None
            index += 1
        if token is None or token.number is None or self._strange(index):
            return None
        number, index = token.number, index + 1
        unit, index = self._unit(index, unit)
        upper_found, upper = self._upper(index, number, token), None
        if upper_found is not None:
            number, upper, unit_found, index = upper_found
            unit, op = unit_found or unit, Op.BETWEEN
        leaves = unit == "decade" and self._leaves_out_of(index)
        if not leaves:
            op, unit, index = self._compared_after(index, op, unit)
        if unit in ("", "years") and self._role(index, "part"):
            unit = "decade"  # อายุ 20 ต้นๆ
        if unit == "decade" and not (10 <= number <= 90 and number % 10 == 0):
            op, unit = op or Op.GT, "years" if op else ""
        if unit == "decade" and self._is_of_birth(start):
            return None
        if unit == "decade":
            number, upper, op, unit = self._decade(number, upper, op)
            number, upper, index = self._part(index, number, upper)
        if unit in ("percent", "tenths"):
            parts = 100 if unit == "percent" else 10
            number, upper = number / parts, None if upper is None else upper / parts
            unit = "percent"
        return self._token(
            start,
            index,
            quantity=Quantity(
                number, op, upper, unit, about=op is None and self._roughly(start, index)
            ),
        ), index

    def _roughly(self, start: int, end: int) -> bool:
        return said_roughly(self.form, self.tokens[start].start, self.tokens[end - 1].end)

    def _compared_after(self, index: int, op: Op | None, unit: str) -> tuple[Op | None, str, int]:
        """The comparison after a number; of two, the first: 2回以上まで緩めて."""
        told = op is Op.BETWEEN
        while (tail := self._operator(index, "compare_after")) is not None:
            if (told and self._leaves_out_of(index)) or (op and self._leads_another(index)):
                break  # 40歳以上から未購入者を除いて
            op, told = (op if told else tail), True
            unit, index = self._unit(index + 1, unit)
        return op, unit, index

    def _says_ever(self, index: int) -> bool:
        """«who once ordered …»: at some time, which is no number; "ordered once" is one."""
        token, after = self._at(index), self._at(index + 1)
        if token is None or after is None or self.form[token.start : token.end] != "once":
            return False
        return any(map(after.role, ("buy", "event", "field"))) and not after.role("fill")

    def _counted(self, start: int, index: int, op: Op | None) -> tuple[Token, int] | None:
        """A number that a word says: twice, 一次."""
        token = self._at(index)
        concept = token.role("quantity") if token else None
        if concept is None:
            return None
        op = op or (Op(concept.data["op"]) if "op" in concept.data else None)
        after, number = index + 1, float(concept.data["number"])
        ranged = self._upper(after, number, token) if token is not None and op is None else None
        if ranged is not None:
            quantity = Quantity(number, Op.BETWEEN, ranged[1], "times")
            return self._token(start, ranged[3], quantity=quantity), ranged[3]
        if (tail := self._operator(after, "compare_after")) is not None:
            op, after = op or tail, after + 1
        quantity = Quantity(number, op, unit="times")
        return self._token(start, after, quantity=quantity), after

    def _unit(self, index: int, known: str) -> tuple[str, int]:
        index = index if known else self._past_apart(index)
        token = self._at(index)
        concept = token.role("unit") if token else None
        if token is not None and not known and self._counts_points(token, index):
            return "points", index + 1
        if concept is not None and known == "money" and concept.name == "pieces":
            return known, index  # 1万円以上の品
        if concept is None or (known and known != "money"):
            return known, index
        return str(concept.data["unit"]), index + 1

    def _none_at_all(self, index: int) -> tuple[Token, int] | None:
        """«1枚も使っていない»: none, and not "not one"."""
        token = self._at(index)
        one = token is not None and (token.number == 1 or self._role(index, "quantity") != "")
        after = index + (1 if token is not None and token.number is None else 2)
        too = self._at(after)
        if token is None or not one or too is None or self._operator(index, "compare"):
            return None
        unit = token.number is None or self._role(after - 1, "unit")
        if not unit or self.form[too.start : too.end] != "も":
            return None
        return replace(token, end=too.end, number=None, concepts=(concepts()["fill"],)), after + 1

    def _leads_another(self, index: int) -> bool:
        """«เกิน 1 หมื่น อย่างน้อย 1 ครั้ง»: it compares the number that comes next."""
        ahead = self._at(index + 1)
        return bool(self._role(index, "compare")) and ahead is not None and ahead.number is not None

    def _once_only(self, index: int) -> tuple[Token, int] | None:
        """«一度しか買っていない»: a number, and not at any time."""
        token = self.tokens[index]
        once = self.form[token.start : token.end] in ("一度", "いちど")
        if not (once and self._role(index + 1, "only_not")):
            return None
        return self._token(index, index + 1, quantity=Quantity(1, unit="times")), index + 1

    def _strange(self, index: int) -> tuple[Token, int] | None:
        """A number of what is unknown, as a word that is unknown."""
        token = self._at(index)
        if token is None or token.number is None:
            return None
        if self._counts_unknown(token, index + 1):
            return Token(token.start, self.tokens[index + 1].end), index + 2
        if not self._is_rank(index):
            return None
        last = index + bool(self._role(index + 1, "unit"))
        return Token(token.start, self.tokens[last].end), last + 1

    def _is_rank(self, index: int) -> bool:
        """«top 100», 前 10%, 上位100: so many of the first, which is no threshold."""
        before, after = self._at(index - 1), self._at(index + 1)
        said = self.form[before.start : before.end] if before is not None else ""
        timed = after is not None and (after.role("time") or after.role("unit"))
        share = after is not None and self.form[after.start : after.end] in ("%", "趴")
        return said in _RANKS and (not timed or share)

    def _counts_unknown(self, token: Token, index: int) -> bool:
        """«5時間», «3キロ»: a number of something that no condition counts."""
        after = self._at(index)
        if after is None or after.start != token.end or not self.form[token.start].isdigit():
            return False
        unit, char = after.role("time"), self.form[after.start]
        word = after.rest and ("\u3041" <= char <= "\u9fff")  # kana and Han
        word = word or self.form.startswith(_HEADS, token.end)
        return word or (unit is not None and unit.data["unit"] == "hour")

    def _counts_points(self, token: Token, index: int) -> bool:
        """«1000ポイント以上»: an attribute that counts points, between a number and its sign."""
        named = any(k == "attribute" and "point" in name.casefold() for k, name in token.values)
        return named and bool(self._role(index + 1, "compare_after"))

    def _or_one_more(self, index: int, number: float) -> tuple[float, float, str, int] | None:
        """«1回か2回», "1 or 2 orders": a number, or the next one."""
        joint, second = self._at(index), self._at(index + 1)
        if joint is None or second is None:
            return None
        if not (joint.role("or") or self.form[joint.start : joint.end] == "、"):
            return None
        counted = second.role("quantity")
        plain = counted is not None and "op" not in counted.data
        said = float(counted.data["number"]) if counted and plain else second.number
        if said != number + 1:
            return None
        unit, after = ("times", index + 2) if plain else self._unit(index + 2, "")
        return number, said, unit, after

    def _upper(
        self, index: int, number: float, first: Token
    ) -> tuple[float, float, str, int] | None:
        if not self._role(index, "to"):
            return self._or_one_more(index, number)
        joined_by_and = self._at(index)
        between = any(self._role(i, "between") for i in range(max(0, index - 5), index))
        if joined_by_and is not None and joined_by_and.role("and") and not between:
            return None
        second = self._at(index + 1)
        money = second.role("unit") if second is not None and second.number is None else None
        place = index + 2 if money is not None else index + 1
        second = self._at(place)
        if second is None:
            return None
        if (counted := second.role("quantity")) is not None and "op" not in counted.data:
            upper = float(counted.data["number"])  # 1回から2回
            return (number, upper, "times", place + 1) if number <= upper else None
        if second.number is None:
            return None
        upper = second.number
        shared = _SCALE.match(self.form[second.start : second.end])
        if shared and self.form[first.start : first.end].strip().replace(".", "").isdigit():
            scale = upper / (float(shared.group(1)) or 1)
            if scale in _SCALES and number * scale <= upper:
                number *= scale
        unit, after = self._unit(place + 1, "")
        return (number, upper, unit, after) if number <= upper else None


def _ends(token: Token) -> list[Token]:
    """«5千円台» is from 5,000 up to, but not including, 6,000."""
    said = token.extra.get("quantity")
    if not isinstance(said, Quantity) or said.unit != "band":
        return [token]
    step = 10 ** (len(f"{said.number:.0f}") - len(f"{said.number:.0f}".rstrip("0")))
    low = replace(said, op=Op.GE, unit="")
    high = replace(low, op=Op.LT, number=said.number + step)
    return [replace(token, extra={"quantity": end}) for end in (low, high)]


def measure(tokens: list[Token], form: str, today: date) -> list[Token]:
    """Put quantities, spans of time and coming days in place of the tokens they are made of."""
    return Reader(tokens, form, today).read()
