"""Forms as modals: confirming a plan, and changing it condition by condition without a sentence."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from adapters.slack.render.blocks import (
    MOST_OPTIONS,
    OPTION_VALUE,
    Block,
    actions,
    button,
    clipped,
    context,
    escaped,
    menu,
    option,
    plain,
    section,
)
from planner.choices import Choice
from planner.forms import Form, FormValue, Input
from planner.sheet import Line, Sheet, applying

NAME, PLAN, CONDITION = "name", "plan", "condition"
"""What a modal is for, by its callback id."""
VALUE: Final = "value"
"""The action id of every input; its block's id is the input's name."""
_LINES: Final = 90
_LABEL: Final = 2_000
_TYPED: Final = 3_000
Meta = dict[str, Any]
"""What a modal knows of itself: c(onversation), v(ersion), f(ield) and i(ndex) of a condition."""


def meta_of(view: Mapping[str, Any]) -> Meta:
    """What a modal was opened with."""
    found: Meta = json.loads(view.get("private_metadata") or "{}")
    return found


def _modal(kind: str, title: str, meta: Meta, blocks: Sequence[Block], **words: str) -> Block:
    labels = {name: plain(word, 24) for name, word in words.items() if word}
    return {
        "type": "modal",
        "callback_id": kind,
        "title": plain(title, 24),
        "private_metadata": json.dumps(meta, separators=(",", ":")),
        "blocks": list(blocks),
        **labels,
    }


def notice(title: str, text: str, meta: Meta | None = None) -> Block:
    """A modal that only says something."""
    return _modal("notice", title, meta or {}, [section(escaped(text))])


# ── confirming ───────────────────────────────────────────────────────────────────────────────────


def name_modal(sheet: Sheet, meta: Meta) -> Block:
    """Name, description, and which segments to leave out."""
    asked = sheet.naming()
    name = {"type": "plain_text_input", "action_id": VALUE, "max_length": asked.longest_name,
        "initial_value": clipped(asked.name, asked.longest_name)}  # fmt: skip
    description = {"type": "plain_text_input", "action_id": VALUE, "multiline": True,
        "max_length": asked.longest_description}  # fmt: skip
    blocks = [
        _input(NAME, sheet.say("sheet.name"), name),
        _input("description", sheet.say("sheet.description"), description, optional=True),
    ]
    if asked.excludable:
        offered = [option(s.name, s.segment_id) for s in asked.excludable]
        held = [each for each in offered if each["value"] in asked.excluded]
        chooser = _several(sheet, offered, held)
        chooser["max_selected_items"] = asked.most_excluded
        blocks.append(_input("exclude", sheet.say("sheet.exclude"), chooser, optional=True))
    words = {"submit": sheet.say("sheet.create"), "close": sheet.say("sheet.close")}
    return _modal(NAME, sheet.say("sheet.title.name"), meta, blocks, **words)


def excludable(sheet: Sheet, typed: str) -> list[Block]:
    """The segments that can be left out, by what was typed."""
    part = typed.strip().casefold()
    found = (s for s in sheet.naming().excludable if part in s.name.casefold())
    return [option(s.name, s.segment_id) for s in found][:MOST_OPTIONS]


def _several(sheet: Sheet, offered: list[Block], held: list[Block]) -> Block:
    """A menu of several; one that asks back where there are more than it can hold."""
    placeholder = sheet.say("card.choose_several")
    initial = held or None
    if 0 < len(offered) <= MOST_OPTIONS:
        return menu(
            "multi_static_select", VALUE, placeholder, options=offered, initial_options=initial
        )
    return menu(
        "multi_external_select", VALUE, placeholder, min_query_length=0, initial_options=initial
    )


def _input(
    name: str, label: str, element: Block, *, optional: bool = False, dispatch: bool = False
) -> Block:
    made: Block = {"type": "input", "block_id": name, "label": plain(label, _LABEL),
        "element": element, "optional": optional}  # fmt: skip
    return made | ({"dispatch_action": True} if dispatch else {})


# ── the plan ─────────────────────────────────────────────────────────────────────────────────────


def plan_modal(sheet: Sheet, meta: Meta) -> Block:
    """The conditions, each to be changed, turned round or removed; all or any; one more."""
    match, lines = sheet.plan()
    blocks: list[Block] = []
    if len(lines) > 1:
        blocks.append(_match(sheet, match))
    blocks += [_line(sheet, line) for line in lines[:_LINES]]
    if not lines:
        blocks.append(context(escaped(sheet.say("sheet.empty"))))
    groups = [
        {
            "label": plain(group.label, 75),
            "options": [option(f.label, coded(f.value)) for f in group.fields[:MOST_OPTIONS]],
        }
        for group in sheet.groups()
    ]
    adder = menu("static_select", "add", sheet.say("sheet.add"), option_groups=groups)
    blocks.append(actions([adder], "add"))
    title, close = sheet.say("sheet.title.edit"), sheet.say("sheet.done")
    return _modal(PLAN, title, meta, blocks, close=close)


def _match(sheet: Sheet, match: str) -> Block:
    offered = {key: option(sheet.say(f"sheet.match_of.{key}"), key) for key in ("all", "any")}
    radio = {"type": "radio_buttons", "action_id": "match", "options": [*offered.values()],
        "initial_option": offered[match]}  # fmt: skip
    return actions([radio], f"match:{match}")


def _line(sheet: Sheet, line: Line) -> Block:
    kinds = ("change", "flip", "remove") if line.field else ("flip", "remove")
    offered = [option(sheet.say(f"sheet.{kind}"), f"{kind}:{line.index}") for kind in kinds]
    overflow = {"type": "overflow", "action_id": "line", "options": offered}
    return section(escaped(clipped(line.text, 600)), overflow, f"line:{line.index}")


# ── a condition ──────────────────────────────────────────────────────────────────────────────────


def condition_modal(
    sheet: Sheet, shown: Form, meta: Meta, values: Mapping[str, FormValue] | None = None
) -> Block:
    """The form of one condition, with the inputs that apply to what is chosen so far."""
    deciding = {each.when[0] for each in shown.inputs if each.when} | {
        choice.when[0] for each in shown.inputs for choice in each.options if choice.when
    }
    inputs = applying(shown, values or {})
    blocks = [section(f"*{escaped(shown.label)}*")]
    for each in inputs:
        element = _element(sheet, each)
        optional = not each.required
        dispatch = each.name in deciding
        blocks.append(_input(each.name, each.label, element, optional=optional, dispatch=dispatch))
    blocks.append(actions([button("back", sheet.say("sheet.back"), "back")], "back"))
    title = sheet.say("sheet.title.condition")
    words = {"submit": sheet.say("sheet.save"), "close": sheet.say("sheet.close")}
    return _modal(CONDITION, title, meta, blocks, **words)


def _element(sheet: Sheet, each: Input) -> Block:
    if each.kind == "choice":
        offered = [_choice(choice) for choice in each.options[:MOST_OPTIONS]]
        held = next((o for o in offered if o["value"] == coded(str(each.value))), None)
        placeholder = sheet.say("card.choose")
        return menu("static_select", VALUE, placeholder, options=offered, initial_option=held)
    if each.kind == "choices":
        chosen = each.value if isinstance(each.value, tuple) else ()
        offered = [_choice(choice) for choice in each.options]
        held_all = [o for o in offered if o["value"] in {*map(coded, chosen)}]
        return _several(sheet, [] if each.search else offered, held_all)
    if each.kind == "flag":
        return _flag(each)
    if each.kind == "date":
        return _held({"type": "datepicker", "action_id": VALUE}, "initial_date", each.value)
    typed: Block = {"type": "plain_text_input", "action_id": VALUE, "max_length": _TYPED}
    if each.kind == "text":
        typed["multiline"] = True
    return _held(typed, "initial_value", _written(each.value))


def _choice(choice: Choice) -> Block:
    return option(choice.label, coded(choice.value))


def _flag(each: Input) -> Block:
    offered = option(each.label, "true")
    made: Block = {"type": "checkboxes", "action_id": VALUE, "options": [offered]}
    return made | ({"initial_options": [offered]} if each.value else {})


def _held(element: Block, name: str, value: FormValue) -> Block:
    return element | ({name: value} if value else {})


def _written(value: FormValue) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def suggestions(choices: Iterable[Choice]) -> list[Block]:
    """Choices that were asked for, as a menu takes them."""
    return [_choice(each) for each in choices][:MOST_OPTIONS]


def coded(value: str) -> str:
    """A value as an option carries it; a long one by what tells it apart."""
    if len(value) <= OPTION_VALUE and not value.startswith("~"):
        return value
    return "~" + hashlib.sha256(value.encode()).hexdigest()[:40]


def decoded(code: str, known: Iterable[str]) -> str:
    """The value of an option, of those known."""
    if not code.startswith("~"):
        return code
    return next((value for value in known if coded(value) == code), code)


# ── what was filled in ───────────────────────────────────────────────────────────────────────────


def said(view: Mapping[str, Any]) -> dict[str, FormValue]:
    """What the inputs of a modal hold, by their names; options as they are coded."""
    values = (view.get("state") or {}).get("values") or {}
    return {name: _entry(own[VALUE]) for name, own in values.items() if VALUE in own}


def _entry(element: Mapping[str, Any]) -> FormValue:
    kind = element["type"]
    if kind == "checkboxes":
        return bool(element.get("selected_options"))
    if kind.startswith("multi_"):
        return tuple(str(each["value"]) for each in element.get("selected_options") or ())
    if kind.endswith("_select"):
        chosen = element.get("selected_option")
        return None if chosen is None else str(chosen["value"])
    value = element.get("selected_date") if kind == "datepicker" else element.get("value")
    return None if value is None else str(value)
