"""Why a contact is in a plan or isn't: each condition with that contact's own value."""

from dataclasses import dataclass
from datetime import date, datetime

FactValue = str | float | int | datetime | date | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One condition as it is for one contact."""

    meets: bool
    """Whether the condition holds; an unknown value never does."""
    value: FactValue
    """What the condition looks at: a metric's number in its window and scope, an age in years, an
    attribute, an aware moment, a birthday, the tags of the condition's source (sorted, at most
    MOST_TAGS), the channels that reach the contact. None: unknown; and for notes, whose texts are
    never given."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One contact, looked at condition by condition."""

    contact_id: str
    """As the data writes it."""
    facts: tuple[Fact, ...]
    """In the order of the conditions."""


MOST_TAGS = 20
"""Of more tags than these, the ones a condition asks for go first."""
