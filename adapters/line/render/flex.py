"""The few Flex components that Divisi's messages are made of."""

from typing import Any, Final

from adapters.line.render.labels import LABEL, cut

Json = dict[str, Any]
INK: Final = "#1F2937"
FAINT: Final = "#6B7280"
ACCENT: Final = "#0F766E"
BAR: Final = "#14B8A6"
TRACK: Final = "#E5E7EB"
PANEL: Final = "#F3F4F6"
RED: Final = "#B91C1C"
_ALT: Final = 400
_SHOWN: Final = 300


def postback(data: str, label: str = "", shown: str = "") -> Json:
    """A tap that comes back with `data`, shown in the chat as the person's words."""
    action: Json = {"type": "postback", "data": data}
    if label:
        action["label"] = cut(label, LABEL)
    if shown:
        action["displayText"] = cut(shown, _SHOWN)
    return action


def keyboard(data: str, words: str) -> Json:
    """A tap that opens the keyboard with these words in it."""
    fill = cut(words, _SHOWN)
    return postback(data) | {"inputOption": "openKeyboard", "fillInText": fill}


def link(address: str, label: str) -> Json:
    """A tap that opens an address."""
    return {"type": "uri", "uri": address, "label": cut(label, LABEL)}


def text(words: str, **more: Any) -> Json:
    """Words that wrap; LINE refuses empty ones."""
    return {"type": "text", "text": words or " ", "wrap": True, "color": INK, "size": "sm"} | more


def row(*contents: Json, **more: Any) -> Json:
    """Components beside each other."""
    return {"type": "box", "layout": "horizontal", "contents": list(contents)} | more


def column(*contents: Json, **more: Any) -> Json:
    """Components below each other."""
    return {"type": "box", "layout": "vertical", "contents": list(contents)} | more


def bar(share: float) -> Json:
    """A bar that is filled so far, from 0 to 1; whatever is more than nothing can be seen."""
    filled = 0 if share <= 0 else max(1, round(min(share, 1.0) * 100))
    inner = column(
        {"type": "filler"},
        width=f"{filled}%",
        height="6px",
        backgroundColor=BAR,
        cornerRadius="3px",
    )
    return column(inner, height="6px", backgroundColor=TRACK, cornerRadius="3px", margin="sm")


def button(action: Json, *, primary: bool = False, grave: bool = False) -> Json:
    """A button with the action's label."""
    made: Json = {
        "type": "button", "action": action, "height": "sm", "adjustMode": "shrink-to-fit",
        "style": "primary" if primary else "secondary" if not grave else "link",
    }  # fmt: skip
    if primary:
        made["color"] = ACCENT
    if grave:
        made["color"] = RED
    return made


def bubble(*body: Json, footer: tuple[Json, ...] = (), size: str = "mega") -> Json:
    """A card."""
    made: Json = {"type": "bubble", "size": size, "body": column(*body, spacing="md")}
    if footer:
        made["footer"] = column(*footer, spacing="sm")
    return made


def message(alt: str, contents: Json) -> Json:
    """A Flex message; `alt` is what notifications and old devices show."""
    return {
        "type": "flex",
        "altText": cut(" ".join(alt.split()) or "…", _ALT),
        "contents": contents,
    }


def carousel(*bubbles: Json) -> Json:
    """Cards beside each other, 12 at most."""
    return {"type": "carousel", "contents": list(bubbles)} if len(bubbles) > 1 else bubbles[0]
