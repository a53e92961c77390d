"""Slack's bad days: it refuses, is silent, or loses answers, and nothing is lost or told twice."""

import signal
from collections.abc import Callable
from typing import Any

import pytest

from tests.adapters.slack.fake import FakeSlack, Fault
from tests.bot.slack.conftest import Divisi
from tests.bot.slack.people import Person, elements, shown_text

Made = Callable[[], Person]
ASK = "customers with total spending over 1,000"


def to(someone: Person, channel: str = "") -> Callable[[dict[str, Any]], bool]:
    return lambda given: given.get("channel") == (channel or someone.dm)


def texts(someone: Person, words: str, channel: str = "") -> list[str]:
    return [t for t in map(shown_text, someone.messages(channel)) if words in t]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=429, error="ratelimited", retry_after=3),
        Fault(status=503),
        Fault(error="internal_error"),
        Fault(lost=True),
    ],
    ids=["429", "503", "internal_error", "lost"],
)
def test_an_answer_is_shown_once_in_the_end(person: Made, slack: FakeSlack, fault: Fault) -> None:
    ann, bob = person(), person()
    fault.when = to(ann)
    slack.fault("chat.postMessage", fault)
    ann.says("big spenders")
    bob.says("big spenders")  # is not kept waiting
    bob.asked()
    ann.asked()
    assert len(texts(ann, "What do you mean")) == 1
    ann.says("help")
    ann.sees("Describe the customers")
    assert len(texts(ann, "What do you mean")) == 2  # asked again after the help, once


def test_slack_is_left_alone_for_as_long_as_it_asks(person: Made, slack: FakeSlack) -> None:
    ann = person()
    fault = Fault(status=429, error="ratelimited", retry_after=4, when=to(ann))
    slack.fault("chat.postMessage", fault)
    ann.says("big spenders")
    asked = ann.asked()
    tried = [
        given for method, given in slack.calls
        if method == "chat.postMessage" and given["channel"] == ann.dm
    ]  # fmt: skip
    assert len(tried) == 2
    first = ann.messages()[0]
    assert float(first["ts"]) > slack.heard[ann.user] + 3  # its clock shows whole seconds
    assert asked["ts"] == first["ts"]


def test_without_charts_there_are_bars_and_without_blocks_there_is_text(
    person: Made, slack: FakeSlack
) -> None:
    ann = person()
    slack.charts = False
    plan = ann.gets_to_plan("women who spent over 1,000 and ordered at least 3 times")
    slack.charts = True
    assert "█" in shown_text(plan)
    assert "data_visualization" not in [b["type"] for b in plan["blocks"]]

    bob = person()
    slack.fault("chat.postMessage", Fault(error="invalid_blocks", when=to(bob)))
    bob.says("big spenders")
    shown = bob.sees("What do you mean by")
    assert not elements(shown["blocks"])


def test_an_archived_channel_is_answered_in_direct_messages(person: Made, slack: FakeSlack) -> None:
    ann = person()
    ann.says(f"<@U0BOT> {ASK}", ann.room)
    plan = ann.answers(ann.room)
    ann.taps(plan, "Apply")
    form = ann.view("name")
    slack.workspaces["xoxb-1"].archived.add(ann.room)
    ann.submits(form, name=f"Archived {ann.user}")
    ann.sees(f"<@{ann.user}> 'Archived")
    assert texts(ann, "can't write there any more")
    bob = person()
    bob.says("big spenders")
    bob.asked()


def test_a_deleted_message_is_written_anew(person: Made, slack: FakeSlack) -> None:
    ann = person()
    plan = ann.gets_to_plan(ASK)
    slack.deleted.append(plan["ts"])
    ann.says("only women")
    shown = ann.sees_with(lambda m: m["ts"] != plan["ts"] and "Gender" in shown_text(m)
        and bool(elements(m["blocks"])))  # fmt: skip
    ann.taps(shown, "Start over")
    ann.sees("All cleared")


def test_a_revoked_token_stops_nobody_for_good(person: Made, slack: FakeSlack) -> None:
    ann, bob = person(), person()
    bob.says("hello")  # from here on Divisi knows the workspace: its token is refused only later
    slack.until(bob.messages)
    workspace = slack.workspaces.pop("xoxb-1")
    try:
        ann.says("big spenders")
        slack.until(lambda: [m for m, g in slack.calls if m == "chat.postMessage"
            and g["channel"] == ann.dm])  # fmt: skip
    finally:
        slack.workspaces["xoxb-1"] = workspace
    bob.says("big spenders")
    bob.asked()
    assert ann.messages() == []  # what could not be shown is in the audit log, by its id


def test_a_lost_upload_is_tried_again(person: Made, slack: FakeSlack) -> None:
    ann = person()
    ann.taps(ann.gets_to_plan(ASK), "Apply")
    ann.submits(ann.view("name"), name=f"Upload {ann.user}")
    ready = ann.sees(f"<@{ann.user}>")
    slack.fault("files.completeUploadExternal", Fault(status=500))
    ann.taps(ready, "Export")
    file = slack.until(lambda: next((f for f in slack.files if f["channel_id"] == ann.dm), None))
    rows = file["content"].decode().split()
    assert rows[0].strip("\ufeff") == "contact_id"
    assert len(rows) > 10


def test_a_workspace_that_takes_no_files_is_told_so(person: Made, slack: FakeSlack) -> None:
    ann = person()
    ann.taps(ann.gets_to_plan(ASK), "Apply")
    ann.submits(ann.view("name"), name=f"Refused {ann.user}")
    ready = ann.sees(f"<@{ann.user}>")
    slack.fault("files.getUploadURLExternal", Fault(error="missing_scope"))
    ann.taps(ready, "Export")
    ann.sees("Please ask an admin for the file")  # no PUBLIC_URL is set to link to


def test_a_file_asked_for_in_a_channel_comes_in_a_direct_message(
    person: Made, slack: FakeSlack
) -> None:
    ann = person()
    ann.says(f"<@U0BOT> {ASK}", ann.room)
    ann.taps(ann.answers(ann.room), "Apply")
    ann.submits(ann.view("name"), name=f"Shared {ann.user}")
    ann.taps(ann.sees(f"<@{ann.user}> 'Shared", ann.room), "Export")
    ann.sees("sent you the file", ann.room)
    assert [f["channel_id"] for f in slack.files if "shared" in f["title"].lower()] == [ann.dm]


@pytest.mark.timeout(120)
def test_killed_and_started_again_it_goes_on(
    person: Made, divisi: Divisi, slack: FakeSlack
) -> None:
    ann = person()
    plan = ann.gets_to_plan(ASK)
    divisi.stop(signal.SIGKILL)
    slack.until(lambda: not slack.sockets)
    divisi.start()
    ann.says("only women")
    # what was shown and not yet marked as shown is nobody else's for half a minute
    slack.until(lambda: "Gender" in shown_text(ann.plan()), 60)
    assert ann.plan()["ts"] == plan["ts"]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("broken", [False, True], ids=["asked to", "cut off"])
def test_sockets_are_renewed(person: Made, slack: FakeSlack, divisi: Divisi, broken: bool) -> None:
    before = list(slack.sockets)
    for socket in before:
        cut = socket.close() if broken else socket.send_json({"type": "disconnect"})
        slack.do(cut)
    slack.until(lambda: len(slack.sockets) >= 2 and not {*slack.sockets} & {*before}, 60)
    ann = person()
    ann.says("big spenders")
    ann.asked()
