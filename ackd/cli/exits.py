"""With which statuses a command ends, in its help."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from ackd.errors import ExitStatus

P = ParamSpec("P")
R = TypeVar("R")

#: The command that ends with each of these statuses, besides those that all may end with.
DECLARED: dict[str, tuple[ExitStatus, ...]] = {}


def exits(*statuses: ExitStatus, **said: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Tell in a command's help with which statuses it ends: by what each means, or by what it means here
    (`said`, by the status's name in lower case)."""
    here = {ExitStatus[name.upper()]: words for name, words in said.items()}

    def told(command: Callable[P, R]) -> Callable[P, R]:
        ends = sorted({*statuses, *here})
        words = "; ".join(f"{int(end)} {here.get(end, end.meaning)}" for end in ends)
        command.__doc__ = f"{inspect.cleandoc(command.__doc__ or '')}\n\nExit status: {words}."
        DECLARED[f"{command.__module__}.{command.__qualname__}"] = tuple(ends)
        return command

    return told
