"""SOAP traffic as files: one request and one answer each, in the order in which they came."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

from exchange_sandbox.ews.bad_items import Answer

_SAFE = re.compile(r"[^A-Za-z0-9]+")


class Tracer:
    """Writes ``0001-GetItem.request.xml`` and ``0001-GetItem.response.200.xml`` into a directory.

    Whoever sees these files sees the mail in them, so the directory is for its owner alone.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._directory = directory
        last = max((int(name.name[:4]) for name in directory.glob("[0-9][0-9][0-9][0-9]-*.xml")), default=0)
        self._numbers = itertools.count(last + 1)

    def __call__(self, operation: str, request: bytes, answer: Answer) -> None:
        """Write one exchange."""
        stem = f"{next(self._numbers):04d}-{_SAFE.sub('', operation) or 'unreadable'}"
        (self._directory / f"{stem}.request.xml").write_bytes(request)
        shown = answer.status if answer.cut is None else "cut"
        (self._directory / f"{stem}.response.{shown}.xml").write_bytes(answer.body)
