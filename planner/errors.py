"""Everything that can go wrong, in three families.

DivisiError
├── Refused        the person's input cannot be used: becomes a reply in their language
├── Unavailable    an edge (database, Redis, messenger) does not answer: retried, then told
└── Misconfigured  the installation is wrong: the program ends with one sentence
"""

from typing import Any


class DivisiError(Exception):
    """The base of all errors that Divisi raises on purpose."""


class Refused(DivisiError):  # noqa: N818 - the three families are named by what they say
    """The input cannot be used.

    Attributes:
        message_id: key of the sentence in the wording files.
        values: what the sentence names.
    """

    def __init__(self, message_id: str, **values: str | int | tuple[str, ...]) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.values: dict[str, Any] = values


class Unavailable(DivisiError):  # noqa: N818
    """A service that Divisi needs does not answer; trying again later may help.

    Attributes:
        retry_after: seconds that the service asked to be left alone; 0 where it said none.
    """

    def __init__(self, *words: object, retry_after: float = 0.0) -> None:
        super().__init__(*words)
        self.retry_after = retry_after


class Misconfigured(DivisiError):  # noqa: N818
    """The installation or a file handed over is wrong; the text says what to do."""
