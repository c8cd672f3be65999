"""The server to measure against: a sandbox, and what it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from exchange_sandbox import FileClock, Limits, Quirks, Sandbox
from exchange_sandbox.faults import ALWAYS
from exchange_sandbox.store.database import Store

PASSWORD = "sandbox"  # of mailboxes that live for seconds, on this machine only
APP = "11111111-0000-4000-8000-000000000001"  # may reach them all by Graph, with the same secret

_MADE = """
    SELECT count(*) FROM item JOIN folder ON item.folder = folder.id
    WHERE folder.distinguished IN ('sentitems', 'tasks')"""


@dataclass(frozen=True, slots=True)
class Traffic:
    """The requests of a mailbox's owner, by operation, and how many letters and tasks they made."""

    operations: tuple[str, ...]
    created: int

    @property
    def count(self) -> int:
        """How many requests."""
        return len(self.operations)


class Host:
    """A sandbox in a folder, on the clock in a file, for use in this process or `elsewhere`."""

    def __init__(
        self,
        folder: Path,
        clock: Path,
        people: Sequence[str],
        quirks: Sequence[str] = (),
        *,
        tls: bool = False,
    ) -> None:
        self._sandbox = Sandbox(
            folder,
            dict.fromkeys(people, PASSWORD),
            clock=FileClock(clock),
            quirks=Quirks.of(quirks),
            tls=tls,
            apps={APP: PASSWORD},
            limits=Limits(graph_connections=4),
        ).start()
        self._folder, self._made = folder, 0

    def url(self) -> str:
        """Where it serves."""
        return self._sandbox.url

    def graph_url(self) -> str:
        """Where its Graph face is."""
        return self._sandbox.graph_url

    def sign_in_url(self) -> str:
        """Where tokens for that are had."""
        return self._sandbox.sign_in_url

    def trusted(self) -> str:
        """The certificate to trust, "" where it serves by plain http."""
        return str(self._sandbox.authority or "")

    def deliver(self, mails: Sequence[tuple[str, bytes]]) -> None:
        """Let mails arrive, each given with its recipient."""
        for to, raw in mails:
            self._sandbox.deliver(raw, to)

    def traffic(self) -> Traffic:
        """What was asked since the last look. Requests without a sign-in, by which clients ask how
        to sign in, don't count."""
        served = [one for one in self._sandbox.requests.all() if one.operation]
        self._sandbox.requests.clear()
        before, self._made = self._made, self._count_made()
        return Traffic(tuple(one.operation for one in served), self._made - before)

    def _count_made(self) -> int:
        store = Store(self._folder)
        try:
            with store.read() as db:
                return int(db.execute(_MADE).fetchone()[0])
        finally:
            store.close()

    def answer_late(self, seconds: float) -> None:
        """Take so long for each answer from now on, as a server that is not on this machine does."""
        self._sandbox.faults.add("*", "slow", seconds, times=ALWAYS)

    def close(self) -> None:
        """Stop serving."""
        self._sandbox.stop()
