import asyncio
from collections.abc import Awaitable

import pytest

from planner.errors import Refused
from store import operators
from store.database import Database
from store.operators import ROLES

pytestmark = pytest.mark.anyio


async def put(db: Database, who: str, role: str, name: str = "") -> None:
    async with db.begin() as connection:
        await operators.put(connection, who, name=name, role=role, added_by="terminal")


async def remove(db: Database, who: str) -> bool:
    async with db.begin() as connection:
        return await operators.remove(connection, who)


async def refused(work: Awaitable[object]) -> str:
    with pytest.raises(Refused) as refusal:
        await work
    return refusal.value.message_id


async def roles(db: Database) -> dict[str, str]:
    return {each.who: each.role for each in await operators.list_operators(db)}


async def test_a_stranger_has_no_role(db: Database) -> None:
    assert await operators.role_of(db, "slack:T1/U1") is None
    assert await operators.list_operators(db) == []


@pytest.mark.parametrize("role", ROLES)
async def test_who_was_added_has_the_role(db: Database, role: str) -> None:
    await put(db, "slack:T1/U1", role, "Mei")
    assert await operators.role_of(db, "slack:T1/U1") == role
    assert await operators.role_of(db, "slack:T1/u1") is None
    async with db.begin() as connection:
        assert await operators.role_in(connection, "slack:T1/U1") == role
    only = (await operators.list_operators(db))[0]
    assert (only.who, only.name, only.role) == ("slack:T1/U1", "Mei", role)
    assert only.added_by == "terminal"
    assert only.added_at.tzinfo is not None


async def test_adding_again_changes_name_and_role(db: Database) -> None:
    await put(db, "terminal", "admin")
    await put(db, "line:U3", "viewer", "A")
    before = await operators.list_operators(db)
    for _ in range(2):
        await put(db, "line:U3", "creator", "B")
    after = await operators.list_operators(db)
    assert [(o.who, o.name, o.role) for o in after] == [
        ("terminal", "", "admin"), ("line:U3", "B", "creator"),
    ]  # fmt: skip
    assert [o.added_at for o in after] == [o.added_at for o in before]


async def test_there_is_no_other_role(db: Database) -> None:
    assert await refused(put(db, "terminal", "Admin")) == "operator.unknown_role"
    assert await roles(db) == {}


async def test_the_last_admin_stays_while_there_are_others(db: Database) -> None:
    await put(db, "a", "admin")
    await put(db, "v", "viewer")
    assert await refused(remove(db, "a")) == "operator.last_admin"
    assert await refused(put(db, "a", "creator")) == "operator.last_admin"
    await put(db, "a", "admin", "still one")
    await put(db, "b", "admin")
    await put(db, "a", "creator")
    assert await refused(remove(db, "b")) == "operator.last_admin"
    assert await remove(db, "a")
    assert await remove(db, "v")
    assert await remove(db, "b")
    assert await roles(db) == {}


async def test_who_is_alone_may_be_anything(db: Database) -> None:
    await put(db, "a", "admin")
    await put(db, "a", "viewer")
    await put(db, "b", "creator")
    assert await roles(db) == {"a": "viewer", "b": "creator"}
    assert await remove(db, "a")


async def test_a_stranger_is_not_removed(db: Database) -> None:
    await put(db, "a", "admin")
    assert not await remove(db, "b")
    assert await remove(db, "a")
    assert not await remove(db, "a")


async def test_admins_who_leave_at_once_leave_one(db: Database) -> None:
    for n in range(4):
        await put(db, f"a{n}", "admin")
    await put(db, "v", "viewer")
    leaving = [remove(db, "a0"), put(db, "a1", "viewer"), remove(db, "a2"), put(db, "a3", "viewer")]
    done = await asyncio.gather(*leaving, return_exceptions=True)
    errors = [each.message_id for each in done if isinstance(each, Refused)]
    assert errors == ["operator.last_admin"]
    assert list((await roles(db)).values()).count("admin") == 1


async def test_an_admin_who_leaves_waits_for_who_is_being_added(db: Database) -> None:
    await put(db, "a", "admin")
    async with db.begin() as connection:
        await operators.put(connection, "v", name="", role="viewer", added_by="a")
        leaving = asyncio.create_task(remove(db, "a"))
        await asyncio.sleep(0.3)
        assert not leaving.done()
        assert await operators.role_of(db, "a") == "admin"  # who only reads does not wait
    assert await refused(leaving) == "operator.last_admin"
