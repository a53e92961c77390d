"""`divisi demo`: sample customers, imported and ready to be asked about."""

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.chat import Talk, run_chat
from bot.imports import import_data
from bot.sample import write_sample
from bot.settings import Settings, read_settings
from planner.errors import Misconfigured
from planner.wording import language_of, suggested_prompts
from store.audience.versions import current_version


def run_demo(contacts: int) -> None:
    """Draw and import sample customers where there are none yet, then chat.

    Raises:
        Misconfigured: the home can't be used.
        Unavailable: a store does not answer, or the disk is full.
    """
    settings = read_settings()
    if "home" not in settings.model_fields_set:
        settings = read_settings(home=settings.home / "demo")
    console = Console(stderr=True, highlight=False)
    if not _has_data(settings.home):
        _make_data(settings, contacts, console)
    console.print(f"Sample customers of an invented brand are in {settings.home}.", markup=False)
    console.print("Type one of these, or anything like it; Ctrl-D ends the chat:")
    for prompt in suggested_prompts(language_of(settings.locale))[:3]:
        console.print(f"  {prompt}", style="cyan", markup=False)
    run_chat(settings, Talk())


def _has_data(home: Path) -> bool:
    try:
        current_version(home)
    except Misconfigured:
        return False
    return True


def _make_data(settings: Settings, contacts: int, console: Console) -> None:
    folder = settings.home / "sample"
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(f"Drawing {contacts:,} customers", total=1.0)
        write_sample(
            folder,
            contacts,
            as_of=settings.now(),
            progress=lambda share: bar.update(task, completed=share),
        )
    import_data(folder, settings)
