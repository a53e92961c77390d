"""Import a folder of customer data as a new database, beside the one in use."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from planner.errors import Unavailable
from store.audience import prepare, versions
from store.audience.attributes import find_attributes
from store.audience.files import File, find_files, quoted
from store.audience.rejects import count_rejects, write_rejects
from store.audience.schema import SOURCES
from store.audience.stage import Stage, empty_stage, stage
from store.audience.values import prepare_values

Progress = Callable[[float, str], None]
"""Told how far an import is, from 0 to 1, and which table it reads."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import took in and what it left out."""

    rows: dict[str, int]
    """Rows taken in, by table."""
    rejected: dict[str, dict[str, int]]
    """Rows left out, by table and reason."""
    rejects_file: Path | None
    """CSV of file, line, column and reason; None when every row was good."""
    seconds: float
    version: str
    left_out: tuple[str, ...] = ()
    """Further columns of contacts that can't be custom attributes."""


def import_folder(folder: Path, home: Path, *, progress: Progress | None = None) -> ImportReport:
    """Read a data set and make it the current one; on any error the old one stays.

    Raises:
        Misconfigured: a file is missing, or is not what its name says.
        Refused: another import is under way.
        Unavailable: the disk is full or can't be written.
    """
    started = time.monotonic()
    files = find_files(folder)
    version = versions.new_version()
    with versions.importing(home):
        try:
            report = _build(home, version, files, progress or (lambda _done, _table: None))
            versions.publish(home, version)
        except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise Unavailable("The import ran out of disk or memory, or can't write.") from error
    return replace(report, seconds=time.monotonic() - started)


def _build(home: Path, version: str, files: dict[str, File], progress: Progress) -> ImportReport:
    building = versions.building_file(home, version)
    with duckdb.connect(str(building)) as db:
        db.execute("SET TimeZone = 'UTC'")
        db.execute(f"SET temp_directory = {quoted(f'{building}.spill')}")
        stages, left_out = _read(db, files, progress)
        rejected = {s.source.name: counts for s in stages if (counts := count_rejects(db, s))}
        rows = {s.source.name: s.rows - s.rejected for s in stages}
        path = versions.audience_folder(home) / f"{version}.rejects.csv" if rejected else None
        if path is not None:
            write_rejects(db, stages, path)
        db.execute("CHECKPOINT")
    progress(1.0, "")
    return ImportReport(rows, rejected, path, 0.0, version, left_out)


def _read(
    db: duckdb.DuckDBPyConnection, files: dict[str, File], progress: Progress
) -> tuple[list[Stage], tuple[str, ...]]:
    attributes, left_out = find_attributes(db, files["contacts"])
    sizes = {table: f.path.stat().st_size + 1 for table, f in files.items()}
    stages, done = [], 0
    for table, source in SOURCES.items():
        progress(done / sum(sizes.values()), table)
        if table in files:
            stages.append(stage(db, files[table], attributes if table == "contacts" else ()))
        else:
            empty_stage(db, source)
        if table == "contacts":
            prepare.number_contacts(db, attributes)
        else:
            prepare.prepare_from(db, table)
        done += sizes.get(table, 0)
    prepare.finish(db, attributes)
    prepare_values(db, attributes)
    return stages, left_out
