"""The commands `divisi bench …`; each loads what it needs when it runs."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from planner.errors import Misconfigured

bench = typer.Typer(
    help="Measure how well requests are understood, with any language model.",
    no_args_is_help=True,
)
_Cases = Annotated[list[Path], typer.Argument(help="Files or folders of cases (*.jsonl).")]
_Data = Annotated[Path, typer.Option(help="The folder of customer data that they are about.")]
_Only = Annotated[str, typer.Option(help="Only these: a part of an id, a level or a language.")]
_Failed = Annotated[bool, typer.Option("--failed", help="Print what was not right.")]
_Price = Annotated[
    str,
    typer.Option(help="A million tokens sent, and received, cost: 0.25,2", metavar="IN,OUT"),
]


@bench.command()
def run(  # noqa: PLR0913, PLR0917 - one option each
    cases: _Cases,
    data: _Data,
    planner: Annotated[
        Literal["vocabulary", "auto", "always"],
        typer.Option(help="Who reads: the vocabulary alone, or a model too."),
    ] = "vocabulary",
    only: _Only = "",
    failed: _Failed = False,
    price: _Price = "",
    at_once: Annotated[int, typer.Option(help="Conversations at once.", min=1, max=64)] = 1,
) -> None:
    """Hold the conversations of cases and print the table of figures."""
    from bot.bench.run import Order, measure  # noqa: PLC0415

    measure(Order(tuple(cases), data, planner, only, failed, price=_prices(price), at_once=at_once))


@bench.command()
def prompts(  # noqa: PLR0913, PLR0917 - one option each
    cases: _Cases,
    data: _Data,
    out: Annotated[
        Path | None, typer.Option(help="Write each prompt without an answer into this folder.")
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(help="Take answers from this folder, from files named as the prompts."),
    ] = None,
    planner: Annotated[
        Literal["auto", "always"],
        typer.Option(help="Which texts are asked about: what the vocabulary lacks, or all."),
    ] = "always",
    only: _Only = "",
    failed: _Failed = False,
    price: _Price = "",
) -> None:
    """Write a model's prompts to files, and take its answers from files: no network, any model."""
    from bot.bench.run import Order, measure, with_prompts  # noqa: PLC0415

    order = Order(tuple(cases), data, planner, only, failed, price=_prices(price))
    measure(with_prompts(order, out, answers))


def _prices(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        sent, received = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Misconfigured("--price is two numbers, as 0.25,2") from error
    return sent, received
