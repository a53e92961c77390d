"""Programs that tests start as processes of their own, to be killed."""

import subprocess
import sys

START = """
import asyncio, sys
from store.database import Database

async def main():
    db = Database(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    await db.start()
    await db.close()

asyncio.run(main())
"""
COMPUTE = """
import asyncio, sys
from store import audit, segments
from store.database import Database

async def main():
    db = Database(sys.argv[1])
    await db.start()
    print("ready", flush=True)
    while True:
        claimed = await segments.claim(db, lease_seconds=1)
        if claimed is None:
            await asyncio.sleep(0.05)
            continue
        await asyncio.sleep(0.02)
        async with db.begin() as connection:
            if await segments.finish(
                connection, claimed.id, claimed.fence, count=1, seconds=0, members_file="f"
            ):
                await audit.write(connection, who="", act="finished", what=claimed.id)

asyncio.run(main())
"""


def begin(program: str, url: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", program, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def until_ready(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()
