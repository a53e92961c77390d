"""Whatever happens, a conversation goes on: random events, commands and states."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.catalogue import Catalogue, Value
from planner.chat import (
    Began,
    Chose,
    Context,
    Event,
    KnownSegment,
    Question,
    Said,
    SegmentCard,
    Settled,
    Turn,
)
from planner.commands import (
    Act,
    Add,
    Answer,
    Change,
    Command,
    Negate,
    OutOfScope,
    Reading,
    Remove,
    Restart,
    Target,
    Unclear,
    Undo,
)
from planner.dialog import step
from planner.fields import FIELDS, Op
from planner.plan import AllOf, AnyOf, Condition, Node, Not, Open, Scope, leaves
from planner.state import Conversation
from planner.windows import Window

CATALOGUE = Catalogue(
    values={"tag": (Value("Cat Lover"), Value("VIP"))},
    quantiles={"total_spending": tuple(float(100 * place) for place in range(101))},
)
CONTEXT = Context(
    datetime.fromisoformat("2026-06-30T04:00:00+00:00"),
    ZoneInfo("Asia/Taipei"),
    segments=tuple(KnownSegment(f"s{n}", f"Old {n}", "finished", n) for n in range(3)),
    new_id="new",
)
INSTAGRAM = OutOfScope("shop on Instagram", "oos_social", ("clicked_campaign", "tag"))

NUMBERS = st.one_of(st.none(), st.floats(), st.integers(0, 10**6).map(float))
TEXTS = st.lists(
    st.sampled_from(["Cat Lover", "VIP", "high", "7", "02-30", "line", "nobody"]), max_size=2
)
COUNTS = st.integers(0, 36_500)
UNITS = st.sampled_from(["day", "month", "year"])
WINDOWS = st.one_of(
    st.none(), st.builds(Window.last, COUNTS, UNITS), st.builds(Window.before, COUNTS, UNITS)
)
FIELD = st.sampled_from([*FIELDS, "gone"])
SCOPES = st.sampled_from([Scope(), Scope(products=("Gift Card",)), Scope(channels=("email",))])
CONDITIONS = st.builds(
    Condition, field=FIELD, op=st.sampled_from(Op), number=NUMBERS, upper=NUMBERS,
    texts=TEXTS.map(tuple), window=WINDOWS, scope=SCOPES,
)  # fmt: skip
SLOTS = st.sampled_from(
    ["total_spending.value", "age.value", "last_purchase.window", "engagement.window", "tag.choice",
     "engagement.channel", "engagement.event", "product.choice",
     "suggest.exclude_returns", "odd", ""]
)  # fmt: skip
OPENS = st.builds(
    Open, slot=SLOTS, phrase=st.sampled_from(["", "big"]), condition=CONDITIONS,
    candidates=TEXTS.map(tuple), high=st.booleans(), reason=st.sampled_from(["vague", "lookback"]),
)  # fmt: skip
NODES = st.recursive(
    st.one_of(CONDITIONS, OPENS),
    lambda inner: st.one_of(
        st.builds(Not, item=inner),
        st.builds(AllOf, items=st.lists(inner, max_size=2).map(tuple)),
        st.builds(AnyOf, items=st.lists(inner, max_size=2).map(tuple)),
    ),
    max_leaves=4,
)
TARGETS = st.builds(
    Target, index=st.one_of(st.none(), st.integers(-3, 5)), field=st.one_of(st.none(), FIELD),
    texts=TEXTS.map(tuple),
)  # fmt: skip
IDS = st.sampled_from(
    ["1", "2", "all", "skip", "yes", "no", "apply", "edit", "exclude", "restart", "cancel", "x"]
)
ACTIONS = st.sampled_from(["apply", "edit", "exclude", "create", "cancel", "help", "odd"])
COMMANDS = st.one_of(
    st.builds(Add, NODES, st.booleans()),
    st.builds(Change, TARGETS, st.one_of(st.none(), st.sampled_from(Op)), NUMBERS, NUMBERS,
              st.one_of(st.none(), TEXTS.map(tuple)), WINDOWS, st.booleans()),
    st.builds(Remove, TARGETS),
    st.builds(Negate, TARGETS),
    st.just(Restart()),
    st.just(Undo()),
    st.builds(Answer, SLOTS, st.one_of(st.none(), st.sampled_from(Op)), NUMBERS, NUMBERS, WINDOWS,
              TEXTS.map(tuple), st.one_of(st.just(""), IDS, st.just("unknown"))),
    st.builds(Act, ACTIONS),
    st.just(INSTAGRAM),
    st.builds(OutOfScope, st.just("x"), st.just("odd")),
    st.builds(Unclear, TEXTS.map(tuple)),
)  # fmt: skip
READINGS = st.one_of(
    st.none(),
    st.builds(
        Reading,
        st.sampled_from(["en", "zh-Hant", "ja", "th", "xx"]),
        st.lists(COMMANDS, max_size=4).map(tuple),
    ),
)
TAPS = st.lists(IDS, max_size=3).map(tuple)
OUTCOMES = st.sampled_from(["finished", "failed"])
HAPPENINGS = st.one_of(
    st.tuples(st.builds(Said, st.one_of(st.text(max_size=20), st.just("over 50,000"))), READINGS),
    st.tuples(
        st.builds(Chose, TAPS, st.one_of(st.none(), st.integers(0, 9))),
        st.none(),
    ),
    st.tuples(st.just(Began()), st.none()),
    st.tuples(st.builds(Settled, st.just("new"), st.just("n"), OUTCOMES), st.none()),
)  # fmt: skip


def check(turn: Turn[Conversation]) -> None:
    state = turn.state
    assert turn.replies
    open_points = [leaf for leaf in leaves(state.draft) if isinstance(leaf, Open)]
    if state.status in ("ready", "naming", "created", "finished"):
        assert not open_points
        assert state.draft.items
    if state.status in ("asking", "naming"):
        assert state.pending is not None
        assert any(isinstance(reply, Question | SegmentCard) for reply in turn.replies)
    shown = [t for reply in turn.replies for t in [getattr(reply, "text", "")]]
    assert not any("{" in text for text in shown)


@settings(max_examples=300, deadline=None)
@given(st.lists(HAPPENINGS, max_size=8))
def test_nothing_that_happens_breaks_a_conversation(
    happenings: Sequence[tuple[Event, Reading | None]],
) -> None:
    state = Conversation()
    for event, reading in happenings:
        turn = step(state, event, reading, CATALOGUE, CONTEXT)
        check(turn)
        state = turn.state


@settings(max_examples=100, deadline=None)
@given(st.lists(NODES, min_size=1, max_size=3), COMMANDS)
def test_undo_restores_the_plan(nodes: Sequence[Node], command: Command) -> None:
    first = Reading("en", tuple(map(Add, nodes)))
    before = step(Conversation(), Said("words"), first, CATALOGUE, CONTEXT).state
    after = step(before, Said("words"), Reading("en", (command,)), CATALOGUE, CONTEXT).state
    if after.draft != before.draft and not isinstance(command, Undo):
        undone = step(after, Said("words"), Reading("en", (Undo(),)), CATALOGUE, CONTEXT).state
        assert undone.draft == before.draft
