"""Customers of the brand are friends of the same account: for them Divisi is not there."""

import json
import re

import pytest

from adapters.line.webhook import PATH, signature
from bot import pairing, statuses
from store import audit, friends, operators
from store.invitations import Invitation
from tests.bot.line import people
from tests.bot.line.loopback import Line
from tests.bot.line.people import BOT, SECRET, House, Person

pytestmark = pytest.mark.anyio
CALLS = 10_000


async def invite(house: House, role: str = "creator", minutes: int = 10) -> str:
    made = Invitation(role, "", "terminal")
    return await pairing.invite(house.app.settings, house.app.db, made, minutes)


async def test_a_code_makes_an_operator_once(house: House) -> None:
    code = await invite(house)
    ann = Person(house, "Uann")
    await ann.says(f" {code.lower()} ")
    assert "You're in: your role is creator." in ann.words()
    assert len(ann.shown[-1]["quickReply"]["items"]) == 4
    assert await house.app.turns.reader()
    assert await operators.role_of(house.app.db, "line:Uann") == "creator"
    assert (await house.post(house.text("Ueve", code))).status_code == 200
    assert await operators.role_of(house.app.db, "line:Ueve") is None
    assert house.line.screens["Ueve"] == []
    acts = [(entry.act, entry.what) for entry in await audit.entries(house.app.db)]
    assert acts == [("operator.pair", "line:Uann"), ("operator.invite", "creator 10 min")]


async def test_the_language_and_name_that_line_reports_are_taken(house: House) -> None:
    ann = Person(house, "Uann")
    await ann.says(await invite(house))
    async with house.app.db.read() as connection:
        found = await operators.operator_in(connection, "line:Uann")
    assert found is not None
    assert found.name == "Name of Uann"
    await ann.does(house.event("Uann", type="follow"))
    assert "您好" in ann.words() or "嗨" in ann.words()


async def test_an_admin_invites_in_the_chat(house: House) -> None:
    ann = await house.operator("Uann", "admin")
    await ann.says("invite a viewer")
    code = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", ann.words())
    assert code
    bob = Person(house, "Ubob")
    await bob.says(code.group())
    assert "viewer" in bob.words()
    cat = await house.operator("Ucat", "creator")
    await cat.says("invite an operator")
    assert cat.words() == "You can't invite others. Please ask an admin."


async def test_guessing_is_hopeless(house: House) -> None:
    code = await invite(house)
    for _ in range(pairing.TRIES):
        await house.post(house.text("Ueve", "22222-22222"))
    await house.post(house.text("Ueve", code))
    assert await operators.role_of(house.app.db, "line:Ueve") is None
    for user in range(pairing.TRIES_OF_ALL):
        await house.post(house.text(f"Ueve{user}", "22222-22222"))
    await house.post(house.text("Uann", code))
    assert await operators.role_of(house.app.db, "line:Uann") is None
    assert not house.line.screens


async def test_a_code_runs_out(house: House) -> None:
    code = await invite(house, minutes=0)
    await house.post(house.text("Uann", code))
    assert await operators.role_of(house.app.db, "line:Uann") is None


async def test_a_customer_never_notices(house: House) -> None:
    await invite(house)
    kinds = [
        lambda: house.text(f"Ueve{number}", "women in Taipei who spent over 1,000"),
        lambda: house.text("Ueve", "ABCDE-FGHJK"),
        lambda: house.text("Ueve", "my segments"),
        lambda: house.event("Ueve", type="message", message={"type": "image", "id": "1"}),
        lambda: house.event("Ueve", type="message", message={"type": "sticker", "id": "1"}),
        lambda: house.postback("Ueve", "o:3:apply"),
        lambda: house.postback("Ueve", "q:en:1"),
        lambda: house.postback("Ueve", "s:export:1"),
        lambda: house.event("Ueve", type="follow"),
        lambda: house.event("Ueve", type="unfollow"),
    ]
    for number in range(CALLS // 100):
        events = [kinds[(number + place) % len(kinds)]() for place in range(100)]
        assert (await house.post(*events)).status_code == 200
    assert await house.rows() == (0, 0)
    assert not house.line.calls
    assert not house.line.screens
    keys = [key async for key in house.app.conversations._keys._redis.scan_iter("divisi:*")]
    counted = [key for key in keys if ":code:" in key]
    assert len(counted) == 2  # the one who sent codes, hashed, and all together
    assert "divisi:count:code:all" in counted
    assert all("Ueve" not in key for key in keys)


async def test_what_line_did_not_sign_is_refused(house: House) -> None:
    ann = await house.operator("Uann")
    body = json.dumps({"destination": BOT, "events": [house.text("Uann", "women")]}).encode()
    right = signature(SECRET, body).decode()
    wrong = [
        (body, ""),
        (body, signature("another-secret", body).decode()),
        (body.replace(b"women", b"women!"), right),
        (body, right[:-2] + "=="),
        (body, "ü"),
    ]
    for told, signed in wrong:
        headers = {"x-line-signature": signed.encode()}
        assert (await house.web.post(PATH, content=told, headers=headers)).status_code == 401
    assert await house.rows() == (0, 0)
    assert ann.seen == 0


async def test_what_is_no_webhook_is_refused(house: House) -> None:
    for body in (b"", b"[]", b"{}", b"null", b'{"destination": "U:1", "events": []}', b"[" * 5_000):
        headers = {"x-line-signature": signature(SECRET, body).decode()}
        assert (await house.web.post(PATH, content=body, headers=headers)).status_code == 400
    long = b" " * (1 << 20) + b"{}"
    headers = {"x-line-signature": signature(SECRET, long).decode()}
    assert (await house.web.post(PATH, content=long, headers=headers)).status_code == 413


async def test_events_that_are_none_of_its_business_are_passed_over(house: House) -> None:
    await house.operator("Uann")
    text = house.text("Uann", "women")
    events = [
        text | {"mode": "standby"},
        text | {"source": {"type": "group", "groupId": "C1", "userId": "Uann"}},
        text | {"source": {"type": "room", "roomId": "R1", "userId": "Uann"}},
        text | {"source": None},
        text | {"source": {"type": "user", "userId": "U:1"}},
        text | {"webhookEventId": ""},
        text | {"message": None, "type": "message"} | {"type": "videoPlayComplete"},
        house.event("Uann", type="accountLink", link={}),
        house.event("Uann", type="unsend", unsend={"messageId": "1"}),
        house.postback("Uann", "the brand's own button"),
        house.postback("Uann", "o:x:apply"),
        {"type": "message"},
    ]
    assert (await house.post()).status_code == 200
    assert (await house.post(*events)).status_code == 200
    assert await house.rows() == (0, 0)
    assert not house.line.calls


@pytest.mark.parametrize("tracked", [True, False])
async def test_who_follows_and_blocks_is_kept_if_that_is_wanted(
    environment: None, line: Line, monkeypatch: pytest.MonkeyPatch, tracked: bool
) -> None:
    monkeypatch.setenv("LINE_TRACK_FRIENDS", str(tracked).lower())
    async with people.house(line) as house:
        await house.post(house.event("Ueve", type="follow"), house.event("Ubob", type="unfollow"))
        told = {"Ueve": "subscribed", "Ubob": "blocked"} if tracked else {}
        assert await friends.recent(house.app.db) == told
        assert await house.rows() == (0, 0)
        assert not line.calls
        assert await statuses.apply(house.app.settings, house.app.db) == 0
