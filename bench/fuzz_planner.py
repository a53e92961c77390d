"""Throw random and mutated utterances at the planner, and count what must never happen.

    python -m bench.fuzz_planner [--count 1000000] [--seed 1] [--processes 2]

Sentences of the tests' tables are cut, doubled, spliced and littered, and said one after another in
conversations of a few turns. Counted are crashes, turns that take too long, and plans with a name
that the data does not have or a number that was not said.
"""

import argparse
import multiprocessing
import random
import re
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from planner.chat import Chose, Event, Said
from planner.commands import Add, Change, Command
from planner.dialog import step
from planner.plan import AllOf, Condition, Node, leaves
from planner.state import Conversation
from planner.understand import read
from planner.understand.normalise import normalise
from planner.understand.numbers import numbers
from tests.planner.brand import BRAND, NOW

TABLES = Path(__file__).parents[1] / "tests" / "planner" / "sentences"
TOO_LONG_SECONDS = 0.5
TURNS = 4
_LITTER = (
    "　 \n\t0123456789.,、。!?'\"「」()[]{}<>/\\|@#$%^&*-_=+~`:;🎉👍🏽"
    "\u200b\u202e\u0e34\u0301ａＡéßİıﬁ"
)
_NAMED = ("tag", "city", "membership_tier", "gender", "language", "favorite_store")
_GIVEN = {0.0, 1.0, 2.0, 0.3, 0.7}
"""Numbers that words say: none, once, twice; the ends of a medium probability."""


def mutated(rng: random.Random, sentences: list[str]) -> str:
    """A sentence with a few things wrong with it."""
    text = rng.choice(sentences)
    for _ in range(rng.randint(0, 4)):
        place, end = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
        kind = rng.randrange(7)
        if kind == 0:
            text = text[:place] + text[end:]
        elif kind == 1:
            text = text[:end] + text[place:]
        elif kind == 2:
            text = text[:place] + rng.choice(_LITTER) * rng.choice((1, 1, 1, 30)) + text[place:]
        elif kind == 3:
            text = text[:place] + rng.choice(sentences)[rng.randint(0, 20) :]
        elif kind == 4:
            text = text[:place] + "".join(rng.sample(text[place:end], end - place)) + text[end:]
        elif kind == 5:
            text = text[:place] + chr(rng.randrange(0x20, 0xD800)) + text[end:]
        else:
            text = re.sub(r"\d", str(rng.randint(0, 9)), text)
    return text


def faults(text: str, commands: tuple[Command, ...]) -> Iterator[str]:
    """What a reading holds that was neither said nor is in the data."""
    found = [number.value for number in numbers(normalise(text).form)]
    allowed = _GIVEN | {scaled for value in found for scaled in _scales(value, found)}
    nodes: list[Node] = [command.node for command in commands if isinstance(command, Add)]
    for leaf in leaves(AllOf(items=tuple(nodes))):
        condition = leaf if isinstance(leaf, Condition) else leaf.condition
        if condition.field in _NAMED:
            yield from _unknown(condition.field, condition.texts)
        yield from _unknown("product", condition.scope.products)
        yield from _unknown("category", condition.scope.categories)
        yield from _unknown("campaign", condition.scope.campaigns)
        for number in (condition.number, condition.upper):
            if number is not None and condition.field != "birthday" and number not in allowed:
                yield f"number not said: {number}"
    for command in commands:
        if isinstance(command, Change) and command.number not in (None, *allowed):
            yield f"number not said: {command.number}"


def _unknown(kind: str, names: tuple[str, ...]) -> Iterator[str]:
    return (f"no such {kind}: {name}" for name in names if name not in BRAND.names(kind))


def _scales(value: float, found: list[float]) -> Iterator[float]:
    """A number, a part of a hundred or ten, the end of a decade, or scaled as its range is."""
    yield from (value, value / 100, value / 10, value + 9)
    for other in found:
        yield from (
            value * scale for scale in (10, 100, 1e3, 1e4, 1e5, 1e6) if value * scale <= other
        )


def run(job: tuple[int, int]) -> dict[str, list[str]]:
    """Hold conversations until so many utterances were said; the first of each kind of fault."""
    count, seed = job
    rng = random.Random(seed)
    sentences = [
        line
        for path in sorted(TABLES.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith(" ")
    ]
    wrong: dict[str, list[str]] = {}
    state = Conversation()
    read("", state, BRAND, NOW)  # the vocabularies load
    for said in range(count):
        if said % TURNS == 0:
            state = Conversation()
        text = mutated(rng, sentences)
        state = _say(text, state, rng, wrong)
    return wrong


def _say(
    text: str, state: Conversation, rng: random.Random, wrong: dict[str, list[str]]
) -> Conversation:
    started = time.perf_counter()
    try:
        event: Event = Said(text)
        reading = read(text, state, BRAND, NOW)
        after = step(state, event, reading, BRAND, NOW).state
        for fault in faults(text, reading.commands):
            wrong.setdefault(fault.split(":")[0], []).append(f"{fault} <- {text!r}")
        if after.pending is not None and rng.random() < 0.5:
            after = _tap(after, rng)
    except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
        wrong.setdefault("crash", []).append(f"{text!r}\n{traceback.format_exc()}")
        return Conversation()
    if time.perf_counter() - started > TOO_LONG_SECONDS:
        wrong.setdefault("slow", []).append(repr(text))
    return after


def _tap(state: Conversation, rng: random.Random) -> Conversation:
    ids = [option.id for option in state.pending.options] if state.pending else []
    event = Chose((rng.choice([*ids, "skip", "all", "nonsense"]),))
    return step(state, event, None, BRAND, NOW).state


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=1_000_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--processes", type=int, default=2)
    given = options.parse_args()
    jobs = 50
    work = [(given.count // jobs, given.seed * 1_000 + job) for job in range(jobs)]
    started = time.perf_counter()
    wrong: dict[str, list[str]] = {}
    with multiprocessing.Pool(given.processes) as pool:
        for found in pool.imap_unordered(run, work):
            for kind, examples in found.items():
                wrong.setdefault(kind, []).extend(examples)
    print(f"{given.count:,} utterances in {time.perf_counter() - started:.0f} s")
    for kind, examples in wrong.items():
        print(f"{kind}: {len(examples)}", *examples[:5], sep="\n    ")
    print("nothing that must not happen" if not wrong else "")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
