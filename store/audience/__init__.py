"""Customer data and the engine over it: what exists, how many, and who."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from planner.catalogue import Catalogue
from planner.errors import Misconfigured
from planner.facts import Explained
from planner.plan import AllOf, Condition


class Audience(Protocol):
    """What a segment is counted and computed from.

    Every method raises Misconfigured when nothing has been imported, Unavailable when the data
    can't be read, and Refused for a condition that can't be computed ("lookback",
    "unknown_field") or a member file that isn't there ("segment.unknown_exclude").
    After a new import, the next call answers from it.
    """

    async def version(self) -> str:
        """Identifies the data set; changes when an import is done."""

    async def catalogue(self, as_of: datetime) -> Catalogue:
        """The values and figures known on the local date of `as_of`."""

    async def count(
        self,
        roots: Sequence[AllOf],
        as_of: datetime,
        exclude: Sequence[Path] = (),
        within: Path | None = None,
    ) -> list[int]:
        """How many contacts are in each plan, less those in the member files, by one statement.

        Of those in the member file `within` alone, where it is given.
        """

    async def explain(
        self, contact_id: str, conditions: Sequence[Condition], as_of: datetime
    ) -> Explained | None:
        """Each condition with one contact's value; None if there is no such contact.

        The id is taken as written, or in any letter case where that names one contact alone.
        """

    async def member_ids(
        self, root: AllOf, as_of: datetime, exclude: Sequence[Path] = ()
    ) -> list[str]:
        """The ids of the contacts in a plan, sorted, less those in the member files `exclude`."""

    async def write_members(
        self, root: AllOf, as_of: datetime, exclude: Sequence[Path], target: Path
    ) -> int:
        """Write the ids as a Parquet file, whole or not at all, and say how many they are."""

    async def columns(self) -> tuple[str, ...]:
        """What is known of a contact under a column of its own: what can be exported."""

    async def write_csv(
        self, members: Path, columns: Sequence[str], target: Path, *, bom: bool = False
    ) -> int:
        """Write a member file's contacts with these columns as CSV, and say how many they are.

        No spreadsheet takes a cell for a formula. A member who has left the data since has its id
        alone. The file is written in place; `bom` marks it as UTF-8 for spreadsheets on Windows.
        """


def open_audience(place: str | Path, zone: ZoneInfo) -> Audience:
    """The audience of a home folder (or a `duckdb:` URL of one).

    Raises:
        Misconfigured: no engine for such a URL.
    """
    from store.audience.embedded import EmbeddedAudience  # noqa: PLC0415 - DuckDB loads on use

    return EmbeddedAudience(audience_home(place), zone)


def audience_home(place: str | Path) -> Path:
    """The folder whose `audience` holds the data, of a home or a `duckdb:` URL of one.

    Raises:
        Misconfigured: no engine for such a URL.
    """
    text = str(place)
    if text.startswith("duckdb:"):
        text = text.removeprefix("duckdb:").removeprefix("//")
    elif "://" in text:
        scheme = text.split("://", 1)[0]
        raise Misconfigured(f"AUDIENCE_URL: {scheme} is not supported. Use duckdb:///FOLDER.")
    return Path(text)
