"""The commands `divisi segments …`; each loads what it needs when it runs."""

import sys
from pathlib import Path
from typing import Annotated

import typer

listing = typer.Typer(help="Look at segments and change them.", no_args_is_help=True)


@listing.command("list")
def list_segments() -> None:
    """List the segments, newest first."""
    from bot.export import print_list  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    print_list(read_settings())


_Which = Annotated[str, typer.Argument(help="The segment's name or id.", metavar="SEGMENT")]


@listing.command()
def show(segment: _Which) -> None:
    """Show one segment and its conditions."""
    from bot.export import print_segment  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    print_segment(read_settings(), segment)


@listing.command()
def rename(segment: _Which, name: Annotated[str, typer.Argument(help="The new name.")]) -> None:
    """Give a segment another name."""
    from bot import segment_commands  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    segment_commands.rename(read_settings(), segment, name)


@listing.command()
def describe(
    segment: _Which, text: Annotated[str, typer.Argument(help="The new description.")]
) -> None:
    """Give a segment another description."""
    from bot import segment_commands  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    segment_commands.describe(read_settings(), segment, text)


@listing.command()
def recompute(segment: _Which) -> None:
    """Have a segment computed with today's data."""
    from bot import segment_commands  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    segment_commands.recompute(read_settings(), segment)


@listing.command()
def cancel(segment: _Which) -> None:
    """Stop computing a segment."""
    from bot import segment_commands  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    segment_commands.cancel(read_settings(), segment)


@listing.command()
def delete(
    segment: _Which,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a segment and its list."""
    from bot import segment_commands  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    if not yes:
        typer.confirm(f"Delete {segment} and its list for good?", abort=True)
    segment_commands.delete(read_settings(), segment)


@listing.command()
def overlap(
    segment: _Which, other: Annotated[str, typer.Argument(help="Another segment.")]
) -> None:
    """Say how many contacts two segments share."""
    from bot import segment_commands  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    sys.stdout.write(f"{segment_commands.overlap(read_settings(), segment, other)}\n")


@listing.command()
def reach(segment: _Which) -> None:
    """Say how many of a segment's members can be reached, by channel."""
    from bot import segment_commands  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    sys.stdout.write(f"{segment_commands.reach(read_settings(), segment)}\n")


@listing.command()
def why(contact: Annotated[str, typer.Argument(help="A contact's id.")], segment: _Which) -> None:
    """Say why a contact is in a segment, or not."""
    from bot import segment_commands  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    sys.stdout.write(f"{segment_commands.why(read_settings(), contact, segment)}\n")


@listing.command()
def export(
    segment: _Which,
    columns: Annotated[
        str, typer.Option(help="Columns of the contacts, with commas between.", metavar="NAMES")
    ] = "contact_id",
    to: Annotated[
        Path | None, typer.Option("--to", "-o", help="A file; else standard output.")
    ] = None,
    bom: Annotated[
        bool, typer.Option("--bom", help="Mark it as UTF-8, for spreadsheets on Windows.")
    ] = False,
) -> None:
    """Export a segment's finished list as CSV."""
    from bot.export import export_members  # noqa: PLC0415
    from bot.settings import read_settings  # noqa: PLC0415

    export_members(read_settings(), segment, columns.split(","), to, bom=bom)
