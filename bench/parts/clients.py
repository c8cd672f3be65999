"""The two that are compared: ackd as its commands put it together, and a plain exchangelib script."""

from __future__ import annotations

import resource
from pathlib import Path

from ackd.engine import self_test
from ackd.engine.self_test import SelfTest
from ackd.errors import AckdError
from ackd.model import EffectState, SelfTestResult, ValueKey
from ackd.runtime.app import App
from bench.parts.cost import Cost, measured
from bench.parts.host import APP, PASSWORD
from bench.parts.plain import PlainScript
from bench.parts.plain_graph import PlainGraphScript
from bench.parts.resident import resident


class Ackd:
    """ackd with its configuration, its ledger on disk and its mailbox on a server."""

    def __init__(self, config: Path, clock: Path, *refuted: str) -> None:
        """`refuted` is what a self-test found not to hold."""
        self._app = App(config, clock)
        if refuted:
            results = tuple(SelfTestResult(one, False, "") for one in refuted)
            done = SelfTest(self._app.clock.now(), "", results)
            self._app.ledger.remember(ValueKey.SELF_TEST, self_test.dump(done))

    def work(self) -> Cost:
        """One pass, as the service makes it at each poll."""
        with measured() as cost:
            self._app.run_pass()
        return cost

    def try_work(self) -> tuple[Cost, str]:
        """One pass that may fail: its cost, and the name of the error of ackd's that ended it, or ""."""
        error = ""
        with measured() as cost:
            try:
                self._app.run_pass()
            except AckdError as problem:
                error = type(problem).__name__
        return cost, error

    def memory(self) -> tuple[float, float]:
        """Megabytes that this process holds, and that it held at most."""
        return resident(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6

    def parked(self) -> int:
        """How many effects wait for a person."""
        return self._app.ledger.count_effects(EffectState.PARKED)

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


class PlainGraph:
    """The plain script on Graph."""

    def __init__(self, url: str, authority: str, trusted: str, owner: str) -> None:
        self._script = PlainGraphScript(url, authority, trusted, owner, APP, PASSWORD)

    def work(self) -> Cost:
        """One poll."""
        with measured() as cost:
            self._script.poll()
        return cost

    def close(self) -> None:
        """Give back the connections."""
        self._script.session.close()
