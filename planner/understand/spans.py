"""Dates and stretches of time: since 1 March, in the last 30 days, 3 to 6 months ago."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from planner.fields import Op
from planner.understand.tokens import Token
from planner.windows import Ago, Unit, Window, months_before


@dataclass(frozen=True, slots=True)
class Quantity:
    """A compared number: "at least 5 orders"."""

    number: float
    op: Op | None = None
    """None: no comparison was said."""
    upper: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch or point of time."""

    window: Window
    ago: bool = False
    """A point so long ago, "6 months ago", rather than a stretch up to now."""
    long: bool = False
    """"over 6 months": that long at least."""
    named: bool = False
    """A date or calendar period, which has a start and an end of its own."""
    month: int | None = None
    day: int | None = None
    led: bool = False
    """Introduced by "in the last", "since" … and so not a bare length."""


class Spans:
    """Walks over the tokens; reads dates and lengths of time."""

    def __init__(self, tokens: list[Token], form: str, today: date) -> None:
        self.tokens = tokens
        self.form = form
        self.today = today

    def _at(self, index: int) -> Token | None:
        return self.tokens[index] if 0 <= index < len(self.tokens) else None

    def _role(self, index: int, *roles: str) -> str:
        token = self._at(index)
        if token is None:
            return ""
        return next((role for role in roles if token.role(role)), "")

    def _skip_fill(self, index: int) -> int:
        while (token := self._at(index)) is not None and self._only_fill(token):
            index += 1
        return index

    @staticmethod
    def _only_fill(token: Token) -> bool:
        return (
            bool(token.concepts)
            and all(c.role in ("fill", "either") for c in token.concepts)
            and not token.values
        )

    def _token(self, first: int, after: int, **extra: object) -> Token:
        parts = self.tokens[first:after]
        languages = frozenset().union(*(part.languages for part in parts))
        return Token(parts[0].start, parts[-1].end, languages=languages, extra=extra)

    def _operator(self, index: int, role: str) -> Op | None:
        token = self._at(index)
        concept = token.role(role) if token else None
        return Op(concept.data["op"]) if concept else None

    def _dates(self, index: int) -> tuple[Token, int] | None:
        lead = self._role(index, "since", "until", "before", "between", "not")
        loosely = lead == "since" and self._is_loose_since(index)
        start = index
        if lead == "not":
            return None
        if lead:
            index = self._skip_fill(index + 1)
        token = self._at(index)
        period = token.role("period") if token else None
        if token is None or (token.day is None and period is None):
            return None
        follower = self._at(index + 1)
        if period is not None and follower is not None and follower.day is not None:
            named = follower.day.month is not None and follower.day.year is None
            if named and period.data["unit"] == "year":  # 今年3月
                year = self.today.year + int(period.data["offset"])
                token = replace(follower, day=replace(follower.day, year=year))
                period, index = None, index + 1
        window = (
            self._period(period.data["unit"], period.data["offset"])
            if period is not None
            else self._day_window(token)
        )
        if window is None:
            return None
        after = index + 1
        second = self._role(after, "to", "until", "and") and self._at(self._skip_fill(after + 1))
        if isinstance(second, Token) and second.day is not None:
            place = self._skip_fill(after + 1)
            second, ending = self._of_year(second, place + 1)
            if ending > place + 1:
                self.tokens[place : ending] = [second]
        if isinstance(second, Token) and second.day is not None and (token.day or lead):
            end = second.day.span(self.today)
            if token.day and token.day.year is None and end:
                # "April to June 2026" and "1 to 5 June" share the year; the first is not after.
                token = replace(token, day=replace(token.day, year=second.day.year or end[0].year))
            first = token.day.span(self.today) if token.day else None
            if first and end and first[0] > end[1] and token.day:
                token = replace(token, day=replace(token.day, year=end[0].year - 1))
                first = token.day.span(self.today) if token.day else None
            if first and end and first[0] <= end[1]:
                after = self._skip_fill(after + 1) + 1
                return self._token(
                    start,
                    after,
                    span=Span(Window.dates(first[0], end[1]), named=True, led=True),
                ), after
        tail = self._role(after, "since_after", "until_after", "before_after")
        token, after = self._of_year(token, after)
        whole = self._at(after)
        if period is not None and whole is not None and not whole.role("time"):
            length = whole.role("duration")
            if length is not None and length.data["unit"] in ("month", "year"):
                after += 1  # 去年一整年
        if token.day is not None and period is None:
            window = self._day_window(token) or window
        bound = lead if lead in ("since", "until", "before") else ""
        if loosely and (period is not None or (token.day and not token.day.day)):
            bound = ""  # "orders from last week" are those of that week
        if tail:
            bound, after = tail.removesuffix("_after"), after + 1
        if bound:
            window = self._bounded(window, bound)
        month = token.day.month if token.day and token.day.year is None else None
        day = token.day.day if token.day else None
        span = Span(window, named=True, month=month, day=day, led=bool(bound))
        return self._token(start, after, span=span), after

    def _is_loose_since(self, index: int) -> bool:
        token = self._at(index)
        return token is not None and any(c.name == "from" for c in token.concepts)

    def _of_year(self, token: Token, after: int) -> tuple[Token, int]:
        """«March this year»: the year that a period beside a month tells."""
        follower = self._at(after)
        period = follower.role("period") if follower else None
        if token.day is None or token.day.year or token.day.month is None or period is None:
            return token, after
        if period.data["unit"] != "year":
            return token, after
        year = self.today.year + int(period.data["offset"])
        return replace(token, day=replace(token.day, year=year)), after + 1

    def _period(self, unit: str, offset: int) -> Window:
        if unit != "quarter":
            return Window.period(unit, offset)  # type: ignore[arg-type]
        first = months_before(self.today.replace(day=1), (self.today.month - 1) % 3 - 3 * offset)
        if offset == 0:
            return Window.dates(first, None)
        return Window.dates(first, months_before(first, -3) - timedelta(days=1))

    def _day_window(self, token: Token) -> Window | None:
        span = token.day.span(self.today) if token.day else None
        return Window.dates(*span) if span else None

    @staticmethod
    def _bounded(window: Window, bound: str) -> Window:
        if bound == "since":
            return Window(start=window.start)
        if bound == "before":
            return Window(end=window.start)
        return Window(end=window.end) if window.end else window

    def _length(self, index: int) -> tuple[int, Unit, int] | None:
        """A count of units of time at a place, and the place after it."""
        token = self._at(index)
        if token is None:
            return None
        duration = token.role("duration")
        if token.number is not None:
            follower = self._at(index + 1)
            unit = follower.role("time") if follower else None
            if unit is not None and token.number == int(token.number) and 0 < token.number <= 36500:
                count = int(token.number) * int(unit.data.get("factor", 1))
                return count, unit.data["unit"], index + 2
            this = follower.role("period") if follower else None
            if this is not None and this.data["offset"] == 0 and this.data["unit"] != "day":
                whole = token.number == int(token.number) and 0 < token.number <= 3650
                if whole and "th" in follower.languages:  # 3 เดือนนี้: these last three months
                    return int(token.number), this.data["unit"], index + 2
            if unit is not None and token.number == 0.5 and unit.data["unit"] == "year":
                return 6, "month", index + 2
        if duration is not None:
            return int(duration.data["count"]), duration.data["unit"], index + 1
        return None

    def _time(self, index: int) -> tuple[Token, int] | None:
        start, compare, leads = index, None, set()
        while (
            role := self._role(
                index, "last", "compare", "next", "since", "before", "recent", "between"
            )
        ) or (index > start and (token := self._at(index)) and self._only_fill(token)):
            if role == "compare":
                compare = self._operator(index, "compare")
            elif role:
                leads.add(role)
            both = self._at(index)
            if both is not None and role == "last" and both.role("compare"):
                compare = compare or self._operator(index, "compare")
            index += 1
        found = self._length(index)
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
        tails = set()
        while role := self._role(
            after, "ago", "ago_or_more", "within", "compare_after", "since_after", "before_after",
            "next",
        ):
            if role == "compare_after":
                compare = self._operator(after, "compare_after")
            tails.add(role)
            after += 1
        if "next" in leads | tails and "ago" not in tails:
            days = count * {"day": 1, "week": 7, "month": 30, "year": 365}[unit]
            return self._token(start, after, next_days=days, next_unit=(count, unit)), after
        span = self._span(count, unit, compare, leads, tails)
        if bare_duration and not leads and not tails and compare is None and self._is_plain(index):
            return None
        return self._token(start, after, span=span), after

    def _age_like(self, index: int) -> bool:
        token = self._at(index)
        return token is not None and token.role("unit") is not None

    def _is_plain(self, index: int) -> bool:
        """A word such as "year" or "week" alone says no length."""
        token = self._at(index)
        return token is not None and token.role("time") is not None

    def _time_range(self, index: int, leads: set[str]) -> tuple[Token, int] | None:
        """«3 to 6 months ago»: between two points."""
        first = self._at(index)
        if first is None or first.number is None:
            return None
        follow = index + 1
        if self._role(follow, "time"):
            follow += 1
        if not self._role(follow, "to", "and"):
            return None
        found = self._length(follow + 1)
        if found is None:
            return None
        count, unit, after = found
        own = self._at(index + 1)
        own_unit = own.role("time") if own else None
        near_unit: Unit = own_unit.data["unit"] if own_unit else unit
        near = int(first.number) * int(own_unit.data.get("factor", 1) if own_unit else 1)
        if not self._role(after, "ago", "ago_or_more") and not leads & {"before"}:
            return None
        while self._role(after, "ago", "ago_or_more", "within"):
            after += 1
        window = Window(start=Ago(ago=count, unit=unit), end=Ago(ago=near, unit=near_unit))
        return self._token(index, after, span=Span(window, named=True, led=True)), after

    @staticmethod
    def _span(count: int, unit: Unit, compare: Op | None, leads: set[str], tails: set[str]) -> Span:
        last, before = Window.last(count, unit), Window.before(count, unit)
        less, more = compare in (Op.LT, Op.LE), compare in (Op.GT, Op.GE)
        if tails & {"ago", "ago_or_more", "before_after"} or "before" in leads:
            if less or ("since" in leads) or tails & {"since_after", "within"}:
                return Span(last, led=True)
            point = "ago" in tails and not more and "ago_or_more" not in tails
            return Span(before, ago=True, long=not point)
        led = bool(leads & {"last", "since", "recent"} or tails & {"within", "since_after"})
        return Span(last, long=more, led=led and not more)
