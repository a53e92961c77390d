"""What of the environment is about Slack."""

import re
from typing import Annotated, Any, Final, Literal

from pydantic import AliasChoices, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from planner.errors import Misconfigured

_API: Final = "https://slack.com/api/"


def _ids(value: Any) -> frozenset[str]:
    if isinstance(value, frozenset):
        return value
    found = frozenset(re.split(r"[\s,;]+", str(value).strip())) - {""}
    wrong = sorted(each for each in found if not re.fullmatch(r"(?:[ET]\w+/)?[A-Z]\w+", each))
    if wrong:
        raise ValueError(f"has {wrong[0]}, which is no id. Write them as U1,U2 or T1/U1.")
    return found


def _api(value: Any) -> str:
    text = str(value).strip()
    if not re.match("https?://", text):
        raise ValueError(f"is no address. Leave it out, or write it as {_API}")
    return text.rstrip("/") + "/"


Ids = Annotated[frozenset[str], NoDecode, BeforeValidator(_ids)]
_NONE: Final = SecretStr("")


class Settings(BaseSettings):
    """How this installation talks to Slack, and to whom."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    bot_token: SecretStr = Field(_NONE, validation_alias=AliasChoices("SLACK_BOT_TOKEN"))
    """The token of one workspace (xoxb-…)."""
    app_token: SecretStr = Field(_NONE, validation_alias=AliasChoices("SLACK_APP_TOKEN"))
    """For Socket Mode (xapp-…)."""
    signing_secret: SecretStr = Field(_NONE, validation_alias=AliasChoices("SLACK_SIGNING_SECRET"))
    """For HTTP: what Slack signs its requests with."""
    client_id: str = Field("", validation_alias=AliasChoices("SLACK_CLIENT_ID"))
    """For several workspaces, which install the app by OAuth."""
    client_secret: SecretStr = Field(_NONE, validation_alias=AliasChoices("SLACK_CLIENT_SECRET"))
    token_key: SecretStr = Field(_NONE, validation_alias=AliasChoices("SLACK_TOKEN_KEY"))
    """The workspaces' tokens are encrypted with it."""
    users: Ids = Field(frozenset(), validation_alias=AliasChoices("SLACK_USERS"))
    """People who may use the bot, beside those of `divisi operators`."""
    groups: Ids = Field(frozenset(), validation_alias=AliasChoices("SLACK_GROUPS"))
    """User groups whose members may."""
    channels: Ids = Field(frozenset(), validation_alias=AliasChoices("SLACK_CHANNELS"))
    """Channels whose members may."""
    role: Literal["viewer", "creator", "admin"] = Field(
        "creator", validation_alias=AliasChoices("SLACK_ROLE")
    )
    """What they may do."""
    api: Annotated[str, BeforeValidator(_api)] = Field(
        _API, validation_alias=AliasChoices("SLACK_API_URL")
    )

    @property
    def enabled(self) -> bool:
        """Whether Slack is to be connected."""
        return bool(self.bot_token.get_secret_value() or self.client_id)

    @property
    def by_oauth(self) -> bool:
        """Whether workspaces install the app themselves."""
        return bool(self.client_id)

    def check(self) -> None:
        """Look whether what is set goes together.

        Raises:
            Misconfigured: something is missing; names it.
        """
        if self.by_oauth:
            for name in ("client_secret", "token_key", "signing_secret"):
                if not getattr(self, name).get_secret_value():
                    raise Misconfigured(
                        f"SLACK_{name.upper()} is missing. With SLACK_CLIENT_ID it has to be set,"
                        " so that workspaces can install the app."
                    )
            if any("/" not in each for each in self.users | self.groups | self.channels):
                raise Misconfigured(
                    "SLACK_USERS, SLACK_GROUPS and SLACK_CHANNELS need the workspace before each"
                    " id, such as T1/U1: with SLACK_CLIENT_ID there can be several."
                )
        elif not self.app_token.get_secret_value() and not self.signing_secret.get_secret_value():
            raise Misconfigured(
                "SLACK_BOT_TOKEN alone hears nothing. Set SLACK_APP_TOKEN as well (Socket Mode),"
                " or SLACK_SIGNING_SECRET (requests over HTTP)."
            )
        told = self.app_token.get_secret_value()
        if told and not told.startswith("xapp-"):
            raise Misconfigured("SLACK_APP_TOKEN is no app-level token: those begin with xapp-.")
