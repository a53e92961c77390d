"""The chat for a person at a terminal."""

import asyncio
import re
import unicodedata

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from adapters.answer import Answer
from adapters.lines import Session
from planner.chat import (
    Chose,
    Event,
    Option,
    PlanCard,
    PlanView,
    Question,
    Reply,
    Said,
    SegmentCard,
    SegmentList,
    TextReply,
)
from planner.errors import DivisiError
from planner.wording import number, say

_PROMPT = "› "
_NUMBERS = re.compile(r"\d{1,3}(?:[\s,、]+\d{1,3})*")
_POLL_SECONDS = 0.3
_NO_SECONDS = 0.0


def options_of(answer: Answer) -> tuple[tuple[Option, ...], bool]:
    """The options of the newest question or card, and whether several may be chosen."""
    for reply in reversed(answer.replies):
        if isinstance(reply, (Question, PlanCard, SegmentCard)) and reply.options:
            return reply.options, isinstance(reply, Question) and reply.multiple
    return (), False


def event_of(line: str, answer: Answer) -> Event:
    """What a typed line means: the numbers or the label of options shown, else words."""
    options, multiple = options_of(answer)
    typed = line.strip()
    if _NUMBERS.fullmatch(typed):
        places = [int(place) for place in re.findall(r"\d+", typed)]
        if all(0 < place <= len(options) for place in places) and (multiple or len(places) == 1):
            ids = tuple(dict.fromkeys(options[place - 1].id for place in places))
            return Chose(ids, answer.version)
    for option in options:
        if typed.casefold() == option.label.casefold():
            return Chose((option.id,), answer.version)
    return Said(line)


class Screen:
    """Draws answers."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def show(self, answer: Answer) -> None:
        """Draw the replies of an answer."""
        for reply in answer.replies:
            self._reply(reply, answer)
        if answer.status == "created":
            self.note(say(answer.language, "screen.computing"))

    def note(self, text: str) -> None:
        """Draw something said beside the conversation."""
        self._console.print(Text(text, style="dim"))

    def chosen(self, event: Event, answer: Answer) -> None:
        """Say which options a number stood for."""
        if isinstance(event, Chose):
            labels = [o.label for o in options_of(answer)[0] if o.id in event.ids]
            self._console.print(Text(_plain(f"  → {', '.join(labels)}"), style="cyan"))

    def _reply(self, reply: Reply, answer: Answer) -> None:
        if isinstance(reply, SegmentList):
            self._segments(reply, answer.language)
            return
        text = reply.text
        if isinstance(reply, SegmentCard) and not text:
            text = _status(reply, answer.language)
        self._console.print()
        self._console.print(
            Text(_plain(text), style="bold" if not isinstance(reply, TextReply) else "")
        )
        if isinstance(reply, PlanCard) and answer.view is not None:
            self._plan(answer.view, answer.language)
        if not isinstance(reply, TextReply):
            self._options(reply.options, answer.language)

    def _plan(self, view: PlanView, language: str) -> None:
        table = _table()
        for item in view.conditions:
            table.add_row(Text(_plain(f"✓ {item.text}")), _figure(item.reach, language))
        if view.excluded is not None:
            table.add_row(Text(say(language, "screen.excluded")), _figure(-view.excluded, language))
        table.add_section()
        table.add_row(
            Text(say(language, "screen.all"), style="bold"), _figure(view.reach, language)
        )
        for channel, count in view.reachable.items():
            name = say(language, f"reachable.{channel}")
            text = say(language, "screen.reachable", channel=name)
            table.add_row(Text(text, style="dim"), _figure(count, language))
        self._console.print(Padding(table, (0, 0, 0, 2)))

    def _options(self, options: tuple[Option, ...], language: str) -> None:
        table = _table()
        for place, option in enumerate(options, 1):
            label = Text.assemble((f"{place}  ", "cyan"), _plain(option.label))
            table.add_row(label, _figure(option.reach, language))
        if options:
            self._console.print(Padding(table, (0, 0, 0, 2)))

    def _segments(self, listed: SegmentList, language: str) -> None:
        table = _table()
        for card in listed.items:
            table.add_row(Text(_plain(_status(card, language))), _figure(card.count, language))
        self._console.print(Padding(table, (1, 0, 0, 2)))


def _status(card: SegmentCard, language: str) -> str:
    status = card.text or say(language, f"status.{card.status}")
    return say(language, "segment.line", name=card.name, status=status)


def _plain(text: str) -> str:
    """The text without what would steer the terminal."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) != "Cc")


def _table() -> Table:
    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    return table


def _figure(value: int | None, language: str) -> Text:
    return Text("" if value is None else number(language, value))


async def talk(
    session: Session, lines: "asyncio.Queue[str | None]", console: Console, *, hint: str = ""
) -> None:
    """Hold the conversation until the person ends it; news is shown as it comes."""
    screen = Screen(console)
    answer = await session.open()
    if session.resumed:
        screen.note(say(answer.language, "screen.back"))
    screen.show(answer)
    await session.shown()
    screen.note(hint or say(answer.language, "screen.hint"))
    _prompt(console)
    while True:
        line = await _line_or_news(session, lines, screen, console)
        if line is None:
            break
        if line.strip():
            await _turn(session, line, screen)
        _prompt(console)
    console.print()
    screen.note(say(session.last.language, "screen.bye"))


async def _turn(session: Session, line: str, screen: Screen) -> None:
    event = event_of(line, session.last)
    screen.chosen(event, session.last)
    try:
        screen.show(await session.send(event))
        await session.shown()
    except DivisiError as error:
        screen.note(str(error))


async def _line_or_news(
    session: Session, lines: "asyncio.Queue[str | None]", screen: Screen, console: Console
) -> str | None:
    while True:
        try:
            return await asyncio.wait_for(lines.get(), _POLL_SECONDS)
        except TimeoutError:
            pass
        try:
            news = await session.news(_NO_SECONDS)
        except DivisiError:
            continue  # said when the person types next
        if news is not None:
            console.print()
            screen.show(news)
            await session.shown()
            _prompt(console)


def _prompt(console: Console) -> None:
    console.file.write(_PROMPT)
    console.file.flush()
