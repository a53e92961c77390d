"""The answers of a conversation as the outbox keeps them, with the state each of them led to.

They are what is shown, and what a conversation is taken up from when Redis lags behind or has
lost it: the answer and the effects of a turn are committed together with the state after it.
"""

from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.answer import Answer, read_answer, write_answer
from bot.letters import Message
from planner.chat import Settled
from planner.state import Conversation
from store import mailbox
from store.database import Database
from store.mailbox import Letter
from store.tables import outbox

ANSWER: Final = "answer"
NEWS: Final = "news"


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer in the outbox."""

    id: str
    answer: Answer


async def write(
    connection: AsyncConnection,
    letter: Letter,
    message: Message | None,
    answer: Answer,
    state: Conversation,
) -> None:
    """Put the answer to a letter, and the state after it, into the outbox; a second one is none."""
    body = write_answer(answer)
    body |= {"step": state.version, "state": state.model_dump_json()}
    body |= {"who": letter.body.get("who", ""), "echo": letter.body.get("echo", {})}
    kind = NEWS if message is not None and isinstance(message.event, Settled) else ANSWER
    await mailbox.post(
        connection,
        conversation=letter.conversation,
        kind=kind,
        body=body,
        key=_key(letter.conversation, letter.event_id),
    )


def _key(conversation: str, event_id: str) -> str:
    return f"{conversation}/{event_id}"


async def ahead(db: Database, conversation: str, state: Conversation) -> Conversation:
    """The state, or the one that the database has where that is newer."""
    row = await _newest_row(db, conversation)
    body = {} if row is None else row.body
    if body.get("step", 0) <= state.version:
        return state
    try:
        return Conversation.model_validate_json(body["state"])
    except (KeyError, ValidationError):  # of another version of Divisi
        return state


async def newest(db: Database, conversation: str) -> Kept | None:
    """The newest answer or news, delivered or not."""
    row = await _newest_row(db, conversation)
    return None if row is None else _kept(row)


async def answer_to(db: Database, conversation: str, event_id: str) -> Kept | None:
    """The answer to one event, once there is one."""
    wanted = outbox.c.key == _key(conversation, event_id)
    async with db.read() as connection:
        row = (await connection.execute(_answers.where(wanted))).first()
    return None if row is None else _kept(row)


async def undelivered(db: Database, conversation: str) -> list[Kept]:
    """What has not been shown yet, in order."""
    return await _waiting(db, conversation, (ANSWER, NEWS))


async def undelivered_news(db: Database, conversation: str) -> Kept | None:
    """The oldest news that has not been shown yet."""
    found = await _waiting(db, conversation, (NEWS,))
    return found[0] if found else None


_answers = select(outbox.c.id, outbox.c.body)


async def _waiting(db: Database, conversation: str, kinds: tuple[str, ...]) -> list[Kept]:
    query = (
        _answers.where(outbox.c.conversation == conversation, outbox.c.kind.in_(kinds))
        .where(outbox.c.status == "waiting")
        .order_by(outbox.c.seq)
        .limit(20)
    )
    async with db.read() as connection:
        return [_kept(row) for row in await connection.execute(query)]


async def _newest_row(db: Database, conversation: str) -> Any:
    query = (
        _answers.where(outbox.c.conversation == conversation).order_by(outbox.c.seq.desc()).limit(1)
    )
    async with db.read() as connection:
        return (await connection.execute(query)).first()


def _kept(row: Any) -> Kept:
    return Kept(str(row.id), read_answer(row.body))
