"""A condition's own words, edited by the person: which condition that makes of it.

Where only numbers differ from the words that were shown, they are exchanged in the condition.
Otherwise the words are read, and so are those that were shown: only where these are understood as
the condition that they are of, the others can be trusted.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from pydantic import ValidationError

from planner import answers
from planner.catalogue import Catalogue
from planner.chat import Context, Said
from planner.commands import Add, Misfit, Reading, Rewrite
from planner.errors import Refused
from planner.explain import explain
from planner.plan import Condition, Node, leaves
from planner.plan_edits import listed
from planner.state import Conversation
from planner.targets import exchanged
from planner.windows import Ago, Window

Read = Callable[[str, Conversation, Catalogue, Context], Reading]
_NUMBER: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")
_ALIKE: Final = 0.5
"""From this share of common characters on, a text is an edit of the words and no new sentence."""


def rewritten(
    read: Read, said: Said, state: Conversation, catalogue: Catalogue, context: Context
) -> Reading | None:
    """What a condition's edited words say; None for what is read as any other text."""
    if (place := _place(said, state)) is None:
        return None
    item, alone = listed(state.draft)[1][place], Conversation(language=state.language)
    now = read(said.text, alone, catalogue, context)
    language = state.language or now.language
    words = explain(item, language)
    try:
        node = _Numbers(catalogue, context).renumbered(item, _plain(words), _plain(said.text))
    except Refused:
        return Reading(language, (Misfit(item),))
    if node is None:
        before = read(words, alone, catalogue, context)
        node = _reread(item, before, now, lambda made: explain(made, language))
    if node is not None:
        return Reading(language, (Rewrite(place, node),))
    if SequenceMatcher(None, _plain(words), _plain(said.text)).ratio() >= _ALIKE:
        return Reading(language, (Misfit(item),))
    return None


def pointed(said: Said, state: Conversation) -> Conversation:
    """The state for reading a few words that are about the condition opened, as a number alone."""
    place = _place(said, state)
    return state if place is None else state.model_copy(update={"touched": place + 1})


def _place(said: Said, state: Conversation) -> int | None:
    """The place of the condition that was opened, if it is still there."""
    if said.about is None or said.version != state.shown:
        return None
    return said.about if 0 <= said.about < len(listed(state.draft)[1]) else None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


# ── other numbers ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Exchanges numbers; raises Refused where the condition can't have the new one."""

    catalogue: Catalogue
    context: Context

    def renumbered(self, item: Node, before: str, now: str) -> Node | None:
        """The item with other numbers, where nothing else in its words differs."""
        if _NUMBER.sub("#", before) != _NUMBER.sub("#", now):
            return None
        for one, other in zip(_numbers(before), _numbers(now), strict=True):
            if one != other:
                made = list(dict.fromkeys(self._exchanged(item, one, other)))
                if len(made) != 1:  # it could be either of two, or is none of the condition's own
                    return None
                item = made[0]
        return item

    def _exchanged(self, item: Node, one: float, other: float) -> Iterator[Node]:
        """The item with one of its numbers exchanged, for each that has this value."""
        for leaf in leaves(item):
            if isinstance(leaf, Condition):
                for changed in self._with_number(leaf, one, other):
                    if (made := exchanged(item, leaf, changed)) is not None:
                        yield made

    def _with_number(self, leaf: Condition, one: float, other: float) -> Iterator[Condition]:
        for part in ("number", "upper"):
            if getattr(leaf, part) == one:
                yield _in_order(leaf.model_copy(update={part: other}))
        for part in ("start", "end"):
            bound = getattr(leaf.window, part, None)
            if isinstance(bound, Ago) and bound.ago == one:
                yield self._timed(leaf, part, bound.model_dump() | {"ago": other})

    def _timed(self, leaf: Condition, part: str, bound: dict[str, object]) -> Condition:
        field = answers.declared(leaf, self.catalogue)
        try:
            told = leaf.model_dump()["window"] | {part: bound}
            window = Window.model_validate(told)
        except ValidationError as error:
            raise Refused("changed.does_not_fit") from error
        if field is not None:
            window = answers.looked_back(window, field, self.context)
        return leaf.model_copy(update={"window": window})


def _numbers(text: str) -> list[float]:
    return [float(found.replace(",", "")) for found in _NUMBER.findall(text)]


def _in_order(leaf: Condition) -> Condition:
    if leaf.number is not None and leaf.upper is not None and leaf.upper < leaf.number:
        raise Refused("changed.does_not_fit")
    return leaf


# ── other words ──────────────────────────────────────────────────────────────────────────────────


def _reread(item: Node, before: Reading, now: Reading, said: Callable[[Node], str]) -> Node | None:
    """The condition that the words are, if they can be trusted to be read as they were shown."""
    old, new = _only(before), _only(now)
    if old is None or new is None or _fields(new) != _fields(item):
        return None
    return new if old == item or said(old) == said(item) else None


def _only(reading: Reading) -> Node | None:
    if len(reading.commands) != 1 or not isinstance(reading.commands[0], Add):
        return None
    node = reading.commands[0].node
    return node if all(isinstance(leaf, Condition) for leaf in leaves(node)) else None


def _fields(node: Node) -> set[str]:
    return {leaf.field for leaf in leaves(node) if isinstance(leaf, Condition)}
