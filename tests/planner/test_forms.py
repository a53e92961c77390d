"""Conditions as forms: what is to be filled in, what comes of it, and plans edited item by item."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catalogue import Value
from planner.choices import MOST_OPTIONS, options
from planner.errors import Refused
from planner.fields import BANDS, EVENTS, FIELDS, REACHABLE_CHANNELS, Kind, Op, attribute
from planner.filled import FormErrors, filled
from planner.forms import Form, Input, editable, form, form_json, forms, group_json, values_of
from planner.plan import AllOf, AnyOf, Condition, Not, Open, Scope
from planner.plan_edits import (
    AddItem,
    FlipItem,
    MatchItems,
    PlanEdit,
    RemoveItem,
    ReplaceItem,
    edited,
    listed,
)
from planner.windows import Ago, On, Start, Window
from planner.wording import LANGUAGES, messages, say

from .brand import BRAND, NOW

CUSTOM = {
    "favorite_store": Kind.TEXT,
    "loyalty_points": Kind.NUMBER,
    "app_installed": Kind.BOOLEAN,
    "contract_end": Kind.MOMENT,
}
SHOP = replace(
    BRAND,
    attributes={name: attribute(name, kind) for name, kind in CUSTOM.items()},
    product_ids={"P-77": "Night Cream"},
)
NAMES = (*FIELDS, *CUSTOM)
TODAY = date(2026, 6, 30)


def said(field: str, **values: object) -> Condition | Not:
    return filled(field, values, SHOP, NOW)


def wrong(field: str, **values: object) -> dict[str, str]:
    with pytest.raises(FormErrors) as caught:
        said(field, **values)
    for message, named in caught.value.errors.values():
        assert all(say(language, message, **named) for language in LANGUAGES)
    return {name: message for name, (message, _) in caught.value.errors.items()}


def inputs(shown: Form) -> dict[str, Input]:
    return {each.name: each for each in shown.inputs}


# ── what is shown ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_is_in_one_group_under_its_own_words(language: str) -> None:
    groups = forms(SHOP, language)
    fields = [choice for group in groups for choice in group.fields]

    assert sorted(choice.value for choice in fields) == sorted(NAMES)
    assert all(group.label and group.fields for group in groups)
    assert len({group.label for group in groups}) == len(groups) == 10
    assert len({choice.label for choice in fields if choice.label}) == len(fields)
    assert json.loads(json.dumps([group_json(group) for group in groups]))[0]["name"] == "attribute"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_form_has_words_of_its_own_for_all_that_it_asks(name: str, language: str) -> None:
    shown = form(name, SHOP, language)

    labels = [each.label for each in shown.inputs]
    assert all(labels)
    assert len(set(labels)) == len(labels)
    for each in shown.inputs:
        words = [choice.label for choice in each.options]
        assert all(words)
        assert len(set(words)) == len(words)
        assert bool(words) == (each.kind in ("choice", "choices"))
        named = {choice.value for choice in each.options}
        assert each.kind != "choice" or each.value is None or each.value in named
    assert json.loads(json.dumps(form_json(shown))) == form_json(shown)


@pytest.mark.parametrize("name", NAMES)
def test_what_an_input_depends_on_stands_before_it_and_can_be_chosen(name: str) -> None:
    before: dict[str, set[str]] = {}
    for each in form(name, SHOP, "en").inputs:
        if each.when is not None:
            assert each.when[0] in before
            assert before[each.when[0]] & {*each.when[1]}
        before[each.name] = {choice.value for choice in each.options}


def test_a_metric_has_operator_number_window_and_opposite() -> None:
    shown = inputs(form("total_spending", SHOP, "en"))

    assert list(shown) == [
        "operator", "number", "upper", "window", "window_number", "window_unit", "window_since",
        "window_until", "negated",
    ]  # fmt: skip
    assert (shown["number"].minimum, shown["number"].maximum) == (0, None)
    assert shown["number"].unit == "money"
    assert shown["upper"].when == ("operator", ("between",))
    assert shown["window_number"].when == ("window", ("last", "before"))
    assert shown["window_until"].when == ("window", ("until", "dates"))


def test_a_choice_is_worded_and_names_of_the_data_are_not() -> None:
    assert inputs(form("gender", SHOP, "ja"))["values"].options[0].label == "女性"
    tags = inputs(form("tag", SHOP, "en"))["values"].options
    assert (tags[0].value, tags[0].label) == ("Coffee Lover", "Coffee Lover")
    months = inputs(form("birthday", SHOP, "en"))["months"].options
    assert (months[4].value, months[4].label) == ("5", "May")


def test_events_name_the_channels_that_have_them() -> None:
    events = inputs(form("engagement", SHOP, "en"))["events"].options

    assert {c.value: c.when for c in events}["redeem"] == ("channels", ("coupon",))


def test_periods_without_a_beginning_are_not_offered_for_messages() -> None:
    kinds = [c.value for c in inputs(form("engagement", SHOP, "en"))["window"].options]

    assert "last" in kinds
    assert not {"before", "until"} & {*kinds}


def test_of_many_names_the_most_frequent_are_listed_and_the_rest_is_found() -> None:
    many = replace(SHOP, values={"tag": tuple(Value(f"Tag {n}") for n in range(1_000))})
    chosen = Condition(field="tag", op=Op.ANY_OF, texts=("Tag 777",))

    plain = inputs(form("tag", many, "en"))["values"]
    filled_in = inputs(form("tag", many, "en", chosen))["values"]

    assert (len(plain.options), plain.search) == (MOST_OPTIONS, True)
    assert [c.value for c in filled_in.options[-2:]] == ["Tag 99", "Tag 777"]
    assert [c.value for c in options("tag", "values", many, "en", " tAG 99")][:2] == [
        "Tag 99",
        "Tag 990",
    ]
    assert not inputs(form("tag", SHOP, "en"))["values"].search


def test_a_field_that_there_is_not_is_refused() -> None:
    for call in (lambda: form("shoe_size", SHOP, "en"), lambda: said("shoe_size")):
        with pytest.raises(Refused) as caught:
            call()
        assert caught.value.message_id == "form.no_such_field"


def test_conditions_have_a_form_and_groups_have_none() -> None:
    vip = Condition(field="tag", op=Op.ANY_OF, texts=("VIP",))

    assert editable(Not(item=vip), SHOP) == "tag"
    assert editable(AnyOf(items=(vip, vip)), SHOP) is None
    assert editable(Open(slot="tag.choice", phrase="", condition=vip), SHOP) is None
    assert editable(vip.model_copy(update={"field": "gone"}), SHOP) is None


def test_a_condition_of_another_field_fills_nothing() -> None:
    vip = Not(item=Condition(field="tag", op=Op.ANY_OF, texts=("VIP",)))

    assert form("city", SHOP, "en", vip) == form("city", SHOP, "en")


# ── what comes of it ─────────────────────────────────────────────────────────────────────────────


def test_a_metric_over_a_window() -> None:
    assert said(
        "total_spending", operator=">", number="10,000", window="last", window_number="6",
        window_unit="month",
    ) == Condition(
        field="total_spending", op=Op.GT, number=10_000, window=Window.last(6, "month")
    )  # fmt: skip


def test_products_by_name_in_any_case_and_width_or_by_id() -> None:
    condition = said(
        "checkout_count",
        operator=">=",
        number=1,
        products=["ｎｉｇｈｔ cream", "P-77", "yoga  MAT"],
    )

    assert isinstance(condition, Condition)
    assert condition.scope == Scope(products=("Night Cream", "Yoga Mat"))


def test_a_reaction_to_a_campaign_turned_round() -> None:
    condition = said(
        "engagement", channels="email", events=["click"], campaigns="summer sale",
        operator=">=", number=1, window="this.month", negated="on",
    )  # fmt: skip

    scope = Scope(channels=("email",), events=("click",), campaigns=("Summer Sale",))
    window = Window.period("month")
    once = Condition(field="engagement", op=Op.GE, number=1, scope=scope, window=window)
    assert condition == Not(item=once)


def test_notes_tags_birthdays_bands_and_custom_attributes() -> None:
    assert said("note", operator="any_of", values=" refund \r\n\nlate, again", source="caac") == (
        Condition(
            field="note", op=Op.ANY_OF, texts=("refund", "late, again"), scope=Scope(source="caac")
        )
    )
    assert said("tag", operator="all_of", values=["vip", "VIP", "kol"]) == Condition(
        field="tag", op=Op.ALL_OF, texts=("VIP", "KOL")
    )
    assert said("birthday", operator="month_day", days="5/31\n2000-02-29") == Condition(
        field="birthday", op=Op.MONTH_DAY, texts=("05-31", "02-29")
    )
    assert said("birthday", operator="month", months=[5, "12"]) == Condition(
        field="birthday", op=Op.MONTH, texts=("5", "12")
    )
    assert said("birthday", operator="next_days", next_days="7") == Condition(
        field="birthday", op=Op.NEXT_DAYS, number=7
    )
    assert said("purchase_probability", operator="band", bands="high") == Condition(
        field="purchase_probability", op=Op.BAND, texts=("high",)
    )
    assert said("app_installed", truth=True) == Condition(
        field="app_installed", op=Op.IS, texts=("true",)
    )
    assert said("loyalty_points", operator="<", number=-5) == Condition(
        field="loyalty_points", op=Op.LT, number=-5
    )
    assert said("favorite_store", values="SIAM") == Condition(
        field="favorite_store", op=Op.ANY_OF, texts=("Siam",)
    )
    assert said("line_status", values="blocked").field == "line_status"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("10,000", 10_000), ("１０，０００", 10_000), (" 1 234 567.5 ", 1_234_567.5), ("๕๐๐", 500),
        ("5萬", 50_000), ("1.5k", 1_500), ("1e3", 1_000), (".5", 0.5), (0, 0), (12.5, 12.5),
        (["3"], 3),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(typed: object, number: float) -> None:
    condition = said("total_spending", operator="=", number=typed)

    assert isinstance(condition, Condition)
    assert condition.number == number


@pytest.mark.parametrize(
    "typed",
    ["many", "1,00", "nan", "inf", "1e999", float("nan"), float("inf"), 10**400, True, "5 or 6",
     "１２Ａ", "--5", "5 people", "1" * 41],
    ids=lambda typed: repr(typed)[:9],
)  # fmt: skip
def test_what_is_no_number(typed: object) -> None:
    assert wrong("total_spending", operator=">", number=typed) == {"number": "form_error.number"}


def test_a_share_may_be_in_per_cent() -> None:
    condition = said("purchase_probability", operator=">=", number="70％")

    assert isinstance(condition, Condition)
    assert condition.number == 0.7


@pytest.mark.parametrize(
    ("field", "values", "errors"),
    [
        ("total_spending", {"number": 1}, {"operator": "required"}),
        ("total_spending", {"operator": ">"}, {"number": "required"}),
        ("total_spending", {"operator": "≈", "number": 1}, {"operator": "choice"}),
        ("total_spending", {"operator": ">", "number": "-1"}, {"number": "least"}),
        ("total_spending", {"operator": "between", "number": 5}, {"upper": "required"}),
        ("total_spending", {"operator": "between", "number": 5, "upper": 4}, {"upper": "upper"}),
        ("total_spending", {"operator": ">", "number": [1, 2]}, {"number": "one"}),
        ("total_spending", {"operator": ">", "number": 1, "price": 1}, {"price": "no_such_input"}),
        ("total_spending", {"operator": ">", "number": "1e16"}, {"number": "most"}),
        ("loyalty_points", {"operator": ">", "number": -1e16}, {"number": "least"}),
        ("age", {"operator": "<", "number": 151}, {"number": "most"}),
        (
            "age",
            {"operator": "between", "number": -1, "upper": "200"},
            {"number": "least", "upper": "most"},
        ),
        ("purchase_probability", {"operator": "<", "number": "1.2"}, {"number": "most"}),
        ("purchase_probability", {"operator": "band"}, {"bands": "required"}),
        ("city", {"values": ["Taipei", "Atlantis"]}, {"values": "unknown"}),
        ("city", {"values": [f"Town {n}" for n in range(51)]}, {"values": "too_many"}),
        ("city", {"values": []}, {"values": "required"}),
        ("city", {"values": {"a": 1}}, {"values": "choice"}),
        ("tag", {"operator": "any_of", "values": "VI"}, {"values": "unknown"}),
        ("tag", {"operator": "any_of", "values": "VIP", "source": "crm"}, {"source": "choice"}),
        ("note", {"operator": "any_of", "values": " \n "}, {"values": "required"}),
        ("note", {"operator": "any_of", "values": "x" * 201}, {"values": "long"}),
        ("note", {"operator": "any_of", "values": "\n".join(map(str, range(51)))},
         {"values": "too_many"}),
        ("birthday", {"operator": "month", "months": "13"}, {"months": "choice"}),
        ("birthday", {"operator": "month_day", "days": "02-30"}, {"days": "month_day"}),
        ("birthday", {"operator": "next_days", "next_days": "1.5"}, {"next_days": "whole"}),
        ("birthday", {"operator": "next_days", "next_days": "367"}, {"next_days": "most"}),
        ("app_installed", {"truth": "maybe"}, {"truth": "choice"}),
        ("app_installed", {"truth": "true", "negated": "perhaps"}, {"negated": "choice"}),
        ("joined_at", {}, {"window": "required"}),
        ("joined_at", {"window": "any"}, {"window": "choice"}),
        ("joined_at", {"window": "sometime"}, {"window": "choice"}),
        ("joined_at", {"window": "keep:yesterday/"}, {"window": "choice"}),
        ("joined_at", {"window": "keep:5 moons ago/"}, {"window": "choice"}),
        ("joined_at", {"window": "last"}, {"window_number": "required", "window_unit": "required"}),
        ("joined_at", {"window": "last", "window_number": "0", "window_unit": "day"},
         {"window_number": "least"}),
        ("joined_at", {"window": "last", "window_number": "2.5", "window_unit": "day"},
         {"window_number": "whole"}),
        ("joined_at", {"window": "last", "window_number": 30_000, "window_unit": "year"},
         {"window_number": "calendar"}),
        ("joined_at", {"window": "since", "window_since": "2026-02-30"}, {"window_since": "date"}),
        ("joined_at", {"window": "since", "window_since": "May"}, {"window_since": "date"}),
        ("joined_at", {"window": "until", "window_until": "9999-12-31"},
         {"window_until": "calendar"}),
        ("joined_at",
         {"window": "dates", "window_since": "2026-05-02", "window_until": "2026-05-01"},
         {"window_until": "until"}),
        ("engagement", {"operator": ">=", "number": 1, "channels": "email", "events": "redeem"},
         {"events": "events"}),
        ("engagement", {"operator": ">=", "number": 1, "campaigns": "Winter"},
         {"campaigns": "unknown"}),
        ("engagement", {"operator": ">=", "number": 1, "channels": "telegraph"},
         {"channels": "choice"}),
        ("engagement", {"operator": ">=", "number": 1, "window": "before"}, {"window": "choice"}),
    ],
)  # fmt: skip
def test_each_error_stands_at_its_input(
    field: str, values: dict[str, object], errors: dict[str, str]
) -> None:
    found = wrong(field, **values)

    assert found == {name: f"form_error.{message}" for name, message in errors.items()}


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"window": "last", "window_number": "91", "window_unit": "day"}, "window_number"),
        ({"window": "last", "window_number": "1", "window_unit": "year"}, "window_number"),
        ({"window": "since", "window_since": "2026-03-31"}, "window_since"),
        (
            {"window": "dates", "window_since": "2025-01-01", "window_until": "2026-06-01"},
            "window_since",
        ),
        ({"window": "previous.year"}, "window"),
        ({"window": "keep:/30 day ago"}, "window"),
    ],
)
def test_messages_are_looked_back_on_for_90_days(values: dict[str, object], place: str) -> None:
    assert wrong("engagement", operator=">=", number=1, **values) == {place: "input.lookback"}


def test_three_months_of_messages_are_the_full_90_days() -> None:
    condition = said(
        "engagement", operator=">=", number=1, window="last", window_number=3, window_unit="month"
    )

    assert isinstance(condition, Condition)
    assert condition.window == Window.last(90)


def test_what_does_not_apply_is_passed_over() -> None:
    condition = said("age", operator=">", number=18, upper="nonsense")

    assert condition == Condition(field="age", op=Op.GT, number=18)


def test_errors_that_nobody_shows_become_one_sentence() -> None:
    with pytest.raises(Refused) as caught:
        said("age")
    assert say("en", caught.value.message_id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_about_forms_is_without_use(language: str) -> None:
    used = {f"form.op.{op.name.lower()}" for field in FIELDS.values() for op in field.operators}
    worded = {key for key in messages(language) if key.startswith("form.op.")}

    assert worded == used - {"form.op.within", "form.op.is"}


# ── there and back ───────────────────────────────────────────────────────────────────────────────

UNITS = st.sampled_from(["day", "week", "month", "year"])
DATES = st.dates(date(1900, 1, 1), date(2100, 1, 1))


def _span(kind: object, first: int, last: int) -> Window:
    days = [TODAY - timedelta(days=max(first, last)), TODAY - timedelta(days=min(first, last))]
    if kind == "ago":
        return Window(start=Ago(ago=max(first, last)), end=Ago(ago=min(first, last)))
    return Window.dates(*days)


@st.composite
def windows(draw: st.DrawFn, recent: bool) -> Window | None:
    """Those that have inputs and those that have none; `recent`: of the last 90 days."""
    if recent:
        number = st.integers(0, 90)
        return draw(
            st.one_of(
                st.none(),
                st.builds(Window.last, number),
                st.builds(Window.last, st.integers(1, 12), st.just("week")),
                st.builds(Window.period, st.sampled_from(["day", "week", "month"]),
                          st.sampled_from([0, -1])),
                st.builds(_span, st.sampled_from(["ago", "on"]), number, number),
                st.builds(lambda n: Window.dates(TODAY - timedelta(days=n), None), number),
            )
        )  # fmt: skip
    bound = st.one_of(
        st.builds(Ago, ago=st.integers(0, 1_000), unit=UNITS),
        st.builds(Start, start_of=UNITS, offset=st.integers(-100, 100)),
        st.builds(On, on=DATES),
    )
    start, end = draw(st.none() | bound), draw(st.none() | bound)
    if start is None and end is None:
        return draw(st.one_of(st.none(), st.builds(Window.period, UNITS, st.sampled_from([0, -1]))))
    return Window(start=start, end=end)


def some(values: tuple[str, ...], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=50, unique=True).map(tuple)


@st.composite
def scopes(draw: st.DrawFn, parts: tuple[str, ...]) -> Scope:
    scope: dict[str, object] = {}
    if "source" in parts:
        scope["source"] = draw(st.sampled_from([None, "maac", "caac"]))
    for part, name in (("product", "products"), ("category", "categories")):
        if part in parts:
            scope[name] = draw(some(SHOP.names(part)))
    if "channel" in parts:
        channels = draw(some(tuple(EVENTS)))
        events = tuple(dict.fromkeys(e for c in channels or EVENTS for e in EVENTS[c]))
        scope |= {"channels": channels, "events": draw(some(events))}
        scope["campaigns"] = draw(some(SHOP.names("campaign")))
    return Scope.model_validate(scope)


KEYWORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)
DAYS = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: day.strftime("%m-%d"))
HIGHEST = {"years": 150, "share": 1}


@st.composite
def conditions(draw: st.DrawFn) -> Condition | Not:
    """Any condition of any field, as the specification allows them."""
    field = SHOP.field(draw(st.sampled_from(NAMES)))
    op = draw(st.sampled_from(field.operators))
    texts = {
        Op.MONTH: some(tuple(map(str, range(1, 13))), 1),
        Op.MONTH_DAY: st.lists(DAYS, min_size=1, max_size=50, unique=True).map(tuple),
        Op.BAND: some(tuple(BANDS), 1),
        Op.IS: st.sampled_from([("true",), ("false",)]),
    }.get(op, st.just(()))
    if op in (Op.ANY_OF, Op.ALL_OF):
        fixed = {"reachable": REACHABLE_CHANNELS, "line_status": ("subscribed", "blocked", "none")}
        texts = some(fixed.get(field.name) or SHOP.names(field.name) or ("-",), 1)
    if field.kind is Kind.KEYWORD:
        words = KEYWORDS.map(str.strip).filter(bool)
        texts = st.lists(words, min_size=1, max_size=9, unique=True).map(tuple)
    numbers: list[float | None] = [None, None]
    if op is Op.NEXT_DAYS:
        numbers = [draw(st.integers(0, 366)), None]
    elif op in (Op.EQ, Op.GT, Op.GE, Op.LT, Op.LE, Op.BETWEEN):
        most = HIGHEST.get(field.unit, 10**15)
        least = -(10**15) if field.name in CUSTOM else 0
        some_number = st.floats(least, most, allow_nan=False, allow_infinity=False)
        low, high = sorted((draw(some_number) + 0.0, draw(some_number) + 0.0))
        numbers = [low, high if op is Op.BETWEEN else None]
    window = draw(windows(recent=field.lookback_days is not None)) if field.time else None
    condition = Condition(
        field=field.name, op=op, number=numbers[0], upper=numbers[1], texts=draw(texts),
        window=window, scope=draw(scopes(field.scope)),
    )  # fmt: skip
    return Not(item=condition) if draw(st.booleans()) else condition


def field_name(condition: Condition | Not) -> str:
    return str(editable(condition, SHOP))


def as_html(value: object) -> object:
    return [as_html(each) for each in value] if isinstance(value, tuple) else str(value)


@settings(max_examples=600, deadline=None)
@given(condition=conditions(), language=st.sampled_from(LANGUAGES))
def test_a_form_filled_by_a_condition_gives_that_condition(
    condition: Condition | Not, language: str
) -> None:
    name = field_name(condition)
    shown = form(name, SHOP, language, condition)
    values = values_of(shown)

    assert filled(name, values, SHOP, NOW) == condition
    assert filled(name, json.loads(json.dumps(values)), SHOP, NOW) == condition
    assert filled(name, {n: as_html(v) for n, v in values.items()}, SHOP, NOW) == condition
    for each in shown.inputs:
        chosen = each.value if isinstance(each.value, tuple) else (each.value,)
        if each.kind in ("choice", "choices"):
            assert {*filter(None, chosen)} <= {choice.value for choice in each.options}


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
    st.sampled_from(["last", "keep:/", "keep:9999-12-31/1 day start", "between", ">", "band", "1"]),
    st.lists(st.text(max_size=3) | st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
)  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(data=st.data(), name=st.sampled_from(NAMES))
def test_whatever_is_handed_over_is_used_or_refused(data: st.DataObject, name: str) -> None:
    names = [each.name for each in form(name, SHOP, "en").inputs]
    values = data.draw(st.dictionaries(st.sampled_from([*names, "x"]), ANYTHING))

    try:
        condition = filled(name, values, SHOP, NOW)
    except FormErrors:
        return  # any other exception would be a fault
    assert filled(name, values_of(form(name, SHOP, "en", condition)), SHOP, NOW) == condition


def test_a_window_without_inputs_is_a_choice_of_its_own() -> None:
    window = Window(start=Ago(ago=60), end=Ago(ago=30))
    bought = Condition(field="order_count", op=Op.GE, number=1, window=window)

    shown = inputs(form("order_count", SHOP, "en", bought))["window"]

    assert shown.options[-1].label == "keep as it is"
    assert shown.options[-1].value == shown.value


def test_a_value_that_the_data_has_no_more_is_shown_and_refused() -> None:
    gone = Condition(field="tag", op=Op.ANY_OF, texts=("VIP", "Old Tag"))
    shown = form("tag", SHOP, "en", gone)

    assert inputs(shown)["values"].options[-1].value == "Old Tag"
    with pytest.raises(FormErrors) as caught:
        filled("tag", values_of(shown), SHOP, NOW)
    assert caught.value.errors == {"values": ("form_error.unknown", {"names": "Old Tag"})}


# ── plans, item by item ──────────────────────────────────────────────────────────────────────────

VIP = Condition(field="tag", op=Op.ANY_OF, texts=("VIP",))
ADULT = Condition(field="age", op=Op.GE, number=18)
TAIPEI = Condition(field="city", op=Op.ANY_OF, texts=("Taipei",))


def test_items_are_added_replaced_turned_round_and_removed() -> None:
    root = edited(edited(AllOf(), AddItem(node=VIP)), AddItem(node=ADULT))
    assert root == AllOf(items=(VIP, ADULT))
    assert edited(root, AddItem(node=VIP)) == root

    root = edited(root, ReplaceItem(index=1, node=TAIPEI))
    assert root == AllOf(items=(VIP, TAIPEI))
    turned = edited(root, FlipItem(index=0))
    assert turned == AllOf(items=(Not(item=VIP), TAIPEI))
    assert edited(turned, FlipItem(index=0)) == root
    assert edited(root, RemoveItem(index=0)) == AllOf(items=(TAIPEI,))


def test_all_becomes_any_and_edits_go_on_inside() -> None:
    any_of = edited(AllOf(items=(VIP, ADULT)), MatchItems(match="any"))
    assert any_of == AllOf(items=(AnyOf(items=(VIP, ADULT)),))
    assert listed(any_of) == ("any", (VIP, ADULT))

    more = edited(any_of, AddItem(node=TAIPEI))
    assert more == AllOf(items=(AnyOf(items=(VIP, ADULT, TAIPEI)),))
    one = edited(edited(more, RemoveItem(index=0)), RemoveItem(index=0))
    assert listed(one) == ("any", (TAIPEI,))
    assert edited(more, MatchItems(match="all")) == AllOf(items=(VIP, ADULT, TAIPEI))


def test_without_conditions_nobody_is_left_out() -> None:
    alone = AllOf(items=(AnyOf(items=(VIP,)),))

    assert edited(alone, RemoveItem(index=0)) == AllOf()
    assert edited(AllOf(), MatchItems(match="any")) == AllOf()
    assert listed(AllOf()) == ("all", ())


@pytest.mark.parametrize("index", [-1, 2, 99])
@pytest.mark.parametrize("match", ["all", "any"])
def test_an_item_that_there_is_not_is_refused(index: int, match: str) -> None:
    root = edited(AllOf(items=(VIP, ADULT)), MatchItems.model_validate({"match": match}))

    for change in (
        RemoveItem(index=index),
        FlipItem(index=index),
        ReplaceItem(index=index, node=TAIPEI),
    ):
        with pytest.raises(Refused) as caught:
            edited(root, change)
        assert caught.value.message_id == "form.no_such_condition"


NODES = st.recursive(
    st.sampled_from([VIP, ADULT, TAIPEI]),
    lambda inner: st.one_of(
        st.builds(Not, item=inner),
        st.builds(lambda items: AnyOf(items=tuple(items)), st.lists(inner, max_size=3)),
        st.builds(lambda items: AllOf(items=tuple(items)), st.lists(inner, max_size=3)),
    ),
    max_leaves=5,
)
ROOTS = st.lists(NODES, max_size=4).map(lambda items: AllOf(items=tuple(items)))


@given(root=ROOTS, match=st.sampled_from(["all", "any"]))
def test_what_is_listed_is_what_was_asked_for(root: AllOf, match: str) -> None:
    _, items = listed(root)

    shown, same = listed(edited(root, MatchItems.model_validate({"match": match})))
    assert same == items
    assert shown == (match if items else "all")
    for index in range(len(items)):
        rest = AllOf(items=(*items[:index], *items[index + 1 :]))
        assert listed(edited(root, RemoveItem(index=index)))[1] == listed(rest)[1]


@given(change=st.builds(AddItem, node=NODES) | st.builds(RemoveItem, index=st.integers(0, 9)))
def test_an_edit_is_data(change: PlanEdit) -> None:
    assert type(change).model_validate_json(change.model_dump_json()) == change
