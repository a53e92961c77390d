import io
import json
import logging

from bot.telemetry import describe, log, set_up


def test_only_allowed_keys_are_logged() -> None:
    stream = io.StringIO()
    set_up("info", stream)
    log().info("turn failed", error_id="abc", text="I am Ann", contact_id="C1", name="Ann")
    logging.getLogger("library").warning("row %s", "Ann")
    try:
        int("Ann")
    except ValueError as error:
        log().error("bug", **describe(error))
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["turn failed", "row %s", "bug"]
    assert lines[0]["error_id"] == "abc"
    assert lines[2]["error"] == "ValueError"
    assert "Ann" not in stream.getvalue()
    assert "C1" not in stream.getvalue()
