"""How much is asked of Graph at once. Pure.

Graph answers four requests about a mailbox at a time, by Microsoft's word, and counts the parts of a batch as
requests. Whether the four are an app's for each mailbox or for all of them is unproven: so every 429 halves
what is asked at once, and it grows back slowly.
"""

from __future__ import annotations

LANES = 4  # requests that are under way at once
PARTS = 20  # of a batch
CALM = 20  # requests in a row, none of them slowed down, after which a little more is asked


class Pace:
    """How many parts a batch has, and how many of them are done at once."""

    def __init__(self) -> None:
        self.lanes, self.parts = LANES, PARTS
        self._calm = 0

    def slow_down(self) -> None:
        """The server said that it was too much."""
        self.lanes, self.parts = max(1, self.lanes // 2), max(LANES, self.parts // 2)
        self._calm = 0

    def went_well(self) -> None:
        """A request was answered, and nothing of it was too much."""
        self._calm += 1
        if self._calm >= CALM:
            self.lanes, self.parts = min(LANES, self.lanes + 1), min(PARTS, self.parts + LANES)
            self._calm = 0
