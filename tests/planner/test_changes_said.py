"""Tables of short conversations, a language each: what is said in turn, and the plan at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.chat import Said
from planner.dialog import step
from planner.state import Conversation
from planner.understand import read
from tests.planner.brand import BRAND, NOW, node

TABLES = Path(__file__).parent / "sentences" / "changes"


def conversations() -> Iterator[tuple[str, str, list[str]]]:
    for path in sorted(TABLES.glob("*.txt")):
        said, meant = "", list[str]()
        for line in [*path.read_text(encoding="utf-8").splitlines(), "."]:
            if line.startswith("    "):
                meant.append(line.strip())
                continue
            if said:
                yield path.stem, said, meant
            said, meant = line.strip(), []


def held(said: str) -> tuple[Conversation, list[str]]:
    """The state after texts said in turn, apart from each other by ||, and its plan."""
    state = Conversation()
    for text in said.split(" || "):
        reading = read(text, state, BRAND, NOW)
        state = step(state, Said(text), reading, BRAND, NOW).state
    return state, [node(item) for item in state.draft.items]


@pytest.mark.parametrize(("language", "said", "meant"), list(conversations()))
def test_a_conversation_ends_in_the_plan_of_the_table(
    language: str, said: str, meant: list[str]
) -> None:
    state, plan = held(said)
    assert plan == meant
    assert state.language == language
    assert state.unclear == ()
