"""«Singapore, not Hong Kong»: one name in place of another, which stands in the plan."""

import itertools
import re

from planner.commands import Change, Target
from planner.fields import EVENTS, Op
from planner.plan import AllOf, Condition, Node, Not, Scope, leaves
from planner.understand.frames import ENGAGE, Sketch
from planner.understand.messages_said import reached_by, usual_channel
from planner.understand.tokens import Token

_THINGS = {"category": "categories", "product": "products", "campaign": "campaigns"}
_KEEPS = ("keep", "keeping", "leave")
_RESTS = re.compile(
    r"\b(?:lose|drop|remove|scrap|ditch|skip|forget|cut) (?:all )?(?:the )?(?:rest|others)\b"
)
_DENIES = ("not", "exclude", "remove")


def contrasted(sketch: Sketch, nodes: list[Node], draft: AllOf) -> Change | None:
    """The change that puts what is wanted in place of what is denied and stands; else None."""
    ways = (_values(nodes, draft), _things(sketch, draft), _channels(sketch, draft))
    return next((change for change in ways if change is not None), None)


def _values(nodes: list[Node], draft: AllOf) -> Change | None:
    wanted = [n for n in nodes if isinstance(n, Condition) and n.op is Op.ANY_OF and n.texts]
    denied = [n.item for n in nodes if isinstance(n, Not) and isinstance(n.item, Condition)]
    if (len(wanted), len(denied), len(nodes)) != (1, 1, 2) or wanted[0].field != denied[0].field:
        return None
    new, old = wanted[0].texts, set(denied[0].texts)
    for place, item in enumerate(draft.items, 1):
        same = isinstance(item, Condition) and item.op is Op.ANY_OF
        if isinstance(item, Condition) and same and item.field == wanted[0].field:
            if old and old <= set(item.texts):
                kept = (text for text in item.texts if text not in old)
                texts = tuple(dict.fromkeys((*kept, *new)))
                return Change(Target(index=place, field=item.field), texts=texts)
    return None


def _pair(sketch: Sketch, said: list[Token]) -> tuple[Token, Token] | None:
    """The one that is wanted and the one right after a "not", where two are named and no more."""
    if len(said) != 2 or any(f.quantity or f.span for f in sketch.frames):
        return None
    denied = [t for t in said if _is_denied(t, sketch)]
    wanted = [t for t in said if t not in denied]
    return (wanted[0], denied[0]) if len(denied) == 1 else None


def _is_denied(token: Token, sketch: Sketch) -> bool:
    before = [t for t in sketch.tokens if t.end <= token.start][-1:]
    after = [t for t in sketch.tokens if t.start >= token.end][:1]
    ahead = any(any(map(t.role, _DENIES)) for t in before)
    return ahead or any(t.role("not_after") for t in after)


def _things(sketch: Sketch, draft: AllOf) -> Change | None:
    pair = _pair(sketch, [token for token in sketch.tokens if token.values])
    for kind, part in _THINGS.items() if pair is not None else ():
        new, old = ({n for k, n in t.values if k == kind} for t in pair or ())
        for place, leaf in _conditions(draft):
            held = getattr(leaf.scope, part)
            if new and old and old <= set(held):
                names = (*(name for name in held if name not in old), *sorted(new))
                scope = Scope.model_validate({part: tuple(dict.fromkeys(names))})
                return Change(Target(index=place, field=leaf.field), scope=scope)
    return None


def _channels(sketch: Sketch, draft: AllOf) -> Change | None:
    pair = _pair(sketch, [token for token in sketch.tokens if token.role("channel")])
    if pair is None or any(frame.values or frame.events for frame in sketch.frames):
        return None
    new, old = (str(c.data["channel"]) for t in pair if (c := t.role("channel")))
    for place, leaf in _conditions(draft):
        if leaf.field == ENGAGE and usual_channel(old) in leaf.scope.channels:
            channel = usual_channel(new)
            events = tuple(e for e in leaf.scope.events if e in EVENTS.get(channel, ()))
            kept = (c for c in leaf.scope.channels if c != usual_channel(old))
            scope = Scope(channels=tuple(dict.fromkeys((*kept, channel))), events=events)
            possible = channel in EVENTS
            scope = scope if events else scope.model_copy(update={"events": ("click",)})
            return Change(Target(index=place, field=ENGAGE), scope=scope) if possible else None
        reached = reached_by(new), reached_by(old)
        if leaf.field == "reachable" and all(reached) and reached[1] in leaf.texts:
            texts = tuple(text for text in leaf.texts if text != reached[1])
            return Change(Target(index=place, field="reachable"), texts=(*texts, str(reached[0])))
    return None


def _conditions(draft: AllOf) -> list[tuple[int, Condition]]:
    found = enumerate(draft.items, 1)
    return [(p, leaf) for p, item in found for leaf in leaves(item) if isinstance(leaf, Condition)]


def takes_the_rest(sketch: Sketch) -> bool:
    """Whether what was not named is taken off: "just Osaka, lose the rest"."""
    return _RESTS.search(sketch.form) is not None


def kept_values(sketch: Sketch) -> set[str]:
    """Values that stay: "lose Phuket, just Chiang Mai", "scrap Gold, Platinum only"."""
    kept, narrow, taking = set[str](), False, False
    for place, token in enumerate(sketch.tokens):
        if place == 0 or token.separator:
            further = itertools.islice(sketch.tokens, place + 1, None)
            clause = [token, *itertools.takewhile(lambda t: not t.separator, further)]
            taking = any(t.role("remove") for t in clause)
            narrow = not taking and any(t.role("narrow") for t in clause)
        keeps = token.role("narrow") is not None or sketch.form[token.start : token.end] in _KEEPS
        narrow = not token.role("remove") and (narrow or keeps)
        kept |= {name for _, name in token.values} if narrow else set()
    return kept
