"""Every message that can be sent is one that LINE takes, in four languages, with long names."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.answer import Answer
from adapters.line.render.answers import Beside, messages
from adapters.line.render.labels import LABEL, cut, short_labels, units
from adapters.line.render.plans import Editable
from adapters.line.render.questions import question
from planner.chat import (
    ConditionView,
    FileReply,
    Option,
    PlanCard,
    PlanView,
    Question,
    Reply,
    SegmentCard,
    SegmentList,
    TextReply,
    Welcome,
)
from planner.plan import AllOf
from planner.wording import LANGUAGES, known, say, suggested_prompts
from tests.bot.line.description import faults, folder, nodes

LONG = {
    "en": "Customers who bought the Limited Edition Anniversary Gift Box Number ",
    "zh-Hant": "購買過週年慶限定禮盒且三個月內沒有任何互動的高消費會員分眾名單編號",
    "ja": "周年記念限定ギフトボックスを購入し三か月間反応のない高額購入会員のセグメント",
    "th": "ลูกค้าที่เคยซื้อกล่องของขวัญรุ่นครบรอบและไม่มีปฏิสัมพันธ์ในสามเดือนที่ผ่านมา ",
}
OPTIONS = ("yes", "no", "all", "skip", "cancel", "apply", "edit", "exclude", "restart", "save_as",
           "export", "recompute", "duplicate", "rename", "delete")  # fmt: skip
STATUSES = ("queued", "computing", "finished", "failed", "cancelled")


def check(made: list[dict[str, object]]) -> None:
    """By LINE's description and by the limits that it lacks."""
    assert faults("PushMessageRequest", {"to": "U1", "messages": made}) == []


def test_the_description_of_line_is_at_hand() -> None:
    if folder() is None:
        pytest.skip("no copy of LINE's description: messages are checked by their limits alone")
    made = [{"type": "text", "text": "a"}]
    assert faults("PushMessageRequest", {"to": "U1", "messages": made}) == []
    assert faults("PushMessageRequest", {"to": "U1", "messages": [{"type": "poem"}]}) != []
    assert faults("PushMessageRequest", {"to": "U1", "messages": made * 6}) != []


def names(language: str) -> tuple[str, ...]:
    long = LONG[language] * 6
    return ("a", long[:100], "👩‍👩‍👧‍👦" * 14, "กำ" * 50, "W" * 100, " " * 3 + "x", long[:300])


def option(key: str, language: str) -> Option:
    return Option(key, say(language, f"option.{key}"), reach=1_234_567)


def choices(language: str, count: int, name: str) -> tuple[Option, ...]:
    own = [Option(str(place), f"{name}{place}", reach=count - place) for place in range(count)]
    return (*own, option("all", language), option("skip", language))


def view(language: str, count: int, name: str) -> PlanView:
    conditions = tuple(
        ConditionView(f"c{place}", f"{name}{place}", AllOf(), 10**9 - place)
        for place in range(count)
    )
    reachable = {"line": 5, "push": 10**9, "sms": 0, "email": 1}
    return PlanView(conditions, AllOf(), reach=10**9, excluded=3, reachable=reachable)


def plan(language: str, name: str) -> PlanCard:
    keys = ("apply", "edit", "exclude", "restart", "save_as")
    title = say(language, "plan.title_excluding", names=f"{name}, {name}")
    editing = say(language, "plan.title_editing", name=name, title=title)
    return PlanCard(editing, tuple(option(key, language) for key in keys))


def cards(language: str, count: int, name: str) -> tuple[SegmentCard, ...]:
    return tuple(
        SegmentCard(
            f"{place:032x}", name, STATUSES[place % 5], name * 20, 10**9 if place else None,
            tuple(option(key, language) for key in OPTIONS),
        )
        for place in range(count)
    )  # fmt: skip


def replies(language: str, name: str) -> Iterator[tuple[Reply, ...]]:
    prompts = suggested_prompts(language)
    yield (Welcome(say(language, "welcome", prompts="\n".join(prompts)), "Hi", prompts),)
    yield (TextReply(name * 100),)
    yield (TextReply("a"), TextReply("b" * 4_999), FileReply("f", name, "f.csv", 7))
    for count in (0, 1, 2, 10, 11, 13, 14, 40):
        for multiple in (False, True):
            yield (Question("s", name, choices(language, count, name), multiple),)
    yield (Question("s", name, ()),)
    yield (plan(language, name),)
    for card in cards(language, 5, name):
        yield (card,)
    for count in (1, 2, 12, 13, 20):
        yield (SegmentList(cards(language, count, name)),)
    many = [TextReply(name), *cards(language, 1, name)] * 4
    yield (*many, Question("s", name, choices(language, 3, name)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_taken(language: str) -> None:
    for name in names(language):
        for found in replies(language, name):
            shown = Answer(language, "asking", found, view(language, 3, name), 12_345)
            check(messages(shown))
            check(messages(shown, Beside(before=(name,), after=(name,))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_with_links_is_taken(language: str) -> None:
    links = {"f.csv": "https://d.example/" + "x" * 900}
    for name in names(language):
        for found in replies(language, name):
            shown = Answer(language, "ready", found, view(language, 2, name), 7)
            check(messages(shown, Beside(links=links)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 6, 7, 12, 13, 24, 60])
def test_every_plan_is_taken_and_can_be_changed(language: str, count: int) -> None:
    for name in names(language):
        shown = Answer(
            language, "ready", (plan(language, name),), view(language, count, name * 3), 12_345
        )
        check(messages(shown))
        changing = [Editable(place, name * 3, timed=True) for place in range(count)]
        check(messages(shown, Beside(conditions=changing)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_and_tick_is_taken(language: str) -> None:
    for name in names(language):
        options = choices(language, 40, name)
        asked = Question("s", name, options, multiple=True)
        seen: set[str] = set()
        for page in range(5):
            made = question(asked, 7, language, page, frozenset({"0", "15"}))
            check([made])
            seen |= {
                node["action"]["data"].rpartition(":")[2]
                for node in nodes(made)
                if node.get("action", {}).get("data", "").startswith("t:")
            }
        assert seen == {str(place) for place in range(40)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_usual_buttons_need_no_cutting(language: str) -> None:
    words = [say(language, f"option.{key}") for key in OPTIONS]
    buttons = ("done", "more", "open", "download", *(f"prompt.{place}" for place in range(1, 5)))
    words += [say(language, f"line.{key}") for key in buttons]
    assert known(language, "line.prompt.4")
    assert [(word, units(word)) for word in words if units(word) > LABEL] == []


@pytest.mark.parametrize(
    ("texts", "labels"),
    [
        (
            ["No purchase for 90 days", "No purchase for 6 months", "No purchase for 1 year"],
            ("90 days", "6 months", "1 year"),
        ),
        (["Yes", "Over 100,000"], ("Yes", "Over 100,000")),
        (
            [f"過去の配信メールに{days}日間まったく反応なし" for days in (90, 180)],
            ("90日間まったく反応なし", "180日間まったく反応なし"),
        ),
        (
            ["Anniversary Gift Box Buyers 2025", "Anniversary Gift Box Buyers 2026"],
            ("2025", "2026"),
        ),
        (["Spring campaign clickers in Taipei"], ("Spring campai…Taipei",)),
        (["x" * 30, "x" * 30], ("1 xxxxxxxxxxx…xxxxxx", "2 xxxxxxxxxxx…xxxxxx")),
    ],
)  # fmt: skip
def test_short_labels_still_tell(texts: list[str], labels: tuple[str, ...]) -> None:
    assert short_labels(texts) == labels


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=13))
def test_labels_fit_and_differ(texts: list[str]) -> None:
    made = short_labels(texts)
    assert all(0 < units(label) <= LABEL for label in made)
    assert len(set(made)) == len(made)


@given(st.text(max_size=80), st.integers(2, 40))
def test_a_cut_text_is_no_longer_and_begins_as_it_did(text: str, most: int) -> None:
    made = cut(text, most)
    assert units(made) <= most
    assert made == text or text.startswith(made[:-1])
