"""What a model is told, word for word, and what it never is."""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from planner.catalogue import Catalogue, Value
from planner.chat import Said
from planner.dialog import step
from planner.fields import Kind, attribute
from planner.model.prompt import Prompt, prompt
from planner.model.redact import redact
from planner.model.retrieve import retrieved
from planner.model.wire import DO, schema
from planner.model.wire import Said as Wired
from planner.state import Conversation
from planner.understand import read
from tests.planner.brand import BRAND, NOW

HERE = Path(__file__).parent / "snapshots"


def after(*texts: str) -> Conversation:
    state = Conversation()
    for text in texts:
        reading = read(text, state, BRAND, NOW)
        state = step(state, Said(text), reading, BRAND, NOW).state
    return state


PROMPTS: dict[str, Prompt] = {
    "new": prompt("zorgy women in Tokyo, for a VIP night", Conversation(), BRAND, NOW),
    "plan": prompt(
        "把第一個改成3萬以上", after("women who spent over 20,000"), BRAND, NOW, ["women"]
    ),
    "question": prompt("ประมาณนั้นแหละ", after("high-spending customers in Bangkok"), BRAND, NOW),
}


def _written(asked: Prompt) -> str:
    parts = [f"## {each['role']}\n\n{each['content']}" for each in asked.messages]
    parts.append(f"## schema\n\n{json.dumps(asked.schema, indent=1)}")
    return "\n\n".join(parts) + "\n"


@pytest.mark.parametrize("name", PROMPTS)
def test_every_word_of_a_prompt_was_looked_at(name: str) -> None:
    """After a change on purpose: SNAPSHOTS=write pytest tests/planner/model, and read the diff."""
    path, text = HERE / f"{name}.md", _written(PROMPTS[name])
    if os.environ.get("SNAPSHOTS") == "write":
        path.write_text(text, encoding="utf-8")

    assert path.read_text(encoding="utf-8") == text


def _objects(node: Any) -> Any:
    if isinstance(node, dict):
        if node.get("type") == "object":
            yield node
        for value in node.values():
            yield from _objects(value)


def test_the_schema_is_within_what_strict_output_takes() -> None:
    made = schema(BRAND)
    text = json.dumps(made)

    jsonschema.Draft202012Validator.check_schema(made)
    assert [key for key in ("anyOf", "oneOf", "allOf", "$ref", "default") if key in text] == []
    for each in _objects(made):
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])


def test_the_schema_and_the_reader_know_the_same() -> None:
    command = schema(BRAND)["properties"]["commands"]["items"]["properties"]

    assert set(command) == set(Wired.model_fields)
    assert {"favorite_store", "loyalty_points", "total_spending"} <= set(command["field"]["enum"])
    assert command["do"]["enum"] == list(DO)


def test_of_thousands_of_tags_the_few_that_fit_are_told() -> None:
    tags = (*(Value(f"Batch {n}", 9_000 - n) for n in range(5_000)), Value("Coffee Lover", 1))
    many = Catalogue(version="many", values={"tag": tags})

    found = retrieved("喜歡咖啡的人", many)["tag"]

    assert found[0] == "Coffee Lover"
    assert len(found) <= 40


def test_values_that_look_like_a_persons_are_not_told() -> None:
    tags = tuple(map(Value, ("VIP", "C0001234", "a.lee@example.com", "x" * 200)))

    assert retrieved("tags", Catalogue(version="t", values={"tag": tags}))["tag"] == ("VIP",)


@pytest.mark.parametrize(
    "secret",
    [
        "C0001234", "cust-004711", "mina.k@example.co.jp", "0912-345-678", "09012345678",
        "+81 90-1234-5678", "U4af4980629123456789012345678abcd",
        "6f1f2a52-6d0c-4f43-9a0a-5b6f3f3d9f0e", "1234567890",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["why is {} in it", "客人{}為什麼在裡面", "{}", "ลูกค้า{}คือใคร"])
def test_ids_addresses_and_numbers_of_people_are_hidden(secret: str, around: str) -> None:
    text = around.format(secret)
    hidden = redact(text)

    assert secret not in hidden.text
    assert hidden.restored(hidden.text) == text


@pytest.mark.parametrize(
    "text",
    [
        "spent over 50,000 or 100000 in 2026", "NT$50000 since 2026-03-01", "TWD50000", "1.5k",
        "between 01-03-2026 and 30/06/2026", "SPF50 or 618 Festival, 10%", "5萬以上,3 หมื่น",
    ],
)  # fmt: skip
def test_amounts_dates_and_names_stay(text: str) -> None:
    assert redact(text).text == text


def test_a_products_own_id_stays() -> None:
    catalogue = Catalogue(version="p", product_ids={"SKU-20441": "Lipstick"})
    asked = prompt("bought SKU-20441, not C0001234", Conversation(), catalogue, NOW)

    assert "bought SKU-20441, not [id A]" in asked.messages[1]["content"]


def test_custom_columns_are_fields_too() -> None:
    catalogue = Catalogue(version="c", attributes={"pets": attribute("pets", Kind.NUMBER)})

    system, told = (m["content"] for m in prompt("x", Conversation(), catalogue, NOW).messages)

    assert json.loads(told)["columns"] == {"pets": "number; op = > >= < <= between"}
    assert "pets" not in system
