"""How Japanese words vary: the forms of a verb, and either kana.

A verb's forms are what small words may follow: 届く, 届い, 届いた, 届き, 届か.
"""

from collections.abc import Iterator, Mapping

_STEMS = {
    "う": "わい", "く": "かき", "ぐ": "がぎ", "す": "さし", "つ": "たち", "ぬ": "なに",
    "ぶ": "ばび", "む": "まみ", "る": "らり",
}  # fmt: skip
_SOUNDS = {
    "う": ("っ", "た"), "つ": ("っ", "た"), "る": ("っ", "た"), "く": ("い", "た"),
    "ぐ": ("い", "だ"), "す": ("し", "た"), "ぬ": ("ん", "だ"), "ぶ": ("ん", "だ"),
    "む": ("ん", "だ"),
}  # fmt: skip
_KATAKANA = {chr(code): chr(code - 0x60) for code in range(0x30A1, 0x30F7)}
_HIRAGANA = {other: char for char, other in _KATAKANA.items()}
_FROM_KATAKANA = str.maketrans(_KATAKANA), frozenset("ー").union(_KATAKANA)
_FROM_HIRAGANA = str.maketrans(_HIRAGANA), frozenset("ー").union(_HIRAGANA)
_IE = set("いきぎしじちぢにひびぴみりえけげせぜてでねへべぺめれ")
_SHORT = ("見る", "出る", "寝る", "着る", "得る")
"""Verbs of one step whose stem shows no kana."""
_SHORTEST = 3
"""Kana of a word that is looked for in the other kana, too."""
_FORMAL = ("まし", "ます", "ませ")


def conjugated(verb: str) -> Iterator[str]:
    """The stems of a verb in its dictionary form, and what ends a clause.

    A stem of a single letter stands in too many other words and comes with its ending alone.
    """
    if verb.endswith("行く"):
        yield from (verb[:-1] + end for end in ("く", "か", "き", "っ", "った", "って"))
    elif verb.endswith(_SHORT) or (verb[-1] == "る" and verb[-2] in _IE):
        yield from _one_step(verb[:-1])
    else:
        yield from _five_steps(verb[:-1], verb[-1])


def _one_step(stem: str) -> Iterator[str]:
    yield from (stem + end for end in ("る", "た", "て"))
    if len(stem) > 1:
        yield stem
    else:
        yield from (stem + end for end in _FORMAL)


def _five_steps(stem: str, last: str) -> Iterator[str]:
    sound, past = _SOUNDS[last]
    te = "て" if past == "た" else "で"
    yield from (stem + last, stem + sound + past, stem + sound + te, stem + sound)
    yield from (stem + end for end in _STEMS[last])


def in_hiragana(text: str) -> tuple[str, ...]:
    """A katakana word in hiragana as well, クーポン and くーぽん; any other text as it is."""
    return _also_in(text, *_FROM_KATAKANA)


def in_katakana(text: str) -> tuple[str, ...]:
    """A hiragana word in katakana as well, わんこ and ワンコ; any other text as it is."""
    return _also_in(text, *_FROM_HIRAGANA)


def _also_in(text: str, table: Mapping[int, str], letters: frozenset[str]) -> tuple[str, ...]:
    if len(text) >= _SHORTEST and letters.issuperset(text):
        return text, text.translate(table)
    return (text,)
