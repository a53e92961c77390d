"""Numbers as people write them."""

import pytest

from planner.understand.normalise import normalise
from planner.understand.numbers import numbers


def found(text: str) -> list[float]:
    return [number.value for number in numbers(normalise(text).form)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("50,000", 50_000),
        ("５０,０００", 50_000),
        ("1.5k", 1_500),
        ("2m", 2_000_000),
        ("3 thousand", 3_000),
        ("twenty-five", 25),
        ("two hundred and fifty", 250),
        ("a thousand", 1_000),
        ("10萬", 100_000),
        ("3.5萬", 35_000),
        ("一萬五", 15_000),
        ("兩萬五", 25_000),
        ("兩萬五千", 25_000),
        ("三百零五", 305),
        ("十二", 12),
        ("二十", 20),
        ("1億", 100_000_000),
        ("五万", 50_000),
        ("1万5千", 15_000),
        ("二〇二六", 2026),
        ("3 หมื่น", 30_000),
        ("หมื่นห้า", 15_000),
        ("สองพันห้าร้อย", 2_500),
        ("ยี่สิบเอ็ด", 21),
        ("๕๐,๐๐๐", 50_000),
        ("1.5 ล้าน", 1_500_000),
    ],
)
def test_a_number_has_one_value_however_it_is_written(text: str, value: float) -> None:
    assert found(text) == [value]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,000 to 2,000", [1_000, 2_000]),
        ("3-5", [3, 5]),
        ("30~45歲", [30, 45]),
        ("從五千到一萬", [5_000, 10_000]),
        ("2千円から3万円", [2_000, 30_000]),
    ],
)
def test_the_ends_of_a_range_are_two_numbers(text: str, values: list[float]) -> None:
    assert found(text) == values


@pytest.mark.parametrize("text", ["no digits here", "someone", "often", "weighty", "貓", "k"])
def test_parts_of_words_are_no_numbers(text: str) -> None:
    assert found(text) == []


def test_a_number_says_where_it_stands() -> None:
    form = normalise("over 1.5k, please").form
    number = next(numbers(form))

    assert form[number.start : number.end] == "1.5k"
