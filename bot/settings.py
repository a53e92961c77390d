"""The environment, read here and nowhere else."""

import re
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from planner.errors import Misconfigured

_S = TypeVar("_S", bound=BaseSettings)
_LEVELS = ("debug", "info", "warning", "error", "critical")


def _home(value: Any) -> Path:
    try:
        return Path(value).expanduser().resolve()
    except (RuntimeError, OSError) as error:
        raise ValueError("names no folder that can be found. Give an absolute path.") from error


def _as_of(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value).strip())
    except ValueError as error:
        raise ValueError("is no moment. Write it as 2026-06-30T04:00:00Z.") from error
    if moment.tzinfo is None:
        raise ValueError("needs its time zone. Write it as 2026-06-30T04:00:00Z.")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is too early or too late.") from error


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(str(value).strip())
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("is no known time zone. Write one as Asia/Taipei.") from error


def _currency(value: Any) -> str:
    text = str(value).strip().upper()
    if not re.fullmatch("[A-Z]{3}", text):
        raise ValueError("is no currency code. Write three letters, as TWD.")
    return text


def _port(value: Any) -> int:
    text = str(value).strip()
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:6]) < 65_536:
        raise ValueError("is no port. Write a number from 1 to 65535.")
    return int(text)


def _level(value: Any) -> str:
    text = str(value).strip().lower()
    if text not in _LEVELS:
        raise ValueError(f"is no log level. Write one of {', '.join(_LEVELS)}.")
    return text


def _secret(value: Any) -> str:
    text = str(value).strip()
    if text and len(text) < 16:
        raise ValueError("is too short to be a secret. Write 16 characters or more.")
    return text


def _public_url(value: Any) -> str:
    text = str(value).strip().rstrip("/")
    if text and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", text):
        raise ValueError("is no address. Write it as https://divisi.example.com.")
    return text


def _language(value: Any) -> str:
    return str(value).partition(".")[0].replace("_", "-")


def _default_home() -> Path:
    try:
        return Path.home() / ".divisi"
    except RuntimeError as error:
        raise Misconfigured(
            "There is no home folder to keep Divisi's data in. Set DIVISI_HOME to a folder."
        ) from error


class Settings(BaseSettings):
    """How this installation runs; names as the platforms have them."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    home: Annotated[Path, BeforeValidator(_home)] = Field(
        default_factory=_default_home, validation_alias=AliasChoices("DIVISI_HOME")
    )
    """Where what Divisi keeps itself lies: data, members, the embedded stores."""
    database: str = Field("", validation_alias=AliasChoices("DATABASE_URL"))
    """The segment store; empty: SQLite in the home."""
    redis: str = Field("", validation_alias=AliasChoices("REDIS_URL"))
    """The conversation state; empty: a Redis of Divisi's own."""
    audience: str = Field("", validation_alias=AliasChoices("AUDIENCE_URL"))
    """The customer data; empty: the imported data in the home."""
    host: str = Field("127.0.0.1", validation_alias=AliasChoices("HOST"))
    port: Annotated[int, BeforeValidator(_port)] = Field(
        8000, validation_alias=AliasChoices("PORT")
    )
    secret: Annotated[str, BeforeValidator(_secret)] = Field(
        "", validation_alias=AliasChoices("DIVISI_SECRET"), repr=False
    )
    """What links and codes are signed with; empty: one that is made in the home."""
    public_url: Annotated[str, BeforeValidator(_public_url)] = Field(
        "", validation_alias=AliasChoices("PUBLIC_URL")
    )
    """Where people reach the web server from outside; empty: they don't."""
    as_of: Annotated[datetime, BeforeValidator(_as_of)] | None = Field(
        None, validation_alias=AliasChoices("DIVISI_AS_OF")
    )
    """The moment that counts as now for the data; None: the clock's."""
    zone: Annotated[ZoneInfo, BeforeValidator(_zone)] = Field(
        ZoneInfo("Asia/Taipei"), validation_alias=AliasChoices("DIVISI_TIMEZONE")
    )
    currency: Annotated[str, BeforeValidator(_currency)] = Field(
        "TWD", validation_alias=AliasChoices("DIVISI_CURRENCY")
    )
    semantic: bool = Field(False, validation_alias=AliasChoices("DIVISI_SEMANTIC"))
    """Whether values are found by the meaning of words that no vocabulary has."""
    log_level: Annotated[str, BeforeValidator(_level)] = Field(
        "warning", validation_alias=AliasChoices("DIVISI_LOG_LEVEL")
    )

    locale: Annotated[str, BeforeValidator(_language)] = Field(
        "", validation_alias=AliasChoices("LC_ALL", "LC_MESSAGES", "LANG")
    )
    """The language of the terminal, e.g. "zh-TW"."""

    @cached_property
    def database_url(self) -> str:
        """The segment store's URL."""
        return self.database or f"sqlite:///{self.home / 'divisi.sqlite'}"

    def now(self) -> datetime:
        """The moment to evaluate plans at, aware, in UTC."""
        return self.as_of or datetime.now(UTC)


def read_settings(home: Path | None = None) -> Settings:
    """The settings of this process; a home that is given goes before the environment's.

    Raises:
        Misconfigured: a variable has a value that can't be used; names it.
    """
    return read_environment(Settings, **({} if home is None else {"DIVISI_HOME": home}))


def read_environment(kind: type[_S], **given: Any) -> _S:
    """Settings of any kind from the environment; what is given goes before it.

    Raises:
        Misconfigured: a variable has a value that can't be used; names it.
    """
    try:
        return kind(**given)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = str(fault["loc"][0]) if fault["loc"] else "The environment"
        reason = fault["msg"].removeprefix("Value error, ")
        raise Misconfigured(f"{name} {reason}") from error
