"""Whatever is typed: reading it never fails, is quick, and makes nothing up."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catalogue import Catalogue
from planner.commands import Add, Answer, Change, Reading
from planner.plan import AllOf, Condition, Open, leaves
from planner.state import Conversation, Pending
from planner.understand.normalise import normalise
from planner.understand.numbers import numbers
from planner.understand.vocabulary import concepts, forms
from planner.windows import Window

from .conftest import Understands

MOST_SECONDS = 1.0
"""Far above what a text takes: only what grows with the square of the length is to be caught."""
CLICKED = Condition(
    field="engagement",
    op=">=",
    number=1,
    scope={"channels": ("line_broadcast",), "events": ("click",)},
)
SPENT = Condition(field="total_spending", op=">", number=5_000)
BOUGHT = Condition(field="order_count", op=">=", number=1, window=Window.last(30))
STATES = st.sampled_from(
    [
        Conversation(),
        Conversation(status="ready", language="ja", draft=AllOf(items=(SPENT, BOUGHT)), touched=2),
        *(
            Conversation(status="asking", pending=Pending(slot=slot), draft=AllOf(items=(SPENT,)))
            for slot in (
                "total_spending.value", "age.value", "last_purchase.window", "tag.choice",
                "category.choice", "engagement.channel", "engagement.event",
                "suggest.exclude_returns", "odd", "",
            )
        ),
    ]
)  # fmt: skip
KNOWN = [
    "VIP", "Cat Lover", "Night Cream", "Coffee", "Summer Sale", "Taipei", "大阪", "Gold", "P-77",
    "1.5k", "10萬", "一萬五", "3 หมื่น", "５０,０００", "30", "2", "0", "99999999999", "-5", "3.5",
    "2026-03-01", "3月1日", "民國115年", "May", "'tag'", "「批發」", "\n", "?", "，", "、", "/",
    "%", "zzyzx", "咕嚕嚕", "😀",
]  # fmt: skip
FORMS = st.sampled_from(sorted(forms()))
PHRASES = st.lists(
    st.one_of(FORMS, st.sampled_from(KNOWN), st.text(max_size=4)), min_size=1, max_size=14
).flatmap(lambda words: st.sampled_from(["", " ", ", "]).map(lambda between: between.join(words)))


def timed(understands: Understands, text: str, state: Conversation) -> Reading:
    spent = []
    for _ in range(3):  # the machine may be busy with something else for a moment
        started = time.process_time()
        reading = understands(text, state)
        spent.append(time.process_time() - started)
        if spent[-1] < MOST_SECONDS:
            break
    assert min(spent) < MOST_SECONDS, f"{min(spent):.3f} s for {text!r}"
    return reading


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=200), state=STATES)
def test_any_text_is_read(understands: Understands, text: str, state: Conversation) -> None:
    assert timed(understands, text, state).language in ("en", "zh-Hant", "ja", "th")


@settings(max_examples=500, deadline=None)
@given(text=PHRASES, state=STATES)
def test_any_sentence_of_known_words_is_read(
    understands: Understands, shop: Catalogue, text: str, state: Conversation
) -> None:
    reading = timed(understands, text, state)

    for command in reading.commands:
        for said in _said(command):
            _is_in(said, text, shop)


@settings(max_examples=40, deadline=None)
@given(piece=st.one_of(st.text(min_size=1, max_size=30), PHRASES.filter(bool)), state=STATES)
def test_a_long_text_is_read_as_quickly(
    understands: Understands, piece: str, state: Conversation
) -> None:
    timed(understands, (piece * (2_000 // len(piece) + 1))[:2_000], state)


def test_what_is_beyond_the_longest_text_is_not_read(understands: Understands) -> None:
    start = "women " + "x" * 2_000

    assert understands(start + " in Osaka") == understands(start)


def _said(command: object) -> list[Condition]:
    if isinstance(command, Add):
        return [_condition(leaf) for leaf in leaves(command.node)]
    if isinstance(command, (Answer, Change)):
        field = "answered"
        return [
            Condition(field=field, op=command.op or "=", number=command.number, upper=command.upper)
        ]
    return []


def _condition(leaf: Condition | Open) -> Condition:
    return leaf if isinstance(leaf, Condition) else leaf.condition


def _is_in(said: Condition, text: str, shop: Catalogue) -> None:
    allowed = _numbers_in(text)
    for number in (said.number, said.upper):
        assert number is None or any(abs(number - n) < 1e-6 for n in allowed), (text, said)
    if said.field not in ("birthday", "note", "answered"):
        values = {v.name for kind in shop.values.values() for v in kind} | FIXED
        assert set(said.texts) <= values, (text, said)
    if said.field == "note":
        form = normalise(text).form
        assert all(normalise(keyword).form.strip() in form for keyword in said.texts), (text, said)
    known = {kind: set(shop.names(kind)) for kind in ("product", "category", "campaign")}
    assert set(said.scope.products) <= known["product"]
    assert set(said.scope.categories) <= known["category"]
    assert set(said.scope.campaigns) <= known["campaign"]


FIXED = {
    str(concept.data["text"]) for concept in concepts().values() if "text" in concept.data
} | {"high", "medium", "low", "true", "false", "line", "email", "push", "sms"}  # fmt: skip


def _numbers_in(text: str) -> set[float]:
    """The numbers of a text, also as hundredths, decades and days, and what concepts fix."""
    said = normalise(text)
    found = {number.value for number in numbers(said.form)}
    found |= {float(digits) for digits in re.findall(r"\d+(?:\.\d+)?", said.form)}
    for concept in concepts().values():
        found |= {float(concept.data[k]) for k in ("number", "count") if k in concept.data}
    scaled = {n * f for n in found for f in (1, 0.01, 1e3, 1e4, 1e5, 1e6, 3, 7, 30, 90, 365)}
    medium = {0.3, 0.7}  # the ends of the medium band: "medium or high"
    return {0, 1} | medium | scaled | {n + 9 for n in found} | {float(d) for d in range(7)}


@pytest.mark.parametrize(
    "text",
    [
        "joined between 9 March 9999 and 99 December 9999",
        "ยอดซื้อหมวด Makeup เกิน 9,999 ในครึ่งปีหลัง 9999",
        f"30歳{'ａ' * 30}以上40歳未満男性",
        "can be reached by push",
        "push instead",
    ],
)
def test_what_broke_it_once_is_read(understands: Understands, text: str) -> None:
    understands(text)
    understands(text, Conversation(status="ready", draft=AllOf(items=(CLICKED,)), touched=0))
