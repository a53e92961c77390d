"""Custom attributes: the further columns of contacts, under their own names and types."""

# ruff: noqa: S608 - SQL is put together from names of our own and quoted ones; values are bound

from dataclasses import dataclass

import duckdb

from planner.fields import FIELDS, Kind
from store.audience.files import File, name
from store.audience.schema import Column, Type

_NUMBERS = ("INT", "DECIMAL", "DOUBLE", "FLOAT")
_PLAIN_NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"
# A leading zero or sign is a phone number's or a code's: such a column stays text.


_KINDS: dict[Type, Kind] = {
    "DOUBLE": Kind.NUMBER,
    "BOOLEAN": Kind.BOOLEAN,
    "DATE": Kind.MOMENT,
    "TIMESTAMPTZ": Kind.MOMENT,
    "VARCHAR": Kind.TEXT,
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """A custom attribute."""

    column: Column

    @property
    def kind(self) -> Kind:
        """How it is compared."""
        return _KINDS[self.column.type]


def column_of(title: str, kind: Kind) -> Column:
    """The column of an attribute that is known by name and kind."""
    type_ = next(each for each, known in _KINDS.items() if known is kind)
    return Column(title, type_, needed=False, filled=False)


def find_attributes(
    db: duckdb.DuckDBPyConnection, file: File
) -> tuple[tuple[Attribute, ...], tuple[str, ...]]:
    """The custom attributes in contacts' file, and the columns left out.

    A column is left out when a field has its name, when its type can't be compared (a list, a
    blob), or when its name starts with an underscore, as columns prepared at import do.
    """
    own = {column.name for column in file.source.columns}
    further = [column for column in file.columns if column.strip().lower() not in own]
    types = _csv_types(db, file, further) if file.delimiter else _parquet_types(file, further)
    kept, left_out = [], []
    for column in further:
        type_ = types.get(column)
        title = column.strip()
        if type_ is None or not title or title.startswith("_") or title.lower() in FIELDS:
            left_out.append(column)
        else:
            kept.append(Attribute(Column(title, type_, needed=False, filled=False)))
    return tuple(kept), tuple(left_out)


def _parquet_types(file: File, columns: list[str]) -> dict[str, Type | None]:
    return {column: _comparable(file.columns[column]) for column in columns}


def _comparable(type_: str) -> Type | None:
    if type_.endswith("[]") or type_.startswith(("STRUCT", "MAP", "UNION", "BLOB", "INTERVAL")):
        return None
    if type_ == "BOOLEAN":
        return "BOOLEAN"
    if type_ == "DATE":
        return "DATE"
    if type_.startswith("TIMESTAMP"):
        return "TIMESTAMPTZ"
    return "DOUBLE" if any(word in type_ for word in _NUMBERS) else "VARCHAR"


def _csv_types(
    db: duckdb.DuckDBPyConnection, file: File, columns: list[str]
) -> dict[str, Type | None]:
    if not columns:
        return {}
    tests: tuple[tuple[Type, str], ...] = (
        ("DOUBLE", f"regexp_full_match({{0}}, '{_PLAIN_NUMBER}')"),
        ("BOOLEAN", "TRY_CAST({0} AS BOOLEAN) IS NOT NULL"),
        ("DATE", "length({0}) = 10 AND TRY_CAST({0} AS DATE) IS NOT NULL"),
        ("TIMESTAMPTZ", "TRY_CAST({0} AS TIMESTAMPTZ) IS NOT NULL"),
    )
    parts = [
        f"coalesce(bool_and({test.format(name(column))}) FILTER "
        f"({name(column)} IS NOT NULL), false)"
        for column in columns
        for _, test in tests
    ]
    row = db.execute(f"SELECT {', '.join(parts)} FROM {file.relation()}").fetchone()
    found = iter(row or ())
    types: dict[str, Type | None] = {}
    for column in columns:
        fits = [type_ for type_, _ in tests if next(found)]
        types[column] = fits[0] if fits else "VARCHAR"
    return types
