"""The client of a model, against a server of its own on loopback."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.model.breaker import Breaker
from adapters.model.client import Model, NoReply, Reply
from adapters.model.settings import ModelSettings
from planner.model.prompt import Prompt
from planner.model.redact import redact
from tests.scripted_model import Json, Said, ScriptedModel, completion, error

ASKED = Prompt(
    ({"role": "system", "content": "read"}, {"role": "user", "content": "{}"}),
    {"type": "object", "properties": {}, "required": [], "additionalProperties": False},
    redact(""),
)


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    with ScriptedModel() as model:
        yield model


def talking(server: ScriptedModel, times: int = 1, seconds: float = 3.0) -> list[Reply | NoReply]:
    """Ask one client so many times, one after another."""

    async def all_of_it() -> list[Reply | NoReply]:
        model = Model(_settings(server.url, seconds))
        try:
            return [await _one(model, seconds) for _ in range(times)]
        finally:
            await model.close()

    return asyncio.run(all_of_it())


async def _one(model: Model, seconds: float) -> Reply | NoReply:
    try:
        return await model.ask(ASKED, seconds)
    except NoReply as nothing:
        return nothing


def _settings(url: str, seconds: float = 3.0) -> ModelSettings:
    given: dict[str, Any] = {
        "OPENAI_API_KEY": SecretStr("sk-canary"), "OPENAI_BASE_URL": url, "OPENAI_MODEL": "m",
        "DIVISI_PLANNER_SECONDS": max(1.0, seconds),
    }  # fmt: skip
    return ModelSettings(**given)


def shape(request: Json) -> str:
    if "tools" in request:
        return "tool"
    wanted = request.get("response_format", {"type": "words"})
    return wanted["type"] + (" of schema" if "schema" in wanted else "")


def taking(*shapes: str, status: int = 400) -> Callable[[Json], Said]:
    """A server that knows these shapes alone."""

    def answer(request: Json) -> Said:
        known = shape(request) in shapes
        return completion("{}") if known else error(status, "unknown response_format")

    return answer


RUNGS = ["json_schema", "json_object of schema", "json_object", "tool", "words"]


@pytest.mark.parametrize("status", [400, 404, 422])
@pytest.mark.parametrize("place", range(len(RUNGS)))
def test_the_ladder_is_climbed_down_once_and_remembered(
    place: int, status: int, server: ScriptedModel
) -> None:
    server.script = [taking(RUNGS[place], status=status)]

    replies = talking(server, times=2)

    assert [type(reply) for reply in replies] == [Reply, Reply]
    assert [shape(request) for request in server.requests] == [*RUNGS[: place + 1], RUNGS[place]]
    told = server.requests[-1]["messages"][0]["content"]
    assert ("JSON schema" in told) is (place > 0)


def test_a_server_that_fails_on_a_schema_is_asked_without(server: ScriptedModel) -> None:
    server.script = [taking("json_object of schema", status=500)]

    assert isinstance(talking(server)[0], Reply)
    assert len(server.requests) == 2


def test_a_tools_arguments_are_the_answer(server: ScriptedModel) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "commands", "arguments": '{"a":1}'}}
    server.script = [completion(None, tool_calls=[call])]

    reply = talking(server)[0]

    assert isinstance(reply, Reply)
    assert reply.text == '{"a":1}'


def test_parameters_that_a_server_does_not_take_are_left_out(server: ScriptedModel) -> None:
    def particular(request: Json) -> Said:
        for name in ("temperature", "max_tokens"):
            if name in request:
                return error(400, f"Unsupported parameter: '{name}'", param=name)
        return completion("{}")

    server.script = [particular]

    assert [type(reply) for reply in talking(server, times=2)] == [Reply, Reply]
    assert len(server.requests) == 4
    assert server.requests[-1]["max_completion_tokens"] == 3_000
    assert shape(server.requests[-1]) == "json_schema"


def test_a_short_retry_after_is_waited_for(server: ScriptedModel) -> None:
    server.script = [error(429, "wait", {"Retry-After": "0.8"}), completion("{}")]
    started = time.monotonic()

    assert isinstance(talking(server)[0], Reply)
    assert time.monotonic() - started >= 0.8
    assert len(server.requests) == 2


def test_a_long_retry_after_is_not_waited_for_and_kept(server: ScriptedModel) -> None:
    server.script = [error(429, "wait", {"Retry-After": "60"})]

    outcomes = [reply.outcome for reply in talking(server, times=2) if isinstance(reply, NoReply)]

    assert outcomes == ["busy", "resting"]
    assert len(server.requests) == 1


def test_one_failure_is_tried_again(server: ScriptedModel) -> None:
    server.script = [error(503, "later"), completion("{}")]

    assert isinstance(talking(server)[0], Reply)


def test_after_three_failures_it_is_left_alone(server: ScriptedModel) -> None:
    server.script = [error(503, "down")]

    outcomes = [reply.outcome for reply in talking(server, times=5) if isinstance(reply, NoReply)]

    assert outcomes == ["error", "error", "error", "resting", "resting"]
    assert len(server.requests) == 6


def test_a_refused_connection_is_known_at_once() -> None:
    async def all_of_it() -> NoReply | Reply:
        model = Model(_settings("http://127.0.0.1:1/v1"))
        try:
            return await _one(model, 3.0)
        finally:
            await model.close()

    started = time.monotonic()
    nothing = asyncio.run(all_of_it())

    assert isinstance(nothing, NoReply)
    assert nothing.outcome == "unreachable"
    assert time.monotonic() - started < 2.5


def test_a_hanging_server_is_given_up_in_time(server: ScriptedModel) -> None:
    server.script = [Said("{}", seconds=10)]
    started = time.monotonic()

    nothing = talking(server, seconds=1.0)[0]

    assert isinstance(nothing, NoReply)
    assert nothing.outcome == "timeout"
    assert time.monotonic() - started < 2.0


def test_after_two_time_outs_nobody_waits_a_third_time(server: ScriptedModel) -> None:
    server.script = [Said("{}", seconds=10)]

    outcomes = [each.outcome for each in talking(server, 3, 0.5) if isinstance(each, NoReply)]

    assert outcomes == ["timeout", "timeout", "resting"]


def test_tokens_are_told_or_estimated(server: ScriptedModel) -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    server.script = [completion("{}", usage=usage), completion("x" * 30, usage=None)]

    told, estimated = talking(server, times=2)

    assert isinstance(told, Reply)
    assert isinstance(estimated, Reply)
    assert (told.sent, told.received) == (7, 3)
    assert estimated.received == 10


def test_the_key_is_in_the_header_and_nowhere_else(
    server: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    server.script = [error(401, "no such key")]

    nothing = talking(server)[0]

    assert "sk-canary" not in json.dumps(server.requests) + caplog.text + repr(nothing)
    assert "sk-canary" not in repr(_settings(server.url))


def test_a_breaker_opens_longer_each_time_and_forgets() -> None:
    breaker = Breaker()
    for _ in range(2):
        breaker.failed(0.0)
    assert breaker.closed(0.0)
    breaker.failed(0.0)
    assert not breaker.closed(29.0)
    assert breaker.closed(30.0)
    breaker.failed(30.0)
    assert not breaker.closed(89.0)
    breaker.worked()
    assert breaker.closed(31.0)
    breaker.failed(31.0)
    assert breaker.closed(31.0)
