"""Rows as one table: in colour on a terminal, elsewhere as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from bench.parts.rows import SECONDS, Row

_WIDE = 200  # columns where no terminal says how many it has


def show(console: Console, results: Mapping[str, Sequence[Row]]) -> None:
    """Print the table: ratios and counts."""
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else box.MARKDOWN)
    table.add_column("figure", overflow="fold")
    for heading in ("ackd", "peer", "times better", "aim"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("peer is", overflow="fold")
    for name, rows in results.items():
        for row in rows:
            style = "" if row.holds else "bold red"
            table.add_row(f"{name}: {row.figure}", *_cells(row), row.peer_name, style=style)
    console.print(table)


def console_for(*, stderr: bool = False) -> Console:
    """The terminal, or a wide plain page where there is none."""
    console = Console(stderr=stderr, highlight=False)
    return console if console.is_terminal else Console(stderr=stderr, highlight=False, width=_WIDE)


def _cells(row: Row) -> tuple[str, str, str, str]:
    ratio = "" if row.ratio is None else f"{row.ratio:.3g} ×"
    aim = row.aim + ("" if row.holds else " ✗")
    if row.unit == SECONDS:
        return "", "", ratio, aim
    peer = "" if row.peer is None else _amount(row.peer, row.unit)
    return _amount(row.ackd, row.unit), peer, ratio, aim


def _amount(value: float, unit: str) -> str:
    return f"{value:.0f}" if unit == "requests" else f"{value:.3g} {unit}".rstrip()
