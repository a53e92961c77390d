"""From staged rows to the tables that conditions are computed from.

Facts are sorted by time, so that a window reads only its part of a table, and carry the contact's
dense number `_key` instead of its id. Contacts carry what is asked most, computed over all time.
"""

# ruff: noqa: S608 - SQL is put together from names of our own and quoted ones; values are bound

from collections.abc import Sequence

import duckdb

from planner.errors import Misconfigured
from planner.fields import Kind
from store.audience.attributes import Attribute
from store.audience.files import name
from store.audience.schema import ITEM_AMOUNT, MONEY, SOURCES

LAYOUT = 1
"""Version of the prepared tables; a database of another one has to be imported anew."""

_GOOD_CONTACTS = """
CREATE TEMP TABLE good_contacts AS
SELECT CAST(row_number() OVER (ORDER BY contact_id) - 1 AS INTEGER) AS _key, {columns}
FROM stage_contacts WHERE rowid NOT IN (SELECT n FROM faults_contacts)
"""

_GOOD_ORDERS = """
CREATE TEMP TABLE good_orders AS
SELECT c._key, CAST(o.rowid AS INTEGER) AS _order, o.order_id, o.ordered_at, o.amount, o.status,
    o.returned_at
FROM stage_orders o JOIN good_contacts c USING (contact_id)
WHERE o.rowid NOT IN (SELECT n FROM faults_orders)
"""

_TABLES = {
    "contact_tags": """
SELECT DISTINCT c._key, s.source, s.tag FROM stage_contact_tags s
JOIN good_contacts c USING (contact_id) WHERE s.fault IS NULL ORDER BY s.tag, s.source, c._key""",
    "contact_notes": """
SELECT c._key, s.source, s.note FROM stage_contact_notes s
JOIN good_contacts c USING (contact_id) WHERE s.fault IS NULL ORDER BY c._key""",
    "purchases": """
SELECT _key, ordered_at, amount FROM good_orders WHERE status = 'completed' ORDER BY ordered_at""",
    "returns": """
SELECT _key, returned_at FROM good_orders
WHERE status = 'returned' AND returned_at IS NOT NULL ORDER BY returned_at""",
    "items": f"""
SELECT o._key, o._order AS order_id, o.ordered_at, i.product_id, i.product_name, i.category,
    i.quantity, i.unit_price, CAST({ITEM_AMOUNT} AS {MONEY}) AS amount
FROM stage_order_items i JOIN good_orders o USING (order_id)
WHERE i.fault IS NULL AND o.status = 'completed' ORDER BY o.ordered_at""",
    # A cart is open at a moment if its product wasn't bought from added_at up to that moment.
    "open_carts": """
WITH carts AS (
    SELECT c._key, s.product_id, s.product_name, s.category, s.quantity, s.added_at
    FROM stage_cart_events s JOIN good_contacts c USING (contact_id) WHERE s.fault IS NULL)
SELECT carts.*, items.ordered_at AS bought_at FROM carts ASOF LEFT JOIN items
    ON carts._key = items._key AND carts.product_id = items.product_id
    AND carts.added_at <= items.ordered_at
ORDER BY carts.added_at""",
    "message_events": """
SELECT c._key, s.channel, s.event, s.campaign, s.occurred_at FROM stage_message_events s
JOIN good_contacts c USING (contact_id) WHERE s.fault IS NULL ORDER BY s.occurred_at""",
}

_CONTACTS = """
CREATE TABLE contacts AS
WITH p AS (
    SELECT _key, sum(amount) AS amount, count(*) AS orders, max(amount) AS highest,
        min(ordered_at) AS first, max(ordered_at) AS latest FROM purchases GROUP BY _key
), r AS (SELECT _key, count(*) AS returns FROM returns GROUP BY _key
), i AS (
    SELECT _key, sum(amount) AS amount, sum(quantity) AS quantity, max(unit_price) AS price,
        count(DISTINCT order_id) AS orders FROM items GROUP BY _key
), o AS (SELECT _key, count(*) AS carts FROM open_carts WHERE bought_at IS NULL GROUP BY _key)
SELECT c.*,
    CAST(year(birthday) * 10000 + month(birthday) * 100 + day(birthday) AS INTEGER) AS _born,
    p.amount AS _purchases_sum_amount, p.orders AS _purchases_count,
    p.highest AS _purchases_max_amount, p.first AS _purchases_min_ordered_at,
    p.latest AS _purchases_max_ordered_at, r.returns AS _returns_count,
    i.amount AS _items_sum_amount, i.quantity AS _items_sum_quantity,
    i.price AS _items_max_unit_price, i.orders AS _items_distinct_order_id,
    o.carts AS _open_carts_count
FROM good_contacts c LEFT JOIN p USING (_key) LEFT JOIN r USING (_key) LEFT JOIN i USING (_key)
    LEFT JOIN o USING (_key)
ORDER BY _key
"""

_LATEST = """
CREATE TABLE _latest AS
SELECT 'purchases' AS name, max(ordered_at) AS latest FROM purchases
UNION ALL SELECT 'returns', max(returned_at) FROM returns
UNION ALL SELECT 'items', max(ordered_at) FROM items
UNION ALL SELECT 'open_carts', greatest(max(added_at), max(bought_at)) FROM open_carts
UNION ALL SELECT 'message_events', max(occurred_at) FROM message_events
UNION ALL SELECT 'contacts', greatest({moments}) FROM contacts
"""


def check_layout(db: duckdb.DuckDBPyConnection, layout: str = "_layout") -> None:
    """See that a database's tables, of which this one tells the layout, are those of this version.

    Raises:
        Misconfigured: they are of another version.
    """
    if db.execute(f"SELECT layout FROM {layout}").fetchone() != (LAYOUT,):
        raise Misconfigured(
            "The customer data was imported by another version. Run: divisi import FOLDER"
        )


def number_contacts(db: duckdb.DuckDBPyConnection, attributes: Sequence[Attribute]) -> None:
    """Make `good_contacts`, on which the other tables' rows are checked."""
    own = [column.name for column in SOURCES["contacts"].columns]
    columns = [name(c) for c in (*own, *(a.column.name for a in attributes))]
    db.execute(_GOOD_CONTACTS.format(columns=", ".join(columns)))


def prepare_from(db: duckdb.DuckDBPyConnection, source: str) -> None:
    """Make the tables that come from one staged table, and drop its rows."""
    made = {
        "orders": ("purchases", "returns"),
        "order_items": ("items",),
        "cart_events": ("open_carts",),
    }
    if source == "orders":
        db.execute(_GOOD_ORDERS)
    for table in made.get(source, (source,)):
        db.execute(f"CREATE TABLE {table} AS {_TABLES[table]}")
    db.execute(f"DROP TABLE stage_{source}")


def finish(db: duckdb.DuckDBPyConnection, attributes: Sequence[Attribute]) -> None:
    """Make `contacts`, and what is known of the whole: layout, latest times, attributes."""
    db.execute(_CONTACTS)
    db.execute(f"CREATE TABLE _layout AS SELECT {LAYOUT} AS layout")
    db.execute("CREATE TABLE _attributes (name VARCHAR, kind VARCHAR)")
    rows = [(a.column.name, a.kind.value) for a in attributes]
    if rows:
        db.executemany("INSERT INTO _attributes VALUES (?, ?)", rows)
    find_latest(db, attributes)


def find_latest(db: duckdb.DuckDBPyConnection, attributes: Sequence[Attribute]) -> None:
    """Make `_latest`, the latest time in each table."""
    own = ["joined_at", "last_interaction_at"]
    own += [a.column.name for a in attributes if a.kind is Kind.MOMENT]
    # A date is a whole day, and where it starts and ends depends on the time zone.
    moments = [f"CAST(max({name(c)}) AS TIMESTAMPTZ) + INTERVAL 1 DAY" for c in own]
    db.execute(_LATEST.format(moments=", ".join(moments)))
