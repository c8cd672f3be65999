"""When a server that autodiscover found counts as lost, as after a mailbox was moved to another one."""

from __future__ import annotations

from ackd.errors import Unreachable

#: Seconds without a pass that reached the server after which autodiscover is asked whether there is another
#: one, and until it is asked again.
AFTER, AGAIN = 60.0, 600.0


class LostServer:
    """What passes met. `look_anew`: the next one asks where the server is."""

    def __init__(self) -> None:
        self.look_anew = False
        self._since: float | None = None
        self._wait = AFTER

    def ended(self, error: Exception | None, endpoint: str, now: float) -> bool:
        """A pass ended, with an error or None, at these ticks. Returns whether the server counts as lost."""
        if not isinstance(error, Unreachable) or endpoint != "autodiscover":
            self._since = None
            return False
        if self._since is None:
            self._since, self._wait = now, AFTER
        if now - self._since < self._wait:
            return False
        self._since, self._wait, self.look_anew = now, AGAIN, True
        return True
