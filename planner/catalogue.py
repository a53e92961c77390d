"""What is known of the data at hand: the values that exist and how numbers are spread.

It holds names of tags, products and the like and aggregate figures; never a contact.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from planner.fields import FIELDS, Field

Likeness = Callable[[str, tuple[str, ...]], Sequence[float]]
"""How near some words are in meaning to each of some names: a cosine, 1 for the same."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that exists in the data."""

    name: str
    count: int = 0
    """Contacts (for campaigns: events) that have it."""
    source: str = ""
    """For tags: "maac", "caac", or "maac caac" where both have it."""
    parent: str = ""
    """For products: the category."""
    latest: str = ""
    """For campaigns: the local date of the latest event, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The known values by kind, the custom attributes, and the spread of each metric."""

    version: str = ""
    """Identifies the data set; changes with every import."""
    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    """By kind: tag, product, category, campaign, city, membership_tier, gender, language, and each
    custom text attribute by its name; most frequent first."""
    attributes: Mapping[str, Field] = field(default_factory=dict)
    """Custom attributes by name."""
    quantiles: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Percentiles 0..100 (101 numbers) of a metric, or age, or a numeric attribute, over contacts
    for whom it is more than 0; absent where nobody has it. Counted up to as_of."""
    contacts: int = 0
    product_ids: Mapping[str, str] = field(default_factory=dict)
    """Product id to product name."""
    likeness: Likeness | None = field(default=None, compare=False, repr=False)
    """What finds values by the meaning of words that no vocabulary has, where there is such."""

    def field(self, name: str) -> Field:
        """The declaration of a field or custom attribute; KeyError where there is none."""
        return FIELDS.get(name) or self.attributes[name]

    def names(self, kind: str) -> tuple[str, ...]:
        """The known names of one kind, most frequent first."""
        return tuple(value.name for value in self.values.get(kind, ()))
