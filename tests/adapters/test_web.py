import asyncio

import httpx
import pytest

from adapters.web import make_web


@pytest.mark.parametrize(
    ("edges", "status"),
    [({"database": "ok"}, 200), ({"database": "ok", "redis": "It does not answer."}, 503)],
)
def test_ready_says_what_is_wrong(edges: dict[str, str], status: int) -> None:
    async def ask() -> httpx.Response:
        async def ready() -> dict[str, str]:
            return edges

        async def figures() -> bytes:
            return b"divisi_turns_total 1\n"

        transport = httpx.ASGITransport(make_web(ready, figures))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            assert (await client.get("/health/live")).text == "ok\n"
            assert (await client.get("/metrics")).text == "divisi_turns_total 1\n"
            return await client.get("/health/ready")

    response = asyncio.run(ask())
    assert (response.status_code, response.json()) == (status, edges)
