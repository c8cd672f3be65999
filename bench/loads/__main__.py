"""`python -m bench.loads`: what large loads take, as a table; what stands on the server is counted there."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from bench.loads.loads import LOADS, Play, Seen
from bench.parts.rows import Broken


class Backend(StrEnum):
    """By which way ackd reaches the mailbox."""

    EWS = "ews"
    GRAPH = "graph"


def main(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", help=", ".join(LOADS))] = None,
    backend: Annotated[Backend, typer.Option(help="The way to the mailbox.")] = Backend.EWS,
    scale: Annotated[float, typer.Option(help="Larger or smaller loads, 0.1 for a tenth.")] = 1.0,
) -> None:
    """Play large loads against the sandbox, all or those that are named, and tell time, memory and requests.

    Exit status: 1 if a question got other than one letter and one task.
    """
    unknown = [name for name in names or () if name not in LOADS]
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: no such load; there are {', '.join(LOADS)}")
    print("| load | step | seconds | CPU | MB then | MB at most | requests | letters | tasks | |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|---|")
    failed = False
    for name in names or LOADS:
        play = Play(backend.value, scale)
        try:
            LOADS[name](play)
        except Broken as error:
            failed = True
            print(f"{name} by {backend}: broken: {error}", file=sys.stderr)
        for step in play.seen:
            print(_line(f"{name}, {backend}", step), flush=True)
    if failed:
        sys.exit(1)


def _line(name: str, step: Seen) -> str:
    cells = [name, step.what, f"{step.wall:.1f}", f"{step.cpu:.1f}", f"{step.memory:.0f}", f"{step.peak:.0f}"]
    cells += [str(step.requests), str(step.letters), str(step.tasks), step.note]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    app.command()(main)
    app(prog_name="python -m bench.loads")
