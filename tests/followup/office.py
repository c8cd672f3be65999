"""An office over real HTTP: a sandbox, an ackd on it, and the owner and a colleague, each with their
own Outlook."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ackd.engine.daemon import Daemon
from ackd.engine.triage import Settings
from ackd.ledger import SqlLedger
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.model import Command, Promise, PromiseSnapshot, PromiseState, WorkingHours
from ackd.promise.calendar import make
from ackd.promise.lifecycle import FollowRules
from exchange_sandbox import Quirks, Sandbox
from tests.clock import StepClock
from tests.followup.outlook import PASSWORD, Outlook
from tests.people import ALICE, MONDAY, QUESTION, raw, settings

BOB, CAROL = "bob@corp.example", "carol@corp.example"
Q = "<q@corp.example>"
SETTINGS = settings()  # one for all: its templates are read once
COMMANDS = {
    "ackd: acknowledge": Command.ACKNOWLEDGE,
    "ackd: not a question": Command.NOT_A_QUESTION,
    "ackd: can't help": Command.CANNOT_HELP,
    "ackd: need more": Command.NEED_MORE,
}
ALL_QUIRKS = Quirks.of(["all"])


def at_work(zone: str = "Europe/Berlin", **rules: Any) -> Settings:
    """The owner's settings, in a time zone and with rules for what comes after."""
    follow = FollowRules(**{"moved": "tell", "commands": COMMANDS, **rules})
    made = replace(SETTINGS, follow=follow)
    if zone == "Europe/Berlin":
        return made
    return replace(made, calendar=make(ZoneInfo(zone), WorkingHours.office()))


@dataclass
class Office:
    """A place where time passes only by `work`. With `copy_of` it begins as another one ended."""

    folder: Path
    zone: str = "Europe/Berlin"
    quirks: Quirks = field(default_factory=Quirks)
    start: datetime = MONDAY
    rules: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = StepClock(self.start)
        people = dict.fromkeys((ALICE.address, BOB, CAROL), PASSWORD)
        data = self.folder / "exchange"
        known = {} if data.exists() else people
        self.sandbox = Sandbox(data, known, clock=self.clock.now, quirks=self.quirks).start()
        self.owner = Outlook(self.sandbox.url, ALICE.address, self.zone)
        self._bob: Outlook | None = None
        self.settings = at_work(self.zone, **self.rules)
        self.open("first")

    def open(self, ledger: str) -> Daemon:
        """An ackd that was just started, on a ledger by its name."""
        access = Access(ALICE.address, self.sandbox.url, ALICE.address, PASSWORD)
        mailbox = EwsMailbox(access, zone=ZoneInfo(self.zone), clock=self.clock)
        made = SqlLedger(f"sqlite:///{self.folder / ledger}.sqlite", ALICE.address)
        self.daemon = Daemon(mailbox, made, self.clock, self.settings)
        return self.daemon

    def close(self) -> None:
        self.daemon.mailbox.close()
        self.daemon.ledger.close()
        self.owner.close()
        if self._bob:
            self._bob.close()
        self.sandbox.stop()

    def copy_to(self, folder: Path) -> None:
        """What another office may begin with; this one is closed."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)

    @property
    def bob(self) -> Outlook:
        """The colleague who asks."""
        self._bob = self._bob or Outlook(self.sandbox.url, BOB, self.zone)
        return self._bob

    def follows(self, **rules: Any) -> None:
        """Other rules from now on."""
        self.settings = replace(self.settings, follow=replace(self.settings.follow, **rules))
        self.daemon.use(self.settings)

    # --- time, and what ackd does in it -----------------------------------------------------

    def later(self, minutes: float) -> None:
        self.clock.move(timedelta(minutes=minutes))

    def work(self, minutes: float = 1) -> None:
        """Time passes, then ackd does all that it can."""
        self.later(minutes)
        self.daemon.run_pass()

    def until(self, moment: datetime) -> None:
        self.clock.move(moment - self.clock.now())
        self.daemon.run_pass()

    def deliver(self, name: str = "q", text: str = QUESTION, *, sender: str = BOB, **how: Any) -> str:
        """A colleague's mail comes in; its Message-ID."""
        self.sandbox.deliver(raw(name, text, sender=sender, at=self.clock.now(), **how), ALICE.address)
        return f"<{name}@corp.example>"

    def ask(self, name: str = "q", text: str = QUESTION, **how: Any) -> str:
        """A colleague writes, and ackd works on it."""
        message_id = self.deliver(name, text, **how)
        self.work()
        return message_id

    # --- how things stand -------------------------------------------------------------------

    def snapshot(self, message_id: str = Q) -> PromiseSnapshot:
        return self.daemon.ledger.snapshots([message_id])[message_id]

    def promise(self, message_id: str = Q) -> Promise:
        return self.snapshot(message_id).promise

    def state(self) -> PromiseState:
        return self.promise().state

    def local_day(self, moment: datetime) -> date:
        return self.settings.calendar.local_date(moment)

    def letters(self) -> list[Any]:
        """What the colleague got, the oldest first."""
        return self.bob.received()

    def notices(self) -> list[Any]:
        """What the owner got of ackd."""
        return [mail for mail in self.owner.received() if mail.author.email_address == ALICE.address]

    def agree(self) -> None:
        """The task as Outlook shows it and the promise as the ledger knows it say the same."""
        promise, task = self.promise(), self.owner.task(Q)
        assert task.is_complete == (promise.state in (PromiseState.KEPT, PromiseState.WITHDRAWN))
        if promise.state is PromiseState.OPEN:
            assert self.owner.due(Q) == self.local_day(promise.due).isoformat()
        assert not self.daemon.ledger.has_updates()
