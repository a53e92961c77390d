"""The messengers that this installation is set up for."""

import contextlib
import importlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack

from adapters import CHANNELS
from adapters.channel import Channel
from bot.app import App
from bot.deliver import Send
from bot.desk import Desk, delivery
from bot.settings import read_environment
from store.intake import Intake
from store.mailbox import Parcel


@contextlib.asynccontextmanager
async def connected(
    app: App, came: Callable[[], None], names: Sequence[str] = tuple(CHANNELS)
) -> AsyncIterator[Mapping[str, Channel]]:
    """The channels of these names that are set up, by name; let go at the end.

    Raises:
        Misconfigured: a channel's settings can't be used.
    """
    intake = Intake(app.db)
    async with AsyncExitStack() as stack:
        channels: dict[str, Channel] = {}
        for name in names:
            module = importlib.import_module(CHANNELS[name])
            settings = read_environment(module.Settings)
            if settings.enabled:
                connecting = module.connect(settings, Desk(app, intake, came))
                channels[name] = await stack.enter_async_context(connecting)
        yield channels


def sender(channel: Channel) -> Send:
    """A channel as the outbox sees it."""

    async def send(parcel: Parcel) -> None:
        await channel.send(delivery(parcel))

    return send
