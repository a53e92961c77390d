"""One answer → the messages that show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from adapters.answer import Answer
from adapters.slack.render import plan
from adapters.slack.render.blocks import (
    BUTTON,
    LONGEST,
    MOST_OPTIONS,
    OPTION_VALUE,
    TEXT,
    Block,
    actions,
    button,
    clipped,
    context,
    escaped,
    length,
    menu,
    option,
    packed,
    section,
    sections,
)
from planner.chat import (
    FileReply,
    Option,
    PlanCard,
    Question,
    Reply,
    SegmentCard,
    SegmentList,
    TextReply,
    Welcome,
)
from planner.managing import ACTIONS
from planner.wording import number, say

Kind = Literal["text", "question", "plan", "file"]

MOST_BUTTONS: Final = 10
"""Choices of a question as buttons; more are a menu."""
_EVERYWHERE: Final = ("yes", "no", "all", "skip", "cancel")
"""Options that are buttons, also beside a menu."""
_WHOLE: Final = 40
WAITING: Final = ("queued", "computing")


@dataclass(frozen=True, slots=True)
class Message:
    """One message."""

    kind: Kind
    text: str
    """For notifications, and where blocks can't be shown."""
    blocks: tuple[Block, ...] = ()
    file: FileReply | None = None


def messages(
    answer: Answer,
    *,
    chart: bool = True,
    asker: str = "",
    quote: str = "",
    totals: bool = False,
) -> list[Message]:
    """What to show, in order: of several texts in a row one message, the plan by itself.

    Args:
        answer: what the dialog says.
        chart: whether Slack's own chart is to be used.
        asker: whom news is for, by their user id.
        quote: what is answered, where the person can't see it above.
        totals: whether the plan changes further up, so that texts say what it comes to.
    """
    made: list[Message] = []
    held: list[Block] = [context(f"› {escaped(quote)}")] if quote else []
    words = [f"› {quote}"] if quote else []
    for reply in answer.replies:
        if isinstance(reply, FileReply):
            made.append(Message("file", file_text(reply, answer.language), file=reply))
        elif is_plan(reply, answer):
            if totals and held and answer.view is not None and answer.view.reach is not None:
                held.append(context(plan.total(answer.view.reach, answer.language)))
            made += _texts(held, words)
            held, words = [], []
            made.append(plan_message(answer, reply, chart=chart))
        elif isinstance(reply, Question):
            if sum(map(length, held)) > LONGEST // 2:
                made += _texts(held, words)
                held, words = [], []
            blocks = (*held, *sections([f"*{escaped(reply.text)}*"]), *_choices(reply, answer))
            made.append(_message("question", blocks, [*words, reply.text]))
            held, words = [], []
        else:
            held += _blocks(reply, answer, asker, chart=chart)
            words.append(_words(reply, answer))
    return [*made, *_texts(held, words)]


def is_plan(reply: Reply, answer: Answer) -> bool:
    """Whether a reply is shown in the plan's own message: the plan, or how computing it goes."""
    if isinstance(reply, PlanCard):
        return answer.view is not None
    return isinstance(reply, SegmentCard) and reply.viewed and reply.status in WAITING


def plan_message(answer: Answer, card: Reply, *, chart: bool = True) -> Message:
    """The plan, with its buttons or with what has become of it."""
    if answer.view is None or not isinstance(card, (PlanCard, SegmentCard)):
        raise TypeError(card)
    language = answer.language
    narrowing = plan.chart if chart else plan.bars
    blocks = [*plan.overview(answer.view, language), *narrowing(answer.view, language)]
    if isinstance(card, PlanCard):
        blocks = [*sections([f"*{escaped(card.text)}*"]), *blocks]
        blocks += plan.plan_buttons(card.options, answer.version)
        return _message("plan", blocks, [card.text, plan.as_text(answer)])
    status = say(language, f"status.{card.status}")
    blocks = [*sections([f"*{escaped(card.name)}*"]), *blocks, context(f"⏳ {escaped(status)}")]
    blocks += _card_buttons(card, answer.version)
    return _message("plan", blocks, [card.text or status, plan.as_text(answer)])


def settled_plan(answer: Answer, card: SegmentCard) -> Message:
    """The plan's message when its segment is finished or has failed: nothing more to tap."""
    moving = [s for s in WAITING if s == card.status]
    sign = "⏳" if moving else "✅" if card.status == "finished" else "⚠️"
    told = escaped(card.text or say(answer.language, f"status.{card.status}"))
    blocks = [*sections([f"*{escaped(card.name)}*"])]
    if answer.view is not None:
        blocks += plan.overview(answer.view, answer.language)
    return _message("plan", [*blocks, context(f"{sign} {told}")], [told])


def file_text(file: FileReply, language: str) -> str:
    """What a file is, without its path."""
    return say(language, "card.file", name=file.name, n=file.count)


# ── parts ────────────────────────────────────────────────────────────────────────────────────────


def _message(kind: Kind, blocks: Sequence[Block], words: Sequence[str]) -> Message:
    text = clipped("\n".join(escaped(word) for word in words if word), TEXT)
    return Message(kind, text or "…", tuple(blocks))


def _texts(held: Sequence[Block], words: Sequence[str]) -> list[Message]:
    return [_message("text", blocks, words) for blocks in packed(held)]


def _words(reply: Reply, answer: Answer) -> str:
    if isinstance(reply, SegmentList):
        return "\n".join(_row(card, answer.language) for card in reply.items)
    if isinstance(reply, SegmentCard):
        return reply.text or reply.name
    return reply.greeting if isinstance(reply, Welcome) else reply.text


def _blocks(reply: Reply, answer: Answer, asker: str, *, chart: bool) -> list[Block]:
    if isinstance(reply, Welcome):
        return welcome(reply)
    if isinstance(reply, SegmentCard):
        return _segment(reply, answer, asker, chart=chart)
    if isinstance(reply, SegmentList):
        return [block for card in reply.items for block in _item(card, answer.language)]
    return sections(escaped(reply.text).split("\n")) if isinstance(reply, TextReply) else []


def welcome(reply: Welcome) -> list[Block]:
    """The greeting, with requests to begin with as buttons."""
    prompts = [
        actions([button(f"say:{place}", prompt, clipped(prompt, 2_000))], f"prompt:{place}")
        for place, prompt in enumerate(reply.prompts)
    ]
    return [*sections([f"*{escaped(reply.greeting)}*"]), *prompts]


def _segment(card: SegmentCard, answer: Answer, asker: str, *, chart: bool) -> list[Block]:
    told = escaped(card.text or say(answer.language, f"status.{card.status}"))
    if card.seconds is not None and card.status == "finished":
        took = say(answer.language, "card.took", seconds=max(round(card.seconds, 1), 0.1))
        told = f"{told}\n{escaped(took)}"
    if asker:
        told = f"<@{asker}> {told}"
    blocks = sections(told.split("\n"))
    if card.viewed and answer.view is not None:
        narrowing = plan.chart if chart else plan.bars
        blocks += plan.overview(answer.view, answer.language)
        blocks += narrowing(answer.view, answer.language)
    return [*blocks, *_card_buttons(card, answer.version)]


def _card_buttons(card: SegmentCard, version: int) -> list[Block]:
    """Buttons that go on to count: they name the segment, not a version of the conversation."""
    made = [
        button(f"do:{each.id}", each.label, f"{each.id}:{card.segment_id}", _style(each))
        if each.id in ACTIONS
        else button(f"choose:{each.id}", each.label, f"{version}|{each.id}")
        for each in card.options
    ]
    return [actions(made[:25], f"segment:{card.segment_id}"[:255])] if made else []


def _style(each: Option) -> str:
    return {"export": "primary", "delete": "danger"}.get(each.id, "")


def _item(card: SegmentCard, language: str) -> list[Block]:
    show = button(
        f"do:show:{card.segment_id}", say(language, "home.show"), f"show:{card.segment_id}"
    )
    return [section(escaped(_row(card, language)), show)]


def _row(card: SegmentCard, language: str) -> str:
    status = card.text or say(language, f"status.{card.status}")
    line = say(language, "segment.line", name=card.name, status=status)
    return line if card.count is None else f"{line} · {number(language, card.count)}"


# ── questions ────────────────────────────────────────────────────────────────────────────────────


def _choices(question: Question, answer: Answer) -> list[Block]:
    """The options: buttons, a menu where there are many, one of several where several count."""
    plain = [each for each in question.options if each.id in _EVERYWHERE]
    listed = [each for each in question.options if each.id not in _EVERYWHERE]
    if question.multiple and listed:
        return [*_several(listed, answer), *_buttons(plain, answer)]
    if len(question.options) <= MOST_BUTTONS:
        return _buttons(question.options, answer)
    offered = _offered(listed, answer)
    placeholder = say(answer.language, "card.choose")
    chooser = menu("static_select", "choose:menu", placeholder, options=offered)
    return [actions([chooser], "menu"), *_buttons(plain, answer)]


def _several(listed: Sequence[Option], answer: Answer) -> list[Block]:
    offered = _offered(listed, answer)
    placeholder = say(answer.language, "card.choose_several")
    chooser = menu("multi_static_select", "several", placeholder, options=offered)
    done = button("done", say(answer.language, "card.confirm"), f"{answer.version}|", "primary")
    return [section(escaped(placeholder), chooser, "several"), actions([done], "done")]


def _buttons(options: Sequence[Option], answer: Answer) -> list[Block]:
    made = [
        button(f"choose:{place}", _labelled(each, answer.language), f"{answer.version}|{each.id}")
        for place, each in enumerate(options)
    ]
    return [actions(made, "choices")] if made else []


def _labelled(each: Option, language: str) -> str:
    if each.reach is None:
        return each.label
    reach = f" · {number(language, each.reach)}"
    return clipped(each.label, 75 - len(reach)) + reach


def _offered(listed: Sequence[Option], answer: Answer) -> list[Block]:
    """The options of a menu; of many the words are cut, so that they fit into one message."""
    longest = BUTTON if len(listed) <= _WHOLE else BUTTON // 2
    return [_option(each, answer, longest) for each in listed[:MOST_OPTIONS]]


def _option(each: Option, answer: Answer, longest: int) -> Block:
    reach = "" if each.reach is None else number(answer.language, each.reach)
    value = f"{answer.version}|{each.id}"
    if len(value) > OPTION_VALUE:
        raise ValueError(each.id)  # ids are short: places in a list, or words of our own
    return option(clipped(each.label, longest), value, reach)
