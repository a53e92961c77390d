"""One number, time, comparison or thing in place of another, and one thing more."""

import pytest

from planner.commands import Change, Command, Remove
from planner.fields import Op
from planner.plan import AllOf, Condition, Scope
from planner.state import Conversation
from planner.windows import Window

from .conftest import Understands

AGED = Condition(field="age", op=Op.GE, number=50)
OPENED = Condition(
    field="engagement",
    op=Op.GE,
    number=1,
    scope=Scope(channels=("email",), events=("open",)),
    window=Window.last(30),
)
FEMALE = Condition(field="gender", op=Op.ANY_OF, texts=("female",))
CARED = Condition(field="checkout_count", op=Op.GE, number=1, scope=Scope(categories=("Skincare",)))
IN_JULY = Condition(field="birthday", op=Op.MONTH, texts=("7",))


def said(understands: Understands, text: str, *plan: Condition) -> Command:
    state = Conversation(status="ready", draft=AllOf(items=plan), touched=len(plan))
    (command,) = understands(text, state).commands
    return command


@pytest.mark.parametrize(
    "text",
    [
        "50歳を60歳に引き上げで",
        "50歳じゃなくて60歳にして",
        "change it from 50 to 60",
        "50歲改成60歲",
    ],
)
def test_a_number_in_place_of_the_one_that_stands(understands: Understands, text: str) -> None:
    change = said(understands, text, AGED, FEMALE)

    assert isinstance(change, Change)
    assert (change.target.index, change.number, change.op) == (1, 60, None)


@pytest.mark.parametrize("text", ["30日じゃなくて10日にして", "change 30 days to 10 days"])
def test_a_time_in_place_of_the_one_that_stands(understands: Understands, text: str) -> None:
    change = said(understands, text, OPENED, FEMALE)

    assert isinstance(change, Change)
    assert (change.target.index, change.window) == (1, Window.last(10))


def test_the_other_comparison_with_the_same_number(understands: Understands) -> None:
    change = said(understands, "以上じゃなくて以下で", AGED, FEMALE)

    assert isinstance(change, Change)
    assert (change.op, change.number) == (Op.LE, None)


@pytest.mark.parametrize("text", ["性別は問わない", "女性の条件はいらない", "性別は気にしないで"])
def test_what_does_not_matter_is_taken_out(understands: Understands, text: str) -> None:
    removed = said(understands, text, AGED, FEMALE)

    assert isinstance(removed, Remove)
    assert removed.target.index == 2


@pytest.mark.parametrize(
    ("text", "categories"),
    [("Coffeeに変えて", ("Coffee",)), ("Coffeeを買った人も入れて", ("Skincare", "Coffee"))],
)
def test_another_thing_bought_or_one_more(
    understands: Understands, text: str, categories: tuple[str, ...]
) -> None:
    change = said(understands, text, CARED, FEMALE)

    assert isinstance(change, Change)
    assert change.scope is not None
    assert change.scope.categories == categories


def test_one_month_more(understands: Understands) -> None:
    change = said(understands, "8月生まれも追加", IN_JULY)

    assert isinstance(change, Change)
    assert change.texts == ("7", "8")


def test_a_share_is_no_threshold(understands: Understands) -> None:
    state = Conversation(status="ready", draft=AllOf(items=(AGED,)), touched=1)

    assert not any(isinstance(c, Change) for c in understands("上位10%", state).commands)
