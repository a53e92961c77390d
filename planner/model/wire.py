"""The shape in which a model answers: flat, without unions, the same for every server."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from planner.catalogue import Catalogue
from planner.fields import EVENTS, FIELDS, Op
from planner.offers import STAND_INS
from planner.window_inputs import KINDS, UNITS

DO = (
    "add", "or", "change", "remove", "negate", "restart", "undo", "answer", "act",
    "out_of_scope", "unclear",
)  # fmt: skip
ASK = ("value", "window", "choice", "channel", "event")
ACTS = ("help", "greet", "thanks", "edit")
"""What a model may say of the conversation itself. It can't confirm a plan: people do."""
AGO_RANGE = "ago_range"
"""The window between two lengths of time ago, which no form has."""
MOST_COMMANDS = 24
_MOST_TEXTS = 50
_Texts = Field(default=(), max_length=_MOST_TEXTS)


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Said(_Wire):
    """One command, as flat as it can be; what does not apply is left empty."""

    do: str
    phrase: str = ""
    """The person's own words for it."""
    field: str = ""
    op: str = ""
    number: float | None = None
    upper: float | None = None
    values: tuple[str, ...] = _Texts
    products: tuple[str, ...] = _Texts
    categories: tuple[str, ...] = _Texts
    campaigns: tuple[str, ...] = _Texts
    channels: tuple[str, ...] = _Texts
    events: tuple[str, ...] = _Texts
    source: str = "any"
    window: str = "any"
    window_number: int | None = None
    window_to: int | None = None
    """For a range of times ago: the nearer end."""
    window_unit: str = "day"
    since: str = ""
    until: str = ""
    negated: bool = False
    ask: tuple[Literal["value", "window", "choice", "channel", "event"], ...] = Field(
        default=(), max_length=3
    )
    """What is still open, in the order to ask it."""
    any_of: int = 0
    """Conditions of the same number other than 0 are alternatives."""
    branch: int = 0
    """Among alternatives: those of the same number belong together."""
    target: int = 0
    """The condition meant, by its place in the plan from 1; 0: the one last touched."""
    choice: str = ""
    """An option's id, an act, or nothing."""
    stand_ins: tuple[str, ...] = Field(default=(), max_length=4)


class Wire(_Wire):
    """A whole answer."""

    commands: tuple[Said, ...] = Field(max_length=MOST_COMMANDS)
    ignored: tuple[str, ...] = _Texts
    """Words that carry no condition: politeness, what the list is for."""


def schema(catalogue: Catalogue) -> dict[str, Any]:
    """The answer's JSON schema, within what strict structured output takes."""
    command = _object(
        {
            "do": _one(DO),
            "phrase": {"type": "string"},
            "field": _one(("", *FIELDS, *catalogue.attributes)),
            "op": _one(("", *Op)),
            "number": _maybe("number"),
            "upper": _maybe("number"),
            "values": _TEXTS,
            "products": _TEXTS,
            "categories": _TEXTS,
            "campaigns": _TEXTS,
            "channels": _many(("any", *EVENTS)),
            "events": _many(dict.fromkeys(e for events in EVENTS.values() for e in events)),
            "source": _one(("any", "maac", "caac")),
            "window": _one((*KINDS, AGO_RANGE)),
            "window_number": _maybe("integer"),
            "window_to": _maybe("integer"),
            "window_unit": _one(UNITS),
            "since": {"type": "string"},
            "until": {"type": "string"},
            "negated": {"type": "boolean"},
            "ask": _many(ASK),
            "any_of": {"type": "integer"},
            "branch": {"type": "integer"},
            "target": {"type": "integer"},
            "choice": {"type": "string"},
            "stand_ins": _many(STAND_INS),
        }
    )
    return _object({"commands": {"type": "array", "items": command}, "ignored": _TEXTS})


_TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}


def _one(names: Any) -> dict[str, Any]:
    return {"type": "string", "enum": list(map(str, names))}


def _many(names: Any) -> dict[str, Any]:
    return {"type": "array", "items": _one(names)}


def _maybe(kind: str) -> dict[str, Any]:
    return {"type": [kind, "null"]}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
