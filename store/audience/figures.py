"""The catalogue of a data set: values that exist, and how numbers are spread."""

# ruff: noqa: S608 - SQL is put together from names of our own and quoted ones; values are bound

import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa

from planner.catalogue import Catalogue, Value
from planner.fields import Field, Kind, Op
from planner.plan import Condition
from store.audience.compile import Moment, Statement, Trees, rendered
from store.audience.files import name
from store.audience.values import read_products, read_values

_SPREAD = (
    "total_spending", "average_order_value", "highest_order", "order_count", "return_count",
    "product_amount", "purchase_quantity", "highest_product_price", "checkout_count",
    "add_to_cart_count", "age",
)  # fmt: skip

_CAMPAIGNS = """
SELECT mode(campaign), count(*), CAST(CAST(max(occurred_at) AS DATE) AS VARCHAR)
FROM message_events WHERE campaign IS NOT NULL AND occurred_at <= $1
GROUP BY lower(campaign) ORDER BY 2 DESC, 1 LIMIT 5000"""


def compute_catalogue(
    db: duckdb.DuckDBPyConnection, version: str, moment: Moment, attributes: dict[str, Field]
) -> Catalogue:
    """Read the catalogue from a data set; the connection's time zone decides local dates."""
    (contacts,) = db.execute("SELECT count(*) FROM contacts").fetchone() or (0,)
    campaigns = db.execute(_CAMPAIGNS, [moment.as_of]).fetchall()
    values = read_values(db)
    values["campaign"] = tuple(
        Value(campaign, count, latest=latest) for campaign, count, latest in campaigns
    )
    for attribute in attributes.values():
        if attribute.kind is Kind.TEXT:
            values.setdefault(attribute.name, ())
    return Catalogue(
        version=version,
        values=values,
        attributes=attributes,
        quantiles=_quantiles(db, moment, attributes),
        contacts=contacts,
        product_ids=read_products(db),
    )


def _quantiles(
    db: duckdb.DuckDBPyConnection, moment: Moment, attributes: dict[str, Field]
) -> dict[str, tuple[float, ...]]:
    names = [*_SPREAD, *(n for n, field in attributes.items() if field.kind is Kind.NUMBER)]
    statement = _values_statement(names, moment)
    spread = ", ".join(
        f"quantile_disc({name(f'_v{at}')}, [q / 100 FOR q IN range(101)]) "
        f"FILTER ({name(f'_v{at}')} > 0)"
        for at in range(len(names))
    )
    row = db.execute(f"SELECT {spread} FROM ({statement.sql})", statement.values).fetchone()
    return {n: tuple(points) for n, points in zip(names, row or (), strict=True) if points}


def _values_statement(names: list[str], moment: Moment) -> Statement:
    trees = Trees(moment)
    contacts = sa.table("contacts", sa.column("_key"))
    columns: list[Any] = []
    for at, each in enumerate(names):
        condition = Condition(field=each, op=Op.GE, number=0)
        value = trees.predicates.value(moment.field(each), condition)
        columns.append(sa.cast(value, sa.Double).label(f"_v{at}"))
    return rendered(sa.select(*columns).select_from(trees.measures.beside(contacts)))


def read_catalogue(path: Path, attributes: dict[str, Field]) -> Catalogue | None:
    """A catalogue kept by `keep_catalogue`, or None if there is none that can be read."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        values = {k: tuple(Value(**v) for v in vs) for k, vs in kept["values"].items()}
        quantiles = {k: tuple(points) for k, points in kept["quantiles"].items()}
        return Catalogue(
            kept["version"], values, attributes, quantiles, kept["contacts"], kept["product_ids"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_catalogue(path: Path, catalogue: Catalogue) -> None:
    """Write a catalogue beside its database; where that can't be, it is computed again."""
    kept = {
        "version": catalogue.version,
        "values": {k: [asdict(v) for v in vs] for k, vs in catalogue.values.items()},
        "quantiles": dict(catalogue.quantiles),
        "contacts": catalogue.contacts,
        "product_ids": dict(catalogue.product_ids),
    }
    part = path.with_name(f"{path.name}.{os.getpid()}.building")
    with suppress(OSError):
        part.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        part.replace(path)
