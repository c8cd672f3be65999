"""`python -m bench`: every benchmark with its peers in one run, as one table."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Protocol, cast

import typer
from rich.console import Console

import bench
from bench.parts.rows import Broken, Row
from bench.parts.table import console_for, show


class Benchmark(Protocol):
    """A module directly in this package that has a name and can be run."""

    NAME: str

    def run(self) -> Sequence[Row]:
        """Measure ackd and its peers. Raises Broken where a figure would mislead."""
        ...


def scan() -> tuple[dict[str, Benchmark], dict[str, str]]:
    """The benchmarks by name; and for modules that can't be loaded, the package that they lack."""
    found: dict[str, Benchmark] = {}
    lacking: dict[str, str] = {}
    for info in pkgutil.iter_modules(bench.__path__):
        if info.ispkg or info.name == "__main__":
            continue
        try:
            module = importlib.import_module(f"{bench.__name__}.{info.name}")
        except ModuleNotFoundError as error:
            lacking[info.name] = error.name or str(error)
            continue
        if hasattr(module, "NAME") and hasattr(module, "run"):
            found[module.NAME] = cast("Benchmark", module)
    return found, lacking


def main(
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Run this benchmark. Repeatable.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, seconds too.")] = False,
) -> None:
    """Measure ackd beside its peers and print one table with ratios and counts.

    Exit status: 1 if an aim doesn't hold or a benchmark couldn't be run.
    """
    known, lacking = scan()
    unknown = [name for name in only or () if name not in known]
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: no such benchmark; there are {', '.join(known)}")
    console = console_for(stderr=True)
    for name, package in lacking.items():
        remedy = "pip install -e '.[dev,train]'"
        console.print(f"{name}: not run, it needs the package {package}: {remedy}", markup=False)
    results = _run({name: known[name] for name in only or known}, console)
    if as_json:
        print(json.dumps({name: [row.as_json() for row in rows] for name, rows in results.items()}, indent=2))
    else:
        show(console_for(), results)
    is_complete = len(results) == len(only or known) and (only or not lacking)
    if not is_complete or not all(row.holds for rows in results.values() for row in rows):
        sys.exit(1)


def _run(benchmarks: Mapping[str, Benchmark], console: Console) -> dict[str, Sequence[Row]]:
    """The rows of each; one that is broken is told and left out."""
    results: dict[str, Sequence[Row]] = {}
    for name, benchmark in benchmarks.items():
        begun = time.monotonic()
        try:
            with console.status(f"{name} …"):
                results[name] = benchmark.run()
        except Broken as error:
            console.print(f"{name}: broken: {error}", markup=False)
        else:
            console.print(f"{name}: done in {time.monotonic() - begun:.0f} s")
    return results


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    app.command()(main)
    app(prog_name="python -m bench")
