"""A plan confirmed and changed on forms: what they show, what is wrong, what comes of it."""

import json
from dataclasses import replace

import pytest

from planner.chat import Built, Context, KnownSegment, Named, PlanCard, SegmentCard, TextReply, Turn
from planner.dialog import step
from planner.effects import CreateSegment
from planner.errors import Refused
from planner.fields import Op
from planner.plan import AllOf, Condition
from planner.sheet import Sheet, applying
from planner.state import Conversation, Exclusion
from planner.wording import LANGUAGES

from .brand import BRAND, NOW

WOMEN = Condition(field="gender", op=Op.ANY_OF, texts=("female",))
SPENT = Condition(field="total_spending", op=Op.GT, number=20_000)
OLD = KnownSegment("s1", "VIP night", "finished", 120, 3, True, "me")
BLOCKED = KnownSegment("s2", "Blocklist", "finished", 7, 1, True, "other")
WAITING = KnownSegment("s3", "Winback", "queued", None, 1, False, "me")
WORLD = replace(NOW, segments=(OLD, BLOCKED, WAITING), new_id="new", who="me")
READY = Conversation(version=7, shown=7, status="ready", draft=AllOf(items=(WOMEN, SPENT)))


def stepped(
    event: Named | Built, state: Conversation = READY, world: Context = WORLD
) -> Turn[Conversation]:
    return step(state, event, None, BRAND, world)


def texts(turn: Turn[Conversation]) -> str:
    return " ".join(reply.text for reply in turn.replies if isinstance(reply, TextReply))


def test_a_plan_is_confirmed_with_all_that_the_form_says() -> None:
    turn = stepped(Named(" Gala  night ", "For the\nwinter", ("s2", "s1"), 7))

    (made,) = turn.effects
    assert isinstance(made, CreateSegment)
    assert (made.segment_id, made.name, made.description) == ("new", "Gala night", "For the winter")
    assert made.plan == READY.draft
    assert made.exclude == ("s2", "s1")
    (card,) = turn.replies
    assert isinstance(card, SegmentCard)
    assert (card.status, card.viewed, turn.state.status) == ("queued", True, "created")
    assert turn.state.described == ""


def test_the_form_says_who_is_left_out_from_now_on() -> None:
    before = READY.model_copy(update={"exclude": (Exclusion(segment_id="s1", name="VIP night"),)})
    (made,) = stepped(Named("Gala"), before).effects
    assert isinstance(made, CreateSegment)
    assert made.exclude == ()


def test_a_form_of_an_earlier_plan_changes_nothing() -> None:
    for event in (Named("Gala", version=6), Built(json.dumps({"kind": "remove"}), 6)):
        turn = stepped(event)
        assert turn.effects == ()
        assert turn.state.draft == READY.draft
        assert "earlier step" in texts(turn)
        assert isinstance(turn.replies[-1], PlanCard)


def test_what_cannot_be_confirmed_is_said_and_nothing_is_made() -> None:
    viewer = replace(WORLD, role="viewer")
    for event, state, world, said in (
        (Named("Gala", exclude=("s3",)), READY, WORLD, "don't know that segment"),
        (Named("Gala", exclude=("s1", "s2", "s3")), READY, WORLD, "Up to 2"),
        (Named("Gala", "long " * 200), READY, WORLD, "too long"),
        (Named("vip NIGHT"), READY, WORLD, "already a segment called"),
        (Named("Gala"), READY, viewer, "creator role"),
        (Named("Gala"), Conversation(), WORLD, "no plan to confirm"),
    ):
        turn = stepped(event, state, world)
        assert turn.effects == (), event
        assert said in texts(turn)


def test_a_segment_that_is_made_already_is_not_made_again() -> None:
    made = stepped(Named("Gala", version=7)).state
    turn = stepped(Named("Gala", version=made.shown), made)
    assert turn.effects == ()
    assert isinstance(turn.replies[-1], SegmentCard)


def test_the_sheet_shows_what_there_is_to_fill_in() -> None:
    sheet = Sheet(READY, BRAND, WORLD)
    assert (sheet.version, sheet.begun, sheet.can_make, sheet.asks_name) == (7, True, True, True)
    naming = sheet.naming()
    assert naming.name
    assert [each.segment_id for each in naming.excludable] == ["s1", "s2"]
    match, lines = sheet.plan()
    assert match == "all"
    assert [(line.index, line.field) for line in lines] == [(0, "gender"), (1, "total_spending")]
    assert [card.segment_id for card in sheet.mine()] == ["s1", "s3"]
    assert "export" in dict(sheet.actions("s1"))
    assert dict(sheet.actions("s3")).keys() == {"cancel"}
    assert sheet.actions("gone") == ()
    assert Sheet(READY, BRAND, replace(WORLD, role="viewer")).actions("s1") == ()
    made = READY.model_copy(update={"status": "created"})
    assert not Sheet(made, BRAND, WORLD).asks_name
    assert not Sheet(Conversation(), BRAND, WORLD).begun


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_stands_at_its_input(language: str) -> None:
    sheet = Sheet(READY.model_copy(update={"language": language}), BRAND, WORLD)
    assert sheet.name_errors("Gala", "", ("s1",)) == {}
    assert sheet.name_errors(" ", "x" * 501, ("s3",)).keys() == {
        "name", "description", "exclude",
    }  # fmt: skip
    assert sheet.name_errors("VIP night", "", ()).keys() == {"name"}
    assert sheet.form_errors("total_spending", {"operator": ">=", "number": "2萬"}) == {}
    wrong = sheet.form_errors("total_spending", {"operator": ">=", "number": "a lot"})
    assert wrong.keys() == {"number"}


def test_a_form_is_that_of_the_condition_at_its_place() -> None:
    sheet = Sheet(READY, BRAND, WORLD)
    held = {each.name: each.value for each in sheet.form("total_spending", 1).inputs}
    assert held["number"] == 20_000
    for index in (2, -1):
        with pytest.raises(Refused):
            sheet.form("gender", index)


def test_inputs_apply_by_what_is_chosen_before_them() -> None:
    shown = Sheet(READY, BRAND, WORLD).form("engagement")
    names = [each.name for each in applying(shown, {})]
    assert "window_number" not in names
    counted = applying(shown, {"window": "last", "channels": ("sms_broadcast",)})
    by_name = {each.name: each for each in counted}
    assert by_name["window_number"].required
    assert [option.value for option in by_name["events"].options] == ["click"]
