"""How long a person waits for `ackd --help`, beside Python itself and a bare import of exchangelib."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

from bench.parts.rows import SECONDS, Row

NAME = "start"

ROUNDS = 5
COMMANDS = {
    "ackd --help": ("-m", "ackd", "--help"),
    "python -c pass": ("-c", "pass"),
    "python -c 'import exchangelib'": ("-c", "import exchangelib"),
}


def run() -> list[Row]:
    """Wall times, each the median of five; the commands take turns, so that a busy moment meets all."""
    times: dict[str, list[float]] = {command: [] for command in COMMANDS}
    for _ in range(ROUNDS):
        for command, arguments in COMMANDS.items():
            begun = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
            times[command].append(time.perf_counter() - begun)
    ours, *peers = COMMANDS
    return [
        Row(f"{ours}: wall time", median(times[ours]), SECONDS, median(times[peer]), peer) for peer in peers
    ]
