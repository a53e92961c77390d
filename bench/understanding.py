"""Hold conversations of a folder of cases with the planner, and say how many it understood.

    python -m bench.understanding CASES ... --data FOLDER [--failed]

A case is one JSON object a line: id, lang, level; "turns", what the person types, each next one
when a plan is ready; "answers" by slot; "must_ask", slots that have to be asked; and "gold", SQL
for the contacts wanted (see cases/gold.sql), or "declined". A question without an answer is
answered "skip" ("no" to a suggestion) and counts as needless. Printed by language and level:

    right     members as wanted, nothing asked needlessly, nothing left unasked
    silent    wrong members in a plan that was accepted as ready, with no question about it
    needless  cases with a question that the case has no answer for
    asked     questions per case
    p50, p99  milliseconds of one turn: reading and dialog, without the counting
"""

import argparse
import asyncio
import json
import resource
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from planner.catalogue import Catalogue
from planner.chat import Chose, Context, Event, Question, Reply, Said, TextReply
from planner.dialog import step
from planner.plan import settled
from planner.state import Conversation
from planner.understand import read
from store.audience import Audience, open_audience
from store.audience.load import import_folder

AS_OF = datetime(2026, 6, 30, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Taipei")
HERE = Path(__file__).parent
_MOST_QUESTIONS = 12
Case = dict[str, Any]


@dataclass
class Talk:
    """One conversation with the planner alone."""

    catalogue: Catalogue
    state: Conversation = field(default_factory=Conversation)
    replies: tuple[Reply, ...] = ()
    asked: list[str] = field(default_factory=list)
    needless: list[str] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def hear(self, event: Event) -> None:
        context = Context(now=AS_OF, zone=ZONE, new_id="s")
        started = time.perf_counter()
        reading = (
            read(event.text, self.state, self.catalogue, context)
            if isinstance(event, Said)
            else None
        )
        turn = step(self.state, event, reading, self.catalogue, context)
        self.times.append((time.perf_counter() - started) * 1_000)
        self.state, self.replies = turn.state, turn.replies
        self.languages.add(turn.state.language)
        self.said += [r.text for r in turn.replies if isinstance(r, (TextReply, Question))]

    def hold(self, case: Case) -> None:
        for turn in case["turns"]:
            self.hear(Said(turn))
            for _ in range(_MOST_QUESTIONS):
                question = next((r for r in self.replies[::-1] if isinstance(r, Question)), None)
                if self.state.status != "asking" or question is None:
                    break
                self._answer(question.slot, case.get("answers", {}))

    def _answer(self, slot: str, answers: dict[str, Any]) -> None:
        self.asked.append(slot)
        reply = answers.get(slot)
        if reply is None:
            self.needless.append(slot)
            reply = {"choose": "no" if slot.startswith("suggest.") else "skip"}
        if isinstance(reply, str):
            self.hear(Said(reply))
        else:
            ids = reply["choose"]
            self.hear(Chose(tuple(ids) if isinstance(ids, list) else (ids,)))


def faults(case: Case, talk: Talk, members: set[str], wanted: set[str]) -> list[str]:
    """What is wrong with a conversation; nothing if it is right."""
    found = []
    if case.get("declined"):
        if talk.state.status != "declined":
            found.append(f"not declined: {talk.state.status}")
    elif members != wanted:
        found.append(f"members: {len(members)}, wanted {len(wanted)}")
    found += [f"never asked {slot}" for slot in case.get("must_ask", []) if slot not in talk.asked]
    spoken = " ".join(talk.said).lower()
    found += [f"never said {w}" for w in case.get("mentions", []) if w.lower() not in spoken]
    expected = case["lang"] if case["lang"] in ("en", "zh-Hant", "ja", "th") else "en"
    if talk.languages != {expected}:
        found.append(f"answered in {sorted(talk.languages)}")
    needless = [slot for slot in talk.needless if not slot.startswith("suggest.")]
    if needless:
        found.append(f"asked needlessly {needless}")
    return found


def silent(case: Case, talk: Talk, wrong: bool) -> bool:
    """Whether wrong members were shown as a plan that is ready, and nothing told the person."""
    warned = [slot for slot in talk.needless if not slot.startswith("suggest.")]
    return wrong and talk.state.status == "ready" and not warned and not case.get("declined")


def database(data: Path) -> duckdb.DuckDBPyConnection:
    """The tables of an import in memory, with the views of the cases."""
    db = duckdb.connect()
    for path in sorted([*data.glob("*.parquet"), *data.glob("*.csv")]):
        db.execute(f"create table {path.stem} as select * from '{path}'")
    db.execute((HERE / "cases" / "gold.sql").read_text())
    return db


def read_cases(places: list[Path]) -> Iterator[Case]:
    """The cases of files and folders."""
    for place in places:
        for path in sorted(place.rglob("*.jsonl")) if place.is_dir() else [place]:
            for line in path.read_text().splitlines():
                if line.strip():
                    yield json.loads(line)


async def run(cases: list[Case], data: Path, audience: Audience, failed: bool) -> list[list[Any]]:
    """Hold all cases; a row of figures for each."""
    db = database(data)
    catalogue = await audience.catalogue(AS_OF)
    rows = []
    for case in cases:
        talk = Talk(catalogue)
        talk.hold(case)
        members: set[str] = set()
        wanted: set[str] = set()
        if not case.get("declined"):
            members = set(await audience.member_ids(settled(talk.state.draft), AS_OF))
            sql = f"select distinct contact_id from ({case['gold']})"
            wanted = {row[0] for row in db.execute(sql).fetchall()}
        wrong = faults(case, talk, members, wanted)
        if wrong and failed:
            print(case["id"], case["turns"], wrong, sep="\n    ", flush=True)
        rows.append(
            [case["lang"], case["level"], not wrong, silent(case, talk, members != wanted),
             any(not s.startswith("suggest.") for s in talk.needless), len(talk.asked), talk.times]
        )  # fmt: skip
    return rows


def table(rows: list[list[Any]]) -> None:
    """Print the figures by language and level."""
    groups: dict[tuple[str, str], list[list[Any]]] = defaultdict(list)
    for row in rows:
        groups[row[0], row[1]].append(row)
        groups[row[0], "all"].append(row)
        groups["all", "all"].append(row)
    print(f"{'':8} {'':10} {'cases':>5} {'right':>11} {'silent':>6} {'needless':>8}"
          f" {'asked':>5} {'p50':>6} {'p99':>6} ms")  # fmt: skip
    for (language, level), found in sorted(groups.items(), key=_order):
        times = [t for row in found for t in (*row[6], row[6][0])]
        cuts = statistics.quantiles(times, n=100, method="inclusive")
        right = sum(row[2] for row in found)
        print(f"{language:8} {level:10} {len(found):5} {right:5} {right / len(found):5.0%}"
              f" {sum(row[3] for row in found):6} {sum(row[4] for row in found):8}"
              f" {sum(row[5] for row in found) / len(found):5.2f} {cuts[49]:6.1f}"
              f" {cuts[98]:6.1f}")  # fmt: skip


def _order(group: tuple[tuple[str, str], object]) -> tuple[bool, str, bool, str]:
    language, level = group[0]
    return language == "all", language, level == "all", level


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("cases", nargs="+", type=Path)
    options.add_argument("--data", type=Path, required=True, help="the folder that is imported")
    options.add_argument("--only", default="", help="an id's part, a level or a language")
    options.add_argument("--failed", action="store_true", help="print what was not right")
    given = options.parse_args()
    cases = [c for c in read_cases(given.cases)
             if given.only in c["id"] or given.only in (c["level"], c["lang"])]  # fmt: skip
    started = time.perf_counter()
    Talk(Catalogue()).hear(Said("hello"))
    loaded = time.perf_counter() - started
    with tempfile.TemporaryDirectory() as folder:
        import_folder(given.data, Path(folder))
        audience = open_audience(folder, ZONE)
        table(asyncio.run(run(cases, given.data, audience, given.failed)))
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"vocabularies loaded in {loaded:.2f} s; peak memory with data {size:.0f} MB")


if __name__ == "__main__":
    main()
