"""Messages written into Slack and changed there, each once, with plainer ones where it must be."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.models.metadata import Metadata

from adapters.slack.failures import BLOCKS, MESSAGE, PLACE, code_of
from adapters.slack.place import Place
from adapters.slack.render.blocks import TEXT, Block, clipped
from adapters.slack.render.messages import Message

_EVENT: Final = "divisi_answer"
_LOOKED_AT: Final = 50
_LOOKED_BACK_SECONDS: Final = 3_600


@dataclass(frozen=True, slots=True)
class Draft:
    """A message in the best form, and plainer ones for a Slack that refuses it."""

    best: Message
    plainer: Message | None = None

    @property
    def forms(self) -> list[Sequence[Block]]:
        """The blocks to try, in order; the last resort is none: text alone."""
        plainer = [] if self.plainer is None else [self.plainer.blocks]
        return [self.best.blocks, *plainer, ()] if self.best.blocks else [()]


@dataclass(slots=True)
class Writer:
    """Writes messages."""

    charts: dict[str, bool] = field(default_factory=dict)
    """Whether a workspace takes charts; it is found out by the first one."""

    async def post(self, place: Place, draft: Draft, key: str, *, again: bool) -> str:
        """Write a message and say when: its id.

        Slack has no retry key. Where it is not the first attempt, a message that carries the
        same `key` is looked for: the answer of an earlier attempt may have been lost.

        Raises:
            slack_sdk.errors.SlackApiError: Slack doesn't take it.
        """
        if again and (found := await self._written(place, key)):
            return found
        told = await self._try(
            place, draft, "chat_postMessage",
            thread_ts=place.thread or None,
            metadata=Metadata(event_type=_EVENT, event_payload={"key": key}),
            unfurl_links=False, unfurl_media=False,
        )  # fmt: skip
        return str(told["ts"])

    async def change(self, place: Place, ts: str, draft: Draft) -> bool:
        """Change a message; False where it is gone or can't be changed any more.

        Raises:
            slack_sdk.errors.SlackApiError: Slack doesn't take it.
        """
        try:
            await self._try(place, draft, "chat_update", ts=ts)
        except SlackApiError as error:
            if code_of(error) in MESSAGE | PLACE:
                return False
            raise
        return True

    async def _try(self, place: Place, draft: Draft, method: str, **more: Any) -> Any:
        call = getattr(place.workspace.client, method)
        text = clipped(draft.best.text, TEXT)
        for place_in_line, blocks in enumerate(draft.forms):
            try:
                return await call(channel=place.channel, text=text, blocks=list(blocks), **more)
            except SlackApiError as error:
                last = place_in_line == len(draft.forms) - 1
                if last or code_of(error) not in BLOCKS:
                    raise
                self.charts[place.workspace.team] = False
        raise AssertionError  # the last form has been answered or has raised

    async def _written(self, place: Place, key: str) -> str | None:
        """When a message with this key was written here lately; None if none was."""
        client, oldest = place.workspace.client, f"{time.time() - _LOOKED_BACK_SECONDS:.6f}"
        more: dict[str, Any] = {
            "channel": place.channel, "limit": _LOOKED_AT, "oldest": oldest,
            "include_all_metadata": True,
        }  # fmt: skip
        told = await (
            client.conversations_replies(ts=place.thread, **more)
            if place.thread
            else client.conversations_history(**more)
        )
        for each in told.get("messages") or ():
            payload = (each.get("metadata") or {}).get("event_payload") or {}
            if payload.get("key") == key:
                return str(each["ts"])
        return None
