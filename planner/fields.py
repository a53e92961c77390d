"""Every field a condition can be about, declared once.

Compiler, explainer, edit forms, prompt schema and checks are driven by these entries: a new
condition is one entry here and its words in the language files. An entry is data, never code; a
special case is a column prepared at import, not a flag.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Kind(StrEnum):
    """How a field is compared and computed."""

    TEXT = "text"  # a column of contacts with known values
    NUMBER = "number"  # a numeric column of contacts
    BOOLEAN = "boolean"  # a yes/no column of contacts
    AGE = "age"  # whole years since a date column
    BIRTHDAY = "birthday"  # a yearly recurring date column
    MOMENT = "moment"  # a point in time: in a window or not
    METRIC = "metric"  # a number aggregated over a table's rows
    LABEL = "label"  # a set of texts per contact, with a source: tags
    KEYWORD = "keyword"  # texts per contact searched for a part: notes
    REACHABLE = "reachable"  # address and consent on a channel


class Op(StrEnum):
    """Comparison operators."""

    EQ = "="
    GT = ">"
    GE = ">="
    LT = "<"
    LE = "<="
    BETWEEN = "between"  # both ends included
    BAND = "band"  # high, medium, low of the purchase probability
    ANY_OF = "any_of"
    ALL_OF = "all_of"
    WITHIN = "within"  # a moment in the condition's window
    MONTH = "month"  # birthday in one of these months, 1 to 12
    MONTH_DAY = "month_day"  # birthday on one of these days, "MM-DD"
    NEXT_DAYS = "next_days"  # birthday from today to day N, both included
    IS = "is"  # a yes/no attribute


Group = Literal[
    "attribute", "tag", "note", "purchase", "product", "engagement", "prediction",
    "interaction", "reachability", "other",
]  # fmt: skip

NUMERIC = (Op.EQ, Op.GT, Op.GE, Op.LT, Op.LE, Op.BETWEEN)
CHOICE = (Op.ANY_OF,)


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a condition can be about."""

    name: str
    kind: Kind
    group: Group
    operators: tuple[Op, ...]
    table: str = "contacts"
    """The audience table (or, for metrics, the prepared view) it is computed from."""
    column: str = ""
    """The column compared, aggregated or searched; empty for a count of rows."""
    aggregate: Literal["", "sum", "count", "max", "min", "ratio", "distinct"] = ""
    time: str = ""
    """The column that a window applies to; empty: no window."""
    unit: Literal["", "money", "times", "pieces", "years", "share"] = ""
    scope: tuple[str, ...] = ()
    """What else narrows the rows: source, product, category, channel, event, campaign."""
    empty: Literal["zero", "unknown"] = "unknown"
    """The value over nothing: 0, or none at all, which matches nothing."""
    lookback_days: int | None = None
    """A longer window is refused."""


def _metric(  # noqa: PLR0913, PLR0917 - one row of a table
    name: str,
    group: Group,
    table: str,
    aggregate: Literal["sum", "count", "max", "min", "ratio", "distinct"],
    column: str,
    unit: Literal["money", "times", "pieces"],
    empty: Literal["zero", "unknown"],
    time: str = "ordered_at",
    scope: tuple[str, ...] = (),
) -> Field:
    return Field(
        name, Kind.METRIC, group, NUMERIC, table, column, aggregate, time, unit, scope, empty
    )


_ITEMS = ("product", "category")
# "purchases" are completed orders, "returns" returned ones, "items" the items of completed orders,
# "open_carts" cart events whose product was not bought at or after them (settled at import).
_ALL = (
    Field("gender", Kind.TEXT, "attribute", CHOICE, column="gender"),
    Field("age", Kind.AGE, "attribute", NUMERIC, column="birthday", unit="years"),
    Field("city", Kind.TEXT, "attribute", CHOICE, column="city"),
    Field("membership_tier", Kind.TEXT, "attribute", CHOICE, column="membership_tier"),
    Field("language", Kind.TEXT, "other", CHOICE, column="language"),
    Field(
        "birthday",
        Kind.BIRTHDAY,
        "other",
        (Op.MONTH, Op.MONTH_DAY, Op.NEXT_DAYS),
        column="birthday",
    ),
    Field("joined_at", Kind.MOMENT, "other", (Op.WITHIN,), column="joined_at", time="joined_at"),
    Field(
        "tag", Kind.LABEL, "tag", (Op.ANY_OF, Op.ALL_OF), "contact_tags", "tag", scope=("source",)
    ),
    Field(
        "note",
        Kind.KEYWORD,
        "note",
        (Op.ANY_OF, Op.ALL_OF),
        "contact_notes",
        "note",
        scope=("source",),
    ),
    _metric("total_spending", "purchase", "purchases", "sum", "amount", "money", "zero"),
    _metric("average_order_value", "purchase", "purchases", "ratio", "amount", "money", "unknown"),
    _metric("highest_order", "purchase", "purchases", "max", "amount", "money", "unknown"),
    _metric("order_count", "purchase", "purchases", "count", "", "times", "zero"),
    _metric("return_count", "purchase", "returns", "count", "", "times", "zero", "returned_at"),
    Field(
        "last_purchase",
        Kind.MOMENT,
        "purchase",
        (Op.WITHIN,),
        "purchases",
        "ordered_at",
        "max",
        "ordered_at",
    ),
    Field(
        "first_purchase",
        Kind.MOMENT,
        "purchase",
        (Op.WITHIN,),
        "purchases",
        "ordered_at",
        "min",
        "ordered_at",
    ),
    _metric("product_amount", "product", "items", "sum", "amount", "money", "zero", scope=_ITEMS),
    _metric(
        "purchase_quantity", "product", "items", "sum", "quantity", "pieces", "zero", scope=_ITEMS
    ),
    _metric(
        "highest_product_price",
        "product",
        "items",
        "max",
        "unit_price",
        "money",
        "unknown",
        scope=_ITEMS,
    ),
    _metric(
        "checkout_count", "product", "items", "distinct", "order_id", "times", "zero", scope=_ITEMS
    ),
    _metric(
        "add_to_cart_count",
        "product",
        "open_carts",
        "count",
        "",
        "times",
        "zero",
        "added_at",
        _ITEMS,
    ),
    Field(
        "engagement",
        Kind.METRIC,
        "engagement",
        NUMERIC,
        "message_events",
        "",
        "count",
        "occurred_at",
        "times",
        ("channel", "event", "campaign"),
        "zero",
        90,
    ),
    Field(
        "purchase_probability",
        Kind.NUMBER,
        "prediction",
        (*NUMERIC, Op.BAND),
        column="purchase_probability",
        unit="share",
    ),
    Field(
        "last_interaction",
        Kind.MOMENT,
        "interaction",
        (Op.WITHIN,),
        column="last_interaction_at",
        time="last_interaction_at",
    ),
    Field("line_status", Kind.TEXT, "reachability", CHOICE, column="line_status"),
    Field("reachable", Kind.REACHABLE, "reachability", (Op.ANY_OF, Op.ALL_OF)),
)

FIELDS: dict[str, Field] = {field.name: field for field in _ALL}
"""The fields every data set has; a custom attribute is added by the catalogue."""

BANDS: dict[str, tuple[float | None, float | None]] = {
    "high": (0.7, None),
    "medium": (0.3, 0.7),
    "low": (None, 0.3),
}
"""Purchase probability bands: from (included) to (excluded)."""

EVENTS: dict[str, tuple[str, ...]] = {
    "line_broadcast": ("open", "click"),
    "line_retargeting": ("open", "click"),
    "coupon": ("claim", "own", "redeem"),
    "sms_broadcast": ("click",),
    "sms_plus": ("delivered", "failed"),
    "whatsapp": ("open", "click"),
    "email": ("open", "click"),
}
"""The message channels and the events that each has."""

REACHABLE_CHANNELS = ("line", "push", "sms", "email")


def attribute(name: str, kind: Kind) -> Field:
    """The field of a custom attribute, a further column of contacts."""
    if kind is Kind.NUMBER:
        return Field(name, kind, "attribute", NUMERIC, column=name)
    if kind is Kind.BOOLEAN:
        return Field(name, kind, "attribute", (Op.IS,), column=name)
    if kind is Kind.MOMENT:
        return Field(name, kind, "attribute", (Op.WITHIN,), column=name, time=name)
    return Field(name, Kind.TEXT, "attribute", CHOICE, column=name)
