"""Words in quotation marks: names and keywords, but not what is only set off by them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from planner.understand.pieces import Token
from planner.understand.vocabulary import Concept, forms

QUOTE = re.compile(
    r"(?:(?P<double>\")|(?P<single>(?<![a-z0-9])')|[「『“])(?P<text>[^\"'「」『』“”]{1,60})"
    r"(?(double)\"|(?(single)'(?![a-z0-9])|[」』”]))"
)
"""The apostrophe of "don't" opens none."""
_SAYS = frozenset({"event", "birthday", "noun", "field", "buy", "reach"})
_NOTED = frozenset({"note"})
_ORDERED = re.compile(
    "(?:だけ|のみ|で)?(?:と|って|との|という|といった)(?:ご)?"
    "(?:指定|指示|依頼|要望|希望|注文|条件|オーダー|リクエスト|相談|言わ|言って|頼ま|お願い)"
)
"""What follows the words of those who ordered the list: 「東京の女性だけ」と指定が来てます."""
_LONGEST = 12
"""Characters of a word of the vocabulary that is looked for in quotation marks."""


def _roles(text: str) -> Iterator[frozenset[str]]:
    """The roles of the words that a text is made of, longest first; an empty set for no word."""
    place = 0
    while place < len(text):
        if text[place].isspace() or text[place].isascii():
            place += 1
            continue
        for size in range(min(_LONGEST, len(text) - place), 0, -1):
            if found := forms().get(text[place : place + size]):
                yield frozenset(getattr(entry.meaning, "role", "") for entry in found)
                place += size
                break
        else:
            yield frozenset()
            place += 1


def set_off(form: str, start: int, end: int) -> bool:
    """Whether corner brackets only set off what is said: 「12 月生日」與「有 VIP 標籤」.

    A keyword of notes is one whatever it means.
    """
    if form[start] not in "「『":
        return False
    if _ORDERED.match(form, end):
        return not any(_NOTED & roles for roles in _roles(form[:start]))
    inside = list(_roles(form[start + 1 : end - 1]))
    if len(inside) == 1 and form[end : end + 1] == "も":
        return False  # 「交換」も入れて: one word more
    says = all(inside) and any(_SAYS & roles for roles in inside)
    says = says or (all(inside) and len(inside) > 1 and any("value" in roles for roles in inside))
    return says and not any(_NOTED & roles for roles in _roles(form[:start]))


_WHOLE = ("vague", "is", "value")
"""The roles of words that tell a field and its value at once."""


def unquoted(tokens: list[Token], form: str) -> list[Token]:
    """«「買いそう」な人»: a known word in quotation marks, unless notes are searched."""
    if any(token.role("note") for token in tokens):
        return tokens
    found: list[Token] = []
    for token in tokens:
        entries = forms().get(form[token.start + 1 : token.end - 1], ()) if token.quote else ()
        said = tuple(entry.meaning for entry in entries if isinstance(entry.meaning, Concept))
        words = any(concept.role in ("vague", "is") for concept in said)
        if token.quote and not words and (whole := _with_noun(found, token, form)):
            found = [each for each in found if each.start < whole.start]
            found.append(whole)
            continue
        found.append(replace(token, quote="", concepts=said) if words else token)
    return found


def _with_noun(before: list[Token], token: Token, form: str) -> Token | None:
    """«性別は「その他」», «購入確率は「中」»: what a known word is set off from its noun in."""
    for noun in (before[-2:], before[-1:]):
        start = noun[0].start if noun else token.start
        said = form[start : token.start] + form[token.start + 1 : token.end - 1]
        meanings = (entry.meaning for entry in forms().get(said, ()))
        known = tuple(c for c in meanings if isinstance(c, Concept) and c.role in _WHOLE)
        if known:
            return Token(start, token.end, known)
    return None
