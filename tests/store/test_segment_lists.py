"""What is known and listed of segments."""

import asyncio
import json
import time
from typing import Any

import pytest

from planner.chat import KnownSegment
from store import segments
from store.database import Database
from store.tables import segment
from tests.store.rows import PLAN, claim, create, fail, listed, recompute

pytestmark = pytest.mark.anyio


async def test_the_newest_come_first(db: Database) -> None:
    for n in range(3):
        await create(db, f"s{n}")
        await asyncio.sleep(0.01)
    assert [s.id for s in await segments.list_segments(db, limit=2)] == ["s2", "s1"]
    assert [s.id for s in await segments.list_segments(db, 2, 2)] == ["s0"]
    assert [k.segment_id for k in await segments.known(db)] == ["s2", "s1", "s0"]
    assert await segments.counts(db) == {"queued": 3}


async def test_what_a_conversation_knows(db: Database) -> None:
    await listed(db, "x", asked_by="slack:T1/U2", description="never again")
    await recompute(db, "x")
    await create(db, "s", exclude=("x",))
    assert await segments.known(db) == [
        KnownSegment("s", "s", "queued", None, 1, False, "me", "d", ("x",)),
        KnownSegment("x", "x", "queued", 3, 2, True, "slack:T1/U2", "never again", ()),
    ]
    assert [known.listed for known in await segments.known(db)] == [False, True]


async def test_what_failed_again_is_known_as_finished(db: Database) -> None:
    await listed(db, "s")
    await recompute(db, "s")
    await fail(db, await claim(db))
    known = (await segments.known(db))[0]
    assert (known.status, known.listed, known.count) == ("finished", True, 3)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("vip", ["VIP night", "ＶＩＰ day", "100% vip_a"]),
        (" NIGHT ", ["VIP night"]),
        ("", ["VIP night", "ＶＩＰ day", "100% vip_a", "貓咪"]),
        ("0%", ["100% vip_a"]),
        ("p_a", ["100% vip_a"]),
        ("%", ["100% vip_a"]),
        ("貓", ["貓咪"]),
        ("'", []),
        ("\\", []),
    ],
)
async def test_a_text_is_looked_for_in_names(db: Database, text: str, found: list[str]) -> None:
    for place, name in enumerate(["VIP night", "ＶＩＰ day", "100% vip_a", "貓咪"]):
        await create(db, f"s{place}", name=name)
    names = {s.name for s in await segments.list_segments(db, 10, 0, text=text)}
    assert names == set(found)


async def test_one_persons_segments(db: Database) -> None:
    await create(db, "s1", asked_by="line:U1", name="VIP 1")
    await create(db, "s2", asked_by="line:U2", name="VIP 2")
    await create(db, "s3", asked_by="line:U2", name="other")

    async def ids(**wanted: Any) -> set[str]:
        return {s.id for s in await segments.list_segments(db, 10, 0, **wanted)}

    assert await ids(asked_by="line:U2") == {"s2", "s3"}
    assert await ids(asked_by="line:U2", text="vip") == {"s2"}
    assert await ids(asked_by="line:U") == set()


async def test_a_thousand_segments_are_soon_known(db: Database) -> None:
    await create(db, "first")
    row = {
        "description": "the person's own words " * 5, "plan": PLAN.model_dump_json(),
        "exclude": json.dumps(["a" * 32, "b" * 32]), "status": "finished", "as_of": 0.0,
        "asked_by": "slack:T1/U2", "conversation": "c", "count": 5, "members_file": "f",
        "queued_at": 0.0, "changed_at": 0.0, "listed_at": 0.0,
    }  # fmt: skip
    rows = [
        row | {"id": f"s{n}", "name": f"n{n}", "name_key": f"n{n}", "key": f"{n}", "created_at": n}
        for n in range(1_000)
    ]
    async with db.begin() as connection:
        await connection.execute(segment.insert(), rows)
    times = []
    for _ in range(5):
        started = time.perf_counter()
        found = await segments.known(db)
        times.append(time.perf_counter() - started)
    assert len(found) == segments.MOST_KNOWN
    assert found[0].segment_id == "first"
    assert found[1].exclude == ("a" * 32, "b" * 32)
    assert min(times) < 0.1  # ten times what it takes
