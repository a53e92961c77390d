"""Stretches of time that are counted: in the last 30 days, 3 to 6 months ago."""

import itertools
from collections.abc import Mapping
from dataclasses import replace

from planner.fields import Op
from planner.understand.spans import Span, Spans
from planner.understand.tokens import Token
from planner.windows import Ago, Unit, Window

MOST_AHEAD = 6
"""Words between a comparison and its number; further away it belongs to something else."""
_MOST: Mapping[str, int] = {"day": 36_500, "week": 5_200, "month": 1_200, "year": 100}
"""A hundred years are as far back as is asked about."""


def _days(length: tuple[int, Unit]) -> int:
    """About how many days a stretch is long."""
    return length[0] * {"day": 1, "week": 7, "month": 30, "year": 365}[length[1]]


_APART = ("separate", "different", "distinct", "individual", "single", "completed")


class Stretches(Spans):
    """Reads counts of units of time and what they are counted from."""

    def _length(self, index: int) -> tuple[int, Unit, int] | None:
        """A count of units of time at a place, and the place after it."""
        token = self._at(index)
        if token is None:
            return None
        duration = token.role("duration")
        if token.number is not None:
            follower = self._at(index + 1)
            unit = follower.role("time") if follower else None
            if unit is not None and unit.data["unit"] == "hour":
                days = token.number / 24
                return (int(days), "day", index + 2) if days == int(days) >= 1 else None
            most = _MOST[unit.data["unit"]] if unit is not None else 0
            if unit is not None and 0 < token.number <= most and token.number == int(token.number):
                count = int(token.number) * int(unit.data.get("factor", 1))
                return count, unit.data["unit"], index + 2
            this = follower.role("period") if follower else None
            if this is not None and follower is not None and "th" in follower.languages:
                # 3 เดือนนี้, 4 เดือนที่แล้ว: these last three months, four months ago
                most = 400 if this.data["unit"] == "day" else 60
                if 0 < token.number <= most and token.number == int(token.number):
                    return int(token.number), this.data["unit"], index + 2
            if follower is not None and self._are_years(token, follower):
                return int(token.number), "year", index + 2
            if unit is not None and token.number == 0.5 and unit.data["unit"] == "year":
                return 6, "month", index + 2
        if duration is not None:
            return int(duration.data["count"]), duration.data["unit"], index + 1
        return None

    def _past_apart(self, index: int) -> int:
        """«2+ separate orders»: where the unit stands."""
        token = self._at(index)
        said = self.form[token.start : token.end] if token is not None else ""
        return index + 1 if said in _APART and self._role(index + 1, "unit") else index

    def _operator(self, index: int, role: str) -> Op | None:
        return None if self._leads_a_change(index) else super()._operator(index, role)

    def _leads_a_change(self, index: int) -> bool:
        """«2回まで下げて»: up to where a number is changed, and no upper end."""
        token, after = self._at(index), self._at(index + 1)
        until = token is not None and self.form[token.start : token.end] == "まで"
        led = after is not None and after.role("change") and self.form[after.start] != "に"
        before = self._at(index - 1)
        unit = before.role("unit") if before is not None else None
        aged = unit is not None and unit.data["unit"] in ("years", "decade")
        return until and bool(led) and not aged

    def _are_years(self, number: Token, years: Token) -> bool:
        """«2 ปีที่ผ่านมา», where "the past year" alone is a length of its own."""
        count, said = number.number or 0, self.form[years.start : years.end]
        named = years.role("duration") is not None and said.startswith("ปี")
        return named and said.endswith("ผ่านมา") and count == int(count) and 0 < count <= 100

    def _time(self, index: int) -> tuple[Token, int] | None:
        if self._after_age(index):
            return None
        start, compare, leads = index, None, set()
        while (
            role := self._role(
                index, "last", "compare", "next", "since", "before", "recent", "between"
            )
        ) or (index > start and (token := self._at(index)) and self._only_fill(token)):
            if index - start > MOST_AHEAD:
                return None
            if role == "compare":
                compare = self._operator(index, "compare")
            elif role:
                leads.add(role)
            both = self._at(index)
            if both is not None and role == "last" and both.role("compare"):
                compare = compare or self._operator(index, "compare")
            index += 1
        found = self._length(index) or self._one(index, compare)
        if found is None:
            found_range = self._time_range(index, leads)
            if found_range is None:
                return None
            token, after = found_range
            return replace(token, start=self.tokens[start].start), after
        count, unit, after = found
        first = self._at(index)
        bare_duration = first is not None and first.number is None
        if bare_duration and not leads and compare is None and self._age_like(index):
            return None
        ranged = self._time_range(index, leads)
        if ranged is not None:
            return replace(ranged[0], start=self.tokens[start].start), ranged[1]
        tails = self._own_tail(after - 1)
        while role := self._role(
            after,
            "ago",
            "ago_or_more",
            "within",
            "compare_after",
            "since_after",
            "before_after",
            "next",
        ):
            if role == "compare_after" and "ago" in tails and self._role(after, "since_after"):
                role = "since_after"  # 3日前から購入がない
            if role == "compare_after":
                compare = self._operator(after, "compare_after")
            tails.add(role)
            if role == "within" and self.form[self.tokens[after].start] == "以":
                tails.add("at_most")  # 以内
            after += 1
        plain = {r for r in leads if not self._compares(start, index)} | tails - {"compare_after"}
        if unit == "year" and self._role(after, "nth"):
            return self._token(start, after + 1, span=self._nth_year(count)), after + 1
        if unit == "year" and 13 <= count <= 99 and not plain and self._says_age(index):
            return None
        if "next" in leads | tails and "ago" not in tails:
            days = _days((count, unit))
            return self._token(start, after, next_days=days, next_unit=(count, unit)), after
        span = self._span(count, unit, compare, leads, tails)
        if bare_duration and not leads and not tails and compare is None and self._is_plain(index):
            return None
        return self._token(start, after, span=span), after

    def _one(self, index: int, compare: Op | None) -> tuple[int, Unit, int] | None:
        """A unit alone after a comparison, as Thai says: เกินเดือน, ไม่ถึงสัปดาห์."""
        token = self._at(index)
        unit = token.role("time") if token is not None and "th" in token.languages else None
        if compare is None or unit is None or token is None or token.end - token.start < 2:
            return None
        return int(unit.data.get("factor", 1)), unit.data["unit"], index + 1

    @staticmethod
    def _nth_year(count: int) -> Span:
        """«会員3年目»: more than two years, and not yet three."""
        end = Ago(ago=count - 1, unit="year") if count > 1 else None
        return Span(Window(start=Ago(ago=count, unit="year"), end=end), named=True)

    def _compares(self, start: int, index: int) -> bool:
        """Whether what led to a number compares: ไม่เกิน 24 ปี is an age, or a time."""
        return any(self.tokens[place].role("compare") for place in range(start, index))

    def _after_age(self, index: int) -> bool:
        """Whether years are those of people: อายุ 60 ปีขึ้นไป."""
        place = index - 1
        while place >= max(0, index - 4) and self._only_fill(self.tokens[place]):
            place -= 1
        return place >= 0 and any(c.name == "age" for c in self.tokens[place].concepts)

    def _says_age(self, index: int) -> bool:
        """Whether the word for years may be one of age: ต่ำกว่า 25 ปี."""
        return bool(self._role(index + 1, "unit"))

    def _own_tail(self, index: int) -> set[str]:
        """What a word such as เดือนที่แล้ว says beside its unit: so long ago, or until now."""
        token = self._at(index)
        said = self.form[token.start : token.end] if token is not None else ""
        if token is None or token.role("period") is None:
            return {"within"} if said.startswith("ปี") and said.endswith("ผ่านมา") else set()
        return {"ago"} if "แล้ว" in said or "ก่อน" in said else {"within"}

    def _age_like(self, index: int) -> bool:
        token = self._at(index)
        return token is not None and token.role("unit") is not None

    def _is_plain(self, index: int) -> bool:
        """A word such as "year" or "week" alone says no length."""
        token = self._at(index)
        return token is not None and token.role("time") is not None

    def _time_range(self, index: int, leads: set[str]) -> tuple[Token, int] | None:
        """«3 to 6 months ago»: between two points."""
        head, first = self._length(index), self._at(index)
        if head is not None:
            near, near_unit, follow = head
            follow += bool(self._role(follow, "ago"))  # 3ヶ月前から6ヶ月前
        elif first is not None and first.number is not None and 0 < first.number <= _MOST["day"]:
            near, near_unit, follow = int(first.number), None, index + 1
        else:
            return None
        found = self._length(follow + 1) if self._role(follow, "to", "and") else None
        if found is None:
            return None
        far, far_unit, after = found
        ago = self._role(after, "ago", "ago_or_more") or "ago" in self._own_tail(after - 1)
        lasting = not ago and not leads & {"before"}
        if lasting and (self._role(follow, "and") or not self._denied_near(index)):
            return None
        while self._role(after, "ago", "ago_or_more", "within"):
            after += 1
        ends = sorted(((near, near_unit or far_unit), (far, far_unit)), key=_days)
        start, end = (Ago(ago=count, unit=unit) for count, unit in reversed(ends))
        window = Window(start=start, end=end)
        span = Span(window, named=True, led=True, lasting=lasting)
        return self._token(index, after, span=span), after

    def _denied_near(self, index: int) -> bool:
        """Whether the clause says that something was not done, or for how long."""
        before = itertools.takewhile(lambda t: not t.separator, self.tokens[:index][::-1][:6])
        after = itertools.takewhile(lambda t: not t.separator, self.tokens[index:][:12])
        return any(
            c.role in ("not", "not_after") or c.name in ("lapsed", "inactive", "not_again")
            for token in (*before, *after)
            for c in token.concepts
        )

    @staticmethod
    def _span(count: int, unit: Unit, compare: Op | None, leads: set[str], tails: set[str]) -> Span:
        last, before = Window.last(count, unit), Window.before(count, unit)
        less = compare in (Op.LT, Op.LE) or "at_most" in tails
        more = compare in (Op.GT, Op.GE)
        if tails & {"ago", "ago_or_more", "before_after"} or "before" in leads:
            if less or ("since" in leads) or tails & {"since_after", "within"}:
                return Span(last, led=True)
            point = "ago" in tails and not more and "ago_or_more" not in tails
            return Span(before, ago=True, long=not point)
        led = bool(leads & {"last", "since", "recent"} or tails & {"within", "since_after"})
        return Span(last, long=more, short=less, led=led and not more)
