"""The secret of this installation: what it signs and hashes with, for one purpose at a time."""

import contextlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from bot.settings import Settings
from planner.errors import Misconfigured

_FILE: Final = "secret"
_SHORTEST: Final = 16


def digest(settings: Settings, purpose: str, text: str) -> str:
    """A keyed hash of a text that only this installation can make, in hexadecimal.

    Raises:
        Misconfigured: DIVISI_SECRET is too short, or the file in the home can't be used.
    """
    key = f"{purpose}\0{text}".encode()
    return hmac.digest(_secret(settings), key, "sha256").hex()


def _secret(settings: Settings) -> bytes:
    if settings.secret:
        return settings.secret.encode()
    path = settings.home / _FILE
    try:
        if not path.exists():
            _make(settings.home, path)
        held = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise Misconfigured(f"{path} can't be used ({error.strerror}).") from error
    if len(held) < _SHORTEST:
        raise Misconfigured(f"{path} is damaged. Delete it: another secret is made then.")
    return held.encode()


def _make(home: Path, path: Path) -> None:
    """Write a new secret, whole or not at all; whoever was first is kept."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{_FILE}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(part, path)
    part.unlink()
