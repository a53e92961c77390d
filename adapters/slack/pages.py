"""The home page, the suggestions in an empty conversation, and how computing goes on."""

import asyncio
from dataclasses import dataclass
from typing import Final

from adapters.channel import Delivery
from adapters.slack.board import Board
from adapters.slack.clerk import Clerk
from adapters.slack.events import direct
from adapters.slack.manifest import prompts
from adapters.slack.permit import Person
from adapters.slack.place import Place
from adapters.slack.render import home
from adapters.slack.render.messages import WAITING, plan_message
from adapters.slack.workspaces import Workspaces, workspace_of
from adapters.slack.writer import Draft, Writer
from planner.chat import Role, SegmentCard

_NOTE: Final = "home"
_LOOKS_SECONDS: Final = 3.0
"""Between two looks at a segment that is being computed; Slack takes few changes a minute."""
_LOOKS: Final = 200


@dataclass(slots=True)
class Pages:
    """Shows what stands beside the conversation."""

    clerk: Clerk
    workspaces: Workspaces
    writer: Writer

    async def opened(self, person: Person) -> None:
        """Somebody opened the home page."""
        await self.clerk.desk.note(direct(person), _NOTE, {"opened": True})
        await self.publish(person)

    async def publish(self, person: Person) -> None:
        """Show the home page as it is now."""
        sheet = await self.clerk.sheet(person)
        if sheet is None:
            language = await self.clerk.language(person)
            view = home.stranger(language, person.who)
        else:
            view = home.home(sheet)
        workspace = await workspace_of(self.workspaces, person.team)
        await workspace.client.views_publish(user_id=person.user, view=view)

    async def suggest(self, person: Person, channel: str) -> None:
        """Suggest what to ask; a Slack that has no such suggestions is left in peace."""
        language = await self.clerk.language(person)
        workspace = await workspace_of(self.workspaces, person.team)
        await workspace.client.assistant_threads_setSuggestedPrompts(
            channel_id=channel, prompts=prompts(language)
        )

    async def refresh(self, delivery: Delivery) -> None:
        """The home page of whoever an answer about a segment went to, if they ever looked at it."""
        parts = delivery.who.removeprefix("slack:").partition("/")
        person = Person(parts[0], parts[2])
        if await self.clerk.desk.recall(direct(person), _NOTE):
            await self.publish(person)

    async def session(self, place: Place, status: str) -> None:
        """Whether the bot is at work, which gives the person a button to stop it."""
        await place.workspace.client.agents_sessions_setStatus(
            channel_id=place.channel, status=status, thread_ts=place.thread or None
        )

    async def follow(self, delivery: Delivery, place: Place, card: SegmentCard) -> None:
        """Say in the plan's message when computing begins."""
        role: Role = "viewer"
        for _ in range(_LOOKS):
            await asyncio.sleep(_LOOKS_SECONDS)
            board = await Board.read(self.clerk.desk, delivery)
            sheet = await self.clerk.desk.sheet(delivery.conversation, delivery.who, "", role)
            if board.plan_done or board.segment != card.segment_id or sheet is None:
                return
            now = next((s for s in sheet.context.segments if s.segment_id == card.segment_id), None)
            if now is None or now.status not in WAITING:
                return
            if now.status == "computing":
                await self._computing(delivery, place, card, board)
                return

    async def _computing(
        self, delivery: Delivery, place: Place, card: SegmentCard, board: Board
    ) -> None:
        moved_on = SegmentCard(
            card.segment_id, card.name, "computing", "", card.count, card.options, viewed=True
        )
        message = plan_message(delivery.answer, moved_on, chart=False)
        await self.writer.change(place, board.plan_ts, Draft(message))
