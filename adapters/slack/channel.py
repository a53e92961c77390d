"""Slack as a channel of the program: the parts put together, requests and sockets let in."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

import aiohttp
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.errors import SlackApiError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adapters.channel import Delivery, Desk
from adapters.slack.app import Listeners, make_app
from adapters.slack.background import Background
from adapters.slack.board import Board
from adapters.slack.clerk import Clerk
from adapters.slack.editing import Editing
from adapters.slack.failures import meaning
from adapters.slack.install import Seal, SealedStore, make_tables, oauth_flow
from adapters.slack.manifest import EVENTS_PATH
from adapters.slack.modals import Modals
from adapters.slack.pages import Pages
from adapters.slack.people import People
from adapters.slack.permit import Rules
from adapters.slack.place import Place, Places
from adapters.slack.render.messages import WAITING
from adapters.slack.send import Sender
from adapters.slack.settings import Settings
from adapters.slack.workspaces import (
    Dialer,
    InstalledWorkspaces,
    OneWorkspace,
    Workspaces,
    quiet,
)
from adapters.slack.writer import Writer
from planner.chat import SegmentCard
from planner.errors import Misconfigured, Unavailable

_SOCKETS: Final = 2
"""Connections, so that one is there while the other is renewed."""
_PING_SECONDS: Final = 5.0
_AGAIN_SECONDS: Final = 5.0
_LARGEST_BODY: Final = 1 << 20


@dataclass(slots=True)
class SlackChannel:
    """Slack, connected."""

    settings: Settings
    app: AsyncApp
    dialer: Dialer
    sender: Sender

    def routes(self) -> Sequence[BaseRoute]:
        """Where requests and installations arrive; none without a signing secret."""
        if not self.settings.signing_secret.get_secret_value():
            return ()
        handler = AsyncSlackRequestHandler(self.app)

        async def handle(request: Request) -> Response:
            size = request.headers.get("content-length", "")
            if request.method == "POST" and not (size.isdecimal() and int(size) <= _LARGEST_BODY):
                return Response(status_code=413)
            return await handler.handle(request)

        made = [Route(EVENTS_PATH, handle, methods=["POST"])]
        if (flow := self.app.oauth_flow) is not None:
            paths = (flow.install_path, flow.redirect_uri_path)
            made += [Route(path, handle, methods=["GET"]) for path in paths]
        return made

    async def send(self, delivery: Delivery) -> None:
        """Show an answer.

        Raises:
            Unavailable: Slack doesn't answer; it is tried again later.
            Refused: it never will be shown.
        """
        await self.sender.send(delivery)

    async def listen(self, stop: asyncio.Event) -> None:
        """Hear what arrives over Socket Mode until `stop` is set.

        Raises:
            Misconfigured: Slack does not know the app-level token.
        """
        token = self.settings.app_token.get_secret_value()
        if not token:
            return
        if not await self._reached(token, stop):
            return
        handlers = [self._socket(token) for _ in range(_SOCKETS)]
        try:
            await asyncio.gather(*(_connect(handler) for handler in handlers))
            await stop.wait()
        finally:
            for handler in handlers:
                await handler.client.close()  # type: ignore[no-untyped-call]

    def _socket(self, token: str) -> AsyncSocketModeHandler:
        return AsyncSocketModeHandler(
            self.app,
            token,
            logger=quiet(),
            web_client=self.dialer.client(token),
            ping_interval=_PING_SECONDS,
        )

    async def _reached(self, token: str, stop: asyncio.Event) -> bool:
        """Wait until Slack answers; False if that is to be stopped before."""
        while not stop.is_set():
            try:
                await self.dialer.client(token).apps_connections_open(app_token=token)
            except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
                if not isinstance(meaning(error), Unavailable):
                    raise Misconfigured(
                        "Slack does not accept SLACK_APP_TOKEN. Make an app-level token with the"
                        " scope connections:write."
                    ) from error
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _AGAIN_SECONDS)
            else:
                return True
        return False


@contextlib.asynccontextmanager
async def connected(settings: Settings, desk: Desk) -> AsyncIterator[SlackChannel]:
    """Slack, connected; let go at the end.

    Raises:
        Misconfigured: the settings don't go together.
        Unavailable: the store of installations does not answer.
    """
    settings.check()
    background = Background()
    async with aiohttp.ClientSession() as session:
        dialer = Dialer(settings.api, session)
        workspaces, flow = await _workspaces(settings, desk, dialer)
        try:
            yield _put_together(settings, desk, dialer, workspaces, background, flow)
        finally:
            await background.end()


async def _workspaces(
    settings: Settings, desk: Desk, dialer: Dialer
) -> tuple[Workspaces, AsyncOAuthFlow | None]:
    if not settings.by_oauth:
        return OneWorkspace(dialer, settings.bot_token.get_secret_value()), None
    seal = Seal(settings.token_key.get_secret_value())
    store = SealedStore(settings.client_id, desk.engine, seal)
    flow, states = oauth_flow(settings, dialer.client(), store)
    await make_tables(store, states)
    return InstalledWorkspaces(dialer, store), flow


def _put_together(
    settings: Settings,
    desk: Desk,
    dialer: Dialer,
    workspaces: Workspaces,
    background: Background,
    flow: AsyncOAuthFlow | None,
) -> SlackChannel:
    rules = Rules(settings.users, settings.groups, settings.channels, settings.role)
    people, writer = People(rules, workspaces), Writer()
    clerk = Clerk(desk, people)
    pages, modals = Pages(clerk, workspaces, writer), Modals(clerk, workspaces)
    editing = Editing(clerk, workspaces, background)
    listeners = Listeners(clerk, workspaces, pages, modals, editing, background)
    app = make_app(listeners, workspaces, settings.signing_secret.get_secret_value(), flow)

    async def after(delivery: Delivery, place: Place, board: Board) -> None:
        _beside(pages, background, delivery, place, board)

    sender = Sender(desk, workspaces, Places(workspaces), writer, after)
    return SlackChannel(settings, app, dialer, sender)


def _beside(
    pages: Pages, background: Background, delivery: Delivery, place: Place, board: Board
) -> None:
    """What is done beside an answer about a segment, and must not hold it up."""
    cards = [reply for reply in delivery.answer.replies if isinstance(reply, SegmentCard)]
    if not cards:
        return
    waiting = cards[-1].status in WAITING
    background.start(pages.refresh(delivery))
    if place.direct:
        background.start(pages.session(place, "processing" if waiting else "active"))
    if waiting and board.segment == cards[-1].segment_id:
        background.start(pages.follow(delivery, place, cards[-1]))


async def _connect(handler: AsyncSocketModeHandler) -> None:
    await handler.client.connect()  # type: ignore[no-untyped-call]
