"""Workspaces that install the app themselves, and what is kept of them."""

import sqlite3
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.local import stop_redis
from store.audience.load import import_folder
from tests.adapters.slack.fake import SECRET, FakeSlack, signed
from tests.bot.slack.conftest import Divisi
from tests.bot.slack.people import Person

KEY = "an old secret that has 32 characters or more"


@pytest.fixture(scope="module")
def running(
    slack: FakeSlack, data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Divisi]:
    home = tmp_path_factory.mktemp("oauth")
    import_folder(data, home)
    made = Divisi(
        slack, home, SLACK_BOT_TOKEN="", SLACK_CLIENT_ID="1.2", SLACK_CLIENT_SECRET="c",
        SLACK_TOKEN_KEY=KEY, SLACK_SIGNING_SECRET=SECRET, SLACK_USERS="T2/U1,T3/U1",
    )  # fmt: skip
    yield made
    made.stop()
    stop_redis(home)


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def get(address: str, cookie: str = "") -> tuple[int, str, str]:
    request = urllib.request.Request(address, headers={"Cookie": cookie} if cookie else {})
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=10) as answer:
            return answer.status, answer.headers.get("Set-Cookie", ""), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Set-Cookie", ""), error.headers.get("Location", "")


def install(running: Divisi, code: str = "good") -> int:
    base = f"http://127.0.0.1:{running.port}/slack"
    _, cookie, page = get(f"{base}/install")
    start = page.index("state=") + len("state=")
    state = page[start:].split("&")[0].split('"')[0]
    told = urllib.parse.urlencode({"code": code, "state": state})
    return get(f"{base}/oauth_redirect?{told}", cookie.split(";")[0])[0]


def tokens(running: Divisi) -> list[str]:
    database = sqlite3.connect(running.home / "divisi.sqlite")
    with database:
        rows = database.execute("select bot_token from slack_bots union all "
            "select bot_token from slack_installations").fetchall()  # fmt: skip
    database.close()
    return [row[0] for row in rows]


@pytest.fixture
def installed(slack: FakeSlack, running: Divisi) -> Person:
    """Somebody in a workspace that has installed the app."""
    if not tokens(running):
        assert install(running) == 200
    return Person(slack, "U1", team="T2")


def test_a_workspace_installs_the_app_and_is_answered(slack: FakeSlack, running: Divisi) -> None:
    Person(slack, "U1", team="T2").event({"type": "app_uninstalled"})
    assert install(running, "stolen") != 200
    assert tokens(running) == []
    assert install(running) == 200
    kept = tokens(running)
    assert len(kept) == 2
    assert all("xoxb" not in token for token in kept)
    assert b"xoxb-oauth-secret" not in (running.home / "divisi.sqlite").read_bytes()
    ann = Person(slack, "U1", team="T2")
    ann.says("big spenders")
    ann.asked()


def test_a_callback_without_the_state_of_its_browser_installs_nothing(running: Divisi) -> None:
    before = tokens(running)
    base = f"http://127.0.0.1:{running.port}/slack"
    assert (
        get(f"{base}/oauth_redirect?code=good&state=made-up", "slack-app-oauth-state=made-up")[0]
        != 200
    )
    assert tokens(running) == before


def test_a_workspace_that_has_not_installed_it_is_not_answered(
    slack: FakeSlack, running: Divisi
) -> None:
    count = len(slack.messages.get("D1", []))
    Person(slack, "U1", team="T3").says("big spenders")
    time.sleep(1)
    assert len(slack.messages.get("D1", [])) == count


def test_the_key_can_be_changed(slack: FakeSlack, running: Divisi, installed: Person) -> None:
    running.stop()
    running.variables["SLACK_TOKEN_KEY"] = f"{'n' * 40},{KEY}"
    running.start()
    count = len(installed.messages())
    installed.says("help")
    slack.until(lambda: len(installed.messages()) > count)


def test_requests_that_are_not_slacks_are_refused(slack: FakeSlack, running: Divisi) -> None:
    body = b'{"type":"url_verification","challenge":"abc"}'

    def post(headers: dict[str, str], sent: bytes = body) -> int:
        request = urllib.request.Request(slack.app_url, data=sent,
            headers={"Content-Type": "application/json", **headers})  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert b"abc" in answer.read()
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except urllib.error.URLError:  # it hung up on a body that is too large
            return 413

    now = time.time()
    assert post(signed(body)) == 200
    assert post({}) == 401
    assert post(signed(body, now - 301)) == 401
    assert post(signed(body, secret="0" * 32)) == 401
    assert post(signed(body), body.replace(b"abc", b"xyz")) == 401
    assert post(signed(b"x" * (1 << 21)), b"x" * (1 << 21)) == 413


def test_an_app_that_is_removed_leaves_no_token(running: Divisi, installed: Person) -> None:
    installed.event({"type": "tokens_revoked", "tokens": {"oauth": ["U7"], "bot": []}})
    assert tokens(running)
    installed.event({"type": "app_uninstalled"})
    assert tokens(running) == []
