"""Commands applied to a plan: what it is then, and what is said about it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from planner.catalogue import Catalogue
from planner.chat import Context
from planner.commands import Add, Change, Command, Negate, Remove, Target
from planner.contradictions import contradictions
from planner.fields import Op
from planner.plan import AllOf, AnyOf, Condition, Node, Not, Open, Scope
from planner.revise import Revision, apply
from planner.windows import Window

CONTEXT = Context(datetime.fromisoformat("2026-06-30T04:00:00+00:00"), ZoneInfo("Asia/Taipei"))
SPENT = Condition(field="total_spending", op=Op.GT, number=20_000, window=Window.last(90))
ORDERS = Condition(field="order_count", op=Op.GE, number=3)
TAGS = Condition(field="tag", op=Op.ANY_OF, texts=("Cat Lover", "VIP"))
TAIPEI = Condition(field="city", op=Op.ANY_OF, texts=("Taipei",))
TOKYO = Condition(field="city", op=Op.ANY_OF, texts=("Tokyo",))
CLICKED = Condition(field="engagement", op=Op.GE, number=1, scope=Scope(events=("click",)))
VAGUE = Open(
    slot="total_spending.value", phrase="big", condition=Condition(field="total_spending", op=Op.GT)
)


def revised(items: tuple[Node, ...], *commands: Command, touched: int | None = None) -> Revision:
    return apply(AllOf(items=items), touched, commands, Catalogue(), CONTEXT)


def test_adding_appends_and_doubles_nothing() -> None:
    result = revised((SPENT,), Add(ORDERS), Add(SPENT))
    assert result.draft.items == (SPENT, ORDERS)
    assert [note.key for note in result.changes] == ["changed.added", "changed.same"]
    assert result.touched == 2


def test_what_must_all_hold_is_one_flat_list() -> None:
    assert revised((), Add(AllOf(items=(SPENT, AllOf(items=(TAGS,)))))).draft.items == (SPENT, TAGS)


def test_a_new_value_for_the_same_thing_replaces_the_old_one() -> None:
    more = ORDERS.model_copy(update={"number": 10})
    result = revised((ORDERS, TAGS), Add(more))
    assert result.draft.items == (more, TAGS)
    assert result.changes[0].key == "changed.replaced"
    assert revised((TAIPEI,), Add(TOKYO)).draft.items == (TOKYO,)


def test_two_ends_of_a_range_both_hold() -> None:
    most = Condition(field="order_count", op=Op.LE, number=9)
    assert revised((ORDERS,), Add(most)).draft.items == (ORDERS, most)
    assert (
        revised((), Add(ORDERS), Add(ORDERS.model_copy(update={"number": 5}))).draft.items[0]
        == ORDERS
    )


def test_an_alternative_joins_the_condition_last_touched() -> None:
    assert revised((SPENT, TAGS), Add(ORDERS, either=True), touched=1).draft.items == (
        AnyOf(items=(SPENT, ORDERS)),
        TAGS,
    )
    both = TAIPEI.model_copy(update={"texts": ("Taipei", "Tokyo")})
    assert revised((TAIPEI,), Add(TOKYO, either=True)).draft.items == (both,)


def test_an_explicit_size_settles_the_vague_one() -> None:
    sure = Condition(field="total_spending", op=Op.GE, number=5)
    assert revised((VAGUE,), Add(sure)).draft.items == (sure,)


def test_a_number_alone_changes_what_was_touched_last() -> None:
    result = revised((SPENT, ORDERS), Change(Target(), number=50_000), touched=1)
    assert result.draft.items == (SPENT.model_copy(update={"number": 50_000}), ORDERS)
    assert revised((SPENT, TAGS), Change(Target(), number=7), touched=2).draft.items[0] == (
        SPENT.model_copy(update={"number": 7})
    )


def test_a_window_alone_goes_to_the_only_condition_with_one() -> None:
    result = revised((SPENT, ORDERS), Change(Target(), window=Window.last(60)), touched=2)
    assert result.draft.items[0] == SPENT.model_copy(update={"window": Window.last(60)})


def test_a_new_window_keeps_its_direction() -> None:
    lapsed = Condition(field="last_purchase", op=Op.WITHIN, window=Window.before(90))
    result = revised((lapsed,), Change(Target(), window=Window.last(1, "year")))
    assert result.draft.items[0] == lapsed.model_copy(update={"window": Window.before(1, "year")})


def test_conditions_are_found_by_place_field_and_value() -> None:
    plan = (SPENT, ORDERS, TAGS)
    assert revised(plan, Remove(Target(index=-1))).draft.items == (SPENT, ORDERS)
    assert revised(plan, Remove(Target(field="order_count"))).draft.items == (SPENT, TAGS)
    one_tag = TAGS.model_copy(update={"texts": ("Cat Lover",)})
    assert revised(plan, Remove(Target(texts=("vip",)))).draft.items == (SPENT, ORDERS, one_tag)


def test_places_count_from_either_end() -> None:
    both = (SPENT, TAGS)
    for index, rest in ((1, (TAGS,)), (-2, (TAGS,)), (2, (SPENT,)), (0, both), (-3, both)):
        assert revised((SPENT, TAGS), Remove(Target(index=index))).draft.items == rest


def test_a_value_goes_and_the_rest_of_its_condition_stays() -> None:
    one_tag = TAGS.model_copy(update={"texts": ("VIP",)})
    gone = Remove(Target(index=2, texts=("cat lover",)))
    assert revised((SPENT, TAGS), gone).draft.items == (SPENT, one_tag)


def test_one_alternative_can_go() -> None:
    group = AnyOf(items=(SPENT, TAIPEI))
    assert revised((group,), Remove(Target(field="city"))).draft.items == (SPENT,)


def test_what_is_meant_by_nothing_changes_nothing() -> None:
    for command in (
        Remove(Target(index=9)),
        Negate(Target(field="age")),
        Change(Target(), number=1),
    ):
        result = revised((TAIPEI, TAGS), command)
        assert result.draft.items == (TAIPEI, TAGS)
        assert result.problems


def test_the_other_way_round_and_back() -> None:
    once = revised((SPENT, TAIPEI), Negate(Target(field="city")))
    assert once.draft.items == (SPENT, Not(item=TAIPEI))
    assert revised(once.draft.items, Negate(Target(field="city"))).draft.items == (SPENT, TAIPEI)


def test_messages_can_not_be_asked_for_further_back() -> None:
    result = revised((CLICKED,), Change(Target(), window=Window.last(1, "year")))
    assert result.draft.items == (CLICKED,)
    assert result.problems[0].key == "input.lookback"
    assert result.problems[0].values == {"limit": 90}


def test_contradictions_are_seen() -> None:
    few = Condition(field="order_count", op=Op.LT, number=3)
    never = Condition(field="joined_at", op=Op.WITHIN, window=Window.period("year", 1))
    for items in ((ORDERS, few), (TAIPEI, TOKYO), (never,)):
        assert contradictions(AllOf(items=items), Catalogue(), CONTEXT)
    for items in ((SPENT, ORDERS), (TAIPEI, TAIPEI), (TAGS,)):
        assert not contradictions(AllOf(items=items), Catalogue(), CONTEXT)
