"""One form for all the ways to write the same text, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.understand.normalise import normalise


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("ＶＩＰ", "vip"),
        ("ﾒｰﾙ", "メール"),
        ("ﾊﾞｯｸﾞ", "バッグ"),
        ("don’t", "don't"),
        ("AI 預測", "ai預測"),
        ("two  words", "two words"),
        ("๓ ครั้ง", "3ครั้ง"),
        ("ทำ", "ทำ"),
        ("zero\u200bwidth", "zerowidth"),
        ("10～20", "10~20"),
        ("2026—06", "2026-06"),
    ],
)
def test_the_same_words_have_the_same_form(text: str, form: str) -> None:
    assert normalise(text).form == form


def test_a_quote_is_in_the_persons_own_letters() -> None:
    said = normalise("tagged  ＶＩＰ  please")
    start = said.form.index("vip")

    assert said.quote(start, start + 3) == "ＶＩＰ"


@given(st.text())
def test_every_character_of_the_form_comes_from_the_text(text: str) -> None:
    said = normalise(text)

    assert len(said.places) == len(said.form)
    assert list(said.places) == sorted(said.places)
    assert all(0 <= place < len(text) for place in said.places)


@given(st.text())
def test_a_form_is_its_own_form(text: str) -> None:
    form = normalise(text).form

    assert normalise(normalise(form).form).form == normalise(form).form
