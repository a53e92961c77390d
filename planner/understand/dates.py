"""Dates and months as people write them: 1 March, 2026-03-01, 3月1日, มี.ค. 2569, May."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from planner.understand.normalise import Text, normalise
from planner.understand.vocabulary import LANGUAGES, at_word, words

_ERA = {"令和": 2018, "民國": 1911, "民国": 1911}
_HAN = "十[一二]?|[一二三四五六七八九]"
_HAN_DAY = "三十一?|(?:二十|廿)[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九]"
_QUARTERS = {
    name: place
    for names in (
        "1 2 3 4",
        "一 二 三 四",
        "แรก สอง สาม สี่",
        "first second third fourth",
        "1st 2nd 3rd 4th",
        "0 0 0 สุดท้าย",
    )
    for place, name in enumerate(names.split(), 1)
    if name != "0"
}
_DAYS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "前半": (1, 15), "後半": (16, 31)}
_PARTS = r"\s?の?的?(?P<part>上旬|中旬|下旬|前半|後半)"
_DAY = (
    r"\s?(?P<d>\d{1,2})\s?(?:[日號号](?:\s?(?:から|[-~至到])\s?(?P<l>\d{1,2})\s?[日號号])?"
    r"|[-~至到]\s?(?P<l2>\d{1,2})\s?[日號号])"
)
"""A day of a month, or several: 10日, 10日から20日, 10-20日."""
_ROUND = ("1900", "2000", "2400", "2500", "2600")
"""Numbers that alone are sums rather than years."""
_FIRST_HALF = ("上半年", "上半期", "ครึ่งปีแรก", "h1", "first half", "เดือนแรก")
_LEADS = re.compile(
    r"(?:\b(?:in|since|during|of|from|until|till|before|after|by|through|this|last|next|and|or|to|month)|[/,])\s*$"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date with the parts that were said."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    last_day: int | None = None
    """For 1-15 March: the 15."""
    months: int = 1
    """Whole months from that one on: 3 for a quarter."""

    def span(self, today: date) -> tuple[date, date] | None:
        """First and last day meant; a missing year is the latest not after today."""
        if self.month is None:
            return (date(self.year, 1, 1), date(self.year, 12, 31)) if self.year else None
        year = self.year
        if year is None:
            first = (self.month, self.day or 1)
            year = today.year if first <= (today.month, today.day) else today.year - 1
        try:
            if self.day is None:
                end = self.month + self.months - 1
                last = calendar.monthrange(year, end)[1]
                return date(year, self.month, 1), date(year, end, last)
            first_day = date(year, self.month, self.day)
            last = calendar.monthrange(year, self.month)[1]
            return first_day, first_day.replace(day=min(self.last_day or self.day, last))
        except ValueError:
            return None


@cache
def _months() -> dict[str, int]:
    return {
        normalise(name).form: number
        for language in LANGUAGES
        for name, number in words(language).get("months", {}).items()
    }


def _year(text: str | None, era: str | None = None) -> int | None:
    if not text:
        return None
    year = 1 if text == "元" else int(text)
    if era:
        return year + _ERA[era]
    if 2400 <= year <= 2700:
        return year - 543  # Buddhist era
    if year < 100:
        return 2000 + year if year < 60 else year + 2500 - 543
    return year


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    month = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True)) or "(?!)"
    thai = "|".join(re.escape(name) for name in _months() if "\u0e00" <= name[0] <= "\u0e7f")
    year = r"(?P<y>(?:19|20|24|25|26)\d\d)"
    return tuple(
        map(
            re.compile,
            (
                rf"(?<!\d){year}[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?!\d)",
                rf"(?<!\d)(?P<d>\d{{1,2}})[-/.](?P<m>\d{{1,2}})[-/.]{year}(?!\d)",
                rf"(?:(?P<e>令和|民國|民国)\s?(?P<y>\d{{1,3}}|元)|(?<!\d)(?P<y2>\d{{2,4}}))\s?年\s?的?(?P<m>\d{{1,2}}|{_HAN})\s?月(?:\s?份)?"
                rf"(?:{_DAY}|{_PARTS})?",
                rf"(?<!\d)(?P<m>\d{{1,2}})\s?月(?:\s?份)?(?:{_DAY}|{_PARTS})?(?![間间])",
                rf"(?:(?<!\d){year}\s?年\s?)?(?P<m>\d{{1,2}}|{_HAN})\s?月\s?(?P<d>{_HAN_DAY})\s?[日號号]",
                rf"(?:(?P<e>令和|民國|民国)(?P<y2>\d{{1,3}}|元)|(?<!\d){year})\s?年(?!間|內)",
                rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?(?:[-~]|(?:จน)?ถึง(?:วันที่)?|to|through)\s?(?:the\s)?(?P<l>\d{{1,2}})(?:st|nd|rd|th)?)?"
                rf"\s?(?:of\s)?(?:เดือน)?(?P<n>{month})(?:,?\s?(?:(?:ปี|พ\.?ศ\.?|ค\.?ศ\.?)\s?)*(?P<y>\d{{4}}|\d{{2}}(?!\d)))?",
                rf"(?<=between\s)(?:the\s)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\sand\s(?:the\s)?(?P<l>\d{{1,2}})"
                rf"(?:st|nd|rd|th)?\s?(?:of\s)?(?P<n>{month})(?:,?\s?(?P<y>\d{{4}}))?",
                rf"(?<=between\s)(?P<n>{month})\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\sand\s(?P<l>\d{{1,2}})"
                rf"(?:st|nd|rd|th)?(?!\d|,\d|\s?(?:{month}))(?:,?\s?(?P<y>\d{{4}}))?",
                rf"(?P<n>{month})\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:\s?[-~]\s?(?P<l>\d{{1,2}})(?:st|nd|rd|th)?)?(?:,?\s?(?P<y>\d{{4}}))?",
                rf"(?:เดือน)?(?P<n>{month})\.?(?:\s?(?:of\s|(?:ปี|พ\.?ศ\.?|ค\.?ศ\.?)\s?)?(?P<y>\d{{4}})(?!\d))?",
                rf"(?:ปี|พ\.?ศ\.?|ค\.?ศ\.?)\s?(?:พ\.?ศ\.?|ค\.?ศ\.?)?\s?{year}",
                rf"\b(?:the\s)?(?:calendar\s)?year\s(?:of\s)?{year}(?!\d)",
                rf"(?<![\d,.]){year}(?!\d|[,.]\d|%|\s?(?:บาท|元|塊|円|yen|baht|twd|people|orders|points|คน))",
                rf"(?:(?<!\d)(?P<y>(?:19|20|25)\d\d)\s?年?\s?的?)?(?<!\d)(?P<m>\d{{1,2}}|{_HAN})\s?月?(?:份)?\s?(?:到|至|-|~|から|及|和|跟|、|と|,)\s?(?P<m2>\d{{1,2}}|{_HAN})\s?月(?:份)?(?!\s?\d{{1,2}}\s?[日號号]|の?(?:両方|両月|どちらも|双方|いずれも))",
                rf"(?:(?<!\d){year}\s?年?的?\s?|(?<![a-z\d]))(?:q(?P<q>[1-4])(?![\da-z])|第\s?(?P<q2>[1-4一二三四])\s?(?:季|四半期)|ไตรมาส\s?(?:ที่)?\s?(?P<q3>[1-4]|แรก|สอง|สาม|สี่|สุดท้าย)|(?P<q4>first|second|third|fourth|1st|2nd|3rd|4th)\squarter(?!\safter)(?:\s(?:of\s)?(?P<y2>\d{{4}})(?!\d))?)",
                rf"(?:(?<!\d){year}\s?年?的?\s?|今年)?"
                r"(?P<h>上半年|下半年|上半期|下半期|ครึ่งปีแรก|ครึ่งปีหลัง|(?:6|หก)\s?เดือนแรก)"
                r"(?:\s?(?:ของ)?(?:ปี)?\s?(?P<y2>\d{4}))?",
                rf"(?:เดือน)?(?P<n>{thai})\s?(?P<y>6\d)(?!\d|[.,]\d|%|\s?(?:ครั้ง|บาท|วัน|ปี|ชิ้น|คน|ออเดอร์|บิล|แต้ม))",
                r"วันที่\s?(?P<d>\d{1,2})\s?เดือน(?:ที่)?\s?(?P<m>\d{1,2})(?!\d)(?:\s?ปี\s?(?P<y>\d{4}))?",
                r"(?<!\d)เดือน(?:ที่)?\s?(?P<m>\d{1,2})(?![\d,.]|\s?(?:ครั้ง|ออเดอร์|บิล|ชิ้น|บาท|คน|วัน|เดือน|ปี|แต้ม|พัน|หมื่น|แสน|k))"
                r"(?:\s?ปี\s?(?P<y>\d{4}))?",
                r"(?<![a-z])(?P<h>h[12]|first half|second half)(?:\sof)?"
                r"(?:\sthe\syear|\s?(?P<y>\d{4}))(?!\d)",
                r"(?<![a-z])q(?P<q>[1-4])(?:\s(?:of\s)?|\s?/\s?)(?P<y>\d{4})(?!\d)",
                r"(?<![\d/])(?P<m>0?[1-9]|1[0-2])/(?P<d>0?[1-9]|[12]\d|3[01])(?![\d/])",
            ),
        )
    )


def _count(text: str) -> int:
    """A month's or a day's number in digits, or in Chinese ones up to thirty-one."""
    if text.isdecimal():
        return int(text)
    tens = {"三十": 30, "二十": 20, "廿": 20, "十": 10}
    ten = next((size for word, size in tens.items() if text.startswith(word)), 0)
    return ten + "十一二三四五六七八九".find(text[-1] if text[-1] != "廿" else "十")


def _bare_word(text: Text, start: int, end: int) -> bool:
    """Whether a month's name may well be another word: "may", "march" in small letters alone."""
    if text.form[start:end] not in ("may", "march", "mar", "sep", "sept", "dec"):
        return False
    capital = text.original[text.places[start]].isupper() and start > 0
    return not capital and not _LEADS.search(text.form[:start])


def days(text: Text) -> Iterator[Day]:
    """Every date, month or year in a text; longer readings first at each place."""
    form = text.form
    for pattern in _patterns():
        for match in pattern.finditer(form):
            groups = match.groupdict()
            start, end = match.span()
            while end > start and form[end - 1].isspace():
                end -= 1
            if not at_word(form, start, end):
                continue
            month = _count(groups["m"]) if groups.get("m") else _months().get(groups.get("n") or "")
            day = _count(groups["d"]) if groups.get("d") else None
            if (month is not None and not 1 <= month <= 12) or (day and not 1 <= day <= 31):
                continue
            year = _year(groups.get("y") or groups.get("y2"), groups.get("e"))
            if form[start:end] in _ROUND:
                continue
            if groups.get("n") and year is None and day is None and _bare_word(text, start, end):
                continue
            until_day = groups.get("l") or groups.get("l2")
            last = int(until_day) if until_day else None
            if part := groups.get("part"):
                day, last = _DAYS[part]
            until = _count(groups["m2"]) if groups.get("m2") else None
            if until is not None and not (month and month < until <= 12):
                continue
            named = (groups.get(name) for name in ("q", "q2", "q3", "q4"))
            quarter = next((text for text in named if text), None)
            if quarter:
                month = _QUARTERS[quarter] * 3 - 2
            if half := groups.get("h"):
                month = 1 if half.endswith(_FIRST_HALF) else 7
            months = 6 if half else 3 if quarter else until - month + 1 if until and month else 1
            yield Day(start, end, year, month, day, last, months)
