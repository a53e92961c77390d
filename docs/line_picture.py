"""Draws the README's picture of LINE: real answers, as LINE would lay their messages out.

    python -m docs.line_picture docs/line.png

Makes sample customers in a folder of its own, talks to Divisi in the program's own words, renders
the answers as the LINE channel does, turns their Flex JSON into HTML, and has a headless Chromium
take the picture. With a name that ends in .html it stops before that.
"""

import asyncio
import html
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters.answer import Answer
from adapters.line.render.answers import Beside, messages
from adapters.line.render.plans import Editable
from bot.app import opened
from bot.sample import write_sample
from bot.session import Session
from bot.settings import Settings
from planner.chat import Chose, Event, Said
from planner.explain import explain
from planner.fields import FIELDS
from planner.plan import Condition, Open, leaves
from planner.plan_edits import listed
from store.audience.load import import_folder

Json = dict[str, Any]
AS_OF = datetime(2026, 6, 30, 4, tzinfo=UTC)
SIZES = {"xxs": 11, "xs": 12, "sm": 13, "md": 15, "lg": 18, "xl": 21, "xxl": 27}
GAPS = {"none": 0, "xs": 2, "sm": 4, "md": 8, "lg": 12, "xl": 16}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
STYLE = """
body { margin: 0; padding: 18px; background: #fff; width: 1124px; box-sizing: border-box;
  font-family: "Helvetica Neue", Arial, "DejaVu Sans", "Noto Sans CJK TC", "Noto Sans CJK JP",
  "Loma", sans-serif; display: flex; gap: 16px; align-items: stretch; }
.phone { background: #8cabd8; border-radius: 18px; padding: 14px 10px; width: 352px;
  display: flex; flex-direction: column; gap: 9px; box-sizing: border-box; }
.said { align-self: flex-end; background: #7ce07c; border-radius: 15px; padding: 8px 12px;
  font-size: 14px; max-width: 270px; line-height: 1.35; }
.text { align-self: flex-start; background: #fff; border-radius: 15px; padding: 8px 12px;
  font-size: 14px; max-width: 270px; line-height: 1.35; white-space: pre-wrap; }
.bubble { background: #fff; border-radius: 14px; overflow: hidden; align-self: flex-start; }
.mega { width: 318px; } .kilo { width: 250px; }
.body { padding: 16px; } .footer { padding: 8px 12px 12px; }
.box { display: flex; box-sizing: border-box; min-width: 0; }
.box.vertical { flex-direction: column; }
.box.horizontal { flex-direction: row; align-items: baseline; }
.t { line-height: 1.35; overflow-wrap: anywhere; }
.button { text-align: center; border-radius: 7px; padding: 9px 6px; font-size: 14px; flex: 1; }
.separator { height: 1px; background: #d9dce1; }
.carousel { display: flex; gap: 8px; overflow: hidden; }
.quick { display: flex; gap: 6px; flex-wrap: wrap; margin-top: auto; justify-content: center; }
.quick.old { display: none; }
.quick span { background: #fff; border-radius: 16px; padding: 6px 11px; font-size: 13px;
  color: #2b3f66; }
"""


def component(node: Json) -> str:
    """A Flex component as HTML."""
    kind = node["type"]
    if kind == "text":
        return _text(node)
    if kind == "box":
        return _box(node)
    if kind == "button":
        return _button(node)
    return f'<div class="{kind}"></div>'


def _text(node: Json) -> str:
    style = [
        f"color:{node.get('color', '#111')}",
        f"font-size:{SIZES[node.get('size', 'md')]}px",
        f"text-align:{node.get('align', 'start')}",
        f"font-weight:{node.get('weight', 'regular').replace('regular', '400')}",
        _margin(node),
        _flex(node),
    ]
    if not node.get("wrap"):
        style.append("white-space:nowrap")
    return f'<div class="t" style="{";".join(style)}">{html.escape(node["text"])}</div>'


def _flex(node: Json) -> str:
    return f"flex:{node['flex']} {node['flex']} auto" if node.get("flex") == 0 else "flex:1 1 0"


def _margin(node: Json) -> str:
    return f"margin-top:{GAPS[node['margin']]}px" if "margin" in node else ""


def _box(node: Json) -> str:
    style = [_margin(node), f"gap:{GAPS[node.get('spacing', 'none')]}px"]
    for key, name in (
        ("width", "width"), ("height", "height"), ("backgroundColor", "background"),
        ("cornerRadius", "border-radius"), ("paddingAll", "padding"),
    ):  # fmt: skip
        if key in node:
            style.append(f"{name}:{node[key]}")
    if node["layout"] == "horizontal":
        style.append("flex:0 0 auto")
    inner = "".join(
        component(each) if node["layout"] == "horizontal" else _stacked(each)
        for each in node["contents"]
    )
    return f'<div class="box {node["layout"]}" style="{";".join(style)}">{inner}</div>'


def _stacked(node: Json) -> str:
    """In a column nothing grows by itself."""
    made = component(node)
    return made.replace("flex:1 1 0", "flex:0 0 auto", 1) if node["type"] == "text" else made


def _button(node: Json) -> str:
    looks = {
        "primary": f"background:{node.get('color', '#17c950')};color:#fff",
        "secondary": "background:#dcdfe5;color:#111",
        "link": f"color:{node.get('color', '#42659a')}",
    }
    label = html.escape(node["action"]["label"])
    return f'<div class="button" style="{looks[node.get("style", "link")]}">{label}</div>'


def bubble(node: Json) -> str:
    """A card, or several beside each other."""
    if node["type"] == "carousel":
        return f'<div class="carousel">{"".join(map(bubble, node["contents"]))}</div>'
    parts = "".join(
        f'<div class="{part}">{component(node[part])}</div>'
        for part in ("body", "footer")
        if part in node
    )
    return f'<div class="bubble {node.get("size", "mega")}">{parts}</div>'


def message(made: Json) -> str:
    """A message, and the quick replies under it."""
    shown = (
        bubble(made["contents"])
        if made["type"] == "flex"
        else f'<div class="text">{html.escape(made["text"])}</div>'
    )
    items = made.get("quickReply", {}).get("items", ())
    quick = "".join(f"<span>{html.escape(each['action']['label'])}</span>" for each in items)
    return shown + (f'<div class="quick">{quick}</div>' if quick else "")


def said(words: str) -> str:
    """What the person typed or tapped."""
    return f'<div class="said">{html.escape(words)}</div>'


async def phones() -> str:
    """Three phones with a conversation."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        write_sample(Path(folder), contacts=20_000, as_of=AS_OF)
        import_folder(Path(folder), home)
        settings = Settings(DIVISI_HOME=home, DIVISI_AS_OF=AS_OF)  # type: ignore[call-arg]
        async with opened(settings) as app:
            session = Session(app, "picture:1", "terminal", "en")
            await session.open()
            return "".join([phone async for phone in _talk(session)])


def _timed(leaf: Condition | Open) -> bool:
    return isinstance(leaf, Condition) and bool(FIELDS[leaf.field].time)


async def _talk(session: Session) -> Any:
    def show(words: str, answer: Answer, beside: Beside) -> str:
        made = messages(answer, beside)
        return said(words) + "".join(message(each) for each in made)

    async def turn(words: str, event: Event, beside: Beside | None = None) -> str:
        answer = await session.send(event)
        await session.shown()
        return show(words, answer, beside or Beside())

    first = "high-spending women in Taipei with no purchase in the last 90 days"
    asked = await turn(first, Said(first)) + await turn("Over 5,000", Chose(("1",)))
    asked = asked.replace('class="quick"', 'class="quick old"', 1)  # gone with the next message
    yield f'<div class="phone">{asked}</div>'
    yield f'<div class="phone">{await turn("Yes", Chose(("yes",)))}</div>'
    answer = await session.send(Chose(("edit",)))
    state = await session.state()
    changing = [
        Editable(place, explain(item, "en"), timed=any(_timed(leaf) for leaf in leaves(item)))
        for place, item in enumerate(listed(state.draft)[1])
    ]
    editing = show("Edit", answer, Beside(conditions=changing))
    name = await turn("Apply segment", Chose(("apply",)))
    yield f'<div class="phone">{editing}{name}</div>'


def main(target: Path) -> None:
    """Write the picture, or the page that it is taken of."""
    page = f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{asyncio.run(phones())}"
    if target.suffix == ".html":
        target.write_text(page, encoding="utf-8")
        return
    browser = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("Chromium is needed to take the picture. Write the page with: … line.html")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "line.html"
        file.write_text(page, encoding="utf-8")
        subprocess.run(
            [browser, "--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu",
             f"--user-data-dir={folder}/profile", "--force-device-scale-factor=1.5",
             "--window-size=1124,860", f"--screenshot={target.resolve()}", file.as_uri()],
            check=True, timeout=120, stderr=subprocess.DEVNULL,
        )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
