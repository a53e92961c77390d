"""Two Chinese numerals side by side: 兩三次 is two or three times, and not twenty-three."""

import re
from itertools import pairwise

_DIGIT = {numeral: value for value, numeral in enumerate("一二三四五六七八九", 1)} | {"兩": 2}
_SCALE = {"十": 10, "百": 100, "千": 1000, "萬": 10_000}
_PAIRS = "|".join(["兩三", "一兩", "三五", *(a + b for a, b in pairwise("一二三四五六七八九"))])
_TIME = "個(?:月|禮拜|星期)|天|[週周季](?!年)|年(?!級|次)|小時|個?鐘頭"
_UNIT = "次|筆|單|件|張|歲|元|塊|趟|回|個(?!月|禮拜|星期|小時|鐘)|樣|種|封|則|點|組|包|盒"
_SHAPE = re.compile(
    f"(?<![一二三四五六七八九十百千萬兩第期週周拜0-9.])(十?)({_PAIRS})"
    f"(?:([十百千萬])|(?={_UNIT}|{_TIME}|月))(?![一二三四五六七八九])"
)
_NUMERALS = frozenset(_DIGIT)
_TIMED, _UP = re.compile(_TIME), re.compile(f"(?:{_UNIT})?(?:錢)?(?:以上|起|\\+)")
_DOWN = re.compile(f"(?:{_UNIT})?(?:錢)?(?:以下|以內|之內|內)")


def with_ranges(form: str, places: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """The form with such numbers as ranges, 2到3次, and where its characters come from.

    Of a time it is the longer one: 近兩三個月 is the last three months.
    """
    if not is_ranged(form):
        return form, places
    found, origin, ends = list[str](), list[int](), 0
    for match in _SHAPE.finditer(form):
        said = _said(match, form)
        found += form[ends : match.start()], said
        origin += places[ends : match.start()]
        last = match.end() - 1
        origin += [places[match.start()]] * (len(said) - 1) + [places[last]]
        ends = match.end()
    return "".join([*found, form[ends:]]), (*origin, *places[ends:])


def is_ranged(text: str) -> bool:
    """Whether a text holds such a number."""
    return not _NUMERALS.isdisjoint(text) and _SHAPE.search(text) is not None


def _said(match: re.Match[str], form: str) -> str:
    scale, tens = _SCALE.get(match[3] or "", 1), 10 * len(match[1])
    low, high = ((tens + _DIGIT[numeral]) * scale for numeral in match[2])
    if _TIMED.match(form, match.end()) or _DOWN.match(form, match.end()):
        return str(high)
    if _UP.match(form, match.end()):
        return str(low)
    if scale == 10 and form.startswith(("歲", "幾歲", "多歲"), match.end()):
        high += 9  # 三四十歲: in their thirties or forties
    return f"{low}到{high}"
