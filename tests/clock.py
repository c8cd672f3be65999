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
