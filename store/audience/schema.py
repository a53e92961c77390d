"""What a data set's tables hold: the columns, their types, and what makes a row unusable.

A declaration is turned into SQL by `sources`; the meaning of the tables is in the audience
specification.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from planner.fields import EVENTS

Type = Literal["VARCHAR", "DECIMAL(18, 4)", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMPTZ"]
MONEY: Type = "DECIMAL(18, 4)"
"""Amounts and quantities: exact, so that a sum doesn't depend on the order of its rows."""

ITEM_AMOUNT = "CAST(quantity AS DECIMAL(38, 4)) * unit_price"
"""What an order item cost, wide enough for any two numbers that are read."""

_WORDS: dict[Type, str] = {
    "DECIMAL(18, 4)": "number",
    "DOUBLE": "number",
    "BOOLEAN": "yes/no",
    "DATE": "date",
    "TIMESTAMPTZ": "date",
}


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    name: str
    type: Type = "VARCHAR"
    needed: bool = True
    """A file without the column is refused."""
    filled: bool = True
    """A row without a value is rejected."""
    choices: tuple[str, ...] = ()
    """The values there are (compared in lower case); another rejects the row."""
    least: float | None = None
    """A smaller value rejects the row."""
    most: float | None = None
    """A larger value rejects the row."""


@dataclass(frozen=True)
class Fault:
    """Why a row is rejected."""

    column: str
    reason: str


@dataclass(frozen=True)
class Source:
    """One table of a data set."""

    name: str
    columns: tuple[Column, ...]
    unique: str = ""
    """The column in which no value may come twice; the first row stays."""
    refers: tuple[str, str] | None = None
    """Column and table whose row has to exist."""
    rules: tuple[tuple[Fault, str], ...] = ()
    """What else rejects a row: the fault, and SQL that is true of such a row."""

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The columns that a file must have."""
        return tuple(column.name for column in self.columns if column.needed)


def optional(name: str, type_: Type = "VARCHAR", most: float | None = None) -> Column:
    """A column that may be absent, and null."""
    least = None if most is None else 0
    return Column(name, type_, needed=False, filled=False, least=least, most=most)


def unreadable(column: Column) -> Fault:
    """The fault of a value that isn't of the column's type."""
    return Fault(column.name, f"unreadable {_WORDS.get(column.type, 'value')}")


_CONTACT = Column("contact_id")
_SOURCE = Column("source", choices=("maac", "caac"))
_PRODUCT = (
    Column("product_id"),
    Column("product_name", filled=False),
    Column("category", filled=False),
    Column("quantity", MONEY, least=0),
)
_KNOWN = ("contact_id", "contacts")
_PAIRS = ", ".join(f"'{c} {event}'" for c, events in EVENTS.items() for event in events)
_TOO_LARGE = f"TRY_CAST({ITEM_AMOUNT} AS {MONEY}) IS NULL"

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        Source(
            "contacts",
            (
                _CONTACT,
                *(optional(n) for n in ("display_name", "line_user_id", "email", "phone")),
                optional("gender"),
                optional("birthday", "DATE"),
                *(optional(n) for n in ("city", "membership_tier", "language")),
                Column("joined_at", "TIMESTAMPTZ"),
                optional("last_interaction_at", "TIMESTAMPTZ"),
                Column("line_status", choices=("subscribed", "blocked", "none")),
                Column("push_consent", "BOOLEAN", filled=False),
                Column("sms_consent", "BOOLEAN", filled=False),
                Column("email_consent", "BOOLEAN", filled=False),
                optional("purchase_probability", "DOUBLE", most=1),
            ),
            unique="contact_id",
        ),
        Source("contact_tags", (_CONTACT, _SOURCE, Column("tag")), refers=_KNOWN),
        Source("contact_notes", (_CONTACT, _SOURCE, Column("note")), refers=_KNOWN),
        Source(
            "orders",
            (
                Column("order_id"),
                _CONTACT,
                Column("ordered_at", "TIMESTAMPTZ"),
                Column("amount", MONEY, least=0),
                Column("status", choices=("completed", "cancelled", "returned")),
                optional("returned_at", "TIMESTAMPTZ"),
            ),
            unique="order_id",
            refers=_KNOWN,
        ),
        Source(
            "order_items",
            (Column("order_id"), *_PRODUCT, Column("unit_price", MONEY, least=0)),
            refers=("order_id", "orders"),
            rules=((Fault("unit_price", "too large"), _TOO_LARGE),),
        ),
        Source(
            "cart_events", (_CONTACT, *_PRODUCT, Column("added_at", "TIMESTAMPTZ")), refers=_KNOWN
        ),
        Source(
            "message_events",
            (
                _CONTACT,
                Column("channel", choices=tuple(EVENTS)),
                Column("event", choices=tuple(sorted({e for es in EVENTS.values() for e in es}))),
                optional("campaign"),
                Column("occurred_at", "TIMESTAMPTZ"),
            ),
            refers=_KNOWN,
            rules=(
                (
                    Fault("event", "not an event of the channel"),
                    f"concat(channel, ' ', event) NOT IN ({_PAIRS})",
                ),
            ),
        ),
    )
}
"""Every table by name, in the order they are read: what is referred to comes first."""
