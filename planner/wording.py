"""Message id and values → a sentence in one language; the sentences are data in `wording/`."""

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

from babel import Locale
from babel.dates import format_skeleton, get_month_names
from babel.numbers import format_decimal, format_percent

LANGUAGES: Final = ("en", "zh-Hant", "ja", "th")
_LOCALES = {"en": "en_GB", "zh-Hant": "zh_Hant", "ja": "ja", "th": "th"}
_PLURALS = {"zero", "one", "two", "few", "many", "other"}

_LARGEST = 1e15
"""Beyond it a number is no amount any more, and can't be written digit by digit."""

Message = str | Mapping[str, str]
"""A sentence with {placeholders}, or one per plural form of the value `n`."""


def language_of(locale: str) -> str:
    """The language to use for a locale such as "zh-TW"; English where it is none of the four."""
    parts = re.split(r"[-_]", locale.strip().lower())
    if parts[0] == "zh" and not {"hans", "cn", "sg"} & set(parts):
        return "zh-Hant"
    return parts[0] if parts[0] in ("ja", "th") else "en"


@cache
def messages(language: str) -> Mapping[str, Message]:
    """All sentences of one language by their dotted id."""
    text = (resources.files("planner") / "wording" / f"{language}.toml").read_text("utf-8")
    return dict(_flat("", tomllib.loads(text)))


def _flat(prefix: str, table: Mapping[str, object]) -> Sequence[tuple[str, Message]]:
    found: list[tuple[str, Message]] = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and not set(value) <= _PLURALS:
            found.extend(_flat(f"{name}.", value))
        elif isinstance(value, (str, dict)):
            found.append((name, value))
    return found


def known(language: str, key: str) -> bool:
    """Whether there is such a sentence."""
    return key in messages(language)


def is_label(text: str, key: str) -> bool:
    """Whether a text is the sentence `key` in any of the languages, as a button's label is."""
    said = text.strip().casefold()
    return any(said == say(language, key).casefold() for language in LANGUAGES)


def say(language: str, key: str, **values: str | float) -> str:
    """The sentence `key` with its values; numbers are written as the language writes them.

    Raises:
        KeyError: no such sentence, or a value that it names is missing.
    """
    message = messages(language)[key]
    if not isinstance(message, str):
        message = message.get(_plural(language, values["n"])) or message["other"]
    shown = {
        name: value if isinstance(value, str) else number(language, value)
        for name, value in values.items()
    }
    return message.format_map(shown)


def _plural(language: str, count: str | float) -> str:
    if isinstance(count, str) or not math.isfinite(count):
        return "other"
    return str(_locale(language).plural_form(abs(count)))


def name_of(language: str, key: str, otherwise: str) -> str:
    """The word for something that may have none, such as a value of the data."""
    message = messages(language).get(key)
    return message if isinstance(message, str) else otherwise


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES[language])


def number(language: str, value: float) -> str:
    """A number with its groups: 100,000."""
    if not math.isfinite(value) or abs(value) > _LARGEST:
        return f"{value:g}"
    return format_decimal(value, format="#,##0.######", locale=_locale(language))


def percent(language: str, share: float) -> str:
    """A share of one as whole per cent."""
    return str(format_percent(share, "#,##0%", locale=_locale(language)))


def day(language: str, value: date) -> str:
    """A date with its year: 31 May 2026."""
    return format_skeleton("yMMMd", value, locale=_locale(language))


def month(language: str, value: int) -> str:
    """The name of a month, 1 to 12."""
    return str(get_month_names(locale=_locale(language))[value])


def month_day(language: str, value: date) -> str:
    """A day of any year: 31 May."""
    return format_skeleton("MMMMd", value, locale=_locale(language))


def either(language: str, words: Sequence[str]) -> str:
    """One of several: "A, B or C"."""
    return _joined(language, words, "list.or")


def every(language: str, words: Sequence[str]) -> str:
    """All of several: "A, B and C"."""
    return _joined(language, words, "list.and")


def _joined(language: str, words: Sequence[str], last: str) -> str:
    if len(words) < 2:
        return "".join(words)
    head = say(language, "list.comma").join(words[:-1])
    return head + say(language, last) + words[-1]


def quoted(language: str, word: str) -> str:
    """A name in the language's quotation marks."""
    return say(language, "list.quoted", word=word)


def suggested_prompts(language: str) -> tuple[str, ...]:
    """Four requests to begin with, for a welcome screen."""
    return tuple(say(language, f"prompt.{place}") for place in range(1, 5))
