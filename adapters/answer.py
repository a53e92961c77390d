"""What a channel is given to show, as a value and as the JSON that lies in the outbox."""

from dataclasses import dataclass
from typing import Any, get_args

from planner.chat import (
    ConditionView,
    FileReply,
    Option,
    PlanCard,
    PlanView,
    Question,
    Reply,
    SegmentCard,
    SegmentList,
    Status,
    TextReply,
    Welcome,
)
from planner.plan import AllOf

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """The replies of one turn and where the conversation stands after it."""

    language: str
    status: Status
    replies: tuple[Reply, ...] = ()
    view: PlanView | None = None
    version: int = 0
    """The conversation's version: buttons made now are good for it."""


def write_answer(answer: Answer) -> Json:
    """The answer as JSON."""
    return {
        "language": answer.language,
        "status": answer.status,
        "replies": [_reply(reply) for reply in answer.replies],
        "plan": None if answer.view is None else _view(answer.view),
        "version": answer.version,
    }


def read_answer(body: Json) -> Answer:
    """The answer of an outbox row; what counting needed is no longer in it."""
    status = body["status"]
    if status not in get_args(Status):
        raise ValueError(status)
    plan = body["plan"]
    return Answer(
        body["language"],
        status,
        tuple(_read_reply(reply) for reply in body["replies"]),
        None if plan is None else _read_view(plan),
        body.get("version", 0),
    )


def _reply(reply: Reply) -> Json:
    if isinstance(reply, TextReply):
        return {"type": "text", "text": reply.text} | _more(reply)
    if isinstance(reply, Question):
        return {
            "type": "question",
            "slot": reply.slot,
            "text": reply.text,
            "multiple": reply.multiple,
            "options": [_option(option) for option in reply.options],
        }
    if isinstance(reply, PlanCard):
        options = [_option(option) for option in reply.options]
        return {"type": "plan", "text": reply.text, "options": options}
    if isinstance(reply, SegmentCard):
        return {"type": "segment"} | _card(reply)
    return {"type": "segments", "items": [_card(card) for card in reply.items]}


def _more(reply: TextReply) -> Json:
    if isinstance(reply, Welcome):
        return {"welcome": {"greeting": reply.greeting, "prompts": list(reply.prompts)}}
    if isinstance(reply, FileReply):
        return {"file": {"name": reply.name, "file": reply.file, "count": reply.count}}
    return {}


def _read_text(body: Json) -> TextReply:
    if welcome := body.get("welcome"):
        return Welcome(body["text"], welcome["greeting"], tuple(welcome["prompts"]))
    if file := body.get("file"):
        return FileReply(body["text"], **file)
    return TextReply(body["text"])


def _card(card: SegmentCard) -> Json:
    values: Json = {"segment_id": card.segment_id, "name": card.name, "status": card.status}
    if card.count is not None:
        values["count"] = card.count
    if card.text:
        values["text"] = card.text
    if card.options:
        values["options"] = [_option(option) for option in card.options]
    if card.seconds is not None:
        values["seconds"] = card.seconds
    if card.viewed:
        values["viewed"] = True
    return values


def _option(option: Option) -> Json:
    values: Json = {"id": option.id, "label": option.label}
    if option.reach is not None:
        values["reach"] = option.reach
    return values


def _view(view: PlanView) -> Json:
    return {
        "conditions": [
            {"id": item.id, "text": item.text, "reach": item.reach} for item in view.conditions
        ],
        "reach": view.reach,
        "narrowing": [item.left for item in view.conditions],
        "reachable": dict(view.reachable),
    } | ({} if view.excluded is None else {"excluded": view.excluded})


def _read_reply(body: Json) -> Reply:
    kind = body["type"]
    options = tuple(_read_option(option) for option in body.get("options", ()))
    if kind == "text":
        return _read_text(body)
    if kind == "question":
        return Question(body["slot"], body["text"], options, body["multiple"])
    if kind == "plan":
        return PlanCard(body["text"], options)
    if kind == "segment":
        return _read_card(body)
    return SegmentList(tuple(_read_card(item) for item in body["items"]))


def _read_card(body: Json) -> SegmentCard:
    options = tuple(_read_option(option) for option in body.get("options", ()))
    return SegmentCard(
        body["segment_id"], body["name"], body["status"], body.get("text", ""), body.get("count"),
        options, body.get("seconds"), body.get("viewed", False),
    )  # fmt: skip


def _read_option(body: Json) -> Option:
    return Option(body["id"], body["label"], reach=body.get("reach"))


def _read_view(body: Json) -> PlanView:
    left = body.get("narrowing") or [None] * len(body["conditions"])
    conditions = tuple(
        ConditionView(item["id"], item["text"], AllOf(), item["reach"], n)
        for item, n in zip(body["conditions"], left, strict=True)
    )
    return PlanView(
        conditions,
        AllOf(),
        reach=body["reach"],
        excluded=body.get("excluded"),
        reachable=body["reachable"],
    )
