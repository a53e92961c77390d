"""Whom a Thai "not those" leaves out that stands behind them: คนกรุงเทพไม่เอานะ ขอ…, ถ้าติด A ไม่เอา.

What follows it is asked for: a comma is set there, as a space alone would lead on to whom it means.
"""

from planner.understand.tokens import Token
from planner.understand.vocabulary import concepts

_CLOSERS = (
    "ไม่เอา", "ไม่รวม", "ไม่นับ", "ไม่ต้อง", "ไม่ต้องเอา", "ไม่ต้องรวม", "ไม่ต้องนับ", "ตัด",
    "ตัดออก", "ตัดทิ้ง", "ให้ตัดออก", "ให้ตัด", "เอาออก", "คัดออก", "ให้คัดออก", "คัดทิ้ง",
    "กรองออก", "กันออก", "หักออก", "ขอตัด", "ขอไม่เอา", "ตัดออกทั้งหมด", "ตัดออกให้หมด",
    "ให้ตัดออกทั้งหมด", "แต่ไม่เอา", "ออกไปเลย", "ไม่ต้องเอามา", "ไม่ต้องดึงมา", "ไม่ต้องดึง",
    "ไม่ต้องส่งหา", "ไม่ต้องส่งไป", "ไม่ต้องทักไป", "ไม่ต้องทักหา", "ไม่ต้องชวน", "ไม่ต้องชวนมา",
)  # fmt: skip
"""Words that leave out those before them as well as those after them."""
_PARTICLES = (
    "นะ", "น่ะ", "น้า", "นะคะ", "นะครับ", "ค่ะ", "คะ", "ครับ", "คับ", "จ้า", "จ้ะ", "ฮะ", "อะ", "อ่ะ",
    "แล้ว", "ละ", "เลย", "ไป", "ออก", "ออกไป", "ก่อน", "ด้วย", "ให้หมด", "ทั้งหมด", "หมด", "งับ", "จ้าา",
    "แล้วกัน", "ละกัน", "ดีกว่า", "ก่อนนะ", "เลยนะ", "แหละ", "เนอะ", "หน่อย", "ให้", "ที", "ได้เลย",
)  # fmt: skip
_ASKS = (
    "ขอ",
    "เอา",
    "อยาก",
    "หา",
    "ดึง",
    "เฉพาะ",
    "ต้องการ",
    "ช่วย",
    "แต่",
    "แล้ว",
    "ส่วน",
    "และ",
    "จาก",
)
"""How what is asked for begins behind it."""
_IF = ("ถ้า", "หาก", "ที่", "แต่ถ้า", "ซึ่ง")
"""How those who are left out begin behind a space."""
_FROM = "จาก"
_MOST_AS_WELL = 9


def with_closed_exclusions(tokens: list[Token], form: str) -> list[Token]:
    """The tokens, with a comma around whom such a word leaves out."""
    found, begun = list[Token](), 0
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = _closing(tokens, at, form) if _said_before(found[begun:]) else 0
        if not end:
            found.append(token)
            at += 1
            begun = len(found) if token.separator else begun
            continue
        _part(found, begun, form)
        found += [token.meant_as("exclude"), *tokens[at + 1 : end]]
        if end < len(tokens) and not tokens[end].separator:
            found.append(_comma(found[-1].end))
        at, begun = end, len(found)
        if more := _as_well(tokens, at, form):
            named = next(n for n in range(at, more) if tokens[n].values)
            joint = (t for t in tokens[at:named] if t.role("and") or t.role("fill"))
            found += [t.meant_as("fill") for t in joint]
            found += [_exclude_at(tokens[named].start), *tokens[named:more]]
            at = more
    return found


def _as_well(tokens: list[Token], at: int, form: str) -> int:
    """Up to which token a value is said to be left out as well: «แล้วก็ KOL ด้วย»; else 0."""
    rest = tokens[at : at + _MOST_AS_WELL]
    end = next((n for n, t in enumerate(rest) if t.separator), len(rest))
    said = [form[t.start : t.end] for t in rest[:end]]
    small = ("and", "fill", "also", "noun", "add")
    named = any(t.values for t in rest[:end])
    only = all(t.values or any(map(t.role, small)) for t in rest[:end])
    asked = any(t.requests for t in rest[:end])
    also = any(word in ("ด้วย", "ก็ด้วย", "เหมือนกัน", "ก็เช่นกัน", "เช่นกัน") for word in said)
    return (at + end) * (named and only and also and not asked and len(rest) < _MOST_AS_WELL)


def _exclude_at(place: int) -> Token:
    return Token(place, place, (concepts()["exclude"],), languages=frozenset({"th"}))


def _said_before(tokens: list[Token]) -> bool:
    """Whether someone is told there whom it may leave out."""
    acts = ("buy", "event", "field", "is", "vague", "value", "reach")
    return any(t.values or t.topics or t.extra or any(map(t.role, acts)) for t in tokens)


def _closing(tokens: list[Token], at: int, form: str) -> int:
    """Up to which token such a word and its particles reach; 0 if it is none."""
    said = form[tokens[at].start : tokens[at].end]
    if said not in _CLOSERS or not (tokens[at].role("exclude") or said == "ไม่ต้อง"):
        return 0
    end = at + 1
    while end < len(tokens) and form[tokens[end].start : tokens[end].end] in _PARTICLES:
        if form[tokens[end].start - 1] == " ":
            break
        end += 1
    if end == len(tokens) or tokens[end].separator:
        return end
    follows = tokens[end]
    asks = form.startswith(_ASKS, follows.start)
    if form[tokens[end - 1].end] != " ":
        if _as_well(tokens, end, form):
            return end  # VIP ไม่เอา KOL ก็ด้วย
        out_of = said.endswith(("ออก", "ทิ้ง")) or end > at + 1
        return end * (out_of and form.startswith(_FROM, follows.start))
    if end > at + 1 or asks or follows.requests:
        return end
    tight = form[tokens[at].start - 1] != " "
    whom = follows.role("person") is not None and not any(t.requests for t in tokens[:at])
    return end * (tight and (whom or follows.rest))


def _comma(place: int) -> Token:
    return Token(place, place, separator=",", languages=frozenset({"th"}))


def _part(found: list[Token], begun: int, form: str) -> None:
    """Set a comma before those who are left out, if a word says where they begin."""
    for place in range(len(found) - 1, begun, -1):
        start, said = found[place].start, form[found[place].start : found[place].end]
        before = found[place - 1]
        if before.role("and") and not before.role("fill"):
            return
        apart = form[start - 1] == " " or form[start - 1].isascii()
        if said in _IF and (apart or "ถ้า" in said or said == "หาก"):
            found.insert(place, _comma(start))
            return
        if found[place].role("person") and said != "กลุ่ม":
            return
