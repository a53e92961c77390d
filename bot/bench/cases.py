"""Cases in files, and the contacts that each of them wants by plain SQL.

A case is one JSON object a line: id, lang, level; "turns", what the person types, each next one
when a plan is ready; "answers" by slot; "must_ask", slots that have to be asked; "mentions", words
that have to appear; and "gold", SQL for the contacts wanted (see gold.sql), or "declined".
"""

import json
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from planner.errors import Misconfigured

Case = dict[str, Any]
_NEEDED = ("id", "lang", "level", "turns")


def read_cases(places: Iterable[Path]) -> Iterator[Case]:
    """The cases of files and folders.

    Raises:
        Misconfigured: a file can't be read, or a line in it is no case.
    """
    for place in places:
        for path in sorted(place.rglob("*.jsonl")) if place.is_dir() else [place]:
            yield from _cases_of(path)


def _cases_of(path: Path) -> Iterator[Case]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"The cases in {path} can't be read.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _case(line, f"{path}:{number}")


def _case(line: str, where: str) -> Case:
    try:
        case = json.loads(line)
    except ValueError as error:
        raise Misconfigured(f"{where} is no JSON.") from error
    if not isinstance(case, dict) or not all(name in case for name in _NEEDED):
        raise Misconfigured(f"{where} is no case: it needs {', '.join(_NEEDED)}.")
    if "gold" not in case and not case.get("declined"):
        raise Misconfigured(f'{where} is no case: it needs "gold" or "declined".')
    return case


def database(data: Path) -> duckdb.DuckDBPyConnection:
    """The tables of a folder in memory, with the views of the cases."""
    db = duckdb.connect()
    for path in sorted([*data.glob("*.parquet"), *data.glob("*.csv")]):
        db.execute(f"create table {path.stem} as select * from '{path}'")  # noqa: S608 - a file's own name
    db.execute((resources.files("bot.bench") / "gold.sql").read_text("utf-8"))
    return db


def wanted(case: Case, db: duckdb.DuckDBPyConnection) -> set[str]:
    """The contacts that a case wants."""
    sql = f"select distinct contact_id from ({case['gold']})"  # noqa: S608 - the case's own
    return {row[0] for row in db.execute(sql).fetchall()}
