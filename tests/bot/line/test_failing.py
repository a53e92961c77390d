"""What LINE, the network and other people do at a bad moment: shown once, or said why not."""

import asyncio
import json
import time

import pytest
from sqlalchemy import select

from store import audit, operators, segments
from store.tables import outbox
from tests.bot.line import people
from tests.bot.line.loopback import LOADING, PUSH, REPLY, Line
from tests.bot.line.people import House, Person, until

pytestmark = pytest.mark.anyio
ASKED = "women with total spending over 1,000"


async def test_an_event_that_is_sent_again_is_handled_once(house: House) -> None:
    ann = await house.operator("Uann")
    event = house.text("Uann", ASKED)
    again = event | {"deliveryContext": {"isRedelivery": True}}
    for each in (event, again, again):
        assert (await house.post(each)).status_code == 200
    await ann.sees()
    assert (await house.post(again)).status_code == 200
    await ann.says("undo")
    assert house.line.ways["Uann"] == ["reply", "reply"]
    assert await house.rows() == (2, 2)


async def test_an_expired_token_becomes_a_push(house: House) -> None:
    ann = await house.operator("Uann")
    event = house.text("Uann", ASKED)
    house.line.expire()
    await ann.does(event)
    assert "✓ Total spending > 1,000" in ann.words()
    assert house.line.ways["Uann"] == ["push"]


async def test_a_token_of_long_ago_is_not_even_tried(house: House) -> None:
    ann = await house.operator("Uann")
    event = house.text("Uann", ASKED) | {
        "deliveryContext": {"isRedelivery": True},
        "timestamp": 1_700_000_000_000,
    }
    await ann.does(event)
    assert house.line.ways["Uann"] == ["push"]
    assert house.line.calls[REPLY] == 0


@pytest.mark.parametrize("status", [429, 500, 503, 401])
async def test_a_refusal_is_tried_again_with_the_same_token(house: House, status: int) -> None:
    ann = await house.operator("Uann")
    house.line.fail(REPLY, status)
    await ann.says(ASKED)
    assert "✓ Total spending > 1,000" in ann.words()
    assert house.line.ways["Uann"] == ["reply"]
    assert house.line.calls[REPLY] == 2


async def test_an_answer_whose_arrival_is_not_known_is_shown_once(house: House) -> None:
    ann = await house.operator("Uann")
    house.line.fail(REPLY)  # carried out, but the connection is lost
    await ann.says(ASKED)
    await until(lambda: house.line.calls[REPLY] >= 2)
    await ann.says("undo")
    assert house.line.ways["Uann"] == ["reply", "reply"]
    assert house.line.calls[PUSH] == 0


async def test_refused_until_the_token_is_dead_it_is_pushed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await house.operator("Uann")
    monkeypatch.setattr("adapters.line.send.YOUNG_SECONDS", 1.0)
    house.line.fail(REPLY, 500)
    await ann.says(ASKED)
    assert house.line.ways["Uann"] == ["push"]


async def test_a_push_whose_arrival_is_not_known_is_shown_once(house: House) -> None:
    ann = await house.operator("Uann")
    await ann.says(ASKED)
    await ann.taps("Apply segment")
    house.line.fail(PUSH)
    house.line.fail(PUSH, 503)
    await ann.says("Big")
    await until(lambda: house.line.calls[PUSH] >= 3)
    await asyncio.sleep(0.3)
    assert house.line.ways["Uann"].count("push") == 1
    async with house.app.db.read() as connection:
        rows = (await connection.execute(select(outbox.c.status))).scalars()
        assert set(rows) == {"delivered"}


async def test_what_line_will_never_take_is_given_up_visibly(house: House) -> None:
    ann = await house.operator("Uann")
    house.line.fail(REPLY, 400, body={"message": "The request body has errors"})
    await house.post(house.text("Uann", ASKED))
    await ann.says("undo")
    acts = await audit.entries(house.app.db)
    assert acts[0].act == "delivery.give_up"
    assert house.line.ways["Uann"] == ["reply"]


async def test_news_waits_while_the_push_messages_are_used_up(house: House) -> None:
    ann = await house.operator("Uann")
    house.line.limit, house.line.used = 200, 200
    await ann.says(ASKED)
    await ann.taps("Apply segment")
    await ann.says("Big")
    await asyncio.sleep(1.5)
    assert house.line.calls[PUSH] == 0
    await ann.says("my segments")
    assert "Here they are" in ann.words()
    assert "'Big' is ready" in ann.words()
    assert "has used up its push messages" in ann.words()
    await ann.says("my segments")
    assert "Here they are" not in ann.words()


async def test_few_push_messages_left_are_told_once_a_day(house: House) -> None:
    ann = await house.operator("Uann")
    house.line.limit, house.line.used = 200, 195
    for name in ("Big", "Bigger"):
        await ann.says(f"start over, {ASKED}")
        await ann.taps("Apply segment")
        await ann.says(name)
        while f"'{name}' is ready" not in ann.words():
            await ann.sees()
        assert ("can push 5 more messages" in ann.words()) == (name == "Big")


async def test_a_limit_that_line_alone_knows_of_holds_news_too(house: House) -> None:
    ann = await house.operator("Uann")
    full = {"message": "You have reached your monthly limit."}
    house.line.fail(PUSH, 429, body=full, times=9)
    await ann.says(ASKED)
    await ann.taps("Apply segment")
    await ann.says("Big")
    await until(lambda: house.line.calls[PUSH] > 0)
    await asyncio.sleep(0.5)
    await ann.says("my segments")
    assert "'Big' is ready" in ann.words()
    assert house.line.ways["Uann"] == ["reply"] * 4


async def test_two_operators_at_once(house: House) -> None:
    people_ = [await house.operator(f"Uop{number}") for number in range(2)]

    async def work(person: Person, city: str) -> None:
        await person.says(f"customers in {city}")
        assert f"✓ City: {city}" in person.words()
        await person.taps("Apply segment")
        await person.says(f"All of {city}")
        while "is ready" not in person.words():
            await person.sees()
        assert city in person.words()

    await asyncio.gather(work(people_[0], "Taipei"), work(people_[1], "Tokyo"))
    made = await segments.list_segments(house.app.db)
    assert {(s.name, s.asked_by) for s in made} == {
        ("All of Taipei", "line:Uop0"), ("All of Tokyo", "line:Uop1"),
    }  # fmt: skip


async def test_one_person_is_answered_in_order(house: House) -> None:
    ann = await house.operator("Uann")
    texts = ["women", "in Taipei", "aged 20 to 40", "undo", "undo"]
    await house.post(*(house.text("Uann", text) for text in texts))
    async with asyncio.timeout(20):
        while len(house.line.ways["Uann"]) < 5:
            house.line.changed.clear()
            await house.line.changed.wait()
    await ann.sees()
    ann.shown = ann.shown[-1:]
    assert "Gender" in ann.words()
    assert "City" not in ann.words()


async def test_an_operator_who_is_removed_is_a_customer_again(house: House) -> None:
    await house.operator("Uboss", "admin")
    ann = await house.operator("Uann")
    await ann.says(ASKED)
    apply = ann.button("Apply segment")["data"]
    await house.post(house.text("Uann", "only in Taipei"))
    async with house.app.db.begin() as connection:
        await operators.remove(connection, "line:Uann")
    await asyncio.sleep(1)
    shown, rows = len(house.line.screens["Uann"]), await house.rows()
    await house.post(house.postback("Uann", apply), house.text("Uann", "my segments"))
    await asyncio.sleep(1)
    assert len(house.line.screens["Uann"]) == shown <= 2
    assert await house.rows() == rows
    assert await segments.list_segments(house.app.db) == []


async def test_a_link_is_good_for_its_person_and_minutes_alone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await house.operator("Uann")
    await house.operator("Uboss", "admin")
    await ann.says(ASKED)
    await ann.taps("Apply segment")
    await ann.says("Big")
    while "is ready" not in ann.words():
        await ann.sees()
    await ann.says("export Big")
    path = str(ann.button("Download CSV")["uri"]).removeprefix("https://divisi.example")
    assert (await house.web.get(path)).status_code == 200
    assert (await house.web.get(path[:-1] + "x")).status_code == 404
    assert (await house.web.get("/download/x.y")).status_code == 404
    (download, *_) = await audit.entries(house.app.db)
    (made,) = await segments.list_segments(house.app.db)
    assert (download.who, download.act) == ("line:Uann", "segment.download")
    assert made.id.startswith(download.what)
    async with house.app.db.begin() as connection:
        await operators.put(connection, "line:Uann", name="", role="viewer", added_by="terminal")
    refused = await house.web.get(path, headers={"accept-language": "th"})
    assert refused.status_code == 404
    assert "ลิงก์" in refused.text
    async with house.app.db.begin() as connection:
        await operators.put(connection, "line:Uann", name="", role="creator", added_by="terminal")
    later = time.time() + 601
    monkeypatch.setattr("bot.downloads.time.time", lambda: later)
    assert (await house.web.get(path)).status_code == 404


async def test_thinking_is_shown_while_an_answer_takes_long(house: House) -> None:
    ann = await house.operator("Uann")
    async with house.app.conversations.lock("line:Ub0t:Uann"):
        await house.post(house.text("Uann", ASKED))
        await until(lambda: house.line.calls[LOADING] > 0)
    await ann.sees()
    await ann.says("undo")
    await asyncio.sleep(0.5)
    assert house.line.calls[LOADING] == 1


async def test_a_picture_is_answered_by_a_sentence(house: House) -> None:
    ann = await house.operator("Uann")
    await ann.does(house.event("Uann", type="message", message={"type": "image", "id": "1"}))
    assert "I can only read text" in ann.words()
    assert await house.rows() == (0, 0)


async def test_several_accounts_each_answer_for_themselves(
    environment: None, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.bots["second-token"] = "Usecond"
    told = [{"secret": "second-secret", "token": "second-token"}]
    monkeypatch.setenv("LINE_ACCOUNTS", json.dumps(told))
    async with people.house(line) as house:
        ann = await house.operator("Uann")
        await ann.says("women")
        event = house.text("Uann", "men")
        second = await house.post(event, secret="second-secret", bot="Usecond")
        assert second.status_code == 200
        await ann.sees()
        assert "Gender: Male" in ann.words()
        stolen = await house.post(event, secret="second-secret", bot="Ub0t")
        assert stolen.status_code == 400


async def test_in_a_group_that_is_listed_operators_are_answered_when_they_mention_it(
    environment: None, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINE_GROUPS", "Cteam, Cother")
    async with people.house(line) as house:
        await house.operator("Uann")

        def said(user: str, text: str, group: str = "Cteam", *, own: bool = True) -> people.Json:
            event = house.text(user, text)
            event["source"] = {"type": "group", "groupId": group, "userId": user}
            event["replyToken"] = line.reply_token(group)
            at = {"index": 0, "length": 7, "type": "user", "isSelf": own}
            event["message"]["mention"] = {"mentionees": [at]}
            return event

        team = Person(house, "Cteam")
        await house.post(
            said("Ueve", "@Divisi women"),
            said("Uann", "@Divisi women", "Cnot"),
            said("Uann", "@Somebo women", own=False),
        )
        await team.does(said("Uann", "@Divisi men in Taipei"))
        assert "✓ Gender: Male" in team.words()
        assert await house.rows() == (1, 1)
