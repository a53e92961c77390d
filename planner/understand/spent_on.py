"""Who spends much on something: "big spenders on Coffee", 在 Coffee 花很多錢, สายเปย์หมวด Pets."""

import itertools
import re
from dataclasses import replace
from typing import Final

from planner.catalogue import Catalogue
from planner.understand.frames import Frame
from planner.understand.ground import exact

_ON: Final = re.compile(r"\s?(?:on|in|for|กับ|ไปกับ|ใน|หมวด|ในหมวด|ของหมวด)\s?(?:the\s)?")
"""What leads from the spending to the thing."""
_OF: Final = re.compile(
    r"\s?(?:類別|分類|商品)?(?:的|上|裡|で|に|の|カテゴリ[ー]?(?:で|に|の))?(?:商品)?(?:に|で)?\s?"
)
"""What leads from the thing to the spending, where the thing comes first."""
_SPENT: Final = re.compile("花|額|使")
_HOUSE: Final = re.compile("類別|分類|カテゴリ")
_SPENDING: Final = ("high_spending", "low_spending")


def spent_on(frames: list[Frame], form: str, catalogue: Catalogue) -> list[Frame]:
    """The frames, with one about the sum spent on a thing in place of each such pair."""
    found: list[Frame] = []
    for frame in frames:
        before = found[-1] if found else None
        made = None if before is None else _joined(before, frame, form, catalogue)
        if made is not None:
            found[-1] = made
        else:
            found.append(frame)
    return found


def _joined(before: Frame, frame: Frame, form: str, catalogue: Catalogue) -> Frame | None:
    if frame.link != "and" or before.clause != frame.clause or before.excluded != frame.excluded:
        return None
    for spender, thing in itertools.permutations((before, frame)):
        if spender.head != "vague" or _kind(spender) not in _SPENDING or spender.quantity:
            continue
        values = _things(thing, catalogue)
        between = form[before.end : frame.start]
        first = thing is before
        said = form[spender.start : spender.end]
        leads = _OF.fullmatch(between) if first else _ON.fullmatch(between)
        if first and not (_SPENT.search(said) or _HOUSE.search(form[thing.start : spender.start])):
            leads = None  # "Coffee VIPs": a person of two descriptions
        if values and leads and not spender.negated:
            band = "high" if _kind(spender) == "high_spending" else "low"
            start, end = before.start, max(before.end, frame.end)
            span = spender.span or thing.span
            return replace(
                thing, head="product_amount", concept=None, values=values, band=band,
                start=start, end=end, span=span, link=before.link,
            )  # fmt: skip
    return None


def _things(frame: Frame, catalogue: Catalogue) -> list[tuple[str, str]]:
    """The products and categories that a frame names, and nothing else."""
    if frame.head not in ("value", "buy") or frame.negated or frame.quantity or not frame.values:
        return []
    kinds = ("category", "product")
    found = []
    for kind, name in frame.values:
        known = kind if kind in kinds else next((k for k in kinds if exact(name, k, catalogue)), "")
        found.append((known, name))
    return found if all(kind for kind, _ in found) else []


def _kind(frame: Frame) -> str:
    return frame.concept.name if frame.concept is not None else ""
