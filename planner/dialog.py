"""The conversation: one event in, the next state and the replies out. Pure, and total."""

import re
import unicodedata

from planner import (
    acts,
    building,
    leaving_out,
    managing,
    naming,
    replying,
    requests,
    wording,
)
from planner.catalogue import Catalogue
from planner.chat import Began, Built, Chose, Context, Event, Named, Said, Settled, Turn, Welcome
from planner.commands import Act, Answer, Command, Manage, Reading, Restart, Unclear
from planner.errors import Refused
from planner.state import Conversation
from planner.talk import CARD, Talk
from planner.wording import suggested_prompts

__all__ = ["MAX_TEXT", "step", "suggested_prompts"]

MAX_TEXT = 2_000
"""Characters in one message."""
_CARDS = {
    "ready": (*CARD, "save_as"),
    "created": ("cancel", "apply"),
    "finished": ("edit", "restart", "apply"),
    "failed": ("apply", "edit", "restart"),
}
_NUMBER = re.compile(r"[\d.,\s]+")


def step(
    state: Conversation,
    event: Event,
    reading: Reading | None,
    catalogue: Catalogue,
    context: Context,
) -> Turn[Conversation]:
    """One turn of the conversation.

    Args:
        state: the conversation so far.
        event: what happened.
        reading: for Said, what was made of the text.
        catalogue: what is known of the data.
        context: what is known of the world, the time included.
    """
    talk = Talk(state.model_copy(update={"version": state.version + 1}), catalogue, context)
    if isinstance(event, Began):
        _welcome(talk)
    elif isinstance(event, Settled):
        naming.settle(talk, event)
    elif isinstance(event, Chose):
        _chosen(talk, event)
    elif isinstance(event, (Built, Named)):
        _filled_in(talk, event)
    else:
        _said(talk, event, reading)
    return Turn(
        talk.state, tuple(talk.replies), tuple(talk.effects), talk.view(), tuple(talk.lookups)
    )


def _welcome(talk: Talk) -> None:
    talk.state = Conversation(version=talk.state.version)
    greeting, text = talk.word("greeting"), talk.word("welcome", prompts=talk.prompts())
    talk.replies.append(Welcome(text, greeting, suggested_prompts(talk.language)))


# ── taps ─────────────────────────────────────────────────────────────────────────────────────────


def _chosen(talk: Talk, event: Chose) -> None:
    action, _, segment_id = event.ids[0].partition(":") if len(event.ids) == 1 else ("", "", "")
    if segment_id and action in managing.ACTIONS:
        managing.leave(talk)
        acts.go_on(talk, [Manage(action, (segment_id,))])
    elif event.version is not None and event.version != talk.state.shown:
        _nothing_changed(talk, "input.old_button")
    else:
        _tapped(talk, event.ids)


def _filled_in(talk: Talk, event: Built | Named) -> None:
    """A form: changes of the plan, or its confirmation."""
    managing.leave(talk)
    if event.version is not None and event.version != talk.state.shown:
        _nothing_changed(talk, "input.old_button")
    elif isinstance(event, Built):
        building.build(talk, event.edit)
    else:
        acts.confirm(talk, event)


def _nothing_changed(talk: Talk, key: str, **values: str | float) -> None:
    talk.say(key, **values)
    if talk.state.segment_id and talk.state.pending is None:
        naming.show_segment(talk, "")
    else:
        acts.show_again(talk)


def _tapped(talk: Talk, ids: tuple[str, ...]) -> None:
    pending = talk.state.pending
    if ids == ("restart",):
        requests.handle(talk, [Restart()])
    elif pending is not None:
        try:
            _answered(talk, ids)
        except Refused as refusal:
            _nothing_changed(talk, refusal.message_id)
    elif len(ids) == 1 and talk.state.card and ids[0] in managing.ACTIONS:
        acts.go_on(talk, [Manage(ids[0], (talk.state.card,))])
    elif len(ids) == 1 and _on_card(talk, ids[0]):
        requests.handle(talk, [Act("apply" if ids[0] == "create" else ids[0])])
    else:
        shown = talk.state.status in _CARDS
        _nothing_changed(talk, "input.unknown_option" if shown else "act.nothing_open")


def _on_card(talk: Talk, key: str) -> bool:
    return ("apply" if key == "create" else key) in _CARDS.get(talk.state.status, ())


def _answered(talk: Talk, ids: tuple[str, ...]) -> None:
    pending = talk.state.pending
    if pending is None:
        return
    if pending.slot == naming.NAME:
        _tapped_name(talk, ids)
    elif pending.slot == leaving_out.EXCLUDE:
        _tapped_exclude(talk, ids)
    elif pending.slot in managing.SLOTS:
        managing.tapped(talk, ids)
    else:
        requests.handle(talk, [replying.picked(pending, ids)])


def _tapped_name(talk: Talk, ids: tuple[str, ...]) -> None:
    pending = talk.state.pending
    if pending is None or len(ids) != 1:
        raise Refused("input.one_only")
    if ids[0] in ("cancel", "no"):
        acts.go_on(talk, [Act("cancel")])
    elif ids[0] in ("skip", "create", "yes", "all"):
        naming.name_it(talk, naming.suggested_name(talk))
    else:
        naming.name_it(talk, "".join(replying.picked(pending, ids).texts))


def _tapped_exclude(talk: Talk, ids: tuple[str, ...]) -> None:
    pending = talk.state.pending
    if pending is None:
        return
    if set(ids) & {"skip", "no", "cancel"}:
        talk.update(pending=None)
        acts.show_again(talk)
        return
    answers = {option.id: option.answer for option in pending.options}
    listed = [key for key, answer in answers.items() if answer.texts and not answer.choice]
    chosen = listed if set(ids) & {"all", "yes"} else ids
    if not chosen or not {*chosen} <= {*answers}:
        raise Refused("input.unknown_option")
    texts = {key: answers[key].texts for key in chosen}
    drop = tuple(t for key, named in texts.items() if answers[key].choice == "drop" for t in named)
    names = tuple(t for named in texts.values() for t in named if t not in drop)
    leaving_out.leave_out(talk, names, drop)


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def _said(talk: Talk, event: Said, reading: Reading | None) -> None:
    commands = list(reading.commands) if reading is not None else []
    naming_it = talk.state.status == "naming"
    if reading is not None and reading.language in wording.LANGUAGES and not naming_it:
        talk.update(language=reading.language)
    if naming_it:
        _named(talk, event.text, commands)
        return
    if managing.typed(talk, event.text, commands):
        return
    if talk.state.pending is None and wording.is_label(event.text, "option.cancel"):
        acts.go_on(talk, [Act("cancel")])
        return
    problem = _unusable(talk, event.text, commands)
    if problem:
        _nothing_changed(talk, problem, limit=MAX_TEXT, number=event.text.strip())
        return
    tap = _typed_tap(talk, event.text)
    if tap is not None:
        _tapped(talk, (tap,))
    else:
        _understood(talk, event.text, commands)


def _named(talk: Talk, text: str, commands: list[Command]) -> None:
    if commands == [Restart()]:  # nobody calls a segment "start over"
        _understood(talk, text, commands)
    elif wording.is_label(text, "option.cancel"):
        acts.go_on(talk, [Act("cancel")])
    elif wording.is_label(text, "option.skip"):
        naming.name_it(talk, naming.suggested_name(talk))
    else:
        given = next((c.texts for c in commands if isinstance(c, Answer) and c.texts), ())
        naming.name_it(talk, " ".join(given) or text)


def _unusable(talk: Talk, text: str, commands: list[Command]) -> str:
    """The message id of what is wrong with a text; empty where it can be worked with."""
    kinds = {unicodedata.category(c)[0] for c in text}
    meant = any(not isinstance(c, (Unclear, Answer)) for c in commands)
    if kinds <= {"C", "Z"}:
        return "input.empty"
    if len(text) > MAX_TEXT:
        return "input.long"
    if not kinds & {"L", "N"} and not any(not isinstance(c, Unclear) for c in commands):
        return "input.symbols"
    if talk.state.pending is None and _NUMBER.fullmatch(text) and not meant:
        return "input.number"
    return ""


def _typed_tap(talk: Talk, text: str) -> str | None:
    """The option that the text names by its label, or by an id that means the same everywhere."""
    said = " ".join(text.split()).casefold()
    pending = talk.state.pending
    if pending is not None:
        labels = {option.label.casefold(): option.id for option in pending.options}
        return labels.get(said) or (said if said in replying.UNIVERSAL else None)
    ids = _CARDS.get(talk.state.status, ())
    if talk.state.card:
        ids = (*ids, *(key for key in managing.ACTIONS if wording.known("en", f"option.{key}")))
    return next((key for key in ids if said in (key, talk.word(f"option.{key}").casefold())), None)


def _understood(talk: Talk, text: str, commands: list[Command]) -> None:
    pending = talk.state.pending
    slot = pending.slot if pending is not None else ""
    idle = all(isinstance(c, (Unclear, Answer)) for c in commands)
    if slot == leaving_out.EXCLUDE and wording.is_label(text, "option.cancel"):
        _tapped_exclude(talk, ("cancel",))
    elif slot == leaving_out.EXCLUDE and idle:
        _typed_exclude(talk, text, commands)
    elif slot == "note.choice" and all(isinstance(c, Unclear) for c in commands):
        requests.handle(talk, [Answer(slot, texts=(text.strip(),))])
    else:
        if slot == leaving_out.EXCLUDE:
            talk.update(pending=None)
        managing.leave(talk)
        requests.handle(talk, commands)


def _typed_exclude(talk: Talk, text: str, commands: list[Command]) -> None:
    choices = {c.choice for c in commands if isinstance(c, Answer) and c.choice}
    names = leaving_out.named_in(talk, text)
    if names:
        leaving_out.leave_out(talk, names)
    elif choices:
        try:
            _tapped_exclude(talk, tuple(choices))
        except Refused as refusal:
            _nothing_changed(talk, refusal.message_id)
    else:
        _nothing_changed(talk, "segment.unknown_exclude")
