"""Conversations, one event after another, with readings made by hand."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from planner.catalogue import Catalogue, Value
from planner.chat import (
    Began,
    Chose,
    Context,
    Event,
    KnownSegment,
    PlanCard,
    Question,
    Said,
    SegmentCard,
    SegmentList,
    Settled,
    Turn,
)
from planner.commands import (
    Act,
    Add,
    Answer,
    Aside,
    Change,
    Command,
    Negate,
    OutOfScope,
    Reading,
    Remove,
    Restart,
    Target,
    Unclear,
    Undo,
)
from planner.dialog import step, suggested_prompts
from planner.effects import CancelSegment, CreateSegment
from planner.fields import Op
from planner.plan import Condition, Node, Open
from planner.state import Conversation
from planner.windows import Window

SPREAD = tuple(float(10 ** (2 + place / 25)) for place in range(101))
CATALOGUE = Catalogue(
    values={"tag": (Value("Cat Lover"), Value("Pet Supplies Buyer"), Value("VIP"))},
    quantiles={"total_spending": SPREAD, "order_count": tuple(map(float, range(1, 102)))},
)
SEGMENTS = tuple(KnownSegment(f"s{n}", f"Old {n}", "finished", n, listed=True) for n in range(3))
CONTEXT = Context(
    datetime.fromisoformat("2026-06-30T04:00:00+00:00"),
    ZoneInfo("Asia/Taipei"),
    segments=SEGMENTS,
    new_id="new",
)

BIG = Open(
    slot="total_spending.value",
    phrase="high-spending",
    condition=Condition(field="total_spending", op=Op.GT),
)
LOYAL = Open(
    slot="order_count.value", phrase="loyal", condition=Condition(field="order_count", op=Op.GE)
)
LAPSED = Open(
    slot="last_purchase.window", phrase="churned", high=False,
    condition=Condition(field="last_purchase", op=Op.WITHIN),
)  # fmt: skip
CATS = Open(
    slot="tag.choice", phrase="cat products", candidates=("Cat Lover", "Pet Supplies Buyer"),
    condition=Condition(field="tag", op=Op.ANY_OF),
)  # fmt: skip
SPENT = Condition(field="total_spending", op=Op.GT, number=20_000)
ORDERS = Condition(field="order_count", op=Op.GE, number=3)
WOMEN = Condition(field="gender", op=Op.ANY_OF, texts=("female",))
INSTAGRAM = OutOfScope("shop on Instagram", "oos_social", ("clicked_campaign", "tag"))


class Talking:
    """A conversation held in a test; its state goes through JSON after every turn."""

    def __init__(self, language: str = "en", context: Context = CONTEXT) -> None:
        self.language = language
        self.context = context
        self.state = Conversation()
        self.turn: Turn[Conversation] | None = None

    def event(self, event: Event, reading: Reading | None = None) -> "Talking":
        before = self.state
        self.turn = step(before, event, reading, CATALOGUE, self.context)
        self.state = Conversation.model_validate_json(self.turn.state.model_dump_json())
        assert self.state == self.turn.state
        assert self.state.version == before.version + 1
        assert self.turn.replies
        made = (e for e in self.turn.effects if isinstance(e, CreateSegment))
        new = tuple(KnownSegment(e.segment_id, e.name, "queued") for e in made)
        self.context = replace(self.context, segments=(*new, *self.context.segments))
        return self

    def say(self, *commands: Command, text: str = "some words") -> "Talking":
        return self.event(Said(text), Reading(self.language, commands))

    def tap(self, *ids: str, version: int | None = None) -> "Talking":
        return self.event(Chose(ids, version))

    @property
    def status(self) -> str:
        return self.state.status

    @property
    def slot(self) -> str:
        return self.question.slot

    @property
    def question(self) -> Question:
        assert self.turn is not None
        last = self.turn.replies[-1]
        assert isinstance(last, Question)
        return last

    @property
    def texts(self) -> str:
        assert self.turn is not None
        return "\n".join(
            reply.text for reply in self.turn.replies if not isinstance(reply, SegmentList)
        )

    @property
    def conditions(self) -> list[str]:
        assert self.turn is not None
        return [c.text for c in self.turn.view.conditions] if self.turn.view else []


def ready(*nodes: Node) -> Talking:
    talk = Talking().say(*(Add(node) for node in nodes))
    assert talk.status == "ready"
    return talk


def created(name: str = "VIP night") -> Talking:
    return ready(SPENT).tap("apply").say(text=name)


def test_a_conversation_begins_with_a_welcome_and_four_prompts() -> None:
    talk = Talking(context=replace(CONTEXT, locale="ja-JP")).event(Began())
    assert talk.status == "idle"
    assert all(prompt in talk.texts for prompt in suggested_prompts("ja"))


def test_the_vip_night() -> None:
    talk = Talking().say(Add(BIG), Add(LOYAL))
    assert (talk.status, talk.slot) == ("asking", "total_spending.value")
    assert "high-spending" in talk.question.text
    talk.say(Answer("total_spending.value", Op.GT, 100_000), text="over 100,000")
    assert talk.slot == "order_count.value"
    talk.tap("1")
    assert talk.slot == "suggest.exclude_returns"
    plans = {option.id: option.plan for option in talk.question.options}
    assert plans["yes"] != plans["no"]
    talk.tap("yes")
    assert talk.status == "ready"
    assert talk.conditions[0] == "Total spending > 100,000"
    assert talk.conditions[2] == "No returns in the last 3 months"
    talk.tap("apply")
    assert (talk.status, talk.slot) == ("naming", "segment.name")
    talk.say(text="VIP night 2026")
    assert talk.status == "created"
    assert talk.turn is not None
    (effect,) = talk.turn.effects
    assert isinstance(effect, CreateSegment)
    assert (effect.segment_id, effect.name, effect.plan) == (
        "new",
        "VIP night 2026",
        talk.state.draft,
    )
    talk.event(Settled("new", "VIP night 2026", "finished", 143, 1.0))
    assert (talk.status, "143" in talk.texts) == ("finished", True)


def test_cat_products() -> None:
    talk = Talking().say(Add(CATS))
    assert [option.id for option in talk.question.options] == ["1", "2", "all", "skip"]
    assert talk.tap("all").slot == "suggest.cart_abandonment"
    assert talk.tap("no").conditions == ["Tag: 'Cat Lover' or 'Pet Supplies Buyer'"]


def test_several_choices_at_once() -> None:
    talk = Talking().say(Add(CATS)).tap("1", "2").tap("no")
    assert talk.conditions == ["Tag: 'Cat Lover' or 'Pet Supplies Buyer'"]


def test_one_answer_where_one_is_asked_for() -> None:
    talk = Talking().say(Add(BIG)).tap("1", "2")
    assert (talk.status, talk.slot) == ("asking", "total_spending.value")


def test_a_label_typed_is_the_same_as_tapped() -> None:
    tapped = Talking().say(Add(BIG)).tap("2")
    typed = Talking().say(Add(BIG)).say(Unclear(("over",)), text="over 50,000")
    assert typed.state.draft == tapped.state.draft


def test_no_purchase_in_a_window_answers_how_long_without_one() -> None:
    never = Condition(field="order_count", op=Op.EQ, number=0, window=Window.last(6, "month"))
    talk = Talking().say(Add(LAPSED)).say(Add(never))
    assert talk.conditions == ["Last purchase: 6 months ago or earlier"]


def test_what_is_skipped_is_left_out() -> None:
    talk = Talking().say(Add(BIG), Add(WOMEN)).tap("skip")
    assert (talk.status, talk.conditions) == ("ready", ["Gender: Female"])
    assert Talking().say(Add(BIG)).tap("skip").status == "idle"


def test_not_knowing_gets_a_hint_once_and_then_goes_on() -> None:
    unknown = Answer("total_spending.value", choice="unknown")
    talk = Talking().say(Add(BIG), Add(WOMEN)).say(unknown)
    assert talk.slot == "total_spending.value"
    assert talk.say(unknown).status == "ready"


def test_an_explicit_request_is_not_followed_by_a_suggestion() -> None:
    assert ready(SPENT).conditions == ["Total spending > 20,000"]


def test_one_suggestion_in_a_conversation() -> None:
    talk = Talking().say(Add(BIG)).tap("1").tap("no")
    assert talk.say(Restart(), Add(CATS)).tap("all").status == "ready"


def test_an_edit_changes_the_plan_and_says_so() -> None:
    talk = ready(SPENT).say(Change(Target(), number=50_000))
    assert talk.conditions == ["Total spending > 50,000"]
    assert "Total spending > 20,000" in talk.texts
    assert talk.say(Add(WOMEN)).conditions == ["Total spending > 50,000", "Gender: Female"]
    assert talk.say(Negate(Target())).conditions[1] == "Gender: not Female"
    assert talk.say(Remove(Target(index=1))).conditions == ["Gender: not Female"]


def test_an_edit_that_means_nothing_changes_nothing() -> None:
    talk = ready(SPENT).say(Remove(Target(field="city")))
    assert (talk.status, talk.conditions) == ("ready", ["Total spending > 20,000"])
    assert "1. Total spending > 20,000" in talk.texts


def test_undo_and_starting_over() -> None:
    talk = ready(SPENT).say(Add(WOMEN)).say(Undo())
    assert talk.conditions == ["Total spending > 20,000"]
    assert talk.tap("restart").status == "idle"
    assert talk.conditions == []
    assert ready(SPENT).say(Restart(), Add(WOMEN)).conditions == ["Gender: Female"]


def test_old_buttons_do_nothing() -> None:
    talk = Talking().say(Add(BIG))
    old = talk.state.version
    draft = talk.tap("1", version=old).tap("no").state.draft
    assert talk.tap("1", version=old).state.draft == draft
    assert "earlier step" in talk.texts
    assert talk.turn is not None
    assert isinstance(talk.turn.replies[-1], PlanCard)


def test_a_notice_of_another_segment_leaves_the_buttons_good() -> None:
    talk = Talking().say(Add(BIG))
    shown = talk.state.version
    talk.event(Settled("other", "Other", "finished", 3))
    assert talk.status == "asking"
    assert talk.tap("1", version=shown).slot.startswith("suggest.")


@pytest.mark.parametrize("ids", [("99",), (), ("apply",), ("yes",)])
def test_options_that_were_not_offered(ids: tuple[str, ...]) -> None:
    talk = Talking().say(Add(BIG)).tap(*ids)
    assert (talk.status, talk.slot) == ("asking", "total_spending.value")
    assert Talking().tap(*ids).status == "idle"


@pytest.mark.parametrize("text", ["", "   ", "\x00\x07", "🐱🐱", "!!", "x" * 2_001])
def test_texts_that_say_nothing_leave_things_as_they_are(text: str) -> None:
    talk = Talking().say(Add(BIG)).say(text=text)
    assert (talk.status, talk.slot) == ("asking", "total_spending.value")
    assert ready(SPENT).say(text=text).status == "ready"


def test_a_number_out_of_nowhere() -> None:
    talk = Talking().say(text="50000")
    assert (talk.status, "50000" in talk.texts) == ("idle", True)


def test_words_understood_by_nothing_are_named() -> None:
    talk = Talking().say(Unclear(("blorp",)))
    assert (talk.status, "blorp" in talk.texts) == ("declined", True)
    assert talk.question.slot == "scope.alternative"


def test_misunderstood_answers_end_in_an_offer_to_skip() -> None:
    talk = Talking().say(Add(BIG))
    for _ in range(2):
        talk.say(Unclear(("blorp",)))
    assert "skip" in talk.texts
    assert talk.question.options[-1].id == "skip"


def test_words_beside_what_was_understood_are_asked_about() -> None:
    talk = Talking().say(Add(SPENT), Unclear(("blorp",)))
    assert (talk.status, talk.slot) == ("asking", "unclear.words")
    assert "blorp" in talk.question.text
    assert talk.say(Add(WOMEN)).conditions == ["Total spending > 20,000", "Gender: Female"]
    assert talk.status == "ready"
    assert Talking().say(Add(SPENT), Unclear(("blorp",))).tap("skip").status == "ready"


def test_what_was_taken_for_background_is_quoted() -> None:
    talk = Talking().say(Add(SPENT), Aside(("the boxes go out on Friday",)))
    assert talk.status == "ready"
    assert "'the boxes go out on Friday' as background" in talk.texts
    assert Talking("th").say(Add(SPENT), Aside(("จะเอาไปเคลียร์เบอร์",))).status == "ready"
    assert Talking().say(Add(BIG), Aside(("blorp",))).slot == "total_spending.value"
    assert "background" not in Talking().say(Act("help"), Aside(("blorp",))).texts


def test_what_can_not_be_done_is_declined_with_stand_ins() -> None:
    talk = Talking().say(INSTAGRAM, Unclear(("frequently",)))
    assert (talk.status, talk.slot) == ("declined", "scope.alternative")
    assert "Instagram" in talk.texts
    assert talk.tap("1").slot == "engagement.channel"
    assert Talking().say(INSTAGRAM).say(Add(SPENT)).status == "ready"
    assert Talking().say(INSTAGRAM).tap("skip").status == "idle"


def test_the_rest_of_a_request_goes_ahead() -> None:
    talk = Talking().say(Add(WOMEN), INSTAGRAM)
    assert (talk.status, talk.conditions) == ("ready", ["Gender: Female"])
    assert "Instagram" in talk.texts


@pytest.mark.parametrize(
    "action", ["greet", "thanks", "help", "look", "segments", "export", "cancel"]
)
def test_small_talk_keeps_the_question(action: str) -> None:
    talk = Talking().say(Add(BIG)).say(Act(action))
    assert (talk.status, talk.slot) == ("asking", "total_spending.value")


def test_confirming_in_words() -> None:
    talk = ready(SPENT).say(Act("apply"))
    assert talk.status == "naming"
    assert ready(SPENT).say(Act("create", ("Spring",))).state.name == "Spring"
    assert Talking().say(Add(BIG)).say(Act("apply")).slot == "total_spending.value"
    assert Talking().say(Act("apply")).status == "idle"


def test_looking_at_the_plan_shows_it_and_says_nothing() -> None:
    talk = ready(SPENT).say(Act("look"))
    assert talk.status == "ready"
    assert [type(reply).__name__ for reply in talk.turn.replies] == ["PlanCard"]  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["  ", "x" * 101, "OLD 1"])
def test_names_that_can_not_be_used(name: str) -> None:
    talk = ready(SPENT).tap("apply").say(text=name)
    assert (talk.status, talk.slot) == ("naming", "segment.name")


def test_a_name_is_tidied_suggested_or_given_up() -> None:
    assert ready(SPENT).tap("apply").say(text="  VIP \n night ").state.name == "VIP night"
    talk = ready(SPENT).tap("apply")
    label = talk.question.options[0].label
    assert talk.tap("1").state.name == label
    assert ready(SPENT).tap("apply").tap("cancel").status == "ready"
    assert ready(SPENT).tap("apply").say(text="Cancel").status == "ready"
    assert ready(SPENT).tap("apply").say(Restart(), text="start over").status == "idle"


def test_confirming_twice_is_one_segment() -> None:
    talk = created().tap("apply")
    assert talk.turn is not None
    assert talk.turn.effects == ()
    assert isinstance(talk.turn.replies[-1], SegmentCard)
    assert talk.say(Act("apply")).turn.effects == ()  # type: ignore[union-attr]


def test_a_segment_under_way_can_be_cancelled() -> None:
    talk = created().tap("cancel")
    assert talk.turn is not None
    assert talk.turn.effects == (CancelSegment("new"),)
    assert (talk.status, talk.conditions) == ("ready", ["Total spending > 20,000"])


def test_after_a_segment_a_request_is_new_and_an_edit_is_not() -> None:
    assert created().say(Add(WOMEN)).conditions == ["Gender: Female"]
    talk = created().say(Change(Target(), number=7))
    assert (talk.status, talk.conditions) == ("ready", ["Total spending > 7"])
    assert talk.state.segment_id == ""


def test_a_failed_segment_keeps_its_plan() -> None:
    talk = created().event(Settled("new", "VIP night", "failed"))
    assert talk.status == "failed"
    assert talk.tap("apply").status == "naming"


def test_segments_left_out_are_two_at_most() -> None:
    talk = ready(SPENT).tap("exclude")
    assert (talk.status, talk.slot, talk.question.multiple) == ("asking", "segment.exclude", True)
    assert talk.tap("1", "2", "3").slot == "segment.exclude"
    talk.tap("1", "2")
    assert (talk.status, [e.segment_id for e in talk.state.exclude]) == ("ready", ["s0", "s1"])
    assert "Old 0" in talk.texts
    assert talk.tap("exclude").tap("1").slot == "segment.exclude"
    assert [e.segment_id for e in talk.tap("drop1").state.exclude] == ["s1"]
    assert (
        ready(SPENT).tap("exclude").say(text="leave out old 2 please").state.exclude[0].name
        == "Old 2"
    )
    assert ready(SPENT).tap("exclude").tap("skip").status == "ready"


def test_contradictions_are_pointed_out() -> None:
    low = Condition(field="order_count", op=Op.LT, number=2)
    assert "nobody" in ready(ORDERS, low).texts


def test_the_language_of_the_reading_is_answered_in() -> None:
    talk = Talking("zh-Hant").say(Add(SPENT))
    assert (talk.state.language, talk.conditions) == ("zh-Hant", ["總消費金額 > 20,000"])
