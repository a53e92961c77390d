"""A segment as a value, read from its row."""

import json
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Row

from planner.plan import Plan


@dataclass(frozen=True, slots=True)
class Segment:
    """A confirmed plan with its name and, once computed, its members.

    It keeps its finished list while another is computed, of the same plan or of a new one: what
    the list is of stands in `listed_…`, what is to be computed in `plan`, `exclude`, `as_of`.
    """

    id: str
    name: str
    description: str
    """The person's own words for it."""
    plan: Plan
    exclude: tuple[str, ...]
    """Ids of the segments whose members are left out."""
    status: str
    """queued, computing, finished, failed or cancelled."""
    as_of: datetime
    created_at: datetime
    asked_by: str
    conversation: str
    """Where the news is told."""
    count: int | None
    """How many members the finished list has."""
    seconds: float | None
    reason: str
    """Why the last computing failed, as a message id or an error's name; empty if it did not."""
    attempts: int
    fence: int
    members_file: str | None
    """The finished list; None if there was never one."""
    revision: int
    """Stepped by every change that a person makes, from 1."""
    queued_at: datetime
    """When a person last had it computed; a retry keeps its place."""
    changed_at: datetime
    """When a person last changed it."""
    listed_plan: Plan | None
    listed_exclude: tuple[str, ...] | None
    listed_as_of: datetime | None
    listed_at: datetime | None
    """When the list was finished."""

    @property
    def listing(self) -> tuple[Plan, tuple[str, ...], datetime]:
        """What the finished list is of: plan, segments left out, moment; else what it is to be."""
        exclude = self.exclude if self.listed_exclude is None else self.listed_exclude
        return self.listed_plan or self.plan, exclude, self.listed_as_of or self.as_of


def name_key(name: str) -> str:
    """What two names must differ in: neither letter case, width nor spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def ids(exclude: str) -> tuple[str, ...]:
    """The ids in a column of excluded segments."""
    return () if exclude == "[]" else tuple(json.loads(exclude))


def read_row(row: Row[tuple[object, ...]]) -> Segment:
    """The segment of a whole row."""
    values = dict(row._mapping)  # noqa: SLF001 - its public name for this
    for unread in ("name_key", "key", "lease_until", "not_before"):
        del values[unread]
    plan = Plan.model_validate_json(values["plan"])
    listed_plan, listed_exclude = values["listed_plan"], values["listed_exclude"]
    if listed_plan is not None:
        same = listed_plan == values["plan"]
        listed_plan = plan if same else Plan.model_validate_json(listed_plan)
    return Segment(
        **values
        | {
            name: None if values[name] is None else datetime.fromtimestamp(values[name], UTC)
            for name in (
                "as_of", "created_at", "queued_at", "changed_at", "listed_as_of", "listed_at",
            )
        }
        | {
            "plan": plan,
            "exclude": ids(values["exclude"]),
            "listed_plan": listed_plan,
            "listed_exclude": None if listed_exclude is None else ids(listed_exclude),
        }
    )  # fmt: skip
