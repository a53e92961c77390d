"""`divisi bench`: cases held with the vocabulary, with a model, and with a model in files."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.conftest import divisi
from tests.scripted_model import ScriptedModel, commands, completion

WOMEN = {"do": "add", "phrase": "women", "field": "gender", "op": "any_of", "values": ["female"]}
MEN = {"do": "add", "phrase": "blokes", "field": "gender", "op": "any_of", "values": ["male"]}
GOLD = "select contact_id from contacts where gender = "
CASES: list[dict[str, Any]] = [
    {"id": "a/1", "lang": "en", "level": "explicit", "turns": ["women"], "gold": f"{GOLD}'female'"},
    {"id": "b", "lang": "en", "level": "odd", "turns": ["blokes quoxically"],
        "gold": f"{GOLD}'male'"},
    {"id": "c", "lang": "en", "level": "scope", "turns": ["who follows us on Instagram"],
        "declined": True, "mentions": ["Instagram"]},
]  # fmt: skip


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    folder.mkdir()
    lines = "".join(json.dumps(case) + "\n" for case in CASES)
    (folder / "some.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    with ScriptedModel() as model:
        yield model


def total(text: str) -> list[str]:
    return next(line for line in text.splitlines() if line.startswith("all ")).split()


def test_the_vocabulary_alone(tmp_path: Path, cases: Path, data: Path) -> None:
    done = divisi(tmp_path, "bench", "run", str(cases), "--data", str(data), "--failed")

    assert done.returncode == 0, done.stderr
    assert total(done.stdout)[2:5] == ["3", "2", "67%"]
    assert "blokes quoxically" in done.stdout


def test_prompts_go_to_files_and_answers_come_from_files(
    tmp_path: Path, cases: Path, data: Path
) -> None:
    out, answers = tmp_path / "out", tmp_path / "answers"
    common = ("bench", "prompts", str(cases), "--data", str(data), "--planner", "auto")
    asked = divisi(tmp_path, *common, "--out", str(out))

    assert "1 of 3 cases wait" in asked.stdout, asked.stderr
    (prompt,) = out.iterdir()
    told = json.loads(prompt.read_text(encoding="utf-8"))
    assert json.loads(told["messages"][1]["content"])["text"] == "blokes quoxically"
    assert "commands" in told["schema"]["properties"]
    answers.mkdir()
    (answers / prompt.name).write_text(commands(MEN, ignored=["quoxically"]), encoding="utf-8")
    done = divisi(tmp_path, *common, "--answers", str(answers), "--price", "1000,1000")
    assert total(done.stdout)[2:5] == ["3", "3", "100%"], done.stdout + done.stderr
    assert total(done.stdout)[-4] == "1"
    assert float(total(done.stdout)[-1]) > 0


def test_an_answer_counts_for_its_own_prompt_alone(tmp_path: Path, cases: Path, data: Path) -> None:
    answers = tmp_path / "answers"
    answers.mkdir()
    (answers / "b.1.00000000.json").write_text(commands(MEN), encoding="utf-8")
    done = divisi(
        tmp_path, "bench", "prompts", str(cases), "--data", str(data), "--only", "b",
        "--answers", str(answers),
    )  # fmt: skip

    assert "1 of 1 cases wait" in done.stdout, done.stderr


def test_a_model_at_an_address(
    tmp_path: Path, cases: Path, data: Path, server: ScriptedModel
) -> None:
    def answer(request: dict[str, Any]) -> Any:
        text = json.loads(request["messages"][1]["content"])["text"]
        beyond = {"do": "out_of_scope", "phrase": text}
        said = {"women": (WOMEN,), "blokes quoxically": (MEN,)}.get(text, (beyond,))
        return completion(commands(*said, ignored=["quoxically"] if MEN in said else []))

    server.script = [answer]
    done = divisi(
        tmp_path, "bench", "run", str(cases), "--data", str(data), "--planner", "always",
        "--price", "1,10", "--at-once", "3", OPENAI_BASE_URL=server.url,
    )  # fmt: skip

    figures = total(done.stdout)
    assert figures[2:5] == ["3", "3", "100%"], done.stdout + done.stderr
    assert figures[-4:] == ["3", "0.3", "0.1", "0.0009"]
    assert "3 understood" in done.stdout


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["run", "{cases}", "--planner", "always"], "There is no language model to measure"),
        (["run", "{cases}/nothing.jsonl"], "can't be read"),
        (["run", "{empty}"], "There are no cases there"),
        (["prompts", "{cases}"], "Say where"),
        (["prompts", "{cases}", "--answers", "{cases}/none"], "There is no folder"),
        (["run", "{cases}", "--price", "cheap"], "--price is two numbers"),
    ],
)
def test_what_is_missing_is_named(
    options: list[str], sentence: str, tmp_path: Path, cases: Path, data: Path
) -> None:
    (tmp_path / "empty").mkdir()
    filled = [part.format(cases=cases, empty=tmp_path / "empty") for part in options]
    done = divisi(tmp_path, "bench", *filled, "--data", str(data))

    assert (done.returncode, done.stdout) == (1, "")
    assert sentence in done.stderr


def test_a_line_that_is_no_case_is_named(tmp_path: Path, data: Path) -> None:
    place = tmp_path / "cases.jsonl"
    place.write_text('{"id": "x", "lang": "en", "level": "odd", "turns": ["a"]}\n')
    done = divisi(tmp_path, "bench", "run", str(place), "--data", str(data))

    assert 'cases.jsonl:1 is no case: it needs "gold"' in done.stderr
    shutil.rmtree(tmp_path, ignore_errors=True)
