"""Member files as lists for people: CSV in which no cell is a formula."""

# ruff: noqa: S608 - SQL is put together from names of our own and quoted ones; values are bound

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import duckdb

from planner.errors import Misconfigured
from store.audience.files import name, quoted

ID = "contact_id"
_STARTS = "=+@＝＋－＠﹦﹢﹣﹫-"
_HARMFUL = rf"^(?:[\t\r\n]|[\pZ\pC]*[{_STARTS}])"
_WHOLE = 1e15
"""Above this a number with a fraction of zero is no longer sure to be a whole one."""


def harmless(cell: str) -> str:
    """The cell as text, whatever it starts with: a spreadsheet computes no formula in it."""
    start = 0
    while start < len(cell) and unicodedata.category(cell[start])[0] in "ZC":
        start += 1
    return f"'{cell}" if cell[:1] in tuple("\t\r\n") or cell[start:].startswith(tuple(_STARTS)) else cell


def known_columns(db: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The columns of contacts that were handed over, with their types."""
    rows = db.execute("SELECT column_name, column_type FROM (DESCRIBE contacts)").fetchall()
    return {column: type_ for column, type_ in rows if not column.startswith("_")}


def write_list(
    db: duckdb.DuckDBPyConnection,
    members: Path,
    columns: Sequence[str],
    target: Path,
    *,
    bom: bool = False,
) -> int:
    """Write a member file's contacts, in its order, with these columns; how many they are.

    Raises:
        Misconfigured: a column that the data set lacks; names those that it has.
    """
    chosen = _chosen(known_columns(db), columns)
    cells = [
        f"{_cell(column, type_)} AS {name(harmless(column))}" for column, type_ in chosen.items()
    ]
    if bom:
        first, _, header = cells[0].rpartition(' AS "')
        cells[0] = f'{first} AS "\ufeff{header}'
    rows = f"read_parquet({quoted(str(members))}) AS m"
    if list(chosen) != [ID]:
        rows += f" LEFT JOIN contacts AS c ON c.{ID} = m.{ID}"
    sql = (
        f"COPY (SELECT {', '.join(cells)} FROM {rows}) TO {quoted(str(target))} "
        "(FORMAT csv, HEADER, USE_TMP_FILE false)"
    )
    row = db.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _chosen(known: dict[str, str], columns: Sequence[str]) -> dict[str, str]:
    by_name = {column.lower(): column for column in known}
    chosen = {}
    for column in columns:
        found = by_name.get(column.strip().lower())
        if found is None:
            raise Misconfigured(
                f"There is no column {column.strip()}. The contacts have: {', '.join(known)}."
            )
        chosen[found] = known[found]
    return chosen


def _cell(column: str, type_: str) -> str:
    value = f"{'m' if column == ID else 'c'}.{name(column)}"
    if type_ == "VARCHAR":
        return f"CASE WHEN regexp_matches({value}, {quoted(_HARMFUL)}) THEN '''' || {value} ELSE {value} END"
    if type_ == "DOUBLE":
        whole = f"{value} = trunc({value}) AND abs({value}) < {_WHOLE}"
        return f"CASE WHEN {whole} THEN CAST(CAST({value} AS BIGINT) AS VARCHAR) ELSE CAST({value} AS VARCHAR) END"
    return value
