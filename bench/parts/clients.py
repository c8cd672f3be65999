"""The two that are compared: ackd as its commands put it together, and a plain exchangelib script."""

from __future__ import annotations

from pathlib import Path

from ackd.runtime.app import App
from bench.parts.cost import Cost, measured
from bench.parts.host import PASSWORD
from bench.parts.plain import PlainScript


class Ackd:
    """ackd with its configuration, its ledger on disk and its mailbox on EWS."""

    def __init__(self, config: Path, clock: Path) -> None:
        self._app = App(config, clock)

    def work(self) -> Cost:
        """One pass, as the service makes it at each poll."""
        with measured() as cost:
            self._app.run_pass()
        return cost

    def open_promises(self) -> int:
        """How many promises wait for the owner."""
        return self._app.ledger.count_open()

    def close(self) -> None:
        """Give back the ledger and the connection."""
        self._app.__exit__(None, None, None)


class Plain:
    """The plain script, for one mailbox or for several, one after the other."""

    def __init__(self, url: str, *owners: str) -> None:
        self._scripts = [PlainScript(url, owner, PASSWORD) for owner in owners]

    def work(self) -> Cost:
        """One poll of each mailbox."""
        with measured() as cost:
            for script in self._scripts:
                script.poll()
        return cost

    def close(self) -> None:
        """Give back the connections."""
        for script in self._scripts:
            script.account.protocol.close()
