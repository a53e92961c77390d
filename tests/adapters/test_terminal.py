import io
from typing import Any

import pytest
from rich.console import Console

from adapters.answer import Answer
from adapters.terminal import Screen, event_of
from planner.chat import Chose, ConditionView, Option, PlanCard, PlanView, Question, Said
from planner.plan import AllOf

OPTIONS = (Option("a", "Over 50,000", reach=2210), Option("b", "Over 100,000", reach=820))


def asking(multiple: bool = False) -> Answer:
    return Answer("en", "asking", (Question("x.value", "How much?", OPTIONS, multiple),), None, 4)


@pytest.mark.parametrize(
    ("typed", "multiple", "event"),
    [
        ("2", False, Chose(("b",), 4)),
        (" over 50,000 ", False, Chose(("a",), 4)),
        ("3", False, Said("3")),
        ("0", False, Said("0")),
        ("1, 2", True, Chose(("a", "b"), 4)),
        ("1 2", False, Said("1 2")),
        ("over 70,000", False, Said("over 70,000")),
    ],
)
def test_a_number_or_a_label_chooses(typed: str, multiple: bool, event: Any) -> None:
    assert event_of(typed, asking(multiple)) == event


def test_a_number_with_nothing_asked_is_words() -> None:
    assert event_of("1", Answer("en", "idle")) == Said("1")


def drawn(answer: Answer) -> str:
    file = io.StringIO()
    Screen(Console(file=file, width=60)).show(answer)
    return file.getvalue()


def test_a_question_shows_its_options_with_reach_under_each_other() -> None:
    lines = drawn(asking()).splitlines()
    ends = [line.rstrip() for line in lines if "Over" in line]
    assert [end.split()[0] for end in ends] == ["1", "2"]
    assert [end.split()[-1] for end in ends] == ["2,210", "820"]
    assert len({len(end) for end in ends}) == 1


def test_a_plan_shows_each_condition_and_the_whole() -> None:
    view = PlanView(
        (ConditionView("c1", "[bold]Tag[/bold] \x1b[2J", AllOf(), 30),),
        AllOf(),
        reach=30,
        excluded=4,
        reachable={"line": 20},
    )
    text = drawn(Answer("en", "ready", (PlanCard("Right?", OPTIONS),), view))
    assert "[bold]Tag[/bold]" in text
    assert "\x1b[2J" not in text
    assert "reachable by LINE" in text
    assert "-4" in text
