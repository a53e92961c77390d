"""Sample customers: an invented brand, drawn by DuckDB and the same for the same seed.

`brand.toml` holds the names, `tables/*.sql` how each table is drawn. Every draw is a hash of the
seed, a row's number and the draw's name, so that the tables can be written in one streaming pass.
"""

import tomllib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

_TABLES = (
    "contacts",
    "contact_tags",
    "contact_notes",
    "orders",
    "order_items",
    "cart_events",
    "message_events",
)

_MACROS = """
CREATE MACRO as_of() AS getvariable('as_of');
CREATE MACRO contact_id(n) AS 'M' || lpad(n::VARCHAR, 7, '0');
CREATE MACRO order_id(n) AS 'S' || lpad(n::VARCHAR, 9, '0');
-- Evenly drawn from [0, 1).
CREATE MACRO u(n, draw) AS
    (hash(n, draw, getvariable('seed')) >> 11)::DOUBLE / 9007199254740992;
-- Drawn from the standard normal distribution (Box-Muller).
CREATE MACRO gauss(n, draw) AS
    sqrt(-2 * ln(1 - u(n, draw))) * cos(2 * pi() * u(n, draw || ' angle'));
-- One of a list; a skew above 1 prefers its beginning.
CREATE MACRO skewed(list, x, skew) AS list[1 + floor(len(list) * x ** skew)::INTEGER];
"""


def write_sample(
    folder: Path,
    contacts: int = 20_000,
    seed: int = 7,
    as_of: datetime | None = None,
    progress: Callable[[float], None] | None = None,
    messages: int = 6,
) -> None:
    """Write one Parquet file per table into `folder`, which is made if need be.

    Args:
        folder: where the files go; those of the same names are replaced.
        contacts: how many customers; all other tables grow with them.
        seed: another one gives other customers.
        as_of: the moment nothing is later than; now, if not given.
        progress: told the share done, from 0 to 1.
        messages: message events per contact, on average.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tell = progress or (lambda _share: None)
    brand = tomllib.loads(_read("brand.toml"))
    with duckdb.connect() as connection:
        _prepare(connection, brand, contacts, seed, as_of or datetime.now(UTC), messages)
        for step, name in enumerate(("person", "item", *_TABLES)):
            tell(step / (len(_TABLES) + 2))
            select = _read(f"tables/{name}.sql").format(
                tags=_labels(brand["tags"], "name"), notes=_labels(brand["notes"], "note")
            )
            if name in _TABLES:
                target = _quoted(str(folder / f"{name}.parquet"))
                connection.execute(f"COPY ({select}) TO '{target}' (FORMAT parquet)")
            else:
                connection.execute(f"CREATE TABLE {name} AS {select}")
    tell(1.0)


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def _prepare(
    connection: duckdb.DuckDBPyConnection,
    brand: dict[str, Any],
    contacts: int,
    seed: int,
    as_of: datetime,
    messages: int,
) -> None:
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(f"SET VARIABLE contacts = {contacts}")
    connection.execute(f"SET VARIABLE seed = {seed}")
    connection.execute(f"SET VARIABLE messages = {messages}")
    connection.execute(f"SET VARIABLE as_of = TIMESTAMPTZ '{as_of.astimezone(UTC).isoformat()}'")
    connection.execute(_MACROS)
    connection.execute(
        "CREATE TABLE shelf (category VARCHAR, "
        "products STRUCT(product_id VARCHAR, product_name VARCHAR, price DOUBLE)[])"
    )
    for category in brand["categories"]:
        connection.execute(
            "INSERT INTO shelf VALUES (?, ?)",
            [
                category["name"],
                [
                    dict(zip(("product_id", "product_name", "price"), product, strict=True))
                    for product in category["products"]
                ],
            ],
        )
    connection.execute(
        "CREATE TABLE brand AS SELECT ? AS countries, ? AS bounds, ? AS category_names, "
        "? AS tiers, ? AS campaigns",
        [
            brand["countries"],
            _bounds(country["share"] for country in brand["countries"]),
            [category["name"] for category in brand["categories"]],
            brand["tiers"],
            brand["campaigns"],
        ],
    )


def _bounds(shares: Iterable[float]) -> list[float]:
    """Where each share ends, without the last end."""
    ends, total = [], 0.0
    for share in shares:
        total += share
        ends.append(total)
    return ends[:-1]


def _labels(labels: list[dict[str, Any]], key: str) -> str:
    """SQL for who has which tag or note."""
    selects = []
    for number, label in enumerate(labels):
        source, name = label.get("source", "maac"), _quoted(label[key])
        drawn = f"u(n, 'label {number} {key}') < {label['share']}"
        selects.append(
            f"SELECT n, '{source}' AS source, '{name}' AS name "  # noqa: S608 - all of brand.toml
            f"FROM person WHERE ({label['among']}) AND {drawn}"
        )
    return " UNION ALL ".join(selects)


def _quoted(text: str) -> str:
    return text.replace("'", "''")
