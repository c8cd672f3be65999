"""What a benchmark gives back: one row a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SECONDS = "s"  # shown as a ratio only: seconds say more about the machine than about ackd


class Broken(Exception):
    """A benchmark measured something else than it says; its figures would mislead."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of ackd's, in its unit, and the same of a peer from the same run.

    `at_most` and `at_least` are aims: where one doesn't hold, the run fails.
    """

    figure: str
    ackd: float
    unit: str
    peer: float | None = None
    peer_name: str = ""
    at_most: float | None = None
    at_least: float | None = None
    more_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times better ackd is than the peer; below 1 it is worse."""
        if self.peer is None:
            return None
        better, worse = (self.ackd, self.peer) if self.more_is_better else (self.peer, self.ackd)
        return better / worse if worse else None

    @property
    def aim(self) -> str:
        """The aim in words, "" where there is none."""
        parts = [
            f"{sign} {value:g}"
            for sign, value in (("≥", self.at_least), ("≤", self.at_most))
            if value is not None
        ]
        return ", ".join(parts)

    @property
    def holds(self) -> bool:
        """Whether the aim holds; true where there is none."""
        return (self.at_most is None or self.ackd <= self.at_most) and (
            self.at_least is None or self.ackd >= self.at_least
        )

    def as_json(self) -> dict[str, Any]:
        """Everything of the row, seconds too."""
        return {
            "figure": self.figure,
            "ackd": self.ackd,
            "unit": self.unit,
            "peer": self.peer,
            "peer_name": self.peer_name,
            "ratio": self.ratio,
            "aim": self.aim,
            "holds": self.holds,
        }
