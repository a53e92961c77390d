"""Answers to the question that is open, of whatever kind it is."""

from collections.abc import Sequence

from planner import answers, offers
from planner.commands import Add, Answer, Change, Command
from planner.errors import Refused
from planner.fields import Op
from planner.plan import AllOf, Condition, Node, Not, Open, leaves, settled
from planner.state import Conversation, Pending
from planner.talk import Talk

UNIVERSAL = ("yes", "no", "all", "skip")
"""Option ids that mean the same everywhere, whether they are shown or not."""


def is_aside(slot: str) -> bool:
    """Whether the question is not about an open point of the plan, and may be passed over."""
    return slot.startswith("suggest.") or slot in ("unclear.words", "scope.alternative")


def as_plan(node: Node | None) -> AllOf | None:
    """A plan of one condition; None where nothing of it is settled yet."""
    root = settled(AllOf(items=(node,))) if node is not None else AllOf()
    return root if root.items else None


def picked(pending: Pending, ids: Sequence[str]) -> Answer:
    """The answer that tapping these options gives.

    Raises:
        Refused: there is no such option, or more than one where one is asked for.
    """
    kept = {option.id: option.answer for option in pending.options}
    chosen = list(dict.fromkeys(ids))
    universal = next((key for key in UNIVERSAL if key in chosen), None)
    if universal is not None and len(chosen) > 1 and universal != "all":
        chosen.remove(universal)
        universal = None
    if universal is not None:
        return kept.get(universal, Answer(pending.slot, choice=universal))
    if not chosen or not {*chosen} <= {*kept}:
        raise Refused("input.unknown_option")
    if len(chosen) > 1 and not pending.multiple:
        raise Refused("input.one_only")
    if len(chosen) == 1:
        return kept[chosen[0]]
    texts = tuple(text for key in chosen for text in kept[key].texts)
    return Answer(pending.slot, texts=tuple(dict.fromkeys(texts)))


def answer(talk: Talk, given: Answer) -> bool:
    """Take an answer in; False, and a sentence, where it can't be used."""
    pending = talk.state.pending
    slot = given.slot or (pending.slot if pending is not None else "")
    if pending is not None and given.choice and given.choice not in UNIVERSAL:
        kept = {option.id: option.answer for option in pending.options}
        given = kept.get(given.choice, given)
    if pending is not None and slot == pending.slot and is_aside(slot):
        return _aside(talk, slot, given)
    point = next((p for p in _points(talk.state.draft) if p.slot == slot), None)
    if point is None:
        if pending is None:
            talk.say("act.nothing_open")
            return False
        talk.say("input.answer_unclear")
        return False
    return _settle(talk, point, given)


def _points(root: AllOf) -> list[Open]:
    return [leaf for leaf in leaves(root) if isinstance(leaf, Open)]


def _settle(talk: Talk, point: Open, given: Answer) -> bool:
    if given.choice == "unknown":
        if talk.misses(point.slot) == 0:
            talk.say("input.skip_hint")
            return False
        given = Answer(point.slot, choice="skip")
    try:
        draft = answers.settle(talk.state.draft, point, given, talk.catalogue, talk.context)
    except Refused as refusal:
        values = dict(refusal.values)
        if "words" in values:
            values["words"] = talk.quote([str(values["words"])])
        talk.say(refusal.message_id, **values)
        return False
    place = next(p for p, item in enumerate(talk.state.draft.items, 1) if point in leaves(item))
    talk.update(draft=draft, touched=place if place <= len(draft.items) else None, pending=None)
    return True


# ── questions beside the plan ────────────────────────────────────────────────────────────────────


def _aside(talk: Talk, slot: str, given: Answer) -> bool:
    if given.choice in ("skip", "no"):
        talk.update(pending=None)
        if slot == "unclear.words":
            talk.update(unclear=())
        if slot == "scope.alternative":
            talk.update(status="idle")
            talk.say("scope.dropped")
        return True
    if slot.startswith("suggest.") and given.choice in ("yes", "all"):
        return _add(talk, offers.addition(slot.removeprefix("suggest.")))
    if slot == "scope.alternative":
        return _stand_in(talk, given)
    talk.say("input.answer_unclear")
    return False


def _stand_in(talk: Talk, given: Answer) -> bool:
    pending = talk.state.pending
    listed = [o.answer.texts[0] for o in pending.options if o.answer.texts] if pending else []
    keys = [*given.texts] or (listed if given.choice == "all" or len(listed) == 1 else [])
    phrase = talk.state.declined[-1] if talk.state.declined else ""
    nodes = [offers.stand_in(key, "", talk.catalogue) for key in keys if key in listed]
    if not nodes or not phrase:
        talk.say("input.answer_unclear")
        return False
    for node in nodes:
        _add(talk, node)
    return True


def _add(talk: Talk, node: Node | None) -> bool:
    talk.update(pending=None)
    if node is None:
        return True
    items = talk.state.draft.items
    items = items if node in items else (*items, node)
    talk.update(draft=AllOf(items=items), touched=len(items), pending=None)
    return True


# ── commands that are answers ────────────────────────────────────────────────────────────────────


def as_answers(state: Conversation, commands: Sequence[Command]) -> list[Command]:
    """The commands; those that answer the open question in other words become answers."""
    pending = state.pending
    point = next((p for p in _points(state.draft) if pending and p.slot == pending.slot), None)
    if point is None or any(isinstance(c, Answer) for c in commands):
        return list(commands)
    return [_as_answer(point, command) or command for command in commands]


def _as_answer(point: Open, command: Command) -> Answer | None:
    if isinstance(command, Change):
        return _from_change(point, command)
    if not isinstance(command, Add) or command.either:
        return None
    node = command.node.item if isinstance(command.node, Not) else command.node
    if not isinstance(node, Condition):
        return None
    return _from_condition(point, node, node is command.node)


def _from_condition(point: Open, node: Condition, holds: bool) -> Answer | None:
    """The answer that lies in a condition; `holds` where it is not negated."""
    if point.readings:
        return None  # what is said anew takes the place of the readings
    asked = point.slot.rpartition(".")[2]
    own = node.field == point.condition.field and node.scope == point.condition.scope
    if asked == "window" and node.window is not None and (own or _never_bought(point, node)):
        return Answer(point.slot, window=node.window)
    if asked == "value" and own and holds and node.number is not None:
        return Answer(point.slot, node.op, node.number, node.upper, node.window)
    if asked == "choice" and own and holds and node.texts:
        return Answer(point.slot, texts=node.texts)
    return None


def _never_bought(point: Open, node: Condition) -> bool:
    """Whether "no purchase in …" is said where the time of the last purchase is asked for."""
    lapsed = point.condition.field == "last_purchase" and not point.high
    return lapsed and (node.field, node.op, node.number) == ("order_count", Op.EQ, 0)


def _from_change(point: Open, command: Change) -> Answer | None:
    target, asked = command.target, point.slot.rpartition(".")[2]
    if (
        target.index is not None
        or target.texts
        or target.field not in (None, point.condition.field)
    ):
        return None
    if asked == "value" and command.number is not None:
        return Answer(point.slot, command.op, command.number, command.upper, command.window)
    if asked == "window" and command.window is not None:
        return Answer(point.slot, window=command.window)
    return None
