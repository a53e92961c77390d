"""`divisi slack`: the Slack bot over Socket Mode, and the manifest of its app."""

import json
import sys
from typing import Annotated

import typer

from planner.errors import Misconfigured

slack = typer.Typer(help="Run the Slack bot over Socket Mode.", invoke_without_command=True)


@slack.callback()
def run(context: typer.Context) -> None:
    """Run the Slack bot over Socket Mode."""
    if context.invoked_subcommand is not None:
        return
    from adapters.slack import Settings as Slack  # noqa: PLC0415
    from bot.serve import Parts, run_server  # noqa: PLC0415
    from bot.settings import read_environment, read_settings  # noqa: PLC0415

    slack_settings = read_environment(Slack)
    if not slack_settings.enabled:
        raise Misconfigured(
            "Slack is not set up: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN to the tokens of your"
            " Slack app. Make it from what `divisi slack manifest` prints."
        )
    if not slack_settings.app_token.get_secret_value():
        raise Misconfigured(
            "SLACK_APP_TOKEN is missing: `divisi slack` listens over Socket Mode. For requests"
            " over HTTP run `divisi web`."
        )
    run_server(read_settings(), Parts(sockets=True))


@slack.command()
def manifest(
    url: Annotated[
        str,
        typer.Option(help="Where Slack reaches `divisi web`; without it, Socket Mode is used."),
    ] = "",
) -> None:
    """Print the manifest to make the Slack app from."""
    from adapters.slack.manifest import manifest as made  # noqa: PLC0415

    if url and not url.startswith("https://"):
        raise Misconfigured("--url has to begin with https://: Slack calls no other.")
    sys.stdout.write(json.dumps(made(url), indent=2, ensure_ascii=False) + "\n")
