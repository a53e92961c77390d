from adapters.answer import Answer, read_answer, write_answer
from planner.chat import (
    ConditionView,
    Option,
    PlanCard,
    PlanView,
    Question,
    SegmentCard,
    SegmentList,
    TextReply,
)
from planner.plan import AllOf

ANSWER = Answer(
    "ja",
    "asking",
    (
        TextReply("hello"),
        Question(
            "tag.choice", "Which?", (Option("1", "Cats", reach=0), Option("skip", "Skip")), True
        ),
        PlanCard("Right?", (Option("apply", "Apply"),)),
        SegmentCard("s1", "VIP", "finished", "Ready.", 0, (Option("edit", "Edit"),)),
        SegmentList((SegmentCard("s1", "VIP", "queued"),)),
    ),
    PlanView(
        (ConditionView("c1", "Women", AllOf(), 7, 7),), AllOf(), reach=7, reachable={"line": 3}
    ),
    12,
)


def test_an_answer_survives_the_outbox() -> None:
    assert read_answer(write_answer(ANSWER)) == ANSWER


def test_the_json_is_what_the_specification_says() -> None:
    body = write_answer(ANSWER)
    text, question, plan, segment, listed = body["replies"]
    assert text == {"type": "text", "text": "hello"}
    assert question["options"] == [
        {"id": "1", "label": "Cats", "reach": 0},
        {"id": "skip", "label": "Skip"},
    ]
    assert (question["slot"], question["multiple"]) == ("tag.choice", True)
    assert (plan["type"], plan["text"]) == ("plan", "Right?")
    assert segment["count"] == 0
    assert listed["items"] == [{"segment_id": "s1", "name": "VIP", "status": "queued"}]
    assert body["plan"] == {
        "conditions": [{"id": "c1", "text": "Women", "reach": 7}],
        "reach": 7,
        "narrowing": [7],
        "reachable": {"line": 3},
    }
