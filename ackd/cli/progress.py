"""A bar that moves through the time that is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

#: Tells how far the work is: the moment that was reached, and how many mails it has judged.
Tell = Callable[[datetime, int], None]


@contextmanager
def progress(begin: datetime, now: datetime) -> Iterator[Tell]:
    """A bar on standard error, where that is a terminal: it moves through the time that is judged."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda reached, count: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("listing the mailbox", total=(now - begin).total_seconds())

        def tell(reached: datetime, count: int) -> None:
            done = (reached - begin).total_seconds()
            words = f"{reached:%Y-%m-%d}, mail {count}"
            bar.update(task, completed=done, description=words)

        yield tell
