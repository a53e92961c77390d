"""Changes of a plan that stands, and answers to the question that is open."""

from typing import Any

import pytest

from planner.commands import (
    Act,
    Add,
    Answer,
    Change,
    Command,
    Negate,
    Remove,
    Restart,
    Target,
    Undo,
)
from planner.fields import Op
from planner.plan import AllOf, Condition, Not
from planner.state import Conversation, KeptOption, Pending
from planner.understand.new_words import name_given
from planner.windows import Window

from .conftest import Understands

SPENT = Condition(field="total_spending", op=Op.GT, number=5_000)
TAIPEI = Condition(field="city", op=Op.ANY_OF, texts=("Taipei",))
BOUGHT = Condition(field="order_count", op=Op.GE, number=1, window=Window.last(30))
VIP = Condition(field="tag", op=Op.ANY_OF, texts=("VIP",))
READY = Conversation(
    status="ready", draft=AllOf(items=(SPENT, TAIPEI, BOUGHT, Not(item=VIP))), touched=4
)


@pytest.fixture
def changes(understands: Understands) -> "Changes":
    return Changes(understands)


class Changes:
    """What a text says to the plan that is ready."""

    def __init__(self, understands: Understands) -> None:
        self.understands = understands

    def __call__(self, text: str) -> tuple[Command, ...]:
        return self.understands(text, READY).commands


@pytest.mark.parametrize(
    "text",
    ["make it over $8000", "change spending to 8000", "改8000元", "金額改為8千", "8000円に変えて"],
)  # fmt: skip
def test_another_amount(changes: Changes, text: str) -> None:
    (change,) = changes(text)

    assert isinstance(change, Change)
    assert change.target.index == 1
    assert change.number == 8_000


@pytest.mark.parametrize(
    "text", ["make it 60 days", "in the last 60 days instead", "改成60天", "60日に変更して"]
)
def test_another_window(changes: Changes, text: str) -> None:
    (change,) = changes(text)

    assert isinstance(change, Change)
    assert change.target.index == 3
    assert change.window == Window.last(60)
    assert change.number is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("remove the second condition", 2),
        ("delete condition 1", 1),
        ("刪掉第三個條件", 3),
        ("2番目の条件を削除して", 2),
        ("remove the last condition", -1),
    ],
)
def test_a_condition_is_removed_by_its_number(changes: Changes, text: str, place: int) -> None:
    assert changes(text) == (Remove(Target(index=place)),)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("remove the city", 2),
        ("drop the spending condition", 1),
        ("不要城市條件", 2),
        ("都市の条件を外して", 2),
        ("remove the VIP tag", 4),
    ],
)
def test_a_condition_is_removed_by_its_name(changes: Changes, text: str, place: int) -> None:
    (removed,) = changes(text)

    assert isinstance(removed, Remove)
    assert removed.target.index == place


@pytest.mark.parametrize("text", ["undo", "復原", "元に戻して", "undo that"])
def test_undo(changes: Changes, text: str) -> None:
    assert changes(text) == (Undo(),)


@pytest.mark.parametrize("text", ["start over", "重新開始", "最初からやり直して"])
def test_starting_over(changes: Changes, text: str) -> None:
    assert changes(text) == (Restart(),)


def test_starting_over_with_a_new_description(changes: Changes) -> None:
    restart, added = changes("start over: women")

    assert restart == Restart()
    assert isinstance(added, Add)


@pytest.mark.parametrize(
    "text", ["the opposite of the second condition", "城市條件反過來", "都市の条件を逆にして"]
)
def test_a_condition_is_turned_round(changes: Changes, text: str) -> None:
    (negated,) = changes(text)

    assert isinstance(negated, Negate)
    assert negated.target.index == 2


@pytest.mark.parametrize("text", ["also Osaka", "include Osaka too", "大阪也要", "大阪も追加して"])
def test_one_value_more(changes: Changes, text: str) -> None:
    (change,) = changes(text)

    assert isinstance(change, Change)
    assert change.target.index == 2
    assert change.texts == ("Taipei", "Osaka")


@pytest.mark.parametrize("text", ["only women", "and women", "加上女性", "さらに女性に絞って"])
def test_one_condition_more(changes: Changes, text: str) -> None:
    women = Condition(field="gender", op=Op.ANY_OF, texts=("female",))

    assert changes(text) == (Add(women),)


def test_people_are_left_out_by_a_word_of_removing(changes: Changes) -> None:
    blocked = Condition(field="line_status", op=Op.ANY_OF, texts=("blocked",))

    assert changes("remove people who blocked us") == (Add(Not(item=blocked)),)


@pytest.mark.parametrize("text", ["looks good", "好，就這樣", "これで大丈夫"])
def test_agreeing_with_the_plan(changes: Changes, text: str) -> None:
    assert changes(text) == (Act("apply"),)


# ── answers ──────────────────────────────────────────────────────────────────────────────────────


def asked(slot: str, *texts: str, multiple: bool = False) -> Conversation:
    options = tuple(
        KeptOption(id=str(place), label=text, answer=Answer(slot=slot, texts=(text,)))
        for place, text in enumerate(texts, 1)
    )
    skip = KeptOption(id="skip", label="Skip", answer=Answer(slot=slot, choice="skip"))
    pending = Pending(slot=slot, multiple=multiple, options=(*options, skip))
    return Conversation(status="asking", pending=pending, draft=AllOf(items=(TAIPEI,)))


@pytest.mark.parametrize(
    ("slot", "text", "answer"),
    [
        ("total_spending.value", "5000", {"number": 5_000}),
        ("total_spending.value", "over 1.5k", {"number": 1_500, "op": Op.GT}),
        ("total_spending.value", "一萬以上", {"number": 10_000, "op": Op.GE}),
        ("total_spending.value", "5万円以上", {"number": 50_000, "op": Op.GE}),
        ("total_spending.value", "1,000 to 2,000",
         {"number": 1_000, "upper": 2_000, "op": Op.BETWEEN}),
        ("order_count.value", "3次以上", {"number": 3, "op": Op.GE}),
        ("age.value", "18 to 29", {"number": 18, "upper": 29, "op": Op.BETWEEN}),
        ("last_purchase.window", "90 days", {"window": Window.last(90)}),
        ("last_purchase.window", "半年", {"window": Window.last(6, "month")}),
        ("last_purchase.window", "3ヶ月", {"window": Window.last(3, "month")}),
        ("last_purchase.window", "this year", {"window": Window.period("year")}),
        ("last_purchase.window", "45", {"window": Window.last(45)}),
        ("engagement.channel", "email", {"texts": ("email",)}),
        ("engagement.channel", "LINE和簡訊", {"texts": ("line_broadcast", "sms_broadcast")}),
    ],
)  # fmt: skip
def test_the_open_question_is_answered(
    understands: Understands, slot: str, text: str, answer: dict[str, Any]
) -> None:
    (given,) = understands(text, asked(slot)).commands

    assert given == Answer(slot=slot, **answer)


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("VIP", ("VIP",)),
        ("vip", ("VIP",)),
        ("2", ("Cat Lover",)),
        ("the second one", ("Cat Lover",)),
        ("第一個", ("VIP",)),
        ("2番目", ("Cat Lover",)),
        ("VIP and Cat Lover", ("VIP", "Cat Lover")),
        ("VIPとCat Lover", ("VIP", "Cat Lover")),
    ],
)
def test_an_option_is_chosen(understands: Understands, text: str, chosen: tuple[str, ...]) -> None:
    state = asked("tag.choice", "VIP", "Cat Lover", multiple=True)

    assert understands(text, state).commands == (Answer(slot="tag.choice", texts=chosen),)


@pytest.mark.parametrize(
    ("slot", "text", "choice"),
    [
        ("suggest.exclude_returns", "yes", "yes"),
        ("suggest.exclude_returns", "好", "yes"),
        ("suggest.exclude_returns", "はい", "yes"),
        ("suggest.exclude_returns", "no", "no"),
        ("suggest.exclude_returns", "不用", "no"),
        ("suggest.exclude_returns", "いいえ", "no"),
        ("tag.choice", "all of them", "all"),
        ("tag.choice", "全部", "all"),
        ("tag.choice", "すべて", "all"),
        ("total_spending.value", "skip", "skip"),
        ("total_spending.value", "跳過", "skip"),
        ("total_spending.value", "スキップ", "skip"),
        ("total_spending.value", "I don't know", "unknown"),
        ("total_spending.value", "不知道", "unknown"),
        ("total_spending.value", "わからない", "unknown"),
    ],
)
def test_a_plain_word_answers(understands: Understands, slot: str, text: str, choice: str) -> None:
    state = asked(slot, "VIP", "Cat Lover")

    assert understands(text, state).commands == (Answer(slot=slot, choice=choice),)


def test_an_answer_may_settle_another_point_as_well(understands: Understands) -> None:
    commands = understands(
        "over 5000, and at least 3 orders", asked("total_spending.value")
    ).commands

    assert commands == (
        Answer(slot="total_spending.value", op=Op.GT, number=5_000),
        Add(Condition(field="order_count", op=Op.GE, number=3)),
    )


def test_words_that_answer_nothing_are_no_answer(understands: Understands) -> None:
    commands = understands("zzyzx frumious", asked("total_spending.value")).commands

    assert not any(isinstance(command, Answer) for command in commands)


@pytest.mark.parametrize(
    "text",
    ["how many?", "How many people is that now?", "show me the plan again",
     "這樣有幾個人?", "目前條件有哪些", "これで何人?",
     "今の条件を見せて", "ตอนนี้ได้กี่คนแล้ว", "ขอดูเงื่อนไขตอนนี้หน่อย"],
)  # fmt: skip
def test_looking_at_the_plan_again_confirms_nothing(changes: Changes, text: str) -> None:
    assert changes(text) == (Act("look"),)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('call it "VIP night"', "VIP night"),
        ("Let's name it Spring buyers, please", "Spring buyers"),
        ("就叫春季名單吧", "春季名單"),
        ("名字叫「春季名單」", "春季名單"),
        ("叫車客群", "叫車客群"),
        ("名前は春リストでお願いします", "春リスト"),
        ("「春リスト」という名前で", "春リスト"),
        ("ตั้งชื่อว่า ลูกค้าฤดูร้อน ค่ะ", "ลูกค้าฤดูร้อน"),
        ("酒吧", "酒吧"),
        ("VIP night 2026!", "VIP night 2026!"),
    ],
)
def test_a_name_is_what_is_left_without_the_words_around_it(text: str, name: str) -> None:
    assert name_given(text) == name
