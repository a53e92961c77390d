"""People and services outside: each channel shows answers and hands on events, nothing more."""

from collections.abc import Mapping
from typing import Final

CHANNELS: Final[Mapping[str, str]] = {"line": "adapters.line", "slack": "adapters.slack"}
"""The messengers: the first part of their conversations' ids, and their module.

A module has `Settings`, a pydantic-settings class with a property `enabled`, and `connect(settings,
desk)`, an asynchronous context manager that gives an adapters.channel.Channel. It is imported on
use, and its messenger's own library not before `connect`.
"""
