"""What an utterance says, whoever understood it: the vocabulary or a language model."""

from dataclasses import dataclass, field

from planner.fields import Op
from planner.plan import Node, Scope
from planner.windows import Window


@dataclass(frozen=True, slots=True)
class Target:
    """Which condition of the plan is meant: by place, by field, or the one last touched."""

    index: int | None = None
    """Place in the list shown, from 1; -1 the last."""
    field: str | None = None
    texts: tuple[str, ...] = ()
    """Values that the condition names, e.g. a tag."""


@dataclass(frozen=True, slots=True)
class Add:
    """One condition more (with `either`: an alternative to the condition last touched)."""

    node: Node
    either: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Another value, operator or window for a condition; what is None stays."""

    target: Target
    op: Op | None = None
    number: float | None = None
    upper: float | None = None
    texts: tuple[str, ...] | None = None
    window: Window | None = None
    drop_window: bool = False
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Another condition in the place of one."""

    index: int
    """Its place among those of planner.plan_edits.listed, from 0."""
    node: Node


@dataclass(frozen=True, slots=True)
class Misfit:
    """Words that were to be another form of a condition and are none: it stays as it is."""

    node: Node


@dataclass(frozen=True, slots=True)
class Remove:
    """One condition fewer."""

    target: Target


@dataclass(frozen=True, slots=True)
class Negate:
    """The condition the other way round."""

    target: Target


@dataclass(frozen=True, slots=True)
class Restart:
    """Forget the plan; what follows describes a new one."""


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the last change back."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to the open question."""

    slot: str
    op: Op | None = None
    number: float | None = None
    upper: float | None = None
    window: Window | None = None
    texts: tuple[str, ...] = ()
    """Known values chosen: any of them."""
    choice: str = ""
    """Or an option id: yes, no, all, skip, or the id of an option."""


@dataclass(frozen=True, slots=True)
class Act:
    """A button's meaning said in words: apply, edit, exclude, include, cancel, look, help …."""

    action: str
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manage:
    """Something to be done with a segment that exists: show, rename, compute it again, delete."""

    action: str
    """One of planner.managing.ACTIONS."""
    names: tuple[str, ...] = ()
    """Segments' names as they are, or words to find them by; none: the one at hand."""
    text: str = ""
    """A new name or description, a contact's id, or the columns of a list."""


@dataclass(frozen=True, slots=True)
class OutOfScope:
    """Something that the data cannot tell."""

    phrase: str
    """The person's words for it."""
    kind: str
    """Its entry in the vocabulary, e.g. "social_shopping"; names the sentence and the stand-ins."""
    alternatives: tuple[str, ...] = ()
    """Keys of stand-ins, e.g. "clicked_campaign"."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Words that carry meaning and were understood by nothing."""

    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Aside:
    """Clauses that tell why a list is wanted, or what will be done: passed over, and named so."""

    phrases: tuple[str, ...]


Command = (
    Add
    | Aside
    | Change
    | Rewrite
    | Misfit
    | Remove
    | Negate
    | Restart
    | Undo
    | Answer
    | Act
    | Manage
    | OutOfScope
    | Unclear
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of one utterance."""

    language: str
    """en, zh-Hant, ja or th: the language to answer in."""
    commands: tuple[Command, ...] = field(default=())
