"""Resident memory of a process. Imports next to nothing: it is loaded into what it measures."""

import os


def resident(process: str = "self") -> float:
    """Megabytes (10⁶ bytes) that a process holds in memory now, by proc(5): on Linux alone."""
    with open(f"/proc/{process}/statm", encoding="ascii") as file:  # noqa: PTH123 - pathlib would be measured too
        pages = int(file.read().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
