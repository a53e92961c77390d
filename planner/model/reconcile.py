"""Two readings of one utterance → one; where they disagree, the person is asked.

Not the commands are compared but the plans that they lead to: the same change can be said in
several ways.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planner.catalogue import Catalogue
from planner.chat import Context
from planner.commands import (
    Act,
    Add,
    Answer,
    Change,
    Command,
    Manage,
    Negate,
    OutOfScope,
    Reading,
    Remove,
    Restart,
    Target,
    Unclear,
    Undo,
)
from planner.fields import Op
from planner.model.answer import Understood
from planner.plan import AllOf, AnyOf, Condition, Node, Not, Open, leaves, meaning
from planner.revise import apply
from planner.state import Conversation

_EDITS = (Add, Change, Remove, Negate)


def reconciled(
    built_in: Reading,
    model: Understood,
    state: Conversation,
    catalogue: Catalogue,
    context: Context,
) -> Reading:
    """What both readings together say; the language is the built-in planner's."""
    own = [c for c in built_in.commands if not isinstance(c, Unclear)]
    if not own:
        commands: list[Command] = [*model.commands, *_still_unclear(built_in, model)]
        return Reading(built_in.language, tuple(commands))
    if _settles(own, model.commands):
        return built_in
    if _answer_differs(own, model.commands):
        return Reading(built_in.language, (Answer(_slot(own)),))
    unclear = [p for c in built_in.commands if isinstance(c, Unclear) for p in c.phrases]
    both = _Both(own, model, unclear, state, catalogue, context)
    beside = [c for c in _beside(own, model.commands) if not isinstance(c, _EDITS)]
    commands = [*both.commands(), *beside, *_still_unclear(built_in, model)]
    return Reading(built_in.language, tuple(commands))


def _settles(own: Sequence[Command], others: Sequence[Command]) -> bool:
    """Whether the built-in reading is of the kind that its vocabulary knows for certain."""
    certain = (Act, Manage, Undo)
    return any(isinstance(c, certain) for c in own) or not others


def _slot(own: Sequence[Command]) -> str:
    return next((c.slot for c in own if isinstance(c, Answer)), "")


def _answer_differs(own: Sequence[Command], others: Sequence[Command]) -> bool:
    """Whether both take it for an answer to the open question, but not for the same one."""
    said = [[c for c in commands if isinstance(c, Answer)] for commands in (own, others)]
    return all(said) and _plain_answer(said[0][0]) != _plain_answer(said[1][0])


def _plain_answer(given: Answer) -> tuple[object, ...]:
    op = None if given.number is None or given.op is Op.GE else given.op
    return (op, given.number, given.upper, given.window, frozenset(given.texts), given.choice)


def _beside(own: Sequence[Command], others: Sequence[Command]) -> Iterator[Command]:
    """Commands beside the plan's: answers, restart, and what can't be done, each once."""
    yield from own
    kinds = {type(command) for command in own}
    for command in others:
        if isinstance(command, OutOfScope):
            told = {c.phrase.casefold() for c in own if isinstance(c, OutOfScope)}
            if not any(_overlap(command.phrase, phrase) for phrase in told):
                yield command
        elif type(command) not in kinds and not isinstance(command, (*_EDITS, Act, Undo)):
            yield command


def _still_unclear(built_in: Reading, model: Understood) -> Iterator[Command]:
    """Words that the vocabulary lacks, and that the model has neither used nor left aside."""
    told = [p for c in model.commands if isinstance(c, Unclear) for p in c.phrases]
    left = [
        phrase
        for command in built_in.commands
        if isinstance(command, Unclear)
        for phrase in command.phrases
        if not any(_overlap(phrase, taken) for taken in (*model.taken, *told))
    ]
    if left:
        yield Unclear(tuple(left))


def _overlap(one: str, other: str) -> bool:
    first, second = one.casefold(), other.casefold()
    return first in second or second in first


@dataclass(slots=True)
class _Both:
    """Two lists of commands, and the plans that they lead to."""

    own: Sequence[Command]
    model: Understood
    unclear: Sequence[str]
    """The words that the vocabulary lacks: what the model makes of them is in no dispute."""
    state: Conversation
    catalogue: Catalogue
    context: Context

    def commands(self) -> list[Command]:
        """What leads to the plan that both agree on, with questions where they don't."""
        fresh = any(isinstance(c, Restart) for c in (*self.own, *self.model.commands))
        draft = AllOf() if fresh else self.state.draft
        mine, theirs = self._plan(draft, self.own), self._plan(draft, self.model.commands)
        if same(mine, theirs):
            return [c for c in self.own if isinstance(c, _EDITS)]
        about = {field for node in mine if _find(node, theirs) is None for field in _fields(node)}
        more = [n for n in theirs if self._explains(n) and not _fields(n) & about]
        merged = _merged(list(draft.items), [*mine, *more], theirs)
        return [self._worded(command) for command in merged]

    def _explains(self, node: Node) -> bool:
        """Whether the model found it in words that the vocabulary lacks."""
        words = self.model.phrases.get(node, "")
        return bool(words) and any(_overlap(phrase, words) for phrase in self.unclear)

    def _worded(self, command: Command) -> Command:
        """A question with the person's words for what is in question, where they are known."""
        node = command.node if isinstance(command, Add) else None
        if not isinstance(node, Open) or not node.readings:
            return command
        phrases = self.model.phrases
        words = next((phrases[reading] for reading in node.readings if reading in phrases), "")
        return Add(node.model_copy(update={"phrase": words}))

    def _plan(self, draft: AllOf, commands: Sequence[Command]) -> list[Node]:
        touched = self.state.touched if draft.items else None
        edits = [c for c in commands if isinstance(c, _EDITS)]
        return [*apply(draft, touched, edits, self.catalogue, self.context).draft.items]


def same(mine: Sequence[Node], theirs: Sequence[Node]) -> bool:
    """Whether two plans' items mean the same, in whatever order."""
    return len(mine) == len(theirs) and all(_find(node, theirs) is not None for node in mine)


def _merged(before: list[Node], mine: Sequence[Node], theirs: Sequence[Node]) -> Iterator[Command]:
    """Commands from the plan before to what both readings give, in the order of the items."""
    new = [node for node in mine if node not in before]
    other = [n for n in theirs if n not in before and _find(n, new) is None]
    agreed = [node for node in new if _find(node, theirs) is not None]
    doubted = [node for node in new if node not in agreed]
    gone = [n for n in before if n not in mine and n not in theirs]
    kept_by_one = [n for n in before if (n in mine) != (n in theirs)]
    questions = list(_questions(doubted, other, [*gone, *kept_by_one]))
    asked = [node for question in questions for node in _readings(question)]
    for place in range(len(before), 0, -1):
        if before[place - 1] in gone and before[place - 1] not in asked:
            yield Remove(Target(index=place))
    yield from (Add(node) for node in agreed)
    yield from (Add(question) for question in questions)
    yield from (Add(meaning("", [n])) for n in kept_by_one if n not in asked and not _open(n))


def _questions(
    doubted: Sequence[Node], others: Sequence[Node], changed: Sequence[Node]
) -> Iterator[Node]:
    left = list(others)
    for node in doubted:
        partner = _partner(node, left)
        if partner is not None:
            left.remove(partner)
        yield from _one_question([node, *([] if partner is None else [partner])], changed)
    for node in left:
        yield from _one_question([node], changed)


def _partner(node: Node, others: Sequence[Node]) -> Node | None:
    """What the other reading made of the same words: the same field, else whatever there is."""
    fields = _fields(node)
    return next((n for n in others if _fields(n) & fields), others[0] if others else None)


def _one_question(readings: list[Node], changed: Sequence[Node]) -> Iterator[Node]:
    """The question which is meant; of an open point and a settled one, the settled is."""
    settled = [node for node in readings if not _open(node)]
    if len(settled) < len(readings):
        # what one left open, the other has found in the words
        yield settled[0] if settled else readings[0]
        return
    about = {f for node in readings for f in _fields(node)}
    was = [n for n in changed if _fields(n) & about and not _open(n)]
    yield meaning("", list(dict.fromkeys([*readings, *was])))


def _readings(node: Node) -> tuple[Node, ...]:
    return node.readings if isinstance(node, Open) else ()


def _fields(node: Node) -> set[str]:
    return {(leaf.condition if isinstance(leaf, Open) else leaf).field for leaf in leaves(node)}


def _open(node: Node) -> bool:
    return any(isinstance(leaf, Open) for leaf in leaves(node))


# ── the same, said in other ways ─────────────────────────────────────────────────────────────────


def _find(node: Node, nodes: Sequence[Node]) -> Node | None:
    plain = _plain(node)
    return next((other for other in nodes if _plain(other) == plain), None)


def _plain(node: Node) -> object:
    """One form for what means the same: "not one" is "none", at least 3 is more than 2."""
    if isinstance(node, Not):
        inner = node.item
        if isinstance(inner, Condition) and (inner.op, inner.number) in ((Op.GE, 1), (Op.GT, 0)):
            return _plain(inner.model_copy(update={"op": Op.EQ, "number": 0.0}))
        return ("not", _plain(inner))
    if isinstance(node, (AllOf, AnyOf)):
        return (node.kind, frozenset(_plain(item) for item in node.items))
    if isinstance(node, Open):
        return ("open", node.slot, node.condition.field, node.high)
    return _plain_condition(node)


_WHOLE = (
    "order_count", "return_count", "checkout_count", "add_to_cart_count", "engagement",
    "purchase_quantity", "age",
)  # fmt: skip


def _plain_condition(node: Condition) -> object:
    op, number, scope = node.op, node.number, node.scope
    if op is Op.GT and number is not None and node.field in _WHOLE:
        op, number = Op.GE, number + 1
    if op is Op.LT and number is not None and node.field in _WHOLE:
        op, number = Op.LE, number - 1
    if op is Op.ALL_OF and len(node.texts) == 1:
        op = Op.ANY_OF
    parts = (scope.products, scope.categories, scope.channels, scope.events, scope.campaigns)
    narrowed = (scope.source, *map(frozenset, parts))
    return (node.field, op, number, node.upper, frozenset(node.texts), node.window, narrowed)
