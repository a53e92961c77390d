"""The values that exist in a data set: counted once at import, read for the catalogue."""

# ruff: noqa: S608 - SQL is put together from names of our own and quoted ones; values are bound

from collections.abc import Sequence

import duckdb

from planner.catalogue import Value
from planner.fields import Kind
from store.audience.attributes import Attribute
from store.audience.files import name, quoted

_MOST = 5_000
"""At most so many values of one kind."""
_FEW, _SHARED = 1_000, 5
"""A text attribute with more values than this is listed only where so many contacts share one:
an address or a card number is a person's, not a choice."""

_KNOWN = """
CREATE TABLE _products AS
SELECT product_id, coalesce(mode(product_name), product_id) AS name,
    coalesce(mode(category), '') AS category, count(*) AS count, row_number() OVER () AS number
FROM (SELECT product_id, product_name, category FROM items
    UNION ALL SELECT product_id, product_name, category FROM open_carts)
GROUP BY product_id"""
_SOLD = """
CREATE TEMP TABLE sold AS SELECT DISTINCT _key, number
FROM (SELECT _key, product_id FROM items UNION ALL SELECT _key, product_id FROM open_carts)
JOIN _products USING (product_id)"""
_TAGS = """
SELECT 'tag', mode(tag), count(DISTINCT _key),
    concat_ws(' ', CASE WHEN bool_or(source = 'maac') THEN 'maac' END,
        CASE WHEN bool_or(source = 'caac') THEN 'caac' END), ''
FROM contact_tags GROUP BY lower(tag)"""
_PRODUCTS = """
SELECT 'product', mode(name), count(DISTINCT _key), '', mode(category)
FROM sold JOIN _products USING (number) GROUP BY lower(name)"""
_CATEGORIES = """
SELECT 'category', mode(category), count(DISTINCT _key), '', ''
FROM sold JOIN _products USING (number) WHERE category <> '' GROUP BY lower(category)"""
_COLUMNS = ("city", "membership_tier", "gender", "language")


def prepare_values(db: duckdb.DuckDBPyConnection, attributes: Sequence[Attribute]) -> None:
    """Make the tables `_values` and `_products` of a database that is being imported."""
    texts = [a.column.name for a in attributes if a.kind is Kind.TEXT]
    few = {c: _number(db, f"SELECT count(DISTINCT lower({name(c)})) FROM contacts") for c in texts}
    selects = [_TAGS, _PRODUCTS, _CATEGORIES, *(_column(c, 1) for c in _COLUMNS)]
    selects += [_column(c, 1 if few[c] <= _FEW else _SHARED) for c in texts]
    db.execute(_KNOWN)
    db.execute(_SOLD)
    db.execute(
        "CREATE TABLE _values (kind VARCHAR, name VARCHAR, count BIGINT, source VARCHAR, "
        "parent VARCHAR)"
    )
    for select in selects:
        db.execute(f"INSERT INTO _values {select} ORDER BY 3 DESC, 2 LIMIT {_MOST}")
    db.execute("DROP TABLE sold")


def read_values(db: duckdb.DuckDBPyConnection) -> dict[str, tuple[Value, ...]]:
    """The values by kind, most frequent first."""
    values: dict[str, list[Value]] = {
        kind: [] for kind in ("tag", "product", "category", *_COLUMNS)
    }
    sql = "SELECT kind, name, count, source, parent FROM _values ORDER BY kind, count DESC, name"
    for kind, *value in db.execute(sql).fetchall():
        values.setdefault(kind, []).append(Value(*value))
    return {kind: tuple(found) for kind, found in values.items()}


def read_products(db: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Product names by id."""
    sql = f"SELECT product_id, name FROM _products ORDER BY count DESC, 1 LIMIT {_MOST}"
    return dict(db.execute(sql).fetchall())


def _column(column: str, shared: int) -> str:
    text = name(column)
    return (
        f"SELECT {quoted(column)}, mode({text}), count(*), '', '' FROM contacts "
        f"WHERE {text} IS NOT NULL GROUP BY lower({text}) HAVING count(*) >= {shared}"
    )


def _number(db: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = db.execute(sql).fetchone()
    return int(row[0]) if row else 0
