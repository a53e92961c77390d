"""LINE's own description of its messages, where there is a copy of it.

It is LINE's, so Divisi keeps none: `DIVISI_LINE_OPENAPI` names a folder with `messaging-api.yml`
and `check.py`, or the folder `shared/line-openapi` lies beside the checkout.
"""

import importlib.util
import os
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator

Json = dict[str, Any]
_BESIDE = Path(__file__).parents[4] / "shared" / "line-openapi"


def folder() -> Path | None:
    """Where the description is; None where there is none."""
    named = os.environ.get("DIVISI_LINE_OPENAPI")
    found = Path(named) if named else _BESIDE
    return found if (found / "check.py").is_file() else None


@cache
def _checks() -> Any:
    place = folder()
    if place is None:
        return None
    spec = importlib.util.spec_from_file_location("line_check", place / "check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(_checks().schema(name))


def faults(name: str, request: Json) -> list[str]:
    """What is wrong with a request: by LINE's description, and by the limits that it lacks."""
    found = own_faults(request)
    if _checks() is not None:
        _checks().limits(request, found)
        found += [
            f"{error.instance_path}: {error.message[:200]}"
            for error in _validator(name).iter_errors(request)
        ]
    return found


def units(text: object) -> int:
    return len(str(text).encode("utf-16-le")) // 2


def own_faults(request: Json) -> list[str]:
    """Breaches of the limits that LINE documents and does not describe."""
    found: list[str] = []
    messages = request.get("messages", [])
    if "messages" in request and not 1 <= len(messages) <= 5:
        found.append(f"{len(messages)} messages")
    for message in messages:
        found += _message(message)
        if message is not messages[-1] and "quickReply" in message:
            found.append("quick replies that are never seen")
    return found


def _message(message: Json) -> list[str]:
    found = []
    items = message.get("quickReply", {}).get("items", ())
    labels = [item["action"]["label"] for item in items]
    if len(labels) > 13:
        found.append(f"{len(labels)} quick replies")
    if len(set(labels)) < len(labels):
        found.append(f"quick replies that can't be told apart: {labels}")
    for node in nodes(message):
        found += _node(node)
    return found


def _node(node: Json) -> list[str]:
    found = [
        f"{key} of {units(node[key])}"
        for key, most in (("label", 20), ("displayText", 300), ("fillInText", 300), ("data", 300))
        if key in node and not 1 <= units(node[key]) <= most
    ]
    if node.get("type") == "text" and not str(node.get("text", "")).strip():
        found.append("an empty text")
    if node.get("type") == "button" and "label" not in node.get("action", {}):
        found.append("a button without a label")
    if node.get("type") == "uri" and units(node["uri"]) > 1_000:
        found.append("a long address")
    return found


def nodes(node: object) -> list[Json]:
    """Every object within a message."""
    if isinstance(node, list):
        return [found for item in node for found in nodes(item)]
    if not isinstance(node, dict):
        return []
    return [node, *(found for value in node.values() for found in nodes(value))]
