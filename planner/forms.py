"""The inputs of every condition, for people who build a plan without a sentence.

A form is data: a modal, a row of buttons or a command line renders it and hands the values back to
`planner.filled`. What inputs there are follows from the field's declaration and the catalogue.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from planner import explain
from planner import fields as declared
from planner import window_inputs as windows
from planner.catalogue import Catalogue
from planner.choices import (
    MOST_OPTIONS,
    UNBOUND,
    Choice,
    When,
    choice,
    field_of,
    pool,
    window_kinds,
)
from planner.fields import FIELDS, Field, Kind, Op
from planner.plan import Condition, Node, Not
from planner.wording import say

FormValue = str | float | bool | tuple[str, ...] | None
"""Of choice, text and date (ISO 8601): a string; number; choices: a tuple; flag: a boolean."""


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to choose or type. A text has one entry per line."""

    name: str
    kind: Literal["choice", "choices", "number", "text", "date", "flag"]
    label: str
    required: bool = False
    """Has to be given, where it applies."""
    options: tuple[Choice, ...] = ()
    """Of choices; none where the data has nothing to choose from."""
    value: FormValue = None
    unit: str = ""
    """Of a number: as Field.unit, or days."""
    minimum: float | None = None
    maximum: float | None = None
    when: When | None = None
    """Applies only if another input, one further up, has one of these values."""
    search: bool = False
    """There are more options than are listed: see `options`."""


@dataclass(frozen=True, slots=True)
class Form:
    """The inputs of one condition."""

    field: str
    label: str
    group: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Fields of one sort; a choice's value is the field's name."""

    name: str
    label: str
    fields: tuple[Choice, ...]


def forms(catalogue: Catalogue, language: str) -> tuple[Group, ...]:
    """Every field that a condition can be about, custom attributes included, in groups."""
    fields = (*FIELDS.values(), *catalogue.attributes.values())
    return tuple(
        Group(
            group,
            say(language, f"form.group.{group}"),
            tuple(
                Choice(field.name, explain.field_name(field.name, language))
                for field in fields
                if field.group == group
            ),
        )
        for group in get_args(declared.Group)
    )


def form(
    field_name: str, catalogue: Catalogue, language: str, condition: Condition | Not | None = None
) -> Form:
    """The inputs of a condition about a field, filled with those of `condition`.

    A condition about another field fills nothing.

    Raises:
        Refused: "form.no_such_field".
    """
    field = field_of(field_name, catalogue)
    inner = condition.item if isinstance(condition, Not) else condition
    if not isinstance(inner, Condition) or inner.field != field_name:
        inner = condition = None
    values = _usual(field) | ({} if inner is None else _told(field, inner))
    values["negated"] = isinstance(condition, Not)
    inputs = tuple(_Inputs(field, catalogue, language, values).all())
    return Form(field_name, explain.field_name(field_name, language), field.group, inputs)


def editable(node: Node, catalogue: Catalogue) -> str | None:
    """The field whose form shows this item of a plan; None for groups and open points."""
    item = node.item if isinstance(node, Not) else node
    if not isinstance(item, Condition):
        return None
    return item.field if item.field in FIELDS or item.field in catalogue.attributes else None


def values_of(shown: Form) -> dict[str, FormValue]:
    """The values that a form is filled with, as they would be handed back."""
    return {each.name: each.value for each in shown.inputs if each.value not in (None, ())}


def form_json(shown: Form) -> dict[str, Any]:
    """A form as JSON's own types."""
    return {key: _plain(value) for key, value in asdict(shown).items()}


def group_json(group: Group) -> dict[str, Any]:
    """A group as JSON's own types."""
    return {key: _plain(value) for key, value in asdict(group).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, (list, tuple)) else value


# ── values ───────────────────────────────────────────────────────────────────────────────────────

_TEXTS = {Op.MONTH: "months", Op.MONTH_DAY: "days", Op.BAND: "bands"}
"""The input that shows a condition's texts, where it isn't `values`."""


def _usual(field: Field) -> dict[str, FormValue]:
    """What a new form begins with."""
    op = next((op for op in (Op.BAND, Op.GE) if op in field.operators), field.operators[0])
    moment = field.kind is Kind.MOMENT
    window = windows.LAST if moment else windows.ANY
    return {"operator": op.value, "source": "any", "window": window, "window_unit": "day"}


def _told(field: Field, condition: Condition) -> dict[str, FormValue]:
    """What a condition says, by input."""
    op, scope = condition.op, condition.scope
    number = "next_days" if op is Op.NEXT_DAYS else "number"
    values: dict[str, FormValue] = {
        "operator": op.value,
        number: condition.number,
        "upper": condition.upper,
        "source": scope.source or "any",
        **scope.model_dump(exclude={"source"}),
        **windows.inputs_of(condition.window),
    }
    if values["window"] not in window_kinds(field):
        values["window"] = windows.kept(condition.window)
    if op is Op.IS:
        return values | {"truth": "".join(condition.texts[:1])}
    if field.kind is Kind.KEYWORD or op is Op.MONTH_DAY:
        return values | {_TEXTS.get(op, "values"): "\n".join(condition.texts)}
    return values | {_TEXTS.get(op, "values"): condition.texts}


# ── inputs ───────────────────────────────────────────────────────────────────────────────────────

_LIMITS = {"years": (0.0, 150.0), "share": (0.0, 1.0), "": (None, None)}
"""Least and most by unit; all other numbers are 0 or more."""


@dataclass(frozen=True, slots=True)
class _Inputs:
    """Makes the inputs of one field."""

    field: Field
    catalogue: Catalogue
    language: str
    values: dict[str, FormValue]

    def all(self) -> Iterable[Input]:
        """In the order in which they are shown."""
        yield from self._scope()
        if len(self.field.operators) > 1:
            yield self._choices("operator", one=True, required=True)
        yield from self._compared()
        if self.field.time:
            yield from self._window()
        yield self._input("negated", "flag")

    def _input(self, name: str, kind: Any, label: str = "", **more: Any) -> Input:
        label = label or say(self.language, f"form.{name}")
        return Input(name, kind, label, value=self.values.get(name), **more)

    def _choices(self, name: str, label: str = "", *, one: bool = False, **more: Any) -> Input:
        made = self._input(name, "choice" if one else "choices", label, **more)
        known = pool(self.field, name, self.catalogue)
        listed = [*known[:MOST_OPTIONS]]
        if name in UNBOUND and made.value:
            # what is chosen already is offered, even where the data has it no more
            listed += made.value if isinstance(made.value, tuple) else (str(made.value),)
        offered = tuple(
            choice(self.field, name, value, self.language) for value in dict.fromkeys(listed)
        )
        return replace(made, options=offered, search=len(known) > MOST_OPTIONS)

    def _scope(self) -> Iterable[Input]:
        names = {"products": "product", "categories": "category"} | {
            f"{name}s": name for name in ("channel", "event", "campaign")
        }
        for name, part in names.items():
            if part in self.field.scope:
                yield self._choices(name)
        if "source" in self.field.scope:
            yield self._choices("source", one=True)

    def _compared(self) -> Iterable[Input]:
        kind = self.field.kind
        if kind in (Kind.TEXT, Kind.LABEL, Kind.REACHABLE):
            label = explain.field_name(self.field.name, self.language)
            yield self._choices("values", label, required=True)
        elif kind is Kind.KEYWORD:
            yield self._input("values", "text", say(self.language, "form.keywords"), required=True)
        elif kind is Kind.BOOLEAN:
            label = explain.field_name(self.field.name, self.language)
            yield self._choices("truth", label, one=True, required=True)
        elif kind is Kind.BIRTHDAY:
            yield from self._birthday()
        elif kind is not Kind.MOMENT:
            yield from self._numbers()

    def _birthday(self) -> Iterable[Input]:
        yield self._choices("months", required=True, when=("operator", (Op.MONTH.value,)))
        yield self._input("days", "text", required=True, when=("operator", (Op.MONTH_DAY.value,)))
        whole: dict[str, Any] = {"unit": "days", "minimum": 0.0, "maximum": 366.0}
        when = ("operator", (Op.NEXT_DAYS.value,))
        yield self._input("next_days", "number", required=True, when=when, **whole)

    def _numbers(self) -> Iterable[Input]:
        unit = self.field.unit
        least, most = _LIMITS.get(unit, (0.0, None))
        more: dict[str, Any] = {"required": True, "unit": unit, "minimum": least, "maximum": most}
        banded = Op.BAND in self.field.operators
        plain = tuple(op.value for op in self.field.operators if op is not Op.BAND)
        if banded:
            yield self._choices("bands", required=True, when=("operator", (Op.BAND.value,)))
        label = say(self.language, f"form.number_of.{unit or 'plain'}")
        when = ("operator", plain) if banded else None
        yield self._input("number", "number", label, when=when, **more)
        yield self._input("upper", "number", when=("operator", (Op.BETWEEN.value,)), **more)

    def _window(self) -> Iterable[Input]:
        yield self._choices("window", one=True, required=self.field.kind is Kind.MOMENT)
        counted = ("window", (windows.LAST, windows.BEFORE))
        limits: dict[str, Any] = {"minimum": 1.0, "maximum": float(windows.MOST)}
        yield self._input("window_number", "number", required=True, when=counted, **limits)
        yield self._choices("window_unit", one=True, required=True, when=counted)
        for name, kind in (("window_since", windows.SINCE), ("window_until", windows.UNTIL)):
            yield self._input(name, "date", required=True, when=("window", (kind, windows.DATES)))
