"""Which utterances a model is asked about at all."""

from collections.abc import Sequence
from typing import Literal

from planner.commands import Add, Command, Manage, Reading, Unclear
from planner.dialog import MAX_TEXT
from planner.plan import Open, leaves
from planner.state import Conversation

Mode = Literal["auto", "always", "never"]
"""auto: only where the built-in planner did not understand the whole."""


def is_asked(mode: Mode, text: str, reading: Reading, state: Conversation) -> bool:
    """Whether a model is to read the text too, given the built-in planner's reading."""
    if mode == "never" or not _readable(text) or is_elsewhere(reading.commands, state):
        return False
    return mode == "always" or not covered(reading.commands)


def covered(commands: Sequence[Command]) -> bool:
    """Whether the vocabulary understood the whole of an utterance."""
    return bool(commands) and not any(map(_in_doubt, commands))


def _in_doubt(command: Command) -> bool:
    if isinstance(command, Add):
        return any(isinstance(leaf, Open) and _fits_nothing(leaf) for leaf in leaves(command.node))
    return isinstance(command, Unclear)


def _fits_nothing(point: Open) -> bool:
    """Whether something is described that no known value is near to."""
    return point.slot.endswith(".choice") and not point.candidates


def _readable(text: str) -> bool:
    return len(text) <= MAX_TEXT and any(c.isalpha() for c in text)


def is_elsewhere(commands: Sequence[Command], state: Conversation) -> bool:
    """Whether it is about segments that exist, a name, or a button: nothing for a model."""
    slot = state.pending.slot if state.pending is not None else ""
    managed = any(isinstance(command, Manage) for command in commands)
    return managed or slot.startswith("segment.") or state.status == "naming"
