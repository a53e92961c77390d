"""Forms that a button below the plan opens, and the one that confirms it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError

from adapters.slack.clerk import Clerk
from adapters.slack.events import Body, Heard, conversation_of, person_of, place_of
from adapters.slack.failures import code_of
from adapters.slack.permit import Person
from adapters.slack.render import forms
from adapters.slack.render.blocks import Block
from adapters.slack.render.forms import Meta
from adapters.slack.workspaces import Workspaces, workspace_of
from planner.chat import Chose, Named
from planner.errors import DivisiError, Unavailable
from planner.forms import FormValue
from planner.sheet import Sheet


@dataclass(slots=True)
class Modals:
    """Opens forms, and takes in what the one for the name says."""

    clerk: Clerk
    workspaces: Workspaces

    # ── opening ──────────────────────────────────────────────────────────────────────────────────

    async def open(self, body: Body) -> None:
        """A button below the plan: its form, or where there is none to fill in, what it says."""
        action, person = body["actions"][0], person_of(body)
        kind, version = str(action["action_id"]), _version(action)
        try:
            sheet = await self.clerk.sheet(person, conversation_of(body))
            view = _view(kind, version, sheet, _meta(body, version))
            if view is None:
                await self.clerk.take(_answered(body, kind, version))
            else:
                await self._show(person, body["trigger_id"], view)
        except SlackApiError as error:
            late = code_of(error) in ("expired_trigger_id", "exchanged_trigger_id")
            await self.whisper(body, "card.late" if late else "trouble.unavailable")
        except DivisiError:
            await self.whisper(body, "trouble.unavailable")

    async def _show(self, person: Person, trigger: str, view: Block) -> None:
        workspace = await workspace_of(self.workspaces, person.team)
        await workspace.client.views_open(trigger_id=trigger, view=view)

    async def whisper(self, body: Body, key: str) -> None:
        """A sentence that only the person sees."""
        person, (channel, thread, _) = person_of(body), place_of(body)
        workspace = await workspace_of(self.workspaces, person.team)
        await workspace.client.chat_postEphemeral(
            channel=channel,
            user=person.user,
            thread_ts=thread or None,
            text=await self.clerk.say(person, key),
        )

    # ── confirming ───────────────────────────────────────────────────────────────────────────────

    async def named(self, body: Body, ack: AsyncAck) -> None:
        """Name, description and exclusions: what is wrong stands at its input, else they count."""
        view, meta, person = body["view"], forms.meta_of(body["view"]), person_of(body)
        event = _named(forms.said(view), meta)
        try:
            wrong = await self._wrong(person, meta, event)
            if not wrong:
                event_id = f"view:{view['id']}"
                echo = meta.get("e", {})
                await self.clerk.take(Heard(person, meta["c"], event_id, event, echo=echo))
        except Unavailable:
            wrong = {forms.NAME: await self.clerk.say(person, "trouble.unavailable")}
        if wrong:
            await ack(response_action="errors", errors=placed(wrong, view))
        else:
            await ack()

    async def _wrong(self, person: Person, meta: Meta, event: Named) -> Mapping[str, str]:
        sheet = await self.clerk.sheet(person, meta["c"])
        if sheet is None:
            return {forms.NAME: await self.clerk.say(person, "role.stranger", who=person.who)}
        if not sheet.can_make:
            return {forms.NAME: sheet.say("role.no_make")}
        return sheet.name_errors(event.name, event.description, event.exclude)


def _view(kind: str, version: int, sheet: Sheet | None, meta: Meta) -> Block | None:
    """The form of a button; None for an old one, and where there is nothing to fill in."""
    if sheet is None or not sheet.can_make or sheet.version != version:
        return None
    if kind == "edit":
        return forms.plan_modal(sheet, meta)
    named = sheet.asks_name or (kind == "save_as" and sheet.state.editing is not None)
    return forms.name_modal(sheet, meta) if named else None


def _answered(body: Body, kind: str, version: int) -> Heard:
    """The button as an answer in the conversation, which says why there is no form."""
    channel, _, ts = place_of(body)
    moment = body["actions"][0].get("action_ts", "")
    event_id = f"tap:{channel}:{ts}:{kind}:{version}:{moment}"
    echo = _meta(body, version)["e"] | {"tapped": ts}
    event = Chose((kind,), version)
    return Heard(person_of(body), conversation_of(body), event_id, event, echo=echo)


def _version(action: Mapping[str, Any]) -> int:
    told = str(action.get("value") or "").partition("|")[0]
    return int(told) if told.isdecimal() else -1


def _meta(body: Body, version: int) -> Meta:
    channel, thread, _ = place_of(body)
    echo = {"channel": channel} | ({"thread": thread} if thread else {})
    return {"c": conversation_of(body), "v": version, "e": echo}


def _named(said: Mapping[str, FormValue], meta: Meta) -> Named:
    name, description = said.get(forms.NAME), said.get("description")
    exclude = said.get("exclude")
    return Named(
        name if isinstance(name, str) else "",
        description if isinstance(description, str) else "",
        exclude if isinstance(exclude, tuple) else (),
        meta["v"],
    )


def placed(wrong: Mapping[str, str], view: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong, at inputs that the form has: Slack takes no other."""
    blocks = [block["block_id"] for block in view.get("blocks", ()) if block["type"] == "input"]
    first = blocks[0] if blocks else forms.NAME
    at: dict[str, str] = {}
    for name, text in wrong.items():
        at.setdefault(name if name in blocks else first, text)
    return at
