"""What Slack answers when something doesn't work → what that means for a delivery."""

from typing import Final

from slack_sdk.errors import SlackApiError

from planner.errors import DivisiError, Refused, Unavailable

PLACE: Final = frozenset(
    {
        "channel_not_found", "is_archived", "not_in_channel", "restricted_action",
        "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel", "restricted_action_thread_locked",
        "thread_not_found", "cannot_reply_to_message", "messages_tab_disabled",
    }
)  # fmt: skip
"""Nothing can be written there any more; elsewhere it can."""
MESSAGE: Final = frozenset(
    {
        "message_not_found", "cant_update_message", "edit_window_closed", "is_inactive",
        "as_user_not_supported", "update_failed",
    }
)  # fmt: skip
"""The message can't be changed any more; a new one can be written."""
BLOCKS: Final = frozenset(
    {
        "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long",
        "invalid_arguments", "cannot_parse_attachment", "unsupported_block_type",
    }
)  # fmt: skip
"""The blocks are refused; plain text isn't."""
TOKEN: Final = frozenset(
    {
        "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive",
        "access_denied", "org_login_required", "team_access_not_granted", "app_uninstalled",
        "no_permission", "ekm_access_denied", "two_factor_setup_required",
    }
)  # fmt: skip
"""Nothing works in that workspace until somebody installs the app again."""
_LATER: Final = frozenset(
    {
        "ratelimited", "rate_limited", "message_limit_exceeded", "internal_error", "fatal_error",
        "service_unavailable", "request_timeout", "team_added_to_org", "accesslimited",
        "timeout",
    }
)  # fmt: skip
_LONGEST_WAIT: Final = 3_600.0


def code_of(error: Exception) -> str:
    """Slack's own word for an error; empty where it gave none."""
    if not isinstance(error, SlackApiError):
        return ""
    data = getattr(error.response, "data", error.response)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def meaning(error: Exception) -> DivisiError:
    """Unavailable: to be tried again, if need be after the time that Slack asks for. Or Refused."""
    if not isinstance(error, SlackApiError):
        return Unavailable("Slack does not answer.")
    code, status = code_of(error), getattr(error.response, "status_code", 0) or 0
    if status == 429 or status >= 500 or code in _LATER:
        return Unavailable(f"Slack: {code or status}", retry_after=_asked(error))
    return Refused("slack.refused", reason=code or str(status))


def _asked(error: SlackApiError) -> float:
    """Seconds that Slack wants to be left alone for."""
    headers = getattr(error.response, "headers", None) or {}
    told = {str(name).lower(): value for name, value in headers.items()}.get("retry-after", "0")
    try:
        return min(max(float(told[0] if isinstance(told, list) else told), 0.0), _LONGEST_WAIT)
    except (TypeError, ValueError, IndexError):
        return 0.0
