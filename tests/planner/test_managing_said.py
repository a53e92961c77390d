"""Tables of what is said about segments that exist, a language each, and what it means."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from planner.chat import Context, KnownSegment
from planner.commands import Act, Command, Manage
from planner.fields import Op
from planner.plan import AllOf, Condition
from planner.state import Conversation
from planner.understand import read
from tests.planner.brand import BRAND, NOW
from tests.planner.test_sentences import sentences

TABLES = Path(__file__).parent / "sentences" / "managing"
NAMES = {
    "en": ("VIP night", "Gala", "Winback", "No mail"),
    "zh-Hant": ("喚回名單", "春節活動", "黑名單"),
    "ja": ("VIPナイト", "夏の呼び戻し", "ブロック客リスト"),
    "th": ("คืนวีไอพี", "งานกาล่า", "บัญชีดำ"),
}
SPENT = Condition(field="total_spending", op=Op.GT, number=20_000)


def _around(language: str) -> Context:
    made = (KnownSegment(f"s{n}", name, "finished", 9) for n, name in enumerate(NAMES[language]))
    return replace(NOW, segments=tuple(made))


def _standing(heading: str) -> Conversation:
    """Where the conversation stands, by the heading that the sentence is under."""
    if heading.startswith("a card"):
        return Conversation(card="s0")
    if heading.startswith("a plan"):
        return Conversation(status="ready", draft=AllOf(items=(SPENT,)))
    return Conversation()


def _table() -> Iterator[tuple[str, str, str, str]]:
    for path in sorted(TABLES.glob("*.txt")):
        heading = ""
        for said, meant in sentences(path):
            if said.startswith("# "):
                heading = said[2:]
            else:
                yield path.stem, heading, said, "".join(meant)


def _shown(commands: tuple[Command, ...]) -> str:
    """Commands in one line; a dash where none of them is about a segment that exists."""
    found = []
    for command in commands:
        if isinstance(command, Manage):
            text = f"= {command.text}" if command.text != "mine" else "mine"
            names = " | ".join(command.names)
            found.append(" ".join(filter(None, (command.action, names, text.removesuffix("= ")))))
        elif isinstance(command, Act) and command.action in ("exclude", "include"):
            found.append(f"{command.action} {' | '.join(command.texts)}")
        else:
            found.append("-")
    return ", ".join(dict.fromkeys(found)) or "-"


@pytest.mark.parametrize(("language", "heading", "said", "meant"), list(_table()))
def test_what_is_said_about_a_segment(language: str, heading: str, said: str, meant: str) -> None:
    state, around = _standing(heading), _around(language)
    commands = read(said, state, BRAND, around).commands
    assert _shown(commands) == meant
    if meant == "-":
        assert commands == read(said, state, BRAND, NOW).commands
