"""The plan changed on forms, condition by condition, without a sentence."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.slack.background import Background
from adapters.slack.clerk import Clerk
from adapters.slack.events import Body, Heard, person_of
from adapters.slack.modals import placed
from adapters.slack.render import forms
from adapters.slack.render.blocks import Block
from adapters.slack.render.forms import Meta
from adapters.slack.workspaces import Workspaces, workspace_of
from planner.building import Edit
from planner.chat import Built
from planner.errors import DivisiError, Refused, Unavailable
from planner.forms import FormValue
from planner.sheet import Sheet

_LOOKS: Final = 120
_POLL_SECONDS: Final = 0.05


@dataclass(slots=True)
class Editing:
    """What happens in the form of the plan and in that of a condition."""

    clerk: Clerk
    workspaces: Workspaces
    background: Background

    async def tapped(self, body: Body) -> None:
        """Something was tapped in one of them."""
        try:
            await self._tapped(body)
        except DivisiError:
            await self._notice(body, "trouble.unavailable")

    async def _tapped(self, body: Body) -> None:
        action, view, meta = body["actions"][0], body["view"], forms.meta_of(body["view"])
        sheet = await self.clerk.sheet(person_of(body), meta["c"])
        kind, value = str(action["action_id"]), _chosen(action)
        edit = _edit(kind, value)
        if sheet is None or not sheet.can_make:
            await self._notice(body, "role.no_make")
        elif edit is not None:
            event_id = f"view:{view['id']}:{value}:{action.get('action_ts', '')}"
            await self._change(body, meta, edit, event_id)
            await self._refresh(body, meta, event_id)
        else:
            await self._update(body, _next(kind, value, sheet, view))

    async def filled(self, body: Body, ack: AsyncAck) -> None:
        """The form of a condition: what is wrong stands at its input, else the plan changes."""
        view, meta = body["view"], forms.meta_of(body["view"])
        event_id = f"view:{view['id']}:{view.get('hash', '')}"
        try:
            sheet = await self.clerk.sheet(person_of(body), meta["c"])
            values = {} if sheet is None else _decoded(sheet, view)
            wrong = _wrong(sheet, meta, values)
            if not wrong:
                await self._change(body, meta, _filled(meta, values), event_id)
        except Unavailable:
            wrong = {"": "trouble.unavailable"}
        if wrong:
            told = {name: await self._worded(body, text) for name, text in wrong.items()}
            await ack(response_action="errors", errors=placed(told, view))
            return
        await ack(response_action="update", view=await self._saving(body, meta))
        self.background.start(self._refresh(body, meta, event_id))

    async def options(self, body: Body) -> list[Block]:
        """The choices of a menu, by what was typed into it."""
        meta, typed = forms.meta_of(body["view"]), str(body.get("value") or "")
        sheet = await self.clerk.sheet(person_of(body), meta["c"])
        if sheet is None:
            return []
        if body["view"]["callback_id"] == forms.NAME:
            return forms.excludable(sheet, typed)
        return forms.suggestions(sheet.options(meta["f"], str(body["block_id"]), typed))

    async def _change(self, body: Body, meta: Meta, edit: Edit, event_id: str) -> None:
        event = Built(edit.model_dump_json(), meta["v"])
        echo = meta.get("e", {})
        await self.clerk.take(Heard(person_of(body), meta["c"], event_id, event, echo=echo))

    async def _refresh(self, body: Body, meta: Meta, event_id: str) -> None:
        """Show the plan's form as it is after an event, once that has been handled."""
        for _ in range(_LOOKS):
            if await self.clerk.desk.answered(meta["c"], event_id):
                sheet = await self.clerk.sheet(person_of(body), meta["c"])
                if sheet is not None:
                    own = _own(meta) | {"v": sheet.version}
                    await self._update(body, forms.plan_modal(sheet, own))
                return
            await asyncio.sleep(_POLL_SECONDS)
        await self._notice(body, "trouble.kept")

    async def _saving(self, body: Body, meta: Meta) -> Block:
        person = person_of(body)
        title = await self.clerk.say(person, "sheet.title.edit")
        return forms.notice(title, await self.clerk.say(person, "sheet.saving"), meta)

    async def _notice(self, body: Body, key: str) -> None:
        person = person_of(body)
        title = await self.clerk.say(person, "sheet.title.edit")
        await self._update(body, forms.notice(title, await self.clerk.say(person, key)))

    async def _worded(self, body: Body, text: str) -> str:
        """A sentence, which may be there already."""
        if text in ("trouble.unavailable", "role.no_make"):
            return await self.clerk.say(person_of(body), text)
        return text

    async def _update(self, body: Body, view: Block) -> None:
        workspace = await workspace_of(self.workspaces, person_of(body).team)
        await workspace.client.views_update(view_id=body["view"]["id"], view=view)


def _next(kind: str, value: str, sheet: Sheet, view: Mapping[str, Any]) -> Block:
    """The form that a tap leads to."""
    meta = forms.meta_of(view)
    if kind == forms.VALUE:  # other inputs may apply now
        shown = sheet.form(meta["f"], meta.get("i"))
        return forms.condition_modal(sheet, shown, meta, _decoded(sheet, view))
    if kind == "add":
        known = (choice.value for group in sheet.groups() for choice in group.fields)
        return _condition(sheet, _own(meta) | {"f": forms.decoded(value, known)})
    if kind == "line" and value.startswith("change:"):
        index = int(value.partition(":")[2])
        field = next((line.field for line in sheet.plan()[1] if line.index == index), None)
        if field is not None:
            return _condition(sheet, _own(meta) | {"f": field, "i": index})
    return forms.plan_modal(sheet, _own(meta))


def _condition(sheet: Sheet, meta: Meta) -> Block:
    return forms.condition_modal(sheet, sheet.form(meta["f"], meta.get("i")), meta)


def _own(meta: Meta) -> Meta:
    """What the plan's form knows of itself, of what a condition's knows."""
    return {name: value for name, value in meta.items() if name in ("c", "v", "e")}


def _wrong(sheet: Sheet | None, meta: Meta, values: Mapping[str, FormValue]) -> Mapping[str, str]:
    if sheet is None or not sheet.can_make:
        return {"": "role.no_make"}
    try:
        return sheet.form_errors(meta["f"], values)
    except Refused as refusal:
        return {"": sheet.say(refusal.message_id, **refusal.values)}


def _edit(kind: str, value: str) -> Edit | None:
    """The change of the plan that a tap is; None where it only leads to another form."""
    if kind == "match" and value in ("all", "any"):
        return Edit(kind="match", match="any" if value == "any" else "all")
    what, _, index = value.partition(":")
    if kind == "line" and what in ("flip", "remove"):
        return Edit(kind="flip" if what == "flip" else "remove", index=int(index))
    return None


def _filled(meta: Meta, values: Mapping[str, FormValue]) -> Edit:
    plain = json.loads(json.dumps(dict(values)))
    if meta.get("i") is None:
        return Edit(kind="add", field=meta["f"], values=plain)
    return Edit(kind="replace", field=meta["f"], values=plain, index=meta["i"])


def _decoded(sheet: Sheet, view: Mapping[str, Any]) -> dict[str, FormValue]:
    """What a condition's form says, with options as the values that they stand for."""
    meta = forms.meta_of(view)
    shown = {each.name: each for each in sheet.form(meta["f"], meta.get("i")).inputs}
    values: dict[str, FormValue] = {}
    for name, value in forms.said(view).items():
        if name not in shown:
            continue
        held = shown[name].value
        coded = shown[name].options and any(each.startswith("~") for each in _texts(value))
        known = (*_texts(held), *sheet.every_option(meta["f"], name)) if coded else ()
        values[name] = _opened(value, known)
    return values


def _texts(value: FormValue) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def _opened(value: FormValue, known: tuple[str, ...]) -> FormValue:
    if isinstance(value, tuple):
        return tuple(forms.decoded(each, known) for each in value)
    return forms.decoded(value, known) if isinstance(value, str) and known else value


def _chosen(action: Mapping[str, Any]) -> str:
    return str((action.get("selected_option") or action).get("value") or "")
