"""Where an answer goes: a conversation's workspace, channel and thread."""

from dataclasses import dataclass, field

from adapters.channel import Delivery
from adapters.slack.events import is_direct
from adapters.slack.workspaces import Workspace, Workspaces, workspace_of
from planner.errors import Refused

_MOST_KNOWN = 50_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where to write."""

    workspace: Workspace
    channel: str
    thread: str = ""

    @property
    def direct(self) -> bool:
        """Whether only one person reads it."""
        return is_direct(self.channel)


@dataclass(slots=True)
class Places:
    """Finds them; remembers which channel is whose direct messages."""

    workspaces: Workspaces
    _direct: dict[tuple[str, str], str] = field(default_factory=dict)

    async def of(self, delivery: Delivery) -> Place:
        """Where a delivery goes.

        Raises:
            Unavailable: the workspace doesn't have the app, or that can't be told now.
            Refused: the conversation is none of Slack's.
            slack_sdk.errors.SlackApiError: the person's direct messages can't be opened.
        """
        parts = delivery.conversation.split(":")
        if len(parts) != 4:
            raise Refused("slack.refused", reason="conversation")
        _, team, where, thread = parts
        workspace = await workspace_of(self.workspaces, team)
        if thread != "dm":
            return Place(workspace, where, thread)
        told = delivery.echo.get("channel", "")
        thread = delivery.echo.get("thread", "")
        if is_direct(told):
            self._remember((team, where), told)
            return Place(workspace, told, thread)
        return await self.direct(workspace, where)

    async def direct(self, workspace: Workspace, user: str) -> Place:
        """Somebody's direct messages."""
        key = (workspace.team, user)
        if key not in self._direct:
            told = await workspace.client.conversations_open(users=user)
            self._remember(key, str(told["channel"]["id"]))
        return Place(workspace, self._direct[key])

    def _remember(self, key: tuple[str, str], channel: str) -> None:
        if len(self._direct) >= _MOST_KNOWN:
            self._direct.clear()
        self._direct[key] = channel


def user_of(who: str) -> str:
    """The user's id in an operator's, such as U2 of slack:T1/U2."""
    return who.rpartition("/")[2]
