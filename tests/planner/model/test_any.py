"""Whatever a model answers: no crash, and nothing in the plan that was not said or is not there."""

import contextlib
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.chat import Said, Turn
from planner.dialog import step
from planner.fields import EVENTS, FIELDS, Op
from planner.model.answer import Reader, read_answer
from planner.model.conditions import Faulty
from planner.model.reconcile import reconciled
from planner.model.said import spoken
from planner.model.wire import AGO_RANGE, ASK, DO
from planner.offers import STAND_INS
from planner.plan import Condition, leaves, settled
from planner.state import Conversation
from planner.understand import read
from planner.window_inputs import KINDS, UNITS
from tests.planner.brand import BRAND, NOW

TEXTS = (
    "women who zorp over 5,000 in the last 30 days",
    "VIP 但不在台北,5 次以上 blorp",
    "購入3回以上のグニャラな人",
    "make it 7 and zonk",
    "ลูกค้าในกรุงเทพ แบบซ่าบุ๋ง 12 ครั้ง",
)
BEGUN = ("", "women who spent over 20,000", "high-spending customers", "fond of coffee")
SAID = {0.0, 1.0, 3.0, 5.0, 7.0, 12.0, 30.0, 5_000.0, 20_000.0}
WORDS = ("female", "VIP", "Whale", "Taipei", "Coffee", "Night Cream", "high", "5", "06-30", "true",
    "line", "zorp", "' or 1=1 --", "")  # fmt: skip


def _texts(*more: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from((*WORDS, *more)), max_size=3)


def _commands(text: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    numbers = st.one_of(st.none(), st.sampled_from([0, 1, 5, 30, 999, 5000, -1, 1e300]))
    command = st.fixed_dictionaries(
        {"do": st.sampled_from((*DO, "sql")), "phrase": st.sampled_from([text, text[:4], "nope"])},
        optional={
            "field": st.sampled_from(("", *FIELDS, "loyalty_points", "favorite_store", "worth")),
            "op": st.sampled_from(("", *map(str, Op), "~")),
            "number": numbers,
            "upper": numbers,
            "values": _texts(),
            "products": _texts("Lipstick"),
            "categories": _texts(),
            "campaigns": _texts("Summer Sale"),
            "channels": _texts("any", *EVENTS),
            "events": _texts("open", "click", "claim"),
            "source": st.sampled_from(("any", "maac", "else")),
            "window": st.sampled_from((*KINDS, AGO_RANGE, "ever")),
            "window_number": st.sampled_from([None, 30, 999, 0, -3, 10**12]),
            "window_to": st.sampled_from([None, 1, 30]),
            "window_unit": st.sampled_from((*UNITS, "quarter")),
            "since": st.sampled_from(("", "2026-06-30", "1999-01-01", "soon")),
            "until": st.sampled_from(("", "2026-06-30")),
            "negated": st.booleans(),
            "ask": st.lists(st.sampled_from(ASK), max_size=3),
            "any_of": st.integers(0, 2),
            "branch": st.integers(-1, 2),
            "target": st.integers(-2, 3),
            "choice": st.sampled_from(("", "apply", "help", "1", "skip", "yes")),
            "stand_ins": st.lists(st.sampled_from((*STAND_INS, "magic")), max_size=2),
        },
    )  # fmt: skip
    return st.lists(command, max_size=5)


@settings(max_examples=400, deadline=None)
@given(st.data(), st.sampled_from(TEXTS), st.sampled_from(BEGUN))
def test_any_answer_gives_a_sound_plan_or_none(data: st.DataObject, text: str, begun: str) -> None:
    state = Conversation()
    if begun:
        state = step(state, Said(begun), read(begun, state, BRAND, NOW), BRAND, NOW).state
    wire = {"commands": data.draw(_commands(text)), "ignored": data.draw(_texts())}
    own = read(text, state, BRAND, NOW)
    reader = Reader(spoken(text, own, state, BRAND, NOW), state, BRAND, NOW)
    try:
        model = reader.understood(read_answer(json.dumps(wire)))
    except Faulty:
        return
    reading = reconciled(own, model, state, BRAND, NOW)
    _sound(step(state, Said(text), reading, BRAND, NOW))


def _sound(turn: Turn[Conversation]) -> None:
    assert turn.replies
    assert turn.effects == ()
    assert turn.state.status not in ("naming", "created")
    for condition in leaves(settled(turn.state.draft)):
        assert isinstance(condition, Condition)
        told = {condition.number, condition.upper} - {None}
        assert told <= SAID, condition
        if condition.field in BRAND.values:
            assert set(condition.texts) <= set(BRAND.names(condition.field))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_of_a_model_is_an_answer_or_none(text: str) -> None:
    with contextlib.suppress(Faulty):
        read_answer(text)
