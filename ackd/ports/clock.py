"""Time."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def ticks(self) -> float:
        """Seconds that never go back and count through suspension; their start is arbitrary."""
        ...

    def boot(self) -> str:
        """What `ticks` are counted from: ticks of one boot compare, in another process too. Empty
        where that isn't known."""
        ...
