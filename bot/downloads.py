"""Exported lists over the web: a link that one person is given, good for minutes.

The link says which file, for whom and until when, and is signed. The right to see contacts is
looked at when the link is made, and again when it is used.
"""

import base64
import hmac
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bot import effects
from bot.app import App
from bot.lookups import EXPORTS
from bot.secret import digest
from bot.settings import Settings
from planner.wording import language_of, say
from store import audit

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

MINUTES: Final = 10
_PATH: Final = "/download"
_PURPOSE: Final = "download"
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def link(settings: Settings, who: str, file: str) -> str | None:
    """An address of a file in the folder of exports; None without PUBLIC_URL.

    Raises:
        Misconfigured: the installation's secret can't be used.
    """
    if not settings.public_url:
        return None
    told = [file, who, int(time.time()) + MINUTES * 60]
    body = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
    return f"{settings.public_url}{_PATH}/{body}.{digest(settings, _PURPOSE, body)}"


def _read(settings: Settings, ticket: str) -> tuple[str, str] | None:
    """File and person of a link that is signed and not over."""
    body, _, signature = ticket.partition(".")
    right = digest(settings, _PURPOSE, body)
    if not hmac.compare_digest(signature.encode(), right.encode()):
        return None
    told: list[Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    file, who, until = told
    return (str(file), str(who)) if time.time() < until else None


def routes(app: App) -> "Sequence[BaseRoute]":
    """The route of the web server that hands files out."""
    from starlette.responses import FileResponse, PlainTextResponse  # noqa: PLC0415
    from starlette.routing import Route  # noqa: PLC0415

    async def download(request: "Request") -> "Response":
        found = await _allowed(app, request.path_params["ticket"])
        if found is None:
            language = language_of(request.headers.get("accept-language", "")[:20].split(",")[0])
            text = say(language, "line.link_over")
            return PlainTextResponse(text, status_code=404, headers=_HEADERS)
        return FileResponse(found, media_type="text/csv", filename=found.name, headers=_HEADERS)

    return [Route(f"{_PATH}/{{ticket}}", download, methods=["GET"])]


async def _allowed(app: App, ticket: str) -> Path | None:
    """The file of a link, if whoever it was made for may still have it; written down."""
    told = _read(app.settings, ticket)
    if told is None:
        return None
    file, who = told
    path = app.settings.home / EXPORTS / file
    if path.name != file or not path.is_file():
        return None
    if await effects.role_of(app.db, who) not in ("creator", "admin"):
        return None
    segment_id = path.stem.rpartition("-")[2]
    async with app.db.begin() as connection:
        await audit.write(connection, who=who, act="segment.download", what=segment_id)
    return path
