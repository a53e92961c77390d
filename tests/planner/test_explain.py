"""Conditions and windows in words, in the four languages."""

from datetime import date

import pytest

from planner.explain import explain
from planner.fields import FIELDS, Field, Kind, Op, attribute
from planner.plan import AllOf, AnyOf, Condition, Node, Not, Scope
from planner.windows import Ago, Start, Unit, Window
from planner.wording import LANGUAGES

TEXTS = {Op.BAND: ("high",), Op.MONTH: ("7",), Op.MONTH_DAY: ("02-29",), Op.IS: ("true",)}
UNITS: tuple[Unit, ...] = ("day", "week", "month", "year")
WINDOWS = [
    Window.last(30),
    Window.before(6, "month"),
    *(Window.period(unit, place) for unit in UNITS for place in (0, -1, -2, 1)),
    Window(start=Ago(ago=60), end=Ago(ago=30)),
    Window(start=Start(start_of="month", offset=-2)),
    Window(end=Start(start_of="year")),
    Window.dates(date(2026, 5, 1), date(2026, 5, 31)),
    Window.dates(date(2026, 5, 1), date(2026, 5, 1)),
    Window.dates(date(2026, 3, 1), None),
    Window.dates(None, date(2026, 3, 1)),
]  # fmt: skip


def example(field: Field, op: Op) -> Condition:
    return Condition(
        field=field.name,
        op=op,
        number=3,
        upper=7,
        texts=TEXTS.get(op, ("female", "line")),
        window=Window.last(30) if field.time else None,
        scope=Scope(
            products=("Gift Card",) if "product" in field.scope else (),
            channels=("email",) if "channel" in field.scope else (),
            source="caac" if "source" in field.scope else None,
        ),
    )


CUSTOM = [
    attribute(f"own_{kind}", kind) for kind in (Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN, Kind.MOMENT)
]
CASES = [(field, op) for field in (*FIELDS.values(), *CUSTOM) for op in field.operators]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("field", "op"), CASES, ids=lambda case: getattr(case, "name", str(case)))
def test_every_field_and_operator_has_words(field: Field, op: Op, language: str) -> None:
    condition = example(field, op)
    text, negated = explain(condition, language), explain(Not(item=condition), language)
    assert text
    assert negated != text
    assert "{" not in text + negated
    others = {explain(condition, other) for other in LANGUAGES if other != language}
    if field.name in FIELDS:
        assert text not in others


@pytest.mark.parametrize("language", LANGUAGES)
def test_different_windows_read_differently(language: str) -> None:
    texts = [
        explain(Condition(field="joined_at", op=Op.WITHIN, window=window), language)
        for window in WINDOWS
    ]
    assert len(set(texts)) == len(WINDOWS)


def metric(field: str, op: Op, number: float, window: Window | None = None) -> Condition:
    return Condition(field=field, op=op, number=number, window=window)


CLICKED = Condition(
    field="engagement", op=Op.GE, number=1, window=Window.last(30),
    scope=Scope(channels=("line_broadcast",), events=("click",), campaigns=("Summer Sale",)),
)  # fmt: skip
SAID: list[tuple[Node, str]] = [
    (metric("total_spending", Op.GE, 100_000), "Total spending ≥ 100,000"),
    (metric("order_count", Op.EQ, 0, Window.last(30)), "No purchases in the last 30 days"),
    (
        Condition(field="last_purchase", op=Op.WITHIN, window=Window.before(6, "month")),
        "Last purchase: 6 months ago or earlier",
    ),
    (
        Not(item=Condition(field="last_interaction", op=Op.WITHIN, window=Window.last(90))),
        "No interaction in the last 90 days",
    ),
    (
        Condition(field="tag", op=Op.ANY_OF, texts=("Cat Lover", "Pet Supplies Buyer")),
        "Tag: 'Cat Lover' or 'Pet Supplies Buyer'",
    ),
    (Not(item=Condition(field="tag", op=Op.ANY_OF, texts=("VIP",))), "Tag: not 'VIP'"),
    (
        Not(item=metric("return_count", Op.GE, 1, Window.last(3, "month"))),
        "No returns in the last 3 months",
    ),
    (CLICKED, "LINE broadcast, 'Summer Sale': clicked in the last 30 days"),
    (Condition(field="age", op=Op.BETWEEN, number=25, upper=34), "Age 25–34"),
    (
        Condition(field="checkout_count", op=Op.EQ, number=0, scope=Scope(products=("Lipstick",))),
        "Not bought: 'Lipstick'",
    ),
    (
        AnyOf(
            items=(
                metric("order_count", Op.GE, 5),
                AllOf(items=(metric("age", Op.LT, 30), metric("highest_order", Op.GT, 1))),
            )
        ),
        "Order count ≥ 5 or (Age < 30 and Highest single order > 1)",
    ),
    (AllOf(), "Everyone"),
]


@pytest.mark.parametrize(("node", "text"), SAID)
def test_conditions_read_like_this_in_english(node: Node, text: str) -> None:
    assert explain(node, "en") == text


def test_engagement_without_a_window_says_how_far_back_it_looks() -> None:
    assert "90" in explain(CLICKED.model_copy(update={"window": None}), "th")
