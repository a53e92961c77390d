"""Whole conversations in Slack, over Socket Mode and over signed requests."""

from collections.abc import Callable

import pytest

from tests.adapters.slack.fake import FakeSlack
from tests.bot.slack.conftest import HTTP, SOCKET, Divisi
from tests.bot.slack.people import Person, elements, shown_text

pytestmark = pytest.mark.parametrize(
    "divisi", [SOCKET, HTTP], ids=["socket", "http"], indirect=True
)
Made = Callable[[], Person]
VIP = "I want to find high-spending, loyal customers for a VIP night event"


def test_from_a_sentence_to_a_finished_segment(person: Made, divisi: Divisi) -> None:
    ann = person()
    ann.says(VIP)
    first = ann.asked()
    assert "threshold for total spending?" in shown_text(first)
    ann.taps(first, "Over")
    closed = ann.sees("✓ Over")
    assert closed["ts"] == first["ts"]
    assert elements(closed["blocks"]) == []
    assert f"<@{ann.user}>" in shown_text(closed)

    plan = ann.answers()
    assert "Total spending" in shown_text(plan)
    assert "LINE" in shown_text(plan)
    ann.taps(plan, "Apply")
    form = ann.view("name")
    told = ann.submits(form, name=f"VIP {ann.user}", description="For the gala")
    assert told == {}
    ready = ann.sees(f"<@{ann.user}> 'VIP {ann.user}' is ready")
    assert "Computed in" in shown_text(ready)
    assert "Total spending" in shown_text(ready)
    done = next(m for m in ann.messages() if m["ts"] == plan["ts"])
    assert elements(done["blocks"]) == []

    ann.taps(ready, "Export")
    file = ann.slack.until(lambda: next(iter(ann.slack.files), None))
    assert file["channel_id"] == ann.dm
    assert file["content"].startswith(b"contact_id")
    ann.slack.files.clear()


def test_a_plan_is_one_message_that_changes_in_place(person: Made) -> None:
    bob = person()
    plan = bob.gets_to_plan("customers with total spending over 1,000")
    before = len(bob.messages())
    bob.says("only women")
    changed = bob.sees("Female")
    bob.slack.until(lambda: "Gender" in shown_text(bob.plan()))
    assert bob.plan()["ts"] == plan["ts"]
    assert len(bob.messages()) == before + 1  # "Added: …", and what it comes to now
    assert "All of it together" in shown_text(changed)


def test_a_typed_answer_closes_the_question(person: Made) -> None:
    carol = person()
    carol.says("big spenders")
    asked = carol.asked()
    carol.says("over 2,000")
    closed = carol.sees("✓ over 2,000")
    assert closed["ts"] == asked["ts"]


def test_several_are_chosen_in_a_menu(person: Made) -> None:
    dave = person()
    dave.says("customers interested in coffee or skincare products")
    asked = dave.asked()
    menus = [e for e in elements(asked["blocks"]) if e["type"] == "multi_static_select"]
    assert menus
    label = menus[0]["options"][0]["text"]["text"]
    dave.picks(asked)
    whisper = dave.slack.until(lambda: [m for m in dave.slack.ephemeral if m["user"] == dave.user])
    assert whisper[0]["text"] == "Choose one or more…"
    dave.picks(asked, label)
    assert dave.sees(f"✓ {label}")["ts"] == asked["ts"]


def test_mentioned_in_a_channel_it_stays_in_the_thread(person: Made) -> None:
    erin, finn = person(), person()
    room = erin.room
    ts = erin.says("<@U0BOT> big spenders", room)
    asked = erin.asked(room)
    assert asked["thread_ts"] == ts
    finn.says("over 3,000", room, ts)  # anybody who may can answer
    closed = erin.sees("✓ over 3,000", room)
    assert f"<@{finn.user}>" in shown_text(closed)
    assert {m["thread_ts"] for m in erin.messages(room)} == {ts}


def test_every_event_counts_once(person: Made, slack: FakeSlack) -> None:
    gail = person()
    said = gail.message("<@U0BOT> big spenders", gail.room)
    gail.event(said)
    gail.event(said, retry=1)
    gail.event(said | {"type": "app_mention"})
    asked = gail.asked(gail.room)
    for _ in range(3):
        gail.taps(asked, "Over 5,000")
    gail.sees("✓ Over 5,000", gail.room)
    gail.says("help", gail.room, said["ts"])
    gail.sees("Describe the customers you want", gail.room)
    shown = [shown_text(m) for m in gail.messages(gail.room)]
    assert not [text for text in shown if "earlier step" in text]
    assert len([text for text in shown if "What do you mean" in text]) == 1


def test_edits_bots_and_talk_between_people_are_not_for_the_bot(person: Made) -> None:
    hal, ivy = person(), person()
    room = hal.room
    ts = hal.says("<@U0BOT> big spenders", room)
    hal.asked(room)
    hal.says("changed", room, ts, subtype="message_changed")
    hal.says("I am a robot", room, ts, bot_id="B9")
    hal.says(f"<@{ivy.user}> what do you think?", room, ts)
    hal.says("what is for lunch?", room)
    hal.says("and this?", room, hal.slack.new_ts())
    ivy.says("over 4,000", room, ts)
    hal.sees("✓ over 4,000", room)
    assert not [m for m in hal.messages(room) if "lunch" in shown_text(m)]


def test_an_old_button_says_so_and_changes_nothing(person: Made) -> None:
    jan = person()
    plan = jan.gets_to_plan("customers with total spending over 1,000")
    jan.says("only women")
    jan.slack.until(lambda: "Gender" in shown_text(jan.plan()))
    jan.taps(plan, "Start over")
    jan.sees("belongs to an earlier step")
    assert "Gender" in shown_text(jan.plan())


def test_a_command_is_answered_in_direct_messages(person: Made) -> None:
    kim = person()
    told = kim.command("customers with total spending over 1,000")
    assert "direct messages" in told["text"]
    kim.sees("› customers with total spending over 1,000")
    kim.plan()
    assert kim.command("", kim.dm) == {}
    welcome = kim.sees("what kind of segment")
    prompts = elements(welcome["blocks"])
    assert len(prompts) == 4
    kim.taps(welcome, prompts[3]["text"]["text"][:20])
    kim.sees("No interaction")


def test_a_message_becomes_a_request(person: Made) -> None:
    lee = person()
    assert lee.shortcut("Could we get <http://x.test|women> in Taipei &amp; Tokyo?") == {}
    lee.sees("› Could we get women in Taipei &amp; Tokyo?")


def test_people_are_answered_in_their_language(person: Made, slack: FakeSlack) -> None:
    mei = person()
    slack.workspaces["xoxb-1"].locales[mei.user] = "zh-TW"
    mei.opens_home("messages")
    mei.sees("您好,今天想建立什麼樣的分眾呢?")
    suggested = slack.until(
        lambda: [g for m, g in slack.calls if m == "assistant.threads.setSuggestedPrompts"]
    )
    assert len(suggested[-1]["prompts"]) == 4
    mei.says("女性顧客")
    mei.sees("性別")
