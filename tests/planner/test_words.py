"""The word files are whole, and the check finds what is wrong in them."""

from typing import Any

import pytest

from planner.understand import lint
from planner.understand.vocabulary import LANGUAGES, broader, concepts, expand, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_languages_words_have_no_fault(language: str) -> None:
    assert lint.faults({language: words(language)}) == []


def file(
    forms: dict[str, list[str]] | None = None, **tables: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """A language with an empty list for all that is not given."""
    return {
        "xx": {
            "forms": {name: [] for name in concepts()} | (forms or {}),
            "topics": {name: [] for name in broader()} | tables.pop("topics", {}),
            **tables,
        }
    }


def test_a_file_without_a_fault_has_none() -> None:
    assert lint.faults(file({"buy": ["bou(ght|t) [it]"], "not": ["no"]})) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (file({"shopping": ["shop"]}), '"shopping" in [forms] is not in concepts.toml'),
        (file(remarks={"lead": "we"}), "[remarks] lacks sign"),
        (file(remarks={"lead": "we"}), "[remarks] lacks asks"),
        (file(remarks={"leed": "we"}), '"leed" in [remarks] is used by nothing'),
        (file(remarks={"lead": "(we"}), "is no regular expression"),
        (file(remarks={"lead": "{us}"}), "needs 'us', which is not there"),
        (file(remarks={"lead": "{us}", "us": "{lead}"}), '"us" in [remarks] is a piece of itself'),
        (file({"buy": ["(bought|got"]}), "bracket"),
        (file({"buy": ["bought)"]}), "bracket"),
        (file({"buy": ["(bought]"]}), "bracket"),
        (file({"buy": ["bought|got"]}), "outside of brackets"),
        (file({"buy": ["bought?"]}), "? or *"),
        (file({"buy": ["b*"]}), "? or *"),
        (file({"buy": [""]}), "says nothing"),
        (file({"buy": ["(a|b|c|d|e|f|g)" * 4]}), "2,401 texts"),
        (file({"buy": ["bought", "ordered", "bought"]}), '"bought" already'),
        (file({"buy": ["(bought|ordered)", "ordered"]}), '"(bought|ordered)" already'),
        (file({"buy": ["did not buy"], "not": ["did not"]}), "a word for not"),
        (file({"loyal": ["golden"], "lapsed": ["golden"]}), "only one of them"),
        (file({"gt": ["over"], "lt": ["over"]}), "only one of them"),
        (file({"oos_web": ["email"]}), "under email in some language"),
        (file(topics={"unicorn": ["unicorn"]}), '"unicorn" in [topics] is not in topics.toml'),
        (file(places={"Taipeh": ["taipeh"]}), '"Taipeh" in [places]'),
        (file(months={"smarch": 13}), '"smarch" in [months] is 13'),
        (file(form={"buy": ["bought"]}), "[form] is none of"),
        ({"xx": {"manage": {"shew": ["show"]}}}, '"shew" in [manage] is none of noun, many'),
        ({"xx": {"manage": {"show": ["(a|b"]}}}, '"(a|b" under show in [manage] has a bracket'),
        ({"xx": {"forms": {}, "topics": {}}}, "[forms] has no entry for fill, request"),
    ],
)
def test_each_fault_is_named(content: dict[str, dict[str, Any]], told: str) -> None:
    faults = lint.faults(content)

    assert faults
    assert all(fault.startswith("xx.toml: ") for fault in faults)
    assert any(told in fault for fault in faults), faults


def test_a_language_without_its_expressions_is_named() -> None:
    faults = lint.faults({"ja": file(remarks={"ours": "x"})["xx"]})

    assert "ja.toml: [remarks] lacks reason" in faults


def test_what_the_words_around_decide_is_no_fault() -> None:
    assert lint.faults(file({"fill": ["at least"], "ge": ["at least"], "ge_after": ["max"]})) == []
    assert lint.faults(file({"undelivered": ["not delivered"], "not": ["not"]})) == []


@pytest.mark.parametrize("form", ["(a|b) c", "[a] b", "(a|(b|c)) d", "x [(a|b)]", "a", "a-b"])
def test_the_count_is_the_number_of_texts(form: str) -> None:
    hyphens = 3 if "-" in form else 1

    assert len(expand(form)) == lint.count(form) * hyphens


def test_broader_topics_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint, "broader", lambda: {"cat": ("pets",)})

    assert lint.faults({})[:1] == [
        'topics.toml: "cat" names the broader topic "pets", which is not there'
    ]


def test_the_check_as_a_program_prints_and_counts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lint, "faults", lambda: ["one", "two"])
    assert lint.main() == 1
    assert capsys.readouterr().out == "one\ntwo\n"

    monkeypatch.setattr(lint, "faults", list)
    assert lint.main() == 0
