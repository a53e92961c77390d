"""Each phrase of the bank means what stands there, alone and joined to others."""

import itertools
import random

import pytest

from tests.planner.composing import LANGUAGES, Phrase, alone, bank, composed, is_right, reading

SAMPLE = 250
"""Composed sentences of a language; `python -m bench.phrases` reads many more."""
MOST_WRONG = {"en": 0.02, "ja": 0.02, "zh-Hant": 0.02}
"""What share may be wrong of them: what has been reached, so that it isn't lost again."""


@pytest.mark.parametrize(
    ("language", "phrase"), [(each, phrase) for each in LANGUAGES for phrase in bank(each)]
)
def test_a_phrase_means_what_the_bank_says(language: str, phrase: Phrase) -> None:
    assert reading(alone(phrase, language)) == list(phrase.meant)


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_put_together_mean_what_each_means(language: str) -> None:
    said = list(itertools.islice(composed(language, random.Random(1)), SAMPLE))

    wrong = [each.said for each in said if not is_right(each, language)]
    assert len(wrong) <= MOST_WRONG.get(language, 0.4) * SAMPLE, wrong
