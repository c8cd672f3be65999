"""A process that polls a mailbox for as long as it is told to, and says how large it has grown.

Run as `python -m tests.long.soaker URL LEDGER WAY`. Each line that it reads is the moment of a poll; each
line that it writes is a JSON object. An empty line asks for measures.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from ackd.engine.daemon import Daemon
from ackd.errors import AckdError
from ackd.letters.dates import at_a_glance
from ackd.model import token_of
from ackd.text.languages import LANGUAGES
from tests.clock import StepClock
from tests.crash.office import EWS, open_ledger, open_mailbox
from tests.people import MONDAY, settings


class Soaker:
    """The process as its client sees it; a context manager."""

    def __init__(self, url: str, ledger: Path, way: str = EWS) -> None:
        self._command = [sys.executable, "-m", __name__, url, str(ledger), way]

    def __enter__(self) -> Self:
        root = Path(__file__).resolve().parents[2]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, text=True, cwd=root)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=10)

    def poll(self, now: datetime) -> str:
        """One pass at a moment; the name of the error that it raised, or ""."""
        return str(self._ask(now.isoformat())["error"])

    def measure(self) -> dict[str, int]:
        """Of the process: blocks that Python's objects take, bytes that the C heap has given out, resident
        bytes without what the heap only keeps, open files and threads."""
        return self._ask("")

    def _ask(self, line: str) -> dict[str, int]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        found: dict[str, int] = json.loads(self._process.stdout.readline())
        return found


_HEAP_FIELDS = ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks")
_HEAP_FIELDS += ("fsmblks", "uordblks", "fordblks", "keepcost")


class _HeapInfo(ctypes.Structure):
    """glibc's `struct mallinfo2` (2.33 and later)."""

    _fields_ = [(name, ctypes.c_size_t) for name in _HEAP_FIELDS]


def _heap_in_use() -> int:
    """What the C heap has given out, after it gave back what it only kept; 0 on another C library."""
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "mallinfo2"):
        return 0
    libc.malloc_trim(0)
    libc.mallinfo2.restype = _HeapInfo
    found = libc.mallinfo2()
    return int(found.uordblks + found.hblkhd)


def _empty_bounded_caches() -> None:
    """What is kept of the last few hundred questions fills up to its bound, and isn't what grows with polls.
    A cache without a bound stays as it is: where that one grows, it is seen."""
    for one in gc.get_objects():
        if type(one) is type(token_of) and one.cache_parameters()["maxsize"] is not None:
            one.cache_clear()
        elif issubclass(type(one), Engine):
            one.clear_compiled_cache()  # statements in rare shapes come late


def _measures() -> dict[str, int]:
    _empty_bounded_caches()
    gc.collect()
    blocks, heap = sys.getallocatedblocks(), _heap_in_use()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return {
        "blocks": blocks,
        "heap": heap,
        "memory": pages * os.sysconf("SC_PAGE_SIZE"),
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "threads": len(list(Path("/proc/self/task").iterdir())),
    }


def main() -> None:
    """Poll whenever a line comes."""
    url, ledger, way = sys.argv[1:]
    clock = StepClock(MONDAY)
    daemon = Daemon(open_mailbox(url, clock, way=way), open_ledger(Path(ledger)), clock, settings())
    for language in LANGUAGES:
        at_a_glance(clock.now(), language)  # babel keeps what it has read of a language
    for line in sys.stdin:
        if not line.strip():
            print(json.dumps(_measures()), flush=True)
            continue
        clock.move(datetime.fromisoformat(line.strip()) - clock.now())
        error = ""
        try:
            daemon.run_pass()
        except AckdError as problem:
            error = type(problem).__name__
        print(json.dumps({"error": error}), flush=True)


if __name__ == "__main__":
    main()
