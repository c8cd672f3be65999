"""What was asked of the sandbox: so that tests and benchmarks can count."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Served:
    """One request: the operation (empty if it was none), who asked (empty before sign-in), about how many
    items, the HTTP status (0 if the connection was cut), how many seconds it took, and the fault it met."""

    operation: str
    mailbox: str
    items: int
    status: int
    seconds: float
    fault: str = ""


class RequestLog:
    """The requests in the order in which they were answered. Thread-safe; the oldest are forgotten."""

    _LONGEST = 100_000

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._served: list[Served] = []

    def add(self, served: Served) -> None:
        """Note a request."""
        with self._lock:
            self._served.append(served)
            if len(self._served) > self._LONGEST:
                del self._served[: self._LONGEST // 2]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._served.clear()

    def all(self) -> list[Served]:
        """A copy of all entries."""
        with self._lock:
            return list(self._served)

    def count(self, operation: str | None = None) -> int:
        """How many requests there were, of one operation or of all. Those without a sign-in, which clients
        send to be asked for it, do not count."""
        return sum(one.operation == operation if operation else bool(one.operation) for one in self.all())

    def operations(self) -> list[str]:
        """The operations in their order."""
        return [one.operation for one in self.all() if one.operation]

    def __iter__(self) -> Iterator[Served]:
        return iter(self.all())

    def __len__(self) -> int:
        return self.count()
