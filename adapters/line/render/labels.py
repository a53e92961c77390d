"""Texts cut to LINE's limits so that they still tell, counted as LINE counts: in UTF-16 units."""

import itertools
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

LABEL: Final = 20
"""Of a button or quick reply."""
_MARKS: Final = {"Mn", "Me", "Cf"}


def units(text: str) -> int:
    """The length that LINE sees."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis; no sign is torn from the letter it is on."""
    if units(text) <= most:
        return text
    return f"{_head(text, most - 1).rstrip()}…"


def _head(text: str, most: int) -> str:
    taken = used = 0
    for sign in text:
        used += units(sign)
        if used > most:
            break
        taken += 1
    while taken and taken < len(text) and unicodedata.category(text[taken]) in _MARKS:
        taken -= 1
    return text[:taken]


def _tail(text: str, most: int) -> str:
    taken = len(text)
    used = 0
    while taken and used + units(text[taken - 1]) <= most:
        taken -= 1
        used += units(text[taken])
    while taken < len(text) and unicodedata.category(text[taken]) in _MARKS:
        taken += 1
    return text[taken:]


def short_labels(texts: Sequence[str], most: int = LABEL) -> tuple[str, ...]:
    """Each text within a label, told apart from the others.

    What all the long ones have in common is left out first ("No purchase for 6 months" becomes "6
    months"), then the middle; what is alike even so is numbered.
    """
    long = [place for place, text in enumerate(texts) if units(text) > most]
    short = list(texts)
    for place, text in zip(long, _without_common([texts[p] for p in long]), strict=True):
        short[place] = _middle_out(text, most)
    counts = Counter(short)
    return tuple(
        f"{place} {_middle_out(text, most - len(str(place)) - 1)}" if counts[text] > 1 else text
        for place, text in enumerate(short, 1)
    )


def _without_common(texts: Sequence[str]) -> list[str]:
    if len(texts) < 2:
        return list(texts)
    head = _whole_words(_shared(texts), texts)
    rest = [text[len(head) :] for text in texts]
    tail = _shared([text[::-1] for text in rest])[::-1]
    tail = tail[tail.find(" ") :] if " " in tail else ""
    kept = [text[: len(text) - len(tail)].strip() for text in rest]
    return kept if all(kept) else list(texts)


def _shared(texts: Sequence[str]) -> str:
    """The beginning that all have in common."""
    signs = itertools.takewhile(lambda each: len(set(each)) == 1, zip(*texts, strict=False))
    return "".join(each[0] for each in signs)


def _whole_words(head: str, texts: Sequence[str]) -> str:
    """The common beginning up to a word's end; where there are no spaces, up to a number."""
    if _spaced(texts):
        return head[: head.rfind(" ") + 1]
    while head and (head[-1].isdigit() or head[-1] in ",."):
        head = head[:-1]
    after = [text[len(head) : len(head) + 1] for text in texts]
    while head and any(unicodedata.category(sign) in _MARKS for sign in after if sign):
        head = head[:-1]
        after = [text[len(head) : len(head) + 1] for text in texts]
    return head


def _spaced(texts: Sequence[str]) -> bool:
    return any(" " in text for text in texts)


def _middle_out(text: str, most: int) -> str:
    if units(text) <= most:
        return text
    tail = _tail(text, most // 3).lstrip()
    head = _head(text, most - 1 - units(tail)).rstrip()
    return f"{head}…{tail}"
