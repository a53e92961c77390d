"""Text as it is matched: one form for all the ways to write the same characters."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from planner.understand.chinese_ranges import is_ranged, with_ranges

_SAME = {"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "−": "-", "〜": "~", "～": "~", "•": " "}
_SOUNDS = {"ㄉ": "的", "ㄇ": "嗎", "ㄅ": "吧", "ㄋ": "呢", "ㄌ": "了"}
"""Bopomofo as it is typed for the commonest particles."""
_SLIPS = {
    "購務車": "購物車", "夠物車": "購物車", "構物車": "購物車", "勾物車": "購物車", "標纖": "標籤",
    "標簽": "標籤", "簡迅": "簡訊", "會圓": "會員", "優會券": "優惠券", "優惠卷": "優惠券",
    "己經": "已經", "以封鎖": "已封鎖", "生曰": "生日", "白今": "白金", "以尚": "以上",
    "齣來": "出來",
    **{f"{unit}{slip}上": f"{unit}以上" for unit in "次筆歲元塊件單天" for slip in "已己"},
}  # fmt: skip
"""Words as they come out of a keyboard by sound or shape; each as long as what is meant."""
_SLIP = re.compile("|".join(_SLIPS))
_CLOSES = frozenset("啦耶欸囉唷齁捏吼")
"""Ends what is said where a space follows, as a comma does: 我要寄試吃包啦 Pets 類…."""
_ASIDES = ("(含)", "\uff08含\uff09")
"""Said between a number and 以上: 2 次(含)以上 is 2 次以上."""
_MARKS = {"\uff9e", "\uff9f"}  # half-width voiced marks belong to the kana before them
_THAI_AM = "\u0e33"  # NFKC would split it
_THAI_PAIRS = {"\u0e4d\u0e32": "\u0e33", "\u0e40\u0e40": "\u0e41"}
"""Typed as two letters, ประจํา and เเท็ก, what is one."""
_THAI_SIGNS = frozenset(map(chr, [0xE31, *range(0xE34, 0xE3B), *range(0xE47, 0xE4D)]))
_JOINER, _OF_EMOJI = "\u200d", "♀♂⚕⚖✈"
_THAI_AGAIN = "\u0e46"
_AS_IT_IS = re.compile(
    r"(?!.*(?:([\u0e31\u0e34-\u0e3a\u0e47-\u0e4c])\1|\u0e40\u0e40|\(含\)))"
    r"(?:[a-z0-9'()\[\]|~-]+(?: [a-z0-9'()\[\]|~-]+)*"
    r"|[()\[\]|~ぁ-ゖァ-ヺー一-鿿\u0e01-\u0e3a\u0e40-\u0e4c]+)"
)
"""What is in its one form already, as most of the vocabulary is."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text, its matched form, and where each character of that form comes from."""

    original: str
    form: str
    places: tuple[int, ...]

    def quote(self, start: int, end: int) -> str:
        """The person's own words between two places of the matched form."""
        if start >= end:
            return ""
        last = self.places[end - 1]
        last += self.original[last : last + 2] in _THAI_PAIRS
        return self.original[self.places[start] : last + 1].strip()


def _apart(left: str, right: str) -> bool:
    """Whether a space only keeps two scripts apart: "AI 預測" is written "AI預測" as well."""
    both = bool(left) and bool(right) and left.isalnum() and right.isalnum()
    return both and left.isascii() != right.isascii()


def _is_digit(text: str, place: int) -> bool:
    return text[place : place + 1].isascii() and text[place : place + 1].isdigit()


def _counts_pieces(text: str, place: int) -> bool:
    """«2こ以上買った»: the word for pieces in kana, right after a number."""
    return _is_digit(unicodedata.normalize("NFKC", text[place - 1 : place]), 0) and (
        text[place + 1 : place + 2] not in ("と", "の")
    )


@lru_cache(maxsize=16_384)
def _fold(char: str) -> str:
    if char in _SAME or char in _SOUNDS:
        return _SAME.get(char) or _SOUNDS[char]
    if "①" <= char <= "⑳":
        return "\n"  # the number of an item in a list
    if char == _THAI_AM:
        return char
    if "๐" <= char <= "๙":
        return str(ord(char) - ord("๐"))
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if category[0] == "C" or char.isspace():
        return "\n" if char == "\n" else " "
    return unicodedata.normalize("NFKC", char).casefold()


def normalise(text: str) -> Text:
    """Fold width, case, digits and invisible characters; keep the way back to the original."""
    if _AS_IT_IS.fullmatch(text) and not (_SLIP.search(text) or is_ranged(text)):
        return Text(text, text, tuple(range(len(text))))
    form: list[str] = []
    places: list[int] = []
    index = 0
    while index < len(text):
        if text[index : index + 3] in _ASIDES:
            index += 3
            continue
        if text[index] in _THAI_SIGNS and text[index] == text[index - 1 : index]:
            index += 1  # the same sign twice
            continue
        if text[index] in _OF_EMOJI and text[index - 1 : index] == _JOINER:
            index += 1  # a bowing woman is no woman among the customers
            continue
        if text[index] == " " and text[index + 1 : index + 2] == _THAI_AGAIN:
            index += 1  # เร็ว ๆ is เร็วๆ
            continue
        pair = _THAI_PAIRS.get(text[index : index + 2], "")
        size = 2 if pair or (text[index + 1 : index + 2] in _MARKS and index + 1 < len(text)) else 1
        piece = pair or (
            unicodedata.normalize("NFKC", text[index : index + 2])
            if size == 2
            else _fold(text[index])
        )
        if text[index] == "こ" and _counts_pieces(text, index):
            piece = "個"
        if text[index] == "，" and text[index - 1 : index].isascii() and _is_digit(text, index + 1):
            piece = ", "  # it parts clauses, and no thousands
        if text[index] == "—" and not text[index - 1 : index].isalnum():
            piece = ","  # set off by spaces it parts clauses
        if piece == " " and form and form[-1] in _CLOSES:
            piece = ","
        if piece == " " and form[-1:] == [" "]:
            piece = ""
        if form[-1:] == [" "] and _apart("".join(form[-2:-1]), piece[:1]):
            form.pop()
            places.pop()
        form.extend(piece)
        places.extend([index] * len(piece))
        index += size
    plain = _SLIP.sub(lambda slip: _SLIPS[slip.group()], "".join(form))
    return Text(text, *with_ranges(plain, tuple(places)))
