"""Why the list is wanted: 在庫が余っているので, "need to order the boxes by Friday".

Such a clause holds a word that is unknown and tells no condition: it is passed over whole, and
named as passed over. In Japanese it ends in a way of its own; planner.understand.remarks tells it
in the other languages. What names people, or asks for them, is never passed over.
"""

import itertools
import re
from collections.abc import Iterator

from planner.understand.chinese_asides import aim
from planner.understand.chinese_turns import in_plain_chinese
from planner.understand.english_asides import before_the_people
from planner.understand.japanese_asides import NAMED, TELLS, japanese_parts
from planner.understand.no_matter import without_what_does_not_matter
from planner.understand.remarks import is_remark
from planner.understand.shapes import shape
from planner.understand.thai_asides import without_thai_asides
from planner.understand.thai_idioms import in_plain_words
from planner.understand.tokens import Token
from planner.understand.vocabulary import concepts

_COUNTED = re.compile("(?<![a-z0-9])[0-9]+(?![0-9月日時年周]|/)")
_MOST_TOKENS = 40
"""Tokens that a remark may have."""
_KANA = re.compile("[\u3041-\u3096]")
_MOST_BRACKETS = 8
_BRACKETS = re.compile(r"\([^()]{2,60}\)")


def without_asides(
    tokens: list[Token], form: str, language: str
) -> tuple[list[Token], list[tuple[int, int]]]:
    """The tokens with one small word in place of each such clause, and where those clauses are.

    What doesn't matter is left out as well.
    """
    tokens, places = _without_brackets(without_what_does_not_matter(tokens), form, language)
    if language == "th":
        tokens, more = without_thai_asides(in_plain_words(tokens, form), form)
        places += more
    if language == "zh-Hant":
        tokens = in_plain_chinese(tokens, form)
    clauses = list(_clauses(tokens))
    if not any(_asks(clause) for clause, _ in clauses):
        return tokens, places  # all of it is unknown, and is named
    found = list[Token]()
    for clause, strong in clauses:
        for part, aside in _parts(clause, form, language, whole=strong):
            found += _passed_over(part, form) if aside else part
            words = [token for token in part if not token.separator]
            begins = language in ("th", "zh-Hant") or (
                bool(words) and (words[0] is clause[0] or _in_brackets(words[0], form))
            )
            if aside and words and begins and not found[-1 if words[-1] is part[-1] else -2].rest:
                places.append(_place(words, form))
    return found, sorted(places)


def _without_brackets(
    tokens: list[Token], form: str, language: str
) -> tuple[list[Token], list[tuple[int, int]]]:
    """The tokens, with one small word in place of those in brackets that say what it is for.

    Besides, the places of remarks in brackets.
    """
    places = list[tuple[int, int]]()
    for match in itertools.islice(_BRACKETS.finditer(form), _MOST_BRACKETS):
        inner = [t for t in tokens if match.start() <= t.start and t.end < match.end()]
        said = [t for t in inner if not t.separator]
        purpose = shape("ja", "brackets").fullmatch(match[0]) and not any(map(_is_told, inner))
        remark = language == "en" and bool(said) and is_remark(said, form, language, whole=False)
        if inner and (purpose or remark):
            start = tokens.index(inner[0])
            tokens = [*tokens[:start], *_passed_over(inner, form), *tokens[start + len(inner) :]]
            places += [_place(said, form)] if remark else []
    return tokens, places


def _place(words: list[Token], form: str) -> tuple[int, int]:
    """Where words stand, without the bracket before them."""
    return words[0].start + form.startswith("(", words[0].start), words[-1].end


def _is_told(token: Token) -> bool:
    said = token.quote or token.values or token.extra or token.separator
    return bool(said) or any(map(token.role, TELLS))


def _parts(
    clause: list[Token], form: str, language: str, *, whole: bool
) -> Iterator[tuple[list[Token], bool]]:
    """A clause by what is asked and what is an aside."""
    if _KANA.search(form):
        yield from japanese_parts(clause, form, whole=whole)
        return
    if language == "zh-Hant" and not _remark(clause, 0, form, language, whole=whole):
        start = aim(clause, form)
        yield clause[:start], False
        yield clause[start:], True
        return
    if language == "en" and (start := before_the_people(clause, form)):
        yield clause[:start], True
        clause = clause[start:]
    start = 0
    while start < len(clause):
        end = _remark(clause, start, form, language, whole=whole)
        yield clause[start : max(end, start + 1)], end > start
        start = max(end, start + 1)


def _remark(clause: list[Token], start: int, form: str, language: str, *, whole: bool) -> int:
    """Where a remark ends that begins at a token; the token's own place if none does."""
    ahead = range(start + 1, min(len(clause), start + _MOST_TOKENS))
    ends = [len(clause)] if len(clause) - start <= _MOST_TOKENS else []
    if language == "th":  # which parts clauses by spaces alone
        if start and not _spaced(clause[start], form):
            return start
        ends += [place for place in reversed(ahead) if _spaced(clause[place], form)]
    elif start and not _in_brackets(clause[start], form):
        return start
    for end in ends:
        said = [token for token in clause[start:end] if not token.separator]
        alone = (whole or start > 0) and (not start or language != "th") and end == len(clause)
        if said and is_remark(said, form, language, whole=alone):
            return end
    return start


def _in_brackets(token: Token, form: str) -> bool:
    """Whether brackets are opened there, and closed by the end: "… (paper mail it is then)"."""
    opens = "(" in form[max(0, token.start - 1) : token.start + 1]
    return opens and re.match(r"[^()]*\)\W*$", form[token.start + 1 :]) is not None


def _spaced(token: Token, form: str) -> bool:
    return form[token.start - 1 : token.start] == " "


def _clauses(tokens: list[Token]) -> Iterator[tuple[list[Token], bool]]:
    """Each clause with the separator after it, and whether a sentence ends there."""
    begun = True
    clause = list[Token]()
    for token in [*tokens, Token(0, 0, separator=".")]:
        clause.append(token)
        if token.separator:
            yield clause if token.end else clause[:-1], begun and token.separator == "."
            begun, clause = token.separator == ".", []


def _asks(clause: list[Token]) -> bool:
    measured = any(token.extra or token.values or token.quote for token in clause)
    return measured or any(any(map(t.role, (*TELLS, *NAMED))) for t in clause)


def _passed_over(clause: list[Token], form: str) -> Iterator[Token]:
    """The clause as one small word; as an unknown one if it counts something: 100人に絞りたい."""
    words = [token for token in clause if not token.separator]
    if words:
        start, end = words[0].start, words[-1].end
        counted = _COUNTED.search(form, start, end)
        small = () if counted else (concepts()["fill"],)
        yield Token(start, end, small, languages=words[0].languages)
    yield from (token for token in clause if token.separator)
