"""How long a person waits for `ackd --help`, beside Python itself and a bare import of exchangelib."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from statistics import median

from bench.parts.rows import SECONDS, Row

NAME = "start"

ROUNDS = 5
BUDGET = 0.3  # seconds of processor time: what the command takes on a machine that has nothing else to do
COMMANDS = {
    "ackd --help": ("-m", "ackd", "--help"),
    "python -c pass": ("-c", "pass"),
    "python -c 'import exchangelib'": ("-c", "import exchangelib"),
}


def run() -> list[Row]:
    """Wall times, each the median of five; the commands take turns, so that a busy moment meets all."""
    times: dict[str, list[float]] = {command: [] for command in COMMANDS}
    works: dict[str, list[float]] = {command: [] for command in COMMANDS}
    for _ in range(ROUNDS):
        for command, arguments in COMMANDS.items():
            begun, worked = time.perf_counter(), _work()
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
            times[command].append(time.perf_counter() - begun)
            works[command].append(_work() - worked)
    ours, *peers = COMMANDS
    library = peers[-1]
    return [
        *(
            Row(f"{ours}: wall time", median(times[ours]), SECONDS, median(times[peer]), peer)
            for peer in peers
        ),
        Row(
            f"{ours}: CPU time, in s",
            median(works[ours]),
            SECONDS,
            median(works[library]),
            library,
            at_most=BUDGET,
        ),
    ]


def _work() -> float:
    """Seconds of processor time that children which ended have taken so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
