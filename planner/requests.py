"""Commands, in words or by a button → a further state of the conversation and what to say to it."""

from collections.abc import Sequence

from planner import acts, explain, naming, offers, replying, revise
from planner.commands import (
    Add,
    Answer,
    Aside,
    Change,
    Command,
    Misfit,
    Negate,
    OutOfScope,
    Remove,
    Restart,
    Rewrite,
    Unclear,
    Undo,
)
from planner.plan import Open
from planner.plan_edits import ReplaceItem, edited, listed
from planner.revise import Note, Revision
from planner.state import KeptOption
from planner.talk import Talk

_KEPT = 20
_SETTLED = ("created", "finished", "failed")
ALTERNATIVE = "scope.alternative"
_ANYTHING = ("tag", "note")
"""What may hold whatever else is known of people."""


def handle(talk: Talk, commands: Sequence[Command]) -> None:
    """Take in what one utterance or one tap says, and reply to it."""
    passed = [phrase for c in commands if isinstance(c, Aside) for phrase in c.phrases]
    commands = [c for c in commands if not isinstance(c, Aside)]
    commands = replying.as_answers(talk.state, commands)
    undone = _undo(talk, commands)
    base, ready = talk.state.draft, talk.state.status == "ready"
    pending = talk.state.pending
    aside = pending is not None and replying.is_aside(pending.slot)
    _begin_or_reopen(talk, commands)
    rewritten = _rewrite(talk, commands)
    revised = _revise(talk, [c for c in commands if isinstance(c, (Add, Change, Remove, Negate))])
    answered = [replying.answer(talk, c) for c in commands if isinstance(c, Answer)]
    _tell(talk, revised, ready)
    if talk.state.draft != base:
        talk.update(before=(*talk.state.before, base)[-_KEPT:])
    moved = (
        undone or rewritten or talk.state.draft != base or any(answered) or bool(revised.changes)
    )
    if moved and passed:
        talk.say("changed.passed_over", words=talk.quote(passed))
    declined = _tell_scope(talk, commands, moved)
    if not declined:
        moved = _tell_unclear(talk, commands, moved) or moved
        asked = any(isinstance(c, Answer) for c in commands)
        if not moved and (asked or _nothing(commands)):
            _miss(talk)
        if talk.state.status != "declined" or moved or not talk.replies:
            acts.go_on(talk, commands, suggest=any(answered) and not aside)


def _nothing(commands: Sequence[Command]) -> bool:
    return all(isinstance(c, Unclear) for c in commands)


def _undo(talk: Talk, commands: Sequence[Command]) -> bool:
    for _ in (c for c in commands if isinstance(c, Undo)):
        if not talk.state.before:
            talk.say("changed.nothing_to_undo")
            return True
        *before, draft = talk.state.before
        if talk.state.status in _SETTLED:
            naming.reopen(talk)
        talk.update(draft=draft, before=tuple(before), touched=None, unclear=(), pending=None)
        talk.say("changed.undone")
    return any(isinstance(c, Undo) for c in commands)


def _begin_or_reopen(talk: Talk, commands: Sequence[Command]) -> None:
    """A fresh description begins a new plan; once a segment was made, so do mere additions."""
    restart = any(isinstance(c, Restart) for c in commands)
    edits = [c for c in commands if isinstance(c, (Change, Rewrite, Remove, Negate))]
    more = any(isinstance(c, Add) for c in commands)
    over = talk.state.status in _SETTLED
    if restart or (over and more and not edits):
        naming.leave_plan(talk)
        if restart and len(commands) == 1:
            talk.say("act.restarted")
    elif over and edits:
        naming.reopen(talk)


# ── conditions ───────────────────────────────────────────────────────────────────────────────────


def _revise(talk: Talk, commands: Sequence[Command]) -> Revision:
    state = talk.state
    revised = revise.apply(state.draft, state.touched, commands, talk.catalogue, talk.context)
    if commands and not revised.problems:
        talk.update(unclear=())
        if state.pending is not None and replying.is_aside(state.pending.slot):
            talk.update(pending=None)
    talk.update(draft=revised.draft, touched=revised.touched)
    return revised


def _rewrite(talk: Talk, commands: Sequence[Command]) -> bool:
    found = [c for c in commands if isinstance(c, Rewrite)]
    for command in found:
        before = listed(talk.state.draft)[1][command.index]
        key = "changed.same" if before == command.node else "changed.replaced"
        draft = edited(talk.state.draft, ReplaceItem(index=command.index, node=command.node))
        talk.update(draft=draft, touched=None, unclear=())
        talk.say(key, **_named(talk, Note(key, before, command.node)))
    misfits = [c for c in commands if isinstance(c, Misfit)]
    for misfit in misfits:
        talk.say("changed.does_not_fit", **_named(talk, Note("", misfit.node)))
    return bool(found or misfits)


def _tell(talk: Talk, revised: Revision, ready: bool) -> None:
    """Say what changed in a plan that was there already."""
    for note in revised.changes:
        if isinstance(note.after, Open):
            continue
        if ready or note.key not in ("changed.added", "changed.alternative", "changed.same"):
            talk.say(note.key, **_named(talk, note))
    for problem in revised.problems:
        values: dict[str, str | float] = {**_named(talk, problem), **problem.values}
        if problem.key == "changed.unknown_target":
            conditions = talk.numbered()
            values["conditions"] = conditions
            talk.say(problem.key if conditions else "changed.no_conditions", **values)
        else:
            talk.say(problem.key, **values)


def _named(talk: Talk, note: Note) -> dict[str, str]:
    nodes = {"before": note.before, "after": note.after}
    return {
        name: explain.explain(node, talk.language)
        for name, node in nodes.items()
        if node is not None
    }


# ── what can't be done, and what was not understood ──────────────────────────────────────────────


def _tell_scope(talk: Talk, commands: Sequence[Command], moved: bool) -> bool:
    """Say plainly what can't be done; True where nothing of the request can."""
    beyond = [c for c in commands if isinstance(c, OutOfScope)]
    if not beyond:
        return False
    phrases = tuple(dict.fromkeys(command.phrase for command in beyond))
    talk.say("scope.sorry", phrases=talk.quote(phrases))
    talk.update(declined=tuple(dict.fromkeys((*talk.state.declined, *phrases))))
    keys = dict.fromkeys(key for c in beyond for key in c.alternatives if key in offers.STAND_INS)
    if moved or talk.state.draft.items or talk.state.status in _SETTLED:
        if keys:
            names = [talk.word(f"alternative.{key}") for key in keys]
            talk.say("scope.stand_ins", names=talk.word("list.comma").join(names))
        return False
    _decline(talk, tuple(keys), beyond[0].phrase)
    return True


def _decline(talk: Talk, keys: tuple[str, ...], phrase: str) -> None:
    talk.update(status="declined", pending=None, unclear=())
    if not keys:
        talk.say("scope.nothing", example=talk.example())
        return
    kept = [
        KeptOption(
            id=str(place),
            label=talk.word(f"alternative.{key}"),
            answer=Answer(ALTERNATIVE, texts=(key,)),
        )
        for place, key in enumerate(keys, 1)
    ]
    nodes = [offers.stand_in(key, phrase, talk.catalogue) for key in keys]
    plans = [replying.as_plan(node) for node in nodes]
    kept.append(talk.kept("skip", ALTERNATIVE))
    talk.ask(ALTERNATIVE, talk.word("scope.question"), kept, plans)


def _tell_unclear(talk: Talk, commands: Sequence[Command], moved: bool) -> bool:
    """Words understood by nothing: a question beside what was understood, else a sentence."""
    phrases = tuple(p for c in commands if isinstance(c, Unclear) for p in c.phrases if p.strip())
    if not (phrases or _nothing(commands)):
        return False
    beside = any(isinstance(c, OutOfScope) for c in commands)
    if moved and phrases:
        talk.update(unclear=tuple(dict.fromkeys(phrases)))
        return True
    if beside or any(isinstance(c, Answer) for c in commands):
        return False
    if phrases and not talk.state.draft.items and talk.state.status not in _SETTLED:
        # Nothing of it could be made a condition: that is said, and what may stand in is offered.
        talk.say("scope.unknown", words=talk.quote(phrases))
        _decline(talk, _ANYTHING, phrases[0])
        return False
    key = "input.unclear" if phrases else "input.unclear_empty"
    talk.say(key, words=talk.quote(phrases), example=talk.example())
    return False


def _miss(talk: Talk) -> None:
    """An answer that could not be used: from the second on, say how to leave the question out."""
    pending = talk.state.pending
    if pending is None:
        return
    pending = pending.model_copy(update={"misses": pending.misses + 1})
    talk.update(pending=pending)
    if pending.misses > 1:
        talk.say("input.skip_hint")
