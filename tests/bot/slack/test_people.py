"""Who may use the bot in Slack: by configuration, by `divisi operators`, and who never may."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.slack.fake import FakeSlack
from tests.bot.conftest import divisi as command
from tests.bot.slack.conftest import SOCKET, Divisi
from tests.bot.slack.people import Person, shown_text

ASK = "customers with total spending over 1,000"


@pytest.fixture(scope="module")
def running(slack: FakeSlack, slack_home: Path) -> Iterator[Divisi]:
    """Allowed are U1 to U3, the people of one group and those of one channel, as viewers."""
    workspace = slack.workspaces["xoxb-1"]
    workspace.groups["S1"] = ["U11", "U12"]
    workspace.channels["C1"] = ["U20", "U21", "U22", "U23", "U24"]
    made = Divisi(
        slack, slack_home, SLACK_USERS="U1,U2,U3", SLACK_GROUPS="S1,S404", SLACK_CHANNELS="C1",
        SLACK_ROLE="viewer", **SOCKET,
    )  # fmt: skip
    yield made
    made.stop()


def told(someone: Person) -> set[str]:
    """What a person was told, but for their own words."""
    lines = (line for m in someone.messages() for line in shown_text(m).split("\n"))
    return {line for line in lines if line and not line.startswith("› ")}


@pytest.mark.parametrize("user", ["U1", "U12", "U24"])
def test_whoever_is_permitted_gets_an_answer(slack: FakeSlack, running: Divisi, user: str) -> None:
    plan = Person(slack, user).gets_to_plan(ASK)
    assert "Total spending" in shown_text(plan)


def test_a_viewer_makes_nothing(slack: FakeSlack, running: Divisi) -> None:
    ann = Person(slack, "U11")
    ann.taps(ann.gets_to_plan(ASK), "Apply")
    ann.sees("Please ask an admin for the creator role")


def test_a_stranger_gets_a_sentence_and_no_number(slack: FakeSlack, running: Divisi) -> None:
    eve = Person(slack, "Ueve")
    eve.says(ASK)
    eve.sees("your id is slack:T1/Ueve")
    eve.command(ASK)
    eve.shortcut(ASK)
    eve.opens_home()
    page = slack.until(lambda: slack.homes.get("Ueve"))
    assert "slack:T1/Ueve" in json.dumps(page)
    assert "segments" not in json.dumps(page)
    slack.until(lambda: len(eve.messages()) >= 3)
    (sentence,) = told(eve)
    assert "ask an admin" in sentence


def test_a_stranger_in_a_thread_is_not_heard(slack: FakeSlack, running: Divisi) -> None:
    ann, eve = Person(slack, "U2"), Person(slack, "Umallory")
    ts = ann.says("<@U0BOT> big spenders", "C30")
    asked = ann.asked("C30")
    eve.says("over 7,000", "C30", ts)
    eve.taps(asked, "Over")
    eve.sees("your id is", "C30")  # the tap is answered, what was merely said is not
    ann.says("over 8,000", "C30", ts)
    ann.sees("✓ over 8,000", "C30")
    assert not [m for m in ann.messages("C30") if "7,000" in m["text"]]


def test_other_companies_people_never_may(slack: FakeSlack, running: Divisi) -> None:
    guest = Person(slack, "U1", home="T9")  # the same id as somebody who may, elsewhere
    guest.says(f"<@U0BOT> {ASK}", "C31")
    guest.sees("your id is slack:T9/U1", "C31")
    assert len(guest.messages("C31")) == 1


def test_an_operator_of_the_command_line_may(
    slack: FakeSlack, running: Divisi, slack_home: Path
) -> None:
    olga = Person(slack, "Uolga")
    olga.says(ASK)
    olga.sees("your id is slack:T1/Uolga")
    added = command(slack_home, "operators", "add", "slack:T1/Uolga", "creator")
    assert added.returncode == 0, added.stderr
    olga.taps(olga.gets_to_plan(ASK), "Apply")
    olga.submits(olga.view("name"), name="Of Olga")
    ready = olga.sees("<@Uolga> 'Of Olga' is ready")
    removed = command(slack_home, "operators", "remove", "slack:T1/Uolga")
    assert removed.returncode == 0, removed.stderr
    olga.taps(ready, "Export")
    slack.until(lambda: len([m for m in olga.messages() if "your id is" in shown_text(m)]) == 2)
    assert not slack.files


def test_nothing_that_anybody_typed_is_in_the_log(slack: FakeSlack, running: Divisi) -> None:
    ann = Person(slack, "U3")
    before = len(ann.messages())
    ann.says("customers tagged Zanzibar who spent over 987,654,321")
    slack.until(lambda: len(ann.messages()) > before)
    log = running.log.read_text()
    assert "Zanzibar" not in log
    assert "987,654" not in log
    assert "987654" not in log
    assert "xoxb-1" not in log
