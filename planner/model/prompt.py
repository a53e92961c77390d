"""What a language model is told: the fields, the few values that fit, the plan, the last turns.

Never a contact, a note or an id. The sentences are files under `prompts/`, by version: whoever
changes one sees it in the snapshot of `tests/planner/model`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template
from typing import Any, Final

from planner import explain
from planner.catalogue import Catalogue
from planner.chat import Context
from planner.fields import EVENTS, FIELDS, Field, Kind
from planner.model.redact import Redacted, redact
from planner.model.retrieve import retrieved
from planner.model.wire import schema
from planner.plan import Condition, Node, Open, first_open, leaves
from planner.state import Conversation
from planner.windows import local_date

VERSION: Final = "v1"
"""The folder of the sentences; part of what identical requests are recognised by."""
MOST_BEFORE: Final = 3
"""Utterances of the same conversation that are told."""
_FAMILIES: Final = {
    Kind.TEXT: "values",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "yes/no",
    Kind.AGE: "number",
    Kind.BIRTHDAY: "day of the year",
    Kind.MOMENT: "window",
    Kind.METRIC: "number",
    Kind.LABEL: "values",
    Kind.KEYWORD: "keywords",
    Kind.REACHABLE: "values",
}

Message = Mapping[str, str]
"""A message with `role` and `content`, as chat completions take it."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request to a model."""

    messages: tuple[Message, ...]
    schema: Mapping[str, Any]
    """What the answer has to be like."""
    redacted: Redacted
    """What the person typed as the model sees it."""

    def spelled_out(self) -> tuple[Message, ...]:
        """The messages for a server that enforces no schema: it stands in the words."""
        system = self.messages[0]["content"]
        told = _file("schema.md").substitute(schema=_json(self.schema))
        return ({"role": "system", "content": f"{system}\n\n{told}"}, *self.messages[1:])

    def again(self, answer: str, faults: str) -> "Prompt":
        """The request once more, with what was wrong with an answer to it."""
        sentence = _file("again.md").substitute(faults=faults, schema=_json(self.schema))
        more = (
            {"role": "assistant", "content": answer[:4_000]},
            {"role": "user", "content": sentence},
        )
        return Prompt((*self.messages, *more), self.schema, self.redacted)


def prompt(
    text: str,
    state: Conversation,
    catalogue: Catalogue,
    context: Context,
    before: Sequence[str] = (),
) -> Prompt:
    """The request that asks what an utterance says; `before` are redacted earlier ones."""
    known = retrieved(text, catalogue)
    redacted = redact(text, _names(known, catalogue))
    asked = {
        "today": f"{local_date(context.now, context.zone):%A %Y-%m-%d}",
        "known": known,
        "columns": {name: _compared(field) for name, field in catalogue.attributes.items()},
        "plan": [_item(place, node) for place, node in enumerate(state.draft.items, 1)],
        "question": _question(state),
        "before": list(before[-MOST_BEFORE:]),
        "text": redacted.text,
    }
    told = {name: value for name, value in asked.items() if value or name == "text"}
    messages = (
        {"role": "system", "content": _system()},
        {"role": "user", "content": _json(told)},
    )
    return Prompt(messages, schema(catalogue), redacted)


def _names(known: Mapping[str, Iterable[str]], catalogue: Catalogue) -> Iterable[str]:
    for names in known.values():
        for name in names:
            yield from (name, *name.split())
    yield from catalogue.product_ids


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


@cache
def _file(name: str) -> Template:
    place = resources.files("planner.model") / "prompts" / VERSION / name
    return Template(place.read_text("utf-8").strip())


@cache
def _system() -> str:
    return _file("system.md").substitute(
        fields="\n".join(map(_described, FIELDS.values())),
        examples="\n\n".join(_examples()),
    )


def _examples() -> Iterable[str]:
    for example in json.loads(_file("examples.json").template):
        answer = example.pop("answer")
        yield f"{_json(example)}\n→ {_json(answer)}"


def _described(field: Field) -> str:
    return f"- {field.name} ({explain.field_name(field.name, 'en')}): {_compared(field)}"


def _compared(field: Field) -> str:
    """What a field is compared with, how, and what narrows it."""
    parts = [_FAMILIES[field.kind], "op " + " ".join(op.value for op in field.operators)]
    parts += [f"unit {field.unit}"] if field.unit else []
    parts += ["window"] if field.time and field.kind is not Kind.MOMENT else []
    parts += [f"narrowed by {', '.join(field.scope)}"] if field.scope else []
    if field.name == "engagement":
        parts += [f"{channel}: {', '.join(events)}" for channel, events in EVENTS.items()]
    return "; ".join(parts)


def _item(place: int, node: Node) -> dict[str, Any]:
    leaf = next(iter(leaves(node)), None)
    about = leaf.condition if isinstance(leaf, Open) else leaf
    told: dict[str, Any] = {"place": place}
    if isinstance(about, Condition):
        told["field"] = about.field
    open_point = isinstance(leaf, Open)
    says = redact(explain.explain(node, "en")).text
    return told | ({"open": says} if open_point else {"says": says})


def _question(state: Conversation) -> dict[str, Any] | None:
    pending = state.pending
    if pending is None:
        return None
    point = first_open(state.draft)
    about = point.phrase if point is not None and point.slot == pending.slot else ""
    return {
        "asks": pending.slot,
        "about": redact(about).text,
        "options": [{"id": o.id, "label": redact(o.label).text} for o in pending.options],
    }
