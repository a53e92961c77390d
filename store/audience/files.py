"""The files of a data set's folder: which there are, in what format, with what columns."""

# ruff: noqa: S608 - SQL is put together from names of our own and quoted ones; values are bound

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from planner.errors import Misconfigured
from store.audience.schema import SOURCES, Source

_SUFFIXES = (".csv", ".parquet")
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class File:
    """One table's file."""

    path: Path
    source: Source
    columns: dict[str, str]
    """The file's column names and DuckDB types; of a CSV file, all VARCHAR."""
    delimiter: str = ""
    """Of a CSV file; empty for Parquet."""

    def column(self, name: str) -> str | None:
        """The name of a column as the file writes it, or None if it isn't there."""
        return next((c for c in self.columns if c.strip().lower() == name.lower()), None)

    def relation(self) -> str:
        """The SQL that reads the file, rows in their order; unreadable CSV rows go to `torn`."""
        path = quoted(str(self.path))
        if not self.delimiter:
            return f"read_parquet({path})"
        columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in self.columns)
        return (
            f"read_csv({path}, columns={{{columns}}}, auto_detect=false, header=true, "
            f"delim={quoted(self.delimiter)}, quote='\"', escape='\"', store_rejects=true, "
            "rejects_table='torn', rejects_scan='torn_scan', rejects_limit=0)"
        )


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A name as an SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def find_files(folder: Path) -> dict[str, File]:
    """The files of a data set by table.

    Raises:
        Misconfigured: the folder or `contacts` is missing, a file isn't what its name says or
            lacks a column.
    """
    if not folder.is_dir():
        raise Misconfigured(f"{folder} is not a folder. Name the folder with the data's files.")
    files = {table: file for table in SOURCES if (file := _find(folder, table))}
    if "contacts" not in files:
        raise Misconfigured(f"{folder} has no contacts.csv or contacts.parquet.")
    for file in files.values():
        _check_header(file)
    return files


def _find(folder: Path, table: str) -> File | None:
    paths = [
        path
        for path in sorted(folder.iterdir())
        if path.stem == table and path.suffix.lower() in _SUFFIXES
    ]
    if len(paths) > 1:
        names = " and ".join(path.name for path in paths)
        raise Misconfigured(f"{folder} has both {names}. Keep one of them.")
    if not paths:
        return None
    read = _open_csv if paths[0].suffix.lower() == ".csv" else _open_parquet
    return read(paths[0], SOURCES[table])


def _open_parquet(path: Path, source: Source) -> File:
    try:
        rows = duckdb.connect().execute(f"DESCRIBE SELECT * FROM read_parquet({quoted(str(path))})")
        return File(path, source, {row[0]: str(row[1]) for row in rows.fetchall()})
    except duckdb.Error as error:
        raise Misconfigured(f"{path.name} is not a readable Parquet file.") from error


def _open_csv(path: Path, source: Source) -> File:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = next(_lines(file), "")
    except (UnicodeDecodeError, OSError) as error:
        raise not_utf8(path) from error
    if "\0" in first:
        raise not_utf8(path)
    delimiter = max(_DELIMITERS, key=first.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    if twice := {column for column in header if header.count(column) > 1}:
        raise Misconfigured(f"{path.name} has two columns named {min(twice)}.")
    return File(path, source, dict.fromkeys(header, "VARCHAR"), delimiter)


def _lines(file: io.TextIOWrapper) -> Iterator[str]:
    while line := file.readline(1_000_000):
        yield line


def not_utf8(path: Path, line: int | None = None) -> Misconfigured:
    """The error of a CSV file in another encoding, or no text at all."""
    where = "" if line is None else f" (line {line})"
    return Misconfigured(f"{path.name} is not CSV text in UTF-8{where}. Save it as UTF-8.")


def _check_header(file: File) -> None:
    missing = [column for column in file.source.needed if file.column(column) is None]
    if missing:
        found = ", ".join(file.columns) or "nothing"
        raise Misconfigured(
            f"{file.path.name} lacks the column {', '.join(missing)}. Its header has: {found}."
        )
    names = [column.strip().lower() for column in file.columns]
    twice = next((column for column in names if names.count(column) > 1), None)
    if twice is not None:
        raise Misconfigured(f"{file.path.name} has two columns named {twice}.")
