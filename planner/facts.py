"""What is known of one contact, as far as a plan asks for it."""

from dataclasses import dataclass
from datetime import date, datetime

Value = bool | int | float | str | date | datetime | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Fact:
    """Whether a contact meets a condition, and with which value."""

    meets: bool
    value: Value = None
    """The number, text, moment or values compared; None: nothing is known, or it is not told."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A contact's facts for a list of conditions, in their order."""

    contact_id: str
    """As the data has it."""
    facts: tuple[Fact, ...]
