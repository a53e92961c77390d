"""How the LINE official accounts are set up."""

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic import ValidationError as Invalid
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from planner.errors import Misconfigured

_EXAMPLE = '[{"secret": "…", "token": "…"}]'


class Account(BaseModel):
    """One official account, as its channel's page in the LINE Developers Console has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret: SecretStr = Field(min_length=1)
    """The channel secret, which webhooks are signed with."""
    token: SecretStr = Field(min_length=1)
    """The channel access token."""


def _accounts(value: Any) -> tuple[Account, ...]:
    """The accounts of a JSON list, or of the file that holds one."""
    if not isinstance(value, str):
        return tuple(value)
    text = value.strip()
    try:
        if not text.startswith("["):
            text = Path(text).expanduser().read_text(encoding="utf-8")
        found = [Account.model_validate(each) for each in json.loads(text)]
    except OSError as error:
        raise ValueError(f"names a file that can't be read ({error.strerror}).") from error
    except (ValueError, TypeError, Invalid):
        raise ValueError(
            f"is not understood. Write {_EXAMPLE}, or the path of such a file."
        ) from None
    return tuple(found)


def _groups(value: Any) -> frozenset[str]:
    return frozenset(str(value).replace(",", " ").split())


class Settings(BaseSettings):
    """The environment, as far as it is about LINE."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    secret: SecretStr = Field(SecretStr(""), validation_alias=AliasChoices("LINE_CHANNEL_SECRET"))
    token: SecretStr = Field(
        SecretStr(""), validation_alias=AliasChoices("LINE_CHANNEL_ACCESS_TOKEN")
    )
    several: Annotated[tuple[Account, ...], NoDecode, BeforeValidator(_accounts)] = Field(
        (), validation_alias=AliasChoices("LINE_ACCOUNTS")
    )
    groups: Annotated[frozenset[str], NoDecode, BeforeValidator(_groups)] = Field(
        frozenset(), validation_alias=AliasChoices("LINE_GROUPS")
    )
    """Ids of groups in which operators are answered; all others are passed over."""
    track_friends: bool = Field(False, validation_alias=AliasChoices("LINE_TRACK_FRIENDS"))
    """Whether customers who follow or block an account change their LINE status in the data."""
    api_url: str = Field("https://api.line.me", validation_alias=AliasChoices("LINE_API_URL"))

    @property
    def enabled(self) -> bool:
        """Whether any account is set up."""
        return bool(self.secret.get_secret_value() or self.token.get_secret_value() or self.several)

    def accounts(self) -> tuple[Account, ...]:
        """All accounts.

        Raises:
            Misconfigured: of a secret and a token one is missing, or a secret is there twice.
        """
        found = list(self.several)
        secret, token = self.secret.get_secret_value(), self.token.get_secret_value()
        if bool(secret) != bool(token):
            missing = "LINE_CHANNEL_SECRET" if token else "LINE_CHANNEL_ACCESS_TOKEN"
            raise Misconfigured(
                f"{missing} is not set. You find it in the LINE Developers Console, on the page of"
                " your channel."
            )
        if secret:
            found.insert(0, Account(secret=self.secret, token=self.token))
        if len({each.secret.get_secret_value() for each in found}) < len(found):
            raise Misconfigured("Two LINE accounts have the same channel secret. Remove one.")
        return tuple(found)
