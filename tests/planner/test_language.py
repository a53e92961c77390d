"""Which language is answered in."""

import pytest

from planner.state import Conversation

from .conftest import Understands


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("customers in Taipei", "en"),
        ("最近買過的客人", "zh-Hant"),
        ("購入した人", "ja"),
        ("女性のみ", "ja"),
        ("ลูกค้าที่ซื้อบ่อย", "th"),
        ("VIP客人", "zh-Hant"),
        ("有Cat Lover標籤的人", "zh-Hant"),
        ("ลูกค้า VIP ใน Bangkok", "th"),
        ("people who are tagged with 猫 or who bought", "en"),
        ("단골 고객", "en"),
        ("clientes que compraron", "en"),
        ("沒有互動的人、の", "zh-Hant"),
    ],
)
def test_the_answer_is_in_the_language_of_the_text(
    understands: Understands, text: str, language: str
) -> None:
    assert understands(text).language == language


@pytest.mark.parametrize("language", ["zh-Hant", "ja", "th"])
@pytest.mark.parametrize("text", ["1", "ok", "5000", "VIP", "Cat Lover", "2024-01-01", "!"])
def test_a_text_too_short_to_tell_keeps_the_language(
    understands: Understands, language: str, text: str
) -> None:
    assert understands(text, Conversation(language=language)).language == language


def test_a_whole_sentence_changes_the_language(understands: Understands) -> None:
    japanese = Conversation(language="ja")

    assert understands("women who bought in the last month", japanese).language == "en"
    assert understands("大阪の人", Conversation(language="zh-Hant")).language == "ja"


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh-TW", "zh-Hant"), ("ja", "ja"), ("th_TH", "th"), ("fr", "en"), ("", "en")],
)
def test_the_messengers_language_decides_where_the_text_does_not(
    understands: Understands, locale: str, language: str
) -> None:
    assert understands("7", locale=locale).language == language
