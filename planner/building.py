"""The manual mode: a plan made and changed condition by condition, by forms and no sentence."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planner import explain, naming
from planner.catalogue import Catalogue
from planner.errors import Refused
from planner.filled import FormErrors, filled
from planner.forms import editable, form, form_json, forms, group_json
from planner.plan import AllOf, Condition, Not, Open
from planner.plan_edits import (
    AddItem,
    FlipItem,
    MatchItems,
    PlanEdit,
    RemoveItem,
    ReplaceItem,
    edited,
    listed,
)
from planner.state import Conversation
from planner.talk import Talk, show

_KEPT = 20


class Edit(BaseModel):
    """One change, as a form or a button sends it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["add", "replace", "remove", "flip", "match"]
    field: str = ""
    """For add and replace: whose form was filled in."""
    values: dict[str, Any] = Field(default_factory=dict)
    """The form's values by input."""
    index: int = 0
    """The condition's place among those listed, from 0."""
    match: Literal["all", "any"] = "all"


def build(talk: Talk, text: str) -> None:
    """Change the plan by an edit in JSON; what can't be used changes nothing and is told."""
    try:
        edit = Edit.model_validate_json(text)
        root = edited(talk.state.draft, _change(talk, edit))
    except ValidationError:
        talk.say("input.unknown_option")
    except FormErrors as wrong:
        shown = form(edit.field, talk.catalogue, talk.language)
        labels = {each.name: each.label for each in shown.inputs}
        for name, (message, values) in wrong.errors.items():
            text = talk.word(message, **values)
            talk.say("form_error.at", input=labels.get(name, name), text=text)
    except Refused as refusal:
        talk.say(refusal.message_id, **refusal.values)
    else:
        _take(talk, root)
    show(talk)
    if not talk.replies:
        talk.say("plan.empty")


def _change(talk: Talk, edit: Edit) -> PlanEdit:
    if edit.kind == "match":
        return MatchItems(match=edit.match)
    if edit.kind == "remove":
        return RemoveItem(index=edit.index)
    if edit.kind == "flip":
        return FlipItem(index=edit.index)
    node = filled(edit.field, edit.values, talk.catalogue, talk.context)
    return AddItem(node=node) if edit.kind == "add" else ReplaceItem(index=edit.index, node=node)


def _take(talk: Talk, root: AllOf) -> None:
    before = (*talk.state.before, talk.state.draft)[-_KEPT:]
    if talk.state.status in ("created", "finished", "failed"):
        naming.reopen(talk)
    talk.update(draft=root, before=before, touched=None, pending=None, unclear=(), status="idle")


# ── what there is to fill in ─────────────────────────────────────────────────────────────────────


def overview(state: Conversation, catalogue: Catalogue, language: str) -> dict[str, Any]:
    """The plan's conditions as they are edited, and every field that there is a form for."""
    match, items = listed(state.draft)
    return {
        "match": match,
        "conditions": [
            {
                "index": place,
                "field": editable(item, catalogue),
                "text": explain.explain(item, language),
            }
            for place, item in enumerate(items)
            if not isinstance(item, Open)
        ],
        "groups": [group_json(group) for group in forms(catalogue, language)],
    }


def one_form(
    state: Conversation, catalogue: Catalogue, language: str, field: str, index: int | None
) -> dict[str, Any]:
    """The form of a field, empty, or filled in with the condition at a place.

    Raises:
        Refused: there is no such field or condition, or it is not one of that field.
    """
    if index is None:
        return form_json(form(field, catalogue, language))
    _, items = listed(state.draft)
    if not 0 <= index < len(items):
        raise Refused("form.no_such_condition")
    item = items[index]
    own = editable(item, catalogue)
    if own is None or (field and field != own) or not isinstance(item, (Condition, Not)):
        raise Refused("form.no_such_condition")
    return form_json(form(own, catalogue, language, item))
