"""What Slack sends → what somebody did."""

from typing import Any

import pytest

from adapters.slack import events
from adapters.slack.permit import Person, Rules
from planner.chat import Began, Chose, Said

Json = dict[str, Any]
BASE: Json = {"type": "message", "user": "U1", "channel": "D1", "ts": "5.1", "text": "hello"}


def body(**event: Any) -> Json:
    return {"team_id": "T1", "event": {**BASE, **event}}


def test_a_direct_message_belongs_to_its_person() -> None:
    heard = events.message(body(thread_ts="4.1"), "UB")
    assert heard is not None
    assert (heard.conversation, heard.event) == ("slack:T1:U1:dm", Said("hello"))
    assert heard.echo["thread"] == "4.1"
    assert heard.person.who == "slack:T1/U1"


def test_a_mention_begins_a_thread_or_goes_on_with_one() -> None:
    first = events.message(body(channel="C1", text="<@UB> big spenders", type="app_mention"), "UB")
    later = events.message(body(channel="C1", text="and women", thread_ts="5.1", ts="6.1"), "UB")
    assert first is not None
    assert later is not None
    assert first.conversation == later.conversation == "slack:T1:C1:5.1"
    assert (first.event, first.addressed) == (Said("big spenders"), True)
    assert later.addressed is False


def test_the_same_message_has_one_id_however_it_comes() -> None:
    mention = events.message(body(channel="C1", text="<@UB> x", type="app_mention"), "UB")
    message = events.message(body(channel="C1", text="<@UB> x"), "UB")
    assert mention is not None
    assert message is not None
    assert mention.event_id == message.event_id


@pytest.mark.parametrize(
    "event",
    [
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"bot_id": "B1"},
        {"user": None},
        {"channel": "C1", "text": "lunch?"},
        {"channel": "C1", "text": "<@U9> lunch?", "thread_ts": "1.1"},
    ],
)
def test_what_nobody_said_to_the_bot_is_passed_over(event: Json) -> None:
    assert events.message(body(**event), "UB") is None


def test_a_mention_alone_begins_anew() -> None:
    heard = events.message(body(channel="C1", text=" <@UB> "), "UB")
    again = events.message(body(channel="C1", text=" <@UB> ", thread_ts="1.1"), "UB")
    picture = events.message(body(text="", subtype="file_share"), "UB")
    assert heard is not None
    assert again is not None
    assert picture is not None
    assert heard.event == Began()
    assert again.event == picture.event == Said("")  # nothing that is under way is lost


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@UB> a &lt; b &amp; c", "a < b & c"),
        ("&amp;lt; stays", "&lt; stays"),
        ("see <https://x.test|our page> and <https://y.test>", "see our page and https://y.test"),
        ("<#C1|general> <mailto:a@b.test|a@b.test> <@U9|ann>", "#general a@b.test @ann"),
        ("<!date^1^{date}|today>", "today"),
    ],
)
def test_messages_are_read_as_they_were_typed(written: str, read: str) -> None:
    assert events.readable(written, "UB") == read


def tap(value: str, ts: str = "100.5", **more: Any) -> Json:
    action = {"action_id": "choose:1", "type": "button", "value": value, "action_ts": ts,
        "text": {"text": "Over 5,000"}}  # fmt: skip
    return {"user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"}, "channel": {"id": "C1"},
        "message": {"ts": "7.1", "thread_ts": "5.1"}, "actions": [action | more]}  # fmt: skip


def test_a_tap_carries_the_version_it_was_made_for() -> None:
    heard = events.tapped(tap("3|yes"))
    assert heard is not None
    assert heard.event == Chose(("yes",), 3)
    assert heard.conversation == "slack:T1:C1:5.1"
    assert heard.echo == {"channel": "C1", "said": "Over 5,000", "tapped": "7.1"}


def test_a_double_tap_is_one_and_a_later_one_another() -> None:
    ids = [
        heard.event_id
        for ts in ("101.1", "101.4", "115.0")
        if (heard := events.tapped(tap("3|yes", ts)))
    ]
    assert ids[0] == ids[1] != ids[2]


def test_nobody_can_tap_what_was_not_offered() -> None:
    for value in ("", "yes", "x|yes", "-1|yes"):
        assert events.tapped(tap(value)) is None


@pytest.mark.parametrize("home", ["T2", "E2"])
def test_somebody_of_another_company_is_known_by_their_own(home: str) -> None:
    heard = events.message(body(user_team=home), "UB")
    assert heard is not None
    assert heard.person.who == f"slack:{home}/U1"
    assert Rules(users=frozenset({"U1"})).granted(heard.person, frozenset({"U1"})) is None


def test_in_one_organisation_people_are_of_all_its_workspaces() -> None:
    told = body(user_team="E1") | {"enterprise_id": "E1"}
    heard = events.message(told, "UB")
    assert heard is not None
    assert heard.person.who == "slack:T1/U1"


def test_nobody_is_permitted_unless_somebody_is_set() -> None:
    ann, bob = Person("T1", "U1"), Person("T2", "U1")
    assert Rules().granted(ann, frozenset()) is None
    one = Rules(users=frozenset({"T1/U1"}), role="admin")
    assert (one.granted(ann, frozenset()), one.granted(bob, frozenset())) == ("admin", None)
    sets = Rules(groups=frozenset({"S1", "T2/S2"}), channels=frozenset({"C1"}))
    assert sets.sets("T1") == (("group", "S1"), ("channel", "C1"))
    assert sets.granted(ann, frozenset({"U1"})) == "creator"
