"""What is heard from Slack: verified, and kept. No listener does more than that.

The acknowledgement goes out once an event is in the inbox, so that Slack sends again what was not
kept. Forms are opened beside it, since Slack gives three seconds for that.
"""

import re
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.response import BoltResponse

from adapters.slack import events
from adapters.slack.background import Background
from adapters.slack.clerk import Clerk
from adapters.slack.editing import Editing
from adapters.slack.events import Body, Heard
from adapters.slack.manifest import COMMAND, SHORTCUT
from adapters.slack.modals import Modals
from adapters.slack.pages import Pages
from adapters.slack.permit import Person
from adapters.slack.render import forms
from adapters.slack.workspaces import Authorize, Workspaces, quiet
from planner.chat import Began
from planner.errors import Unavailable


@dataclass(slots=True)
class Listeners:
    """What is done with each thing that Slack sends."""

    clerk: Clerk
    workspaces: Workspaces
    pages: Pages
    modals: Modals
    editing: Editing
    background: Background

    def register(self, app: AsyncApp) -> None:
        """Hand them to Bolt."""
        for kind in ("message", "app_mention"):
            app.event(kind)(self.message)
        app.event("app_home_opened")(self.home)
        app.event("agent_session_stopped")(self.stopped)
        app.event("app_uninstalled")(self.uninstalled)
        app.event("tokens_revoked")(self.revoked)
        app.event(re.compile(""))(self.ignored)
        app.command(COMMAND)(self.command)
        app.shortcut(SHORTCUT)(self.shortcut)
        app.action(re.compile("^(apply|edit|save_as)$"))(self.form)
        app.action(re.compile(f"^(match|line|add|back|{forms.VALUE})$"))(self.in_form)
        app.action(re.compile(""))(self.tap)
        app.view(forms.NAME)(self.named)
        app.view(forms.CONDITION)(self.filled)
        app.view(re.compile(""))(self.ignored)
        app.options(forms.VALUE)(self.options)
        app.error(self.failed)

    # ── said and tapped ──────────────────────────────────────────────────────────────────────────

    async def message(self, body: Body, context: AsyncBoltContext) -> None:
        """A message or mention."""
        await self.clerk.take(events.message(body, context.bot_user_id or ""))

    async def tap(self, body: Body, ack: AsyncAck) -> None:
        """A button or menu; what is only chosen in a menu of several waits for its button."""
        heard = events.tapped(body)
        await self.clerk.take(heard)
        await ack()
        if heard is None and body["actions"][0].get("action_id") == "done":  # nothing is chosen
            self.background.start(self.modals.whisper(body, "card.choose_several"))

    async def command(self, body: Body, ack: AsyncAck) -> None:
        """`/segment …`, answered in direct messages."""
        heard = events.command(body)
        try:
            await self.clerk.take(heard)
        except Unavailable:
            await ack(text=await self.clerk.say(heard.person, "trouble.unavailable"))
            return
        here = events.is_direct(str(body.get("channel_id") or ""))
        if here:
            await ack()
        else:
            await ack(text=await self.clerk.say(heard.person, "card.private"))

    async def shortcut(self, body: Body, ack: AsyncAck) -> None:
        """A message that is to become a request."""
        await self.clerk.take(events.shortcut(body))
        await ack()

    async def stopped(self, body: Body) -> None:
        """The person stopped what the bot is at."""
        await self.clerk.take(events.stopped(body))

    # ── pages and forms ──────────────────────────────────────────────────────────────────────────

    async def home(self, body: Body) -> None:
        """The home page, or the conversation, was opened."""
        event = body["event"]
        person = Person(events.team_of(body), str(event["user"]))
        if event.get("tab") == "home":
            self.background.start(self.pages.opened(person))
            return
        channel = str(event.get("channel") or "")
        if event.get("tab") == "messages" and channel:
            self.background.start(self._welcome(person, channel))

    async def _welcome(self, person: Person, channel: str) -> None:
        """Say hello to whoever was never here, and suggest what to ask."""
        sheet = await self.clerk.sheet(person)
        if sheet is not None and not sheet.begun:
            conversation = events.direct(person)
            event_id = f"welcome:{person.team}:{person.user}"
            echo = {"channel": channel}
            await self.clerk.take(Heard(person, conversation, event_id, Began(), echo=echo))
        await self.pages.suggest(person, channel)

    async def form(self, body: Body, ack: AsyncAck) -> None:
        """A button that opens a form."""
        await ack()
        self.background.start(self.modals.open(body))

    async def in_form(self, body: Body, ack: AsyncAck) -> None:
        """Something tapped in a form."""
        await ack()
        self.background.start(self.editing.tapped(body))

    async def named(self, body: Body, ack: AsyncAck) -> None:
        """The form that confirms a plan."""
        await self.modals.named(body, ack)

    async def filled(self, body: Body, ack: AsyncAck) -> None:
        """The form of a condition."""
        await self.editing.filled(body, ack)

    async def options(self, body: Body, ack: AsyncAck) -> None:
        """What a menu offers."""
        await ack(options=await self.editing.options(body))

    # ── the rest ─────────────────────────────────────────────────────────────────────────────────

    async def uninstalled(self, body: Body) -> None:
        """The app was removed."""
        await self.workspaces.forget(events.team_of(body))

    async def revoked(self, body: Body) -> None:
        """Tokens were revoked; those of people are none that Divisi has."""
        if (body["event"].get("tokens") or {}).get("bot"):
            await self.workspaces.forget(events.team_of(body))

    async def ignored(self, ack: AsyncAck) -> None:
        """Nothing that concerns the bot."""
        await ack()

    async def failed(self, error: Exception) -> BoltResponse:
        """What could not be kept is to be sent again."""
        from structlog import get_logger  # noqa: PLC0415 - takes a while to load

        get_logger().warning("slack event not kept", error=type(error).__name__)
        return BoltResponse(status=503 if isinstance(error, Unavailable) else 500, body="")


def make_app(
    listeners: Listeners, workspaces: Workspaces, secret: str, flow: AsyncOAuthFlow | None
) -> AsyncApp:
    """Bolt, which verifies each request and finds the listener for it."""
    app = AsyncApp(
        name="divisi",
        logger=quiet(),
        signing_secret=secret,
        authorize=Authorize(workspaces),  # type: ignore[arg-type] # it is called with keywords
        oauth_flow=flow,
        # A listener's work is done before the acknowledgement, so nothing acknowledged is lost.
        process_before_response=True,
    )
    listeners.register(app)
    return app
