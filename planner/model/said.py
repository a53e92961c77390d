"""What a person really said: no number, name or quotation of a model's counts unless it is here."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from planner.catalogue import Catalogue
from planner.chat import Context
from planner.commands import Add, Answer, Change, Command, Reading
from planner.plan import Condition, Node, Open, leaves
from planner.state import Conversation
from planner.understand.measures import measure
from planner.understand.names import Known, Pair, value_machine
from planner.understand.normalise import normalise
from planner.understand.spans import Quantity, Span
from planner.understand.tokens import Token, tokenise
from planner.understand.vocabulary import at_word
from planner.windows import Ago, On, Window, bound_date, local_date

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_DAYS = {"day": (1,), "week": (7,), "month": (30,), "year": (365, 360)}
"""A year is 365 days, and twelve months."""


@dataclass(slots=True)
class Spoken:
    """The numbers, dates and names that an utterance holds, or that were on the screen before."""

    text: str
    form: str = ""
    today: date = date.min
    numbers: set[float] = field(default_factory=set)
    lengths: set[tuple[int, str]] = field(default_factory=set)
    dates: set[date] = field(default_factory=set)
    names: set[Pair] = field(default_factory=set)

    # ── is it there ──────────────────────────────────────────────────────────────────────────────

    def has_number(self, value: float) -> bool:
        """Whether the number was said; a share also as per cent or tenths."""
        told = (value, value * 100, value * 10) if 0 < value < 1 else (value,)
        return any(math.isclose(one, said) for one in told for said in self.numbers)

    def has_length(self, count: int, unit: str) -> bool:
        """Whether so many days, weeks … were said, in whatever unit; "a" month is one."""
        told = {size for length in self.lengths for size in _sizes(*length)}
        return count == 1 or float(count) in self.numbers or bool(told & _sizes(count, unit))

    def has_date(self, day: date) -> bool:
        """Whether the day was said, or is the first or last of what was."""
        return day in self.dates

    def has_name(self, kind: str, name: str) -> bool:
        """Whether a known value was called by its own name."""
        return (kind, name) in self.names

    def quote(self, words: str) -> str:
        """The words as the person wrote them; nothing if they did not."""
        wanted = " ".join(words.split()).strip(" \"'.,!?")
        match = re.search(re.escape(wanted), self.text, re.IGNORECASE) if wanted else None
        if match is not None:
            return match.group()
        said = normalise(self.text)
        form = " ".join(normalise(wanted).form.split())
        place = said.form.find(form) if form else -1
        return said.quote(place, place + len(form)) if place >= 0 else ""


def spoken(
    text: str, reading: Reading, state: Conversation, catalogue: Catalogue, context: Context
) -> Spoken:
    """What an utterance says by itself, by the built-in reading of it, and by what it answers."""
    said, today = normalise(text), local_date(context.now, context.zone)
    tokens = tokenise(said, catalogue)
    found = Spoken(text, said.form, today)
    found.numbers |= {token.number for token in tokens if token.number is not None}
    found.numbers |= {float(n) for token in tokens for n in _worded(token)}
    found.numbers |= {float(d.replace(",", "")) for d in _DIGITS.findall(said.form) if _plain(d)}
    for token in measure(tokens, said.form, today):
        _take(found, token.extra)
    for day in (token.day for token in tokens if token.day is not None):
        found.dates |= set(day.span(today) or ())
    found.names = set(_names(said.form, catalogue))
    pending = state.pending.options if state.pending is not None else ()
    _take_commands(found, (*reading.commands, *(option.answer for option in pending)))
    _take_nodes(found, state.draft.items)
    return found


def _sizes(count: int, unit: str) -> set[int]:
    return {count * days for days in _DAYS[unit]}


def _worded(token: Token) -> Iterator[float]:
    """The numbers that a word says: once, 回購, การซื้อซ้ำ."""
    for concept in token.concepts:
        number = concept.data.get("number")
        if isinstance(number, (int, float)):
            yield number
        if concept.name == "repurchase":
            yield 2


def _plain(digits: str) -> bool:
    return digits.count(".") <= 1 and not digits.endswith((".", ","))


def _take(found: Spoken, extra: Any) -> None:
    quantity, span = extra.get("quantity"), extra.get("span")
    if isinstance(quantity, Quantity):
        found.numbers |= {n for n in (quantity.number, quantity.upper) if n is not None}
    if isinstance(span, Span):
        _take_window(found, span.window)


def _take_window(found: Spoken, window: Window | None) -> None:
    for bound, last in () if window is None else ((window.start, 0), (window.end, 1)):
        if isinstance(bound, Ago):
            found.lengths.add((bound.ago, bound.unit))
        elif bound is not None:
            day = bound_date(bound, found.today) if not isinstance(bound, On) else bound.on
            found.dates.add(date.fromordinal(max(1, day.toordinal() - last)))


def _names(form: str, catalogue: Catalogue) -> Iterator[Pair]:
    machine = value_machine(Known(catalogue))
    for end, (word, pairs) in machine.iter(form) if len(machine) else ():
        if at_word(form, end + 1 - len(word), end + 1):
            yield from pairs


def _take_commands(found: Spoken, commands: Iterable[Command]) -> None:
    for command in commands:
        if isinstance(command, Add):
            _take_nodes(found, (command.node,))
        elif isinstance(command, (Change, Answer)):
            found.numbers |= {n for n in (command.number, command.upper) if n is not None}
            _take_window(found, command.window)


def _take_nodes(found: Spoken, nodes: Iterable[Node]) -> None:
    for leaf in (leaf for node in nodes for leaf in leaves(node)):
        if isinstance(leaf, Open) and leaf.readings:
            _take_nodes(found, leaf.readings)
            continue
        condition = leaf.condition if isinstance(leaf, Open) else leaf
        _take_condition(found, condition)


def _take_condition(found: Spoken, condition: Condition) -> None:
    found.numbers |= {n for n in (condition.number, condition.upper) if n is not None}
    _take_window(found, condition.window)
    scope = condition.scope
    found.names |= {(condition.field, text) for text in condition.texts}
    found.names |= {("product", name) for name in scope.products}
    found.names |= {("category", name) for name in scope.categories}
    found.names |= {("campaign", name) for name in scope.campaigns}
