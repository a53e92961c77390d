"""The question about an open point: its text, its options, and what each of them means."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from planner.answers import complete
from planner.catalogue import Catalogue, Value
from planner.chat import Context
from planner.commands import Answer
from planner.errors import Refused
from planner.fields import Op
from planner.plan import AllOf, Condition, Not, Open, Scope
from planner.questions import Asked, ask, thresholds
from planner.windows import Window

SPREAD = tuple(float(10 ** (2 + place / 25)) for place in range(101))
CATALOGUE = Catalogue(
    values={"tag": (Value("Cat Lover"), Value("Dog Lover")), "product": (Value("Sunscreen"),)},
    quantiles={"total_spending": SPREAD, "order_count": tuple(map(float, range(1, 102)))},
)
CONTEXT = Context(datetime.fromisoformat("2026-06-30T04:00:00+00:00"), ZoneInfo("Asia/Taipei"))
VIP = Condition(field="tag", op=Op.ANY_OF, texts=("Dog Lover",))


def point(slot: str, field: str, op: Op, **more: object) -> Open:
    known = {"field": field, "op": op} | {k: more.pop(k) for k in ("number", "scope") if k in more}
    return Open.model_validate({"slot": slot, "phrase": "so", "condition": known, **more})


SPENDING = point("total_spending.value", "total_spending", Op.GT)
LAPSED = point("last_purchase.window", "last_purchase", Op.WITHIN, high=False)
SILENT = point("last_interaction.window", "last_interaction", Op.WITHIN, high=False)
TAGS = point("tag.choice", "tag", Op.ANY_OF, candidates=("Cat Lover", "Dog Lover"))
CLICKED = point("engagement.channel", "engagement", Op.GE, number=1, scope={"events": ("click",)})
LONG = point("engagement.window", "engagement", Op.GE, number=1, reason="lookback")
BOUGHT = point("product.choice", "checkout_count", Op.GE, number=1, candidates=("Sunscreen",))
OPEN = [SPENDING, LAPSED, SILENT, TAGS, CLICKED, LONG,
        point("order_count.value", "order_count", Op.GE),
        point("order_count.value", "order_count", Op.LE, high=False),
        point("age.value", "age", Op.LE, high=False), point("age.value", "age", Op.BETWEEN),
        point("purchase_probability.value", "purchase_probability", Op.BAND),
        point("joined_at.window", "joined_at", Op.WITHIN),
        BOUGHT]  # fmt: skip


def asked(open_point: Open, language: str = "en") -> Asked:
    draft = AllOf(items=(VIP, open_point))
    return ask(open_point, draft, CATALOGUE, CONTEXT, language)


def answered(open_point: Open, **given: object) -> object:
    return complete(open_point, Answer(open_point.slot, **given), CATALOGUE, CONTEXT)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "zh-Hant", "ja", "th"])
@pytest.mark.parametrize("open_point", OPEN, ids=lambda p: f"{p.slot}-{p.high}")
def test_every_question_has_options_that_settle_it(open_point: Open, language: str) -> None:
    result = asked(open_point, language)
    assert "so" in result.question.text
    assert len({option.label for option in result.question.options}) == len(result.question.options)
    assert [o.id for o in result.pending.options] == [o.id for o in result.question.options]
    for option in result.question.options:
        assert option.plan is not None
        assert option.plan.items[0] == VIP


def test_thresholds_are_round_and_taken_from_the_data() -> None:
    labels = [option.label for option in asked(SPENDING).question.options]
    assert labels == ["Over 10,000", "Over 50,000", "Over 200,000", "Over 500,000", "Skip this"]
    assert asked(SPENDING).pending.options[0].answer == Answer(
        "total_spending.value", Op.GT, 10_000
    )


@pytest.mark.parametrize("high", [True, False])
@pytest.mark.parametrize("spread", [[1.0] * 101, [2.0] * 90 + [3.0] * 11, list(SPREAD)])
def test_there_are_three_or_four_thresholds(spread: list[float], high: bool) -> None:
    steps = thresholds(spread, counted=spread[0] < 10, high=high)
    assert 3 <= len(steps) <= 4
    assert list(steps) == sorted(set(steps))


def test_without_figures_the_question_says_so() -> None:
    bare = Catalogue()
    question = ask(SPENDING, AllOf(items=(SPENDING,)), bare, CONTEXT, "en").question
    assert "no figures" in question.text
    assert [option.id for option in question.options] == ["1", "2", "3", "4", "skip"]


def test_a_small_count_offers_upper_ends() -> None:
    few = point("order_count.value", "order_count", Op.LE, high=False)
    assert asked(few).pending.options[0].answer.op is Op.LE


def test_the_lookback_is_explained_and_offered_first() -> None:
    question = asked(LONG).question
    assert "90 days" in question.text
    assert question.options[0].label == "Last 90 days"


def test_all_takes_every_listed_choice() -> None:
    assert asked(TAGS).question.multiple
    assert answered(TAGS, choice="all") == VIP.model_copy(
        update={"texts": ("Cat Lover", "Dog Lover")}
    )


def test_a_choice_narrows_the_rows_where_it_names_things_bought() -> None:
    bought = OPEN[-1]
    node = answered(bought, texts=("sunscreen",))
    assert isinstance(node, Condition)
    assert node.scope == Scope(products=("Sunscreen",))


def test_unknown_values_are_refused_by_name() -> None:
    with pytest.raises(Refused) as refusal:
        answered(TAGS, texts=("Parrot Lover",))
    assert refusal.value.values == {"words": "Parrot Lover"}


def test_lapsed_means_bought_once_and_not_since() -> None:
    node = answered(LAPSED, window=Window.last(6, "month"))
    assert node == LAPSED.condition.model_copy(update={"window": Window.before(6, "month")})


def test_inactive_includes_those_who_never_interacted() -> None:
    for window in (Window.last(60), Window.before(60)):
        silent = SILENT.condition.model_copy(update={"window": Window.last(60)})
        assert answered(SILENT, window=window) == Not(item=silent)


def test_messages_are_not_looked_for_further_back_than_they_are_kept() -> None:
    with pytest.raises(Refused):
        answered(LONG, window=Window.last(6, "month"))
    node = answered(LONG, window=Window.last(3, "month"))
    assert isinstance(node, Condition)
    assert node.window == Window.last(90)


def test_skipping_leaves_out_what_is_open_and_nothing_else() -> None:
    assert answered(SPENDING, choice="skip") is None
    assert answered(CLICKED, choice="skip") == CLICKED.condition
    assert answered(TAGS, choice="no") is None


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"number": 100_000.0}, (Op.GE, 100_000.0, None)),
        ({"op": Op.GT, "number": 5.0}, (Op.GT, 5.0, None)),
        ({"number": 9.0, "upper": 3.0}, (Op.BETWEEN, 3.0, 9.0)),
    ],
)
def test_a_typed_size(given: dict[str, object], wanted: tuple[Op, float, float | None]) -> None:
    node = answered(SPENDING, **given)
    assert isinstance(node, Condition)
    assert (node.op, node.number, node.upper) == wanted


def test_a_number_said_roughly_is_asked_about_with_ranges_around_it() -> None:
    around = point("age.value", "age", Op.EQ, number=40, reason="about")
    question = asked(around).question
    labels = [option.label for option in question.options]
    assert labels == ["Age 38–42", "Age 35–45", "Age = 40", "Skip this"]
    made = complete(around, Answer("age.value", number=41), CATALOGUE, CONTEXT)
    assert made == around.condition.model_copy(update={"number": 41})
