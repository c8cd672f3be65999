"""The clocks: the machine's, and one that is read from a file for tests and the demo."""

from __future__ import annotations

import re
import time
import uuid
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from ackd.errors import ConfigError

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_TIME_NAMESPACE = Path("/proc/self/ns/time")  # containers may count from another beginning
_THIS_PROCESS = uuid.uuid4().hex


_IN_UTC = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:\+00:00|Z)(?!\d)")


def in_zone(words: str, zone: tzinfo | None = None) -> str:
    """Words for a person with their moments in UTC (ISO 8601) as a clock there shows them; without a zone as
    this machine's does."""

    def local(found: re.Match[str]) -> str:
        try:
            moment = datetime.fromisoformat(found[0]).astimezone(zone)
        except (ValueError, OverflowError):
            return found[0]
        # the clock of a machine whose TZ is no zone goes by UTC, and calls it by that wrong name
        name = "UTC" if zone is None and not moment.utcoffset() else f"{moment:%Z}"
        return f"{moment:%Y-%m-%d %H:%M} {name}".rstrip()

    return _IN_UTC.sub(local, words)


def boot_seconds() -> float:
    """Seconds that count through suspension: of CLOCK_BOOTTIME, where there is none of the calendar,
    which is set now and then. For noticing that time has passed, not for measuring it."""
    source = getattr(time, "CLOCK_BOOTTIME", None)
    return time.time() if source is None else time.clock_gettime(source)


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)

    def ticks(self) -> float:
        """Seconds that count through suspension (CLOCK_BOOTTIME where there is one)."""
        source = getattr(time, "CLOCK_BOOTTIME", None)
        return time.monotonic() if source is None else time.clock_gettime(source)

    def boot(self) -> str:
        """The kernel's own name of this boot; where there is none, ticks compare within this process."""
        if getattr(time, "CLOCK_BOOTTIME", None) is None:
            return _THIS_PROCESS
        try:
            name = _BOOT_ID.read_text(encoding="ascii").strip()
            space = str(_TIME_NAMESPACE.readlink()) if _TIME_NAMESPACE.is_symlink() else ""
        except (OSError, ValueError):
            return _THIS_PROCESS
        return f"{name} {space}".strip() or _THIS_PROCESS


class FileClock:
    """The time that stands in a file as one ISO 8601 line, read at each look.

    A service and its sandbox that share the file can be moved through days together.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: datetime | None = None

    def now(self) -> datetime:
        """The moment in the file, in UTC. Raises ConfigError where it can't be read at first;
        later the last good moment stands in for a file that is just being written."""
        try:
            text = self._path.read_text(encoding="utf-8").strip()
            moment = datetime.fromisoformat(text)
        except (OSError, ValueError) as error:
            if self._last is not None:
                return self._last
            raise ConfigError(
                f"{self._path}: the clock file must hold one ISO 8601 moment with its offset, "
                f"such as 2026-11-23T09:00:00+01:00 ({error})"
            ) from error
        if moment.tzinfo is None:
            raise ConfigError(f"{self._path}: the moment {text} has no offset: write {text}+00:00")
        self._last = moment.astimezone(UTC)
        return self._last

    def ticks(self) -> float:
        """The file's moment as seconds: time that passes in the file passes everywhere."""
        return self.now().timestamp()

    def boot(self) -> str:
        """One for all processes that read the file."""
        return f"file {self._path.absolute()}"
