"""What a model answered → commands, or the faults that make it worth nothing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from pydantic import ValidationError

from planner.catalogue import Catalogue
from planner.chat import Context
from planner.commands import (
    Act,
    Add,
    Answer,
    Command,
    Negate,
    OutOfScope,
    Remove,
    Restart,
    Target,
    Unclear,
    Undo,
)
from planner.fields import Op
from planner.model.changed import changed
from planner.model.conditions import Faulty, checked_window, condition, numbers_said
from planner.model.said import Spoken
from planner.model.wire import ACTS, DO, Said, Wire
from planner.offers import STAND_INS
from planner.plan import AllOf, AnyOf, Node
from planner.state import Conversation

_FENCED: Final = re.compile(r"```[a-zA-Z]*\s*(.*?)```", re.DOTALL)
_MOST_REASONS: Final = 6


@dataclass(frozen=True, slots=True)
class Understood:
    """What an answer says."""

    commands: tuple[Command, ...]
    taken: tuple[str, ...]
    """The person's words that the commands are about, or that were left aside on purpose."""
    phrases: Mapping[Node, str] = field(default_factory=dict)
    """The person's words for each condition."""


class NoAnswer(Faulty):
    """The text is not an answer in the shape that was asked for."""


def read_answer(text: str) -> Wire:
    """The answer in a model's text, fenced or with words around it.

    Raises:
        NoAnswer: there is none.
    """
    fenced = _FENCED.search(text)
    body = fenced.group(1) if fenced else text
    first, last = body.find("{"), body.rfind("}")
    if first < 0 or last < first:
        raise NoAnswer("the answer has to be one JSON object and nothing else")
    try:
        return Wire.model_validate_json(body[first : last + 1])
    except ValidationError as error:
        raise NoAnswer("; ".join(_shape_faults(error))) from error


def _shape_faults(error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_url=False, include_input=False)[:_MOST_REASONS]:
        yield f"{'.'.join(map(str, fault['loc'])) or 'answer'}: {fault['msg']}"


@dataclass(slots=True)
class Reader:
    """Reads the commands of one answer."""

    spoken: Spoken
    state: Conversation
    catalogue: Catalogue
    context: Context
    faults: list[str] = field(default_factory=list)
    phrases: dict[Node, str] = field(default_factory=dict)

    def understood(self, wire: Wire) -> Understood:
        """The commands of an answer.

        Raises:
            Faulty: something in it can't be, or was not said; says what.
        """
        commands: list[Command] = []
        for alternatives, said in groupby(wire.commands, key=_alternatives):
            some = list(said)
            commands += self._either(some) if alternatives else self._each(some)
        taken = [self.spoken.quote(said.phrase) for said in wire.commands if said.do != "unclear"]
        taken += [self.spoken.quote(words) for words in wire.ignored]
        if self.faults:
            raise Faulty("; ".join(self.faults[:_MOST_REASONS]))
        return Understood(tuple(commands), tuple(words for words in taken if words), self.phrases)

    def _each(self, said: Sequence[Said]) -> list[Command]:
        return [command for one in said for command in self._commands(one)]

    def _either(self, said: Sequence[Said]) -> list[Command]:
        """Alternatives: any of them, where those of one branch belong together."""
        branches: dict[int, list[Node]] = {}
        for place, one in enumerate(said, 1):
            nodes = [c.node for c in self._commands(one) if isinstance(c, Add)]
            branches.setdefault(one.branch or -place, []).extend(nodes)
        items = [b[0] if len(b) == 1 else AllOf(items=tuple(b)) for b in branches.values() if b]
        if not items:
            return []
        return [Add(items[0] if len(items) == 1 else AnyOf(items=tuple(items)))]

    def _commands(self, said: Said) -> Sequence[Command]:
        if said.do not in DO:
            self.faults.append(f"do: there is no {said.do!r}")
            return ()
        try:
            if said.do not in ("answer", "act"):
                self._quoted(said)
            found = getattr(self, f"_{said.do}")(said)
        except Faulty as fault:
            about = f"{said.do} {said.field or said.phrase}".strip()
            self.faults.append(f"{about}: {fault}")
            return ()
        return found if isinstance(found, (list, tuple)) else (found,)

    # ── each command ─────────────────────────────────────────────────────────────────────────────

    def _node(self, said: Said) -> Node:
        node = condition(said, self.spoken, self.catalogue, self.context)
        self.phrases[node] = self.spoken.quote(said.phrase)
        return node

    def _add(self, said: Said) -> Command:
        return Add(self._node(said))

    def _or(self, said: Said) -> Command:
        return Add(self._node(said), either=bool(self.state.draft.items))

    def _change(self, said: Said) -> Sequence[Command]:
        return changed(self._node(said), self._target(said), self.state)

    def _remove(self, said: Said) -> Command:
        return Remove(self._target(said))

    def _negate(self, said: Said) -> Command:
        return Negate(self._target(said))

    def _target(self, said: Said) -> Target:
        if not self.state.draft.items:
            raise Faulty("there is no plan to change yet")
        if not -1 <= said.target <= len(self.state.draft.items):
            raise Faulty(f"target: the plan has no condition {said.target}")
        if said.target:
            return Target(index=said.target)
        return Target(field=said.field or None)

    def _restart(self, _: Said) -> Command:
        return Restart()

    def _undo(self, _: Said) -> Command:
        return Undo()

    def _act(self, said: Said) -> Command:
        if said.choice not in ACTS:
            raise Faulty(f"choice: an act is one of {', '.join(ACTS)}")
        return Act(said.choice)

    def _out_of_scope(self, said: Said) -> Command:
        unknown = set(said.stand_ins) - set(STAND_INS)
        if unknown:
            raise Faulty(f"stand_ins: there is no {', '.join(sorted(unknown))}")
        return OutOfScope(self._quoted(said), "other", said.stand_ins)

    def _unclear(self, said: Said) -> Command:
        return Unclear((self._quoted(said),))

    def _quoted(self, said: Said) -> str:
        words = self.spoken.quote(said.phrase)
        if not words:
            raise Faulty(f"phrase: {said.phrase!r} is no unbroken quotation of what was typed")
        return words

    def _answer(self, said: Said) -> Command:
        """The answer to the open question; whether it is one, the dialog finds out."""
        pending = self.state.pending
        if pending is None:
            raise Faulty("there is no open question; say what it adds or changes")
        known = {option.id: option.answer for option in pending.options}
        if said.choice:
            universal = ("yes", "no", "all", "skip")
            if said.choice not in (*known, *universal):
                raise Faulty(f"choice: the open question has no option {said.choice!r}")
            return known.get(said.choice, Answer(pending.slot, choice=said.choice))
        return self._worded(said, pending.slot)

    def _worded(self, said: Said, slot: str) -> Command:
        numbers_said(said, self.spoken)
        op = Op(said.op) if said.op in tuple(Op) else None
        texts: Sequence[Any] = said.values or said.products or said.categories or said.campaigns
        texts = texts or said.channels or said.events
        window = checked_window(said, self.spoken)
        return Answer(slot, op, said.number, said.upper, window, tuple(texts))


def _alternatives(said: Said) -> int:
    return said.any_of if said.do in ("add", "or") else 0
