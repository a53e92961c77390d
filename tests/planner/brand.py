"""A brand's catalogue, and plans in one short line each, for tables of sentences."""

from datetime import datetime
from zoneinfo import ZoneInfo

from planner.catalogue import Catalogue, Value
from planner.chat import Context
from planner.commands import Add, Aside, Command, OutOfScope, Unclear
from planner.fields import Kind, attribute
from planner.plan import AllOf, Condition, Node, Not, Open
from planner.windows import Ago, Bound, On

NOW = Context(datetime.fromisoformat("2026-06-30T04:00:00+00:00"), ZoneInfo("Asia/Taipei"))
_VALUES = {
    "tag": "Coffee Lover|VIP|Skincare|Cat Lover|Dog Lover|New Mom|Complaint|Wholesale|KOL|Blocklist"
    "|Pet Supplies Buyer|Birthday Club|Refund Request|Summer Sale 2026|母嬰用品|露營愛好者"
    "|會員日參加者|コスメ好き|新規顧客|ลูกค้าประจำ|สายแคมป์ปิ้ง",
    "product": "Night Cream|Cat Litter 10L|Dog Leash|Drip Coffee Box|Espresso Machine|Yoga Mat"
    "|Running Shoes|Gold Necklace|Diamond Ring|Baby Stroller|Lipstick|Camping Tent"
    "|Salmon Cat Treats|Premium Dog Food 12kg|Sunscreen SPF50|Folding Chair|Gift Card"
    "|Vitamin C Serum|Cold Brew Set|Diapers L",
    "category": "Coffee|Skincare|Pets|Baby|Outdoor|Sports|Jewelry|Makeup|Gift",
    "campaign": "Summer Sale|Spring Clearance|Mother's Day|Coffee Week|618 Festival|Member Day"
    "|New Arrivals June",
    "city": "Taipei|New Taipei|Taichung|Tainan|Kaohsiung|Hsinchu|Tokyo|Osaka|Fukuoka|Sapporo"
    "|Bangkok|Chiang Mai|Phuket|Singapore|Hong Kong",
    "membership_tier": "Regular|Silver|Gold|Platinum",
    "gender": "female|male|other",
    "language": "zh-Hant|ja|en|th",
    "favorite_store": "Xinyi|Zhongshan|Siam|Shinjuku|Online",
}
BRAND = Catalogue(
    version="brand",
    values={
        kind: tuple(Value(name, 99 - place) for place, name in enumerate(names.split("|")))
        for kind, names in _VALUES.items()
    },
    attributes={
        "favorite_store": attribute("favorite_store", Kind.TEXT),
        "loyalty_points": attribute("loyalty_points", Kind.NUMBER),
    },
)


def shown(command: Command) -> str:
    """A command in one line: `order_count >= 3 [last 6 month]`."""
    if isinstance(command, Add):
        return node(command.node)
    if isinstance(command, Unclear):
        return "unclear " + " | ".join(command.phrases)
    if isinstance(command, Aside):
        return "aside " + " | ".join(command.phrases)
    if isinstance(command, OutOfScope):
        return f"beyond {command.kind}"
    return type(command).__name__.lower()


def node(item: Node) -> str:
    """A node of a plan in one line."""
    if isinstance(item, Condition):
        return _condition(item)
    if isinstance(item, Open):
        asked = " ".join((item.slot, *item.then))
        return f"? {asked} ({_condition(item.condition)}) {' | '.join(item.candidates[:3])}".strip()
    if isinstance(item, Not):
        return f"not ({node(item.item)})"
    joined = (" and " if isinstance(item, AllOf) else " or ").join(map(node, item.items))
    return f"({joined})"


def _condition(said: Condition) -> str:
    scope = said.scope.model_dump()
    rows = [
        value if isinstance(value, str) else "/".join(value) for value in scope.values() if value
    ]
    number = "" if said.number is None else f" {said.number:g}"
    upper = "" if said.upper is None else f"..{said.upper:g}"
    texts = " " + "/".join(said.texts) if said.texts else ""
    narrowed = f" of {', '.join(rows)}" if rows else ""
    return f"{said.field} {said.op.value}{number}{upper}{texts}{narrowed}{_window(said)}"


def _window(said: Condition) -> str:
    if said.window is None:
        return ""
    return f" [{_bound(said.window.start)} to {_bound(said.window.end)}]"


def _bound(bound: Bound | None) -> str:
    if bound is None:
        return "."
    if isinstance(bound, Ago):
        return f"{bound.ago} {bound.unit}"
    if isinstance(bound, On):
        return bound.on.isoformat()
    return f"{bound.start_of}{bound.offset:+d}"
