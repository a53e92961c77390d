"""The home page: the person's segments, a new one, and what the bot is for."""

from typing import Final

from adapters.slack.render.blocks import Block, actions, button, escaped, plain, section, sections
from planner.chat import SegmentCard
from planner.sheet import Sheet
from planner.wording import number, say, suggested_prompts

_LISTED: Final = 30
_ACTIONS: Final = ("export", "edit", "duplicate", "cancel", "delete")
"""What is offered for a segment there; the rest stands on its card."""


def home(sheet: Sheet) -> Block:
    """The page of somebody who may use the bot."""
    blocks: list[Block] = [{"type": "header", "text": plain(sheet.say("home.title"), 150)}]
    if sheet.can_make:
        new = button("begin", sheet.say("home.new"), "begin", "primary")
        blocks.append(actions([new], "new"))
    mine = sheet.mine()
    for card in mine[:_LISTED]:
        blocks += _segment(sheet, card)
    if len(mine) > _LISTED:
        blocks += sections([escaped(sheet.say("home.more", n=len(mine) - _LISTED))])
    if not mine:
        blocks += sections([escaped(sheet.say("home.none"))])
    prompts = suggested_prompts(sheet.language)
    lines = "\n".join(sheet.say("list.line", text=prompt) for prompt in prompts)
    help_text = sheet.say("act.help", prompts=lines)
    return _page([*blocks, {"type": "divider"}, *sections(escaped(help_text).split("\n"))])


def stranger(language: str, who: str) -> Block:
    """The page of somebody who may not: no number on it."""
    return _page(sections([escaped(say(language, "role.stranger", who=who))]))


def _page(blocks: list[Block]) -> Block:
    return {"type": "home", "blocks": blocks}


def _segment(sheet: Sheet, card: SegmentCard) -> list[Block]:
    count = "" if card.count is None else f" · {number(sheet.language, card.count)}"
    text = f"*{escaped(card.name)}*\n{escaped(card.text)}{count}"
    offered = dict(sheet.actions(card.segment_id))
    buttons = [button("do:show", sheet.say("home.show"), f"show:{card.segment_id}")]
    buttons += [
        button(f"do:{key}", offered[key], f"{key}:{card.segment_id}",
            "danger" if key == "delete" else "")
        for key in _ACTIONS if key in offered
    ]  # fmt: skip
    return [section(text), actions(buttons, f"segment:{card.segment_id}"[:255])]
