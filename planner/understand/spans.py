"""Dates and stretches of time: since 1 March, in the last 30 days, 3 to 6 months ago."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from planner.fields import Op
from planner.understand.dates import Day
from planner.understand.tokens import Token
from planner.windows import Start, Window, months_before


@dataclass(frozen=True, slots=True)
class Quantity:
    """A compared number: "at least 5 orders"."""

    number: float
    op: Op | None = None
    """None: no comparison was said."""
    upper: float | None = None
    unit: str = ""
    about: bool = False
    """Whether it was said to be so roughly: "around 40", 40歲左右."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch or point of time."""

    window: Window
    ago: bool = False
    """A point so long ago, "6 months ago", rather than a stretch up to now."""
    long: bool = False
    """"over 6 months": that long at least."""
    short: bool = False
    """"less than 6 months": not longer than that."""
    named: bool = False
    """A date or calendar period, which has a start and an end of its own."""
    month: int | None = None
    day: int | None = None
    of_month: int | None = None
    """The month that "this month" or "next month" is."""
    lasting: bool = False
    """How long nothing has been done, from so long to so long: 30~60 天沒買."""
    led: bool = False
    """Introduced by "in the last", "since" … and so not a bare length."""

    @property
    def is_year(self) -> bool:
        """Whether it is a calendar year told from this one, such as this year."""
        return isinstance(self.window.start, Start) and self.window.start.start_of == "year"


def _with_years(tokens: list[Token], today: date) -> Iterator[Token]:
    """The tokens, with the year that a word beside a month tells: 今年3月, March last year."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        further = list(tokens[index + 1 : index + 4])
        if dated := _day_of_month(token, further, today):
            yield dated[0]
            index += 1 + dated[1]
            continue
        if whole := _whole(token, further):
            yield replace(token, end=further[whole - 1].end)
            index += 1 + whole
            continue
        if len(further) > 1 and _is_of(further[0]):
            further = further[1:]  # 今年の1月
        joined = _joined(token, further[0], today) if further else None
        yield joined or token
        index += 1 if joined is None else 1 + tokens[index + 1 :].index(further[0]) + 1


def _day_of_month(token: Token, further: list[Token], today: date) -> tuple[Token, int] | None:
    """«今月10日», and how many tokens it takes after the first."""
    period = token.role("period")
    place = 1 if further and _is_of(further[0]) else 0
    if period is None or period.data["unit"] != "month" or len(further) < place + 2:
        return None
    number, unit = further[place], further[place + 1]
    said = unit.role("time")
    day = int(number.number) if number.number is not None else 0
    if said is None or said.data["unit"] != "day" or not 1 <= day <= 31:
        return None
    if unit.end - unit.start != 1:
        return None  # 日間: a length
    month = months_before(today.replace(day=1), -int(period.data["offset"]))
    found = Day(token.start, unit.end, month.year, month.month, day)
    languages = token.languages | unit.languages
    return Token(token.start, unit.end, day=found, languages=languages), place + 2


def _whole(token: Token, further: list[Token]) -> int:
    """How many tokens say that a calendar period is meant as a whole: 去年1年間, 先月の1ヶ月."""
    period, day = token.role("period"), token.day
    named = period.data["unit"] if period is not None else ""
    if day is not None and day.month is None:
        named = "year"  # 2025年の1年間
    place = 1 if further and _is_of(further[0]) else 0
    if not named or len(further) < place + 2 or further[place].number != 1:
        return 0
    unit = further[place + 1].role("time")
    same = unit is not None and unit.data["unit"] == named
    return place + 2 if same and "factor" not in unit.data else 0  # type: ignore[union-attr]


def _is_of(token: Token) -> bool:
    return any(concept.role == "fill" for concept in token.concepts) and token.end - token.start < 3


def _joined(token: Token, follower: Token, today: date) -> Token | None:
    for dated, other in ((token, follower), (follower, token)):
        day, period = dated.day, other.role("period")
        if day is None or period is None or day.year or day.month is None or other.day:
            continue
        if period.data["unit"] == "year":
            year = today.year + int(period.data["offset"])
            languages = token.languages | follower.languages
            return Token(
                token.start, follower.end, day=replace(day, year=year), languages=languages
            )
    period, length = token.role("period"), follower.role("duration")
    if period is not None and length is not None and not follower.role("time"):
        if length.data["unit"] in ("month", "year"):  # 去年一整年
            return replace(token, end=follower.end)
    return None


class Spans:
    """Walks over the tokens; reads dates and lengths of time."""

    def __init__(self, tokens: list[Token], form: str, today: date) -> None:
        self.tokens = list(_with_years(tokens, today))
        self.form = form
        self.today = today
        self._past_fill = [*range(len(self.tokens) + 1)]
        for place in reversed(range(len(self.tokens))):
            if self._only_fill(self.tokens[place]):
                self._past_fill[place] = self._past_fill[place + 1]

    def _at(self, index: int) -> Token | None:
        return self.tokens[index] if 0 <= index < len(self.tokens) else None

    def _role(self, index: int, *roles: str) -> str:
        token = self._at(index)
        if token is None:
            return ""
        return next((role for role in roles if token.role(role)), "")

    def _skip_fill(self, index: int) -> int:
        return self._past_fill[index] if 0 <= index < len(self.tokens) else index

    @staticmethod
    def _only_fill(token: Token) -> bool:
        return (
            bool(token.concepts)
            and any(c.role in ("fill", "either") for c in token.concepts)
            and all(c.role in ("fill", "either", "time") for c in token.concepts)
            and not token.values
            and token.day is None
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
        start = index
        if lead == "not":
            return None
        if lead:
            index = self._skip_fill(index + 1)
        token = self._at(index)
        window = self._window(token)
        if token is None or window is None:
            return None
        after = index + 1
        if token.day or lead or token.role("period"):
            ranged = self._date_range(token, after)
            if ranged is not None:
                return self._token(start, ranged[1], span=ranged[0]), ranged[1]
        tail = self._role(after, "since_after", "until_after", "before_after")
        if tail == "until_after" and token.day and token.day.months > 1:
            tail, after = "", after + 1  # 7月から12月まで
        bound = lead if lead in ("since", "until", "before") else ""
        if bound == "since" and self._is_loose(start, token):
            bound = ""  # "orders from last week" are those of that week
        if tail:
            bound, after = tail.removesuffix("_after"), after + 1
        if bound:
            window = self._bounded(window, bound)
        month = token.day.month if token.day and token.day.year is None else None
        day = token.day.day if token.day and not token.day.last_day else None
        of_month = self._month_of(token)
        span = Span(window, named=True, month=month, day=day, of_month=of_month, led=bool(bound))
        return self._token(start, after, span=span), after

    def _month_of(self, token: Token) -> int | None:
        period = token.role("period")
        if period is None or token.day is not None or period.data["unit"] != "month":
            return None
        return (self.today.month - 1 + int(period.data["offset"])) % 12 + 1

    def _window(self, token: Token | None) -> Window | None:
        """The whole days of a date or calendar period; None if the token is neither."""
        if token is None:
            return None
        if (period := token.role("period")) is not None and token.day is None:
            return self._period(period.data["unit"], period.data["offset"])
        days = token.day.span(self.today) if token.day else None
        return Window.dates(*days) if days else None

    def _date_range(self, token: Token, after: int) -> tuple[Span, int] | None:
        """«April to June 2026», from a date on."""
        joined = self._role(after, "to", "until", "and", "or")
        both = any(self._role(place, "both") for place in range(max(0, after - 3), after))
        if not joined or (joined == "and" and (both or self._says_more(after))):
            return None
        place = self._skip_fill(after + 1)
        second = self._at(place)
        coming = itertools.takewhile(
            lambda t: not (t.separator or t.role("and")), self.tokens[place + 1 : place + 4]
        )
        if any(later.role("both") for later in coming):
            return None  # 3月と4月の両方で
        if token.day is None and joined == "to":
            return self._period_range(token, second, place)
        end = second.day.span(self.today) if second is not None and second.day else None
        if second is None or second.day is None or end is None or token.day is None:
            return None
        day = token.day
        if day.year is None:  # "1 to 5 June 2026" share the year; the first is not after
            day = replace(day, year=second.day.year or end[0].year)
        first = day.span(self.today)
        if first and first[0] > end[1]:
            first = replace(day, year=end[0].year - 1).span(self.today)
        if first is None or first[0] > end[1]:
            return None
        if joined == "or" and end[0] - first[1] != timedelta(days=1):
            return None  # "in April or June" is no stretch
        return Span(Window.dates(first[0], end[1]), named=True, led=True), place + 1

    def _period_range(
        self, token: Token, second: Token | None, place: int
    ) -> tuple[Span, int] | None:
        """«先月から今月にかけて»: from the start of one to the end of another."""
        first = self._window(token)
        last = self._window(second) if second is not None and second.day is None else None
        if first is None or last is None or first == last:
            return None
        window = Window(start=first.start, end=last.end)
        return Span(window, named=True, led=True), place + 1

    def _says_more(self, index: int) -> bool:
        """Whether a joining word begins something else: "but", and 又 that is no 和."""
        token = self._at(index)
        if token is None or any(c.name == "but" for c in token.concepts):
            return token is not None
        return "zh-Hant" in token.languages and not {"en", "ja"} & token.languages

    def _is_loose(self, index: int, date: Token) -> bool:
        """Whether "from" only says when: "from last week", "from May"."""
        token = self._at(index)
        said = token is not None and any(c.name == "from" for c in token.concepts)
        return said and (date.day is None or date.day.day is None)

    def _period(self, unit: str, offset: int) -> Window:
        if unit != "quarter":
            return Window.period(unit, offset)  # type: ignore[arg-type]
        first = months_before(self.today.replace(day=1), (self.today.month - 1) % 3 - 3 * offset)
        if offset == 0:
            return Window.dates(first, None)
        return Window.dates(first, months_before(first, -3) - timedelta(days=1))

    @staticmethod
    def _bounded(window: Window, bound: str) -> Window:
        if bound == "since":
            return Window(start=window.start)
        if bound == "before":
            return Window(end=window.start)
        if window.end is None and isinstance(window.start, Start):  # by the end of this month
            later = window.start.model_copy(update={"offset": window.start.offset + 1})
            return Window(end=later)
        return Window(end=window.end) if window.end else window
