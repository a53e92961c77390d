"""`divisi audit`: who asked, confirmed, exported and deleted what, and when."""

import sys
from typing import Final

from bot.settings import Settings
from bot.stored import ask
from store import audit
from store.audit import Entry
from store.database import Database

_PAGE: Final = 500


def print_audit(settings: Settings, limit: int) -> None:
    """Print time, person, act and what it was done to, newest first."""

    async def newest(db: Database) -> list[Entry]:
        found: list[Entry] = []
        while page := await audit.entries(
            db, min(_PAGE, limit - len(found)), found[-1].id if found else None
        ):
            found += page
        return found

    found = ask(settings, newest)
    if not found:
        sys.stderr.write("Nothing has been done yet.\n")
    for entry in found:
        at = entry.at.astimezone(settings.zone).isoformat(timespec="seconds")
        sys.stdout.write(f"{at}\t{entry.who}\t{entry.act}\t{entry.what}\n")
