"""Words in quotation marks: names and keywords, but not what is only set off by them."""

import re
from collections.abc import Iterator

from planner.understand.vocabulary import forms

QUOTE = re.compile(
    r"(?:(?P<double>\")|(?P<single>(?<![a-z0-9])')|[「『“])(?P<text>[^\"'「」『』“”]{1,60})"
    r"(?(double)\"|(?(single)'(?![a-z0-9])|[」』”]))"
)
"""The apostrophe of "don't" opens none."""
_SAYS = frozenset({"event", "birthday", "noun", "field", "buy", "reach"})
_NOTED = frozenset({"note"})
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
    inside = list(_roles(form[start + 1 : end - 1]))
    says = all(inside) and any(_SAYS & roles for roles in inside)
    return says and not any(_NOTED & roles for roles in _roles(form[:start]))
