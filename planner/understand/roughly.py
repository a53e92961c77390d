"""Numbers that need not be met exactly: "around 40", 40歲左右, 3回くらい, ประมาณ 3 ครั้ง."""

import re

_ROUGHLY = re.compile(
    r"(?:(?<!how )(?<!what )\babout|\b(?:around|roughly|abt|circa|approx(?:imately)?\.?)"
    r"|約|およそ|大約|大概|差不多|ประมาณ|ราวๆ?)\s?$"
)
_OR_SO = re.compile(
    r"\s?(?:or so\b|,?\s?(?:[a-z]{1,12},? )?give or take|-?ish\b"
    r"|左右|上下|前後|くらい|ぐらい|程度|ほど)(?!前|の間|で)"
)
_NEAR = 24
"""How far before the number the word for it may begin."""


def said_roughly(form: str, start: int, end: int) -> bool:
    """Whether the number that stands there is one that need not be met exactly."""
    return bool(_ROUGHLY.search(form, max(0, start - _NEAR), start) or _OR_SO.match(form, end))
