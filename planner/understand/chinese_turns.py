"""Turns of Chinese in plain words: A 和 B 都沒有 is "neither", 去年雙11(2025/11/11) that day."""

import re
from collections.abc import Iterator
from dataclasses import replace

from planner.understand.tokens import Token
from planner.understand.vocabulary import concepts

_DAY = (
    "(?:(?:去年|今年|前年|上次|這次|[0-9]{4}年?)的?)?(?:雙(?:十[一二]?|1[0-2])|黑五|黑色星期五|網路星期一|聖誕節?|耶誕節?|"
    "(?:白色)?情人節|母親節|父親節|婦女節|兒童節|中秋節?|端午節?|七夕|萬聖節|跨年夜?|元旦|春節|除夕|過年|國慶日?|雙十節|"
    "清明節?|勞動節|教師節|週年慶|周年慶|會員日|開幕|618|年中慶)(?:購物節|活動|檔期)?(?:的?(?:當天|當日|那天|那日|這天))?"
)
_DATE = r"(?:[0-9]{4}[/.年-])?[0-9]{1,2}[/.月-][0-9]{1,2}[日號]?"
_NAMED_DAYS = (re.compile(rf"({_DAY})\({_DATE}\)"), re.compile(rf"(?<=[0-9日號])\(({_DAY})\)"))
"""A day that is called by its name beside its date."""
_NONE = re.compile(
    "(?:(?:都?還|都|也)?(?:沒有?|未)被?(?:貼|掛|標|打)(?:上|到|過)?的?|"
    "(?:[這那]?[兩二三四23][個者種張項樣]|[這那]些)?(?:標籤|標|tag)?(?:[都皆全也]|通通|統統){1,2}"
    "(?:沒有?|未|無)(?:被|有)?(?:貼上?|掛上?|標|打)?(?:到|過)?的?)"
    "(?:人|客人|顧客|客戶|會員|用戶|好友|朋友|那些人?|那群人?)?(?=$|[,.;!?。、])"
)
"""What denies all the tags that were listed before it."""
_JOINS = ("和", "跟", "與", "及", "、", ",", "以及", "還有", "或", "或是")


def in_plain_chinese(tokens: list[Token], form: str) -> list[Token]:
    """The tokens, with each such turn as if it were said plainly."""
    tokens = [_put_in_place(token, place, tokens, form) for place, token in enumerate(tokens)]
    tokens = list(_unused(tokens, form))
    for shape in _NAMED_DAYS:
        for match in shape.finditer(form):
            tokens = list(_passed_over(tokens, *match.span(1)))
    for match in _NONE.finditer(form):
        tokens = _none_of(tokens, form, *match.span())
    return tokens


def _put_in_place(token: Token, place: int, tokens: list[Token], form: str) -> Token:
    """«換男生», «還是男生好了»: something else instead, and no coupon redeemed, no alternative."""
    said = form[token.start : token.end]
    if said not in ("換", "還是") or not token.role("change"):
        return token
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    told = after is not None and (bool(after.values) or after.role("value") is not None)
    campaign = after is not None and any(kind == "campaign" for kind, _ in after.values)
    begins = not any(map(_tells, tokens[:place]))
    if not told or campaign or "券" in form or not begins:
        return token
    return token.meant_as("change")


def _unused(tokens: list[Token], form: str) -> Iterator[Token]:
    """«拿券不用的», «券都不用的»: not used, where after 的 or people it would leave them out."""
    coupon, acted = False, False
    for token in tokens:
        said = form[token.start : token.end]
        acted = acted or token.role("event") is not None
        told = acted or form[token.end : token.end + 1] in ("的", "人")
        if coupon and told and said == "不用" and token.role("exclude"):
            middle = token.start + 1
            yield replace(token, end=middle, concepts=(concepts()["not"],))
            yield replace(token, start=middle, concepts=(concepts()["use"],))
        else:
            yield token
        coupon = (
            token.role("coupon") is not None
            or said.endswith("券")
            or (coupon and said in ("都", "就", "也", "又", "但", "卻", "從來", "一直"))
        )


def _tells(token: Token) -> bool:
    named = token.role("noun") or token.role("field")
    return not (token.separator or token.role("fill") or token.role("choice") or named)


def _passed_over(tokens: list[Token], start: int, end: int) -> Iterator[Token]:
    """The tokens, with one small word in place of those that lie between two places."""
    within = [t for t in tokens if start <= t.start and t.end <= end]
    for token in tokens:
        if token not in within:
            yield token
        elif token is within[0]:
            yield Token(start, end, (concepts()["fill"],), languages=frozenset({"zh-Hant"}))


def _none_of(tokens: list[Token], form: str, start: int, end: int) -> list[Token]:
    """«Complaint 和 Refund Request 兩個標籤都沒有的»: not the one, and not the other."""
    before = [place for place, token in enumerate(tokens) if token.end <= start]
    first = len(before)
    while first and _is_listed(tokens[first - 1], form):
        first -= 1
    while first < len(before) and not tokens[first].values:
        first += 1
    listed = tokens[first : len(before)]
    if not listed or any(t.start < end < t.end or t.start < start < t.end for t in tokens):
        return tokens
    if any(t.role("not") or t.role("exclude") for t in tokens[max(0, first - 2) : first]):
        return tokens
    plain = list[Token]()
    for token in listed:
        denial = (concepts()["not"],)
        if token.values:
            place = token.start
            plain.append(Token(place, place, denial, languages=frozenset({"zh-Hant"})))
        plain.append(token)
    after = list(_passed_over(tokens[len(before) :], start, end))
    return [*tokens[:first], *plain, *after]


def _is_listed(token: Token, form: str) -> bool:
    """Whether it is one of the tags of a list, or what joins two."""
    tag = any(kind == "tag" for kind, _ in token.values)
    said = form[token.start : token.end]
    return tag or said in _JOINS or (token.role("noun") is not None and not token.values)
