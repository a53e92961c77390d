"""The rows that an import left out: counted by reason, and listed by line, never by content."""

# ruff: noqa: S608 - SQL is put together from names of our own and quoted ones; values are bound

import csv
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from store.audience.files import File
from store.audience.stage import Stage

_BATCH = 10_000
_BLOCK = 1 << 20


def count_rejects(db: duckdb.DuckDBPyConnection, stage: Stage) -> dict[str, int]:
    """How many rows of a file were left out, by reason."""
    counts: Counter[str] = Counter(stage.torn.values())
    sql = f"SELECT fault, count(*) FROM faults_{stage.source.name} GROUP BY fault"
    for number, count in db.execute(sql).fetchall():
        fault = stage.faults[number]
        counts[f"{fault.reason} {fault.column}"] += count
    return dict(counts.most_common())


def write_rejects(db: duckdb.DuckDBPyConnection, stages: Sequence[Stage], path: Path) -> None:
    """Write a CSV file of file name, line (of Parquet: row, from 1), column and reason."""
    with path.open("w", encoding="utf-8", newline="") as file:
        os.fchmod(file.fileno(), 0o600)
        writer = csv.writer(file)
        writer.writerow(("file", "line", "column", "reason"))
        for stage in stages:
            for line, column, reason in _rejects(db, stage):
                writer.writerow((stage.file.path.name, line, column, reason))


def _rejects(db: duckdb.DuckDBPyConnection, stage: Stage) -> Iterator[tuple[int, str, str]]:
    torn = {_line_at(stage.file.path, at): why for at, why in sorted(stage.torn.items())}
    for line, why in torn.items():
        yield line, "", why
    lines = _lines(stage, set(torn))
    at, line = -1, 0
    rows = db.execute(f"SELECT n, fault FROM faults_{stage.source.name} ORDER BY n")
    while batch := rows.fetchmany(_BATCH):
        for n, number in batch:
            while at < n:
                at, line = at + 1, next(lines, line + 1)
            fault = stage.faults[number]
            yield line, fault.column, fault.reason


def _lines(stage: Stage, torn: set[int]) -> Iterator[int]:
    """The line on which each row starts."""
    if not stage.file.delimiter:
        return _count_from(1)
    if not torn and not _has_long_rows(stage):
        return _count_from(2)
    return _record_lines(stage.file, torn)


def _count_from(line: int) -> Iterator[int]:
    while True:
        yield line
        line += 1


def _has_long_rows(stage: Stage) -> bool:
    with stage.file.path.open("rb") as file:
        breaks = sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))
    return breaks not in (stage.rows, stage.rows + 1)


def _record_lines(file: File, torn: set[int]) -> Iterator[int]:
    with file.path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text, delimiter=file.delimiter)
        next(reader, None)
        last = reader.line_num
        for row in reader:
            start, last = last + 1, reader.line_num
            if row and start not in torn:
                yield start


def _line_at(path: Path, position: int) -> int:
    """The number of the line that holds a byte."""
    lines = 1
    with path.open("rb") as file:
        while position > 0 and (block := file.read(min(_BLOCK, position))):
            lines += block.count(b"\n")
            position -= len(block)
        while (byte := file.read(1)) in (b"\r", b"\n"):  # blank lines before the row
            lines += byte == b"\n"
    return lines
