"""Ports whose every call is a moment at which something may happen: a death, an error, another's word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: Told of each step of a pass by its label: "before send", "after send", …
Step = Callable[[str], None]


class Killed(BaseException):
    """The process is gone."""


class Stepped:
    """A port with a step before and one after each call."""

    def __init__(self, port: Any, step: Step) -> None:
        self._port = port
        self._step = step

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if not callable(method):
            return method  # what a port is needs no step

        def call(*args: Any, **kwargs: Any) -> Any:
            self._step(f"before {name}")
            result = method(*args, **kwargs)
            self._step(f"after {name}")
            return result

        return call


class Fuse:
    """Burns a step at a time and ends the process at the last one; with length 0 never. `end` is how it
    ends: by an exception, unless something harder is said."""

    def __init__(self, length: int, end: Callable[[], None] | None = None) -> None:
        self.steps: list[str] = []
        self._length = length
        self._end = end or self._die

    def burn(self, step: str) -> None:
        """Take a step; it may be the last."""
        self.steps.append(step)
        if len(self.steps) == self._length:
            self._end()

    @staticmethod
    def _die() -> None:
        raise Killed
