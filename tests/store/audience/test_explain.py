"""Why a contact is in a plan: what is told of one contact is what the members are made by."""

import asyncio
import random
from datetime import UTC, date, datetime

import pytest

from planner.errors import Refused
from planner.facts import MOST_TAGS, Explained
from planner.fields import EVENTS, FIELDS, NUMERIC, REACHABLE_CHANNELS, Field, Kind, Op, attribute
from planner.plan import AllOf, Condition, Scope
from planner.windows import On, Window
from store.audience import open_audience
from store.audience.load import import_folder
from tests.store.audience.test_conditions import METRICS

EARLY = datetime(2026, 1, 15, 4, tzinfo=UTC)
AS_OF = datetime(2026, 3, 31, 4, tzinfo=UTC)
FAR = datetime(2027, 1, 1, tzinfo=UTC)
WINDOWS = [
    Window.last(30), Window.last(3, "month"), Window.before(1, "month"), Window.period("month", -1),
    Window.dates(date(2026, 2, 1), date(2026, 2, 28)), Window(start=On(on=date(2025, 1, 1))),
]  # fmt: skip
OWN = (
    attribute("favorite_store", Kind.TEXT), attribute("loyalty_points", Kind.NUMBER),
    attribute("newsletter", Kind.BOOLEAN), attribute("expires", Kind.MOMENT),
)  # fmt: skip
TEXTS = {
    "gender": ("female", "male"), "city": ("taipei", "台北"), "membership_tier": ("gold",),
    "language": ("ja",), "line_status": ("subscribed", "none"), "favorite_store": ("SIAM",),
    "tag": ("vip", "貓", "none"), "note": ("wholesale", "100%", "批發"),
    "reachable": REACHABLE_CHANNELS, "newsletter": ("true", "false"),
}  # fmt: skip


def some(dice, texts):
    return tuple(dice.sample(texts, dice.randint(1, len(texts))))


def scope(field: Field, dice):
    if field.name == "engagement":
        channel = dice.choice(list(EVENTS))
        return Scope(channels=(channel,), events=some(dice, EVENTS[channel]))
    if field.scope == ("source",):
        return Scope(source=dice.choice([None, "maac", "caac"]))
    if field.scope:
        products = dice.choice([(), ("P1", "貓砂")])
        return Scope(products=products, categories=dice.choice([(), ("Pets",)]))
    return Scope()


def made(field: Field, op: Op, dice):
    """A condition of a field, by chance."""
    window = dice.choice(WINDOWS[:1] if field.name == "engagement" else WINDOWS)
    timed = field.kind is Kind.MOMENT or (field.kind is Kind.METRIC and dice.random() < 0.6)
    number = dice.choice([0, 1, 2, 26, 1000, 0.69])
    texts = some(dice, TEXTS[field.name]) if field.name in TEXTS else ()
    texts = {
        Op.MONTH: ("3", "12"), Op.MONTH_DAY: ("02-29", "12-31"), Op.BAND: ("high", "low"),
        Op.IS: texts[:1],
    }.get(op, texts)  # fmt: skip
    return Condition(
        field=field.name,
        op=op,
        number=number if op in (*NUMERIC, Op.NEXT_DAYS) else None,
        upper=5_000 if op is Op.BETWEEN else None,
        texts=texts,
        window=window if timed else None,
        scope=scope(field, dice),
    )


@pytest.mark.parametrize("as_of", [EARLY, AS_OF, FAR], ids=["early", "edge", "after"])
def test_a_contact_meets_what_makes_it_a_member(home, zone, as_of):
    dice = random.Random(str(as_of))
    audience = open_audience(home, zone)
    fields = (*FIELDS.values(), *OWN)
    conditions = [made(field, op, dice) for field in fields for op in field.operators]
    assert {condition.field for condition in conditions} == {field.name for field in fields}

    async def look():
        roots = [AllOf(items=(condition,)) for condition in conditions]
        members = [set(await audience.member_ids(root, as_of)) for root in roots]
        for who in (f"C{n:03}" for n in range(20, 220)):
            asked = dice.sample(range(len(conditions)), 12)
            found = await audience.explain(who, [conditions[at] for at in asked], as_of)
            meets = [fact.meets for fact in found.facts]
            assert meets == [who in members[at] for at in asked], who
        return [len(ids) for ids in members]

    sizes = asyncio.run(look())
    assert sum(0 < size < 240 for size in sizes) > len(sizes) / 3


@pytest.fixture
def value(home, zone):
    audience = open_audience(home, zone)

    def ask(who, **parts):
        parts = {"op": Op.GE, "number": 1} | parts
        found = asyncio.run(audience.explain(who, [Condition(**parts)], AS_OF))
        return found.facts[0].value

    return ask


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_is_told_in_its_window_and_scope(shop, value, name):
    rows, aggregate, time = METRICS[name]
    pets = Scope(categories=("pets",)) if "category" in FIELDS[name].scope else Scope()
    for who in ("C003", "C120", "C199", "C230"):
        for window, test in ((None, "true"), (Window.last(1, "month"), f"{time} >= months_ago(1)")):
            for part, among in ((Scope(), "true"), (pets, "category = 'Pets'")):
                kept = among if part != Scope() else "true"
                wanted = shop.execute(
                    f"select {aggregate} from {rows} "
                    f"where contact_id = '{who}' and {test} and {kept}"
                ).fetchone()[0]
                told = value(who, field=name, window=window, scope=part)
                assert told == pytest.approx(wanted) if wanted is not None else told is None


def test_values_are_those_of_the_data(shop, value, zone):
    columns = "gender, city, birthday, newsletter, purchase_probability, loyalty_points"
    for at in range(0, 240, 7):
        who = f"C{at:03}"
        row = shop.execute(
            f"select {columns}, age(birthday), epoch_us(joined_at), epoch_us(last_interaction_at), "
            f"expires from contacts where contact_id = '{who}'"
        ).fetchone()
        asked = [
            *columns.split(", "), "age", "joined_at", "last_interaction", "expires",
        ]  # fmt: skip
        for name, wanted in zip(asked, row, strict=True):
            moment = name in ("joined_at", "last_interaction", "expires")
            parts = {"op": Op.WITHIN, "number": None, "window": Window.last(3)} if moment else {}
            if name == "birthday":
                parts = {"op": Op.MONTH, "number": None, "texts": ("1",)}
            told = value(who, field=name, **parts)
            if moment and told is not None:
                assert told.utcoffset() is not None
                at_midnight = datetime.combine(told.date(), datetime.min.time(), zone)
                assert name != "expires" or told == at_midnight
                told = told.date() if name == "expires" else round(told.timestamp() * 1e6)
            assert told == wanted
            assert type(told) is type(wanted) or name == "loyalty_points"
    first = shop.execute(
        "select contact_id, epoch_us(max(ordered_at)), epoch_us(min(ordered_at)) from purchases "
        "group by 1 having count(*) > 2 order by 1 limit 1"
    ).fetchone()
    for name, wanted in zip(("last_purchase", "first_purchase"), first[1:], strict=True):
        told = value(first[0], field=name, op=Op.WITHIN, number=None, window=Window.last(3))
        assert round(told.timestamp() * 1e6) == wanted


def test_tags_notes_and_channels(shop, value):
    for at in range(0, 240, 5):
        who = f"C{at:03}"
        for source in (None, "caac"):
            kept = "true" if source is None else f"source = '{source}'"
            rows = shop.execute(
                f"select distinct tag from contact_tags where contact_id = '{who}' and {kept}"
            ).fetchall()
            asked = {"op": Op.ANY_OF, "texts": ("vip",), "scope": Scope(source=source)}
            assert value(who, field="tag", **asked) == tuple(sorted(tag for (tag,) in rows))
            assert value(who, field="note", **asked) is None
        tests = (
            "line_status = 'subscribed'", "push_consent", "sms_consent and phone is not null",
            "email_consent and email is not null",
        )  # fmt: skip
        row = shop.execute(
            f"select {', '.join(tests)} from contacts where contact_id = '{who}'"
        ).fetchone()
        told = value(who, field="reachable", op=Op.ANY_OF, texts=("line",))
        assert told == tuple(c for c, yes in zip(REACHABLE_CHANNELS, row, strict=True) if yes)


HEADER = "contact_id,joined_at,line_status,push_consent,sms_consent,email_consent\n"


def test_whose_facts_they_are(tmp_path, zone):
    folder = tmp_path / "in"
    folder.mkdir()
    ids = ("Abc", "aBC", "Émile", "C1")
    rows = "".join(f"{each},2026-01-01,none,0,0,0\n" for each in ids)
    (folder / "contacts.csv").write_text(HEADER + rows)
    tags = "".join(f"C1,maac,t{n:03}\n" for n in range(40))
    (folder / "contact_tags.csv").write_text("contact_id,source,tag\n" + tags)
    import_folder(folder, tmp_path)
    audience = open_audience(tmp_path, zone)

    def ask(who, *conditions):
        return asyncio.run(audience.explain(who, conditions, AS_OF))

    assert ask("Abc") == Explained("Abc", ())
    assert ask("ABC") is None
    assert ask("nobody") is None
    assert ask("émile").contact_id == "Émile"
    tagged = Condition(field="tag", op=Op.ANY_OF, texts=("T038", "t039"))
    (fact,) = ask("c1", tagged).facts
    assert fact.meets
    assert len(fact.value) == MOST_TAGS
    assert fact.value[-2:] == ("t038", "t039")
    with pytest.raises(Refused, match="unknown_field"):
        ask("C1", Condition(field="shoe_size", op=Op.GE, number=40))
    with pytest.raises(Refused, match="lookback"):
        ask("C1", Condition(field="engagement", op=Op.GE, number=1, window=Window.last(91)))
