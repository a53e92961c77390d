"""The pieces of a text, and which of them cover it best."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from planner.understand.dates import Day
from planner.understand.names import Pair
from planner.understand.vocabulary import Concept, concepts


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text and everything it may mean."""

    start: int
    end: int
    concepts: tuple[Concept, ...] = ()
    values: tuple[Pair, ...] = ()
    number: float | None = None
    day: Day | None = None
    quote: str = ""
    separator: str = ""
    """«,» weak, "." strong."""
    topics: tuple[str, ...] = ()
    languages: frozenset[str] = frozenset()
    mistyped: bool = False
    """Read as the word it must be, for want of one that is written so."""
    near: tuple[Pair, ...] = ()
    """Known names that it may be, mistyped."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """What merging has found: a quantity, a window."""

    @property
    def rest(self) -> bool:
        """Whether nothing is known about it."""
        return not (
            self.concepts
            or self.values
            or self.number is not None
            or self.day
            or self.quote
            or self.separator
            or self.topics
            or self.extra
        )

    @property
    def requests(self) -> bool:
        """Whether it asks for people: "show me", 幫我找."""
        return any(concept.name == "request" for concept in self.concepts)

    def meant_as(self, name: str) -> "Token":
        """The same word with one meaning: the concept of that name."""
        return replace(self, concepts=(concepts()[name],))

    def role(self, name: str) -> Concept | None:
        """Its meaning in that role, if it has one."""
        return next((c for c in self.concepts if c.role == name), None)


_OF_YEARS = "0123456789一二三四五六七八九十百兩半去今前近本昨每全整"
_OF_DATES = "月日號年天週周季0123456789"


def cuts_a_word(form: str, word: str, start: int) -> bool:
    """近一年消費 holds no 年消費, since the year is a length there, nor 有單筆 a 有單."""
    if word == "いか" and form[start - 1 : start] in ("高", "低", "多", "少", "近", "若"):
        return True  # 購入確率が低いか
    if word.startswith("之後") and len(word) > 2 and form[start - 1] in _OF_DATES:
        return True  # 三月之後就沒買
    if word[:1] == "来" and form[start - 1 : start] == "再":
        return True  # 再来月誕生日
    if word == "有單" and form[start + 2 : start + 3] in ("筆", "次", "張", "件", "品", "價"):
        return True
    counted = word[0] == "年" or word == "日前"  # 30日前から
    return len(word) > 1 and counted and start > 0 and form[start - 1] in _OF_YEARS


def _weight(token: Token) -> float:
    size = token.end - token.start
    if token.quote:
        return size * 3.0
    if token.mistyped:
        return size * 0.8  # what is written as it should be comes first
    if token.values:
        return size * 1.02 + 0.2
    return float(size)


def merged(tokens: list[Token]) -> list[Token]:
    """One token for each place and length: whatever it may mean, together."""
    spans: dict[tuple[int, int], Token] = {}
    for token in tokens:
        known = spans.get((token.start, token.end))
        if known is not None and token.mistyped != known.mistyped:
            spans[token.start, token.end] = known if token.mistyped else token
            continue
        spans[token.start, token.end] = (
            token
            if known is None
            else replace(
                known,
                concepts=known.concepts + token.concepts,
                values=known.values + token.values,
                number=known.number if token.number is None else token.number,
                day=known.day or token.day,
                quote=known.quote or token.quote,
                separator=known.separator or token.separator,
                topics=known.topics + token.topics,
                languages=known.languages | token.languages,
            )
        )
    return list(spans.values())


def best_cover(length: int, candidates: list[Token]) -> list[Token]:
    """The tokens that cover most of the text, with as few pieces as can be."""
    by_end: dict[int, list[Token]] = {}
    for token in candidates:
        by_end.setdefault(token.end, []).append(token)
    scores = [0.0] * (length + 1)
    chosen: list[Token | None] = [None] * (length + 1)
    for end in range(1, length + 1):
        scores[end], chosen[end] = scores[end - 1], None
        for token in by_end.get(end, ()):
            score = scores[token.start] + _weight(token) - 0.35
            if score > scores[end]:
                scores[end], chosen[end] = score, token
    path: list[Token] = []
    place = length
    while place > 0:
        best = chosen[place]
        if best is None:
            place -= 1
        else:
            path.append(best)
            place = best.start
    return path[::-1]


_ENDINGS = frozenset("おごんなくれさせりしたてらだ")
"""Single kana that are filling words as endings or prefixes, and not as words of their own."""
_PARTICLES = frozenset("のはがをにともでへや")
_KANA = re.compile("[ぁ-ん]{1,3}")


def with_whole_kana(tokens: list[Token], form: str) -> list[Token]:
    """Unknown words in kana that seem to be made of endings alone: おんな, さかな."""
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        end = place
        if not found or found[-1].separator or form[found[-1].end - 1] in "のはがをに":
            if form[tokens[place].start : tokens[place].end] in _ENDINGS:
                while end < len(tokens) and _is_ending(tokens[end], form):
                    end += 1
        whole = end - place > 1
        found.append(Token(tokens[place].start, tokens[end - 1].end) if whole else tokens[place])
        place = end if whole else place + 1
    return found


def _is_ending(token: Token, form: str) -> bool:
    said = form[token.start : token.end]
    small = token.role("fill") is not None and said not in _PARTICLES
    return small and _KANA.fullmatch(said) is not None


def with_rest(form: str, path: list[Token]) -> Iterator[Token]:
    """The tokens, and those of the words between that are nothing known."""
    place = 0
    for token in [*path, Token(len(form), len(form))]:
        for match in re.finditer(r"\S+", form[place : token.start]):
            if any(c.isalnum() for c in match.group()):
                yield Token(place + match.start(), place + match.end())
        if token.end > token.start:
            yield token
        place = token.end
