"""The server to measure against: a sandbox, and what it was asked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from exchange_sandbox import FileClock, Limits, Quirks, Sandbox
from exchange_sandbox.faults import ALWAYS
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.schema import Key

PASSWORD = "sandbox"  # of mailboxes that live for seconds, on this machine only
APP = "11111111-0000-4000-8000-000000000001"  # may reach them all by Graph, with the same secret

_MADE = """
    SELECT count(*) FROM item JOIN folder ON item.folder = folder.id
    WHERE folder.distinguished IN ('sentitems', 'tasks')"""


_BAGS = """
    SELECT item.bag FROM item JOIN folder ON item.folder = folder.id WHERE folder.distinguished = ?"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the owners' mailboxes: letters, tasks, and what stands more than once, by the mail that
    a letter answers and by the subject of a task."""

    letters: int
    tasks: int
    twice: tuple[str, ...]


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

    def standing(self) -> Standing:
        """What stands in Sent Items as an answer, and in Tasks."""
        letters = Counter(
            str(bag[Key.IN_REPLY_TO]) for bag in self._bags("sentitems") if Key.IN_REPLY_TO in bag
        )
        tasks = Counter(str(bag[Key.SUBJECT]) for bag in self._bags("tasks"))
        twice = [name for counted in (letters, tasks) for name, count in counted.items() if count > 1]
        return Standing(letters.total(), tasks.total(), tuple(sorted(twice)))

    def _bags(self, folder: str) -> list[dict[str, object]]:
        store = Store(self._folder)
        try:
            with store.read() as db:
                return [json.loads(bag) for (bag,) in db.execute(_BAGS, (folder,)).fetchall()]
        finally:
            store.close()

    def fail(self, operation: str, kind: str) -> None:
        """Let the next request of this operation fail in this way."""
        self._sandbox.faults.add(operation, kind)

    def heal(self) -> None:
        """No fault that wasn't met comes any more."""
        self._sandbox.faults.clear()

    def writes(self, kind: str) -> tuple[str, ...]:
        """The operations by which a way to the mailbox (ews, graph) writes."""
        return ("CreateItem",) if kind == "ews" else ("messages.create", "messages.send", "tasks.create")

    def answer_late(self, seconds: float) -> None:
        """Take so long for each answer from now on, as a server that is not on this machine does."""
        self._sandbox.faults.add("*", "slow", seconds, times=ALWAYS)

    def close(self) -> None:
        """Stop serving."""
        self._sandbox.stop()
