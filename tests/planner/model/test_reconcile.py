"""Two readings of one text: agreed, completed, or asked about."""

import json
from typing import Any

import pytest

from planner.chat import Chose, Question, Said
from planner.commands import Answer, OutOfScope, Reading, Unclear
from planner.dialog import step
from planner.model.answer import Reader, read_answer
from planner.model.reconcile import reconciled
from planner.model.said import spoken
from planner.state import Conversation
from planner.understand import read
from planner.wording import LANGUAGES
from tests.planner.brand import BRAND, NOW, shown

Json = dict[str, Any]
EMPTY = Conversation()


def said(field: str, phrase: str, op: str, **more: Any) -> Json:
    return {"do": "add", "field": field, "phrase": phrase, "op": op, **more}


WOMEN = said("gender", "women", "any_of", values=["female"])
TOKYO = said("city", "Tokyo", "any_of", values=["Tokyo"])
SPENT = said("total_spending", "over 5,000", ">", number=5000)


def both(text: str, *commands: Json, state: Conversation = EMPTY, **more: Any) -> Reading:
    own = read(text, state, BRAND, NOW)
    reader = Reader(spoken(text, own, state, BRAND, NOW), state, BRAND, NOW)
    model = reader.understood(read_answer(json.dumps({"commands": commands, **more})))
    return reconciled(own, model, state, BRAND, NOW)


def after(*texts: str) -> Conversation:
    state = EMPTY
    for text in texts:
        state = step(state, Said(text), read(text, state, BRAND, NOW), BRAND, NOW).state
    return state


def asked(reading: Reading, state: Conversation, text: str = "x") -> tuple[Conversation, Question]:
    turn = step(state, Said(text), reading, BRAND, NOW)
    question = next(reply for reply in turn.replies if isinstance(reply, Question))
    return turn.state, question


CASES: list[tuple[str, str, tuple[Json, ...], list[str]]] = [
    ("the same", "women in Tokyo", (TOKYO, WOMEN), ["gender any_of female", "city any_of Tokyo"]),
    (
        "another measure",
        "women over 5,000 spent",
        (WOMEN, said("average_order_value", "over 5,000", ">", number=5000)),
        ["gender any_of female", "? meaning.choice (total_spending > 5000)"],
    ),
    (
        "another comparison",
        "spent over 5,000",
        (said("total_spending", "over 5,000", "<", number=5000),),
        ["? meaning.choice (total_spending > 5000)"],
    ),
    (
        "the other way round",
        "women not in Tokyo",
        (WOMEN, TOKYO),
        ["gender any_of female", "? meaning.choice (city any_of Tokyo)"],
    ),
    (
        "one more than the vocabulary",
        "women in Tokyo",
        (WOMEN, TOKYO, said("line_status", "women", "any_of", values=["blocked"])),
        [
            "gender any_of female",
            "city any_of Tokyo",
            "? meaning.choice (line_status any_of blocked)",
        ],
    ),
    (
        "one fewer",
        "women in Tokyo",
        (WOMEN,),
        ["gender any_of female", "? meaning.choice (city any_of Tokyo)"],
    ),
    (
        "left open by one",
        "women over 5,000 spent",
        (WOMEN, said("total_spending", "over 5,000", ">", ask=["value"])),
        ["gender any_of female", "total_spending > 5000"],
    ),
    (
        "at least three, more than two",
        "at least 3 orders, more than 2 returns",
        (
            said("order_count", "at least 3 orders", ">", number=2),
            said("return_count", "more than 2 returns", ">=", number=3),
        ),
        ["order_count >= 3", "return_count > 2"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "model", "wanted"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_new_plans(text: str, model: tuple[Json, ...], wanted: list[str]) -> None:
    assert [shown(c) for c in both(text, *model).commands] == wanted


def test_words_that_neither_used_nor_left_aside_are_still_asked_about() -> None:
    text = "women in Tokyo who zorp and flarb"

    found = both(text, WOMEN, TOKYO, ignored=["zorp"]).commands
    assert found[-1] == Unclear(("flarb",))
    assert not any(
        isinstance(c, Unclear)
        for c in both(text, WOMEN, TOKYO, ignored=["zorp and flarb"]).commands
    )


def test_what_the_model_alone_understood_completes_the_plan() -> None:
    text = "women who zorp over 5,000"
    zorped = said("total_spending", "zorp over 5,000", ">", number=5000)

    assert [shown(c) for c in both(text, WOMEN, zorped).commands] == [
        "gender any_of female",
        "total_spending > 5000",
    ]


def test_what_can_not_be_done_is_told_once() -> None:
    text = "women who follow us on Instagram and zorp"
    beyond = {"do": "out_of_scope", "phrase": "follow us on Instagram", "stand_ins": ["tag"]}

    found = both(text, WOMEN, beyond, ignored=["and zorp"]).commands
    assert len([c for c in found if isinstance(c, OutOfScope)]) == 1


def test_different_answers_to_the_open_question_ask_it_again() -> None:
    state = after("high-spending customers")
    found = both("over 9,000", {"do": "answer", "number": 9000, "op": "<"}, state=state)

    assert [type(c) for c in found.commands] == [Answer]
    turn, question = asked(found, state)
    assert question.slot == "total_spending.value"
    assert turn.draft == state.draft


def test_a_change_read_in_two_ways_offers_both_and_what_was() -> None:
    state = after("women who spent over 5,000")
    other = {"do": "change", "phrase": "60,000", "target": 2, "field": "average_order_value",
        "op": ">", "number": 60000}  # fmt: skip
    found = both("make it 60,000", other, state=state)

    turn, question = asked(found, state)
    labels = [option.label for option in question.options]
    assert labels[:3] == [
        "Total spending > 60,000", "Average order value > 60,000", "Total spending > 5,000",
    ]  # fmt: skip
    kept = step(turn, Chose(("3",)), None, BRAND, NOW)
    assert kept.view is not None
    assert [c.text for c in kept.view.conditions] == ["Gender: Female", "Total spending > 5,000"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("choice", "left"), [("1", 2), ("2", 2), ("skip", 1)])
def test_the_question_is_asked_in_the_persons_language(
    language: str, choice: str, left: int
) -> None:
    reading = both("women over 5,000 spent", WOMEN, SPENT | {"field": "average_order_value"})
    state, question = asked(Reading(language, reading.commands), EMPTY)

    assert question.slot == "meaning.choice"
    assert "over 5,000" in question.text
    assert [option.id for option in question.options] == ["1", "2", "skip"]
    assert question.options[0].plan is not None
    turn = step(state, Chose((choice,)), None, BRAND, NOW)
    assert turn.view is not None
    assert len(turn.view.conditions) == left


def test_saying_it_anew_takes_the_place_of_the_question() -> None:
    reading = both("women over 5,000 spent", WOMEN, SPENT | {"field": "average_order_value"})
    state, _ = asked(reading, EMPTY)
    text = "I mean an average order over 7,000"
    turn = step(state, Said(text), read(text, state, BRAND, NOW), BRAND, NOW)

    assert turn.view is not None
    assert [c.text for c in turn.view.conditions] == [
        "Gender: Female",
        "Average order value > 7,000",
    ]


def test_a_bad_answer_to_it_asks_again() -> None:
    reading = both("women over 5,000 spent", WOMEN, SPENT | {"field": "average_order_value"})
    state, question = asked(reading, EMPTY)

    again = step(state, Chose(("all",)), None, BRAND, NOW)
    assert question.slot in [r.slot for r in again.replies if isinstance(r, Question)]
