"""`python -m bench.mutations`: faults that a person could make, and which of them the tests notice."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Annotated

import typer

from bench.mutations.listed import ROOT, Mutation, read
from bench.mutations.play import Copy, Fate, Result, keep, load
from bench.parts.rows import Broken


def main(
    only: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="These alone, or a room's (engine). Repeatable.")
    ] = None,
    jobs: Annotated[int, typer.Option(help="How many at once, each in a copy of the tree.", min=1)] = 1,
    limit: Annotated[float, typer.Option(help="Seconds that the tests of one may take.")] = 600,
    results: Annotated[Path, typer.Option(help="Where results are kept.")] = ROOT / "build/mutations.json",
) -> None:
    """Make one fault after the other in a copy of the tree, and play the tests near it, to the first failure.

    A later play begins with the tests that noticed before. Exit status: 1 if a fault isn't noticed and the
    list doesn't say why, if its place has moved, or if it can't be told.
    """
    listed = read()
    wanted = [one for one in listed if not only or one.name in only or one.room in only]
    if not wanted:
        raise typer.BadParameter(f"no such mutation: {', '.join(only or ())}")
    known = load(results)
    with tempfile.TemporaryDirectory(prefix="ackd-mutations-") as folder:
        try:
            found = _play(wanted, known, jobs, limit, Path(folder), results)
        except Broken as error:
            print(error, file=sys.stderr)
            sys.exit(1)
    print()
    for line in _summary(wanted, found):
        print(line)
    if any(_is_amiss(one, found[one.name].fate) for one in wanted):
        sys.exit(1)


def _play(
    wanted: Sequence[Mutation], known: dict[str, Result], jobs: int, limit: float, folder: Path, path: Path
) -> dict[str, Result]:
    copies: SimpleQueue[Copy] = SimpleQueue()
    for number in range(min(jobs, len(wanted))):
        copies.put(Copy(folder / str(number)))

    def one_of(mutation: Mutation) -> Result:
        copy = copies.get()
        try:
            before = known.get(mutation.name)
            return copy.play(mutation, limit, before.killer if before else "")
        finally:
            copies.put(copy)

    found: dict[str, Result] = {}
    with ThreadPoolExecutor(jobs) as pool:
        for mutation, result in zip(wanted, pool.map(one_of, wanted), strict=True):
            found[mutation.name] = result
            print(_line(mutation, result), flush=True)
            keep(path, (known | found).values())
    failing = copies.get().fail_anyway((one.killer for one in found.values() if one.killer), limit)
    for one in found.values():
        if one.killer in failing:
            found[one.name] = replace(one, fate=Fate.UNSURE)
            print(f"{one.name} unsure: {one.killer} fails without it too")
    keep(path, (known | found).values())
    return found


def _line(mutation: Mutation, result: Result) -> str:
    said = result.killer or mutation.survives or mutation.harm
    return f"{result.name:12} {result.fate:9} {result.seconds:6.1f} s  {said}"


def _summary(wanted: Iterable[Mutation], found: dict[str, Result]) -> Iterable[str]:
    """A line a room, and what is amiss."""
    rooms: dict[str, list[Mutation]] = {}
    for one in wanted:
        rooms.setdefault(one.room, []).append(one)
    everything = [one for some in rooms.values() for one in some]
    yield "| room | faults | noticed | by the room's own tests | explained |"
    yield "|---|---:|---:|---:|---:|"
    for room, some in [*rooms.items(), ("all", everything)]:
        killed = [one for one in some if found[one.name].fate is Fate.KILLED]
        own = sum(found[one.name].killer.startswith(f"{one.nearest[0]}/") for one in killed)
        told = sum(bool(one.survives) for one in some if one not in killed)
        share = f"{len(killed)} ({len(killed) / len(some):.0%})"
        yield f"| {room} | {len(some)} | {share} | {own} | {told} |"
    yield ""
    for one in everything:
        if _is_amiss(one, found[one.name].fate):
            yield f"{one.name} {found[one.name].fate}: {one.harm}"


def _is_amiss(mutation: Mutation, fate: Fate) -> bool:
    return fate is not Fate.KILLED and not (fate is Fate.SURVIVED and mutation.survives)


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    app.command()(main)
    app(prog_name="python -m bench.mutations")
