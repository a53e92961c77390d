"""The web server: is it alive, is it ready, what are its figures; and the channels' webhooks."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

Ready = Callable[[], Awaitable[Mapping[str, str]]]
"""Asks every edge; each says "ok" or what is wrong."""
Figures = Callable[[], Awaitable[bytes]]
"""The metrics page."""


def make_web(ready: Ready, figures: Figures, more: Sequence[BaseRoute] = ()) -> Starlette:
    """The application with /health/live, /health/ready, /metrics and the channels' routes."""

    async def live(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def is_ready(_: Request) -> Response:
        edges = await ready()
        good = all(state == "ok" for state in edges.values())
        return JSONResponse(dict(edges), status_code=200 if good else 503)

    async def metrics(_: Request) -> Response:
        return Response(await figures(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return Starlette(
        routes=[
            Route("/health/live", live),
            Route("/health/ready", is_ready),
            Route("/metrics", metrics),
            *more,
        ]
    )
