"""Whole conversations with `divisi chat --json`, every part real."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.local import stop_redis
from store.audience.load import import_folder
from tests.bot.conftest import AS_OF, Chat, divisi, texts

Start = Callable[..., Chat]


def test_from_a_request_to_an_exported_segment(chat: Start, home: Path) -> None:
    talk = chat()
    assert talk.welcome["status"] == "idle"
    assert talk.welcome["language"] == "en"
    assert "what kind of segment" in texts(talk.welcome)

    asked = talk.text("loyal customers")
    assert asked["status"] == "asking"
    question = asked["replies"][-1]
    assert (question["type"], question["slot"]) == ("question", "order_count.value")
    assert all(isinstance(o["reach"], int) for o in question["options"] if o["id"] != "skip")

    answer = talk.choose("1")
    while answer["status"] == "asking":
        answer = talk.choose("no")
    assert answer["status"] == "ready"
    assert answer["plan"]["reach"] == question["options"][0]["reach"]
    assert set(answer["plan"]) == {"conditions", "reach", "reachable", "narrowing"}
    assert answer["plan"]["narrowing"][-1] == answer["plan"]["reach"]
    assert set(answer["plan"]["reachable"]) == {"line", "push", "sms", "email"}
    assert set(answer["plan"]["conditions"][0]) == {"id", "text", "reach"}
    assert 0 < answer["plan"]["reachable"]["line"] <= answer["plan"]["reach"]

    assert talk.choose("apply")["replies"][-1]["slot"] == "segment.name"
    created = talk.text("VIP night")
    assert created["status"] == "created"
    news = talk.send(wait=30)
    card = news["replies"][-1]
    assert news["status"] == "finished"
    assert card["segment_id"] == created["replies"][-1]["segment_id"]
    assert card["count"] == answer["plan"]["reach"]

    members = talk.send(evaluate=True)
    assert members["as_of"] == AS_OF.isoformat().replace("+00:00", "Z")
    assert members["count"] == len(members["contact_ids"]) == card["count"]
    exported = divisi(home, "segments", "export", "vip NIGHT")
    assert exported.stdout.splitlines() == ["contact_id", *members["contact_ids"]]


def test_every_line_is_answered_in_the_shape_that_is_agreed(chat: Start) -> None:
    talk = chat()
    for answer in (talk.welcome, talk.text("women in Taipei"), talk.send(wait=0)):
        assert list(answer) == ["language", "status", "replies", "plan", "elapsed_ms"]


@pytest.mark.parametrize(
    "line",
    ["", "{", "[]", '"hello"', "{}", '{"text": 1}', '{"text": "a", "new": true}', '{"wait": -1}',
     '{"choose": []}', '{"choose": [1]}', '{"evaluate": 1}', '{"nothing": true}', "\x00"],
)  # fmt: skip
def test_a_line_that_is_no_command_is_an_error_and_the_chat_goes_on(
    one_chat: Chat, line: str
) -> None:
    one_chat.write(line)
    assert list(one_chat.read()) == ["error"]
    assert one_chat.text("hello")["replies"]


ODD = {
    "empty": "",
    "spaces": " \u3000\n\t ",
    "10,000 characters": "customers " * 1_000,
    "control characters": "\x00\x01\x1b[2J\x7f",
    "emoji alone": "🎉🎉👍🏽",
    "a number with nothing asked": "42",
    "half a character": "\ud83d",
    "a formula": "=cmd|' /C calc'!A0",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_input_gets_a_sentence_and_the_conversation_goes_on(one_chat: Chat, text: str) -> None:
    one_chat.send(new=True)
    answer = one_chat.text(text)
    assert len(texts(answer)) > 10
    assert "went wrong" not in texts(answer)
    assert one_chat.plan()["plan"]["reach"] > 0


def test_a_choice_that_is_not_offered_changes_nothing(one_chat: Chat) -> None:
    one_chat.send(new=True)
    assert texts(one_chat.choose("1"))
    one_chat.text("loyal customers")
    answer = one_chat.choose("no such option")
    assert "I don't know that choice" in texts(answer)
    assert answer["replies"][-1]["slot"] == "order_count.value"


def test_confirming_twice_makes_one_segment(chat: Start, home: Path) -> None:
    talk = chat()
    talk.create("Only one")
    assert talk.choose("apply")["status"] in ("created", "finished")
    assert talk.choose("create")["status"] in ("created", "finished")
    assert len(divisi(home, "segments", "list").stdout.splitlines()) == 1


def test_names_that_cannot_be_used(chat: Start) -> None:
    talk = chat()
    talk.create("Taken")
    talk.send(wait=30)
    talk.send(new=True)
    talk.plan()
    talk.choose("apply")
    for name in ("taken", "n" * 300, "   ", "ＴＡＫＥＮ"):
        answer = talk.text(name)
        assert answer["status"] == "naming"
        assert answer["replies"][0]["type"] == "text"
        assert "went wrong" not in texts(answer)
    assert talk.text("Free")["status"] == "created"


def test_a_name_taken_by_two_at_once_is_one_segment(chat: Start, home: Path) -> None:
    talks = [chat(), chat()]
    for talk in talks:
        talk.plan()
        talk.choose("apply")
    for talk in talks:
        talk.write(json.dumps({"text": "Racing"}))
    statuses = sorted(talk.read()["status"] for talk in talks)
    assert statuses == ["created", "naming"]
    assert len(divisi(home, "segments", "list").stdout.splitlines()) == 1


def test_two_messages_at_once_are_both_taken_in(chat: Start) -> None:
    talks = [chat("--conversation", "terminal:shared") for _ in range(2)]
    talks[0].plan()
    conditions = ("only women", "only customers who can be reached by email")
    for talk, words in zip(talks, conditions, strict=True):
        talk.write(json.dumps({"text": words}))
    for talk in talks:
        assert talk.read()["replies"]
    assert len(talks[0].text("help")["plan"]["conditions"]) == 3


def test_the_conversation_goes_on_after_every_process_was_killed(chat: Start, home: Path) -> None:
    talk = chat("--conversation", "terminal:mine")
    asked = talk.text("loyal customers with total spending over 1,000")
    assert asked["status"] == "asking"
    talk.kill()
    kill_redis(home)

    again = chat("--conversation", "terminal:mine")
    assert again.welcome["status"] == "asking"
    assert again.welcome["replies"][-1]["slot"] == "order_count.value"
    answer = again.choose("1")
    while answer["status"] == "asking":
        answer = again.choose("no")
    assert len(answer["plan"]["conditions"]) == 2


def test_redis_may_die_in_the_middle_of_a_chat(chat: Start, home: Path) -> None:
    talk = chat()
    talk.plan()
    kill_redis(home)
    answer = talk.text("only women")
    said = [texts(answer)]
    for _ in range(3):
        if len(answer["plan"]["conditions"]) == 2:
            break
        answer = talk.text("help")
        said.append(texts(answer))
    assert len(answer["plan"]["conditions"]) == 2, said


def test_a_segment_confirmed_with_no_worker_is_told_when_one_comes(chat: Start) -> None:
    talk = chat("--no-worker", "--conversation", "terminal:patient")
    talk.create("Later")
    assert talk.send(wait=0.5)["replies"] == []
    talk.kill()

    again = chat("--conversation", "terminal:patient")
    news = again.send(wait=30)
    assert (news["status"], news["replies"][-1]["name"]) == ("finished", "Later")
    assert again.send(wait=0.5)["replies"] == []


def test_logs_never_hold_what_people_write(chat: Start) -> None:
    talk = chat(DIVISI_LOG_LEVEL="debug")
    talk.text("customers named Rumpelstiltskin")
    talk.create("Segment Rumpelstiltskin")
    talk.send(wait=30)
    talk.close()
    log = talk.log()
    assert '"segment computed"' in log
    assert "Rumpelstiltskin" not in log


def kill_redis(home: Path) -> None:
    found = subprocess.run(
        ["pgrep", "-f", str(home.resolve() / "redis")], capture_output=True, text=True, check=True
    )
    for number in found.stdout.split():
        subprocess.run(["kill", "-9", number], check=True)


@pytest.fixture(scope="module")
def one_chat(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Iterator[Chat]:
    """A chat that tests of single lines share: each begins anew."""
    home = tmp_path_factory.mktemp("shared") / "home"
    import_folder(data, home)
    talk = Chat(home)
    yield talk
    talk.close()
    stop_redis(home)


@pytest.mark.parametrize(("semantic", "found"), [("true", True), ("false", False)])
def test_values_are_found_by_meaning_where_that_is_turned_on(
    chat: Start, semantic: str, found: bool
) -> None:
    answer = chat(DIVISI_SEMANTIC=semantic).text("people who bought reptiles")
    labels = [o["label"] for r in answer["replies"] for o in r.get("options", ())]
    assert ("Pets" in labels) is found
    assert answer["status"] != "ready"
