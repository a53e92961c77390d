"""What is between the channel and a person alone: ticks, pages, words being edited, the language.

None of it changes the conversation. It is noted beside it, one note a thing, so that no two
processes write over each other.
"""

import time
from collections.abc import Sequence
from typing import Any, Final

from adapters.answer import Answer, read_answer, write_answer
from adapters.channel import Desk
from adapters.line.api import Api
from adapters.line.events import Heard
from adapters.line.render.answers import Beside, messages
from adapters.line.render.plans import Editable
from adapters.line.render.questions import page_of, question
from adapters.line.taps import More, Picked, Rewriting, Tick
from planner import forms
from planner.building import Edit
from planner.chat import Built, Question, Said
from planner.sheet import Line, Sheet
from planner.wording import language_of, say

Json = dict[str, Any]
_QUESTION, _PERSON, _WORDS = "question", "person", "words"
_WORDS_SECONDS: Final = 900.0
OLD: Final = ("old",)
"""An option of no question: the dialog says that the button is an old one."""


# ── who, and when ────────────────────────────────────────────────────────────────────────────────


def since(heard: Heard) -> str:
    """When an event's reply token began to live, in seconds since 1970."""
    now = time.time()
    return str(min(now, heard.at.timestamp()) if heard.again else now)


def is_person(who: str, place: str) -> bool:
    """Whether answers to somebody go to them alone."""
    return who == f"line:{place}"


async def note_locale(desk: Desk, conversation: str, locale: str) -> None:
    """Remember the language that LINE reports for a person."""
    await desk.note(conversation, _PERSON, {"locale": locale})


async def locale(desk: Desk, conversation: str) -> str:
    """The language that LINE reported, e.g. "zh-TW"; empty where it wasn't asked."""
    noted = await desk.recall(conversation, _PERSON) or {}
    return str(noted.get("locale", ""))


async def say_so(api: Api, desk: Desk, heard: Heard, key: str) -> None:
    """Answer with a sentence, by the event's own token."""
    words = say(await _language(desk, heard.conversation), f"line.{key}")
    await api.reply(heard.token, [{"type": "text", "text": words}])


async def _language(desk: Desk, conversation: str) -> str:
    asked = await _question(desk, conversation)
    return asked.language if asked is not None else language_of(await locale(desk, conversation))


# ── the question that is open: its pages, and what is ticked ─────────────────────────────────────


async def note_question(desk: Desk, conversation: str, answer: Answer) -> None:
    """Remember a question, to show it again with other options or ticks."""
    await desk.note(conversation, _QUESTION, write_answer(answer))


async def _question(desk: Desk, conversation: str) -> Answer | None:
    noted = await desk.recall(conversation, _QUESTION)
    return None if noted is None else read_answer(noted)


def _asked(answer: Answer) -> Question | None:
    return next((each for each in answer.replies if isinstance(each, Question)), None)


async def ticked(desk: Desk, conversation: str, version: int) -> tuple[str, ...]:
    """The options that are ticked, in their order; OLD for a question that is no longer open."""
    answer = await _question(desk, conversation)
    asked = None if answer is None or answer.version != version else _asked(answer)
    if asked is None:
        return OLD
    ids = [option.id for option in asked.options]
    noted = [await desk.recall(conversation, _box(version, each)) for each in ids]
    return tuple(each for each, on in zip(ids, noted, strict=True) if on == {"on": True})


def _box(version: int, option: str) -> str:
    return f"tick:{version}:{option}"


async def turn_page(api: Api, desk: Desk, heard: Heard, act: Tick | More) -> None:
    """Show the open question anew: another page of it, or with what is ticked."""
    answer = await _question(desk, heard.conversation)
    asked = None if answer is None or answer.version != act.version else _asked(answer)
    if answer is None or asked is None:
        language = await _language(desk, heard.conversation)
        words = say(language, "input.old_button")
        await api.reply(heard.token, [{"type": "text", "text": words}])
        return
    page = act.page if isinstance(act, More) else 0
    if isinstance(act, Tick):
        await desk.note(heard.conversation, _box(act.version, act.option), {"on": act.on})
        page = page_of(asked, act.option)
    on = frozenset(await ticked(desk, heard.conversation, act.version))
    await api.reply(heard.token, [question(asked, answer.version, answer.language, page, on)])


# ── a condition's words, dates and places ────────────────────────────────────────────────────────


async def open_words(desk: Desk, conversation: str, act: Rewriting) -> None:
    """Remember which condition's words the person was given to edit."""
    told = {"index": act.index, "version": act.version, "at": time.time()}
    await desk.note(conversation, _WORDS, told)


async def close_words(desk: Desk, conversation: str) -> None:
    """What is typed next is a sentence again."""
    if await desk.recall(conversation, _WORDS):
        await desk.note(conversation, _WORDS, {})


async def about(desk: Desk, conversation: str, said: Said) -> Said:
    """What was typed, with the condition that it is about, if one was opened just now."""
    noted = await desk.recall(conversation, _WORDS)
    if not noted:
        return said
    await desk.note(conversation, _WORDS, {})
    if time.time() - float(noted["at"]) > _WORDS_SECONDS:
        return said
    return Said(said.text, int(noted["index"]), int(noted["version"]))


async def editable(desk: Desk, conversation: str, who: str) -> tuple[Editable, ...]:
    """The plan's conditions with what can be changed of them.

    Raises:
        Unavailable: a store does not answer.
    """
    sheet = await desk.sheet(conversation, who)
    lines = () if sheet is None else sheet.plan()[1]
    return tuple(
        Editable(each.index, each.text, sheet is not None and _is_timed(sheet, each))
        for each in lines
    )


def _is_timed(sheet: Sheet, line: Line) -> bool:
    """Whether a condition's form has dates."""
    if line.field is None:
        return False
    return any(each.kind == "date" for each in sheet.form(line.field).inputs)


async def dated(desk: Desk, heard: Heard, act: Picked) -> Built | None:
    """A condition bounded by a date; None where it can't be.

    Raises:
        Unavailable: a store does not answer.
    """
    sheet = await desk.sheet(heard.conversation, heard.who)
    lines = () if sheet is None else sheet.plan()[1]
    name = next((each.field for each in lines if each.index == act.index), None)
    if sheet is None or name is None or not heard.date:
        return None
    values: Json = forms.values_of(sheet.form(name, act.index))
    if "window" not in values:
        return None
    values[f"window_{act.side}"] = heard.date
    other = "window_until" if act.side == "since" else "window_since"
    both = other in values and values["window"] in ("dates", "since", "until")
    values["window"] = "dates" if both else act.side
    edit = Edit(kind="replace", field=name, values=values, index=act.index)
    return Built(edit.model_dump_json(), act.version)


# ── what waited for the push quota ───────────────────────────────────────────────────────────────


def with_waited(waited: Sequence[Answer], answer: Answer, beside: Beside) -> list[Json]:
    """The messages of an answer after those of the ones that could not be sent before it."""
    held = [each for one in waited for each in messages(one)]
    for each in held:
        each.pop("quickReply", None)
    first = {"type": "text", "text": say(answer.language, "line.held")}
    own = messages(answer, beside)
    return [first, *held][: max(5 - len(own), 0)] + own
