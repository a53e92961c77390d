"""Which model is asked, when, and for how much."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from planner.model.route import Mode

_MODES: tuple[Mode, ...] = ("auto", "always", "never")


def _mode(value: Any) -> Mode:
    found = next((mode for mode in _MODES if mode == str(value).strip().lower()), None)
    if found is None:
        raise ValueError("is none of auto, always and never.")
    return found


def _address(value: Any) -> str:
    text = str(value).strip().rstrip("/")
    if text and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).hostname):
        raise ValueError("is no address of a server. Write it as http://localhost:11434/v1.")
    return text


def _seconds(value: Any) -> float:
    try:
        found = float(str(value))
    except ValueError:
        found = 0.0
    if not 1 <= found <= 20:
        raise ValueError("is no number of seconds from 1 to 20.")
    return found


def _tokens(value: Any) -> int:
    text = str(value).strip()
    if not text.isascii() or not text.isdecimal():
        raise ValueError("is no number of tokens. Write 0 for no limit.")
    return int(text[:15])


class ModelSettings(BaseSettings):
    """The language model, with names as its makers have them."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    key: SecretStr = Field(SecretStr(""), validation_alias=AliasChoices("OPENAI_API_KEY"))
    base_url: Annotated[str, BeforeValidator(_address)] = Field(
        "", validation_alias=AliasChoices("OPENAI_BASE_URL")
    )
    """Empty: OpenAI's own."""
    model: str = Field("gpt-5.4-mini", validation_alias=AliasChoices("OPENAI_MODEL"))
    mode: Annotated[Mode, BeforeValidator(_mode)] = Field(
        "auto", validation_alias=AliasChoices("DIVISI_PLANNER")
    )
    seconds: Annotated[float, BeforeValidator(_seconds)] = Field(
        12.0, validation_alias=AliasChoices("DIVISI_PLANNER_SECONDS")
    )
    """All that one turn may wait for a model; then the built-in planner answers alone."""
    tokens: Annotated[int, BeforeValidator(_tokens)] = Field(
        300_000, validation_alias=AliasChoices("DIVISI_PLANNER_TOKENS")
    )
    """Tokens of one person on one day; 0: no limit."""

    @property
    def enabled(self) -> bool:
        """Whether a model is asked at all."""
        return self.mode != "never" and bool(self.key.get_secret_value() or self.base_url)

    @property
    def is_openai(self) -> bool:
        """Whether the makers' own interface answers, which keeps conversations unless told not."""
        host = urlsplit(self.base_url).hostname or "api.openai.com"
        return host.endswith(("openai.com", "openai.azure.com"))
