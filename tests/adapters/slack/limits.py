"""Whether Slack would take blocks, by two libraries that are not ours: slackblocks and slack_sdk.

Each block is built anew from slackblocks' classes, which refuse what breaks a limit or doesn't
belong where it is, and read by slack_sdk's models, whose checks are run on every part. What we
wrote and neither of them knows is a complaint as well.
"""

from collections.abc import Callable, Iterable
from typing import Any

import slackblocks as sb
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slackblocks.errors import InvalidUsageError

Json = dict[str, Any]


def complaints(blocks: list[Json], surface: str) -> list[str]:
    """What is wrong with blocks in a message, modal or home page."""
    wrong = [*_by_slackblocks(blocks, surface), *_by_slack_sdk(blocks)]
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len({*ids}):
        wrong.append("two blocks of one id")
    return wrong


def view_complaints(view: Json) -> list[str]:
    """What is wrong with a whole modal or home page."""
    wrong = complaints(view["blocks"], view["type"])
    try:
        if view["type"] == "modal":
            _modal(**view)
        for part in _parts(View(**view)):
            part.validate_json()
    except (InvalidUsageError, SlackObjectFormationError, TypeError, KeyError) as error:
        wrong.append(repr(error))
    return wrong


def _by_slackblocks(blocks: list[Json], surface: str) -> list[str]:
    try:
        built = [_BLOCKS[block["type"]](**_rest(block)) for block in blocks]
        if surface == "message":
            sb.Message("C1", text="x", blocks=built).to_dict()
        elif surface == "modal":
            sb.ModalView(title="x", blocks=built, submit="x").to_dict()
        else:
            sb.HomeTabView(blocks=built).to_dict()
    except (InvalidUsageError, TypeError, KeyError, ValueError, AttributeError) as error:
        return [repr(error)]
    return []


def _by_slack_sdk(blocks: list[Json]) -> list[str]:
    wrong = []
    for block in blocks:
        if block["type"] == "data_visualization":  # it has no class for it
            continue
        try:
            for part in _parts(Block.parse(block)):
                part.validate_json()
        except (SlackObjectFormationError, TypeError, ValueError) as error:
            wrong.append(repr(error))
    return wrong


def _parts(value: Any) -> Iterable[JsonObject]:
    if isinstance(value, JsonObject):
        yield value
        for part in vars(value).values():
            yield from _parts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _parts(part)


def _rest(made: Json) -> Json:
    return {name: value for name, value in made.items() if name != "type"}


def _text(type: str, text: str, verbatim: bool = False, emoji: bool = False) -> sb.Text:  # noqa: A002
    kind = sb.TextType.PLAINTEXT if type == "plain_text" else sb.TextType.MARKDOWN
    return sb.Text(text, kind, emoji=emoji, verbatim=verbatim)


def _option(text: Json, value: str, description: Json | None = None) -> sb.Option:
    told = None if description is None else _text(**description)
    return sb.Option(_text(**text), value, description=told)


def _options(given: list[Json] | None) -> list[sb.Option] | None:
    return None if given is None else [_option(**each) for each in given]


def _menu(kind: Callable[..., Any]) -> Callable[..., Any]:
    def made(**given: Any) -> Any:
        for name in ("options", "initial_options"):
            if name in given:
                given[name] = _options(given[name])
        if "initial_option" in given:
            given["initial_option"] = _option(**given["initial_option"])
        if "option_groups" in given:
            given["option_groups"] = [
                sb.OptionGroup(_text(**group["label"]), _options(group["options"]) or [])
                for group in given["option_groups"]
            ]
        if "placeholder" in given:
            given["placeholder"] = _text(**given["placeholder"])
        return kind(**given)

    return made


_ELEMENTS: dict[str, Callable[..., Any]] = {
    "button": lambda text, **more: sb.Button(_text(**text), **more),
    "static_select": _menu(sb.StaticSelectMenu),
    "multi_static_select": _menu(sb.StaticMultiSelectMenu),
    "multi_external_select": _menu(sb.ExternalMultiSelectMenu),
    "overflow": _menu(sb.OverflowMenu),
    "radio_buttons": _menu(sb.RadioButtonGroup),
    "checkboxes": _menu(sb.CheckboxGroup),
    "plain_text_input": sb.PlainTextInput,
    "datepicker": sb.DatePicker,
}


def _element(made: Json) -> Any:
    return _ELEMENTS[made["type"]](**_rest(made))


def _section(text: Json, accessory: Json | None = None, **more: Any) -> Any:
    beside = None if accessory is None else _element(accessory)
    return sb.SectionBlock(_text(**text), accessory=beside, **more)


def _input(label: Json, element: Json, **more: Any) -> Any:
    return sb.InputBlock(_text(**label), _element(element), **more)


def _chart(title: str, chart: Json) -> Any:
    series = [
        sb.DataSeries(each["name"], [sb.DataPoint(**point) for point in each["data"]])
        for each in chart["series"]
    ]
    assert len(series) <= 6, "Slack's own page says 6"
    assert chart["type"] == "bar"
    return sb.DataVisualizationBlock(
        title, sb.BarChart(series, sb.AxisConfig(**chart["axis_config"]))
    )


_BLOCKS: dict[str, Callable[..., Any]] = {
    "section": _section,
    "actions": lambda elements, **more: sb.ActionsBlock([*map(_element, elements)], **more),
    "context": lambda elements: sb.ContextBlock([_text(**each) for each in elements]),
    "header": lambda text: sb.HeaderBlock(_text(**text)),
    "divider": sb.DividerBlock,
    "input": _input,
    "data_visualization": _chart,
}


def _modal(title: Json, blocks: list[Json], **more: Any) -> None:
    built = [_BLOCKS[block["type"]](**_rest(block)) for block in blocks]
    words = {name: _text(**more[name]) for name in ("submit", "close") if name in more}
    known = {name: more[name] for name in ("private_metadata", "callback_id") if name in more}
    sb.ModalView(title=_text(**title), blocks=built, **words, **known).to_dict()
    if unknown := more.keys() - {"submit", "close", "private_metadata", "callback_id", "type"}:
        raise TypeError(unknown)
