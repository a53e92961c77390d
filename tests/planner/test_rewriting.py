"""A condition's own words, edited: which condition that makes, in four languages."""

import pytest

from planner.chat import Said
from planner.commands import Command, Misfit, Rewrite
from planner.explain import explain
from planner.fields import Op
from planner.plan import AllOf, AnyOf, Condition, Node, Not, Scope
from planner.rewriting import pointed, rewritten
from planner.state import Conversation
from planner.understand import read
from planner.windows import Window
from planner.wording import LANGUAGES
from tests.planner.brand import BRAND, NOW

SPENT = Condition(field="total_spending", op=Op.GE, number=1_000, window=Window.last(6, "month"))
AGED = Condition(field="age", op=Op.BETWEEN, number=20, upper=30)
VIP = Condition(field="tag", op=Op.ANY_OF, texts=("VIP",))
CITY = Condition(field="city", op=Op.ANY_OF, texts=("Taipei",))
CLICKED = Condition(
    field="engagement", op=Op.GE, number=1, window=Window.last(30),
    scope=Scope(channels=("line_broadcast",), events=("click",), campaigns=("Summer Sale",)),
)  # fmt: skip


def edited(
    item: Node, language: str, *changes: tuple[str, str], version: int = 7
) -> Command | None:
    """What comes of a condition whose words are changed so."""
    draft = AllOf(items=(CITY, item))
    state = Conversation(language=language, status="ready", draft=draft, shown=7)
    words = explain(item, language)
    for old, new in changes:
        assert old in words
        words = words.replace(old, new)
    found = rewritten(read, Said(words, 1, version), state, BRAND, NOW)
    return None if found is None else found.commands[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("negated", [False, True])
def test_other_numbers(language: str, negated: bool) -> None:
    def other(item: Node) -> Node:
        return Not(item=item) if negated else item

    made = edited(other(SPENT), language, ("1,000", "2,500"), ("6", "3"))
    last = Window.last(3, "month")
    changed = SPENT.model_copy(update={"number": 2_500, "window": last})
    assert made == Rewrite(1, other(changed))
    made = edited(other(AGED), language, ("30", "45"))
    assert made == Rewrite(1, other(AGED.model_copy(update={"upper": 45})))
    made = edited(other(CLICKED), language, ("30", "60"))
    assert made == Rewrite(1, other(CLICKED.model_copy(update={"window": Window.last(60)})))


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_name(language: str) -> None:
    made = edited(VIP, language, ("VIP", "Skincare"))
    assert made == Rewrite(1, VIP.model_copy(update={"texts": ("Skincare",)}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_left_as_they_are_change_nothing(language: str) -> None:
    for item in (SPENT, AGED, VIP, CLICKED, Not(item=VIP), AnyOf(items=(VIP, CITY))):
        assert edited(item, language) == Rewrite(1, item)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_can_t_be_is_told(language: str) -> None:
    assert edited(AGED, language, ("30", "3")) == Misfit(AGED)
    assert edited(CLICKED, language, ("30", "300")) == Misfit(CLICKED)
    assert edited(SPENT, language, ("6", "99999")) == Misfit(SPENT)
    assert edited(CLICKED, language, ("Summer", "Sommer")) == Misfit(CLICKED)


def test_other_sentences_are_read_as_any() -> None:
    state = Conversation(language="en", draft=AllOf(items=(CITY, SPENT)), shown=7)
    for text in ("only women", "5,000", "remove it"):
        assert rewritten(read, Said(text, 1, 7), state, BRAND, NOW) is None
    assert pointed(Said("5,000", 1, 7), state).touched == 2
    assert pointed(Said("5,000", 9, 7), state).touched is None


def test_the_words_of_an_earlier_plan_are_read_as_any() -> None:
    assert edited(SPENT, "en", ("1,000", "2,000"), version=6) is None
