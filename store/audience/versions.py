"""Imported data sets side by side: one database file each, and a pointer to the current one."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planner.errors import Misconfigured, Refused

_POINTER = "current"
_BUILDING = ".building"


def audience_folder(home: Path) -> Path:
    """Where a home keeps its customer data."""
    return home / "audience"


def new_version() -> str:
    """A name that no import had before."""
    return secrets.token_hex(6)


def database_file(home: Path, version: str) -> Path:
    """The database of one version."""
    return audience_folder(home) / f"{version}.duckdb"


def building_file(home: Path, version: str) -> Path:
    """The database of a version while it is being imported: nobody else looks at it."""
    return audience_folder(home) / f"{version}{_BUILDING}"


def current_version(home: Path) -> str:
    """The version to be read now.

    Raises:
        Misconfigured: nothing has been imported yet.
    """
    try:
        return (audience_folder(home) / _POINTER).read_text(encoding="ascii").strip()
    except FileNotFoundError as error:
        raise Misconfigured("No customer data yet. Run: divisi import FOLDER") from error


@contextmanager
def importing(home: Path) -> Iterator[None]:
    """Hold the lock under which one import at a time builds; the leftovers of killed ones go.

    Raises:
        Refused: another import is under way.
    """
    folder = audience_folder(home)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused("import_running") from error
        for left in folder.glob(f"*{_BUILDING}*"):
            _remove(left)
        yield


def publish(home: Path, version: str) -> None:
    """Make a built version the current one; keep the one before it, remove older ones."""
    folder = audience_folder(home)
    try:
        before = current_version(home)
    except Misconfigured:
        before = version
    built = building_file(home, version)
    _sync(built)
    built.replace(database_file(home, version))
    pointer = folder / f"{_POINTER}{_BUILDING}"
    pointer.write_text(version, encoding="ascii")
    _sync(pointer)
    pointer.replace(folder / _POINTER)
    _sync(folder)
    _keep(folder, version, before)


def keep_only_current(home: Path) -> None:
    """Remove every version but the current one; whoever has one open can still read it."""
    _keep(audience_folder(home), current_version(home))


def _keep(folder: Path, *kept: str) -> None:
    for path in folder.glob("*.*"):
        if path.name.split(".")[0] not in kept:
            _remove(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir():
        for inner in path.iterdir():
            inner.unlink(missing_ok=True)
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
