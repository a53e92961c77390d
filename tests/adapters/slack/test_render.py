"""All that can be sent, in four languages and with the longest names, within Slack's limits."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.answer import Answer
from adapters.slack.manifest import manifest
from adapters.slack.render import forms, home
from adapters.slack.render.blocks import TEXT, escaped, sections, without_buttons
from adapters.slack.render.messages import Message, messages, settled_plan
from planner import about
from planner.catalogue import Value
from planner.chat import (
    ConditionView,
    FileReply,
    KnownSegment,
    Option,
    PlanCard,
    PlanView,
    Question,
    Reply,
    SegmentCard,
    SegmentList,
    TextReply,
    Welcome,
)
from planner.fields import FIELDS, Op
from planner.naming import MAX_NAME
from planner.plan import AllOf, Condition
from planner.sheet import Sheet
from planner.state import Conversation
from planner.talk import CARD
from planner.wording import LANGUAGES, say, suggested_prompts
from tests.adapters.slack.limits import complaints, view_complaints
from tests.planner.brand import BRAND, NOW

LONG = "<!channel> & <b> 高級護膚ナイトクリーム ครีมบำรุง " * 40
NAME = LONG[:MAX_NAME]
Json = dict[str, Any]


def view(conditions: int, text: str = "Total spending ≥ 100,000") -> PlanView:
    views = tuple(
        ConditionView(f"c{n}", f"{n} {text}", AllOf(), 10**9 - n, 10**9 - 2 * n)
        for n in range(conditions)
    )
    reachable = dict.fromkeys(("line", "push", "sms", "email"), 10**9)
    return PlanView(views, AllOf(), reach=10**9, excluded=10**8, reachable=reachable)


def options(count: int, label: str = "Over 100,000") -> tuple[Option, ...]:
    many = tuple(Option(str(n), f"{label} {n}", reach=10**9) for n in range(1, count + 1))
    return (*many, Option("all", label), Option("skip", label), Option("no", label))


def cards(language: str) -> Iterator[SegmentCard]:
    for status in ("queued", "computing", "finished", "failed", "cancelled"):
        keys = about._ACTIONS.get(status, ("cancel", "export"))
        buttons = [
            Option(key, say(language, f"option.{key}")) for key in (*keys, "restart", "apply")
        ]
        for viewed in (True, False):
            yield SegmentCard(
                "f" * 64, NAME, status, LONG, 10**9, tuple(buttons), 12_345.678, viewed=viewed
            )


def replies(language: str) -> Iterator[tuple[Reply, ...]]:
    yield (Welcome(LONG, say(language, "greeting"), suggested_prompts(language)),)
    yield (TextReply(LONG * 5), TextReply("\n".join([LONG] * 30)))
    yield (FileReply("t", NAME, "f.csv", 10**9),)
    yield (SegmentList(tuple(SegmentCard(f"{n}", NAME, "finished", "", 10**9) for n in range(20))),)
    for count in (0, 1, 4, 7, 11, 60, 150):
        for label in ("Over 100,000", LONG):
            for multiple in (False, True):
                yield (TextReply(LONG), Question("x.y", LONG, options(count, label), multiple))
    keys = (*CARD, "save_as")
    yield (
        TextReply("t"),
        PlanCard(LONG, tuple(Option(k, say(language, f"option.{k}")) for k in keys)),
    )
    for card in cards(language):
        yield (card,)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("conditions", [2, 60])
def test_every_answer_is_within_slacks_limits(language: str, conditions: int) -> None:
    for text in ("Total spending ≥ 100,000", LONG):
        for shown in replies(language):
            answer = Answer(language, "ready", shown, view(conditions, text), 10**9)
            for chart in (True, False):
                made = messages(answer, chart=chart, asker="U1", quote=LONG[:150], totals=True)
                assert made
                check(made)


def check(made: list[Message]) -> None:
    for message in made:
        assert complaints(list(message.blocks), "message") == []
        assert 0 < len(message.text) <= TEXT
        assert len(message.blocks) <= 48  # a line on who chose may be added
        assert size(message.blocks) < 13_000
        assert complaints(without_buttons(message.blocks), "message") == []
        assert "<!channel>" not in json.dumps([b["text"] for b in message.blocks if "text" in b])


def size(value: Any) -> int:
    """Characters of all that is to be read."""
    if isinstance(value, dict):
        own = value.get("text")
        return sum(map(size, value.values())) + (len(own) if isinstance(own, str) else 0)
    return sum(map(size, value)) if isinstance(value, (list, tuple)) else 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_of_a_segment_that_is_done(language: str) -> None:
    for card in cards(language):
        made = settled_plan(Answer(language, "finished", (card,), view(60, LONG), 3), card)
        check([made])
        assert not [b for b in made.blocks if b["type"] == "actions"]


LONG_NAMES = tuple(Value(f"{n} {LONG}"[:400], n) for n in range(130))
WIDE = replace(BRAND, values={**BRAND.values, "product": LONG_NAMES, "tag": LONG_NAMES[:50],
    "campaign": (), "city": LONG_NAMES[:1]})  # fmt: skip
SEGMENTS = tuple(
    KnownSegment(f"{n:032}", NAME, status, 10**9, 1, status == "finished", "me")
    for n, status in enumerate(("finished", "queued", "failed", "cancelled") * 30)
)


def sheet(language: str, segments: tuple[KnownSegment, ...] = SEGMENTS) -> Sheet:
    conditions = (
        Condition(field="product_amount", op=Op.GE, number=5,
            scope={"products": tuple(v.name for v in LONG_NAMES[:20])}),
        Condition(field="tag", op=Op.ANY_OF, texts=tuple(v.name for v in LONG_NAMES[:9])),
        *(Condition(field="total_spending", op=Op.GT, number=n) for n in range(120)),
    )  # fmt: skip
    state = Conversation(
        language=language, version=9, shown=9, status="ready", draft=AllOf(items=conditions)
    )
    return Sheet(state, WIDE, replace(NOW, segments=segments, who="me"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_and_page_is_within_slacks_limits(language: str) -> None:
    meta = {"c": "slack:T0123456789:C0123456789:1700000000.000001", "v": 10**6,
        "e": {"channel": "C0123456789", "thread": "1700000000.000001"}}  # fmt: skip
    for segments in (SEGMENTS, SEGMENTS[:3], ()):
        shown = sheet(language, segments)
        for made in (
            forms.name_modal(shown, meta), forms.plan_modal(shown, meta), home.home(shown),
            home.stranger(language, "slack:T0123456789/U0123456789"),
            forms.notice(shown.say("sheet.title.edit"), shown.say("sheet.saving"), meta),
        ):  # fmt: skip
            assert view_complaints(made) == []
            assert len(json.dumps(made)) < 250_000
    for name in (*FIELDS, *WIDE.attributes):
        for index in (
            None,
            *(place for place, own in enumerate(("product_amount", "tag")) if own == name),
        ):
            form = shown.form(name, index)
            for values in every_way(form) if language == "en" else ({},):
                assert (
                    view_complaints(forms.condition_modal(shown, form, meta | {"f": name}, values))
                    == []
                )


def every_way(form: Any) -> Iterator[dict[str, Any]]:
    """Values with which other inputs apply."""
    yield {}
    for each in form.inputs:
        if each.kind == "choice":
            yield from ({each.name: choice.value} for choice in each.options)
    yield {"window": "dates", "window_since": date.min.isoformat(), "number": 1e15, "negated": True}


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=9_000))
def test_sections_hold_all_of_a_text_and_cut_no_entity(text: str) -> None:
    made = sections(escaped(text).split("\n"))
    shown = "".join(block["text"]["text"] for block in made)
    squeezed = "".join(escaped(text).split())
    assert "".join(shown.split()).replace("–", "") == squeezed.replace("–", "")
    for block in made:
        assert len(block["text"]["text"]) <= 3_000
        assert not block["text"]["text"].endswith(
            ("&", "&a", "&am", "&amp", "&l", "&lt", "&g", "&gt")
        )


def test_a_value_that_no_option_holds_is_found_again() -> None:
    values = [value.name for value in LONG_NAMES]
    codes = [forms.coded(value) for value in values]
    assert len({*codes}) == len(values)
    assert [forms.decoded(code, values) for code in codes] == values
    assert forms.decoded("Coffee", ()) == "Coffee"
    assert forms.decoded(forms.coded("~odd"), ["~odd"]) == "~odd"


def test_the_validator_finds_what_slack_would_refuse() -> None:
    fine = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}
    button = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "x"}}
    for wrong in (
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_001}}],
        [
            {
                "type": "actions",
                "elements": [button | {"text": {"type": "plain_text", "text": "x" * 76}}],
            }
        ],
        [{"type": "actions", "elements": [{**button, "action_id": f"{n}"} for n in range(26)]}],
        [{"type": "actions", "elements": [button | {"value": "x" * 2_001}]}],
        [fine] * 51,
        [fine | {"block_id": "a"}, fine | {"block_id": "a"}],
        [{"type": "unheard-of"}],
        [fine | {"colour": "red"}],
    ):
        assert complaints(wrong, "message")
    assert complaints([fine], "message") == []


def test_the_manifest_asks_for_what_is_used() -> None:
    socket, http = manifest(), manifest("https://divisi.example.com/")
    assert socket["settings"]["socket_mode_enabled"] is True
    assert http["settings"]["socket_mode_enabled"] is False
    events = "https://divisi.example.com/slack/events"
    assert http["settings"]["event_subscriptions"]["request_url"] == events
    assert http["features"]["slash_commands"][0]["url"] == events
    assert {"chat:write", "commands", "files:write"} <= {*socket["oauth_config"]["scopes"]["bot"]}
    assert "agent_session_stopped" in socket["settings"]["event_subscriptions"]["bot_events"]
    assert "assistant_view" not in socket["features"]
    agent = socket["features"]["agent_view"]
    assert len(agent["agent_description"]) <= 300
    assert len(agent["suggested_prompts"]) == 4
