"""A segment's whole life through `divisi chat --json`, in two languages, on both databases."""

import csv
from pathlib import Path

import pytest

from tests.bot.conftest import divisi, texts
from tests.bot.life import BOTH, Life, Start, begun, card


@pytest.fixture(params=BOTH, ids="-".join)
def life(request: pytest.FixtureRequest, chat: Start) -> Life:
    return begun(chat, request)


def test_a_segment_is_found_shown_renamed_and_described(life: Life) -> None:
    count = life.make()
    items = life.say("list")["replies"][0]["items"]
    assert [(item["name"], item["status"], item["count"]) for item in items] == [
        (life.name, "finished", count)
    ]
    shown = card(life.say("show"))
    assert "1,000" in shown["text"]
    assert {option["id"] for option in shown["options"]} >= {"export", "edit", "delete"}
    assert card(life.say("ready"))["status"] == "finished"
    (found,) = life.say("find", part=life.name[:2])["replies"]
    assert [item["name"] for item in found["items"]] == [life.name]
    assert life.new in texts(life.say("rename"))
    life.name = life.new
    life.say("describe")
    text = card(life.say("show"))["text"]
    assert life.new in text
    assert "winter party" in text or "冬季派對" in text


def test_editing_keeps_the_list_until_the_new_one_is_in(life: Life, home: Path) -> None:
    count = life.make()
    before = life.members(home)
    assert life.say("edit")["status"] == "ready"
    changed = life.say("change")
    assert changed["status"] == "ready"
    assert 0 < changed["plan"]["reach"] < count
    confirmed = life.chat.choose("apply")
    assert confirmed["status"] == "created"
    assert life.told("stays") in texts(confirmed) or "保留" in texts(confirmed)
    assert life.finished()["count"] == changed["plan"]["reach"]
    after = life.members(home)
    assert set(after) < set(before)
    assert len(divisi(home, "segments", "list", **life.variables).stdout.splitlines()) == 1


def test_recomputing_and_duplicating(life: Life) -> None:
    count = life.make()
    assert card(life.say("recompute"))["status"] == "queued"
    assert life.finished()["count"] == count
    copied = life.say("duplicate")
    assert copied["status"] == "naming"
    assert life.chat.text("Copy 1")["status"] == "created"
    assert life.finished()["count"] == count


def test_deleting_is_asked_and_refused_while_it_is_needed(life: Life, home: Path) -> None:
    life.make()
    life.chat.send(new=True)
    life.chat.plan(life.words["narrow"])
    ready = life.say("leave_out")
    assert (ready["plan"]["reach"], ready["status"]) == (0, "ready")
    assert ready["plan"]["excluded"] > 0
    life.chat.choose("apply")
    life.chat.text("Needing")
    life.finished()
    assert life.told("needed") in texts(life.say("delete"))
    life.chat.text({"en": "delete Needing", "zh-Hant": "刪除 Needing"}[life.language])
    life.say("yes")
    asked = life.say("delete")
    assert asked["replies"][-1]["slot"] == "segment.delete"
    life.say("yes")
    assert divisi(home, "segments", "list", **life.variables).stdout == ""
    assert not list((home / "members").glob("*.parquet"))


def test_exclusions_are_counted_before_confirming_and_two_at_most(life: Life) -> None:
    life.make("Men", "base")
    for name in ("A1", "B2", "C3"):
        life.chat.send(new=True)
        life.make(name, "narrow")
    life.chat.send(new=True)
    whole = life.chat.plan(life.words["base"])["plan"]["reach"]
    left = life.say("leave_out", name="A1")["plan"]
    assert left["reach"] + left["excluded"] == whole
    assert left["excluded"] > 0
    assert left["reachable"]["line"] <= left["reach"]
    life.say("leave_out", name="B2")
    refused = life.say("leave_out", name="C3")
    assert life.told("two") in texts(refused)
    life.chat.choose("skip")
    life.chat.choose("apply")
    life.chat.text("Rest")
    assert life.finished()["count"] == left["reach"]


def test_why_somebody_is_in_and_why_not(life: Life, home: Path) -> None:
    life.make("All", "base")
    life.chat.send(new=True)
    life.make(request="narrow")
    inside = life.members(home)
    outside = sorted(set(life.members(home, "All")) - set(inside))
    told = texts(life.say("why", contact=inside[0]))
    assert life.told("in", contact=inside[0]) in told
    assert told.count("✓") == 2
    told = texts(life.say("why_not", contact=outside[0]))
    assert life.told("out", contact=outside[0]) in told
    assert "✗" in told
    assert "C9999999" in texts(life.say("why", contact="C9999999"))


def test_two_segments_are_compared(life: Life, home: Path) -> None:
    life.make(life.new, "base")
    life.chat.send(new=True)
    life.make(request="narrow")
    both = len(set(life.members(home)) & set(life.members(home, life.new)))
    assert f"{both:,}" in texts(life.say("overlap"))


def test_how_many_of_a_list_can_be_reached_is_counted(life: Life) -> None:
    plan = life.chat.plan(life.told("base"))["plan"]
    life.chat.choose("apply")
    life.chat.text(life.name)
    count = life.finished()["count"]
    told = texts(life.say("reach"))
    assert f"{count:,}" in told
    assert all(f"{number:,}" in told for number in plan["reachable"].values())


def test_the_export_is_a_file_that_holds_the_members(life: Life, home: Path) -> None:
    count = life.make()
    told = texts(life.say("export"))
    (path,) = (home / "exports").glob("*.csv")
    assert str(path) in told
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["contact_id"]
    assert [row[0] for row in rows[1:]] == life.members(home)
    assert len(rows) == count + 1
    assert path.stat().st_mode & 0o077 == 0


def test_two_people_edit_one_segment_and_the_second_is_told(life: Life, chat: Start) -> None:
    life.make()
    other = Life(chat(**life.variables), life.language, life.variables)
    for each in (life, other):
        assert each.say("edit")["status"] == "ready"
        each.say("change")
    assert life.chat.choose("apply")["status"] == "created"
    life.finished()
    told = other.chat.choose("apply")
    assert other.told("stale") in texts(told)
    assert told["status"] == "ready"
    assert other.chat.choose("apply")["status"] == "created"  # knowing it now
    other.finished()


def test_roles_decide_whatever_the_channel(life: Life, chat: Start, home: Path) -> None:
    life.make()
    variables = life.variables
    added = divisi(home, "operators", "add", "test:v", "viewer", **variables)
    assert added.returncode == 0, added.stderr
    viewer = Life(chat("--as", "test:v", **variables), life.language, life.variables)
    assert card(viewer.say("show"))["name"] == life.name
    for key in ("rename", "recompute", "delete", "export"):
        assert viewer.told("denied") in texts(viewer.say(key)), key
    viewer.chat.plan(viewer.words["narrow"])
    assert viewer.told("denied") in texts(viewer.chat.choose("apply"))
    nobody = chat("--as", "test:nobody", **variables)
    answer = nobody.text(life.words["base"])
    assert (answer["plan"], answer["status"]) == (None, "idle")
    assert not any(c.isdigit() for c in texts(answer))
    assert len(divisi(home, "segments", "list", **variables).stdout.splitlines()) == 1


def test_a_right_taken_away_counts_at_once(life: Life, chat: Start, home: Path) -> None:
    variables = life.variables
    divisi(home, "operators", "add", "test:c", "creator", **variables)
    creator = Life(chat("--as", "test:c", **variables), life.language, life.variables)
    creator.chat.plan(creator.words["base"])
    divisi(home, "operators", "change", "test:c", "viewer", **variables)
    assert creator.told("denied") in texts(creator.chat.choose("apply"))
    assert divisi(home, "segments", "list", **variables).stdout == ""


def test_what_was_done_is_written_down_without_customer_data(life: Life, home: Path) -> None:
    life.make()
    inside = life.members(home)[0]
    life.say("why", contact=inside)
    life.say("rename")
    out = divisi(home, "audit", **life.variables).stdout
    assert "segment.create" in out
    assert "segment.rename" in out
    assert inside not in out
    assert life.name not in out


def test_a_plan_is_built_by_forms_without_a_sentence(life: Life) -> None:
    chat = life.chat
    overview = chat.send(forms=True)
    fields = {field["value"] for group in overview["groups"] for field in group["fields"]}
    assert {"gender", "total_spending", "engagement", "tag"} <= fields
    assert (overview["match"], overview["conditions"]) == ("all", [])
    inputs = {each["name"] for each in chat.send(form={"field": "total_spending"})["inputs"]}
    assert {"operator", "number", "window", "negated"} <= inputs
    spent = {"operator": ">", "number": "1,000"}
    built = chat.send(build={"kind": "add", "field": "total_spending", "values": spent})
    assert built["status"] == "ready"
    women = {"values": ["female"]}
    both = chat.send(build={"kind": "add", "field": "gender", "values": women})["plan"]
    either = chat.send(build={"kind": "match", "match": "any"})["plan"]
    assert both["reach"] < built["plan"]["reach"] < either["reach"]
    chat.send(build={"kind": "match", "match": "all"})
    flipped = chat.send(build={"kind": "flip", "index": 1})["plan"]
    assert flipped["reach"] == built["plan"]["reach"] - both["reach"]
    again = chat.send(form={"index": 0})
    assert next(i["value"] for i in again["inputs"] if i["name"] == "number") in (1000, "1000")
    fewer = chat.send(build={"kind": "remove", "index": 1})["plan"]
    assert fewer["reach"] == built["plan"]["reach"]
    chat.choose("apply")
    assert chat.text("By hand")["status"] == "created"
    assert life.finished()["count"] == built["plan"]["reach"]


def test_a_form_that_cannot_be_used_changes_nothing(life: Life) -> None:
    chat = life.chat
    before = chat.plan(life.words["base"])["plan"]
    wrong = {"operator": ">", "number": "many"}
    answer = chat.send(build={"kind": "add", "field": "order_count", "values": wrong})
    assert answer["plan"] == before
    assert len(answer["replies"]) == 2
    for edit in ({"kind": "remove", "index": 9}, {"kind": "dance"}, {"kind": "add", "field": "no"}):
        assert chat.send(build=edit)["plan"] == before
    assert "error" in chat.send(form={"field": "nothing"})
    assert "error" in chat.send(form={"index": 5})


def test_the_command_line_does_the_same(life: Life, home: Path) -> None:
    variables = life.variables
    life.make("All", "base")
    life.chat.send(new=True)
    life.make(request="narrow")
    inside = life.members(home)

    def run(*arguments: str, fails: bool = False) -> str:
        done = divisi(home, "segments", *arguments, **variables)
        assert (done.returncode != 0) is fails, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    assert f"{len(inside):,}" in run("overlap", life.name, "All")
    assert f"Of the {len(inside):,} contact" in run("reach", life.name)
    assert f"{inside[0]} is in" in run("why", inside[0], life.name)
    run("rename", life.name, "By hand")
    run("describe", "By hand", "for the winter party")
    assert "already a segment called" in run("rename", "By hand", "ALL", fails=True)
    assert "not being computed" in run("cancel", "By hand", fails=True)
    run("recompute", "By hand")
    assert life.finished()["count"] == len(inside)
    run("delete", "By hand", "--yes")
    assert "no segment of that name" in run("show", "By hand", fails=True)
    acts = [line.split("\t")[2] for line in divisi(home, "audit", **variables).stdout.splitlines()]
    assert acts[:4] == [
        "segment.delete", "segment.recompute", "segment.describe", "segment.rename",
    ]  # fmt: skip
