"""What a conversation shows in Slack: the message of its plan, and the question that is open."""

from dataclasses import asdict, dataclass, field
from typing import Any, Final

from adapters.answer import Answer, Json
from adapters.channel import Delivery, Desk
from adapters.slack.place import Place
from adapters.slack.render.blocks import Block, context, escaped, without_buttons
from adapters.slack.render.messages import Message
from planner.chat import SegmentCard

_NAME: Final = "slack"
_NEAR: Final = 6
"""With so many messages below it, the plan is out of sight and is shown anew at the bottom."""


@dataclass(frozen=True, slots=True)
class Open:
    """A question with its buttons."""

    channel: str
    ts: str
    blocks: list[Block]
    slot: str
    version: int
    status: str

    def stands(self, answer: Answer) -> bool:
        """Whether it is still open after an answer: to a stranger, or to something beside it."""
        return (answer.version, answer.status) == (self.version, self.status)

    def closed(self, said: str, user: str) -> Message:
        """The message without them, and what was chosen, by whom."""
        blocks = without_buttons(self.blocks)
        if said:
            blocks.append(context(f"✓ {escaped(said)} · <@{user}>"))
        return Message("text", f"✓ {escaped(said)}" if said else "✓", tuple(blocks))


@dataclass(slots=True)
class Board:
    """Noted at the desk, so that any process goes on with it."""

    desk: Desk
    conversation: str
    delivery: str
    shown: int = 0
    """How many messages of this delivery have been written."""
    open: Open | None = None
    plan_channel: str = ""
    plan_ts: str = ""
    plan_done: bool = True
    """Whether the plan's message counts no more."""
    plan_version: int = 0
    plan_blocks: list[Block] = field(default_factory=list)
    plan_text: str = ""
    segment: str = ""
    """The segment that is being computed from the plan."""
    below: int = 0

    @classmethod
    async def read(cls, desk: Desk, delivery: Delivery) -> "Board":
        """The board of a conversation, for a delivery into it.

        Raises:
            Unavailable: the store doesn't answer.
        """
        held = await desk.recall(delivery.conversation, _NAME) or {}
        board = cls(desk, delivery.conversation, delivery.id)
        for name in _KEPT:
            if name in held:
                setattr(board, name, held[name])
        if (asked := held.get("open")) is not None:
            board.open = Open(**asked)
        if held.get("delivery") == delivery.id:
            board.shown = held["shown"]
        return board

    async def keep(self) -> None:
        """Note it.

        Raises:
            Unavailable: the store doesn't answer.
        """
        held: Json = {name: getattr(self, name) for name in _KEPT}
        held |= {"delivery": self.delivery, "shown": self.shown, "open": _plain(self.open)}
        await self.desk.note(self.conversation, _NAME, held)

    def plan_is_near(self, place: Place) -> bool:
        """Whether the plan's message still counts and can be seen from where one writes."""
        same = self.plan_channel == place.channel
        return bool(self.plan_ts) and not self.plan_done and same and self.below < _NEAR

    def count(self) -> None:
        """One more message stands below the plan."""
        self.below += 1

    def take_plan(self, place: Place, ts: str, message: Message, answer: Answer) -> None:
        """This message shows the plan now."""
        if ts != self.plan_ts:
            self.below = 0
        self.plan_channel, self.plan_ts, self.plan_done = place.channel, ts, False
        self.plan_version = answer.version
        self.plan_blocks, self.plan_text = list(message.blocks), message.text
        cards = [reply for reply in answer.replies if isinstance(reply, SegmentCard)]
        self.segment = cards[0].segment_id if cards else ""

    def bare_plan(self) -> Message:
        """The plan's message with nothing to tap."""
        return Message("text", self.plan_text, tuple(without_buttons(self.plan_blocks)))


_KEPT: Final = (
    "plan_channel", "plan_ts", "plan_done", "plan_version", "plan_blocks", "plan_text", "segment",
    "below",
)  # fmt: skip


def _plain(asked: Open | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    return asdict(asked)
