"""The sandbox's time: a function without arguments that gives an aware UTC datetime."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

Clock = Callable[[], datetime]


class ClockError(Exception):
    """The clock file cannot be read. The text names the file and the remedy."""


def system_clock() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


class FileClock:
    """The time is the one ISO 8601 line in a file, read at each look; without an offset it is UTC.

    A look at the moment in which somebody rewrites the file gives the time before; the first look raises
    :class:`ClockError` instead.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = self._read()

    def __call__(self) -> datetime:
        with suppress(ClockError):  # half-written: the old time holds until the new one is there
            self._last = self._read()
        return self._last

    def _read(self) -> datetime:
        try:
            moment = datetime.fromisoformat(self._path.read_text(encoding="utf-8").strip())
        except (OSError, ValueError) as error:
            raise ClockError(
                f"{self._path}: no time found ({error}); write one line such as 2026-11-24T09:00:00Z"
            ) from error
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def iso(moment: datetime) -> str:
    """The one form of a moment in the store: UTC with microseconds, so that text order is time order."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
