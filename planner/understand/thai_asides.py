"""Why the list is wanted and what is done with it, as Thai says it: เจ้านายถามว่า, จะโทรไปเตือน.

Thai sets a space or a polite word where others set a comma. A stretch of words that begins as such
a remark does, holds a word that is unknown, and tells no condition is passed over whole.
"""

import itertools
from collections.abc import Iterator
from functools import partial

from planner.understand.shapes import shape
from planner.understand.tokens import Token
from planner.understand.vocabulary import concepts

_shape = partial(shape, "th")
_DASHES = (":", "-", "\u2013", "\u2014", ">", "\u2192", "=")
_TELLS = (
    "vague", "value", "interest", "exclude", "note", "is", "birthday", "not", "scope", "restart",
    "flip", "undo", "change", "add", "condition_noun", "ordinal", "any_time",
)  # fmt: skip
"""Roles of words that say something of those who are meant, or of the plan."""
_ACTS = ("field", "event", "buy")
_DONE = ("event", "buy", "is", "vague", "reach", "also")
_ASKS = (*_TELLS, *_ACTS, "person", "reach")
_BEYOND = ("oos_weather", "oos_other", "oos_rhythm")
"""What we may remark on before we ask: ฝนตก, ยอดตก."""


def without_thai_asides(
    tokens: list[Token], form: str
) -> tuple[list[Token], list[tuple[int, int]]]:
    """The tokens with one small word in place of each remark, and where the remarks are.

    Who asks is passed over as well, and is none of those.
    """
    found, places = list[Token](), list[tuple[int, int]]()
    stretches = list(_stretches(tokens, form))
    for place, stretch in enumerate(stretches):
        begins = not any(map(_asks, found))
        follows = stretches[place + 1] if begins and place + 1 < len(stretches) else []
        words = list(itertools.takewhile(lambda t: not t.separator, stretch))
        asked = _asker(words, form) if begins and words else 0
        begin, end = (0, asked) if asked else _remark(words, stretch, follows, form)
        found += stretch[:begin]
        if end > begin:
            start, after = stretch[begin].start, stretch[end - 1].end
            small = (concepts()["fill"],)
            found.append(Token(start, after, small, languages=frozenset({"th"})))
            places += [] if asked else [(start, after)]
        found += stretch[end:]
    return (found, places) if any(map(_asks, found)) else (tokens, [])


def _asks(token: Token) -> bool:
    return bool(token.extra or token.values or token.topics or any(map(token.role, _ASKS)))


def _tells(token: Token) -> bool:
    """Whether it tells a condition, by itself or with an act."""
    said = token.values or token.quote or token.number is not None or token.extra
    return bool(said) or any(map(token.role, (*_TELLS, "recent"))) or token.requests


def _is_unknown(token: Token) -> bool:
    return token.rest or token.role("part") is not None


def _stretches(tokens: list[Token], form: str) -> Iterator[list[Token]]:
    """What stands between separators, spaces and polite words, with the separator after it."""
    stretch = list[Token]()
    for token in tokens:
        if stretch and not token.separator:
            before = stretch[-1]
            polite = _shape("polite").fullmatch(form, before.start, before.end)
            latin = form[before.end - 1].isascii() and form[token.start].isascii()
            spaced = form[before.end : token.start] == " " and not latin
            if before.separator or polite or spaced:
                yield stretch
                stretch = []
        stretch.append(token)
    yield stretch


def _remark(
    words: list[Token], stretch: list[Token], follows: list[Token], form: str
) -> tuple[int, int]:
    """From which word up to which a stretch is a remark; twice the same if it holds none."""
    if words and _is_sure(words, form):
        return 0, len(words)
    for place in range(len(words)):
        if not _opens(words, place, form):
            continue
        to = next((i for i, w in enumerate(words) if i > place and w.role("person")), len(words))
        for end in (len(words), to):
            if _is_idle(words[place:end]):
                return (0 if _is_ours(words[:place], form) else place), end
    mark = form[words[-1].end : stretch[-1].end].strip() if words else ""
    return 0, len(words) * bool(words and follows and _leads_in(words, mark, follows, form))


def _place(token: Token) -> tuple[int, int]:
    return token.start, token.end


def _is_sure(words: list[Token], form: str) -> bool:
    """Whether a stretch is of our plans, or says again who they are, by how it is built."""
    end = words[-1].start if _shape("polite").fullmatch(form, *_place(words[-1])) else words[-1].end
    if _shape("stock").fullmatch(form, words[0].start, end):
        return True
    if any(_tells(w) and form[w.start - 3 : w.end] != "ให้แฟน" for w in words):
        return False
    start, people = words[0].start, any(word.role("person") for word in words[1:])
    if _shape("next").match(form, start):
        return not people and "จะ" in form[start : words[-1].end]
    glossed = _shape("gloss").match(form, start) is not None
    ends = glossed and _shape("gloss_end").search(form[start : words[-1].end]) is not None
    return ends and any(map(_is_unknown, words))


def _leads_in(words: list[Token], mark: str, follows: list[Token], form: str) -> bool:
    """«งานเลี้ยงปลายปี …», «โปรเจกต์ดันเทียร์ — …», «ยอดตกมากค่ะ …»: said before what is asked."""
    said = [word for word in words if not word.role("interest")]
    if _shape("heading").match(form, words[0].start) and _is_idle(said):
        return True
    if any(word.role("person") and not word.role("fill") for word in words):
        return False
    acts = any(any(map(word.role, _ACTS)) and not word.role("fill") for word in words)
    timed = ("span", "next_days")
    bare = [w for w in words if acts or not (w.role("recent") or any(t in w.extra for t in timed))]
    beyond = [w for w in bare if not _is_beyond(w)]
    remarks = _is_idle(bare) or (len(beyond) < len(bare) and not any(map(_tells, beyond)))
    polite = _shape("polite").fullmatch(form, words[-1].start, words[-1].end)
    asked = follows[0].requests or _shape("opens").match(form, follows[0].start)
    if polite and words[-2:-1] and _dangles(words[:-1]):
        return True
    return remarks and bool(polite or mark in _DASHES or (asked and not mark))


def _is_beyond(token: Token) -> bool:
    return any(concept.name in _BEYOND for concept in token.concepts)


def _dangles(words: list[Token]) -> bool:
    """«ยอดเดือนนี้ไม่ค่อยดีเลยค่ะ»: how things are, as nothing is named that is not so."""
    small = ("fill", "choice", "degree", "also")
    told = [word for word in words if not any(map(word.role, small))]
    named = any(w.values or w.quote or "quantity" in w.extra for w in words)
    return bool(told) and told[-1].role("not") is not None and not named


def _is_idle(words: list[Token]) -> bool:
    """Whether a word is unknown, and none tells a condition."""
    told = (w for n, w in enumerate(words) if not (_tells_no_wish(words, n) or not _tells(w)))
    return any(map(_is_unknown, words)) and next(told, None) is None


def _tells_no_wish(words: list[Token], place: int) -> bool:
    """«จะตามไปขอฟีดแบ็ก»: what is asked for is something unknown, once others are found."""
    asked = place > 1 and words[place].requests and place + 1 < len(words)
    told = any(map(words[place].role, _TELLS))
    return asked and not told and _is_unknown(words[place + 1])


def _asker(words: list[Token], form: str) -> int:
    """How many words say who asks, or how that feels: เจ้านายอยากรู้ว่า, ปวดหัวกับ."""
    start = words[0].start
    small = ("fill", "and", "mention", "degree")
    led = list(itertools.takewhile(lambda t: t.rest or any(map(t.role, small)), words))
    led = list(itertools.takewhile(lambda t: not (t.extra or t.values or t.requests), led))
    if _shape("feeling").match(form, start) and any(word.rest for word in led):
        return len(led)
    if not _shape("asker").match(form, start):
        return 0
    if said := _shape("report").match(form, start):
        return sum(word.end <= said.end() for word in words)
    asks = len(led) < len(words) and words[len(led)].requests
    return len(led) * (asks and any(word.rest for word in led))


def _is_ours(words: list[Token], form: str) -> bool:
    """Whether nothing stands before but one of us, or our things: ทีมขายจะ…, ของใหม่เข้าแล้วจะ…."""
    if not words:
        return False
    ours = all(word.rest or word.role("fill") for word in words)
    goods = all(w.rest or w.topics or w.role("fill") or w.role("noun") for w in words)
    start = words[0].start
    asked = ours and _shape("asker").match(form, start) is not None
    return asked or (goods and _shape("goods").match(form, start) is not None)


def _opens(words: list[Token], place: int, form: str) -> bool:
    """Whether a word begins to say what we do: not in "who will …", nor "is not going to …"."""
    word = words[place]
    said = form[word.start : word.end]
    if place == 0 and word.rest and _shape("asker").match(said) and "จะ" in said:
        return True
    if not (_shape("opens").fullmatch(said) or (word.rest and "จะ" in said and place)):
        return False
    before = words[place - 1] if place else None
    if before is None or _is_ours(words[:place], form):
        return True
    if place == 1 and form[before.start : before.end] in ("ว่า", "กะ", "เลย", "พอดี", "ก็"):
        return True  # ว่าจะตามไปขอฟีดแบ็ก
    if said == "ไว้":
        return False  # กดคูปองไว้แต่…
    done = before.extra or before.values or before.quote or any(map(before.role, _DONE))
    return bool(done) and not word.rest
