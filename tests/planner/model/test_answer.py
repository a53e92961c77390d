"""An answer of a model becomes commands, or what is wrong with it is said."""

import json
from typing import Any

import pytest

from planner.chat import Said
from planner.commands import Reading
from planner.dialog import step
from planner.model.answer import NoAnswer, Reader, Understood, read_answer
from planner.model.conditions import Faulty
from planner.model.route import covered, is_asked
from planner.model.said import spoken
from planner.state import Conversation
from planner.understand import read
from tests.planner.brand import BRAND, NOW, shown

Json = dict[str, Any]
EMPTY = Conversation()


def after(*texts: str) -> Conversation:
    state = EMPTY
    for text in texts:
        state = step(state, Said(text), read(text, state, BRAND, NOW), BRAND, NOW).state
    return state


def understood(text: str, *said: Json, state: Conversation = EMPTY) -> Understood:
    own = read(text, state, BRAND, NOW)
    reader = Reader(spoken(text, own, state, BRAND, NOW), state, BRAND, NOW)
    return reader.understood(read_answer(json.dumps({"commands": said})))


def add(field: str, text: str, op: str = "", **more: Any) -> Json:
    return {"do": "add", "field": field, "op": op, "phrase": text, **more}


def last(count: int, unit: str = "day") -> Json:
    return {"window": "last", "window_number": count, "window_unit": unit}


GOOD: list[tuple[str, Json, str]] = [
    ("over 50k", add("total_spending", "over 50k", ">", number=50000), "total_spending > 50000"),
    ("5萬以上", add("total_spending", "5萬以上", ">=", number=50000), "total_spending >= 50000"),
    ("หมื่นห้า", add("total_spending", "หมื่นห้า", number=15000), "total_spending >= 15000"),
    ("in their 30s", add("age", "30s", "between", number=30, upper=39), "age between 30..39"),
    (
        "3 orders in a fortnight",
        add("order_count", "3 orders", ">=", number=3, **last(2, "week")),
        "order_count >= 3 [2 week to .]",
    ),
    (
        "nothing in 90 days",
        add("order_count", "nothing", "=", number=0, **last(90)),
        "order_count = 0 [90 day to .]",
    ),
    (
        "since 1 March",
        add("joined_at", "since 1 March", window="since", since="2026-03-01"),
        "joined_at within [2026-03-01 to .]",
    ),
    (
        "3 to 6 months ago",
        add("last_purchase", "3 to 6 months ago", window="ago_range", window_number=6,
            window_to=3, window_unit="month"),
        "last_purchase within [6 month to 3 month]",
    ),
    (
        "bought 2 Night Cream",
        add("order_count", "bought 2", ">=", number=2, products=["Night Cream"]),
        "checkout_count >= 2 of Night Cream",
    ),
    (
        "not in taipei",
        add("city", "not in taipei", "any_of", values=["taipei"], negated=True),
        "not (city any_of Taipei)",
    ),
    (
        "people from 高雄",
        add("city", "高雄", "any_of", values=["Kaohsiung"]),
        "city any_of Kaohsiung",
    ),
    (
        "the capital",
        add("city", "the capital", "any_of", values=["Tokyo"]),
        "? city.choice (city any_of) Tokyo",
    ),
    (
        "into baristas",
        add("tag", "into baristas", "any_of", values=["Coffee Lover"]),
        "? tag.choice (tag any_of) Coffee Lover",
    ),
    ("big fish", add("total_spending", "big fish", ask=["value"]),
        "? total_spending.value (total_spending >=)"),
    ("gone quiet", add("last_interaction", "gone quiet", negated=True, ask=["window"]),
        "? last_interaction.window (last_interaction within)"),
    (
        "tapped a promo",
        add("engagement", "tapped a promo", ">=", number=1, events=["click"]),
        "? engagement.channel (engagement >= 1 of click)",
    ),
    (
        "tapped anything, any channel",
        add("engagement", "tapped anything", ">=", number=1, events=["click"], channels=["any"]),
        "engagement >= 1 of click",
    ),
    (
        "redeemed in the last 200 days",
        add("engagement", "redeemed", ">=", number=1, channels=["coupon"], events=["redeem"],
            **last(200)),
        "? engagement.window (engagement >= 1 of coupon, redeem)",
    ),
    ("likely to buy", add("purchase_probability", "likely to buy", "band", values=["high"]),
        "purchase_probability band high"),
    ("born in May", add("birthday", "born in May", "month", values=["5"]), "birthday month 5"),
    ("notes say wheelchair", add("note", "wheelchair", "any_of", values=["wheelchair"]),
        "note any_of wheelchair"),
    ("more than 1,500 points", add("loyalty_points", "1,500 points", ">", number=1500),
        "loyalty_points > 1500"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "wanted"), GOOD, ids=[case[0] for case in GOOD])
def test_a_condition_that_was_said_is_taken(text: str, said: Json, wanted: str) -> None:
    assert [shown(c) for c in understood(text, said).commands] == [wanted]


BAD: list[tuple[str, Json, str]] = [
    ("over 50k", add("total_spending", "over 50k", ">", number=60000), "60000 was not said"),
    ("over 500", add("total_spending", "over 500", ">", number=5), "5 was not said"),
    ("lots", add("order_count", "lots", ">=", number=5), "was not said"),
    ("lately", add("order_count", "lately", ">=", number=1, **last(30)), "30 day was not said"),
    ("lately", add("joined_at", "lately", window="since", since="2026-06-01"), "06-01 was not"),
    ("born lately", add("birthday", "born lately", "month", values=["11"]), "11 was not said"),
    ("whales", add("tag", "whales", "any_of", values=["Whale"]), "Your data has no 'Whale'"),
    ("whales", add("net_worth", "whales", ">", number=1), "no 'net_worth'"),
    ("women", add("gender", "women", ">=", values=["female"]), "gender takes one of any_of"),
    ("women", add("gender", "women", "any_of", values=["lady"]), "values:"),
    ("women", add("gender", "women", "any_of", products=["Lipstick"]), "products:"),
    ("women", add("gender", "ladies", "any_of", values=["female"]), "no unbroken quotation"),
    ("allergic", add("note", "allergic", "any_of", values=["asthma"]), "'asthma' is not in what"),
    ("opened", add("engagement", "opened", ">=", number=1, channels=["coupon"], events=["open"]),
        "events:"),
    ("x", {"do": "delete", "phrase": "x"}, "no 'delete'"),
    ("x", {"do": "act", "choice": "apply"}, "an act is one of"),
    ("x", {"do": "remove", "phrase": "x", "target": 1}, "no plan"),
    ("x", {"do": "answer", "choice": "1"}, "no open question"),
    ("x", {"do": "out_of_scope", "phrase": "x", "stand_ins": ["magic"]}, "no magic"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "reason"), BAD, ids=[case[2] for case in BAD])
def test_what_was_not_said_or_can_not_be_is_told(text: str, said: Json, reason: str) -> None:
    with pytest.raises(Faulty, match=reason.replace("(", r"\(")):
        understood(text, said)


def test_alternatives_and_what_belongs_together() -> None:
    text = "VIP in Taipei, or Gold"
    found = understood(
        text,
        add("tag", "VIP", "any_of", values=["VIP"], any_of=1, branch=1),
        add("city", "Taipei", "any_of", values=["Taipei"], any_of=1, branch=1),
        add("membership_tier", "Gold", "any_of", values=["Gold"], any_of=1, branch=2),
    )

    assert [shown(c) for c in found.commands] == [
        "((tag any_of VIP and city any_of Taipei) or membership_tier any_of Gold)"
    ]


def plan(text: str, *said: Json, state: Conversation) -> list[str]:
    reading = Reading("en", understood(text, *said, state=state).commands)
    turn = step(state, Said(text), reading, BRAND, NOW)
    return [condition.text for condition in turn.view.conditions] if turn.view else []


CHANGES: list[tuple[str, Json, list[str]]] = [
    ("nah, 30k", {"do": "change", "field": "total_spending", "op": ">", "number": 30000,
        "target": 2, "phrase": "30k"}, ["Gender: Female", "Total spending > 30,000"]),
    ("nah, orders", {"do": "change", "field": "order_count", "op": ">", "number": 20000,
        "target": 2, "phrase": "orders"}, ["Gender: Female", "Order count > 20,000"]),
    ("scrap the first", {"do": "remove", "target": 1, "phrase": "scrap the first"},
        ["Total spending > 20,000"]),
    ("flip #1", {"do": "negate", "target": 1, "phrase": "flip"},
        ["Gender: not Female", "Total spending > 20,000"]),
    ("or men", {"do": "or", "field": "gender", "op": "any_of", "values": ["male"],
        "phrase": "men"}, ["Gender: Female", "Total spending > 20,000 or Gender: Male"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "wanted"), CHANGES, ids=[case[0] for case in CHANGES])
def test_changes_of_a_plan(text: str, said: Json, wanted: list[str]) -> None:
    assert plan(text, said, state=after("women who spent over 20,000")) == wanted


def test_an_answer_to_the_open_question() -> None:
    state = after("high-spending women")
    said = {"do": "answer", "number": 7777, "op": ">"}

    assert "Total spending > 7,777" in plan("say 7,777 tops", said, state=state)


@pytest.mark.parametrize(
    "text",
    ["", "no", "{", "{}", "[]", '{"commands": 3}', '{"commands": [{"do": 1}]}',
     '{"commands": [{"do": "add", "surprise": true}]}',
     '{"commands": [{"do": "add", "number": NaN}]}'],
)  # fmt: skip
def test_what_is_no_answer_is_called_none(text: str) -> None:
    with pytest.raises(NoAnswer):
        read_answer(text)


@pytest.mark.parametrize(
    ("text", "is_covered"),
    [("women in Taipei", True), ("high-spending women", True), ("hello", True),
     ("women who blorp", False), ("blorp", False), ("fond of aardvarks", False)],
)  # fmt: skip
def test_the_model_is_asked_where_the_vocabulary_does_not_cover_all(
    text: str, is_covered: bool
) -> None:
    reading = read(text, EMPTY, BRAND, NOW)

    assert covered(reading.commands) is is_covered
    assert is_asked("auto", text, reading, EMPTY) is not is_covered
    assert is_asked("always", text, reading, EMPTY)
    assert not is_asked("never", text, reading, EMPTY)


def test_names_of_segments_and_numbers_are_nothing_for_a_model() -> None:
    naming = EMPTY.model_copy(update={"status": "naming"})
    reading = read("blorp", naming, BRAND, NOW)

    assert not is_asked("always", "blorp", reading, naming)
    assert not is_asked("always", "12,000", read("12,000", EMPTY, BRAND, NOW), EMPTY)
    assert not is_asked("always", "blorp " * 500, reading, EMPTY)
