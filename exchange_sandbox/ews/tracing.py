"""Traffic as files: one request and one answer each, in the order in which they came."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Protocol

_SAFE = re.compile(r"[^A-Za-z0-9]+")


class Traced(Protocol):
    """An answer of any face."""

    @property
    def status(self) -> int:
        """The status."""

    @property
    def cut(self) -> int | None:
        """After how many bytes the connection ends, None if it doesn't."""

    @property
    def body(self) -> bytes:
        """The body."""


class Tracer:
    """Writes ``0001-GetItem.request.xml`` and ``0001-GetItem.response.200.xml`` into a directory; of Graph
    ``0002-messagesget.request.json`` and its answer.

    Whoever sees these files sees the mail in them, so the directory is for its owner alone.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._directory = directory
        last = max((int(name.name[:4]) for name in directory.glob("[0-9][0-9][0-9][0-9]-*")), default=0)
        self._numbers = itertools.count(last + 1)

    def __call__(self, operation: str, request: bytes, answer: Traced, kind: str = "xml") -> None:
        """Write one exchange; ``kind`` is how its files' names end."""
        stem = f"{next(self._numbers):04d}-{_SAFE.sub('', operation) or 'unreadable'}"
        (self._directory / f"{stem}.request.{kind}").write_bytes(request)
        shown = answer.status if answer.cut is None else "cut"
        (self._directory / f"{stem}.response.{shown}.{kind}").write_bytes(answer.body)
