"""A segment that waits: its status in the plan's message, and how it is cancelled."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.slack.fake import FakeSlack
from tests.bot.slack.conftest import SOCKET, Divisi
from tests.bot.slack.people import Person, elements, shown_text


@pytest.fixture(scope="module")
def running(slack: FakeSlack, slack_home: Path) -> Iterator[Divisi]:
    """`divisi slack` alone: nobody computes anything."""
    made = Divisi(slack, slack_home, "slack", SLACK_USERS="U1,U2", **SOCKET)
    yield made
    made.stop()
    assert made.process.returncode == 0, made.log.read_text()


def test_the_plans_message_says_how_it_goes_and_takes_it_back(
    slack: FakeSlack, running: Divisi
) -> None:
    ann = Person(slack, "U1")
    plan = ann.gets_to_plan("customers with total spending over 1,000")
    ann.taps(plan, "Apply")
    ann.submits(ann.view("name"), name="Waiting")
    waiting = ann.sees("⏳ waiting")
    assert waiting["ts"] == plan["ts"]
    assert [e["text"]["text"] for e in elements(waiting["blocks"])] == ["Cancel"]
    with sqlite3.connect(running.home / "divisi.sqlite") as database:
        database.execute("update segment set status = 'computing' where name = 'Waiting'")
    assert ann.sees("⏳ being computed")["ts"] == plan["ts"]
    ann.taps(ann.sees("⏳ being computed"), "Cancel")
    ann.sees("won't be computed")
    assert ann.plan()["ts"] == plan["ts"]
    status = [g["status"] for m, g in slack.calls if m == "agents.sessions.setStatus"]
    assert status[0] == "processing"


def test_the_stop_of_slack_cancels_it_too(slack: FakeSlack, running: Divisi) -> None:
    bob = Person(slack, "U2")
    bob.taps(bob.gets_to_plan("customers with total spending over 1,000"), "Apply")
    bob.submits(bob.view("name"), name="Stopped")
    bob.sees("⏳ waiting")
    bob.event({"type": "agent_session_stopped", "user": "U2", "channel": bob.dm})
    bob.sees("'Stopped' won't be computed")
    slack.until(lambda: "⏳" not in "".join(map(shown_text, bob.messages())))
