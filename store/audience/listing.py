"""Member files as lists for people: CSV in which no cell is a formula."""

# ruff: noqa: S608 - SQL is put together from names of our own and quoted ones; values are bound

import shutil
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final

import duckdb

from planner.errors import Misconfigured
from store.audience.files import name, quoted

ID: Final = "contact_id"
BOM: Final = "\ufeff"
_SIGNS = "=+@＝＋－＠﹦﹢﹣﹫-"
_BREAKS = ("\t", "\r", "\n")
_FORMULA = rf"^(?:[\t\r\n]|[\pZ\pC]*[{_SIGNS}])"
_ROWS = 61_440
"""Members joined at a time (half a row group of DuckDB's), so that memory doesn't grow with the
list, and its order stays."""
_WHOLE = 1e15
"""Up to this a number without a fraction is written as a whole one."""


def harmless(cell: str) -> str:
    """The cell as text, whatever it starts with: a spreadsheet computes no formula in it."""
    start = 0
    while start < len(cell) and unicodedata.category(cell[start])[0] in "ZC":
        start += 1
    formula = cell.startswith(_BREAKS) or cell[start:].startswith(tuple(_SIGNS))
    return f"'{cell}" if formula else cell


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
    titles = [harmless(column) for column in chosen]
    if bom:
        titles[0] = BOM + titles[0]
    cells = ", ".join(
        f"{_cell(column, type_)} AS {name(title)}"
        for (column, type_), title in zip(chosen.items(), titles, strict=True)
    )
    file = f"read_parquet({quoted(str(members))}, file_row_number = true)"
    if list(chosen) == [ID]:
        return _copy(db, f"SELECT {cells} FROM {file} AS m", target)
    part, written = target.with_name(f"{target.name}.rows"), 0
    part.touch(mode=0o600)
    try:
        with target.open("wb") as whole:
            for rows in _joined(db, file, cells):
                written += _copy(db, rows, part, header=written == 0)
                _append(part, whole)
    finally:
        part.unlink(missing_ok=True)
    return written


def _joined(db: duckdb.DuckDBPyConnection, file: str, cells: str) -> Iterator[str]:
    """The SQL of each stretch of the list; of an empty list, one without rows."""
    (size,) = db.execute(f"SELECT count(*) FROM {file}").fetchone() or (0,)
    for start in range(0, max(size, 1), _ROWS):
        rows = f"{file} WHERE file_row_number BETWEEN {start} AND {start + _ROWS - 1}"
        yield (
            f"WITH m AS (FROM {rows}), ends AS (SELECT min({ID}) AS low, max({ID}) AS high FROM m) "
            f"SELECT {cells} FROM m LEFT JOIN (SELECT * FROM contacts WHERE {ID} BETWEEN "
            f"(SELECT low FROM ends) AND (SELECT high FROM ends)) AS c ON c.{ID} = m.{ID} "
            "ORDER BY m.file_row_number"
        )


def _copy(db: duckdb.DuckDBPyConnection, rows: str, target: Path, *, header: bool = True) -> int:
    sql = (
        f"COPY ({rows}) TO {quoted(str(target))} "
        f"(FORMAT csv, HEADER {str(header).lower()}, USE_TMP_FILE false)"
    )
    row = db.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _append(part: Path, whole: BinaryIO) -> None:
    with part.open("rb") as rows:
        shutil.copyfileobj(rows, whole, 1 << 20)


def _chosen(known: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    by_name = {column.lower(): column for column in known}
    chosen = {}
    for column in columns or (ID,):
        found = by_name.get(column.strip().lower())
        if found is None:
            raise Misconfigured(
                f"The contacts have no column {column.strip()!r}. They have: {', '.join(known)}."
            )
        chosen[found] = known[found]
    return chosen


def _cell(column: str, type_: str) -> str:
    value = f"{'m' if column == ID else 'c'}.{name(column)}"
    text = f"CAST({value} AS VARCHAR)"
    if type_ == "VARCHAR":
        test = f"regexp_matches({value}, {quoted(_FORMULA)})"
        return f"CASE WHEN {test} THEN concat('''', {value}) ELSE {value} END"
    if type_ == "DOUBLE":
        whole = f"{value} = trunc({value}) AND abs({value}) < {_WHOLE}"
        return f"CASE WHEN {whole} THEN CAST(CAST({value} AS BIGINT) AS VARCHAR) ELSE {text} END"
    return value
