"""One file into a temporary table `stage_…`: typed columns, and of unusable rows the fault."""

# ruff: noqa: S608 - SQL is put together from names of our own and quoted ones; values are bound

from dataclasses import dataclass, field

import duckdb

from planner.errors import Misconfigured
from store.audience.attributes import Attribute
from store.audience.files import File, name, not_utf8, quoted
from store.audience.schema import Column, Fault, Source, unreadable

_TEARS = {
    "MISSING COLUMNS": "too few columns",
    "TOO MANY COLUMNS": "too many columns",
    "UNQUOTED VALUE": "broken quotes",
    "LINE SIZE OVER MAXIMUM": "line too long",
}
_AS_THEY_ARE = ("TIMESTAMP", "DATE", "DECIMAL", "DOUBLE", "FLOAT", "BOOLEAN", "VARCHAR")


@dataclass
class Stage:
    """A file that has been read."""

    file: File
    faults: list[Fault]
    """By the number in the column `fault` of `faults_…`, whose `n` is the row, from 0."""
    rows: int = 0
    """How many rows were read, unusable ones included."""
    torn: dict[int, str] = field(default_factory=dict)
    """Lines (as bytes from the start) that aren't rows at all, and why."""

    rejected: int = 0
    """How many of them are unusable."""

    @property
    def source(self) -> Source:
        """The table's declaration."""
        return self.file.source


def stage(
    db: duckdb.DuckDBPyConnection, file: File, attributes: tuple[Attribute, ...] = ()
) -> Stage:
    """Read a file into `stage_<table>` and the numbers of its unusable rows into `faults_<table>`.

    Raises:
        Misconfigured: the file can't be read as what its name says.
    """
    faults: list[Fault] = []
    inner, outer, cases = [], [], []

    def case(fault: Fault, test: str) -> None:
        cases.append(f"WHEN {test} THEN {len(faults)}")
        faults.append(fault)

    for column in (*file.source.columns, *(a.column for a in attributes)):
        found = file.column(column.name)
        outer.append(name(column.name))
        if found is None:
            inner.append(f"CAST(NULL AS {column.type}) AS {name(column.name)}")
            continue
        raw = name("raw " + column.name)
        inner.append(f"{_text(name(found), column, file.columns[found])} AS {raw}")
        inner.append(f"{_typed(raw, column)} AS {name(column.name)}")
        for fault, test in _tests(column, raw):
            case(fault, test)
    for fault, test in file.source.rules:
        case(fault, test)
    table = file.source.name
    _read(
        db,
        file,
        f"CREATE TEMP TABLE stage_{table} AS SELECT {', '.join(outer)}, "
        f"CAST(CASE {' '.join(cases)} END AS UTINYINT) AS fault "
        f"FROM (SELECT {', '.join(inner)} FROM {file.relation()})",
    )
    (rows,) = db.execute(f"SELECT count(*) FROM stage_{table}").fetchone() or (0,)
    staged = Stage(file, faults, rows, _torn(db, file))
    _find_faults(db, staged)
    return staged


def empty_stage(db: duckdb.DuckDBPyConnection, source: Source) -> None:
    """The `stage_…` of a table that has no file."""
    columns = ", ".join(f"CAST(NULL AS {_sql_type(c)}) AS {name(c.name)}" for c in source.columns)
    db.execute(
        f"CREATE TEMP TABLE stage_{source.name} AS "
        f"SELECT {columns}, CAST(NULL AS UTINYINT) AS fault LIMIT 0"
    )
    db.execute(f"CREATE TEMP TABLE faults_{source.name} (n BIGINT, fault UTINYINT)")


def _sql_type(column: Column) -> str:
    if not column.choices:
        return column.type
    return f"ENUM({', '.join(quoted(choice) for choice in column.choices)})"


def _text(found: str, column: Column, type_: str) -> str:
    if type_ == "VARCHAR" or (column.type == "VARCHAR" and not column.choices):
        return f"nullif(CAST({found} AS VARCHAR), '')"
    if type_.startswith(_AS_THEY_ARE) or (type_.endswith(("INTEGER", "INT")) and _counts(column)):
        return found
    return f"CAST({found} AS VARCHAR)"


def _counts(column: Column) -> bool:
    return column.type in ("DOUBLE", "DECIMAL(18, 4)", "BOOLEAN")


def _typed(raw: str, column: Column) -> str:
    if column.choices:
        return f"TRY_CAST(lower(trim(CAST({raw} AS VARCHAR))) AS {_sql_type(column)})"
    if column.type == "VARCHAR":
        return raw
    cast = f"TRY_CAST({raw} AS {column.type})"
    if column.type in ("DATE", "TIMESTAMPTZ", "DOUBLE"):
        return f"CASE WHEN isfinite({cast}) THEN {cast} END"
    return cast


def _tests(column: Column, raw: str) -> list[tuple[Fault, str]]:
    tests = []
    typed = name(column.name)
    if column.filled:
        tests.append((Fault(column.name, "missing"), f"{raw} IS NULL"))
    if column.choices:
        tests.append((Fault(column.name, "unknown"), f"{raw} IS NOT NULL AND {typed} IS NULL"))
    elif column.type != "VARCHAR":
        tests.append((unreadable(column), f"{raw} IS NOT NULL AND {typed} IS NULL"))
    if column.least is not None:
        tests.append((Fault(column.name, "negative"), f"{typed} < {column.least}"))
    if column.most is not None:
        tests.append((Fault(column.name, "too large"), f"{typed} > {column.most}"))
    return tests


def _read(db: duckdb.DuckDBPyConnection, file: File, sql: str) -> None:
    for table in ("torn", "torn_scan"):
        db.execute(f"DROP TABLE IF EXISTS {table}")
    try:
        db.execute(sql)
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        what = "CSV" if file.delimiter else "Parquet"
        raise Misconfigured(f"{file.path.name} can't be read as {what} to its end.") from error


def _torn(db: duckdb.DuckDBPyConnection, file: File) -> dict[int, str]:
    if not file.delimiter:
        return {}
    with file.path.open("rb") as start:
        mark = 1 if start.read(3) == b"\xef\xbb\xbf" else 0
    rows = db.execute("SELECT line, line_byte_position, CAST(error_type AS VARCHAR) FROM torn")
    torn = {}
    for line, position, kind in rows.fetchall():
        if kind == "INVALID ENCODING":
            raise not_utf8(file.path, line)
        torn[max(position - 1 + mark, 0)] = _TEARS.get(kind, "unreadable row")
    return torn


def _find_faults(db: duckdb.DuckDBPyConnection, staged: Stage) -> None:
    source = staged.source
    table = f"stage_{source.name}"
    parts = [f"SELECT rowid AS n, fault FROM {table} WHERE fault IS NOT NULL"]
    if source.unique:
        staged.faults.append(Fault(source.unique, "duplicate"))
        parts.append(
            f"SELECT n, {len(staged.faults) - 1} FROM (SELECT rowid AS n, row_number() OVER "
            f"(PARTITION BY {source.unique} ORDER BY rowid) AS nth FROM {table} "
            f"WHERE fault IS NULL AND {source.unique} IN (SELECT {source.unique} FROM {table} "
            f"WHERE fault IS NULL GROUP BY ALL HAVING count(*) > 1)) WHERE nth > 1"
        )
    if source.refers:
        column, known = source.refers
        staged.faults.append(Fault(column, "unknown"))
        parts.append(
            f"SELECT rowid, {len(staged.faults) - 1} FROM {table} "
            f"WHERE fault IS NULL AND {column} NOT IN (SELECT {column} FROM good_{known})"
        )
    (staged.rejected,) = db.execute(
        f"CREATE TEMP TABLE faults_{source.name} AS SELECT n, CAST(fault AS UTINYINT) AS fault "
        f"FROM ({' UNION ALL '.join(parts)})"
    ).fetchone() or (0,)
