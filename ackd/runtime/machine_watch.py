"""What happens around the service that makes waiting pointless: the machine woke up, or its network
is another one. Looked for by comparing clocks and a few small files of the system; where a system
doesn't have them, nothing is ever noticed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from ackd.clock import boot_seconds

#: What shows the network on Linux: routes, addresses, name servers.
ROUTES = (Path("/proc/net/route"), Path("/proc/net/if_inet6"))
NAME_SERVERS = (Path("/etc/resolv.conf"), Path("/run/systemd/resolve/resolv.conf"))
ASLEEP = 5.0  # seconds that count as sleep; clocks drift by less between two looks

_LARGEST = 64 * 1024


class Surroundings:
    """Remembers how things were, and says what has changed. `boot` counts the seconds of a suspended
    machine, `awake` doesn't; `wall` is the machine's clock, which is set now and then."""

    def __init__(
        self,
        *,
        boot: Callable[[], float] = boot_seconds,
        awake: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        files: Sequence[Path] = (*ROUTES, *NAME_SERVERS),
    ) -> None:
        self.awake = awake
        self._boot = boot
        self._wall = wall
        self._files = files
        self._ahead = wall() - awake()
        self._slept = boot() - awake()
        self._network = self._look()

    def woke_up(self) -> bool:
        """Whether the machine was suspended since this was asked last."""
        before, self._slept = self._slept, self._boot() - self.awake()
        return self._slept - before >= ASLEEP

    def set_back(self) -> timedelta:
        """By how much the machine's clock was set back since this was asked last."""
        before, self._ahead = self._ahead, self._wall() - self.awake()
        return timedelta(seconds=max(before - self._ahead, 0.0))

    def remember_network(self) -> None:
        """The network as it is now is the one that `is_other_network` compares with."""
        self._network = self._look()

    def is_other_network(self) -> bool:
        """Whether the network changed since it was remembered."""
        return self._look() != self._network

    def _look(self) -> tuple[bytes, ...]:
        return tuple(map(_content, self._files))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError:
        return b""
