"""An answer on its way into Slack: what is written, what is changed, what is remembered of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError

from adapters.channel import Delivery, Desk
from adapters.slack.board import Board, Open
from adapters.slack.failures import PLACE, TOKEN, code_of, meaning
from adapters.slack.place import Place, Places, user_of
from adapters.slack.render.blocks import escaped, sections
from adapters.slack.render.messages import (
    Message,
    file_text,
    is_plan,
    messages,
    settled_plan,
)
from adapters.slack.workspaces import Workspaces
from adapters.slack.writer import Draft, Writer
from planner.chat import FileReply, Question, SegmentCard, TextReply
from planner.errors import Unavailable
from planner.wording import say

_TROUBLE: Final = (SlackApiError, SlackRequestError, aiohttp.ClientError, OSError, TimeoutError)
After = Callable[[Delivery, Place, Board], Awaitable[None]]
"""What is done when an answer has been shown, and what must not stop it."""


@dataclass(slots=True)
class Sender:
    """Shows answers."""

    desk: Desk
    workspaces: Workspaces
    places: Places
    writer: Writer
    after: After

    async def send(self, delivery: Delivery) -> None:
        """Show an answer where its conversation is held; else in the person's direct messages.

        Raises:
            Unavailable: Slack doesn't answer, or wants to be left alone for a while.
            Refused: it never will take this.
        """
        try:
            place = await self.places.of(delivery)
            try:
                board = await self._show(delivery, place)
            except SlackApiError as error:
                if code_of(error) not in PLACE or place.direct or not delivery.who:
                    raise
                place = await self.places.direct(place.workspace, user_of(delivery.who))
                board = await self._show(_moved(delivery), place)
        except _TROUBLE as error:
            if code_of(error) in TOKEN:
                await self.workspaces.forget(delivery.conversation.split(":")[1])
            raise meaning(error) from error
        await self.after(delivery, place, board)

    async def _show(self, delivery: Delivery, place: Place) -> Board:
        board = await Board.read(self.desk, delivery)
        typed = bool(delivery.echo.get("said")) and not delivery.echo.get("tapped")
        alone = all(is_plan(reply, delivery.answer) for reply in delivery.answer.replies)
        in_place = board.plan_is_near(place) and not (typed and alone)
        await self._close_question(delivery, place, board)
        await self._settle_plan(delivery, place, board)
        for index, draft in enumerate(self._drafts(delivery, place, in_place=in_place)):
            if index >= board.shown:
                await self._put(delivery, place, board, index, draft, in_place=in_place)
                board.shown = index + 1
                await board.keep()
        return board

    def _drafts(self, delivery: Delivery, place: Place, *, in_place: bool) -> list[Draft]:
        asker = user_of(delivery.who) if delivery.news else ""
        quote = delivery.echo.get("quote", "")

        def made(*, chart: bool) -> list[Message]:
            return messages(delivery.answer, chart=chart, asker=asker, quote=quote, totals=in_place)

        charts = self.writer.charts.get(place.workspace.team, True)
        best, plainer = made(chart=charts), made(chart=False)
        if len(best) != len(plainer):
            return [Draft(one) for one in best]
        pairs = zip(best, plainer, strict=True)
        return [Draft(one, other if one != other else None) for one, other in pairs]

    async def _put(
        self, delivery: Delivery, place: Place, board: Board, index: int, draft: Draft,
        *, in_place: bool,
    ) -> None:  # fmt: skip
        if draft.best.kind == "file":
            await self._file(delivery, place, draft.best.file)
            return
        if draft.best.kind == "plan" and in_place and await self._in_place(place, board, draft):
            board.take_plan(place, board.plan_ts, draft.best, delivery.answer)
            return
        if draft.best.kind == "plan":
            await self._retire_plan(place, board)
        key = f"{delivery.id}:{index}"
        ts = await self.writer.post(place, draft, key, again=delivery.attempt > 1)
        board.count()
        if draft.best.kind == "plan":
            board.take_plan(place, ts, draft.best, delivery.answer)
        if draft.best.kind == "question":
            board.open = _open(delivery, place, ts, draft.best)

    async def _in_place(self, place: Place, board: Board, draft: Draft) -> bool:
        return await self.writer.change(place, board.plan_ts, draft)

    # ── what was shown before ────────────────────────────────────────────────────────────────────

    async def _close_question(self, delivery: Delivery, place: Place, board: Board) -> None:
        """The question that was open loses its buttons, and says what was chosen."""
        asked = board.open
        if asked is None or delivery.news or asked.stands(delivery.answer):
            return
        again = _slot(delivery) == asked.slot
        said = "" if again else delivery.echo.get("said", "")
        closed = asked.closed(said, user_of(delivery.who))
        await self.writer.change(replace(place, channel=asked.channel), asked.ts, Draft(closed))
        board.open = None
        await board.keep()

    async def _settle_plan(self, delivery: Delivery, place: Place, board: Board) -> None:
        """The plan's message says what became of its segment, or that it counts no more."""
        if not board.plan_ts or board.plan_done:
            return
        card = next((r for r in delivery.answer.replies if isinstance(r, SegmentCard)), None)
        where = replace(place, channel=board.plan_channel)
        if delivery.news and card is not None and card.viewed:
            await self.writer.change(
                where, board.plan_ts, Draft(settled_plan(delivery.answer, card))
            )
        elif delivery.answer.view is None and delivery.answer.version != board.plan_version:
            await self._retire_plan(where, board)
        else:
            return
        board.plan_done = True
        await board.keep()

    async def _retire_plan(self, place: Place, board: Board) -> None:
        """The plan goes on further down: what stands above has nothing to tap any more."""
        if board.plan_ts and not board.plan_done:
            where = replace(place, channel=board.plan_channel)
            await self.writer.change(where, board.plan_ts, Draft(board.bare_plan()))

    # ── files ────────────────────────────────────────────────────────────────────────────────────

    async def _file(self, delivery: Delivery, place: Place, file: FileReply | None) -> None:
        """A list of customers, which goes to the person alone."""
        if file is None:
            return
        language, path = delivery.answer.language, self.desk.exported(file.file)
        user = user_of(delivery.who)
        own = place if place.direct else await self.places.direct(place.workspace, user)
        if not await asyncio.to_thread(path.is_file):
            await self._tell(delivery, place, say(language, "card.file_gone"))
            return
        try:
            await own.workspace.client.files_upload_v2(
                channel=own.channel, thread_ts=own.thread or None, file=str(path),
                filename=file.file, title=file.name,
                initial_comment=escaped(file_text(file, language)),
            )  # fmt: skip
        except SlackApiError as error:
            if isinstance(meaning(error), Unavailable):
                raise
            await self._link(delivery, own, file)  # a workspace may not take files
        if own is not place:
            await self._tell(delivery, place, say(language, "card.file_sent"))

    async def _link(self, delivery: Delivery, own: Place, file: FileReply) -> None:
        """An address to fetch the list from, where Slack doesn't take it."""
        language = delivery.answer.language
        link = await self.desk.link(delivery.who, file.file)
        if link is None:
            await self._tell(delivery, own, say(language, "card.no_link"))
            return
        lines = [f"<{link}|{escaped(file_text(file, language))}>", say(language, "card.link_note")]
        message = Message("text", lines[1], tuple(sections(lines)))
        key = f"{delivery.id}:link"
        await self.writer.post(own, Draft(message), key, again=delivery.attempt > 1)

    async def _tell(self, delivery: Delivery, place: Place, text: str) -> None:
        told = messages(replace(delivery.answer, replies=(TextReply(text),), view=None))
        key = f"{delivery.id}:told"
        await self.writer.post(place, Draft(told[0]), key, again=delivery.attempt > 1)


def _open(delivery: Delivery, place: Place, ts: str, message: Message) -> Open:
    answer = delivery.answer
    blocks = list(message.blocks)
    return Open(place.channel, ts, blocks, _slot(delivery), answer.version, answer.status)


def _slot(delivery: Delivery) -> str:
    """What the answer asks for, if it asks."""
    asked = [reply for reply in delivery.answer.replies if isinstance(reply, Question)]
    return asked[-1].slot if asked else ""


def _moved(delivery: Delivery) -> Delivery:
    """The same with a line on why it comes here."""
    note = TextReply(say(delivery.answer.language, "card.moved"))
    answer = replace(delivery.answer, replies=(note, *delivery.answer.replies))
    echo: dict[str, Any] = {k: v for k, v in delivery.echo.items() if k == "quote"}
    return replace(delivery, answer=answer, echo=echo)
