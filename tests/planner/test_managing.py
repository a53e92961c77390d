"""What is done with segments that exist, as a conversation."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from planner.catalogue import Catalogue
from planner.chat import (
    Chose,
    Context,
    Event,
    KnownSegment,
    OpenSegment,
    PlanCard,
    Question,
    Role,
    Said,
    SegmentCard,
    SegmentList,
    Settled,
    TextReply,
    Turn,
)
from planner.commands import Act, Add, Change, Command, Manage, Reading, Remove, Target
from planner.dialog import step
from planner.effects import (
    CancelSegment,
    CreateSegment,
    DeleteSegment,
    DescribeSegment,
    RecomputeSegment,
    RenameSegment,
    ReplanSegment,
)
from planner.existing import NeedsSegment
from planner.fields import Op
from planner.lookups import Export, Overlap, Reach, Why
from planner.managing import ACTIONS
from planner.plan import AllOf, Condition
from planner.state import Conversation
from planner.wording import LANGUAGES

WOMEN = Condition(field="gender", op=Op.ANY_OF, texts=("female",))
SPENT = Condition(field="total_spending", op=Op.GT, number=20_000)
PLAN = AllOf(items=(WOMEN, SPENT))
MOMENT = datetime.fromisoformat("2026-06-30T04:00:00+00:00")
VIP = KnownSegment("s1", "VIP night", "finished", 120, 3, True, "me")
BLOCKED = KnownSegment("s2", "Blocklist", "finished", 7, 1, True, "other")
WAITING = KnownSegment("s3", "Winback", "queued", None, 1, False, "me", "", ("s2",))
AGAIN = KnownSegment("s4", "Winter", "computing", 9, 2, True, "me")


class Talking:
    """A conversation with segments around it; plans are handed over when they are wanted."""

    def __init__(self, role: Role = "admin", language: str = "en") -> None:
        self.language = language
        self.state = Conversation()
        self.turn: Turn[Conversation] = Turn(self.state, ())
        self.context = Context(
            MOMENT, ZoneInfo("Asia/Taipei"), segments=(VIP, BLOCKED, WAITING, AGAIN),
            new_id="new", who="me", role=role,
        )  # fmt: skip

    def event(self, event: Event, *commands: Command) -> "Talking":
        context = self.context
        reading = Reading(self.language, commands)
        while True:
            try:
                self.turn = step(self.state, event, reading, Catalogue(), context)
                break
            except NeedsSegment as needs:
                known = next(s for s in context.segments if s.segment_id == needs.segment_id)
                context = replace(context, opened=(OpenSegment(known, PLAN, MOMENT),))
        self.state = Conversation.model_validate_json(self.turn.state.model_dump_json())
        assert self.turn.replies or self.turn.lookups
        return self

    def say(self, *commands: Command, text: str = "some words") -> "Talking":
        return self.event(Said(text), *commands)

    def do(self, action: str, *names: str, text: str = "") -> "Talking":
        return self.say(Manage(action, names, text))

    def tap(self, *ids: str) -> "Talking":
        return self.event(Chose(ids))

    @property
    def texts(self) -> str:
        return "\n".join(getattr(reply, "text", "") for reply in self.turn.replies)

    @property
    def slot(self) -> str:
        return self.state.pending.slot if self.state.pending else ""

    def reply(self, kind: type) -> object:
        found = [r for r in (*self.turn.replies, *self.turn.lookups) if isinstance(r, kind)]
        assert len(found) == 1
        return found[0]


# ── looking ──────────────────────────────────────────────────────────────────────────────────────


def test_segments_are_listed_and_found_by_a_part_of_their_name() -> None:
    listed = Talking().do("list").reply(SegmentList)
    assert isinstance(listed, SegmentList)
    assert [card.name for card in listed.items] == ["VIP night", "Blocklist", "Winback", "Winter"]
    found = Talking().do("list", "win").reply(SegmentList)
    assert isinstance(found, SegmentList)
    assert [card.name for card in found.items] == ["Winback", "Winter"]
    assert "I don't know a segment called 'summer'" in Talking().do("list", "summer").texts


def test_my_segments_are_those_i_asked_for() -> None:
    mine = Talking().do("list", text="mine").reply(SegmentList)
    assert isinstance(mine, SegmentList)
    assert "Blocklist" not in [card.name for card in mine.items]


def test_who_made_none_is_told_that_the_list_is_everybodys() -> None:
    talk = Talking()
    talk.context = replace(talk.context, who="stranger")
    listed = talk.do("list", text="mine").reply(SegmentList)
    assert isinstance(listed, SegmentList)
    assert len(listed.items) == 4
    assert "everybody's" in talk.texts


def test_several_segments_that_are_named_are_listed() -> None:
    listed = Talking().do("list", "Winback", "VIP night", "Win").reply(SegmentList)
    assert isinstance(listed, SegmentList)
    assert [card.name for card in listed.items] == ["Winback", "VIP night", "Winter"]


def test_a_long_list_says_how_many_more_there_are() -> None:
    talk = Talking()
    many = tuple(KnownSegment(f"m{n}", f"Many {n}", "finished", n) for n in range(25))
    talk.context = replace(talk.context, segments=many)
    assert "And 5 more" in talk.do("list").texts


def test_a_segment_is_shown_with_conditions_count_and_buttons() -> None:
    card = Talking().do("show", "vip NIGHT").reply(SegmentCard)
    assert isinstance(card, SegmentCard)
    assert "Gender: Female" in card.text
    assert "Total spending > 20,000" in card.text
    assert "120 contacts, as of 30 Jun 2026" in card.text
    assert [option.id for option in card.options] == [
        "export", "edit", "recompute", "duplicate", "rename", "delete",
    ]  # fmt: skip


def test_what_is_waiting_says_so_and_whom_it_leaves_out() -> None:
    card = Talking().do("show", "Winback").reply(SegmentCard)
    assert isinstance(card, SegmentCard)
    assert "Winback · waiting" in card.text
    assert "Leaves out: 'Blocklist'" in card.text
    assert [option.id for option in card.options] == ["cancel"]


def test_an_unclear_name_is_asked_back() -> None:
    talk = Talking().do("show", "win")
    assert talk.slot == "segment.which"
    card = talk.tap("2").reply(SegmentCard)
    assert isinstance(card, SegmentCard)
    assert card.name == "Winter"
    typed = Talking().do("show", "win").say(text="winback").reply(SegmentCard)
    assert isinstance(typed, SegmentCard)
    assert typed.name == "Winback"


def test_without_a_name_the_card_shown_last_is_meant() -> None:
    talk = Talking().do("show", "Blocklist").do("export")
    assert talk.reply(Export) == Export(BLOCKED)
    assert "'Winback' has no members yet" in Talking().do("export", "Winback").texts


@pytest.mark.parametrize(
    ("action", "offered"),
    [
        ("cancel", ["Winback", "Winter"]),
        ("recompute", ["VIP night", "Blocklist"]),
        ("export", ["VIP night", "Blocklist", "Winter"]),
    ],
)
def test_only_segments_that_it_can_be_done_with_are_offered(
    action: str, offered: list[str]
) -> None:
    question = Talking().do(action).reply(Question)
    assert isinstance(question, Question)
    assert [option.label for option in question.options[:-1]] == offered


def test_where_nothing_is_being_computed_there_is_nothing_to_cancel() -> None:
    talk = Talking()
    talk.context = replace(talk.context, segments=(VIP, BLOCKED))
    assert "nothing to cancel" in talk.do("cancel").texts
    assert talk.turn.effects == ()


def test_two_segments_are_compared() -> None:
    talk = Talking().do("overlap", "VIP night", "Blocklist")
    assert talk.reply(Overlap) == Overlap((VIP, BLOCKED))
    assert "name both" in Talking().do("overlap").texts
    assert "no members yet" in Talking().do("overlap", "VIP night", "Winback").texts
    assert "don't know" in Talking().do("overlap", "VIP night", "nonsense").texts


def test_how_many_can_be_reached_is_looked_up() -> None:
    assert Talking().do("reach", "VIP night").reply(Reach) == Reach(VIP)
    assert "no members yet" in Talking().do("reach", "Winback").texts


def test_why_somebody_is_in_is_looked_up_by_the_segments_plan() -> None:
    talk = Talking().do("why", "VIP night", text="C0001234")
    assert talk.reply(Why) == Why("C0001234", PLAN, "VIP night", "s1")
    assert "contact id" in Talking().do("why", "VIP night").texts


def test_why_is_answered_for_the_plan_under_way_too() -> None:
    talk = Talking().say(Add(SPENT)).tap("no").do("why", text="C7")
    assert talk.reply(Why) == Why("C7", AllOf(items=(SPENT,)))


# ── changing ─────────────────────────────────────────────────────────────────────────────────────


def test_a_segment_is_renamed() -> None:
    talk = Talking().do("rename", "VIP night", text="  Winter   gala ")
    assert talk.turn.effects == (RenameSegment("s1", "Winter gala", 3),)
    assert "'VIP night' is now called 'Winter gala'" in talk.texts


def test_a_new_name_is_asked_for_until_it_can_be_used() -> None:
    talk = Talking().do("rename", "VIP night")
    assert talk.slot == "segment.rename"
    talk.say(text="blocklist")
    assert "already a segment called 'blocklist'" in talk.texts
    assert talk.slot == "segment.rename"
    talk.say(text="x" * 101)
    assert "too long" in talk.texts
    talk.say(text="VIP  NIGHT")  # its own name in other letters is no other segment's
    assert talk.turn.effects == (RenameSegment("s1", "VIP NIGHT", 3),)
    assert talk.slot == ""


def test_a_question_about_a_segment_can_be_left() -> None:
    talk = Talking().do("rename", "VIP night").tap("cancel")
    assert (talk.slot, talk.turn.effects, talk.state.managing) == ("", (), None)
    asked = Talking().do("delete", "VIP night").say(Add(WOMEN))
    assert asked.state.managing is None
    assert asked.state.draft.items == (WOMEN,)


def test_a_description_is_kept() -> None:
    talk = Talking().do("describe", "VIP night", text="for the gala")
    assert talk.turn.effects == (DescribeSegment("s1", "for the gala", 3),)
    talk = Talking().do("describe", "VIP night").say(text="y" * 501)
    assert "up to 500" in talk.texts
    assert talk.say(text="short").turn.effects == (DescribeSegment("s1", "short", 3),)


def test_editing_takes_the_plan_up_and_keeps_the_name() -> None:
    talk = Talking().do("edit", "VIP night")
    card = talk.reply(PlanCard)
    assert isinstance(card, PlanCard)
    assert "Changing 'VIP night'" in card.text
    assert "save_as" in [option.id for option in card.options]
    talk.say(Change(Target(field="total_spending"), number=50_000)).tap("apply")
    (effect,) = talk.turn.effects
    assert isinstance(effect, ReplanSegment)
    assert (effect.segment_id, effect.revision) == ("s1", 3)
    assert effect.plan.items[1] == SPENT.model_copy(update={"number": 50_000})
    assert talk.state.status == "created"
    assert "list so far stays" in talk.texts


def test_an_edited_plan_can_be_saved_as_a_new_segment() -> None:
    talk = Talking().do("edit", "VIP night").tap("save_as")
    assert talk.slot == "segment.name"
    (effect,) = talk.say(text="Other").turn.effects
    assert isinstance(effect, CreateSegment)
    assert (effect.name, effect.plan) == ("Other", PLAN)


def test_editing_can_be_given_up() -> None:
    talk = Talking().do("edit", "VIP night").say(text="Cancel")
    assert (talk.state.status, talk.state.draft.items, talk.state.editing) == ("idle", (), None)
    assert "left that as it is" in talk.texts
    plan = Talking().say(Add(SPENT)).tap("no").say(text="cancel")
    assert plan.state.draft.items == (SPENT,)
    assert "nothing to cancel" in plan.texts


def test_whoever_edits_second_is_told_and_may_still_decide() -> None:
    talk = Talking().do("edit", "VIP night")
    newer = replace(VIP, revision=4)
    talk.context = replace(talk.context, segments=(newer, BLOCKED))
    talk.tap("apply")
    assert talk.turn.effects == ()
    assert "Somebody else has changed 'VIP night'" in talk.texts
    (effect,) = talk.tap("apply").turn.effects
    assert isinstance(effect, ReplanSegment)
    assert effect.revision == 4


def test_what_was_deleted_while_it_was_edited_becomes_a_new_segment() -> None:
    talk = Talking().do("edit", "VIP night")
    talk.context = replace(talk.context, segments=(BLOCKED,))
    talk.tap("apply")
    assert "deleted meanwhile" in talk.texts
    assert talk.slot == "segment.name"


def test_a_segment_is_computed_again() -> None:
    talk = Talking().do("recompute", "VIP night")
    assert talk.turn.effects == (RecomputeSegment("s1"),)
    assert "list so far stays" in talk.texts
    busy = Talking().do("recompute", "Winback")
    assert busy.turn.effects == ()
    assert "already" in busy.texts


def test_news_of_a_segment_computed_again_brings_its_card() -> None:
    talk = Talking().do("recompute", "VIP night").event(Settled("s1", "VIP night", "finished", 130))
    card = talk.reply(SegmentCard)
    assert isinstance(card, SegmentCard)
    assert (card.count, card.status) == (130, "finished")
    assert talk.tap("export").reply(Export) == Export(VIP)


def test_a_computation_that_failed_again_says_that_the_list_stays() -> None:
    talk = Talking().event(Settled("s1", "VIP night", "failed"))
    assert "list so far stays" in talk.texts
    assert "couldn't be computed" in Talking().event(Settled("s3", "Winback", "failed")).texts


def test_a_copy_asks_for_its_name_and_suggests_one() -> None:
    talk = Talking().do("duplicate", "VIP night")
    question = talk.reply(Question)
    assert isinstance(question, Question)
    assert (talk.slot, question.options[0].label) == ("segment.name", "VIP night 2")
    (effect,) = talk.tap("1").turn.effects
    assert isinstance(effect, CreateSegment)
    assert (effect.name, effect.plan) == ("VIP night 2", PLAN)


def test_deleting_is_asked_once_more() -> None:
    talk = Talking().do("delete", "VIP night")
    assert talk.turn.effects == ()
    assert "its list of 120 contacts" in talk.texts
    assert talk.tap("yes").turn.effects == (DeleteSegment("s1"),)
    assert Talking().do("delete", "VIP night").tap("cancel").turn.effects == ()


def test_with_the_segment_just_made_its_plan_is_gone() -> None:
    talk = Talking().say(Add(SPENT)).tap("no").tap("apply").say(text="Mine")
    made = KnownSegment("new", "Mine", "finished", 5, 1, True, "me")
    talk.context = replace(talk.context, segments=(made,))
    talk.event(Settled("new", "Mine", "finished", 5)).do("delete", "Mine").tap("yes")
    assert talk.turn.effects == (DeleteSegment("new"),)
    assert (talk.state.status, talk.state.draft.items) == ("idle", ())
    assert [type(reply) for reply in talk.turn.replies] == [TextReply]


def test_what_an_exclusion_needs_cannot_be_deleted() -> None:
    talk = Talking().do("delete", "Blocklist")
    assert talk.turn.effects == ()
    assert "'Winback' leaves it out" in talk.texts
    assert talk.slot == ""


def test_an_exclusion_made_while_deletion_was_asked_stops_it() -> None:
    talk = Talking().do("delete", "VIP night")
    needing = replace(WAITING, exclude=("s1",))
    talk.context = replace(talk.context, segments=(VIP, BLOCKED, needing))
    talk.tap("yes")
    assert talk.turn.effects == ()
    assert "leaves it out" in talk.texts


def test_cancelling_keeps_a_list_that_is_there() -> None:
    talk = Talking().do("cancel", "Winter")
    assert talk.turn.effects == (CancelSegment("s4"),)
    assert "list so far stays" in talk.texts
    assert Talking().do("cancel", "Winback").turn.effects == (CancelSegment("s3"),)
    assert "nothing to cancel" in Talking().do("cancel", "VIP night").texts


def test_a_button_that_names_its_segment_works_from_any_card() -> None:
    talk = Talking().say(Add(SPENT)).tap("no")
    assert talk.tap("recompute:s1").turn.effects == (RecomputeSegment("s1"),)
    assert "don't know" in talk.tap("export:nonsense").texts


def test_segments_left_out_are_named_in_words() -> None:
    talk = Talking().say(Add(SPENT)).tap("no").say(Act("exclude", ("Blocklist", "VIP night")))
    assert [e.segment_id for e in talk.state.exclude] == ["s2", "s1"]
    assert talk.turn.view is not None
    assert talk.turn.view.exclude == ("s2", "s1")
    talk.say(Act("exclude", ("Winter",)))
    assert "Up to 2 segments" in talk.texts
    assert [e.segment_id for e in talk.state.exclude] == ["s2", "s1"]


def test_an_exclusion_is_taken_back_in_words() -> None:
    talk = Talking().say(Add(SPENT)).tap("no").say(Act("exclude", ("Blocklist", "VIP night")))
    talk.say(Act("include", ("Blocklist",)))
    assert [e.segment_id for e in talk.state.exclude] == ["s1"]
    talk.say(Act("include", ("VIP night",)))
    assert talk.state.exclude == ()
    assert "No segment is excluded" in talk.texts


def test_the_question_of_exclusions_can_be_left_in_words() -> None:
    talk = Talking().say(Add(SPENT)).tap("no").tap("exclude")
    assert talk.slot == "segment.exclude"
    talk.say(Remove(Target()), text="取消")
    assert (talk.slot, talk.state.draft.items) == ("", (SPENT,))


def test_an_exclusion_that_is_gone_is_told_before_anything_is_made() -> None:
    talk = Talking().say(Add(SPENT)).tap("no").say(Act("exclude", ("Blocklist",)))
    talk.context = replace(talk.context, segments=(VIP,))
    talk.tap("apply")
    assert "'Blocklist' is gone meanwhile" in talk.texts
    assert (talk.state.exclude, talk.state.status, talk.turn.effects) == ((), "ready", ())
    assert talk.tap("apply").slot == "segment.name"
    talk.context = replace(talk.context, segments=())
    (effect,) = talk.say(text="Rest").turn.effects
    assert isinstance(effect, CreateSegment)


def test_a_segment_cannot_leave_itself_out() -> None:
    talk = Talking().do("edit", "VIP night").say(Act("exclude", ("VIP night",)))
    assert talk.state.exclude == ()


# ── roles ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("action", [a for a, right in ACTIONS.items() if right != "look"])
def test_a_viewer_changes_nothing_and_sees_nobody(action: str) -> None:
    talk = Talking("viewer").do(action, "VIP night", text="C1")
    assert talk.turn.effects == ()
    assert all(isinstance(reply, TextReply) for reply in talk.turn.replies)
    assert "ask an admin" in talk.texts


def test_a_viewer_may_look_but_not_confirm() -> None:
    assert Talking("viewer").do("show", "VIP night").reply(SegmentCard)
    talk = Talking("viewer").say(Add(SPENT)).tap("no").tap("apply")
    assert "creator role" in talk.texts
    assert talk.state.status == "ready"


def test_a_creator_deletes_only_their_own() -> None:
    assert "Only the person" in Talking("creator").do("delete", "Blocklist").texts
    assert Talking("creator").do("delete", "VIP night").slot == "segment.delete"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_has_words_in_every_language(language: str) -> None:
    for action in ACTIONS:
        talk = Talking(language=language)
        talk.state = talk.state.model_copy(update={"language": language})
        assert talk.do(action, "VIP night", "Blocklist", text="C1").turn is not None
