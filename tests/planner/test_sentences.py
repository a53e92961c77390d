"""Tables of sentences, a language each: what is said, and indented what it means."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.state import Conversation
from planner.understand import read
from tests.planner.brand import BRAND, NOW, shown

TABLES = Path(__file__).parent / "sentences"


def sentences(path: Path) -> Iterator[tuple[str, list[str]]]:
    """What is said, and the indented lines under it."""
    said, meant = "", list[str]()
    for line in [*path.read_text(encoding="utf-8").splitlines(), "."]:
        if line.startswith("    "):
            meant.append(line.strip())
            continue
        if said:
            yield said, meant
        said, meant = line.strip(), []


def _sentences() -> Iterator[tuple[str, str, list[str]]]:
    for path in sorted(TABLES.glob("*.txt")):
        yield from ((path.stem, said, meant) for said, meant in sentences(path))


@pytest.mark.parametrize(("language", "said", "meant"), list(_sentences()))
def test_a_sentence_means_what_the_table_says(language: str, said: str, meant: list[str]) -> None:
    reading = read(said, Conversation(), BRAND, NOW)
    assert [shown(command) for command in reading.commands] == meant
    assert reading.language == language
