"""`divisi import`: take a folder of customer data in and say what became of it."""

import asyncio
import contextlib
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot import statuses
from bot.app import make_home
from bot.settings import Settings
from planner.errors import DivisiError
from store.audience import open_audience
from store.audience.load import ImportReport, import_folder
from store.database import Database


def import_data(folder: Path, settings: Settings) -> ImportReport:
    """Import and report on standard error.

    Raises:
        Misconfigured: a file is missing, or is not what its name says.
        Refused: another import is under way.
        Unavailable: the disk is full or can't be written.
    """
    make_home(settings.home)
    console = Console(stderr=True, highlight=False)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Importing", total=1.0)

        def show(done: float, table: str) -> None:
            bar.update(task, completed=done, description=f"Importing {table}".strip())

        report = import_folder(folder, settings.home, progress=show)
        bar.update(task, description="Preparing")
        asyncio.run(_prepare(settings))
    _report(report, console)
    return report


async def _prepare(settings: Settings) -> None:
    """What the first chat would have to wait for: the tables, and the catalogue of the data."""
    db = Database(settings.database_url)
    with contextlib.suppress(DivisiError):  # said by the chat, which needs them
        await db.start()
        await statuses.apply(settings, db)
    with contextlib.suppress(DivisiError):
        await open_audience(settings.home, settings.zone).catalogue(settings.now())
    await db.close()


def _report(report: ImportReport, console: Console) -> None:
    table = Table("table", box=None, pad_edge=False)
    table.add_column("rows", justify="right")
    table.add_column("left out", justify="right")
    for name, rows in report.rows.items():
        left_out = sum(report.rejected.get(name, {}).values())
        table.add_row(name, f"{rows:,}", f"{left_out:,}" if left_out else "")
    console.print(table)
    for name, reasons in report.rejected.items():
        for reason, count in reasons.items():
            console.print(f"  {name}: {count:,} × {reason}", markup=False)
    if report.rejects_file is not None:
        console.print(f"The rows left out are listed in {report.rejects_file}", markup=False)
    if report.left_out:
        names = ", ".join(report.left_out)
        console.print(f"Columns that can't be used as attributes: {names}", markup=False)
    console.print(f"Imported in {report.seconds:.1f} s.")
