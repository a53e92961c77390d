"""One turn of a conversation under way: the state as it grows, and what has been said so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from planner import explain, offers, questions, wording
from planner.catalogue import Catalogue
from planner.chat import (
    ConditionView,
    Context,
    Option,
    PlanCard,
    PlanView,
    Question,
    Reply,
    Status,
    TextReply,
)
from planner.commands import Answer
from planner.contradictions import contradictions
from planner.effects import Effect
from planner.lookups import Lookup
from planner.plan import AllOf, first_open, settled
from planner.state import Conversation, KeptOption, Pending

CARD = ("apply", "edit", "exclude", "restart")
"""What can be done with a plan."""
_STATUS: dict[str, Status] = {"scope.alternative": "declined", "segment.name": "naming"}
"""Of a conversation that waits for the answer to such a question."""


@dataclass(slots=True)
class Talk:
    """The growing outcome of one step."""

    state: Conversation
    catalogue: Catalogue
    context: Context
    replies: list[Reply] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    lookups: list[Lookup] = field(default_factory=list)

    @property
    def language(self) -> str:
        """The language to answer in."""
        if self.state.language in wording.LANGUAGES:
            return self.state.language
        return wording.language_of(self.context.locale)

    def update(self, **changes: object) -> None:
        """Replace parts of the state."""
        self.state = self.state.model_copy(update=changes)

    def word(self, key: str, **values: str | float) -> str:
        """A sentence in the conversation's language."""
        return wording.say(self.language, key, **values)

    def say(self, key: str, **values: str | float) -> None:
        """Reply with a sentence."""
        self.replies.append(TextReply(self.word(key, **values)))

    def numbered(self) -> str:
        """The plan's conditions, one a line, as they can be referred to."""
        texts = explain.list_conditions(settled(self.state.draft), self.language)
        return "\n".join(
            self.word("list.numbered", place=place, text=text)
            for place, text in enumerate(texts, 1)
        )

    def prompts(self) -> str:
        """The suggested requests, one a line."""
        prompts = wording.suggested_prompts(self.language)
        return "\n".join(self.word("list.line", text=prompt) for prompt in prompts)

    def example(self) -> str:
        """One request that can be asked."""
        return wording.suggested_prompts(self.language)[0]

    def quote(self, names: Sequence[str]) -> str:
        """Names in quotation marks, as a list."""
        return wording.every(self.language, [wording.quoted(self.language, name) for name in names])

    def option(self, key: str, plan: AllOf | None = None) -> Option:
        """A button with the usual words for its id."""
        return Option(key, self.word(f"option.{key}"), plan)

    def kept(self, key: str, slot: str, label: str = "") -> KeptOption:
        """An answer that means the same everywhere; `label` is the message id of its words."""
        label = self.word(label or f"option.{key}")
        return KeptOption(id=key, label=label, answer=Answer(slot, choice=key))

    def ask(
        self,
        slot: str,
        text: str,
        options: Sequence[KeptOption],
        plans: Sequence[AllOf | None] = (),
        multiple: bool = False,
    ) -> None:
        """Ask a question; whatever was open before is not any more."""
        padded = (*plans, *[None] * len(options))
        shown = tuple(Option(o.id, o.label, plan) for o, plan in zip(options, padded, strict=False))
        pending = Pending(
            slot=slot, multiple=multiple, options=tuple(options), misses=self.misses(slot)
        )
        self.asked(Question(slot, text, shown, multiple), pending)

    def asked(self, question: Question, pending: Pending) -> None:
        """Show a question that is made already."""
        self.replies.append(question)
        status = _STATUS.get(question.slot, "asking")
        self.update(pending=pending, status=status, shown=self.state.version)

    def misses(self, slot: str) -> int:
        """How often the answer to this question could not be understood."""
        pending = self.state.pending
        return pending.misses if pending is not None and pending.slot == slot else 0

    def view(self) -> PlanView | None:
        """The plan as it stands, or None while nothing is settled."""
        root = settled(self.state.draft)
        if not root.items:
            return None
        conditions = tuple(
            ConditionView(f"c{place}", explain.explain(item, self.language), AllOf(items=(item,)))
            for place, item in enumerate(root.items, 1)
        )
        return PlanView(conditions, root, tuple(e.segment_id for e in self.state.exclude))


def show(talk: Talk, suggest: bool = False) -> None:
    """Show what the conversation has come to: the question that is open, or the plan."""
    state = talk.state
    point = first_open(state.draft)
    if state.unclear:
        _ask_unclear(talk)
    elif point is not None:
        asked = questions.ask(point, state.draft, talk.catalogue, talk.context, talk.language)
        misses = talk.misses(point.slot)
        talk.asked(asked.question, asked.pending.model_copy(update={"misses": misses}))
    elif suggest and (what := offers.suggestion(state.draft, state.suggested)):
        ask_suggestion(talk, what)
    elif settled(state.draft).items:
        _show_plan(talk)
    else:
        talk.update(pending=None, status="declined" if state.status == "declined" else "idle")


def _ask_unclear(talk: Talk) -> None:
    text = talk.word("ask.unclear", words=talk.quote(talk.state.unclear))
    talk.ask("unclear.words", text, [talk.kept("skip", "unclear.words", "option.leave_out")])


def ask_suggestion(talk: Talk, what: str) -> None:
    """Ask whether to add a condition, with the plans that either answer leads to."""
    slot, draft, node = f"suggest.{what}", settled(talk.state.draft), offers.addition(what)
    if node is None:
        return
    more = AllOf(items=(*draft.items, node))
    talk.update(suggested=tuple(dict.fromkeys((*talk.state.suggested, what))))
    kept = [talk.kept("yes", slot), talk.kept("no", slot)]
    talk.ask(slot, talk.word(slot), kept, plans=[more, draft])


def _show_plan(talk: Talk) -> None:
    for note in contradictions(talk.state.draft, talk.catalogue, talk.context):
        names = [explain.explain(node, talk.language) for node in note.nodes]
        values = dict(zip(("first", "second"), names, strict=False))
        talk.say(note.key, **values)
    title = talk.word("plan.title")
    if talk.state.exclude:
        names_out = talk.quote([e.name for e in talk.state.exclude])
        title = talk.word("plan.title_excluding", names=names_out)
    keys: tuple[str, ...] = CARD
    if talk.state.editing is not None:
        title = talk.word("plan.title_editing", name=talk.state.editing.name, title=title)
        keys = (*CARD, "save_as")
    talk.replies.append(PlanCard(title, tuple(talk.option(key) for key in keys)))
    talk.update(pending=None, status="ready", shown=talk.state.version, card="")
