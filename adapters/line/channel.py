"""LINE as the program sees it: webhooks in, answers out. Only operators exist for it."""

import asyncio
import contextlib
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from adapters.channel import Delivery, Desk, Incoming
from adapters.line import asides, events, held, webhook
from adapters.line.api import Api, QuotaUsed
from adapters.line.events import Friended, Heard, Unreadable
from adapters.line.held import Quota
from adapters.line.render.answers import Beside, messages
from adapters.line.render.plans import Editable
from adapters.line.send import SINCE, TOKEN, Outgoing, is_young, send
from adapters.line.settings import Settings
from adapters.line.taps import Done, More, Picked, Rewriting, Tick
from planner.chat import Began, Built, Chose, Event, FileReply, Question, Said
from planner.errors import DivisiError, Unavailable
from planner.wording import say

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

Json = dict[str, Any]
PATIENCE_SECONDS: Final = 0.3
"""How long an answer may take before the loading animation is shown."""
_CHANGING: Final = "changing"
_PAIRED: Final = "paired"
_EVENTS: Final = (Said, Chose, Built, Began)


@dataclass(slots=True)
class LineChannel:
    """All official accounts of an installation."""

    settings: Settings
    desk: Desk
    accounts: tuple[Api, ...]
    _quotas: dict[str, Quota] = field(default_factory=dict)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    # ── in ───────────────────────────────────────────────────────────────────────────────────────

    def routes(self) -> "Sequence[BaseRoute]":
        """Where LINE sends what happens."""
        return (webhook.route(self.accounts, self._take),)

    async def listen(self, stop: asyncio.Event) -> None:
        """Nothing is heard over a socket."""

    async def close(self) -> None:
        """Let go of what is under way beside the answers."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take(self, api: Api, account: str, found: list[Json]) -> None:
        for event in found:
            heard = events.read(event, account, self.settings.groups)
            if heard is not None:
                await self._hear(api, heard)

    async def _hear(self, api: Api, heard: Heard) -> None:
        if isinstance(heard.act, Friended) and self.settings.track_friends:
            await self.desk.friend(heard.user, followed=heard.act.followed, at=heard.at)
        if not await self.desk.is_stranger(heard.who) and await self.desk.role(heard.who):
            await self._operator(api, heard)
        elif isinstance(heard.act, Said) and heard.alone:
            await self._stranger(api, heard, heard.act.text)

    async def _stranger(self, api: Api, heard: Heard, text: str) -> None:
        """A customer, unless the text is an admin's code; nobody else gets any answer."""
        role = await self.desk.pair(heard.who, text)
        if role is None:
            return
        await self._accept(heard, Began(), {_PAIRED: role})
        self._beside(self._introduce(api, heard))

    async def _introduce(self, api: Api, heard: Heard) -> None:
        profile = await api.profile(heard.user)
        await self.desk.call(heard.who, profile.name)
        await asides.note_locale(self.desk, heard.conversation, profile.locale)

    async def _operator(self, api: Api, heard: Heard) -> None:
        act = heard.act
        if isinstance(act, (Tick, More)):
            self._beside(asides.turn_page(api, self.desk, heard, act))
        elif isinstance(act, Rewriting):
            await asides.open_words(self.desk, heard.conversation, act)
        elif isinstance(act, Unreadable):
            self._beside(asides.say_so(api, self.desk, heard, "text_only"))
        elif isinstance(act, Friended):
            if act.followed:
                await self._accept(heard, Began())
        else:
            await self._event(api, heard)

    async def _event(self, api: Api, heard: Heard) -> None:
        event = await self._told(heard)
        if event is None:
            key = "tick_first" if isinstance(heard.act, Done) else "no_dates"
            self._beside(asides.say_so(api, self.desk, heard, key))
            return
        changing = isinstance(event, Chose) and event.ids == ("edit",)
        if await self._accept(heard, event, {_CHANGING: "yes"} if changing else {}) and heard.alone:
            self._beside(self._think(api, heard))

    async def _told(self, heard: Heard) -> Event | None:
        """What a person's act is to the program; None for what can't be done."""
        act = heard.act
        if isinstance(act, Done):
            ticked = await asides.ticked(self.desk, heard.conversation, act.version)
            return Chose(ticked, act.version) if ticked else None
        if isinstance(act, Picked):
            return await asides.dated(self.desk, heard, act)
        if isinstance(act, Said):
            return await asides.about(self.desk, heard.conversation, act)
        await asides.close_words(self.desk, heard.conversation)
        return act if isinstance(act, _EVENTS) else None

    async def _accept(
        self, heard: Heard, event: Event, echo: Mapping[str, str] | None = None
    ) -> bool:
        carried = {TOKEN: heard.token, SINCE: asides.since(heard), **(echo or {})}
        locale = await asides.locale(self.desk, heard.conversation)
        return await self.desk.accept(
            Incoming(heard.conversation, heard.event_id, event, heard.who, locale, echo=carried)
        )

    async def _think(self, api: Api, heard: Heard) -> None:
        """Show that an answer is being made, if it isn't there soon."""
        await asyncio.sleep(PATIENCE_SECONDS)
        if not await self.desk.answered(heard.conversation, heard.event_id):
            await api.think(heard.user)

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that nobody waits for; what goes wrong with it changes nothing."""

        async def quietly() -> None:
            with contextlib.suppress(DivisiError):
                await work

        task = asyncio.create_task(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ── out ──────────────────────────────────────────────────────────────────────────────────────

    async def send(self, delivery: Delivery) -> None:
        """Show an answer, to operators alone.

        Raises:
            Unavailable: LINE does not answer; it is tried again later.
            Refused: it never will be shown.
        """
        if await self.desk.role(delivery.who) is None:
            return
        account, place = events.place_of(delivery.conversation)
        api = await self._api(account)
        quota = self._quotas.setdefault(account, Quota(api))
        replied = is_young(delivery.echo)
        if not replied and await quota.left() == 0:
            await held.hold(self.desk, delivery)
            return
        waited = await held.held(self.desk, delivery.conversation) if replied else []
        made = await self._messages(delivery, place, quota, waited)
        try:
            await send(api, self.desk, Outgoing(delivery, place, made))
        except QuotaUsed:
            quota.used_up()
            await held.hold(self.desk, delivery)
            return
        if waited:
            await held.released(self.desk, delivery.conversation)
        if not replied:
            quota.pushed()

    async def _api(self, account: str) -> Api:
        """The API of a bot.

        Raises:
            Unavailable: no account that is set up is that bot's, or LINE does not say.
        """
        known = [each for each in self.accounts if each.bot == account]
        for each in known or self.accounts:
            if (each.bot or await each.bot_id()) == account:
                return each
        raise Unavailable("No LINE account that is set up has this conversation.")

    async def _messages(
        self, delivery: Delivery, place: str, quota: Quota, waited: Sequence[Any]
    ) -> list[Json]:
        beside = await self._what_is_beside(delivery, place, quota, waited=bool(waited))
        for reply in delivery.answer.replies:
            if isinstance(reply, Question):
                await asides.note_question(self.desk, delivery.conversation, delivery.answer)
        if not waited:
            return messages(delivery.answer, beside)
        return asides.with_waited(waited, delivery.answer, beside)

    async def _what_is_beside(
        self, delivery: Delivery, place: str, quota: Quota, *, waited: bool
    ) -> Beside:
        answer, echo = delivery.answer, delivery.echo
        role = echo.get(_PAIRED, "")
        before = [self._paired(answer.language, role)] if role else []
        pushed = not is_young(echo)
        warned = await held.warning(self.desk, quota, delivery) if pushed or waited else ""
        conditions: tuple[Editable, ...] = ()
        if echo.get(_CHANGING):
            conditions = await asides.editable(self.desk, delivery.conversation, delivery.who)
        links = {
            reply.file: address
            for reply in answer.replies
            if isinstance(reply, FileReply)
            and asides.is_person(delivery.who, place)
            and (address := await self.desk.link(delivery.who, reply.file))
        }
        return Beside(conditions, links, before, [warned] if warned else [])

    @staticmethod
    def _paired(language: str, role: str) -> str:
        return say(language, "pairing.done", role=say(language, f"pairing.role.{role}"))
