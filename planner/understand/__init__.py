"""Understanding by vocabulary: an utterance becomes commands, with no model and no key."""

import itertools
import re
from dataclasses import replace

from planner.catalogue import Catalogue
from planner.chat import Context
from planner.commands import (
    Act,
    Add,
    Answer,
    Aside,
    Change,
    Command,
    OutOfScope,
    Reading,
    Restart,
    Target,
    Unclear,
)
from planner.fields import FIELDS, Kind
from planner.plan import AllOf, Node, Open, Scope, leaves
from planner.state import Conversation
from planner.understand.answers import answer, choice_said
from planner.understand.asides import without_asides
from planner.understand.compose import compose
from planner.understand.edits import edits
from planner.understand.elided import with_elided
from planner.understand.exclusions import LeftOut, left_out
from planner.understand.frames import Frame, Sketch
from planner.understand.language import detect
from planner.understand.management import managed
from planner.understand.measures import measure
from planner.understand.mentions import mentioned
from planner.understand.new_words import name_given
from planner.understand.nodes import Maker
from planner.understand.normalise import Text, normalise
from planner.understand.omissions import left_out_at_once
from planner.understand.spans import Quantity
from planner.understand.tokens import Token, tokenise
from planner.understand.tree import items, of_scope
from planner.understand.vocabulary import Concept
from planner.windows import local_date

__all__ = ["read"]

MOST = 2_000
"""Characters of an utterance that are read."""
_WORDS_OF_ONES_OWN = ("segment.name", "segment.rename", "segment.description")
"""Questions whose answer may be any text."""


def read(text: str, state: Conversation, catalogue: Catalogue, context: Context) -> Reading:
    """What a person's utterance says, given the conversation so far.

    Never raises on any text; what is understood by nothing is named in an Unclear command.
    """
    said = _form(text)
    tokens = tokenise(said, catalogue)
    language = detect(said.form, tokens, state.language, context.locale)
    slot = state.pending.slot if state.pending is not None else ""
    commands: list[Command] = []
    if slot not in _WORDS_OF_ONES_OWN:
        told = mentioned(said, tokens, context)
        masked = tokens if told.said is said else tokenise(told.said, catalogue)
        manage = managed(told, masked, state, context)
        if manage is not None:
            return Reading(language, (manage,))
    if not slot.startswith("segment."):
        exclusion = left_out(told, masked)
        commands = _exclusions(exclusion)
        if commands and not exclusion.rest:
            return Reading(language, tuple(commands))
        if commands:
            said = _form(text := exclusion.rest)
            tokens = tokenise(said, catalogue)
    today = local_date(context.now, context.zone)
    after = _after_restart(tokens)
    if after is not None:
        commands.append(Restart())
        tokens = tokens[after:]
    measured, passed = without_asides(measure(tokens, said.form, today), said.form, language)
    measured = measured if state.draft.items else left_out_at_once(measured)
    sketch = compose(with_elided(measured, said.form), said.form, _numeric(catalogue))
    maker = Maker(said, catalogue, today)
    commands += _commands(text, said, sketch, maker, state, after is not None)
    if passed:
        commands.append(Aside(tuple(said.quote(start, end) for start, end in passed)))
    if slot == "segment.name" and commands != [Restart()]:
        commands = [Answer(slot, texts=(name_given(text),))]
    return Reading(language, tuple(commands))


def _exclusions(said: LeftOut) -> list[Command]:
    acts = (("exclude", said.out), ("include", said.back))
    return [Act(action, names) for action, names in acts if names]


def _form(text: str) -> Text:
    """The text as it is matched; signs that stand for several, such as ½, count as those."""
    said = normalise(text[:MOST])
    return said if len(said.form) <= MOST else normalise(text[: said.places[MOST]])


def _numeric(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(n for n, field in catalogue.attributes.items() if field.kind is Kind.NUMBER)


def _after_restart(tokens: list[Token]) -> int | None:
    said = (place for place, token in enumerate(tokens) if token.role("restart"))
    return next((place + 1 for place in said if place < 8 or place == len(tokens) - 1), None)


def _commands(
    text: str, said: Text, sketch: Sketch, maker: Maker, state: Conversation, fresh: bool
) -> list[Command]:
    scope = _out_of_scope(said, sketch)
    pending = None if fresh else state.pending
    if pending is not None:
        given = answer(text, sketch, pending, maker.catalogue)
        if given is not None:
            more = [*_besides(sketch, maker, pending.slot), *_further(sketch, given, state.draft)]
            return [given, *more, *scope]
        if named := _of_campaign(sketch, pending.slot):
            return [*named, *scope]
    draft = None if fresh or not state.draft.items else state.draft
    if not sketch.frames and not fresh and (act := _act(sketch, state)) is not None:
        return [act]
    nodes, empty = items(sketch, maker)
    if draft is not None and not scope:
        changed = edits(sketch, nodes, draft)
        if changed is not None:
            return [*changed, *_unclear(said, _also_named(sketch), [])]
    unclear = _unclear(said, sketch, empty)
    commands: list[Command] = [Add(node) for node in nodes]
    commands += scope
    return commands + unclear


def _also_named(sketch: Sketch) -> Sketch:
    """«make the city Tokyo or Kyoto»: only the unknown words after an "or" of a change."""
    tokens = sketch.tokens
    ors = {b.start for a, b in itertools.pairwise(tokens) if a.role("or")}
    rest = [place for place in sketch.rest if place[0] in ors]
    return Sketch(rest=rest, tokens=[t for t in tokens if t.rest])


def _besides(sketch: Sketch, maker: Maker, slot: str) -> list[Command]:
    """What an answer says beyond the answer: several points settled at once."""
    name = slot.split(".", maxsplit=1)[0]
    if not slot.endswith((".value", ".window")):
        return []
    related = {
        "last_purchase": {"last_purchase", "order_count", "first_purchase"},
        "last_interaction": {"last_interaction", "engagement"},
    }.get(name, {name})
    others = [f for f in sketch.frames if f.name not in related and (f.quantity or f.span)]
    if len(others) == len(sketch.frames) and not _loose(sketch):
        others = others[1:]
    own = Sketch(frames=others, tokens=sketch.tokens)
    nodes, _ = items(own, maker)
    return [Add(node) for node in nodes if _settled(node)]


def _of_campaign(sketch: Sketch, slot: str) -> list[Command]:
    """A campaign in answer to which channel it was: that one's messages on whichever."""
    names = tuple(name for kind, name in sketch.values if kind == "campaign")
    plain = not any(f.quantity or f.span or f.events or f.negated for f in sketch.frames)
    if slot != "engagement.channel" or not names or not plain:
        return []
    scope = Scope(campaigns=tuple(dict.fromkeys(names)))
    return [Change(Target(field="engagement"), scope=scope)]


def _further(sketch: Sketch, given: Answer, draft: AllOf) -> list[Command]:
    """Numbers that answer the other open points: «5萬以上、5次以上»."""
    waiting = [
        leaf.slot
        for leaf in leaves(draft)
        if isinstance(leaf, Open) and leaf.slot.endswith(".value") and leaf.slot != given.slot
    ]
    found: list[Command] = []
    for quantity in sketch.quantities:
        name = next((n for n in waiting if _measures(n.split(".")[0], quantity)), None)
        if quantity.number != given.number and name is not None:
            waiting.remove(name)
            number, upper = quantity.number, quantity.upper
            found.append(Answer(slot=name, op=quantity.op, number=number, upper=upper))
    return found


def _measures(name: str, quantity: Quantity) -> bool:
    units = {"money": ("money",), "times": ("times", "orders"), "years": ("years",)}
    return name in FIELDS and quantity.unit in units.get(FIELDS[name].unit, ())


def _settled(node: Node) -> bool:
    return node.kind in ("condition", "not")


def _act(sketch: Sketch, state: Conversation) -> Act | None:
    """A button's meaning in words: greetings, help, "looks good"."""
    found = [c for t in sketch.tokens for c in t.concepts if c.role == "act"]
    if sketch.rest or sketch.quantities or sketch.spans or sketch.scope:
        return None
    if state.status in ("ready", "naming") and choice_said(sketch) == "yes":
        return Act("apply")
    plain = all(t.separator or t.role("change") or t.role("fill") for t in sketch.tokens)
    changes = plain and any(t.role("change") and not t.role("fill") for t in sketch.tokens)
    if state.status == "ready" and (changes or choice_said(sketch) == "no"):
        return Act("edit")  # «แก้หน่อย», and no more
    if not found:
        return None
    order = ("look", "apply", "help", "thanks", "greet")  # これで何人 is no これで
    return Act(min((c.data["action"] for c in found), key=order.index))


def _out_of_scope(said: Text, sketch: Sketch) -> list[Command]:
    found: list[Command] = []
    by_bit: dict[int, list[tuple[int, int]]] = {}
    kinds: dict[int, Concept] = {}
    for start, end, concept, bit in sketch.scope:
        by_bit.setdefault(bit, []).append((start, end))
        kinds.setdefault(bit, concept)
    for frame in of_scope(sketch):
        by_bit[frame.bit].append((frame.start, frame.end))
    for bit, places in by_bit.items():
        phrase = said.quote(min(s for s, _ in places), max(e for _, e in places))
        concept = kinds[bit]
        found.append(
            OutOfScope(
                phrase, concept.name.removeprefix("oos_"), tuple(concept.data["alternatives"])
            )
        )
    return found


_WORD = re.compile(r"\w", re.UNICODE)
_KANA = re.compile("[\u3041-\u3096]")
_HAN = re.compile("[\u4e00-\u9fff]")


def _unclear(said: Text, sketch: Sketch, empty: list[Frame]) -> list[Command]:
    """Words that carry meaning and were understood by nothing."""
    beyond = {bit for _, _, _, bit in sketch.scope}
    places = [(s, e) for s, e, bit in sketch.rest if bit not in beyond]
    places += [
        (f.topics[0][0], f.topics[-1][1])
        for f in empty
        if f.topics and f.bit not in beyond and f.head != "note"
    ]
    places += [(s, e) for s, e, bit in sketch.loose if bit not in beyond]
    # «a fridge or a Yoga Mat»: described by words that are unknown, beside a name that is known
    named = (f for f in sketch.frames if f.head == "buy" and f.values and not f.topic_names)
    places += [place for frame in named for place in frame.topics]
    places += [(f.start, f.end) for f in empty if f.quotes and f.head == "quote"]
    none = {id(frame) for frame in empty}
    told = {frame.noun for frame in sketch.frames if id(frame) not in none}
    places += [
        (f.start, f.end)
        for f in empty
        if _says_none(f) and f.bit not in beyond and not (f.noun and f.noun in told)
    ]
    places += _numbers_of_nothing(sketch, beyond)
    phrases: list[str] = []
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and not said.form[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    kana = _KANA.search(said.form)  # 盆 is a word of its own there
    for start, end in joined:
        phrase = said.quote(start, end)
        if len(_WORD.findall(phrase)) > 1 or (kana and _HAN.search(phrase)):
            phrases.append(phrase)
    return [Unclear(tuple(dict.fromkeys(phrases)))] if phrases else []


def _says_none(frame: Frame) -> bool:
    """«no tags», 沒填生日的: the lack of something, which is no condition."""
    lacks = frame.negated and frame.head in ("tag", "note", "attribute", *FIELDS)
    return lacks or frame.head in ("birthday", "attribute")


def _numbers_of_nothing(sketch: Sketch, beyond: set[int]) -> list[tuple[int, int]]:
    """Places of the numbers that no condition took, but for those of what can't be told."""
    loose = _loose(sketch)
    places = [(t.start, t.end) for t in sketch.tokens if t.extra.get("quantity") in loose]
    told = {(start, end) for start, end, bit in sketch.loose if bit in beyond}
    return [place for place in places if place not in told]


def _loose(sketch: Sketch) -> set[Quantity]:
    """Numbers that no frame took; a bare one may have been read as money."""
    held = {frame.quantity for frame in sketch.frames if frame.quantity}
    bare = {replace(quantity, unit="") for quantity in held if quantity.unit == "money"}
    return set(sketch.quantities) - held - bare
