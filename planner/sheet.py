"""A conversation as a channel sees it that has it filled in on forms: a modal, a home page.

All of it is read at one moment and nothing is changed: what is filled in becomes an event, after
being looked at here, so that what is wrong stands beside its input.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from planner import about, acts, choices, explain, forms, leaving_out, naming, wording
from planner.catalogue import Catalogue
from planner.changing import MAX_DESCRIPTION
from planner.chat import Context, KnownSegment, SegmentCard, TextReply
from planner.errors import Refused
from planner.existing import may
from planner.filled import FormErrors, filled
from planner.forms import Form, FormValue, Group, Input
from planner.plan import Condition, Not, Open
from planner.plan_edits import Match, listed
from planner.state import Conversation
from planner.talk import Talk


@dataclass(frozen=True, slots=True)
class NameForm:
    """What is asked for when a plan is confirmed."""

    name: str
    """A name to begin with."""
    longest_name: int
    longest_description: int
    excludable: tuple[KnownSegment, ...]
    """The segments that can be left out."""
    excluded: tuple[str, ...]
    """Ids of those that are."""
    most_excluded: int


@dataclass(frozen=True, slots=True)
class Line:
    """One condition of the plan, to be changed."""

    index: int
    text: str
    field: str | None
    """Whose form shows it; None where it can only be turned round or removed."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands in the conversation, and what is known beside it."""

    state: Conversation
    catalogue: Catalogue
    context: Context
    language: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "language", self._talk().language)

    @property
    def version(self) -> int:
        """The one that the buttons that count were made at."""
        return self.state.shown

    @property
    def begun(self) -> bool:
        """Whether anything was ever said."""
        return self.state.version > 0

    @property
    def can_make(self) -> bool:
        """Whether the person may make and change segments."""
        return may(self.context, "make")

    @property
    def asks_name(self) -> bool:
        """Whether confirming the plan takes a name: it is ready, and of no segment yet."""
        talk = self._talk()
        made = self.state.status in ("created", "finished")
        return acts.is_ready(talk) and not made and self.state.editing is None

    def say(self, key: str, **values: str | float) -> str:
        """A sentence in the conversation's language."""
        return wording.say(self.language, key, **values)

    def mine(self) -> tuple[SegmentCard, ...]:
        """The person's own segments, newest first, each with what has become of it."""
        talk, who = self._talk(), self.context.who
        return tuple(about.row(talk, s) for s in self.context.segments if s.asked_by == who)

    def actions(self, segment_id: str) -> tuple[tuple[str, str], ...]:
        """Ids and words of what the person may do with a segment; none where it is gone."""
        talk = self._talk()
        found = next((s for s in self.context.segments if s.segment_id == segment_id), None)
        if found is None:
            return ()
        offered = about.options(talk, found.status, found.listed) if self.can_make else ()
        return tuple((option.id, option.label) for option in offered)

    # ── the name ─────────────────────────────────────────────────────────────────────────────────

    def naming(self) -> NameForm:
        """What to ask for when the plan is confirmed."""
        talk = self._talk()
        return NameForm(
            naming.suggested_name(talk),
            naming.MAX_NAME,
            MAX_DESCRIPTION,
            tuple(leaving_out.excludable(talk)),
            tuple(each.segment_id for each in self.state.exclude),
            leaving_out.MAX_EXCLUDED,
        )

    def name_errors(
        self, name: str, description: str, exclude: tuple[str, ...]
    ) -> Mapping[str, str]:
        """What is wrong with name, description and exclude, by input."""
        wrong: dict[str, str] = {}
        talk = self._talk()
        if naming.usable(talk, name) is None:
            wrong["name"] = _told(talk)
        if len(" ".join(description.split())) > MAX_DESCRIPTION:
            wrong["description"] = self.say("segment.description_long", limit=MAX_DESCRIPTION)
        talk = self._talk()
        if not leaving_out.exactly(talk, exclude):
            wrong["exclude"] = _told(talk)
        return wrong

    # ── the plan ─────────────────────────────────────────────────────────────────────────────────

    def plan(self) -> tuple[Match, tuple[Line, ...]]:
        """Whether all or any of the conditions have to hold, and which they are."""
        match, items = listed(self.state.draft)
        lines = (
            Line(place, explain.explain(item, self.language), forms.editable(item, self.catalogue))
            for place, item in enumerate(items)
            if not isinstance(item, Open)
        )
        return match, tuple(lines)

    def groups(self) -> tuple[Group, ...]:
        """Every field that a condition can be about."""
        return tuple(g for g in forms.forms(self.catalogue, self.language) if g.fields)

    def form(self, name: str, index: int | None = None) -> Form:
        """The form of a field, empty, or filled in with the condition at a place.

        Raises:
            Refused: there is no such field or condition.
        """
        condition: Condition | Not | None = None
        if index is not None:
            _, items = listed(self.state.draft)
            item = items[index] if 0 <= index < len(items) else None
            if not isinstance(item, (Condition, Not)):
                raise Refused("form.no_such_condition")
            condition = item
        return forms.form(name, self.catalogue, self.language, condition)

    def options(self, name: str, input_name: str, typed: str) -> tuple[choices.Choice, ...]:
        """The choices of an input of a field's form whose words contain what was typed.

        Raises:
            Refused: there is no such field.
        """
        return choices.options(name, input_name, self.catalogue, self.language, typed)

    def every_option(self, name: str, input_name: str) -> tuple[str, ...]:
        """All values that an input of choices can take.

        Raises:
            Refused: there is no such field.
        """
        return choices.pool(choices.field_of(name, self.catalogue), input_name, self.catalogue)

    def form_errors(self, name: str, values: Mapping[str, object]) -> Mapping[str, str]:
        """What is wrong with what was filled in, by input.

        Raises:
            Refused: there is no such field.
        """
        try:
            filled(name, values, self.catalogue, self.context)
        except FormErrors as wrong:
            return {key: self.say(text, **named) for key, (text, named) in wrong.errors.items()}
        return {}

    def _talk(self) -> Talk:
        return Talk(self.state, self.catalogue, self.context)


def applying(shown: Form, values: Mapping[str, FormValue]) -> tuple[Input, ...]:
    """The inputs that apply with these values in place of the form's own, holding them."""
    held = [replace(each, value=values.get(each.name, each.value)) for each in shown.inputs]
    said = {each.name: each.value for each in held}
    return tuple(
        replace(each, options=_fitting(each, said))
        for each in held
        if each.when is None or said.get(each.when[0]) in each.when[1]
    )


def _fitting(each: Input, said: Mapping[str, FormValue]) -> tuple[choices.Choice, ...]:
    """The choices that go with what else is chosen, and those that are chosen already."""

    def fits(option: choices.Choice) -> bool:
        if option.when is None:
            return True
        other = said.get(option.when[0])
        wanted = other if isinstance(other, tuple) else ()
        return not wanted or bool({*wanted} & {*option.when[1]})

    return tuple(option for option in each.options if fits(option))


def _told(talk: Talk) -> str:
    reply = talk.replies[0]
    return reply.text if isinstance(reply, TextReply) else ""
