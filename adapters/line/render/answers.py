"""A whole answer as LINE messages: at most five, the quick replies under the last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from adapters.answer import Answer
from adapters.line import taps
from adapters.line.render import flex
from adapters.line.render.flex import Json
from adapters.line.render.labels import cut, units
from adapters.line.render.plans import Editable, editing, plan
from adapters.line.render.questions import question
from adapters.line.render.segments import segment, segments
from planner.chat import FileReply, PlanCard, Question, Reply, SegmentCard, TextReply, Welcome
from planner.wording import say

MOST: Final = 5
"""Messages of one call."""
TEXT: Final = 5_000
"""UTF-16 units of a text."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a rendering needs beside the answer."""

    conditions: Sequence[Editable] = ()
    """The plan's conditions, where they are to be changed."""
    links: Mapping[str, str] = field(default_factory=dict)
    """Addresses that files can be fetched from, by their names."""
    before: Sequence[str] = ()
    """Sentences to come first."""
    after: Sequence[str] = ()


def messages(answer: Answer, beside: Beside = Beside()) -> list[Json]:
    """The answer's messages; none where there is nothing to show."""
    made = [_text(words) for words in beside.before]
    replies = answer.replies
    card = next((reply for reply in replies if isinstance(reply, PlanCard)), None)
    if beside.conditions and card is not None:
        # In place of the plan and the sentence that lists it: each condition with its buttons.
        made += editing(beside.conditions, card, answer.version, answer.language)
        replies = tuple(r for r in replies if not isinstance(r, (TextReply, PlanCard)))
    made += chain.from_iterable(_reply(reply, answer, beside) for reply in replies)
    made += [_text(words) for words in beside.after]
    return _five(_joined(made))


def _reply(reply: Reply, answer: Answer, beside: Beside) -> list[Json]:
    language, version = answer.language, answer.version
    if isinstance(reply, TextReply):
        return [_words(reply, beside, language)]
    if isinstance(reply, Question):
        return [question(reply, version, language)]
    if isinstance(reply, PlanCard):
        return plan(reply, answer.view, version, language)
    if isinstance(reply, SegmentCard):
        return [segment(reply, version, language)]
    return segments(reply, language)


def _words(reply: TextReply, beside: Beside, language: str) -> Json:
    if isinstance(reply, Welcome):
        return _welcome(reply, language)
    if isinstance(reply, FileReply):
        return _file(reply, beside, language)
    return _text(reply.text)


def _text(words: str) -> Json:
    return {"type": "text", "text": cut(words, TEXT) or "…"}


def _welcome(reply: Welcome, language: str) -> Json:
    items = [
        {
            "type": "action",
            "action": flex.postback(
                taps.prompt(language, place), say(language, f"line.prompt.{place}"), prompt
            ),
        }
        for place, prompt in enumerate(reply.prompts, 1)
    ]
    return _text(reply.text) | {"quickReply": {"items": items}}


def _file(reply: FileReply, beside: Beside, language: str) -> Json:
    address = beside.links.get(reply.file)
    if address is None:
        return _text(say(language, "card.no_link"))
    words = say(language, "line.file", name=reply.name, n=reply.count)
    opening = flex.button(flex.link(address, say(language, "line.download")), primary=True)
    note = flex.text(say(language, "card.link_note"), color=flex.FAINT, size="xs")
    return flex.message(words, flex.bubble(flex.text(words), note, footer=(opening,)))


def _joined(made: Sequence[Json]) -> list[Json]:
    """Plain texts that follow each other become one message."""
    joined: list[Json] = []
    for each in made:
        last = joined[-1] if joined else {}
        plain = each.keys() == last.keys() == {"type", "text"}
        if plain and units(last["text"]) + units(each["text"]) + 2 <= TEXT:
            last["text"] += f"\n\n{each['text']}"
        else:
            joined.append(dict(each))
    return joined


def _five(made: Sequence[Json]) -> list[Json]:
    """As many as one call takes, the last ones if need be; quick replies show under the last."""
    kept = list(made[-MOST:])
    quick = [each.pop("quickReply") for each in kept if "quickReply" in each]
    if quick:
        kept[-1]["quickReply"] = quick[-1]
    return kept
