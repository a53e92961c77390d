"""How clauses are built that ask for nothing: the [remarks] of the word files, as expressions.

Spaces in an expression don't count, and {name} stands for another one of the same table.
"""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from planner.understand.vocabulary import words

PIECE: Final = re.compile(r"\{([a-z_]+)\}")
"""Another expression of the same table within one."""
_EVERYWHERE: Final = ("lead", "sign", "asks")
_NAMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "en": (*_EVERYWHERE, "done", "ours", "to", "small"),
        "zh-Hant": (
            *_EVERYWHERE, "asked", "clause", "tail", "title", "for", "like", "aim", "tells",
        ),
        "ja": ("reason", "sentence", "ours", "makes", "sends", "brackets"),
        "th": (
            *_EVERYWHERE, "opens", "next", "goods", "stock", "gloss", "gloss_end", "asker",
            "report", "feeling", "heading", "polite",
        ),
    }
)  # fmt: skip
"""What languages have that say it in ways of their own."""


def needed(language: str) -> tuple[str, ...]:
    """Names of the expressions in a language's table; further ones are pieces of these."""
    return _NAMES.get(language, _EVERYWHERE)


def has(language: str, name: str) -> bool:
    """Whether a language has an expression of that name."""
    return name in words(language).get("remarks", {})


def written(table: Mapping[str, str], name: str) -> str:
    """One expression of a table, with the others it names in their places.

    Raises:
        KeyError: the table lacks it, or one that it names.
        RecursionError: it is a piece of itself.
    """
    return PIECE.sub(lambda piece: f"(?:{written(table, piece[1])})", table[name])


@cache
def shape(language: str, name: str) -> re.Pattern[str]:
    """One expression of a language.

    Raises:
        KeyError: the language has none of that name.
    """
    return re.compile(written(words(language)["remarks"], name), re.VERBOSE)
