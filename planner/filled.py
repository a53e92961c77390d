"""A form that was filled in → the condition it means, or what is wrong with it, input by input."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from planner import answers, entries
from planner import window_inputs as windows
from planner.catalogue import Catalogue
from planner.chat import Context
from planner.choices import UNBOUND, field_of, pool
from planner.entries import Entry
from planner.errors import Refused
from planner.fields import EVENTS, Field
from planner.forms import Form, Input, form
from planner.plan import Condition, Not, Scope
from planner.windows import Window, instants

MOST_VALUES: Final = 50
"""Values that one input takes."""
LONGEST_TEXT: Final = 200
"""Characters of a keyword."""


class FormErrors(Refused):
    """A form can't be used as it was filled in.

    Attributes:
        errors: by the name of the input, the message's id and what it names.
    """

    def __init__(self, errors: Mapping[str, tuple[str, Mapping[str, Any]]]) -> None:
        super().__init__("form_error.check")
        self.errors = dict(errors)


def filled(
    field_name: str, values: Mapping[str, object], catalogue: Catalogue, context: Context
) -> Condition | Not:
    """The condition that the inputs of a field's form say.

    Values are strings or lists of strings, as from HTML, or JSON's numbers and booleans. Inputs
    that do not apply are passed over.

    Raises:
        FormErrors: all that is wrong, by input.
        Refused: "form.no_such_field".
    """
    declared = field_of(field_name, catalogue)
    reading = _Reading(declared, form(field_name, catalogue, "en"), catalogue, context)
    reading.read(values)
    reading.check()
    window = reading.window()
    if reading.errors:
        raise FormErrors(reading.errors)
    condition = reading.condition(window)
    return Not(item=condition) if reading.said.get("negated") else condition


@dataclass(slots=True)
class _Reading:
    """A form as it is read: what the inputs say, and what is wrong with them."""

    declared: Field
    shown: Form
    catalogue: Catalogue
    context: Context
    said: dict[str, Entry] = field(default_factory=dict)
    errors: dict[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)

    def wrong(self, name: str, message: str, **values: str | float) -> None:
        """Note what is wrong with an input; the first counts."""
        self.errors.setdefault(name, (message, values))

    def read(self, values: Mapping[str, object]) -> None:
        """Take in the values of all inputs that apply."""
        for name in values.keys() - {each.name for each in self.shown.inputs}:
            self.wrong(name, "form_error.no_such_input")
        for each in self.shown.inputs:
            if self._applies(each):
                try:
                    self._take(each, entries.given(values.get(each.name)))
                except Refused as refusal:
                    self.wrong(each.name, refusal.message_id, **refusal.values)

    def _applies(self, each: Input) -> bool:
        if each.when is None:
            return True
        name, wanted = each.when
        return self.said.get(name) in wanted

    def _take(self, each: Input, given: tuple[object, ...]) -> None:
        if not given:
            if each.required:
                raise Refused("form_error.required")
            return
        self.said[each.name] = self._entry(each, given)

    def _entry(self, each: Input, given: tuple[object, ...]) -> Entry:
        if each.kind == "choices":
            return self._limited(self._known(each, given))
        if each.kind == "text":
            return self._limited(tuple(self._line(each, line) for line in entries.lines(given)))
        if len(given) > 1:
            raise Refused("form_error.one")
        if each.kind == "choice":
            return self._known(each, given)[0]
        if each.kind == "number":
            return entries.number(given[0], each)
        return entries.day(given[0]) if each.kind == "date" else entries.flag(given[0])

    def _known(self, each: Input, given: tuple[object, ...]) -> tuple[str, ...]:
        said = self._limited(tuple(map(entries.text, given)))  # before any is looked up
        if each.name == "window" and windows.is_kept(said[0]):
            return said
        names = pool(self.declared, each.name, self.catalogue)
        other = self.catalogue.product_ids if each.name == "products" else {}
        found = {text: entries.known(text, names, other) for text in said}
        unknown = [text for text, name in found.items() if name is None]
        if unknown and each.name in UNBOUND and each.name != "window":
            raise Refused("form_error.unknown", names=" / ".join(unknown))
        if unknown:
            raise Refused("form_error.choice")
        return tuple(name for name in found.values() if name is not None)

    @staticmethod
    def _limited(texts: tuple[str, ...]) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(texts))
        if len(found) > MOST_VALUES:
            raise Refused("form_error.too_many", limit=MOST_VALUES)
        return found

    @staticmethod
    def _line(each: Input, line: str) -> str:
        if each.name == "days":
            return entries.month_day(line)
        if len(line) > LONGEST_TEXT:
            raise Refused("form_error.long", limit=LONGEST_TEXT)
        return line

    # ── what has to fit together ─────────────────────────────────────────────────────────────────

    def check(self) -> None:
        """Compare inputs with each other."""
        low, high = self.said.get("number"), self.said.get("upper")
        if isinstance(low, float) and isinstance(high, float) and high < low:
            self.wrong("upper", "form_error.upper", number=low)
        first, last = self.said.get("window_since"), self.said.get("window_until")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.wrong("window_until", "form_error.until")
        channels, events = self._texts("channels"), self._texts("events")
        existing = {event for name in channels or EVENTS for event in EVENTS[name]}
        if set(events) - existing:
            self.wrong("events", "form_error.events")

    def window(self) -> Window | None:
        """The window that is asked for, where it can be."""
        kind = str(self.said.get("window", windows.ANY))
        if any(name.startswith("window") for name in self.errors):
            return None
        try:
            window = windows.window_of({"window": kind, **self.said})
            return None if window is None else self._possible(window)
        except Refused as refusal:
            self.wrong(_place(kind), refusal.message_id, **refusal.values)
        except (OverflowError, ValueError):
            message = "choice" if windows.is_kept(kind) else "calendar"
            self.wrong(_place(kind), f"form_error.{message}")
        return None

    def _possible(self, window: Window) -> Window:
        instants(window, self.context.now, self.context.zone)  # fails beyond the calendar
        return answers.looked_back(window, self.declared, self.context)

    # ── the condition ────────────────────────────────────────────────────────────────────────────

    def _texts(self, name: str) -> tuple[str, ...]:
        said = self.said.get(name, ())
        return said if isinstance(said, tuple) else (str(said),)

    def condition(self, window: Window | None) -> Condition:
        """The condition, once nothing is wrong."""
        said = self.said
        texts = [name for name in ("values", "months", "days", "bands", "truth") if name in said]
        source = said.get("source")
        scope: dict[str, Any] = {"source": None if source == "any" else source}
        for part in ("products", "categories", "channels", "events", "campaigns"):
            scope[part] = self._texts(part)
        return Condition.model_validate(
            {
                "field": self.declared.name,
                "op": said.get("operator", self.declared.operators[0]),
                "number": said.get("next_days", said.get("number")),
                "upper": said.get("upper"),
                "texts": self._texts(texts[0]) if texts else (),
                "window": window,
                "scope": Scope.model_validate(scope),
            }
        )


def _place(kind: str) -> str:
    """The input that decides how far back a window of a kind goes."""
    if kind in (windows.LAST, windows.BEFORE):
        return "window_number"
    if kind in (windows.SINCE, windows.DATES):
        return "window_since"
    return "window_until" if kind == windows.UNTIL else "window"
