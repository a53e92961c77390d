"""What LINE told since the data was exported: a new version of it with other LINE statuses."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb

from planner.errors import Misconfigured, Unavailable
from store.audience import prepare, versions
from store.audience.files import quoted

_TOLD: Final = "CREATE TEMP TABLE told AS SELECT unnest($1) AS line_user_id, unnest($2) AS status"
_OTHER: Final = "c.line_user_id = told.line_user_id AND c.line_status <> told.status"


def apply_statuses(home: Path, told: Mapping[str, str]) -> int:
    """Publish the data with these statuses by LINE user id; how many contacts had another one.

    Where nobody had, nothing is written. The file is copied and changed: what it costs is the
    copy, so it is done now and then for all that came together.

    Raises:
        Refused: an import is under way.
        Unavailable: the disk is full, or the data can't be read.
    """
    if not told:
        return 0
    with versions.importing(home):
        try:
            return _apply(home, versions.current_version(home), told)
        except Misconfigured:  # nothing was imported, or by another version: nobody to change
            return 0
        except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
            raise Unavailable(
                "There is no room to write the data anew, or it can't be read."
            ) from error


def _apply(home: Path, current: str, told: Mapping[str, str]) -> int:
    before = versions.database_file(home, current)
    with duckdb.connect() as db:
        db.execute(f"ATTACH {quoted(str(before))} AS old (READ_ONLY)")
        prepare.check_layout(db, "old._layout")
        db.execute(_TOLD, [list(told), list(told.values())])
        row = db.execute(f"SELECT count(*) FROM old.contacts c, told WHERE {_OTHER}").fetchone()  # noqa: S608
        changed = int(row[0]) if row is not None else 0
    if changed:
        version = versions.new_version()
        building = versions.building_file(home, version)
        shutil.copyfile(before, building)
        with duckdb.connect(str(building)) as db:
            db.execute(_TOLD, [list(told), list(told.values())])
            db.execute(f"UPDATE contacts c SET line_status = told.status FROM told WHERE {_OTHER}")  # noqa: S608
            db.execute("CHECKPOINT")
        versions.publish(home, version)
    return changed
