"""Laws that hold for all plans, tried with generated ones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.fields import EVENTS, FIELDS, NUMERIC, Kind, Op
from planner.plan import AllOf, AnyOf, Condition, Node, Not, Scope
from planner.windows import Ago, On, Start, Window
from store.audience.compile import Moment, count_statement, members_statement

quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FAR = datetime(2027, 1, 1, tzinfo=UTC)
AS_OF = datetime(2026, 3, 31, 4, tzinfo=UTC)
ZONES = [ZoneInfo(name) for name in ("Asia/Taipei", "America/New_York", "UTC")]

units = st.sampled_from(["day", "week", "month", "year"])
bounds = st.one_of(
    st.builds(Ago, ago=st.integers(0, 40), unit=units),
    st.builds(Start, start_of=units, offset=st.integers(-3, 0)),
    st.builds(On, on=st.dates(date(2025, 6, 1), date(2026, 4, 10))),
)
one_sided = st.one_of(st.builds(Window, start=bounds), st.builds(Window, end=bounds))
windows = st.one_of(one_sided, st.builds(Window, start=bounds, end=bounds))
metric_names = [n for n, f in FIELDS.items() if f.kind is Kind.METRIC and n != "engagement"]
moment_names = [n for n, f in FIELDS.items() if f.kind is Kind.MOMENT]


def _numbers(name: st.SearchStrategy[str], window: st.SearchStrategy[Window | None]):
    return st.builds(
        Condition,
        field=name,
        op=st.sampled_from(NUMERIC),
        number=st.sampled_from([0.0, 1.0, 2.0, 1000.0]),
        upper=st.just(5000.0),
        window=window,
    )


conditions = st.one_of(
    _numbers(st.sampled_from(metric_names), st.none() | windows),
    _numbers(st.sampled_from(["age", "purchase_probability", "loyalty_points"]), st.none()),
    st.builds(
        Condition, field=st.sampled_from(moment_names), op=st.just(Op.WITHIN), window=windows
    ),
    st.builds(
        Condition,
        field=st.sampled_from(["city", "tag", "gender", "note"]),
        op=st.just(Op.ANY_OF),
        texts=st.lists(st.sampled_from(["vip", "taipei", "female", "%", "ask"]), max_size=2).map(
            tuple
        ),
    ),
    st.sampled_from(sorted(EVENTS)).map(
        lambda channel: Condition(
            field="engagement", op=Op.GE, number=1, scope=Scope(channels=(channel,))
        )
    ),
)
trees = st.recursive(
    conditions,
    lambda inner: st.one_of(
        st.builds(AllOf, items=st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, items=st.lists(inner, max_size=3).map(tuple)),
        st.builds(Not, item=inner),
    ),
    max_leaves=4,
)


@pytest.fixture
def members(engine):
    run, moment = engine

    def find(node: Node, as_of: datetime = AS_OF, zone: ZoneInfo = ZONES[0]) -> set[str]:
        root = AllOf(items=(node,))
        return {row[0] for row in run(members_statement(root, moment(as_of, zone)))}

    return find


@pytest.fixture
def everybody(members):
    found = members(AllOf())
    assert len(found) == 240
    return found


@quick
@given(node=trees)
def test_not_is_the_exact_complement(members, everybody, node):
    assert members(Not(item=node)) == everybody - members(node)


@quick
@given(first=trees, second=trees)
def test_all_of_intersects_and_any_of_unites(members, first, second):
    assert members(AllOf(items=(first, second))) == members(first) & members(second)
    assert members(AnyOf(items=(first, second))) == members(first) | members(second)


@quick
@given(nodes=st.lists(trees, min_size=1, max_size=5), zone=st.sampled_from(ZONES))
def test_a_batch_counts_as_each_alone(engine, members, nodes, zone):
    run, moment = engine
    shared = AllOf(items=(nodes[0],))
    roots = [AllOf(items=(nodes[0], node)) for node in nodes] + [shared]
    singles = [len(members(root, zone=zone)) for root in roots]
    assert list(run(count_statement(roots, moment(zone=zone)))[0]) == singles
    mixed = [AllOf(items=(node,)) for node in nodes]
    assert list(run(count_statement(mixed, moment(zone=zone)))[0]) == [
        len(members(node, zone=zone)) for node in nodes
    ]


@quick
@given(window=one_sided, name=st.sampled_from(moment_names), zone=st.sampled_from(ZONES))
def test_a_window_and_its_opposite_share_a_moment_out(members, window, name, zone):
    def within(part: Window) -> set[str]:
        condition = Condition(field=name, op=Op.WITHIN, window=part)
        return members(condition, zone=zone)

    opposite = window.opposite()
    assert opposite is not None
    ever = Window(start=On(on=date(1970, 1, 1)))
    assert not within(window) & within(opposite)
    assert within(window) | within(opposite) == within(ever)


@quick
@given(window=one_sided, zone=st.sampled_from(ZONES))
def test_counts_in_a_window_and_its_opposite_add_up(engine, window, zone):
    run, moment = engine

    def total(part: Window | None) -> int:
        counts = [
            AllOf(items=(Condition(field="order_count", op=Op.GE, number=n, window=part),))
            for n in range(1, 12)
        ]
        return sum(run(count_statement(counts, moment(zone=zone)))[0])

    assert total(window) + total(window.opposite()) == total(None)


@quick
@given(node=trees)
def test_prepared_totals_are_what_would_be_computed(engine, node):
    run, moment = engine
    ready = moment(FAR)
    assert all(latest < FAR for latest in ready.latest.values())
    computed = Moment(FAR, ready.zone, dict.fromkeys(ready.latest, FAR + timedelta(1)), ready.field)
    root = AllOf(items=(node,))
    assert run(members_statement(root, ready)) == run(members_statement(root, computed))


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("name", ["order_count", "return_count", "add_to_cart_count"])
def test_nothing_after_as_of_counts(members, zone, name):
    early = datetime(2020, 1, 1, tzinfo=UTC)
    for window in (None, Window.last(30), Window.dates(None, date(2030, 1, 1))):
        bought = Condition(field=name, op=Op.GE, number=1, window=window)
        assert members(bought, as_of=early, zone=zone) == set()
        assert members(bought, as_of=FAR, zone=zone) or window == Window.last(30)
