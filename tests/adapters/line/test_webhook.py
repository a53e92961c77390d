"""The webhook by itself, and the buttons that come back through it."""

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.testclient import TestClient

from adapters.line import taps
from adapters.line.api import Api
from adapters.line.settings import Account, Settings
from adapters.line.webhook import PATH, route, signature
from planner.chat import Built, Chose, Said
from planner.errors import Misconfigured, Unavailable

BODY = b'{"destination": "Ubot", "events": [{"type": "message"}, 7]}'


def test_line_is_told_to_send_again_what_could_not_be_kept() -> None:
    account = Account(secret=SecretStr("one"), token=SecretStr("t"))
    taken: list[object] = []

    async def take(api: Api, bot: str, events: list[dict[str, object]]) -> None:
        taken.append((bot, events))
        if len(taken) > 1:
            raise Unavailable("the database is down")

    api = Api(account, calls=None)  # type: ignore[arg-type] # nothing is called
    client = TestClient(Starlette(routes=[route((api,), take)]))
    headers = {"x-line-signature": signature("one", BODY).decode()}
    assert client.post(PATH, content=BODY, headers=headers).status_code == 200
    assert taken == [("Ubot", [{"type": "message"}])]
    assert api.bot == "Ubot"
    assert client.post(PATH, content=BODY, headers=headers).status_code == 503
    assert client.get(PATH).status_code == 405


@pytest.mark.parametrize(
    ("data", "meant"),
    [
        (taps.option(3, "drop:1"), Chose(("drop:1",), 3)),
        (taps.segment("show", "ab"), Chose(("show:ab",))),
        (taps.prompt("en", 4), Said("Customers with no interaction in the past 90 days")),
        (taps.tick(3, "7", on=True), taps.Tick(3, "7", on=True)),
        (taps.done(3), taps.Done(3)),
        (taps.more(3, 2), taps.More(3, 2)),
        (taps.rewrite(3, 0), taps.Rewriting(3, 0)),
        (taps.pick(3, 1, "until"), taps.Picked(3, 1, "until")),
    ],
)
def test_what_a_button_carries_comes_back(data: str, meant: object) -> None:
    assert taps.read(data) == meant


def test_a_condition_is_removed_at_the_version_that_was_seen() -> None:
    event = taps.read(taps.remove(5, 2))
    assert isinstance(event, Built)
    assert event.version == 5
    assert '"index":2' in event.edit


@pytest.mark.parametrize(
    "data", ["", "o", "o:1", "o:x:1", "s:show", "q:xx:1", "q:en:0", "q:en:5", "t:1:2:a", "z:1:2",
             "d:1:x:since", "d:1:1:now", "w:1:", "buy=1", "m:1:" + "9" * 5_000],
)  # fmt: skip
def test_another_system_s_button_means_nothing(data: str) -> None:
    assert taps.read(data) is None


def settings(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    names = ("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN", "LINE_ACCOUNTS", "LINE_GROUPS")
    for name in names:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Settings()


def test_accounts_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pytest.TempPathFactory
) -> None:
    assert not settings(monkeypatch).enabled
    told = '[{"secret": "a", "token": "b"}, {"secret": "c", "token": "d"}]'
    one = {"LINE_CHANNEL_SECRET": "e", "LINE_CHANNEL_ACCESS_TOKEN": "f"}
    found = settings(monkeypatch, LINE_ACCOUNTS=told, **one).accounts()
    assert [each.secret.get_secret_value() for each in found] == ["e", "a", "c"]
    file = tmp_path / "accounts.json"  # type: ignore[operator]
    file.write_text(told)
    assert len(settings(monkeypatch, LINE_ACCOUNTS=str(file)).accounts()) == 2
    assert "secret" not in repr(found[0]).replace("secret=SecretStr('**********')", "")


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"LINE_CHANNEL_SECRET": "a"}, "LINE_CHANNEL_ACCESS_TOKEN is not set"),
        ({"LINE_CHANNEL_ACCESS_TOKEN": "a"}, "LINE_CHANNEL_SECRET is not set"),
        ({"LINE_ACCOUNTS": '[{"secret": "a", "token": "b"}, {"secret": "a", "token": "c"}]'},
         "the same channel secret"),
    ],
)  # fmt: skip
def test_half_an_account_is_told(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], words: str
) -> None:
    found = settings(monkeypatch, **variables)
    assert found.enabled
    with pytest.raises(Misconfigured, match=words):
        found.accounts()


@pytest.mark.parametrize("told", ["[", "[{}]", '[{"secret": "", "token": "b"}]', "/no/such/file"])
def test_accounts_that_can_t_be_read_are_told(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    with pytest.raises(ValueError, match="LINE_ACCOUNTS"):
        settings(monkeypatch, LINE_ACCOUNTS=told)
