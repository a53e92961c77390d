"""What Slack answers when something doesn't work, what is set wrongly, and how tokens are kept."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack import failures
from adapters.slack.install import Seal
from adapters.slack.settings import Settings
from bot.settings import read_environment
from planner.errors import Misconfigured, Refused, Unavailable


def answered(error: str, status: int = 200, **headers: str) -> SlackApiError:
    response = AsyncSlackResponse(
        client=None, http_verb="POST", api_url="x", req_args={}, data={"ok": False, "error": error},
        headers=headers, status_code=status,
    )  # fmt: skip
    return SlackApiError("no", response)


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (answered("ratelimited", 429, **{"Retry-After": "30"}), 30.0),
        (answered("ratelimited", 429, **{"retry-after": "soon"}), 0.0),
        (answered("", 502), 0.0),
        (answered("internal_error"), 0.0),
        (aiohttp.ClientConnectionError(), 0.0),
        (TimeoutError(), 0.0),
    ],
)
def test_what_may_pass_is_tried_again(error: Exception, seconds: float) -> None:
    meant = failures.meaning(error)
    assert isinstance(meant, Unavailable)
    assert meant.retry_after == seconds


@pytest.mark.parametrize(
    "code", sorted(failures.TOKEN | failures.PLACE | failures.BLOCKS | {"new"})
)
def test_what_never_will_be_taken_is_given_up_under_its_name(code: str) -> None:
    meant = failures.meaning(answered(code))
    assert isinstance(meant, Refused)
    assert meant.values == {"reason": code}


def settings(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name in list(__import__("os").environ):
        if name.startswith("SLACK_"):
            monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(f"SLACK_{name}", value)
    return read_environment(Settings)


OAUTH = {"CLIENT_ID": "1", "CLIENT_SECRET": "s", "SIGNING_SECRET": "x", "TOKEN_KEY": "k" * 32}


def test_what_is_set_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not settings(monkeypatch).enabled
    one = settings(monkeypatch, BOT_TOKEN="xoxb-secret", APP_TOKEN="xapp-1", USERS="U1, T1/U2;U3")
    one.check()
    assert one.enabled
    assert one.users == {"U1", "T1/U2", "U3"}
    assert "xoxb" not in repr(one)
    settings(monkeypatch, **OAUTH, USERS="T1/U1").check()


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"BOT_TOKEN": "x"}, "SLACK_APP_TOKEN"),
        ({"BOT_TOKEN": "x", "APP_TOKEN": "xoxb-1"}, "xapp-"),
        ({**OAUTH, "TOKEN_KEY": ""}, "SLACK_TOKEN_KEY"),
        ({**OAUTH, "SIGNING_SECRET": ""}, "SLACK_SIGNING_SECRET"),
        ({**OAUTH, "USERS": "U1"}, "need the workspace"),
    ],
)
def test_what_does_not_go_together_is_named(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    with pytest.raises(Misconfigured, match=named):
        settings(monkeypatch, **variables).check()


@pytest.mark.parametrize(
    "variables", [{"USERS": "ann"}, {"ROLE": "king"}, {"API_URL": "slack.com"}]
)
def test_what_cannot_be_is_named(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    with pytest.raises(Misconfigured, match=f"SLACK_{next(iter(variables))}"):
        settings(monkeypatch, **variables)


def test_tokens_are_opened_by_the_key_they_were_closed_with_alone() -> None:
    old, new = "o" * 32, "n" * 32
    kept: Any = Seal(old).closed("xoxb-secret")
    assert "secret" not in kept
    assert Seal(f"{new}, {old}").opened(kept) == "xoxb-secret"
    assert Seal(old).opened(None) is None
    with pytest.raises(Misconfigured, match="another SLACK_TOKEN_KEY"):
        Seal(new).opened(kept)
    for short in ("", "short", f"{new},short"):
        with pytest.raises(Misconfigured, match="at least 32"):
            Seal(short)
