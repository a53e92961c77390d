"""Hold conversations of a folder of cases with the planner, and say how many it understood.

The same as `divisi bench run`: python -m bench.understanding CASES ... --data FOLDER [--failed]
"""

import typer

from bot.bench_cli import run

if __name__ == "__main__":
    typer.run(run)
