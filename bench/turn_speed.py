"""Time the turns of conversations, and how long `divisi chat --json` takes to say hello.

    python -m bench.turn_speed [--cases FILE.jsonl ...] [--contacts 20000]

A case is one JSON object a line with "turns" (what is typed); every question is answered with
"skip", every suggestion with "no", so that any file of requests will do.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.sample import write_sample
from store.audience.load import import_folder

AS_OF = datetime(2026, 6, 30, 4, tzinfo=UTC)
_REQUESTS = (
    "loyal customers with total spending over 100,000",
    "women in Taipei who haven't purchased in the last 30 days",
    "customers who clicked on a recent promotion",
    "最近 90 天沒有互動的會員",
    "過去30日間に購入していない東京の女性",
    "ลูกค้าที่ซื้อมากกว่า 3 ครั้ง",
)


class Chat:
    def __init__(self, home: Path) -> None:
        started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "chat", "--json"],
            env=os.environ | {"DIVISI_HOME": str(home), "DIVISI_AS_OF": AS_OF.isoformat()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.read()
        self.ready_seconds = time.perf_counter() - started

    def read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def send(self, **message: object) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()
        return self.read()

    def end(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def hold(chat: Chat, turns: list[str]) -> list[float]:
    """Hold one conversation; the milliseconds of each turn."""
    times = [chat.send(new=True)["elapsed_ms"]]
    for turn in turns:
        answer = chat.send(text=turn)
        times.append(answer["elapsed_ms"])
        for _ in range(8):
            if answer["status"] != "asking":
                break
            suggested = answer["replies"][-1].get("slot", "").startswith("suggest.")
            answer = chat.send(choose="no" if suggested else "skip")
            times.append(answer["elapsed_ms"])
    return times


def report(name: str, values: list[float], unit: str) -> None:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    print(
        f"{name:28} n {len(values):5}  p50 {cuts[49]:8.2f}  p99 {cuts[98]:8.2f}"
        f"  max {max(values):8.2f} {unit}"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=Path, nargs="*", default=[])
    options.add_argument("--contacts", type=int, default=20_000)
    options.add_argument("--starts", type=int, default=5)
    given = options.parse_args()
    turns = [[request] for request in _REQUESTS] * 5
    if given.cases:
        lines = [line for path in given.cases for line in path.read_text().splitlines() if line]
        turns = [json.loads(line)["turns"] for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        write_sample(Path(folder) / "data", contacts=given.contacts, as_of=AS_OF)
        import_folder(Path(folder) / "data", home)
        starts = []
        for _ in range(given.starts):
            chat = Chat(home)
            starts.append(chat.ready_seconds)
            chat.end()
        chat = Chat(home)
        chat.send(text="hello")
        times = [milliseconds for talk in turns for milliseconds in hold(chat, talk)]
        chat.end()
    report("welcome after a cold start", starts, "s")
    report("one turn", times, "ms")


if __name__ == "__main__":
    main()
