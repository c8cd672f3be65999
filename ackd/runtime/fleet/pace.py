"""How many passes go on at a time at one server: fewer while it asks for patience, more again as it answers
well. What it says of one mailbox alone slows that mailbox by its own wait (`spread.wait_after`)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ackd.errors import Busy, Failed

#: Of how many different mailboxes the server has to say that it is busy until it counts as busy itself.
SIGNS = 2


class Pace:
    """For the threads of a worker: half as many passes with each sign of a busy server, one more after as
    many that went well as go on at a time."""

    def __init__(self, most: int) -> None:
        self._most = self.allowed = most
        self._running = self._well = 0
        self._busy: set[str] = set()
        self._free = threading.Condition()

    @contextmanager
    def going(self, address: str, should_stop: Callable[[], bool]) -> Iterator[None]:
        """A pass, once there is room for it."""
        with self._free:
            while self._running >= self.allowed and not should_stop():
                self._free.wait(1.0)
            self._running += 1
        try:
            yield
        except Exception as error:
            is_busy = isinstance(error, Busy) or (isinstance(error, Failed) and error.wait is not None)
            self._saw(address, is_busy=is_busy)
            raise
        else:
            self._saw(address, is_busy=False)
        finally:
            with self._free:
                self._running -= 1
                self._free.notify()

    def _saw(self, address: str, *, is_busy: bool) -> None:
        with self._free:
            if is_busy:
                self._well = 0
                self._busy.add(address)
                if len(self._busy) >= SIGNS:
                    self.allowed = max(1, self.allowed // 2)
                    self._busy.clear()
                return
            self._well += 1
            if self._well >= self.allowed:
                self._well = 0
                self._busy.clear()
                self.allowed = min(self._most, self.allowed + 1)
