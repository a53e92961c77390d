"""What holds for segments in a chat: who may, what is left out, what is written down."""

import csv
import json
from pathlib import Path

import duckdb
import pytest

from bot.sample import write_sample
from store.audience.load import import_folder
from tests.bot.conftest import AS_OF, Json, divisi, texts
from tests.bot.life import BOTH, Life, Start, begun, card


@pytest.fixture(params=BOTH, ids="-".join)
def life(request: pytest.FixtureRequest, chat: Start) -> Life:
    return begun(chat, request)


def slot(answer: Json) -> str:
    return str(answer["replies"][-1].get("slot", ""))


def test_exclusions_are_chosen_from_a_list_and_taken_back_in_words(life: Life) -> None:
    taken = life.make("Women 1", "narrow")
    life.chat.send(new=True)
    whole = life.chat.plan(life.words["base"])["plan"]["reach"]
    asked = life.chat.choose("exclude")
    assert slot(asked) == "segment.exclude"
    assert asked["replies"][-1]["options"][0]["label"] == "Women 1"
    left = life.chat.choose("1")["plan"]
    assert (left["reach"], left["excluded"]) == (whole - taken, taken)
    back = life.say("include", name="Women 1")
    assert back["plan"]["reach"] == whole
    assert life.told("nobody") in texts(back)


def test_what_is_left_out_may_be_computed_again_but_is_told_when_it_is_gone(
    life: Life, chat: Start
) -> None:
    taken = life.make("Women 1", "narrow")
    other = Life(chat("--no-worker", **life.variables), life.language, life.variables)
    life.chat.send(new=True)
    life.chat.plan(life.words["base"])
    whole = life.say("leave_out", name="Women 1")["plan"]["reach"] + taken
    other.say("recompute", name="Women 1")  # its list so far is what counts
    life.chat.choose("apply")
    life.chat.text("Rest 1")
    finished = [life.chat.send(wait=30)["status"] for _ in range(1)]
    assert finished == ["finished"]
    items = {i["name"]: i["count"] for i in life.say("list")["replies"][0]["items"]}
    assert items["Rest 1"] == whole - taken
    assert life.told("needed") in texts(other.say("delete", name="Women 1"))

    life.chat.send(new=True)
    life.make("Women 2", "narrow")
    life.chat.send(new=True)
    life.chat.plan(life.words["base"])
    life.say("leave_out", name="Women 2")
    other.say("delete", name="Women 2")
    other.say("yes")
    told = life.chat.choose("apply")
    assert life.told("gone") in texts(told)
    assert (told["status"], told["plan"]["reach"]) == ("ready", whole)
    assert life.chat.choose("apply")["status"] == "naming"


def test_computing_again_takes_the_data_of_now(life: Life, home: Path, tmp_path: Path) -> None:
    before = life.make()
    write_sample(tmp_path / "newer", contacts=150, as_of=AS_OF)
    import_folder(tmp_path / "newer", home)
    assert card(life.say("show"))["count"] == before  # until it is computed again
    now = life.chat.plan(life.words["base"])["plan"]["reach"]
    life.say("recompute")
    assert card(life.chat.send(wait=30))["count"] == now < before


def test_what_is_being_computed_is_cancelled_and_a_list_stays(
    life: Life, chat: Start, home: Path
) -> None:
    idle = Life(chat("--no-worker", **life.variables), life.language, life.variables)
    count = life.make()
    life.chat.close()
    idle.say("recompute")
    shown = card(idle.say("show"))
    assert (shown["status"], shown["count"]) == ("queued", count)
    assert idle.told("kept") in texts(idle.say("cancel"))
    assert card(idle.say("show"))["status"] == "finished"
    idle.chat.create("Slow 1", idle.words["narrow"])
    assert idle.told("stopped") in texts(idle.say("cancel", name="Slow 1"))
    told = divisi(home, "segments", "list", **life.variables).stdout
    assert "cancelled" in told.splitlines()[0]


def test_a_right_that_was_taken_away_counts_when_it_is_used(
    life: Life, chat: Start, home: Path
) -> None:
    def role(act: str, *role: str) -> None:
        done = divisi(home, "operators", act, "test:c", *role, **life.variables)
        assert done.returncode == 0, done.stderr

    role("add", "creator")
    creator = Life(chat("--as", "test:c", **life.variables), life.language, life.variables)
    creator.make()
    creator.chat.plan(creator.words["narrow"])
    creator.chat.choose("apply")
    life.make(life.new, "narrow")
    role("change", "viewer")
    named = creator.chat.text("Late 1")  # it was to be named when the right was taken away
    assert (creator.told("denied") in texts(named), named["status"]) == (True, "naming")
    role("change", "creator")
    creator.chat.choose("cancel")
    assert not creator.say("export")["replies"][0]["text"].startswith(creator.words["denied"])
    assert slot(creator.say("delete", name=life.new)) != "segment.delete"  # somebody else's
    assert slot(creator.say("delete")) == "segment.delete"
    role("change", "viewer")
    assert creator.told("denied") in texts(creator.say("yes"))
    assert creator.told("denied") in texts(creator.say("export"))
    why = creator.say("why", contact="C0000001")
    assert creator.told("denied") in texts(why)
    assert "C0000001" not in texts(why)
    role("remove")
    answer = creator.say("list")
    assert [reply["type"] for reply in answer["replies"]] == ["text"]
    assert len(divisi(home, "segments", "list", **life.variables).stdout.splitlines()) == 2


def test_who_asked_confirmed_looked_and_exported_is_written_down(life: Life, home: Path) -> None:
    life.make(request="narrow")
    inside = life.members(home)[0]
    life.say("why", contact=inside)
    life.say("export_columns")
    life.say("delete")
    life.say("yes")
    out = divisi(home, "audit", **life.variables).stdout
    acts = [tuple(line.split("\t")[1:]) for line in reversed(out.splitlines())]
    asked, created, exported, looked, again, deleted = acts
    assert asked[1:] == ("plan.ask", "gender total_spending")
    assert [each[1] for each in (created, exported, looked, again, deleted)] == [
        "segment.create", "segment.export", "contact.look", "segment.export", "segment.delete",
    ]  # fmt: skip
    assert len({each[2] for each in acts[1:]}) == 1
    assert {each[0] for each in acts} == {"terminal"}
    assert inside not in out
    assert life.name not in out


def test_an_export_has_the_columns_that_were_said(life: Life, home: Path) -> None:
    life.make()
    life.say("export_columns")
    (path,) = (home / "exports").glob("*.csv")
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["contact_id", "email", "city"]
    assert [row[0] for row in rows[1:]] == life.members(home)


def test_each_conditions_reach_and_who_can_be_reached(life: Life, data: Path) -> None:
    plan = life.chat.plan(life.words["narrow"])["plan"]
    spent = (
        "select contact_id from orders where status = 'completed' and ordered_at <= $as_of"
        " group by contact_id having sum(amount) > 1000"
    )
    women = "select contact_id from contacts where gender = 'female'"
    both = f"select * from contacts where contact_id in ({spent}) and contact_id in ({women})"
    wanted = {
        "reach": f"select count(*) from ({both})",
        "line": f"select count(*) from ({both}) where line_status = 'subscribed'",
        "sms": f"select count(*) from ({both}) where sms_consent and phone is not null",
        "email": f"select count(*) from ({both}) where email_consent and email is not null",
    }
    with duckdb.connect() as connection:
        for table in ("contacts", "orders"):
            (file,) = data.glob(f"{table}.*")
            connection.execute(f"create view {table} as select * from '{file}'")

        def count(sql: str) -> int:
            values = {"as_of": AS_OF} if "$as_of" in sql else None
            return int(connection.execute(sql, values).fetchall()[0][0])

        found = {name: count(sql) for name, sql in wanted.items()}
        alone = {count(f"select count(*) from ({sql})") for sql in (spent, women)}
    assert {"reach": plan["reach"]} | plan["reachable"] == found | {
        "push": plan["reachable"]["push"]
    }
    reaches = [condition["reach"] for condition in plan["conditions"]]
    assert set(reaches) == alone
    assert plan["narrowing"] == [reaches[0], plan["reach"]]


def test_a_list_as_it_is_while_another_is_being_computed(life: Life, chat: Start) -> None:
    count = life.make()
    life.chat.close()
    idle = Life(chat("--no-worker", **life.variables), life.language, life.variables)
    idle.say("edit")
    idle.say("change")
    idle.chat.choose("apply")
    shown = card(idle.say("show"))
    assert shown["count"] == count
    before, after = shown["text"].index("1,000"), shown["text"].index("2,000")
    assert before < after
    assert json.dumps(shown["text"]).count("1,000") == 1
