"""Passes over any of a fleet's mailboxes in one process: the same `run_pass` as for one mailbox.

What mailboxes can share, they share: connections, tokens, settings that say the same. A pass begins by taking
up its mailbox in the ledger (`take_up`): from then on no worker that took it up before writes anything any
more, in the ledger or in the mailbox, whatever it slept through (docs/fleet.md, Two workers at one mailbox).
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ackd.clock import SystemClock
from ackd.config import Config
from ackd.config.fleet import Fleet
from ackd.engine import observations, self_test
from ackd.engine.context import PassContext
from ackd.engine.daemon import run_pass
from ackd.engine.owner_settings import Reader
from ackd.engine.triage import Settings
from ackd.errors import AckdError, ConfigError, LedgerError, Superseded
from ackd.mailbox import open_mailbox, transport
from ackd.model import Summary, ValueKey
from ackd.ports import Clock, Mailbox
from ackd.runtime.alarms import Alarms
from ackd.runtime.fleet import roster
from ackd.runtime.fleet.sign_in import FleetSignIn
from ackd.runtime.settings import settings_of, wanted_of

if TYPE_CHECKING:
    from ackd.runtime.ledgers import SharedDatabase, SqlLedger

log = logging.getLogger(__name__)

#: Seconds after which a pass asks the ledger once more whether the mailbox is still its own before it sends a
#: request.
SURE_FOR = 5.0
#: Seconds between two looks for alarms of a mailbox.
ALARMS_EVERY = 600.0


@dataclass(frozen=True, slots=True)
class _Known:
    """A mailbox's settings, and what they were made of."""

    config: Config
    told: str | None
    settings: Settings


class Passes:
    """For any number of threads, each of which does one pass at a time."""

    def __init__(
        self,
        fleet: Fleet,
        database: SharedDatabase,
        clock: Clock,
    ) -> None:
        """Raises ConfigError, and what opening a ledger raises."""
        self.fleet, self.database = fleet, database
        self.clock = clock
        self._connections = transport.SharedConnections()
        self._known: dict[str, _Known] = {}
        self._looked: dict[str, float] = {}
        self._configs: dict[tuple[str, bool], tuple[object, Config | ConfigError]] = {}
        own = database.ledger(roster.FLEET)
        self._holder = _holder(own)
        config, _ = fleet.of(fleet.member(roster.FLEET))
        self._sign_in = FleetSignIn(config, own, self.clock)

    def use(self, fleet: Fleet) -> None:
        """Go on by another configuration. Raises ConfigError, and goes on by the old one then."""
        config, _ = fleet.of(fleet.member(roster.FLEET))
        sign_in = FleetSignIn(config, self.database.ledger(roster.FLEET), self.clock)
        self.fleet, self._sign_in = fleet, sign_in
        self._known, self._configs = {}, {}

    def run(self, address: str, should_stop: Callable[[], bool] = lambda: False) -> Summary:
        """A pass over a mailbox. Raises AckdError: what stopped it stands in the mailbox's record, too."""
        ledger = self.database.ledger(address)
        if self._has_left(address, ledger):
            return Summary()
        with closing(ledger):
            ledger.take_up()
            try:
                with self._sign_in.trying(), ExitStack() as stack:
                    context = self._context(stack, ledger, address, should_stop)
                    summary = run_pass(context)
            except Superseded:
                raise  # the record is another worker's by now
            except Exception as error:
                self._remember(ledger, error)
                raise
            observations.pass_succeeded(ledger)
            self._look_for_alarms(ledger, address)
        return summary

    def _look_for_alarms(self, ledger: SqlLedger, address: str) -> None:
        """Now and then, whether the owner is to hear of something by mail."""
        now, known = self.clock.ticks(), self._known.get(address)
        if known is None or 0 <= now - self._looked.get(address, float("-inf")) < ALARMS_EVERY:
            return
        self._looked[address] = now
        Alarms(ledger, self.clock, lambda: known.config, lambda: known.settings).look()

    def _has_left(self, address: str, ledger: SqlLedger) -> bool:
        """Whether the group's last word is that it belongs to the fleet no more."""
        if self.fleet.config.group is None:
            return False
        return not roster.belongs(self.fleet, address, ledger.value(ValueKey.FLEET))

    def members_of(self, group: str, through: str) -> frozenset[str]:
        """Who belongs to a list, read through a mailbox. Raises AckdError."""
        ledger = self.database.ledger(through)
        with self._sign_in.trying(), ExitStack() as stack:
            mailbox, _ = self._open(stack, ledger, through, self.config_of(through))
            return mailbox.expand([group])

    def _context(
        self, stack: ExitStack, ledger: SqlLedger, address: str, should_stop: Callable[[], bool]
    ) -> PassContext:
        membership = ledger.value(ValueKey.FLEET) if self.fleet.config.group else None
        is_preview = roster.is_preview(self.fleet, address, membership, self.clock.now())
        config = self.config_of(address, is_preview=is_preview)
        mailbox, reader = self._open(stack, ledger, address, config)
        stack.enter_context(transport.before_each(Sure(ledger.check_taken_up, SystemClock().ticks)))
        settings = self._settings(address, config, reader)
        renewed = partial(self._renewed, address, config, mailbox, reader)
        return PassContext(mailbox, ledger, self.clock, settings, should_stop, renewed)

    def _open(
        self, stack: ExitStack, ledger: SqlLedger, address: str, config: Config
    ) -> tuple[Mailbox, Reader]:
        stack.enter_context(self._connections.used())
        reader = Reader(ledger, self.clock, is_begun=True)
        settings = self._settings(address, config, reader)
        tried = self_test.known(ledger)
        mailbox = open_mailbox(
            config,
            self._sign_in.secret,
            settings.calendar.zone,
            self.clock,
            refuted=tried.refuted if tried else (),
            tokens=self._sign_in.tokens,
        )
        stack.enter_context(closing(mailbox))
        return mailbox, reader

    def config_of(self, address: str, *, is_preview: bool = False) -> Config:
        """A mailbox's configuration, read anew where its owner's file is another one. Raises ConfigError,
        which is logged once."""
        key, member = (address, is_preview), self.fleet.member(address)
        state = _state_of(member.owner)
        known = self._configs.get(key)
        if known is None or known[0] != state:
            found: Config | ConfigError
            try:
                found, _ = self.fleet.of(member, is_preview=is_preview)
            except ConfigError as error:
                log.error("event=config-refused mailbox=%s: %s", self.database.ledger(address).mine, error)
                found = error
            known = self._configs[key] = state, found
        if isinstance(known[1], ConfigError):
            raise known[1]
        return known[1]

    def _settings(self, address: str, config: Config, reader: Reader) -> Settings:
        told = json.dumps(str(reader.known.settings)) if reader.known else None
        known = self._known.get(address)
        if known is None or known.config is not config or known.told != told:
            settings, _ = settings_of(config, reader.known)
            known = _Known(config, told, replace(settings, holder=self._holder))
            self._known[address] = known
        return known.settings

    def _renewed(self, address: str, config: Config, mailbox: Mailbox, reader: Reader) -> Settings | None:
        """Before mail is judged, and not more often than now and then: what the mailbox's own settings say of
        its owner's time."""
        if not wanted_of(config).of_mailbox or not reader.renew(mailbox):
            return None
        settings = self._settings(address, config, reader)
        mailbox.use_zone(settings.calendar.zone)
        return settings

    def _remember(self, ledger: SqlLedger, error: Exception) -> None:
        """Why a pass ended; of a bug only its kind, since its words may be a mail's."""
        words = str(error) if isinstance(error, AckdError) else "a mistake of ackd's own: see the log"
        try:
            if ledger.value(ValueKey.TROUBLE) != words:
                ledger.remember(ValueKey.TROUBLE, words)
            observations.pass_stopped(ledger, error, self.clock.now())
        except (LedgerError, Superseded) as lost:
            log.warning("event=ledger: %s", lost)


class Sure:
    """Asked right before anything goes out: whether the mailbox is still this pass's. The ledger is asked
    where some seconds have passed since it said so: a process that was frozen sends nothing more."""

    def __init__(self, check: Callable[[], None], ticks: Callable[[], float]) -> None:
        """`ticks` are the machine's own, which go on while a process is frozen."""
        self._check, self._ticks = check, ticks
        self._at = ticks()

    def __call__(self) -> None:
        """Raises Superseded, LedgerError."""
        while (now := self._ticks()) - self._at >= SURE_FOR:
            self._check()
            self._at = now  # of before the look: whoever is frozen in it looks again


def _state_of(file: Path | None) -> object:
    """By what a file's content is known to be the same; None where there is none."""
    try:
        found = file.stat() if file is not None else None
    except OSError:
        return None
    return None if found is None else (found.st_mtime_ns, found.st_size, found.st_ino)


def _holder(ledger: SqlLedger) -> str:
    """How all workers name themselves in a mailbox's lease: what one that died left behind is taken anew by
    the next."""
    while (known := ledger.value(ValueKey.FLEET)) is None:
        ledger.swap(ValueKey.FLEET, None, secrets.token_hex(16))
    return str(known)
