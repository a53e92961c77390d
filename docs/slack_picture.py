"""Draws the README's picture of Slack: real answers and forms, as Slack would lay them out.

    python -m docs.slack_picture docs/slack.png

Makes sample customers in a folder of its own, talks to Divisi in the program's own words, renders
answers and forms as the Slack channel does, turns their blocks into HTML, and has a headless
Chromium take the picture. With a name that ends in .html it stops before that.
"""

import asyncio
import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from adapters.answer import Answer
from adapters.slack.board import Open
from adapters.slack.render import forms
from adapters.slack.render.messages import messages
from bot.app import opened
from bot.sample import write_sample
from bot.session import Session
from bot.settings import Settings
from planner.chat import Chose, Context, Event, Named, Said
from planner.sheet import Sheet
from store.audience.load import import_folder

from .line_picture import AS_OF, CHROMIUM

Json = dict[str, Any]
STYLE = """
body { margin: 0; padding: 20px; background: #e9e6ea; width: 1240px; box-sizing: border-box;
  font: 15px/1.42 Lato, "Helvetica Neue", Arial, "DejaVu Sans", "Noto Sans CJK TC", sans-serif;
  color: #1d1c1d; display: flex; gap: 20px; align-items: flex-start; }
.pane { background: #fff; border-radius: 10px; padding: 14px 18px 18px; width: 590px;
  box-sizing: border-box; box-shadow: 0 1px 5px #0002; display: flex; flex-direction: column;
  gap: 13px; }
.message { display: flex; gap: 9px; }
.face { width: 36px; height: 36px; border-radius: 8px; flex: none; color: #fff; font-weight: 700;
  display: flex; align-items: center; justify-content: center; }
.name { font-weight: 800; } .app { background: #e8e8e8; color: #616061; font-size: 10px;
  font-weight: 700; border-radius: 3px; padding: 1px 3px; margin-left: 5px; }
.blocks { flex: 1; min-width: 0; display: flex; flex-direction: column; gap: 8px; }
.section { white-space: pre-wrap; display: flex; justify-content: space-between; gap: 14px; }
.context { color: #616061; font-size: 13px; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; }
.button { border: 1px solid #bbb; border-radius: 8px; padding: 5px 12px; font-weight: 700;
  font-size: 14px; background: #fff; white-space: nowrap; }
.primary { background: #007a5a; color: #fff; border-color: #007a5a; }
.danger { color: #e01e5a; border-color: #e01e5a; }
.menu { border: 1px solid #bbb; border-radius: 8px; padding: 6px 12px; color: #616061; flex: 1; }
.chart { border: 1px solid #ddd; border-radius: 8px; padding: 10px 14px; }
.chart b { font-size: 14px; } .bar { display: flex; align-items: center; gap: 8px; margin-top: 6px;
  font-size: 12px; color: #616061; } .bar span { width: 132px; text-align: right; flex: none; }
.bar i { background: #4a7fd0; height: 15px; border-radius: 0 4px 4px 0; }
.mention { background: #e8f5fa; color: #1264a3; border-radius: 3px; padding: 0 2px; }
.modal { border: 1px solid #ccc; border-radius: 10px; box-shadow: 0 6px 22px #0003; }
.modal > div { padding: 12px 18px; } .title { font-weight: 900; font-size: 19px;
  border-bottom: 1px solid #ddd; } .foot { border-top: 1px solid #ddd; display: flex; gap: 8px;
  justify-content: flex-end; } .inner { display: flex; flex-direction: column; gap: 11px; }
.label { font-weight: 700; margin-bottom: 4px; } .radio { display: block; }
.dots { border: 1px solid #bbb; border-radius: 8px; padding: 0 10px; align-self: center; }
"""


def mrkdwn(text: str) -> str:
    """Slack's own marks, as far as they are used, in HTML."""
    named = text.replace("<@U1>", "\0")
    for entity, sign in (("&gt;", ">"), ("&lt;", "<"), ("&amp;", "&")):
        named = named.replace(entity, sign)
    shown = html.escape(named, quote=False).replace("\0", '<span class="mention">@ann</span>')
    return re.sub(r"\*([^*\n]+)\*", r"<b>\1</b>", shown)


def element(made: Json) -> str:
    """A button, menu or input."""
    kind = made["type"]
    if kind == "button":
        look = made.get("style", "")
        return f'<div class="button {look}">{html.escape(made["text"]["text"])}</div>'
    if kind == "overflow":
        return '<div class="dots">⋯</div>'
    if kind == "radio_buttons":
        chosen = made["initial_option"]
        words = [("◉ " if o == chosen else "○ ") + o["text"]["text"] for o in made["options"]]
        return "".join(f'<div class="radio">{html.escape(word)}</div>' for word in words)
    held = made.get("initial_value") or made.get("initial_option", {}).get("text", {}).get("text")
    shown = held or made.get("placeholder", {}).get("text", "")
    arrow = " ▾" if "select" in kind else "&nbsp;"
    return f'<div class="menu">{html.escape(shown)}{arrow}</div>'


def chart(made: Json) -> str:
    """Bars in place of Slack's chart."""
    points = made["chart"]["series"][0]["data"]
    most = max(point["value"] for point in points) or 1
    bars = "".join(
        f'<div class="bar"><span>{html.escape(p["label"])}</span>'
        f'<i style="width:{270 * p["value"] / most:.0f}px"></i>{p["value"]:,}</div>'
        for p in points
    )
    return f'<div class="chart"><b>{html.escape(made["title"])}</b>{bars}</div>'


def block(made: Json) -> str:
    """One block."""
    kind = made["type"]
    if kind == "data_visualization":
        return chart(made)
    if kind == "section":
        beside = element(made["accessory"]) if "accessory" in made else ""
        return f'<div class="section"><span>{mrkdwn(made["text"]["text"])}</span>{beside}</div>'
    if kind == "context":
        return f'<div class="context">{mrkdwn(made["elements"][0]["text"])}</div>'
    if kind == "input":
        label = f'<div class="label">{html.escape(made["label"]["text"])}</div>'
        return f"<div>{label}{element(made['element'])}</div>"
    return f'<div class="actions">{"".join(map(element, made["elements"]))}</div>'


def message(blocks: Sequence[Json], who: str = "Divisi") -> str:
    """A message, with who wrote it."""
    color, app = ("#c2603c", "")
    if who == "Divisi":
        color, app = ("#1f4e5f", '<span class="app">APP</span>')
    inside = "".join(map(block, blocks))
    return (
        f'<div class="message"><div class="face" style="background:{color}">{who[0]}</div>'
        f'<div class="blocks"><div><span class="name">{who}</span>{app}</div>{inside}</div></div>'
    )


def said(text: str) -> str:
    """What the person wrote."""
    return message([{"type": "section", "text": {"text": text}}], "Ann")


def modal(view: Json) -> str:
    """A form."""
    inside = "".join(map(block, view["blocks"]))
    words = [view[name]["text"] for name in ("close", "submit") if name in view]
    looks = ["", "primary"]
    foot = "".join(f'<div class="button {k}">{w}</div>' for w, k in zip(words, looks, strict=False))
    return (
        f'<div class="modal"><div class="title">{view["title"]["text"]}</div>'
        f'<div class="inner">{inside}</div><div class="foot">{foot}</div></div>'
    )


async def panes() -> str:
    """The conversation, and what its buttons open."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        write_sample(Path(folder), contacts=20_000, as_of=AS_OF)
        import_folder(Path(folder), home)
        settings = Settings(DIVISI_HOME=home, DIVISI_AS_OF=AS_OF)  # type: ignore[call-arg]
        async with opened(settings) as app:
            stop = asyncio.Event()
            computing = asyncio.create_task(app.worker.run(stop))
            session = Session(app, "picture:1", "terminal", "en")
            await session.open()
            page = await _talk(session)
            stop.set()
            await computing
            return page


async def _talk(session: Session) -> str:
    async def turn(event: Event) -> Answer:
        answer = await session.send(event)
        await session.shown()
        return answer

    request = "high-spending women in Taipei with no purchase in the last 90 days"
    asked = await turn(Said(request))
    question = messages(asked)[-1]
    option = next(o for o in getattr(asked.replies[-1], "options", ()) if o.id == "2")
    held = Open("D1", "1", list(question.blocks), "", 0, "").closed(option.label, "U1")
    plan = await turn(Chose(("2",)))
    while plan.status == "asking":
        plan = await turn(Chose(("no",)))
    state = await session.state()
    catalogue = await session.app.audience.catalogue(AS_OF)
    sheet = Sheet(state, catalogue, Context(AS_OF, session.app.settings.zone))
    left = said(request) + message(held.blocks) + message(messages(plan)[-1].blocks)
    meta = {"c": "slack:T1:U1:dm", "v": 1}
    edit = forms.plan_modal(sheet, meta)
    name = forms.name_modal(sheet, meta)
    await turn(Named("Taipei winback", "For the June coupon"))
    news = await session.news(30)
    if news is None:
        sys.exit("The worker is needed for the picture.")
    done = messages(replace(news, view=None), asker="U1")[-1]
    left += message(done.blocks)
    right = modal(edit) + modal(name)
    return f'<div class="pane">{left}</div><div class="pane">{right}</div>'


def main(target: Path) -> None:
    """Write the picture, or the page that it is taken of."""
    page = f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{asyncio.run(panes())}"
    if target.suffix == ".html":
        target.write_text(page, encoding="utf-8")
        return
    browser = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit("Chromium is needed to take the picture. Write the page with: … slack.html")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "slack.html"
        file.write_text(page, encoding="utf-8")
        subprocess.run(
            [browser, "--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu",
             f"--user-data-dir={folder}/profile", "--force-device-scale-factor=1.5",
             "--window-size=1240,825", f"--screenshot={target.resolve()}", file.as_uri()],
            check=True, timeout=120, stderr=subprocess.DEVNULL,
        )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
