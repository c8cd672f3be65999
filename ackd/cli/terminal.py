"""Colours and the pager: on a terminal alone, and as its person wants them."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console


def is_terminal() -> bool:
    """Whether a person reads what is printed."""
    return sys.stdout.isatty()


def console() -> Console:
    """A console on standard output that writes styles only to a terminal, and none where NO_COLOR is set
    (no-color.org)."""
    from rich.console import Console

    styled = is_terminal() and not os.environ.get("NO_COLOR")
    return Console(
        force_terminal=is_terminal(),
        color_system="auto" if styled else None,
        highlight=False,
        soft_wrap=True,
    )


def pager(env: Mapping[str, str]) -> list[str] | None:
    """The command of the pager that is wanted: $PAGER, or less; None for an empty one, `cat`, or one that
    isn't there."""
    command = shlex.split(env.get("PAGER", "less"))
    if not command or command == ["cat"] or shutil.which(command[0]) is None:
        return None
    return [*command, "-R"] if Path(command[0]).name == "less" else command


def show(text: str, *, paged: bool) -> None:
    """Print text that is styled already: by the pager where that is wanted and the terminal is too small for
    it."""
    lines = shutil.get_terminal_size().lines
    command = pager(os.environ) if paged and is_terminal() and text.count("\n") >= lines else None
    if command is None:
        typer.echo(text, nl=False, color=True)
        return
    with subprocess.Popen(  # noqa: S603 - the person's own pager, no shell
        command, stdin=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            process.communicate(text)
        except (KeyboardInterrupt, BrokenPipeError):  # the person has seen enough
            process.wait()
