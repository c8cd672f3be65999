"""One ackd's life of many polls against a sandbox elsewhere; prints its memory, files and threads.

Run as a process of its own: `python -m tests.long.soak URL CLOCK FOLDER POLLS`.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from ackd.clock import FileClock
from ackd.daemon import Daemon
from ackd.errors import AckdError
from ackd.ledger import SqlLedger
from ackd.mailbox.ews import Access, EwsMailbox
from tests.people import ALICE, settings


def measure() -> dict[str, int]:
    """Resident memory in kB, open files and threads of this process (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    memory = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return {
        "memory": int(memory),
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "threads": threading.active_count(),
    }


def live(url: str, clock: FileClock, folder: Path, polls: int, tell: Callable[[str], None]) -> None:
    """Poll when told to by a line on standard input; tell what stands after it."""
    access = Access(ALICE.address, url, ALICE.address, "secret")
    ledger = SqlLedger(f"sqlite:///{folder / 'ledger.sqlite'}", ALICE.address)
    mailbox = EwsMailbox(access, zone=ZoneInfo("Europe/Berlin"), clock=clock)
    daemon = Daemon(mailbox, ledger, clock, settings())
    for _ in range(polls):
        sys.stdin.readline()
        trouble = ""
        try:
            daemon.run_pass()
        except AckdError as error:
            trouble = type(error).__name__
        summary = daemon.summary()
        tell(json.dumps({**measure(), "trouble": trouble, "parked": summary.parked}))
    mailbox.close()
    ledger.close()


if __name__ == "__main__":
    live(
        sys.argv[1],
        FileClock(Path(sys.argv[2])),
        Path(sys.argv[3]),
        int(sys.argv[4]),
        lambda line: print(line, flush=True),
    )
