"""The wording files: the same sentences with the same placeholders in every language."""

import re
import string
from datetime import date

import pytest

from planner import wording
from planner.fields import BANDS, EVENTS, FIELDS, REACHABLE_CHANNELS
from planner.offers import STAND_INS
from planner.wording import LANGUAGES, messages, say


def placeholders(message: wording.Message) -> set[str]:
    texts = [message] if isinstance(message, str) else list(message.values())
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_sentences(language: str) -> None:
    english = {key: placeholders(message) for key, message in messages("en").items()}
    assert {key: placeholders(message) for key, message in messages(language).items()} == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_declared_thing_has_words(language: str) -> None:
    wanted = [f"{table}.{name}" for name in FIELDS for table in ("field", "noun")]
    wanted += [f"channel.{name}" for name in EVENTS]
    wanted += [f"event.{name}" for events in EVENTS.values() for name in events]
    wanted += [f"reachable.{name}" for name in REACHABLE_CHANNELS]
    wanted += [f"band.{name}" for name in BANDS]
    wanted += [f"alternative.{name}" for name in STAND_INS]
    assert [key for key in wanted if not wording.known(language, key)] == []


def test_languages_other_than_english_use_their_own_script() -> None:
    scripts = {
        "zh-Hant": "[\u4e00-\u9fff]",
        "ja": "[\u3040-\u30ff\u4e00-\u9fff]",
        "th": "[\u0e00-\u0e7f]",
    }
    for language, script in scripts.items():
        sentences = [m for m in messages(language).values() if isinstance(m, str) and len(m) > 24]
        assert sentences
        assert [text for text in sentences if not re.search(script, text)] == []


def test_plural_forms_follow_the_number() -> None:
    assert say("en", "span.day", n=1) == "1 day"
    assert say("en", "span.day", n=30) == "30 days"
    assert say("ja", "span.day", n=1) == "1日"


def test_numbers_dates_and_lists_are_written_as_the_language_writes_them() -> None:
    assert wording.number("en", 100_000) == "100,000"
    assert wording.number("th", 0.7) == "0.7"
    assert wording.day("zh-Hant", date(2026, 5, 31)) == "2026年5月31日"
    assert wording.month("ja", 7) == "7月"
    assert wording.either("en", ["a", "b", "c"]) == "a, b or c"
    assert wording.every("ja", ["a", "b"]) == "aとb"


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("zh-TW", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("zh-CN", "en"),
        ("ja", "ja"),
        ("th_TH", "th"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("", "en"),
    ],
)
def test_the_locale_of_a_messenger_gives_a_language(locale: str, language: str) -> None:
    assert wording.language_of(locale) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_four_prompts(language: str) -> None:
    assert len(set(wording.suggested_prompts(language))) == 4
