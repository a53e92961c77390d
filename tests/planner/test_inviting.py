"""An admin asks for a code that makes somebody an operator, in four languages."""

import pytest

from planner.commands import Manage
from planner.state import Conversation
from planner.understand import read
from tests.planner.brand import BRAND, NOW


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("invite an operator", ""),
        ("I need a pairing code", ""),
        ("Please invite a viewer", "viewer"),
        ("add a new colleague as admin", "admin"),
        ("邀請操作員", ""),
        ("給我邀請碼", ""),
        ("邀請管理員", "admin"),
        ("オペレーターを招待したい", ""),
        ("招待コードを発行してください", ""),
        ("閲覧者を招待", "viewer"),
        ("ขอรหัสเชิญ", ""),
        ("เชิญเพื่อนร่วมงาน", ""),
        ("เชิญผู้ดูแล", "admin"),
    ],
)
def test_a_code_is_asked_for(text: str, role: str) -> None:
    assert read(text, Conversation(), BRAND, NOW).commands == (Manage("invite", text=role),)


@pytest.mark.parametrize(
    "text",
    [
        "invite VIP customers to the gala",
        "members to invite who spent over 5,000",
        "邀請買過咖啡的客人",
    ],
)
def test_customers_are_not_invited_to_the_bot(text: str) -> None:
    commands = read(text, Conversation(), BRAND, NOW).commands
    assert not [c for c in commands if isinstance(c, Manage)]
