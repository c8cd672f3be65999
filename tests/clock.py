"""A clock that tests move."""

from __future__ import annotations

from datetime import datetime, timedelta


class StepClock:
    """The port `Clock`; time passes when `move` says so."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def ticks(self) -> float:
        return self._now.timestamp()

    def boot(self) -> str:
        return "one for all"

    def move(self, by: timedelta) -> None:
        self._now += by


class Skewed:
    """A machine's clock: it may be wrong, and it may be set; its ticks are always right."""

    def __init__(self, server: StepClock) -> None:
        self._server = server
        self.wrong_by = timedelta(0)
        self.boots = 0  # ticks of different boots have nothing in common

    def now(self) -> datetime:
        """What the machine takes for the time."""
        return self._server.now() + self.wrong_by

    def ticks(self) -> float:
        """Seconds that go on whatever happens to the clock."""
        return self._server.ticks() - 1e6 * self.boots

    def boot(self) -> str:
        """The name of this boot."""
        return f"{id(self)} {self.boots}"
