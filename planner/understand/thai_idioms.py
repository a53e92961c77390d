"""Turns of Thai in plain words: ไม่ A ก็ B is "A or B", A ก็ไม่ใช่ is "not A", ไม่มีทั้ง A และ B neither."""

import itertools
import re
from dataclasses import replace

from planner.understand.thai_closings import with_closed_exclusions
from planner.understand.thai_glosses import without_glosses
from planner.understand.tokens import Token
from planner.understand.vocabulary import concepts

_NOT = ("ไม่", "ไม่ใช่", "ไม่ได้")
_CLOSING = re.compile(
    r"(?:ยัง)?ไม่(?:ใช่|มี|เคย)(?:เลย)?(?:\s?(?:สัก|ซัก|แม้แต่)(?:อย่าง|อัน|ครั้ง|แท็ก|ตัว|ข้อ|ทาง)?(?:เดียว)?)?(?:เลย)?"
)
"""A "not" that stands after what it denies."""
_TAKES = ("เอา", "กัน", "ลบ", "ถอด", "เอาคน", "เอาคนที่")
_OUT = ("ออก", "ออกไป", "ออกก่อน", "ออกด้วย", "ออกให้หมด")
_KEPT = re.compile("เก็บ(?:ไว้)?เฉยๆ|(?:ดอง|กอด)(?:คูปอง|โค้ด)?(?:ไว้|เก็บ)?(?:เฉยๆ)?|ปล่อย(?:ให้)?หมดอายุ")
"""What is said of a coupon that was not used."""
_REACH = 9
"""Words within which such a turn is whole."""
_ITEM = ("noun", "value", "event", "buy", "field", "channel", "message", "is")
_ACTS = ("event", "buy", "field", "noun")


def in_plain_words(tokens: list[Token], form: str) -> list[Token]:
    """The tokens, with each such turn as if it were said plainly."""
    if "th" in _of(tokens):
        tokens = [_turned(tokens, n, form) for n in range(len(tokens))]
        tokens = _bought_before_them(_lacking(_kept(tokens, form), form), form)
    turns = ("not", "choice", "both", "exclude")
    if "ออก" not in form and not any(
        "th" in token.languages and any(map(token.role, turns)) for token in tokens
    ):
        return tokens
    if "th" in _of(tokens):
        tokens = with_closed_exclusions(without_glosses(tokens, form), form)
    tokens = _taken_out(tokens, form)
    tokens = _besides(_one_or_other(tokens, form), form)
    return _neither(_denied_after(tokens, form), form)


def _of(tokens: list[Token]) -> set[str]:
    return {language for token in tokens for language in token.languages}


def _turned(tokens: list[Token], place: int, form: str) -> Token:
    """«ซื้อเต็นท์แล้วแต่ยังไม่มี…»: the แล้วแต่ of what was done but…, and not of "as you like"."""
    token = tokens[place]
    if form[token.start : token.end] != "แล้วแต่" or form[token.start - 1] == " ":
        return token
    follows = tokens[place + 1 : place + 2]
    done = any(before.role("buy") for before in tokens[:place])
    return token.meant_as("but") if done and follows and follows[0].role("not") else token


def _kept(tokens: list[Token], form: str) -> list[Token]:
    """«รับคูปองแต่เก็บไว้เฉยๆ», «ดองไว้»: it was not used."""
    match = _KEPT.search(form)
    coupons = (c.data["channel"] for t in tokens if (c := t.role("channel")) and match)
    if match is None or "coupon" not in coupons:
        return tokens
    inside = [t for t in tokens if t.start >= match.start() and t.end <= match.end()]
    if not inside or inside[0].start != match.start() or inside[-1].end != match.end():
        return tokens
    use = Token(*match.span(), (concepts()["use"],), languages=frozenset({"th"}))
    place = tokens.index(inside[0])
    after = tokens[place + len(inside) :]
    again = after and (after[0].role("not") or after[0].role("and"))
    said = [use.meant_as("fill")] if again else [_not_at(match.start()), use]
    return [*tokens[:place], *said, *after]


def _lacking(tokens: list[Token], form: str) -> list[Token]:
    """«ขาดแต่ Serum ที่ยังไม่เคยลอง»: what is lacked, and the same said twice."""
    found, lacked = list(tokens), False
    for place, token in enumerate(tokens):
        if form.startswith("ขาด", token.start) and any(c.role == "is" for c in token.concepts):
            lacked = True
        elif token.separator or token.role("person"):
            lacked = False
        elif lacked and (token.role("not") or token.role("is")):
            said = itertools.takewhile(lambda t: _is_lack(t) and not t.values, tokens[place:])
            end = place + len(list(said))
            begun = place - (form[tokens[place - 1].start : tokens[place - 1].end] == "ที่")
            found[begun:end] = [t.meant_as("fill") for t in tokens[begun:end]]
            lacked = False
    return found


def _is_lack(token: Token) -> bool:
    return any(map(token.role, ("not", "is", "buy", "fill")))


def _bought_before_them(tokens: list[Token], form: str) -> list[Token]:
    """«เซรั่มที่ลูกค้าซื้อไปช่วง…»: what was bought stands before the act."""
    for place, token in enumerate(tokens[:-3]):
        named = token.topics or any(kind in ("product", "category") for kind, _ in token.values)
        that, people, act = tokens[place + 1 : place + 4]
        first = place == 0 or tokens[place - 1].separator or _is_small(tokens[place - 1])
        if not (named and first and form[that.start : that.end] == "ที่"):
            continue
        if people.role("person") and act.role("buy") and not token.role("interest"):
            buy = replace(act, start=token.start, end=token.start)
            rest = [t.meant_as("fill") for t in (that, people, act)]
            return [*tokens[:place], buy, token, *rest, *tokens[place + 4 :]]
    return tokens


def _not_at(place: int) -> Token:
    return Token(place, place, (concepts()["not"],), languages=frozenset({"th"}))


def _kinds(token: Token) -> set[object]:
    """What a word may be: the acts that it means, the kinds of values that it names."""
    acts = (c.name for c in token.concepts if c.role in _ACTS)
    values = (c.data["field"] for c in token.concepts if c.role == "value")
    return {*acts, *values, *(kind for kind, _ in token.values)}


def _one_or_other(tokens: list[Token], form: str) -> list[Token]:
    """«ไม่คลิก SMS ก็คลิกอีเมล», «ไม่ Gold ก็ Platinum»: one or the other."""
    found = list(tokens)
    for place, token in enumerate(tokens[:-1]):
        if form[token.start : token.end] not in _NOT:
            continue
        for then in range(place + 2, min(place + _REACH, len(tokens) - 1)):
            joint = tokens[then]
            if joint.separator or joint.role("not") or joint.role("exclude"):
                break
            if form[joint.start : joint.end] == "ก็":
                if _kinds(tokens[place + 1]) & _kinds(tokens[then + 1]):
                    found[place], found[then] = token.meant_as("fill"), joint.meant_as("or")
                break
    return found


def _taken_out(tokens: list[Token], form: str) -> list[Token]:
    """«เอาคนที่คืนของออก», «ลบคนไทเปออก»: who is taken out, and not who is taken."""
    found, begun = list(tokens), -1
    for place, token in enumerate(tokens):
        said, after = form[token.start : token.end], tokens[place + 1 : place + 2]
        if said in _TAKES and after and (after[0].role("person") or after[0].values):
            begun = place
        elif token.separator or token.role("exclude"):
            begun = -1
        elif said in _OUT and begun >= 0 and not form.startswith("มา", token.end):
            rest = [*tokens[:begun], *tokens[place + 1 :]]
            alone = bool(tokens[begun + 1].values) and all(map(_is_small, rest))
            found[begun] = tokens[begun].meant_as("remove" if alone else "exclude")
            begun = -1
    return found


def _besides(tokens: list[Token], form: str) -> list[Token]:
    """«นอกจากไทเปแล้ว ขอเกาสงด้วย», «นอกจากซื้อ Coffee แล้วยังซื้อ Skincare ด้วย»: the one as well."""
    found = list(tokens)
    said = [form[token.start : token.end] for token in tokens]
    for place, word in enumerate(said):
        then = next((i for i in range(place, len(said)) if said[i] in ("แล้ว", "แล้วยัง")), 0)
        if word != "นอกจาก" or not then or "ด้วย" not in said[then:]:
            continue
        held = said[then] == "แล้วยัง" or "ยัง" in said[then : then + 2]
        found[place] = tokens[place].meant_as("fill")
        found[then] = tokens[then].meant_as("and" if held else "or")
    return found


def _denied_after(tokens: list[Token], form: str) -> list[Token]:
    """«Gold ก็ไม่ใช่ Platinum ก็ไม่ใช่», «ทั้งเปิดทั้งคลิก ไม่มีเลยสักอย่าง»: the "not" in front."""
    found = list[Token]()
    end = 0
    for place, token in enumerate(tokens):
        if token.start < end:
            found.append(token.meant_as("fill"))
            continue
        denies = token.role("not") or token.role("choice")
        said = _CLOSING.match(form, token.start) if denies else None
        start = _denied_from(found, form) if said else -1
        if said is None or start < 0 or not _closes(tokens[place:], said.end(), found, form):
            found.append(token)
            continue
        end = said.end()
        found.insert(start, _not_at(found[start].start))
        found.append(token.meant_as("fill"))
    return found


def _closes(tokens: list[Token], end: int, before: list[Token], form: str) -> bool:
    """Whether nothing that it could deny follows."""
    last = before[-1]
    if form[last.start : last.end] == "ก็" and form[tokens[0].start : end] != "ไม่เคย":
        return True
    after = next((t for t in tokens if t.start >= end and not _is_small(t)), None)
    if form[last.start : last.end] in ("ที่", "ซึ่ง"):
        return False  # เชียงใหม่ ที่ไม่ใช่ Silver
    if after is None or after.separator or after.role("and") or after.role("or"):
        return True
    named = after.values or after.topics or after.rest or any(map(after.role, ("noun", "value")))
    named = named or "ใช่" in form[tokens[0].start : end]
    return form[end : end + 1] == " " and not named


def _is_small(token: Token) -> bool:
    small = ("fill", "choice", "also")
    return bool(token.concepts) and all(c.role in small for c in token.concepts)


def _denied_from(before: list[Token], form: str) -> int:
    """Where what was named right before begins; -1 if nothing was."""
    place, first = len(before) - 1, -1
    while place >= 0:
        token = before[place]
        turned = any(c.name == "but" for c in token.concepts)
        if token.separator or token.extra or turned or any(map(token.role, ("person", "not"))):
            break
        if token.role("both") or (first >= 0 and token.role("and") and not token.role("fill")):
            first = place
        elif token.values or any(map(token.role, _ITEM)) or token.topics:
            if first >= 0 and _is_whole(before[first]) and not _leads(token, before[first], form):
                break
            first = place
        elif not _is_small(token) or (first >= 0 and form[token.start : token.end] != "ของ"):
            break
        place -= 1
    denied = place >= 0 and before[place].role("not") is not None
    return -1 if denied else first  # ไม่ใช่ VIP ก็ไม่ใช่ KOL


def _leads(token: Token, after: Token, form: str) -> bool:
    """Whether a word leads to what stands right after it: คลิกอีเมล."""
    led = any(map(token.role, ("noun", "event", "buy", "channel")))
    return led and not form[token.end : after.start].strip()


def _is_whole(token: Token) -> bool:
    """Whether the item that begins there needs no more in front: แท็ก VIP."""
    return any(map(token.role, ("event", "buy"))) or (bool(token.role("noun")) and not token.values)


def _neither(tokens: list[Token], form: str) -> list[Token]:
    """«ไม่มีทั้งแท็ก VIP และแท็ก KOL»: not the one, and not the other."""
    found = list[Token]()
    kinds, denied, noun = set[object](), False, ""
    for place, token in enumerate(tokens):
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        if token.separator or token.role("person") or token.role("exclude"):
            kinds, denied = set(), False
        if token.role("both") and after is not None and "th" in token.languages:
            first = not kinds
            kinds = kinds or _kinds(after) or ({"channel"} if after.role("channel") else set())
            denied = denied or _is_denied(tokens[:place], token, form)
            noun = noun or (form[after.start : after.end] if after.role("noun") else "")
            if denied:
                small = token.meant_as("fill" if first else "and")
                of_channels = first or after.role("channel")
                found += [small] if of_channels else [small, _not_at(after.start)]
                continue
        elif kinds and token.role("and") and after is not None:
            if not (_kinds(after) & kinds or (after.values and noun)):
                kinds, denied = set(), False
            elif denied:
                found += [token, _not_at(after.start)]
                continue
        elif kinds and form[token.start : token.end] == noun and _follows_and(found):
            if any(map(_excludes, tokens[:place])):
                continue  # ยกเว้นคนที่มีทั้งแท็ก VIP และแท็ก KOL
        found.append(token)
    return found


def _is_denied(before: list[Token], both: Token, form: str) -> bool:
    """Whether a "not" stands right before, or before the act: ไม่มีทั้ง, ไม่เคยซื้อทั้ง."""
    if any(map(_excludes, before)):
        return False
    after = both
    for token in before[:-4:-1]:
        spaced = form[token.end : after.start] == " "
        if token.role("not") or any(c.name == "never_bought" for c in token.concepts):
            return not spaced
        act = any(map(token.role, _ACTS)) or token.role("fill")
        if spaced or token.values or token.extra or token.role("and") or not act:
            return False
        after = token
    return False


def _follows_and(before: list[Token]) -> bool:
    return bool(before) and before[-1].role("and") is not None


def _excludes(token: Token) -> bool:
    return token.role("exclude") is not None
