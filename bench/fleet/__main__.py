"""`python -m bench.fleet`: what a fleet takes, and that nothing happens twice or is lost; one command."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bench.fleet import plays

PLAYS = ("polls", "day", "kills")


def main(
    names: Annotated[list[str] | None, typer.Argument(metavar="PLAY", help=", ".join(PLAYS))] = None,
    mailboxes: Annotated[
        str, typer.Option(help="How many, or several numbers (10,100) for growth.")
    ] = "1000",
    minutes: Annotated[float, typer.Option(help="Of polls, in real time.")] = 10,
    every: Annotated[int, typer.Option(help="Seconds between two polls of a mailbox.")] = 60,
    mails: Annotated[int, typer.Option(help="An hour, half of them questions.")] = 2000,
    hours: Annotated[float, typer.Option(help="Of the day, by its own clock.")] = 8,
    kills: Annotated[int, typer.Option(help="How many workers are killed.")] = 100,
    workers: Annotated[int, typer.Option(help="Processes.")] = 2,
    threads: Annotated[int, typer.Option(help="Passes at a time in each.")] = 4,
) -> None:
    """Play polls (in real time, through the queue), a day (direct passes on a simulated clock) and kills, all
    or those that are named.

    Exit status: 1 if a question got other than one letter and one task.
    """
    sizes = [int(one) for one in mailboxes.split(",")]
    is_well = True
    for name in names or PLAYS:
        for size in sizes:
            folder = Path(tempfile.mkdtemp(prefix="ackd-bench-"))
            try:
                if name == "polls":
                    seen = plays.poll(
                        folder, size, minutes=minutes, every=every, workers=workers, threads=threads,
                        mails_per_hour=mails,
                    )  # fmt: skip
                    outcome = seen.outcome
                    print(
                        f"polls: {seen.polls} of {seen.wanted} wanted, a poll {seen.cpu:.1f} ms of workers' "
                        f"CPU ({seen.peer_cpu:.1f} ms of the peer's), {seen.requests:.2f} requests, "
                        f"{seen.transactions:.1f} transactions; workers together {seen.memory:.0f} MB; "
                        f"lag p95 {seen.lag_p95:.1f} s, arrival to decision p95 {seen.decision_p95:.1f} s"
                    )
                elif name == "day":
                    outcome = plays.day(folder, size, hours=hours, mails_per_hour=mails, every=every)
                elif name == "kills":
                    done = plays.kill(folder, size, kills=kills, workers=workers, threads=threads)
                    outcome = done.outcome
                    print(
                        f"kills: {done.kills} workers killed, {done.freezes} frozen, the database stopped "
                        f"{done.databases} times; arrival to decision p95 {done.stuck:.1f} s"
                    )
                else:
                    raise typer.BadParameter(f"{name}: no such play; there are {', '.join(PLAYS)}")
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            print(f"{name}: {outcome}", flush=True)
            is_well &= outcome.twice == outcome.lost == 0
    if not is_well:
        sys.exit(1)


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    app.command()(main)
    app(prog_name="python -m bench.fleet")
