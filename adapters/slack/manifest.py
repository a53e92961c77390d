"""The app's manifest: what Slack is told when the app is made."""

from typing import Any, Final

from planner.wording import suggested_prompts

BOT_SCOPES: Final = (
    "app_mentions:read", "assistant:write", "channels:history", "channels:read", "chat:write",
    "commands", "files:write", "groups:history", "groups:read", "im:history", "im:read",
    "im:write", "mpim:history", "usergroups:read", "users:read",
)  # fmt: skip
_EVENTS: Final = (
    "agent_session_stopped", "app_home_opened", "app_mention", "app_uninstalled",
    "message.channels", "message.groups", "message.im", "message.mpim", "tokens_revoked",
)  # fmt: skip
COMMAND: Final = "/segment"
SHORTCUT: Final = "make_segment"
EVENTS_PATH: Final = "/slack/events"
_LONGEST_PROMPT_TITLE: Final = 40


def manifest(url: str = "") -> dict[str, Any]:
    """The manifest: for Socket Mode, or for requests to this address, such as https://example.com.

    An address is also where workspaces install the app.
    """
    events = {"request_url": f"{url.rstrip('/')}{EVENTS_PATH}"} if url else {}
    command: dict[str, Any] = {
        "command": COMMAND,
        "description": "Make a customer segment from your own words",
        "usage_hint": "women in Taipei who bought in the last 30 days",
        "should_escape": False,
    }
    interactivity: dict[str, Any] = {"is_enabled": True}
    oauth: dict[str, Any] = {"scopes": {"bot": list(BOT_SCOPES)}}
    if url:
        command["url"] = events["request_url"]
        interactivity["request_url"] = events["request_url"]
        interactivity["message_menu_options_url"] = events["request_url"]
        oauth["redirect_urls"] = [f"{url.rstrip('/')}/slack/oauth_redirect"]
    return {
        "display_information": {
            "name": "Divisi",
            "description": "Turns a marketer's own words into customer segments.",
            "background_color": "#1f4e5f",
        },
        "features": _features(command),
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {**events, "bot_events": list(_EVENTS)},
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def _features(command: dict[str, Any]) -> dict[str, Any]:
    return {
        "agent_view": {
            "agent_description": "Describe the customers you want; Divisi asks what is open, shows"
            " the conditions with their reach, and builds the segment once you confirm.",
            "suggested_prompts": prompts("en"),
        },
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Divisi", "always_online": True},
        "slash_commands": [command],
        "shortcuts": [
            {
                "name": "Make a segment of this",
                "type": "message",
                "callback_id": SHORTCUT,
                "description": "Takes the message as a request for a segment",
            }
        ],
    }


def prompts(language: str) -> list[dict[str, str]]:
    """The requests to begin with, as Slack suggests them."""
    return [{"title": _title(prompt), "message": prompt} for prompt in suggested_prompts(language)]


def _title(prompt: str) -> str:
    if len(prompt) <= _LONGEST_PROMPT_TITLE:
        return prompt
    return prompt[: _LONGEST_PROMPT_TITLE - 1].rstrip() + "…"
