"""Forms and the home tab: confirming, editing without a sentence, errors at their inputs."""

import json
from collections.abc import Callable
from typing import Any

from tests.adapters.slack.fake import FakeSlack
from tests.bot.slack.people import Person, elements, found, shown_text

Made = Callable[[], Person]
Json = dict[str, Any]
REQUEST = "customers with total spending over 1,000"


def edit_form(someone: Person) -> Json:
    """The form of a new plan's conditions."""
    someone.taps(someone.gets_to_plan(REQUEST), "Edit")
    return someone.view("plan")


def again(someone: Person, form: Json) -> Json:
    """The form as it is after a change."""
    return someone.view("plan", lambda v: v["id"] == form["id"] and v["hash"] != form["hash"])


def condition(someone: Person, form: Json, field: str) -> Json:
    return someone.view(
        "condition",
        lambda v: (
            v["id"] == form["id"]
            and json.loads(v["private_metadata"])["f"] == field
            and v["hash"] != form["hash"]
        ),
    )


def lines(view: Json) -> list[str]:
    return [b["text"]["text"] for b in view["blocks"] if b.get("block_id", "").startswith("line:")]


def test_what_is_wrong_with_a_name_stands_at_its_input(person: Made) -> None:
    ann = person()
    ann.taps(ann.gets_to_plan(REQUEST), "Apply")
    form = ann.view("name")
    told = ann.submits(form, name="  ", description="x" * 600, exclude=["nothing"])
    assert told["response_action"] == "errors"
    assert told["errors"].keys() >= {"name", "description"}
    assert ann.submits(form, name=f"First {ann.user}") == {}
    ann.sees(f"<@{ann.user}> 'First")

    ann.says("start over")
    ann.sees("All cleared")
    ann.taps(ann.gets_to_plan(REQUEST), "Apply")
    form = ann.view("name")
    assert ann.submits(form, name=f"first  {ann.user}")["errors"].keys() == {"name"}
    assert [o["text"]["text"] for o in form["blocks"][2]["element"]["options"]]
    first = found(form["blocks"], f"First {ann.user}")[2]
    assert first is not None
    told = ann.submits(form, name=f"Second {ann.user}", exclude=[first["value"]])
    assert told == {}
    second = ann.sees(f"<@{ann.user}> 'Second")
    assert "0 contacts" in shown_text(second)  # all of them are in the one that is left out
    assert "left out" in shown_text(second)


def test_a_form_is_sent_once_however_often(person: Made) -> None:
    bob = person()
    bob.taps(bob.gets_to_plan(REQUEST), "Apply")
    form = bob.view("name")
    assert bob.submits(form, name=f"Once {bob.user}") == {}
    bob.slack.views[form["id"]] = form
    bob.submits(form, name=f"Twice {bob.user}")
    bob.sees(f"<@{bob.user}> 'Once")
    assert not [m for m in bob.messages() if "Twice" in shown_text(m)]


def test_a_condition_is_changed_turned_round_and_removed(person: Made) -> None:
    carol = person()
    form = edit_form(carol)
    assert lines(form) == ["Total spending &gt; 1,000"]
    carol.acts_in(form, "Change")
    shown = condition(carol, form, "total_spending")
    wrong = carol.submits(shown, number="a lot")
    assert wrong["errors"] == {"number": "Please give a number, for example 10,000."}
    carol.acts_in(shown, "from", number="2,000")
    shown = condition(carol, shown, "total_spending")
    assert carol.submits(shown, number="2,000", upper="1")["errors"].keys() == {"upper"}
    carol.submits(shown, number="2,000", upper="9000")
    form = again(carol, shown)
    assert lines(form) == ["Total spending 2,000–9,000"]
    carol.acts_in(form, "Turn round")
    form = again(carol, form)
    assert lines(form) == ["Excluding: Total spending 2,000–9,000"]
    carol.slack.until(lambda: "Excluding" in shown_text(carol.plan()))
    carol.acts_in(form, "Remove")
    form = again(carol, form)
    assert lines(form) == []
    assert "no conditions" in shown_text(form)


def test_conditions_are_added_by_hand_and_any_of_them_may_do(person: Made) -> None:
    dave = person()
    form = edit_form(dave)
    dave.acts_in(form, "Tag")
    shown = condition(dave, form, "tag")
    menu = next(b["element"] for b in shown["blocks"] if b.get("block_id") == "values")
    tag = menu["options"][0]["value"]
    dave.submits(shown, values=[tag])
    form = again(dave, shown)
    assert len(lines(form)) == 2
    dave.acts_in(form, "Whoever meets at least one")
    form = again(dave, form)
    dave.slack.until(lambda: " or " in shown_text(dave.plan()))
    assert len([m for m in dave.messages() if elements(m["blocks"])]) == 1  # the plan's own


def test_inputs_come_and_go_with_what_is_chosen(person: Made) -> None:
    erin = person()
    form = edit_form(erin)
    erin.acts_in(form, "Message engagement")
    shown = condition(erin, form, "engagement")
    assert "window_number" not in [b.get("block_id") for b in shown["blocks"]]
    erin.acts_in(shown, "in the last days")
    shown = condition(erin, shown, "engagement")
    assert "window_number" in [b.get("block_id") for b in shown["blocks"]]
    erin.acts_in(shown, "Back")
    assert lines(again(erin, shown)) == ["Total spending &gt; 1,000"]


def test_a_menu_is_searched_by_what_is_typed(person: Made, slack: FakeSlack) -> None:
    finn = person()
    form = edit_form(finn)
    finn.acts_in(form, "Product spending")
    shown = condition(finn, form, "product_amount")
    assert [b["element"]["type"] for b in shown["blocks"] if b.get("block_id") == "products"]

    def offered(typed: str) -> list[str]:
        payload = {
            "type": "block_suggestion", "action_id": "value", "block_id": "products",
            "value": typed, "view": shown, "user": {"id": finn.user}, "team": {"id": "T1"},
        }  # fmt: skip
        return [o["text"]["text"] for o in slack.deliver("interactive", payload)["options"]]

    every = offered("")
    part = every[0][:4].casefold()
    found_now = offered(part)
    assert found_now
    assert all(part in name.casefold() for name in found_now)
    assert len(found_now) < len(every)


def test_a_spent_trigger_is_told_to_the_person_alone(person: Made, slack: FakeSlack) -> None:
    gail = person()
    plan = gail.gets_to_plan(REQUEST)
    make = slack.trigger
    slack.trigger = lambda: "spent"  # type: ignore[method-assign]
    gail.taps(plan, "Apply")
    slack.trigger = make  # type: ignore[method-assign]
    whisper = slack.until(
        lambda: next((m for m in slack.ephemeral if m["user"] == gail.user), None)
    )
    assert "took too long" in whisper["text"]


def test_a_button_of_an_earlier_plan_opens_no_form(person: Made) -> None:
    hal = person()
    plan = hal.gets_to_plan(REQUEST)
    hal.says("only women")
    hal.slack.until(lambda: "Gender" in shown_text(hal.plan()))
    hal.taps(plan, "Edit")
    hal.sees("earlier step")
    assert not [v for v in hal.slack.views.values() if f":{hal.user}:" in v["private_metadata"]]


def test_home_lists_ones_own_segments_with_their_buttons(person: Made, slack: FakeSlack) -> None:
    ivy = person()
    ivy.opens_home()
    page = slack.until(lambda: slack.homes.get(ivy.user))
    assert "no segments yet" in json.dumps(page)
    ivy.taps(ivy.gets_to_plan(REQUEST), "Apply")
    ivy.submits(ivy.view("name"), name=f"Home of {ivy.user}")
    ivy.sees(f"<@{ivy.user}>")
    slack.until(lambda: f"Home of {ivy.user}" in json.dumps(slack.homes[ivy.user]))
    slack.until(lambda: "ready ·" in json.dumps(slack.homes[ivy.user], ensure_ascii=False))

    def tap(label: str) -> None:
        page = slack.homes[ivy.user]
        block, element, _ = found(page["blocks"], label)
        slack.deliver("interactive", {
            "type": "block_actions", "user": {"id": ivy.user}, "team": {"id": "T1"},
            "trigger_id": slack.trigger(), "container": {"type": "view"},
            "view": {**page, "id": "V0"}, "actions": [{**element, "block_id": block["block_id"],
            "action_ts": "1.1"}]})  # fmt: skip

    tap("Show")
    ivy.sees("contacts, as of")
    tap("New segment")
    ivy.sees("what kind of segment")
