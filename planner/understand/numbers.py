"""Numbers as people write them in four languages: 50,000, 1.5k, 10萬, 一萬五, 3 หมื่น, หมื่นห้า."""

import re
from collections.abc import Iterator
from typing import NamedTuple


class Number(NamedTuple):
    """A number and where it stands."""

    start: int
    end: int
    value: float
    digits: bool
    """Written with digits, at least in part."""


_HAN_DIGIT = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0, "兩": 2, "两": 2, "壹": 1, "貳": 2, "參": 3, "弐": 2, "壱": 1,
}  # fmt: skip
_HAN_SMALL = {"十": 10, "百": 100, "千": 1000}
_HAN_BIG = {"萬": 10_000, "万": 10_000, "億": 100_000_000, "亿": 100_000_000}
_THAI_DIGIT = {
    "ศูนย์": 0, "หนึ่ง": 1, "เอ็ด": 1, "สอง": 2, "ยี่": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6,
    "เจ็ด": 7, "แปด": 8, "เก้า": 9,
}  # fmt: skip
_THAI_SCALE = {
    "สิบ": 10, "ร้อย": 100, "พัน": 1000, "หมื่น": 10_000, "แสน": 100_000, "ล้าน": 1_000_000,
}  # fmt: skip
_WORD = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_WORD_SCALE = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "grand": 1000}
_SUFFIX = {
    "k": 1e3, "m": 1e6, "mn": 1e6, "mil": 1e6, "million": 1e6, "thousand": 1e3, "grand": 1e3,
    "hundred": 100, "w": 1e4, "まん": 1e4, "マン": 1e4,
}  # fmt: skip

_MOST = 1e15
"""Nothing that is counted comes near it."""

_DIGITS = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_HAN = "".join(_HAN_DIGIT) + "".join(_HAN_SMALL) + "".join(_HAN_BIG)
_THAI = "|".join(sorted({**_THAI_DIGIT, **_THAI_SCALE}, key=len, reverse=True))
_ENGLISH = "|".join(sorted({**_WORD, **_WORD_SCALE}, key=len, reverse=True))
_PATTERNS = (
    re.compile(
        rf"(?<![\d.])(?:(?<!\d,)|(?<=/\d,)|(?<=/\d\d,))(?P<n>{_DIGITS})(?:(?P<w>(?:k|mn|mil|m|まん|マン|w(?=[\u4e00-\u9fff,、。]|$))|\s?(?:million|thousand|grand|hundred))(?![a-z])|"
        rf"(?P<h>\s?(?:[{_HAN}][{_HAN}\d.]*))|(?P<t>\s?(?:{_THAI})(?:\s?(?:{_THAI}|\d))*))?"
    ),
    re.compile(rf"[{_HAN}]+(?:\d[{_HAN}\d]*)?"),
    re.compile(rf"(?:{_THAI})+"),
    re.compile(
        rf"(?<![a-z])(?:a |half a )?(?:{_ENGLISH})(?:[ -](?:and )?(?:{_ENGLISH}))*(?![a-z])"
    ),
)


DECADES = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70,
    "eighties": 80,
}  # fmt: skip
"""English words for ten years of an age."""


def _plain(text: str) -> float:
    return float(text.replace(",", ""))


def _positional(parts: list[tuple[float, bool]], leap: float) -> float | None:
    """Sum digits and scales from left to right; a digit left over after a scale is a tenth of it.

    `leap` is the scale from which on the part before is multiplied as a whole (萬, ล้าน).
    """
    total = section = 0.0
    digit: float | None = None
    scale = 0.0
    zero = False
    for value, is_scale in parts:
        if not is_scale:
            zero = zero or (digit is None and value == 0)
            digit = value if digit is None else digit * 10 + value
            continue
        if value >= leap:
            section = (section + (digit or 0)) or 1
            total, section = (total + section) * value, 0.0
        else:
            section += (1 if digit is None else digit) * value
        digit, scale, zero = None, value, False
    if digit is not None:
        # 一萬五 is 15,000, หมื่นห้า likewise; 一萬零五 is 10,005
        left_over = scale >= 100 and digit < 10 and not zero
        section += digit * scale / 10 if left_over else digit
    return total + section


_PIECES = re.compile(rf"\d+(?:\.\d+)?|{_THAI}|[{_HAN}]")


def _pieces(text: str) -> list[tuple[float, bool]] | None:
    parts: list[tuple[float, bool]] = []
    for piece in _PIECES.findall(text.replace(",", "").replace(" ", "")):
        for table, is_scale in (
            (_HAN_DIGIT, False),
            (_THAI_DIGIT, False),
            (_HAN_SMALL, True),
            (_HAN_BIG, True),
            (_THAI_SCALE, True),
        ):
            if piece in table:
                parts.append((float(table[piece]), is_scale))
                break
        else:
            parts.append((float(piece), False))
    return parts or None


def _asian(text: str) -> float | None:
    parts = _pieces(text)
    if parts is None:
        return None
    if len(parts) > 1 and all(not scale for _, scale in parts):
        return _plain("".join(str(int(value)) for value, _ in parts))
    return _positional(parts, 10_000 if not re.search(_THAI, text) else 1_000_000)


def _english(text: str) -> float:
    total = current = 0.0
    for word in re.split(r"[ -]", text):
        if word in _WORD:
            current += _WORD[word]
        elif word == "half":
            current = 0.5
        elif word in _WORD_SCALE:
            current = (current or 1) * _WORD_SCALE[word]
            if _WORD_SCALE[word] >= 1000:
                total, current = total + current, 0.0
    return total + current


def numbers(form: str) -> Iterator[Number]:
    """Every number in a normalised text, longest reading at each place."""
    taken = -1
    found = sorted(
        (match.start(), -match.end(), index, match)
        for index, pattern in enumerate(_PATTERNS)
        for match in pattern.finditer(form)
    )
    for start, negative_end, index, match in found:
        if start < taken:
            continue
        text = match.group().rstrip()
        value: float | None
        if index == 0:
            groups = match.groupdict()
            value = _plain(groups["n"])
            if groups["w"]:
                value *= _SUFFIX[groups["w"].strip()]
            elif groups["h"] or groups["t"]:
                value = _asian(text)
        else:
            value = _english(text) if index == 3 else _asian(text)
        if value is not None and value < _MOST:
            taken = -negative_end
            yield Number(start, start + len(text), round(value, 6), index == 0)
