"""What a worker does, whatever queue it is told by: whose turn it is, a pass, the group's members."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ackd.config.fleet import Fleet, load_fleet
from ackd.errors import AckdError, ConfigError
from ackd.ports import Clock
from ackd.runtime.file_watch import Watch
from ackd.runtime.fleet import roster, spread
from ackd.runtime.fleet.metrics import Metrics
from ackd.runtime.fleet.pace import Pace
from ackd.runtime.fleet.passes import Passes
from ackd.runtime.logs import beside

if TYPE_CHECKING:
    from ackd.runtime.ledgers import SharedDatabase

log = logging.getLogger(__name__)

#: Seconds for which it is believed who belongs to the group, until the database is asked again.
BELIEVED = 30.0


@dataclass(frozen=True, slots=True)
class Turns:
    """Whose turn it is: first those in whose mailboxes something is due."""

    urgent: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class Work:
    """The work of one process, for its threads."""

    def __init__(self, fleet: Fleet, database: SharedDatabase, clock: Clock, metrics: Metrics) -> None:
        """Raises ConfigError, and what opening a ledger raises."""
        self.fleet, self.database, self.clock, self.metrics = fleet, database, clock, metrics
        self.passes = Passes(fleet, database, clock)
        self.threads = fleet.config.worker.threads
        self.heartbeat = fleet.config.worker.heartbeat.elapsed.total_seconds()
        self.poll = fleet.config.poll.elapsed
        self.tick = spread.tick(self.poll)
        self.failed: set[str] = set()  # in whose mailboxes a pass failed
        self._pace = Pace(self.threads)
        self._watch = Watch(fleet.path)
        self._stop = threading.Event()
        self._guard = threading.Lock()
        self._members: frozenset[str] = frozenset()
        self._asked: float | None = None

    def stop(self) -> None:
        """Passes end after the step at hand."""
        self._stop.set()

    def should_stop(self) -> bool:
        """Whether they do."""
        return self._stop.is_set()

    def run(self, address: str) -> None:
        """A pass over a mailbox; raises what stopped it. One that was taken out of the fleet meanwhile has
        none."""
        if self._stop.is_set() or address not in self.members():
            return
        with beside(mailbox=self.database.ledger(address).mine), self._pace.going(address, self._stop.is_set):
            with self.metrics.a_pass():
                try:
                    summary = self.passes.run(address, self._stop.is_set)
                except AckdError as error:
                    self.failed.add(address)
                    log.warning("event=waiting: %s", error)
                    raise
                except Exception as error:
                    self.failed.add(address)
                    log.error("event=bug: %s at %s", type(error).__name__, place_of(error))
                    raise
            self.metrics.sent(summary.acknowledged)

    def members(self) -> frozenset[str]:
        """Who belongs to the fleet, as it was known a short while ago. Raises LedgerError."""
        now = time.monotonic()
        with self._guard:
            if self._asked is None or now - self._asked > BELIEVED:
                self._take_up_config()
                is_grouped = self.fleet.config.group is not None
                belonging = roster.belonging(
                    self.fleet, roster.memberships(self.database) if is_grouped else {}
                )
                self._members, self._asked = frozenset(one.address for one in belonging), now
            return self._members

    def turns(self, timestamp: float) -> Turns:
        """Whose turn begins at a moment (seconds since the epoch). Raises LedgerError."""
        found = spread.whose_turn(sorted(self.members()), timestamp, self.poll)
        usable = [one for one in found if self.is_usable(one)]
        due = self.database.with_due(usable, self.clock.now())
        self.metrics.ticked()
        return Turns(
            tuple(one for one in usable if one in due), tuple(one for one in usable if one not in due)
        )

    def regroup(self) -> None:
        """Read the group's members. Raises AckdError."""
        group = self.fleet.config.group
        if group is None:
            return
        through = group.ask_as or self.fleet.members[0].address
        members = self.passes.members_of(group.address, through.lower())
        roster.regroup(self.database, members, self.fleet, self.clock.now())
        with self._guard:
            self._asked = None

    def is_usable(self, address: str) -> bool:
        """Whether its owner's file can be used; if not, `ackd fleet status` says why."""
        try:
            self.passes.config_of(address)
        except ConfigError:
            return False
        return True

    def _take_up_config(self) -> None:
        """Go on by a changed `fleet.yaml` if it is valid; if not, the old one stays, and the log says why."""
        if not self._watch.changed():
            return
        try:
            fleet = load_fleet(self.fleet.path)
            if _lasting(fleet) != _lasting(self.fleet):
                raise ConfigError(f"{fleet.path}: database, poll and worker are taken up by a restart alone")
            self.passes.use(fleet)
        except AckdError as error:
            log.error("event=config-refused: the old configuration stays: %s", error)
            return
        self.fleet = fleet
        log.info("event=config-taken-up")


def _lasting(fleet: Fleet) -> object:
    """What holds as long as a worker runs."""
    config = fleet.config
    return config.database, config.poll, config.worker


def place_of(error: BaseException) -> str:
    """Where an error came from, without its text, which may hold parts of a mail."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"
