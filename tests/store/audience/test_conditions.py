"""Every field and operator against plain SQL written from the audience specification."""

from datetime import date

import pytest

from planner.errors import Refused
from planner.fields import EVENTS, FIELDS, NUMERIC, REACHABLE_CHANNELS, Op
from planner.plan import AllOf, AnyOf, Condition, Not, Open, Scope
from planner.windows import On, Window
from store.audience.compile import count_statement, members_statement

SQL = {Op.EQ: "=", Op.GT: ">", Op.GE: ">=", Op.LT: "<", Op.LE: "<="}
WINDOWS = [
    (None, "true"),
    (Window.last(30), "{t} >= days_ago(30)"),
    (Window.last(1, "month"), "{t} >= months_ago(1)"),
    (Window.before(1, "month"), "{t} < months_ago(1)"),
    (Window.last(3, "month"), "{t} >= months_ago(3)"),
    (Window.period("month", -1), "strftime({t}, '%Y%m') = '202602'"),
    (Window.period("year"), "{t} >= timestamptz '2026-01-01 00:00:00+08'"),
    (Window.dates(date(2026, 2, 1), date(2026, 2, 28)), "strftime({t}, '%Y%m') = '202602'"),
    (Window(start=On(on=date(2026, 4, 2))), "{t} >= timestamptz '2026-04-02 00:00:00+08'"),
]
# name: (rows, aggregate, the column of time); null stays null for those without a value
METRICS = {
    "total_spending": ("purchases", "coalesce(sum(amount), 0)", "ordered_at"),
    "average_order_value": ("purchases", "avg(amount)", "ordered_at"),
    "highest_order": ("purchases", "max(amount)", "ordered_at"),
    "order_count": ("purchases", "count(order_id)", "ordered_at"),
    "return_count": ("returns", "count(order_id)", "returned_at"),
    "product_amount": ("items", "coalesce(sum(quantity * unit_price), 0)", "ordered_at"),
    "purchase_quantity": ("items", "coalesce(sum(quantity), 0)", "ordered_at"),
    "highest_product_price": ("items", "max(unit_price)", "ordered_at"),
    "checkout_count": ("items", "count(distinct order_id)", "ordered_at"),
    "add_to_cart_count": ("open_carts", "count(product_id)", "added_at"),
}
THRESHOLDS = {"money": (0, 1000, 999.99), "times": (0, 1, 2), "pieces": (0, 1, 4)}
SCOPES = [
    (Scope(products=("p1", "貓砂")), "lower(product_id) = 'p1' or product_name = '貓砂'"),
    (Scope(categories=("PETS",)), "category = 'Pets'"),
    (Scope(products=("sunscreen",), categories=("wear",)), "false"),
]


@pytest.fixture
def check(shop, engine):
    run, moment = engine

    def compare(root, sql):
        wanted = sorted(row[0] for row in shop.execute(sql).fetchall())
        root = root if isinstance(root, AllOf) else AllOf(items=(root,))
        assert [row[0] for row in run(members_statement(root, moment()))] == wanted
        assert run(count_statement([root], moment())) == [(len(wanted),)]
        others = AllOf(items=(Not(item=root),))
        assert run(count_statement([others], moment())) == [(240 - len(wanted),)]

    return compare


def where(test):
    return f"select contact_id from contacts where {test}"


def metric(rows, aggregate, test, having):
    return (
        f"select c.contact_id from contacts c left join (select * from {rows} where {test}) r "
        f"on r.contact_id = c.contact_id group by 1 having {aggregate} {having}"
    )


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("op", NUMERIC)
def test_metric(check, name, op):
    rows, aggregate, time = METRICS[name]
    numbers = THRESHOLDS[FIELDS[name].unit]
    for at, (window, test) in enumerate(WINDOWS):
        for number in numbers if window is None else numbers[at % 3 : at % 3 + 1]:
            between = op is Op.BETWEEN
            having = f"between {number} and 5000" if between else f"{SQL[op]} {number}"
            condition = Condition(
                field=name, op=op, number=number, upper=5000 if between else None, window=window
            )
            check(condition, metric(rows, aggregate, test.format(t=time), having))


@pytest.mark.parametrize("name", [n for n in METRICS if "product" in FIELDS[n].scope])
@pytest.mark.parametrize(("scope", "rows_test"), SCOPES)
def test_product_scope(check, name, scope, rows_test):
    rows, aggregate, time = METRICS[name]
    for window, test in WINDOWS[:3]:
        condition = Condition(field=name, op=Op.GE, number=1, window=window, scope=scope)
        both = f"({test.format(t=time)}) and ({rows_test})"
        check(condition, metric(rows, aggregate, both, ">= 1"))


def test_engagement(check):
    for channel, events in EVENTS.items():
        for window, test in ((None, "true"), (Window.last(30), "occurred_at >= days_ago(30)")):
            for op in (Op.EQ, Op.GE):
                scope = Scope(channels=(channel,), events=events[:1])
                condition = Condition(
                    field="engagement", op=op, number=0 + (op is Op.GE), window=window, scope=scope
                )
                rows = f"channel = '{channel}' and event = '{events[0]}' and {test}"
                check(condition, metric("events", "count(event)", rows, f"{op} {condition.number}"))
    scope = Scope(channels=("email", "sms_plus"), campaigns=("spring",))
    rows = "channel in ('email', 'sms_plus') and lower(campaign) = 'spring'"
    condition = Condition(field="engagement", op=Op.GT, number=1, scope=scope)
    check(condition, metric("events", "count(event)", rows, "> 1"))


@pytest.mark.parametrize(
    "window", [Window.last(91), Window.before(10), Window.last(4, "month"), Window.last(1, "year")]
)
def test_engagement_beyond_the_lookback_is_refused(engine, window):
    condition = Condition(field="engagement", op=Op.GE, number=1, window=window)
    with pytest.raises(Refused, match="lookback"):
        count_statement([AllOf(items=(condition,))], engine[1]())


@pytest.mark.parametrize(
    ("name", "moment_sql"),
    [
        ("joined_at", "joined_at"),
        ("last_interaction", "last_interaction_at"),
        ("expires", "expires::timestamptz"),
        ("last_purchase", "max(ordered_at)"),
        ("first_purchase", "min(ordered_at)"),
    ],
)
def test_moment(check, name, moment_sql):
    for window, test in WINDOWS[1:]:
        condition = Condition(field=name, op=Op.WITHIN, window=window)
        within = test.format(t=moment_sql)
        if name.endswith("purchase"):
            check(condition, f"select contact_id from purchases group by 1 having {within}")
        else:
            check(condition, where(f"{within} and {moment_sql} <= as_of()"))


def test_age(check):
    for op, sql in SQL.items():
        for years in (-1, 0, 25, 26, 29, 30):
            condition = Condition(field="age", op=op, number=years)
            check(condition, where(f"age(birthday) {sql} {years}"))
    check(
        Condition(field="age", op=Op.BETWEEN, number=25, upper=30),
        where("age(birthday) between 25 and 30"),
    )


def test_birthday(check):
    check(
        Condition(field="birthday", op=Op.MONTH, texts=("3", "12")),
        where("month(birthday) in (3, 12)"),
    )
    check(
        Condition(field="birthday", op=Op.MONTH_DAY, texts=("02-29", "12-31")),
        where("strftime(birthday, '%m-%d') in ('02-29', '12-31')"),
    )
    for days in (0, 1, 7, 300, 400):
        span = f"select strftime(today() + k::integer, '%m%d') from range({days + 1}) r(k)"
        check(
            Condition(field="birthday", op=Op.NEXT_DAYS, number=days),
            where(f"strftime(birthday, '%m%d') in ({span})"),
        )


def test_attributes(check):
    for name, column in (
        ("city", "city"),
        ("gender", "gender"),
        ("favorite_store", "favorite_store"),
    ):
        condition = Condition(field=name, op=Op.ANY_OF, texts=("taipei", "FEMALE", "siam", "ōSAKA"))
        check(condition, where(f"lower({column}) in ('taipei', 'female', 'siam', 'ōsaka')"))
    check(Condition(field="city", op=Op.ANY_OF), where("false"))
    for op, sql in SQL.items():
        for number in (0, 5, 3_000_000_000):
            check(
                Condition(field="loyalty_points", op=op, number=number),
                where(f"loyalty_points {sql} {number}"),
            )
    check(Condition(field="newsletter", op=Op.IS, texts=("true",)), where("newsletter"))
    check(Condition(field="newsletter", op=Op.IS, texts=("false",)), where("not newsletter"))
    check(
        Condition(field="line_status", op=Op.ANY_OF, texts=("blocked",)),
        where("line_status = 'blocked'"),
    )


def test_purchase_probability(check):
    bands = {"high": ">= 0.7", "medium": "between 0.3 and 0.6999", "low": "< 0.3"}
    for band, test in bands.items():
        condition = Condition(field="purchase_probability", op=Op.BAND, texts=(band,))
        check(condition, where(f"purchase_probability {test}"))
    condition = Condition(field="purchase_probability", op=Op.BAND, texts=("high", "low"))
    check(condition, where("purchase_probability >= 0.7 or purchase_probability < 0.3"))
    for op, sql in SQL.items():
        condition = Condition(field="purchase_probability", op=op, number=0.69)
        check(condition, where(f"purchase_probability {sql} 0.69"))


@pytest.mark.parametrize("source", [None, "maac", "caac"])
def test_tags_and_notes(check, source):
    kept = "true" if source is None else f"source = '{source}'"

    def having(table, column, test):
        return f"contact_id in (select contact_id from {table} where {kept} and {column} {test})"

    scope = Scope(source=source)
    for op, word in ((Op.ANY_OF, " or "), (Op.ALL_OF, " and ")):
        tests = [having("contact_tags", "lower(tag)", f"= '{tag}'") for tag in ("vip", "貓")]
        check(
            Condition(field="tag", op=op, texts=("Vip", "貓"), scope=scope), where(word.join(tests))
        )
        for texts in (("wholesale", "批發"), ("100%", "_"), ("\\", "%"), ("a_b",)):
            tests = [
                having("contact_notes", "note", f"ilike '%{_escaped(t)}%' escape '!'")
                for t in texts
            ]
            check(Condition(field="note", op=op, texts=texts, scope=scope), where(word.join(tests)))


def _escaped(text):
    return text.replace("_", "!_").replace("%", "!%")


def test_reachable(check):
    tests = {
        "line": "line_status = 'subscribed'",
        "push": "push_consent",
        "sms": "(sms_consent and phone is not null)",
        "email": "(email_consent and email is not null)",
    }
    for channel in REACHABLE_CHANNELS:
        condition = Condition(field="reachable", op=Op.ANY_OF, texts=(channel,))
        check(condition, where(tests[channel]))
    for op, word in ((Op.ANY_OF, " or "), (Op.ALL_OF, " and ")):
        condition = Condition(field="reachable", op=op, texts=("line", "email"))
        check(condition, where(word.join((tests["line"], tests["email"]))))


def test_trees(check):
    gold = Condition(field="membership_tier", op=Op.ANY_OF, texts=("gold",))
    bought = Condition(field="order_count", op=Op.GE, number=1, window=Window.last(30))
    orders = "contact_id in (select contact_id from purchases where ordered_at >= days_ago(30))"
    check(AllOf(), where("true"))
    check(AnyOf(), where("false"))
    check(AnyOf(items=(gold, Not(item=bought))), where(f"membership_tier = 'Gold' or not {orders}"))
    check(
        Not(item=AnyOf(items=(gold, bought))),
        where(f"coalesce(membership_tier, '') <> 'Gold' and not {orders}"),
    )


def test_an_open_point_cannot_be_computed(engine):
    gold = Condition(field="membership_tier", op=Op.ANY_OF, texts=("gold",))
    open_point = Open(slot="tag.choice", phrase="loyal", condition=gold)
    with pytest.raises(ValueError, match="open point"):
        count_statement([AllOf(items=(open_point,))], engine[1]())
