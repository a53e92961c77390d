"""What is said or tapped about the conversation itself: confirm, edit, exclude, thanks."""

from collections.abc import Callable, Sequence
from typing import Final

from planner import changing, leaving_out, managing, naming
from planner.chat import Named
from planner.commands import Act, Command, Manage
from planner.existing import may
from planner.plan import first_open, settled
from planner.talk import Talk, ask_suggestion, show

_MADE = ("created", "finished", "failed")


def go_on(talk: Talk, commands: Sequence[Command], suggest: bool = False) -> None:
    """Do what the commands ask of the conversation, then show what it has come to."""
    done = [
        act(talk, c) if isinstance(c, Act) else managing.manage(talk, c)
        for c in commands
        if isinstance(c, (Act, Manage))
    ]
    if not any(done):
        show_again(talk, suggest)


def act(talk: Talk, command: Act) -> bool:
    """Do one act; True where nothing further has to be shown."""
    action = command.action
    if action in _DO:
        return _DO[action](talk, command.texts)
    if action == "help" or (action == "look" and not talk.state.draft.items):
        talk.say("act.help", prompts=talk.prompts())
    elif action in ("greet", "thanks", "export"):
        talk.say(f"act.{action}")
    return False


def confirm(talk: Talk, event: Named) -> None:
    """The plan is confirmed by a form that holds name, description and who is left out."""
    if talk.state.status in _MADE or not is_ready(talk):
        if not _apply(talk, ()):
            show_again(talk)
        return
    description = " ".join(event.description.split())
    if len(description) > changing.MAX_DESCRIPTION:
        talk.say("segment.description_long", limit=changing.MAX_DESCRIPTION)
        show(talk)
        return
    if leaving_out.exactly(talk, event.exclude):
        talk.update(described=description)
        if not _apply(talk, (event.name,) if event.name else ()):
            show_again(talk)


def is_ready(talk: Talk) -> bool:
    """Whether the plan can be confirmed: something in it, and nothing open."""
    draft = talk.state.draft
    return bool(settled(draft).items) and first_open(draft) is None and not talk.state.unclear


def _save_as(talk: Talk, _: tuple[str, ...]) -> bool:
    talk.update(editing=None)
    return _apply(talk, ())


def _apply(talk: Talk, texts: tuple[str, ...]) -> bool:
    state = talk.state
    if not may(talk.context, "make"):
        talk.say("role.no_make")
        return False
    if state.status in ("created", "finished"):
        again = "already" if state.status == "created" else "already_finished"
        naming.show_segment(talk, talk.word(f"segment.{again}"))
        return True
    if is_ready(talk):
        if state.status == "failed":
            naming.reopen(talk)
        naming.confirm(talk, " ".join(texts))
        return True
    talk.say("act.first_answer" if state.draft.items else "act.nothing_to_apply")
    return False


def _exclude(talk: Talk, names: tuple[str, ...]) -> bool:
    if talk.state.status in _MADE:
        naming.reopen(talk)
    if names and talk.state.draft.items:
        leaving_out.leave_out(talk, names)
    elif is_ready(talk):
        leaving_out.ask(talk)
    else:
        talk.say("act.first_answer" if talk.state.draft.items else "act.nothing_to_apply")
        return False
    return True


def _include(talk: Talk, names: tuple[str, ...]) -> bool:
    if talk.state.status in _MADE:
        naming.reopen(talk)
    leaving_out.leave_out(talk, (), drop=names)
    return True


def _edit(talk: Talk, _: tuple[str, ...]) -> bool:
    if talk.state.status in _MADE:
        return managing.manage(talk, Manage("edit", (talk.state.segment_id,)))
    conditions = talk.numbered()
    if conditions:
        talk.say("plan.edit", conditions=conditions)
    else:
        talk.say("changed.no_conditions")
    return False


def _cancel(talk: Talk, _: tuple[str, ...]) -> bool:
    state = talk.state
    if state.status == "created":
        naming.cancel_segment(talk)
        return True
    if state.status == "naming":
        talk.update(status="ready", pending=None, confirmed=None)
    elif state.pending is not None and first_open(state.draft) is None:
        talk.update(pending=None, unclear=())
    elif state.status == "ready" and state.editing is not None:
        naming.leave_plan(talk)
        talk.say("act.left")
    else:
        talk.say("act.nothing_to_cancel")
    return False


_DO: Final[dict[str, Callable[[Talk, tuple[str, ...]], bool]]] = {
    "apply": _apply,
    "create": _apply,
    "save_as": _save_as,
    "exclude": _exclude,
    "include": _include,
    "edit": _edit,
    "cancel": _cancel,
}


def show_again(talk: Talk, suggest: bool = False) -> None:
    """The question that is open, the card that is shown, or what comes next."""
    state, pending = talk.state, talk.state.pending
    slot = pending.slot if pending is not None else ""
    if state.status == "naming":
        naming.ask_name(talk)
    elif state.status in _MADE:
        if not talk.replies and not talk.lookups:
            naming.show_segment(talk, "")
    elif slot == leaving_out.EXCLUDE:
        leaving_out.ask(talk)
    elif slot in managing.SLOTS:
        pass  # the question still stands; what was wrong with the answer is said
    elif slot.startswith("suggest."):
        ask_suggestion(talk, slot.removeprefix("suggest."))
    elif pending is not None and slot == "scope.alternative":
        text = talk.word("scope.question")
        talk.ask(slot, text, pending.options)
    else:
        _show(talk, suggest)


def _show(talk: Talk, suggest: bool) -> None:
    show(talk, suggest)
    if not talk.replies and not talk.lookups:
        talk.say("plan.empty")
