"""From a description of people to conditions."""

from datetime import date

import pytest

from planner.commands import Act, Add, OutOfScope, Unclear
from planner.fields import Op
from planner.plan import AnyOf, Condition, Node, Not, Open, Scope
from planner.windows import Start, Window

from .conftest import Conditions, Understands

Expected = tuple[Node, ...]


def bought(window: Window | None = None) -> Condition:
    return Condition(field="order_count", op=Op.GE, number=1, window=window)


def unbought(window: Window | None = None) -> Condition:
    return Condition(field="order_count", op=Op.EQ, number=0, window=window)


def any_of(field: str, *texts: str) -> Condition:
    return Condition(field=field, op=Op.ANY_OF, texts=texts)


def more(field: str, op: str, number: float, upper: float | None = None) -> Condition:
    return Condition(field=field, op=Op(op), number=number, upper=upper)


def message(channel: str, event: str, *, done: bool = True) -> Condition:
    op, number = (Op.GE, 1) if done else (Op.EQ, 0)
    scope = Scope(channels=(channel,), events=(event,))
    return Condition(field="engagement", op=op, number=number, scope=scope)


def dated(first: str | None, last: str | None) -> Window:
    return Window.dates(
        date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shoppers who spent over 1.5k", more("total_spending", ">", 1_500)),
        ("spending between 2,000 and 4,000", more("total_spending", "between", 2_000, 4_000)),
        ("at least 7 orders", more("order_count", ">=", 7)),
        ("aged between 25 and 34", more("age", "between", 25, 34)),
        ("returned fewer than 2 orders", more("return_count", "<", 2)),
        ("average order value of at most 900", more("average_order_value", "<=", 900)),
        ("消費金額超過10萬的會員", more("total_spending", ">", 100_000)),
        ("消費超過十萬", more("total_spending", ">", 100_000)),
        ("花了兩萬五以上", more("total_spending", ">=", 25_000)),
        ("買了三次以上", more("order_count", ">=", 3)),
        ("累積訂單超過5筆", more("order_count", ">", 5)),
        ("年齡介於30到45歲", more("age", "between", 30, 45)),
        ("累計購入金額が5万円以上", more("total_spending", ">=", 50_000)),
        ("5000円以上使った", more("total_spending", ">=", 5_000)),
        ("注文が3回以上", more("order_count", ">=", 3)),
        ("20代", more("age", "between", 20, 29)),
    ],
)
def test_amounts(conditions: Conditions, text: str, expected: Node) -> None:
    assert conditions(text) == [expected]


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("bought in the last 45 days", Window.last(45)),
        ("bought within the past 2 weeks", Window.last(2, "week")),
        ("bought this month", Window.period("month")),
        ("bought last month", Window.period("month", -1)),
        ("bought this year", Window.period("year")),
        ("bought since 1 March 2026", dated("2026-03-01", None)),
        ("bought before 2026-02-01", Window(end=dated("2026-02-01", None).start)),
        ("bought between 1 March and 15 April 2026", dated("2026-03-01", "2026-04-15")),
        ("bought in May", dated("2026-05-01", "2026-05-31")),
        ("近45天買過", Window.last(45)),
        ("過去三個月有下單", Window.last(3, "month")),
        ("半年內買過", Window.last(6, "month")),
        ("去年買過", Window.period("year", -1)),
        ("上週買過", Window.period("week", -1)),
        ("從2026年3月1日到2026年4月15日買過", dated("2026-03-01", "2026-04-15")),
        ("民國115年3月買過", dated("2026-03-01", "2026-03-31")),
        ("過去45日間に購入した", Window.last(45)),
        ("3ヶ月以内に購入した", Window.last(3, "month")),
        ("先月購入した", Window.period("month", -1)),
        ("今年購入した", Window.period("year")),
        ("令和8年3月に購入した", dated("2026-03-01", "2026-03-31")),
    ],
)
def test_windows(conditions: Conditions, text: str, window: Window) -> None:
    assert conditions(text) == [bought(window)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("haven't bought for 6 months", unbought(Window.last(6, "month"))),
        ("no orders this year", unbought(Window.period("year"))),
        ("半年沒買", unbought(Window.last(6, "month"))),
        ("上個月沒有下單", unbought(Window.period("month", -1))),
        ("半年以上購入していない", unbought(Window.last(6, "month"))),
        ("今年購入がない", unbought(Window.period("year"))),
        ("never bought anything", unbought()),
        ("從來沒買過", unbought()),
        ("一度も購入していない", unbought()),
        ("not female", Not(item=any_of("gender", "female"))),
        ("非VIP標籤", Not(item=any_of("tag", "VIP"))),
        ("男性以外", Not(item=any_of("gender", "male"))),
        ("everyone except Osaka", Not(item=any_of("city", "Osaka"))),
        ("排除住大阪的人", Not(item=any_of("city", "Osaka"))),
        ("never opened an email", message("email", "open", done=False)),
        ("沒點過EDM", message("email", "click", done=False)),
        ("メールを開封していない", message("email", "open", done=False)),
        ("did not use their coupon", message("coupon", "redeem", done=False)),
    ],
)
def test_negation(conditions: Conditions, text: str, expected: Node) -> None:
    assert conditions(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("women in Taipei", (any_of("gender", "female"), any_of("city", "Taipei"))),
        ("Taipei, Osaka or Bangkok", (any_of("city", "Taipei", "Osaka", "Bangkok"),)),
        ("台北或大阪的VIP", (any_of("city", "Taipei", "Osaka"), any_of("tag", "VIP"))),
        (
            "female or Gold members",
            (AnyOf(items=(any_of("gender", "female"), any_of("membership_tier", "Gold"))),),
        ),
        (
            "女性またはゴールド会員",
            (AnyOf(items=(any_of("gender", "female"), any_of("membership_tier", "Gold"))),),
        ),
        (
            "either opened an email or clicked an SMS link",
            (AnyOf(items=(message("email", "open"), message("sms_broadcast", "click"))),),
        ),
        (
            "neither opened an email nor clicked an SMS link",
            (message("email", "open", done=False), message("sms_broadcast", "click", done=False)),
        ),
        (
            "opened an email but never clicked it",
            (message("email", "open"), message("email", "click", done=False)),
        ),
        (
            "tagged both VIP and Cat Lover",
            (Condition(field="tag", op=Op.ALL_OF, texts=("VIP", "Cat Lover")),),
        ),
        (
            "tagged VIP or Cat Lover but not Camping",
            (any_of("tag", "VIP", "Cat Lover"), Not(item=any_of("tag", "Camping"))),
        ),
        (
            "住台北，排除VIP標籤",
            (any_of("city", "Taipei"), Not(item=any_of("tag", "VIP"))),
        ),
        (
            "大阪に住んでいて、男性以外",
            (any_of("city", "Osaka"), Not(item=any_of("gender", "male"))),
        ),
    ],
)
def test_connectives(conditions: Conditions, text: str, expected: Expected) -> None:
    assert tuple(conditions(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("birthday next month", Condition(field="birthday", op=Op.MONTH, texts=("7",))),
        ("本月壽星", Condition(field="birthday", op=Op.MONTH, texts=("6",))),
        (
            "joined this year",
            Condition(field="joined_at", op=Op.WITHIN, window=Window(start=Start(start_of="year"))),
        ),
        (
            "last purchase more than a year ago",
            Condition(field="last_purchase", op=Op.WITHIN, window=Window.before(12, "month")),
        ),
        ("whose note mentions 'wholesale'", any_of("note", "wholesale")),
        ("備註提到「批發」的客人", any_of("note", "批發")),
        (
            "bought P-77 twice",
            Condition(
                field="checkout_count", op=Op.EQ, number=2, scope=Scope(products=("Night Cream",))
            ),
        ),
        (
            "bought anything in Skincare",
            Condition(
                field="checkout_count", op=Op.GE, number=1, scope=Scope(categories=("Skincare",))
            ),
        ),
        ("AI predicted high-potential buyers",
         Condition(field="purchase_probability", op=Op.BAND, texts=("high",))),
        ("blocked us", any_of("line_status", "blocked")),
    ],
)  # fmt: skip
def test_other_fields(conditions: Conditions, text: str, expected: Node) -> None:
    assert conditions(text) == [expected]


@pytest.mark.parametrize(
    ("text", "slot", "phrase"),
    [
        ("big spenders", "total_spending.value", "big spenders"),
        ("有錢人", "total_spending.value", "有錢"),
        ("loyal fans", "order_count.value", "loyal"),
        ("常客", "order_count.value", "常客"),
        ("常連", "order_count.value", "常連"),
        ("lapsed customers", "last_purchase.window", "lapsed customers"),
        ("休眠会員", "last_interaction.window", "休眠会員"),
        ("新會員", "joined_at.window", "新會員"),
        ("若い", "age.value", "若い"),
        ("coffee lovers", "tag.choice", "coffee"),
    ],
)
def test_a_vague_word_is_asked_about(
    conditions: Conditions, text: str, slot: str, phrase: str
) -> None:
    (point,) = conditions(text)

    assert isinstance(point, Open)
    assert (point.slot, point.phrase) == (slot, phrase)
    assert point.condition.number is None
    assert point.condition.window is None


def test_a_vague_word_with_a_number_leaves_nothing_to_ask(conditions: Conditions) -> None:
    assert conditions("big spenders who spent over 9,000") == [more("total_spending", ">", 9_000)]


def test_what_is_not_in_the_data_is_never_a_value(understands: Understands) -> None:
    commands = understands("people in Osaka or Reykjavik. People tagged Zyxwv").commands
    city, tag = [command.node for command in commands if isinstance(command, Add)]

    assert city == any_of("city", "Osaka")
    assert isinstance(tag, Open)
    assert (tag.slot, tag.phrase, tag.candidates) == ("tag.choice", "Zyxwv", ())
    assert Unclear(("Reykjavik",)) in commands


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("women with a frobnicated wugglemop", "frobnicated wugglemop"),
        ("咕嚕嚕的女性", "咕嚕嚕"),
        ("ワカンダパ女性", "ワカンダパ"),
        ("people who bought in Taipei zzyzx", "zzyzx"),
    ],
)
def test_what_nothing_understands_is_named(
    understands: Understands, text: str, phrase: str
) -> None:
    commands = understands(text).commands

    assert Unclear((phrase,)) in commands
    assert any(isinstance(command, Add) for command in commands)


@pytest.mark.parametrize(
    "text", ["under 30", "over 40 people", "7 8 9", "5 77", "3萬以上", "30以下"]
)
def test_a_number_of_nothing_is_not_passed_over(understands: Understands, text: str) -> None:
    assert understands(text).commands


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("follow us on TikTok", "social"),
        ("看過我們網站的人", "web"),
        ("雨の日に買う人", "weather"),
        ("people who are divorced", "other"),
        ("抱怨心情不好的人", "sentiment"),
    ],
)
def test_what_the_data_cannot_tell_is_said_so(
    understands: Understands, text: str, kind: str
) -> None:
    (beyond,) = [c for c in understands(text).commands if isinstance(c, OutOfScope)]

    assert beyond.kind == kind
    assert beyond.alternatives
    assert beyond.phrase in text


def test_the_rest_of_a_sentence_holds_beside_what_cannot_be_told(understands: Understands) -> None:
    commands = understands("women who live in Osaka, and who follow us on TikTok").commands

    assert [c.node for c in commands if isinstance(c, Add)] == [
        any_of("gender", "female"),
        any_of("city", "Osaka"),
    ]
    assert sum(isinstance(c, OutOfScope) for c in commands) == 1


@pytest.mark.parametrize(
    ("text", "action"),
    [("hello", "greet"), ("help", "help"), ("謝謝", "thanks"), ("使い方", "help")],
)
def test_small_talk_is_no_description(understands: Understands, text: str, action: str) -> None:
    assert understands(text).commands == (Act(action),)


@pytest.mark.parametrize("text", ["", " ", "\n", "?!", "…", "😀", "\ud800", "\x00"])
def test_a_text_that_says_nothing_adds_nothing(understands: Understands, text: str) -> None:
    assert not any(isinstance(command, Add) for command in understands(text).commands)
