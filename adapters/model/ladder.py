"""Ways to ask for an answer of a certain shape, from the strictest to the plainest.

A server that knows none of the first says so with an error, or lets the model write as it likes.
The rung that worked is remembered as long as the client lives: it has one server.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from planner.model.prompt import Prompt

NAME: Final = "commands"
Request = dict[str, Any]


def _json_schema(prompt: Prompt) -> Request:
    wanted = {"name": NAME, "strict": True, "schema": prompt.schema}
    return {
        "messages": prompt.messages,
        "response_format": {"type": "json_schema", "json_schema": wanted},
    }


def _json_object_of_schema(prompt: Prompt) -> Request:
    wanted = {"type": "json_object", "schema": prompt.schema}  # as llama.cpp's servers have it
    return {"messages": prompt.spelled_out(), "response_format": wanted}


def _json_object(prompt: Prompt) -> Request:
    return {"messages": prompt.spelled_out(), "response_format": {"type": "json_object"}}


def _tool(prompt: Prompt) -> Request:
    function = {"name": NAME, "strict": True, "parameters": prompt.schema}
    return {
        "messages": prompt.spelled_out(),
        "tools": [{"type": "function", "function": function}],
        "tool_choice": {"type": "function", "function": {"name": NAME}},
    }


def _words(prompt: Prompt) -> Request:
    return {"messages": prompt.spelled_out()}


_RUNGS: Final[tuple[Callable[[Prompt], Request], ...]] = (
    _json_schema,
    _json_object_of_schema,
    _json_object,
    _tool,
    _words,
)


@dataclass(slots=True)
class Ladder:
    """How one server is asked."""

    extras: dict[str, Any] = field(default_factory=dict)
    """Parameters that not every server takes."""
    rung: int = 0
    held: bool = False
    """Whether an answer came on this rung."""

    def request(self, prompt: Prompt) -> Request:
        """The request as this server takes it, without the model's name."""
        return {**_RUNGS[self.rung](prompt), **self.extras}

    def down(self) -> bool:
        """Ask in a plainer way from now on; False, and from the top again, where none is left."""
        self.held = False
        self.rung = (self.rung + 1) % len(_RUNGS)
        return self.rung != 0

    def without(self, fault: Mapping[str, Any], text: str) -> bool:
        """Leave out the parameter that the server complains of; False if it is none of ours."""
        name = str(fault.get("param") or "")
        name = name if name in self.extras else next((n for n in self.extras if n in text), "")
        if not name:
            return False
        value = self.extras.pop(name)
        if name == "max_tokens":
            self.extras["max_completion_tokens"] = value
        return True
