"""The forms of Japanese verbs, and words in either kana."""

import pytest

from planner.understand.japanese import conjugated, in_hiragana, in_katakana


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("買う", "買う 買った 買って 買っ 買わ 買い"),
        ("届く", "届く 届いた 届いて 届い 届か 届き"),
        ("行く", "行く 行った 行って 行っ 行か 行き"),
        ("読む", "読む 読んだ 読んで 読ん 読ま 読み"),
        ("出す", "出す 出した 出して 出し 出さ"),
        ("送る", "送る 送った 送って 送っ 送ら 送り"),
        ("受け取れる", "受け取れる 受け取れた 受け取れて 受け取れ"),
        ("見る", "見る 見た 見て 見まし 見ます 見ませ"),
    ],
)
def test_a_verb_in_all_its_forms(verb: str, forms: str) -> None:
    assert set(conjugated(verb)) == set(forms.split())


@pytest.mark.parametrize(
    ("text", "twins"),
    [
        ("クーポン", {"クーポン", "くーぽん"}),
        ("わんこ", {"わんこ"}),
        ("ママ", {"ママ"}),
        ("買い物カゴ", {"買い物カゴ"}),
    ],
)
def test_a_katakana_word_in_hiragana(text: str, twins: set[str]) -> None:
    assert set(in_hiragana(text)) == twins


@pytest.mark.parametrize(
    ("text", "twins"),
    [("わんこ", {"わんこ", "ワンコ"}), ("ラーメン", {"ラーメン"}), ("犬", {"犬"})],
)
def test_a_hiragana_word_in_katakana(text: str, twins: set[str]) -> None:
    assert set(in_katakana(text)) == twins
