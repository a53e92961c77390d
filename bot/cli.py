"""The command `divisi`; whatever a command needs is loaded when it runs, so that help is quick."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.bench_cli import bench
from bot.segments_cli import listing
from bot.slack_cli import slack
from planner.errors import DivisiError, Misconfigured

if TYPE_CHECKING:
    from bot.serve import Parts

cli = typer.Typer(
    name="divisi",
    help="A chat bot that turns a marketer's words into customer segments.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.add_typer(listing, name="segments")
cli.add_typer(bench, name="bench")
cli.add_typer(slack, name="slack")
people = typer.Typer(help="Say who may use the bot, and for what.", no_args_is_help=True)
cli.add_typer(people, name="operators")

_CONVERSATION = re.compile(r"[\w.:@-]{1,100}")


def main() -> NoReturn:
    """Run the command line; an error is one sentence on standard error and exit code 1."""
    try:
        cli()
    except DivisiError as error:
        _say(_sentence(error))
        sys.exit(1)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)
    sys.exit(0)


def _sentence(error: DivisiError) -> str:
    from planner.errors import Refused  # noqa: PLC0415

    if not isinstance(error, Refused):
        return str(error)
    if error.message_id == "import_running":
        return "Another import or removal is under way. Try again when it is done."
    from planner.wording import known, say  # noqa: PLC0415

    if known("en", error.message_id):
        return say("en", error.message_id, **error.values)
    return f"That can't be done ({error.message_id})."


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415

        sys.stdout.write(f"divisi {version('divisi')}\n")
        raise typer.Exit


@cli.callback()
def _options(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    pass


@cli.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="One CSV or Parquet file per table.")],
) -> None:
    """Import a folder of customer data; on any error the data in use stays."""
    from bot.imports import import_data  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    import_data(folder, read_settings())


@cli.command()
def chat(
    json: Annotated[bool, typer.Option("--json", help="Speak JSON lines.")] = False,
    conversation: Annotated[
        str, typer.Option(help="Which conversation to go on with.", metavar="ID")
    ] = "",
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Compute segments in this process.")
    ] = True,
    who: Annotated[
        str, typer.Option("--as", help="Who is talking, as in `divisi operators`.", metavar="WHO")
    ] = "terminal",
) -> None:
    """Chat in the terminal."""
    if conversation and not _CONVERSATION.fullmatch(conversation):
        raise Misconfigured(
            "--conversation must be up to 100 letters, digits and any of . : @ - _ alone."
        )
    from bot.chat import Talk, run_chat  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    run_chat(read_settings(), Talk(conversation, who, json, worker))


@cli.command()
def serve() -> None:
    """Run web server, messengers and worker in one process."""
    from bot.serve import Parts  # noqa: PLC0415

    _serve(Parts(web=True, sockets=True, worker=True))


@cli.command()
def web() -> None:
    """Run the web server: webhooks of messengers, health and metrics."""
    from bot.serve import Parts  # noqa: PLC0415

    _serve(Parts(web=True))


@cli.command()
def worker() -> None:
    """Compute segments that were confirmed elsewhere."""
    from bot.serve import Parts  # noqa: PLC0415

    _serve(Parts(worker=True))


def _serve(parts: "Parts") -> None:
    from bot.serve import run_server  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    run_server(read_settings(), parts)


@cli.command()
def demo(
    contacts: Annotated[int, typer.Option(help="How many sample customers.", min=1)] = 20_000,
) -> None:
    """Load sample customers and chat about them."""
    from bot.demo import run_demo  # noqa: PLC0415

    run_demo(contacts)


@cli.command()
def forget(
    contact: Annotated[str, typer.Argument(help="The contact's id.", metavar="CONTACT")],
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask again.")] = False,
) -> None:
    """Remove a contact from data, segments and exports."""
    from bot.forget import forget as forget_  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    forget_(read_settings(), contact, sure=yes)


_Who = Annotated[
    str,
    typer.Argument(help="A person, such as slack:T1/U2, line:U3 or terminal.", metavar="WHO"),
]
_Role = Annotated[str, typer.Argument(help="viewer, creator or admin.", metavar="ROLE")]


@people.command("list")
def list_operators() -> None:
    """List everybody who has a role."""
    from bot.operators import print_operators  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    print_operators(read_settings())


@people.command()
def add(
    who: _Who,
    role: _Role,
    name: Annotated[str, typer.Option(help="What the person is called.")] = "",
) -> None:
    """Give a person a role."""
    from bot.operators import add_operator  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    add_operator(read_settings(), who, name, role)


@people.command()
def invite(
    role: Annotated[str, typer.Option(help="viewer, creator or admin.")] = "creator",
    name: Annotated[str, typer.Option(help="What the person is called.")] = "",
    minutes: Annotated[int, typer.Option(help="How long the code is good for.")] = 10,
) -> None:
    """Make a one-time code: whoever sends it to the bot on LINE becomes an operator."""
    from bot.operators import invite_operator  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    invite_operator(read_settings(), role, name, minutes)


@people.command()
def change(who: _Who, role: _Role) -> None:
    """Give a person another role."""
    from bot.operators import change_operator  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    change_operator(read_settings(), who, role)


@people.command()
def remove(who: _Who) -> None:
    """Take a person's role away."""
    from bot.operators import remove_operator  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    remove_operator(read_settings(), who)


@cli.command()
def audit(
    limit: Annotated[int, typer.Option(help="How many acts at most.", min=1)] = 100,
) -> None:
    """List who did what, newest first."""
    from bot.audit import print_audit  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    print_audit(read_settings(), limit)


if __name__ == "__main__":
    main()
