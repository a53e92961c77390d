"""From text to tokens: words, known values, numbers, dates, quotes, separators and what is left."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from planner.catalogue import Catalogue
from planner.understand.dates import days
from planner.understand.described import described
from planner.understand.mistyped import near_names
from planner.understand.names import Known, Pair, value_machine
from planner.understand.normalise import Text
from planner.understand.numbers import numbers
from planner.understand.pieces import (
    Token,
    best_cover,
    cuts_a_word,
    merged,
    with_rest,
    with_whole_kana,
)
from planner.understand.quotes import QUOTE, set_off, unquoted
from planner.understand.spelling import meant, missigned, misspelt
from planner.understand.vocabulary import (
    Concept,
    at_word,
    forms,
    machine,
    place_machine,
    topics_in,
)

_STRONG = ".。!?;;\n!?※【■●◆▼"
_THAI = re.compile("[\u0e00-\u0e7f]")
_LAUGHTER = re.compile(r"(?<![\d.,])5{3,}(?![\d.,%]|\s?(?:บาท|แต้ม|คะแนน|ครั้ง|ชิ้น|คน|วัน|บ\b))")
"""«555» is how Thai laughs."""
_FILL = Concept("fill", "fill", {"role": "fill"})
_EMOJI = "\u2600-\u27bf\U0001f300-\U0001faff"
_SEPARATOR = re.compile(rf"~+(?=\s+\D|$)|[,、。.!?;:/|\n…·※【】■●◆▼]+|[+&]|(?:(?![♂♀])[{_EMOJI}])+")
_LISTED = re.compile(
    r"(?:^|(?<=\s)|(?<=[,;、。]))\(?[1-9][.)、](?=\s?[^\d\s])\s?"
    r"|\([1-9一二三四五六]\)\s?|(?:^|(?<=[:;。\n]))[一二三四五六]、"
)
"""The number of an item in a list: "1. women 2. in Taipei"."""
_ITEM = r"(?<![\d.,])\(?{}[.)、](?:\s?[^\d\s]|\s\d)"
_FIRST = re.compile(f"{_ITEM.format(1)}.*{_ITEM.format(2)}", re.DOTALL)
_FURTHER = re.compile(r"(?<![\d.,])\(?[1-9][.)、](?=\s?[^\d\s]|\s\d)\s?")
_THAI_KEYWORD = re.compile(
    r"(?:(?P<both>ทั้ง)?คำว่า|พูดถึง|กล่าวถึง|เอ่ยถึง|(?:เขียน|ระบุ|จด|บันทึก|โน้ต|maac|caac)(?:ไว้)?ว่า)\s?(?P<text>[\u0e00-\u0e7f]+?)"
    r"(?:(?:\s?หรือ(?:\s?คำว่า\s?)?|(?(both)(?:\s?และ|\sกับ)\s?(?:คำว่า\s?)?|(?!)))"
    r"(?!ไม่|ยัง|เคย|ซื้อ|สั่งซื้อ|อยู่|เป็น|มี|ติด|เปิด|คลิก|ใช้|อายุ|สมัคร|ใน|โน้ต|แท็ก|คนที่|ลูกค้า|ส่งอีเมล)"
    r"(?P<more>[\u0e00-\u0e7f]+?))?"
    r"(?=\s|$|หรือ|และ|ไหม|บ้าง|แต่(?!ง)|(?:ให้)?(?:หน่อย|ที(?:$|ค่ะ|ครับ))|นะ|ค่ะ|ครับ|ด้วย(?:$|ค่ะ|ครับ|ให้))"
)
"""A keyword of notes: Thai sets no spaces between words, but after it."""


def _quotes(form: str, text: Text) -> Iterator[Token]:
    for match in QUOTE.finditer(form):
        left = match.start()
        if form[left] == "'" and left and form[left - 1].isalnum():
            continue  # an apostrophe
        if set_off(form, left, match.end()):
            yield from (Token(p, p + 1, (_FILL,)) for p in (left, match.end() - 1))
            continue
        start, end = match.span("text")
        yield Token(left, match.end(), quote=text.quote(start, end))
    for match in _THAI_KEYWORD.finditer(form):
        for part in ("text", "more"):
            if match[part]:
                yield Token(*match.span(part), quote=match[part])


_AND_OVER = re.compile(r"(?:(?:and|or) \w+|หรือ\S+)$")
_NUMBER_AHEAD = re.compile(r"\s*(?:(?:nt|us)?\$\s?)?\d")


def _leads_a_number(form: str, word: str, end: int) -> bool:
    """«and over 800» begins something new; «18 and over» ends a comparison."""
    return bool(_AND_OVER.match(word) and _NUMBER_AHEAD.match(form, end))


_KANA = re.compile("[\u3041-\u306d\u306f-\u3096\u30a1-\u30fa歳円売発払済込届]")
"""But for の, which Taiwan writes, too; and characters that Chinese writes otherwise."""
_CHINESE = re.compile("[沒這們點單從對與會來嗎找撈還總發歲檔註區寶雙買過就的]")
"""Characters of Chinese that a Japanese text without kana hardly has."""
_CODE = re.compile(r"(?<![a-z0-9])[a-z]-?\d{2,}(?![a-z0-9])|非(?:會員|会員|メンバー)")
"""A name such as P99, whose number counts nothing; non-members, whom the data doesn't tell."""


def _is_half_a_word(word: str, languages: frozenset[str], japanese: bool) -> bool:
    """A single character that is a word in Chinese alone, within a Japanese text: 開 of 開催."""
    return japanese and len(word) == 1 and "ja" not in languages and "\u4e00" <= word <= "\u9fff"


def _is_part_of_han(form: str, start: int, end: int) -> bool:
    """Whether a Chinese word within Thai is only a part of what was written: 花 of 花生."""
    around = form[max(0, start - 1) : start] + form[end : end + 1]
    return "\u4e00" <= form[start] <= "\u9fff" and any("\u4e00" <= c <= "\u9fff" for c in around)


_SO = re.compile(r"\d\s?(?:เดือน|สัปดาห์|อาทิตย์|วัน|ปี|บาท|ครั้ง|ชิ้น|บิล|ออเดอร์)ละ(?!\s?\d)")
"""«เกิน 6 เดือนละ»: the ละ of what is so by now, and not of so many a month."""


def _words(form: str) -> Iterator[tuple[int, tuple[str, Any]]]:
    """Every form of the vocabulary in a text, and where it ends."""
    thai = _THAI.search(form) is not None
    so = {match.end() for match in _SO.finditer(form)} if thai else set()
    for end, found in machine().iter(form):
        if end + 1 in so and found[0] != "ละ":
            continue
        if not (thai and _is_part_of_han(form, end + 1 - len(found[0]), end + 1)):
            yield end, found


def _candidates(text: Text, catalogue: Catalogue) -> Iterator[Token]:
    form = text.form
    japanese = _KANA.search(form) is not None
    chinese = not japanese and _CHINESE.search(form) is not None
    for match in _SEPARATOR.finditer(form):
        strong = any(c in _STRONG for c in match.group())
        yield Token(match.start(), match.end(), separator="." if strong else ",")
    listed = _LISTED if not _FIRST.search(form) else _FURTHER
    marks = [match.span() for match in listed.finditer(form)]
    for start, end in marks:
        yield Token(start, end, separator=".")
    for end, (word, known) in _words(form):
        start = end + 1 - len(word)
        cut = _leads_a_number(form, word, end + 1) or cuts_a_word(form, word, start)
        if at_word(form, start, end + 1) and not cut:
            own = [e for e in known if "ja" in e.languages] if japanese and len(word) == 1 else ()
            entries = own or known
            languages = frozenset().union(*(entry.languages for entry in entries))
            if _is_half_a_word(word, languages, japanese) or (chinese and languages == {"ja"}):
                continue
            yield Token(
                start, end + 1, tuple(entry.meaning for entry in entries), languages=languages
            )
    for start, end, entries in missigned(form) if _THAI.search(form) else ():
        meanings = tuple(m for entry in entries if isinstance(m := entry.meaning, Concept))
        yield Token(start, end, meanings, mistyped=True, languages=frozenset({"th"}))
    for start, end, entries in misspelt(form):
        meanings = tuple(m for entry in entries if isinstance(m := entry.meaning, Concept))
        yield Token(start, end, meanings, mistyped=True, languages=frozenset({"en"}))
    values = value_machine(Known(catalogue))
    if len(values):
        for end, (word, pairs) in values.iter(form):
            start = end + 1 - len(word)
            counted = form[end + 1 : end + 2].isdigit() and pairs[0][0] == "attribute"
            if at_word(form, start, end + 1) or (counted and at_word(form, start, start)):
                yield Token(start, end + 1, values=pairs)
    for start, end, topics in topics_in(form):
        yield Token(start, end, topics=topics)
    for end, (place, _) in place_machine().iter(form):
        start = end + 1 - len(place)
        if at_word(form, start, end + 1):
            yield Token(start, end + 1)  # a place the data may not have: one word all the same
    for match in _CODE.finditer(form):
        yield Token(match.start(), match.end())
    laughs = {match.start() for match in _LAUGHTER.finditer(form)} if _THAI.search(form) else set()
    for number in numbers(_without(form, marks)):
        if number.start in laughs:
            yield Token(number.start, number.end, (_FILL,))
            continue
        yield Token(number.start, number.end, number=number.value)
    for day in days(text):
        yield Token(day.start, day.end, day=day)
    yield from _quotes(form, text)


def _without(form: str, marks: list[tuple[int, int]]) -> str:
    """A text with spaces in place of the numbers of its list's items."""
    for start, end in marks:
        form = form[:start] + " " * (end - start) + form[end:]
    return form


_HALVES = set("過高大小新老全家")
"""Small words that are often half of a longer one, as 過 is of 過敏."""


def _is_lone(token: Token, form: str) -> bool:
    """One Han character that is a small word of its own, and may be half of a longer one."""
    return (
        token.end - token.start == 1
        and form[token.start] in _HALVES
        and bool(token.concepts)
        and all(concept.role == "fill" for concept in token.concepts)
    )


_DRAWN_OUT = re.compile(r"(.)\1*")
_SMALL = ("fill", "intent", "request", "choice", "act", "has", "live", "own")


def _is_short_thai(token: Token, form: str) -> bool:
    """A short Thai word that says little, and may be part of a longer one that is unknown."""
    size = token.end - token.start
    short = size <= 4 and bool(_THAI.match(form[token.start]))
    small = size <= 2 or all(concept.role in _SMALL for concept in token.concepts)  # สว|น
    return short and small and bool(token.concepts) and not (token.values or token.topics)


def _whole_thai(tokens: list[Token], form: str) -> list[Token]:
    """Thai words that are unknown, with what looked like words in them: ขอ|น|แก่|น is ขอนแก่น."""
    found: list[Token] = []
    for place, token in enumerate(tokens):
        before = found[-1] if found else None
        said = form[token.start : token.end]
        if before is None or before.end != token.start or not _THAI.match(said):
            found.append(token)
        elif token.rest and _DRAWN_OUT.fullmatch(form[token.start - 1 : token.end]):
            found.append(replace(token, concepts=(_FILL,)))  # มากกกก
        elif (token.rest and len(said) <= 2 and (before.rest or _is_short_thai(before, form))) or (
            before.rest and _is_short_thai(token, form) and _goes_on(tokens, place)
        ):
            found[-1] = Token(before.start, token.end)
        else:
            found.append(token)
    return found


def _goes_on(tokens: list[Token], place: int) -> bool:
    """Whether an unknown piece follows right on."""
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    return after is not None and after.rest and after.start == tokens[place].end


def _rejoined(tokens: list[Token], form: str) -> list[Token]:
    """An unknown Han character belongs to the one beside it: 敏 of 過敏 is not a word."""
    found: list[Token] = []
    for token in tokens:
        before = found[-1] if found else None
        adjacent = before is not None and before.end == token.start
        if before is not None and adjacent and _is_unknown_han(before, form):
            if _is_lone(token, form):
                found[-1] = Token(before.start, token.end)
                continue
        if before is not None and adjacent and _is_unknown_han(token, form):
            if _is_lone(before, form):
                found[-1] = Token(before.start, token.end)
                continue
        found.append(token)
    return found


def _is_unknown_han(token: Token, form: str) -> bool:
    return token.rest and token.end - token.start == 1 and "\u4e00" <= form[token.start] <= "\u9fff"


def _spelled(token: Token, form: str, catalogue: Catalogue) -> Token:
    """A mistyped word with what it must mean, or the names that it may be."""
    if token.rest and (near := near_names(form[token.start : token.end], Known(catalogue))):
        return replace(token, near=near)
    found = meant(form[token.start : token.end]) if token.rest else ()
    known = tuple(m for entry in found if isinstance(m := entry.meaning, Concept))
    return replace(token, concepts=known) if known else token


def tokenise(text: Text, catalogue: Catalogue) -> list[Token]:
    """The tokens of a text, in order."""
    candidates = merged(list(_candidates(text, catalogue)))
    path = list(with_rest(text.form, best_cover(len(text.form), candidates)))
    path = with_whole_kana(path, text.form)
    path = unquoted(_rejoined(_whole_thai(path, text.form), text.form), text.form)
    found = [_spelled(token, text.form, catalogue) for token in _one_or_other(path, text.form)]
    if catalogue.likeness is not None:
        found = list(described(found, text, catalogue))
    return [_named(token, after) for token, after in zip(found, [*found[1:], None], strict=False)]


def _one_or_other(tokens: list[Token], form: str) -> list[Token]:
    """«不是點過 LINE 就是開過 email»: one or the other, and nothing is denied or compared."""
    found = list(tokens)
    begun = -1
    for place, token in enumerate(tokens):
        said = form[token.start : token.end]
        if said == "不是" and begun < 0:
            begun = place
        elif token.separator == ".":
            begun = -1
        elif said == "就是" and begun >= 0:
            found[begun] = replace(found[begun], concepts=(_FILL,))
            found[place] = token.meant_as("or")
            begun = -1
    return found


def _named(token: Token, after: Token | None) -> Token:
    """A number that is a name, as 618 is a shopping day's, unless something is counted."""
    counted = after is not None and (after.role("unit") or after.role("compare_after"))
    if token.number is None or not token.topics or counted:
        return token
    return replace(token, number=None)


__all__ = ["Pair", "Token", "forms", "tokenise"]
