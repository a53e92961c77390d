"""A segment's life in a chat of one language, on one database: the words for what tests do."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bot.conftest import Chat, Json, divisi

Start = Callable[..., Chat]
BOTH = [("en", "postgresql"), ("zh-Hant", "sqlite")]
"""Two languages, each on one of the two databases."""

SAID = {
    "en": {
        "base": "customers with total spending over 1,000",
        "narrow": "women with total spending over 1,000",
        "list": "my segments",
        "find": "find segments called {part}",
        "show": "what was in the {name} segment?",
        "ready": "is the {name} list ready?",
        "rename": "rename {name} to {new}",
        "describe": "describe {name} as for the winter party",
        "edit": "edit {name}",
        "change": "make it 2,000",
        "recompute": "recompute {name} with today's data",
        "duplicate": "make a copy of {name}",
        "delete": "delete {name}",
        "yes": "yes",
        "export": "export {name} as csv",
        "export_columns": "export {name} with email and city",
        "cancel": "cancel {name}",
        "include": "stop excluding {name}",
        "why": "why is {contact} in {name}?",
        "why_not": "why isn't {contact} in {name}?",
        "reach": "how many people in {name} can we reach by SMS?",
        "overlap": "how much do {name} and {new} overlap?",
        "leave_out": "leave out the {name} segment",
        "in": "{contact} is in",
        "out": "{contact} is not in",
        "stays": "list so far stays",
        "needed": "can't be deleted",
        "two": "Up to 2",
        "denied": "ask an admin",
        "stale": "Somebody else has changed",
        "gone": "is gone meanwhile",
        "kept": "list so far stays",
        "stopped": "won't be computed",
        "nobody": "No segment is excluded",
    },
    "zh-Hant": {
        "base": "總消費超過 1,000 的顧客",
        "narrow": "總消費超過 1,000 的女性顧客",
        "list": "我的分眾",
        "find": "找名稱有{part}的分眾",
        "show": "{name}這個分眾裡有多少人",
        "ready": "{name}好了嗎",
        "rename": "把{name}改名為{new}",
        "describe": "{name}的說明改成 冬季派對用",
        "edit": "編輯{name}",
        "change": "改成 2,000",
        "recompute": "用今天的資料重新計算{name}",
        "duplicate": "複製{name}",
        "delete": "刪除{name}",
        "yes": "好",
        "export": "匯出{name}",
        "export_columns": "匯出{name},要有 email 和城市",
        "cancel": "取消計算{name}",
        "include": "不要再排除{name}了",
        "why": "為什麼 {contact} 在{name}裡?",
        "why_not": "為什麼 {contact} 不在{name}裡?",
        "reach": "{name}裡有多少人收得到簡訊?",
        "overlap": "{name}和{new}重疊多少人?",
        "leave_out": "排除{name}分眾",
        "in": "{contact} 在",
        "out": "{contact} 不在",
        "stays": "保留目前的名單",
        "needed": "無法刪除",
        "two": "最多只能排除 2 個",
        "denied": "管理員",
        "stale": "有其他人修改了",
        "gone": "已經不在了",
        "kept": "目前的名單會保留",
        "stopped": "已取消計算",
        "nobody": "目前沒有排除任何分眾",
    },
}
NAME, NEW = {"en": "VIP night", "zh-Hant": "喚回名單"}, {"en": "Gala", "zh-Hant": "春季喚回"}


class Life:
    """A chat in one language, with the words for what a test does."""

    def __init__(self, chat: Chat, language: str, variables: dict[str, str]) -> None:
        self.chat = chat
        self.language = language
        self.variables = variables
        self.words = SAID[language]
        self.name, self.new = NAME[language], NEW[language]

    def say(self, key: str, **values: str) -> Json:
        given = {"name": self.name, "new": self.new} | values
        return self.chat.text(self.words[key].format(**given))

    def told(self, key: str, **values: str) -> str:
        return self.words[key].format(**values)

    def make(self, name: str = "", request: str = "base") -> int:
        self.chat.create(name or self.name, self.words[request])
        return int(self.finished()["count"])

    def finished(self) -> Json:
        news = self.chat.send(wait=30)
        assert news["status"] == "finished", news
        return card(news)

    def members(self, home: Path, name: str = "") -> list[str]:
        return exported(home, name or self.name, **self.variables)


def card(answer: Json) -> Json:
    found = [reply for reply in answer["replies"] if reply["type"] == "segment"]
    assert len(found) == 1, answer
    return dict(found[0])


def exported(home: Path, name: str, **variables: str) -> list[str]:
    out = divisi(home, "segments", "export", name, **variables).stdout
    return [row[0] for row in csv.reader(io.StringIO(out))][1:]


def begun(start: Start, request: pytest.FixtureRequest) -> Life:
    """A life in the language and on the database that a test is run with, one of BOTH."""
    language, database = request.param
    variables = dict[str, str]()
    if database == "postgresql":
        variables["DATABASE_URL"] = str(request.getfixturevalue("postgres_url"))
    return Life(start(**variables), language, variables)
