"""Sentences put together from a bank of phrases, with the meaning that they must have.

`phrases/<language>.txt` holds phrases of one condition (seldom two) by their shape (`[who]`), each
with its meaning as in the tables of sentences. `phrases/<language>.toml` says how a language joins
shapes, by what the join means: under `"A and not B"`, `"who who" = ["{A} but not those who {B}"]`.
Under `frames` stands what is around a description; a phrase alone is read in its shape's first.
"""

import ast
import itertools
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from planner.commands import Add
from planner.fields import Op
from planner.plan import AllOf, AnyOf, Condition, Node, Not, Open, leaves
from planner.state import Conversation
from planner.understand import read
from tests.planner.brand import BRAND, NOW, node, shown

FOLDER = Path(__file__).parent / "phrases"
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.txt"))
_COUNTED = ("total_spending", "order_count", "return_count", "product_amount", "checkout_count",
            "purchase_quantity", "add_to_cart_count", "engagement")  # fmt: skip
"""Nothing is 0 of these, so that each comparison has an opposite."""
_OPPOSITE = {Op.GT: Op.LE, Op.LE: Op.GT, Op.GE: Op.LT, Op.LT: Op.GE}
_ACTS = ("order_count", "checkout_count", "purchase_quantity", "engagement")
_MOST_TRIES = 50


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the bank; its text stands in a frame or a join of its shape."""

    text: str
    shape: str
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """A sentence of several phrases, and the expression over them that it means."""

    said: str
    phrases: tuple[Phrase, ...]
    expression: str


@cache
def bank(language: str) -> tuple[Phrase, ...]:
    """All phrases of a language."""
    found: list[Phrase] = []
    shape, said, meant = "", "", list[str]()
    for line in [*(FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines(), "["]:
        if line.startswith("    "):
            meant.append(line.strip())
            continue
        if said:
            found.append(Phrase(said, shape, tuple(meant)))
        said, meant = ("" if line.startswith("[") else line.strip()), []
        shape = line.strip("[]") if line.startswith("[") else shape
    return tuple(found)


@cache
def joins(language: str) -> dict[str, dict[str, list[str]]]:
    """Texts by what they mean, and the shapes that they join."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def alone(phrase: Phrase, language: str) -> str:
    """The phrase in the plainest sentence of its shape."""
    return joins(language)["frames"][phrase.shape][0].format(phrase.text)


def nodes(text: str) -> list[Node] | None:
    """What a sentence adds to a plan, or none if anything else is said by it."""
    commands = read(text, Conversation(), BRAND, NOW).commands
    added = [command.node for command in commands if isinstance(command, Add)]
    return added if len(added) == len(commands) else None


def reading(text: str) -> list[str]:
    """What a sentence says, a line a command."""
    return [shown(command) for command in read(text, Conversation(), BRAND, NOW).commands]


def composed(language: str, rng: random.Random) -> Iterator[Composed]:
    """Sentences without end, all meanings of joins and all shapes alike often."""
    by_shape = {
        shape: list(those)
        for shape, those in itertools.groupby(
            sorted(bank(language), key=lambda phrase: phrase.shape), key=lambda phrase: phrase.shape
        )
    }
    ways = {name: texts for name, texts in joins(language).items() if name != "frames"}
    while True:
        expression = rng.choice(sorted(ways))
        shapes, texts = rng.choice(sorted(ways[expression].items()))
        chosen = _apart([by_shape[shape] for shape in shapes.split()], language, rng)
        if chosen is not None:
            inner = rng.choice(texts).format(
                **{name: p.text for name, p in zip("ABC", chosen, strict=False)}
            )
            frame = rng.choice(joins(language)["frames"][chosen[0].shape])
            yield Composed(frame.format(inner), chosen, expression)


def _apart(
    choices: list[list[Phrase]], language: str, rng: random.Random
) -> tuple[Phrase, ...] | None:
    """One phrase of each shape, none about what another is about."""
    for _ in range(_MOST_TRIES):
        chosen = tuple(rng.choice(phrases) for phrases in choices)
        pairs = itertools.combinations(chosen, 2)
        if all(_are_apart(one, other, language) for one, other in pairs):
            return chosen
    return None


def _are_apart(one: Phrase, other: Phrase, language: str) -> bool:
    """Whether neither says what the other does, nor when: one time may be said for two acts."""
    subjects = (_subjects(phrase, language) for phrase in (one, other))
    left, right = (_acts(phrase, language) for phrase in (one, other))
    shared = any((act, not timed) in right for act, timed in left)
    return not shared and not frozenset.intersection(*subjects)


@cache
def _acts(phrase: Phrase, language: str) -> frozenset[tuple[bool, bool]]:
    """What is done with messages, or else bought, and whether it is said when."""
    found = [leaf for leaf in _leaves(phrase, language) if leaf.field in _ACTS]
    return frozenset((leaf.field == "engagement", leaf.window is not None) for leaf in found)


def _leaves(phrase: Phrase, language: str) -> Iterator[Condition]:
    for leaf in leaves(AllOf(items=tuple(nodes(alone(phrase, language)) or ()))):
        yield leaf.condition if isinstance(leaf, Open) else leaf


@cache
def _subjects(phrase: Phrase, language: str) -> frozenset[str]:
    found: set[str] = set()
    for said in _leaves(phrase, language):
        channel = "".join(said.scope.channels) if said.field == "engagement" else ""
        found.add(said.field + channel)
        if said.field in ("last_purchase", "add_to_cart_count", "first_purchase"):
            found.add("order_count")  # said together they may be one condition
    return frozenset(found)


def meaning(said: Composed, language: str) -> Node | None:
    """What a composed sentence must mean, or none if a phrase of it isn't understood alone."""
    parts = [nodes(alone(phrase, language)) for phrase in said.phrases]
    known = [_all(part) for part in parts if part]
    if len(known) != len(parts):
        return None
    return _evaluated(ast.parse(said.expression, mode="eval").body, known)


def _evaluated(expression: ast.expr, parts: list[Node]) -> Node:
    if isinstance(expression, ast.Name):
        return parts["ABC".index(expression.id)]
    if isinstance(expression, ast.UnaryOp):
        return Not(item=_evaluated(expression.operand, parts))
    assert isinstance(expression, ast.BoolOp), expression
    items = tuple(_evaluated(value, parts) for value in expression.values)
    return AllOf(items=items) if isinstance(expression.op, ast.And) else AnyOf(items=items)


def _all(items: list[Node]) -> Node:
    return items[0] if len(items) == 1 else AllOf(items=tuple(items))


Form = str | tuple[str, frozenset["Form"]]
"""A node's meaning: the line of a condition, or what joins the forms within."""


def canonical(item: Node, wanted: bool = True) -> Form:
    """The one form of all nodes that mean the same; of the contrary if it is not wanted."""
    if isinstance(item, Not):
        return canonical(item.item, not wanted)
    if isinstance(item, Condition) and item.op is Op.ANY_OF and len(item.texts) > 1:
        ones = tuple(item.model_copy(update={"texts": (text,)}) for text in item.texts)
        return canonical(AnyOf(items=ones), wanted)
    if isinstance(item, (Condition, Open)):
        said = _positive(item, wanted)
        return node(item if said is None else said) if said or wanted else f"not {node(item)}"
    word = "and" if isinstance(item, AllOf) is wanted else "or"
    forms: set[Form] = set()
    for form in (canonical(inner, wanted) for inner in item.items):
        forms |= form[1] if isinstance(form, tuple) and form[0] == word else {form}
    return forms.pop() if len(forms) == 1 else (word, frozenset(forms))


def _positive(item: Condition | Open, wanted: bool) -> Condition | None:
    """A comparison of a count as itself or its opposite, with at least one for more than none."""
    if isinstance(item, Open) or item.field not in _COUNTED or item.number is None:
        return None
    op, number = item.op, item.number
    if op is Op.EQ and number == 0:
        op, number = Op.LT, 1.0
    if op is Op.GT and number == 0:
        op, number = Op.GE, 1.0
    if not wanted and op not in _OPPOSITE:
        return None
    update = {"op": op if wanted else _OPPOSITE[op], "number": number}
    return item.model_copy(update=update)


def is_right(said: Composed, language: str) -> bool:
    """Whether a composed sentence is read as exactly what its phrases mean, and nothing else."""
    found, wanted = nodes(said.said), meaning(said, language)
    return bool(found) and wanted is not None and canonical(_all(found)) == canonical(wanted)
