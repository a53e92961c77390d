"""One conversation about a case, with the planners alone."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.bench.cases import Case
from planner.catalogue import Catalogue
from planner.chat import Chose, Context, Event, Question, Reply, Said, TextReply
from planner.commands import Reading
from planner.dialog import step
from planner.state import Conversation

AS_OF: Final = datetime(2026, 6, 30, 4, tzinfo=UTC)
ZONE: Final = ZoneInfo("Asia/Taipei")
_MOST_QUESTIONS: Final = 12
Reads = Callable[[str, Conversation, Catalogue, Context], Awaitable[Reading]]


class Waiting(Exception):  # noqa: N818 - it says what is the matter
    """The conversation can't go on: an answer that is needed is not there yet."""


@dataclass
class Talk:
    """A conversation as it grows."""

    catalogue: Catalogue
    read: Reads
    state: Conversation = field(default_factory=Conversation)
    replies: tuple[Reply, ...] = ()
    asked: list[str] = field(default_factory=list)
    needless: list[str] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    """Milliseconds of each turn: reading and dialog, without counting."""

    async def hear(self, event: Event) -> None:
        """One turn.

        Raises:
            Waiting: the conversation can't go on.
        """
        context = Context(now=AS_OF, zone=ZONE, new_id="s")
        started = time.perf_counter()
        reading = None
        if isinstance(event, Said):
            reading = await self.read(event.text, self.state, self.catalogue, context)
        turn = step(self.state, event, reading, self.catalogue, context)
        self.times.append((time.perf_counter() - started) * 1_000)
        self.state, self.replies = turn.state, turn.replies
        self.languages.add(turn.state.language)
        self.said += [r.text for r in turn.replies if isinstance(r, (TextReply, Question))]

    async def hold(self, case: Case) -> None:
        """All that the case has to say; a question that it has no answer for is skipped.

        Raises:
            Waiting: the conversation can't go on.
        """
        for turn in case["turns"]:
            await self.hear(Said(turn))
            for _ in range(_MOST_QUESTIONS):
                question = next((r for r in self.replies[::-1] if isinstance(r, Question)), None)
                if self.state.status != "asking" or question is None:
                    break
                await self._answer(question.slot, case.get("answers", {}))

    async def _answer(self, slot: str, answers: dict[str, Any]) -> None:
        self.asked.append(slot)
        reply = answers.get(slot)
        if reply is None:
            self.needless.append(slot)
            reply = {"choose": "no" if slot.startswith("suggest.") else "skip"}
        if isinstance(reply, str):
            await self.hear(Said(reply))
        else:
            ids = reply["choose"]
            await self.hear(Chose(tuple(ids) if isinstance(ids, list) else (ids,)))


def faults(case: Case, talk: Talk, members: set[str], wanted: set[str]) -> list[str]:
    """What is wrong with a conversation; nothing if it is right."""
    found = []
    if case.get("declined"):
        if talk.state.status != "declined":
            found.append(f"not declined: {talk.state.status}")
    elif members != wanted:
        found.append(f"members: {len(members)}, wanted {len(wanted)}")
    found += [f"never asked {slot}" for slot in case.get("must_ask", []) if slot not in talk.asked]
    spoken = " ".join(talk.said).lower()
    found += [f"never said {w}" for w in case.get("mentions", []) if w.lower() not in spoken]
    expected = case["lang"] if case["lang"] in ("en", "zh-Hant", "ja", "th") else "en"
    if talk.languages != {expected}:
        found.append(f"answered in {sorted(talk.languages)}")
    if asked := needless(talk):
        found.append(f"asked needlessly {asked}")
    return found


def needless(talk: Talk) -> list[str]:
    """The questions that the case has no answer for, but for suggestions."""
    return [slot for slot in talk.needless if not slot.startswith("suggest.")]


def silent(case: Case, talk: Talk, wrong: bool) -> bool:
    """Whether wrong members were shown as a plan that is ready, and nothing told the person."""
    ready = talk.state.status == "ready"
    return wrong and ready and not needless(talk) and not case.get("declined")
