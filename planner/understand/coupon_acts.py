"""«เอาคนที่รับแล้วแต่ยังไม่ได้ใช้แทน» where a coupon stands: what was done with that coupon."""

import re

from planner.commands import Add, Command, Negate, Target
from planner.fields import Op
from planner.plan import AllOf, Condition
from planner.understand.frames import Sketch
from planner.understand.tokens import Token

_THAI = re.compile("[\u0e01-\u0e4e]")
_SMALL = (
    "fill", "person", "change", "and", "narrow", "also", "choice", "add", "intent", "degree",
    "request", "flip", "field",
)  # fmt: skip
"""Roles of words that name nothing but what was done with it."""
_DONE = {"claim": "claim", "redeem": "redeem", "use": "redeem"}
_TAKEN = ("รับ", "เก็บ", "เคลม", "กด", "โหลด", "claim")


def coupon_acts(sketch: Sketch, draft: AllOf) -> list[Command] | None:
    """The commands that make the plan's one coupon claimed or used as is said; else None."""
    held = [
        (place, item)
        for place, item in enumerate(draft.items, 1)
        if isinstance(item, Condition) and item.scope.channels == ("coupon",)
    ]
    said = _said(sketch) if held and _THAI.search(sketch.form) else None
    if not said or len({item.scope.campaigns for _, item in held}) > 1:
        return None
    found = list[Command]()
    for event, denied in said.items():
        stands = [(p, item) for p, item in held if item.scope.events == (event,)]
        op, number = (Op.EQ, 0.0) if denied else (Op.GE, 1.0)
        if not stands:
            scope = held[-1][1].scope.model_copy(update={"events": (event,)})
            changed = {"scope": scope, "op": op, "number": number}
            found.append(Add(held[-1][1].model_copy(update=changed)))
        elif (stands[0][1].op, stands[0][1].number) == ((Op.GE, 1.0) if denied else (Op.EQ, 0.0)):
            found.append(Negate(Target(index=stands[0][0])))
    return found or None


def _said(sketch: Sketch) -> dict[str, bool] | None:
    """What was done, and whether that is denied; None if anything else is said."""
    found, denied = dict[str, bool](), False
    for token in sketch.tokens:
        event = _event(token, sketch.form)
        if event:
            found[event], denied = denied, False
        elif token.role("not"):
            denied = True
        elif token.separator or not any(map(token.role, _SMALL)) or token.extra or token.values:
            if not token.separator and not _is_coupon(token):
                return None
    return found


def _event(token: Token, form: str) -> str:
    names = [_DONE[c.name] for c in token.concepts if c.name in _DONE]
    said = form[token.start : token.end]
    claimed = names == ["claim"] and not said.startswith(_TAKEN)  # ได้
    return "" if not names or claimed else names[0]


def _is_coupon(token: Token) -> bool:
    channel = token.role("channel")
    return channel is not None and channel.data["channel"] == "coupon" and not token.values
