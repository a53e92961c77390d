"""Whatever the vocabulary understands can be said by a model, too, and is taken for said."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.commands import Add, Reading
from planner.model.answer import Reader, read_answer
from planner.model.conditions import Faulty
from planner.model.reconcile import same
from planner.model.said import spoken
from planner.model.wire import AGO_RANGE
from planner.plan import AllOf, AnyOf, Condition, Node, Not, Open
from planner.revise import apply
from planner.state import Conversation
from planner.understand import read
from planner.window_inputs import inputs_of
from planner.windows import Ago, Window
from tests.planner.brand import BRAND, NOW

Json = dict[str, Any]
EMPTY = Conversation()
SENTENCES = Path(__file__).parent.parent / "sentences"
_PARTS = ("products", "categories", "campaigns", "channels", "events")
_KINDS = {"product": "products", "category": "categories", "campaign": "campaigns"}


def written(node: Node, text: str, **more: Any) -> Iterator[Json]:
    """A node as the commands of a model that has read it in the same way."""
    if isinstance(node, AllOf):
        for item in node.items:
            yield from written(item, text, **more)
    elif isinstance(node, AnyOf):
        for branch, item in enumerate(node.items, 1):
            yield from written(item, text, any_of=1, branch=branch)
    elif isinstance(node, Not):
        yield from written(node.item, text, negated=True, **more)
    elif isinstance(node, Open):
        yield _open(node, text) | more
    else:
        yield _condition(node, text) | more


def _open(node: Open, text: str) -> Json:
    kinds = [slot.rpartition(".")[2] for slot in (node.slot, *node.then)]
    told = _condition(node.condition, node.phrase or text) | {"ask": kinds}
    kind = node.slot.rpartition(".")[0]
    told[_KINDS.get(kind, "values")] = list(node.candidates)
    if not node.high and node.condition.op.value == "within":
        told["negated"] = True
    return told


def _condition(node: Condition, text: str) -> Json:
    scope = node.scope.model_dump(mode="json")
    told: Json = {part: scope[part] for part in _PARTS}
    if node.field == "engagement" and not node.scope.channels:
        told["channels"] = ["any"]
    return told | {
        "do": "add", "phrase": text, "field": node.field, "op": node.op.value,
        "number": node.number, "upper": node.upper, "values": node.texts,
        "source": node.scope.source or "any", **_window(node.window),
    }  # fmt: skip


def _window(window: Window | None) -> Json:
    told = inputs_of(window)
    if window is not None and isinstance(window.start, Ago) and isinstance(window.end, Ago):
        near = window.end.ago
        return {"window": AGO_RANGE, "window_number": window.start.ago, "window_to": near,
            "window_unit": window.start.unit}  # fmt: skip
    names = {"window_since": "since", "window_until": "until"}
    return {names.get(name, name): value for name, value in told.items()}


def _texts() -> list[str]:
    lines = [
        line
        for path in sorted(SENTENCES.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [line for line in lines if line and not line.startswith(("#", " ", "="))]


@pytest.mark.parametrize("alone", [True, False], ids=["by itself", "beside the vocabulary"])
def test_what_the_vocabulary_says_a_model_can_say(alone: bool) -> None:
    count, wrong = 0, list[str]()
    for text in _texts():
        own = read(text, EMPTY, BRAND, NOW)
        nodes = [c.node for c in own.commands if isinstance(c, Add)]
        if nodes and len(nodes) == len(own.commands):
            count += 1
            wire = {"commands": [said for node in nodes for said in written(node, text)]}
            beside = Reading("en") if alone else own
            wrong += [] if _agrees(text, beside, own, wire) else [text]

    assert count > 600
    assert len(wrong) <= count // (50 if alone else 100), wrong  # "annual" has no number in it


def _agrees(text: str, beside: Reading, own: Reading, wire: Json) -> bool:
    """Whether the model's plan is the vocabulary's, as it is or with what it left open asked."""
    reader = Reader(spoken(text, beside, EMPTY, BRAND, NOW), EMPTY, BRAND, NOW)
    try:
        model = reader.understood(read_answer(json.dumps(wire)))
    except Faulty:
        return False
    items = [
        apply(AllOf(), None, c, BRAND, NOW).draft.items for c in (own.commands, model.commands)
    ]
    return same(*items)
