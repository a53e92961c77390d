"""`python -m bot.sample FOLDER --contacts N`: write sample customers."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from bot.sample import write_sample


def _main(
    folder: Path,
    contacts: int = 20_000,
    seed: int = 7,
    messages: Annotated[int, typer.Option(help="Message events per contact.")] = 6,
    as_of: Annotated[datetime | None, typer.Option(help="The latest moment, in UTC; now.")] = None,
) -> None:
    with Progress(transient=True) as bar:
        task = bar.add_task("Drawing customers", total=1.0)
        write_sample(
            folder,
            contacts,
            seed,
            as_of and as_of.replace(tzinfo=UTC),
            lambda share: bar.update(task, completed=share),
            messages,
        )


if __name__ == "__main__":
    typer.run(_main)
