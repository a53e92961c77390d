"""What a person typed without what may tell who a customer is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_EMAIL = r"(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
_MONEY = r"(?!(?:nt|ntd|twd|us|usd|jpy|thb|hkd|sgd|rm|p)[-_#]?\d)"
_DATE = r"(?!\d{1,2}[-./]\d{1,2}[-./]\d{4})"
_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_ID = rf"(?P<id>{_UUID}|[UCR][0-9a-f]{{32}}|{_MONEY}[A-Za-z]{{1,12}}[-_#]?\d{{4,}}[\w-]*|\d{{9,}})"
_PHONE = rf"(?P<phone>\+\d[\d\s().-]{{6,18}}\d|{_DATE}0\d{{1,3}}[\s.-]?\d{{2,4}}[\s.-]?\d{{3,4}})"
_SECRET = re.compile(rf"(?<![\w@+-])(?:{_EMAIL}|{_ID}|{_PHONE})(?!\w)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text fit to be shown to a model, and the way back."""

    text: str
    hidden: Mapping[str, str]
    """What stands for something, and what it stands for."""

    def restored(self, words: str) -> str:
        """The person's own words for words of the text."""
        for name, original in self.hidden.items():
            words = words.replace(name, original)
        return words


def redact(text: str, known: Iterable[str] = ()) -> Redacted:
    """The text with e-mail addresses, phone numbers and ids of contacts hidden.

    Names and ids of products and the like that are `known` stay, although they may look alike.
    """
    kept = {name.casefold() for name in known}
    hidden: dict[str, str] = {}

    def hide(match: re.Match[str]) -> str:
        original = match.group()
        if original.casefold() in kept:
            return original
        name = f"[{match.lastgroup} {chr(ord('A') + len(hidden) % 26)}]"
        hidden[name] = original
        return name

    return Redacted(_SECRET.sub(hide, text), hidden)
