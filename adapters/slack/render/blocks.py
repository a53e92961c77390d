"""Block Kit's parts as plain data, cut to Slack's limits."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

Block = dict[str, Any]

SECTION: Final = 3_000
"""Characters of a section's text."""
BUTTON: Final = 75
"""Characters on a button or option."""
OPTION_VALUE: Final = 150
MOST_OPTIONS: Final = 100
MOST_BLOCKS: Final = 45
"""Blocks of a message: Slack takes 50, and a line about who chose what is added later."""
LONGEST: Final = 9_000
"""Characters of a message's blocks: beyond some 13,000 Slack takes none."""
TEXT: Final = 3_500
"""Characters of a message's plain text, which an update may not have more than 4,000 of."""


def escaped(text: str) -> str:
    """Text that means only itself: no mention, link or entity."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clipped(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def plain(text: str, limit: int = SECTION) -> Block:
    """A plain-text object; Slack takes no empty one."""
    return {"type": "plain_text", "text": clipped(text, limit) or "–", "emoji": False}


def marked(text: str) -> Block:
    """A mrkdwn object, whose names and addresses are left as they are."""
    return {"type": "mrkdwn", "text": text or "–", "verbatim": True}


def section(text: str, accessory: Block | None = None, block_id: str = "") -> Block:
    """A section of mrkdwn."""
    made: Block = {"type": "section", "text": marked(text)}
    if accessory is not None:
        made["accessory"] = accessory
    return made | ({"block_id": block_id} if block_id else {})


def sections(lines: Iterable[str]) -> list[Block]:
    """Lines of mrkdwn, in as few sections as hold them."""
    made, held = [], ""
    for line in (part for each in lines for part in _parts(each)):
        if held and len(held) + 1 + len(line) > SECTION:
            made.append(section(held))
            held = line
        else:
            held = f"{held}\n{line}" if held else line
    return [*made, section(held)] if held else made


def _parts(line: str) -> Iterable[str]:
    """A line in pieces that fit, not cut within an entity such as &amp;."""
    while len(line) > SECTION:
        cut = line.rfind(" ", 0, SECTION)
        cut = cut if cut > SECTION // 2 else SECTION
        entity = line.rfind("&", cut - 5, cut)
        if entity >= 0 and ";" not in line[entity:cut]:
            cut = entity
        yield line[:cut]
        line = line[cut:].lstrip(" ")
    yield line


def context(text: str) -> Block:
    """A small grey line of mrkdwn."""
    return {"type": "context", "elements": [marked(clipped(text, SECTION))]}


def actions(elements: Sequence[Block], block_id: str = "") -> Block:
    """A row of buttons and menus."""
    made: Block = {"type": "actions", "elements": list(elements)}
    return made | ({"block_id": block_id} if block_id else {})


def button(action_id: str, label: str, value: str, style: str = "") -> Block:
    """A button; style: primary or danger."""
    made: Block = {
        "type": "button", "action_id": action_id, "text": plain(label, BUTTON), "value": value,
    }  # fmt: skip
    return made | ({"style": style} if style else {})


def option(label: str, value: str, description: str = "") -> Block:
    """One of a menu's choices."""
    made: Block = {"text": plain(label, BUTTON), "value": value}
    return made | ({"description": plain(description, BUTTON)} if description else {})


def menu(kind: str, action_id: str, placeholder: str, **more: Any) -> Block:
    """A menu of a kind such as static_select; what is None is left out."""
    made: Block = {"type": kind, "action_id": action_id, "placeholder": plain(placeholder, 150)}
    return made | {name: value for name, value in more.items() if value is not None}


def buttons_of(block: Mapping[str, Any]) -> bool:
    """Whether a block has anything to tap."""
    return block["type"] == "actions" or "accessory" in block


def without_buttons(blocks: Sequence[Block]) -> list[Block]:
    """The blocks as they stay when there is nothing to tap any more."""
    kept = [block for block in blocks if block["type"] != "actions"]
    return [{name: part for name, part in block.items() if name != "accessory"} for block in kept]


def length(block: Mapping[str, Any]) -> int:
    """How many characters of text a block has."""
    return sum(
        len(part) if isinstance(part, str) else length(part) if isinstance(part, dict)
        else sum(length(each) for each in part if isinstance(each, dict))
        for part in block.values()
        if isinstance(part, (str, dict, list))
    )  # fmt: skip


def packed(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks in as few messages as hold them."""
    made: list[list[Block]] = [[]]
    held = 0
    for block in blocks:
        if made[-1] and (len(made[-1]) >= MOST_BLOCKS or held + length(block) > LONGEST):
            made.append([])
            held = 0
        made[-1].append(block)
        held += length(block)
    return [each for each in made if each]
