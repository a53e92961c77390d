"""Hold the conversations of a folder of cases, and say how many were understood."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import duckdb

from adapters.model.client import Model
from adapters.model.settings import ModelSettings
from bot.bench.cases import Case, database, read_cases, wanted
from bot.bench.figures import Price, Row, Tally, table
from bot.bench.files import FileModel
from bot.bench.talk import AS_OF, ZONE, Reads, Talk, Waiting, faults, needless, silent
from bot.settings import read_environment
from bot.telemetry import set_up
from bot.understanding import Asked, Understanding
from planner.catalogue import Catalogue
from planner.chat import Context
from planner.commands import Reading
from planner.errors import Misconfigured
from planner.plan import settled
from planner.state import Conversation
from planner.understand import read
from store.audience import Audience, open_audience
from store.audience.load import import_folder

Planner = Literal["vocabulary", "auto", "always"]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be measured."""

    cases: tuple[Path, ...]
    data: Path
    """The folder that is imported."""
    planner: Planner = "vocabulary"
    only: str = ""
    """A part of an id, a level or a language."""
    failed: bool = False
    """Whether what was not right is printed."""
    out: Path | None = None
    """Where a model's prompts are written instead of being sent."""
    answers: Path | None = None
    """Where a model's answers are read instead."""
    price: Price | None = None
    at_once: int = 1

    @property
    def in_files(self) -> bool:
        """Whether files stand for the model."""
        return self.out is not None or self.answers is not None


def measure(order: Order) -> None:
    """Hold all cases and print the table.

    Raises:
        Misconfigured: there are no cases, no data, or no model.
    """
    cases = [case for case in read_cases(order.cases) if _is_meant(case, order.only)]
    if not cases:
        raise Misconfigured("There are no cases there: name files or folders of *.jsonl.")
    set_up("error")  # what a model gave no answer to is in the table
    if order.out is not None:
        order.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        import_folder(order.data, Path(folder))
        rows, waiting = asyncio.run(_held(cases, order, open_audience(folder, ZONE)))
    for line in table(rows, order.price) if rows else ():
        _print(line)
    if waiting:
        where = f" Prompts are in {order.out}." if order.out is not None else ""
        _print(f"{len(waiting)} of {len(cases)} cases wait for an answer.{where}")


def _is_meant(case: Case, only: str) -> bool:
    return only in case["id"] or only in (case["level"], case["lang"])


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def _held(
    cases: Sequence[Case], order: Order, audience: Audience
) -> tuple[list[Row], list[Case]]:
    """The figures of the cases that came to an end, and the cases that wait."""
    db, catalogue = database(order.data), await audience.catalogue(AS_OF)
    await _vocabulary("hello", Conversation(), catalogue, Context(AS_OF, ZONE))  # it loads now
    free = asyncio.Semaphore(max(1, order.at_once))
    async with _models(order) as model_of:
        run = _Run(order, db, catalogue, audience, model_of)

        async def one(case: Case) -> Row | None:
            async with free:
                return await run.row(case)

        found = await asyncio.gather(*(one(case) for case in cases))
    rows = [row for row in found if row is not None]
    return rows, [case for case, row in zip(cases, found, strict=True) if row is None]


@asynccontextmanager
async def _models(order: Order) -> AsyncIterator[Callable[[Case], Asked | None]]:
    """What gives each case its model."""
    if order.planner == "vocabulary":
        yield lambda _: None
    elif order.in_files:
        yield lambda case: FileModel(case["id"], order.out, order.answers)
    else:
        settings = read_environment(ModelSettings)
        if not settings.enabled:
            raise Misconfigured(
                "There is no language model to measure: set OPENAI_API_KEY or OPENAI_BASE_URL, "
                "or take its answers from files with: divisi bench prompts"
            )
        model = Model(settings)
        try:
            yield lambda _: model
        finally:
            await model.close()


@dataclass(frozen=True, slots=True)
class _Run:
    order: Order
    db: duckdb.DuckDBPyConnection
    catalogue: Catalogue
    audience: Audience
    model_of: Callable[[Case], Asked | None]

    async def row(self, case: Case) -> Row | None:
        """The figures of one case; None if it waits for an answer."""
        tally = Tally()
        talk = Talk(self.catalogue, self._reads(self.model_of(case), tally))
        try:
            await talk.hold(case)
        except Waiting:
            return None
        members: set[str] = set()
        gold: set[str] = set()
        if not case.get("declined"):
            members = set(await self.audience.member_ids(settled(talk.state.draft), AS_OF))
            gold = wanted(case, self.db)
        wrong = faults(case, talk, members, gold)
        if wrong and self.order.failed:
            _print("\n    ".join((case["id"], str(case["turns"]), str(wrong))))
        return Row(
            case,
            not wrong,
            silent(case, talk, members != gold),
            bool(needless(talk)),
            len(talk.asked),
            talk.times,
            tally,
        )

    def _reads(self, model: Asked | None, tally: Tally) -> Reads:
        if model is None or self.order.planner == "vocabulary":
            return _vocabulary
        seconds = 60.0 if self.order.in_files else read_environment(ModelSettings).seconds
        both = Understanding(model, None, self.order.planner, seconds, counts=tally)

        async def reads(
            text: str, state: Conversation, catalogue: Catalogue, context: Context
        ) -> Reading:
            reading = await both.reading(text, state, catalogue, context)
            if isinstance(model, FileModel) and model.waiting:
                raise Waiting
            return reading

        return reads


async def _vocabulary(
    text: str, state: Conversation, catalogue: Catalogue, context: Context
) -> Reading:
    return read(text, state, catalogue, context)


def with_prompts(order: Order, out: Path | None, answers: Path | None) -> Order:
    """The same with files in place of the model.

    Raises:
        Misconfigured: neither folder is named, or there are no answers.
    """
    if out is None and answers is None:
        raise Misconfigured("Say where: --out FOLDER for prompts, --answers FOLDER for answers.")
    if answers is not None and not answers.is_dir():
        raise Misconfigured(f"There is no folder {answers} with answers.")
    return replace(order, out=out, answers=answers)
