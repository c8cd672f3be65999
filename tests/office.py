"""An office on the mailbox in memory: the owner, the service, and colleagues who write."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from ackd.engine.daemon import Daemon
from ackd.ledger import SqlLedger
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import (
    Command,
    EffectKind,
    Letter,
    Mode,
    Promise,
    PromiseState,
    SeenTask,
    token_of,
)
from ackd.promise.lifecycle import FollowRules
from tests.clock import StepClock
from tests.people import ALICE, MONDAY, QUESTION, mail, settings

BOB = "bob@corp.example"
Q = "<q@corp.example>"
TASK = token_of(Q, EffectKind.TASK)
COMMANDS = {
    "ackd: acknowledge": Command.ACKNOWLEDGE,
    "ackd: not a question": Command.NOT_A_QUESTION,
    "ackd: can't help": Command.CANNOT_HELP,
    "ackd: need more": Command.NEED_MORE,
}


class Office:
    """A mailbox with the owner's service, and people who do things."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = StepClock(MONDAY)
        self.mailbox = MemoryMailbox(self.clock.now)
        self.daemon = self.start("first")
        self.daemon.run_pass()
        self.clock.move(timedelta(minutes=1))

    def start(self, ledger: str, mode: Mode = Mode.SEND, **rules: object) -> Daemon:
        made = SqlLedger(f"sqlite:///{self.folder / ledger}.sqlite", ALICE.address)
        follow = FollowRules(**{"moved": "tell", "commands": COMMANDS, **rules})  # type: ignore[arg-type]
        self.daemon = Daemon(self.mailbox, made, self.clock, replace(settings(mode=mode), follow=follow))
        return self.daemon

    def follows(self, **rules: object) -> None:
        """Other rules from now on."""
        follow = replace(self.daemon.settings.follow, **rules)  # type: ignore[arg-type]
        self.daemon.use(replace(self.daemon.settings, follow=follow))

    def work(self, minutes: float = 1) -> None:
        """Time passes, then the service does all that it can."""
        self.clock.move(timedelta(minutes=minutes))
        self.daemon.run_pass()

    def ask(self, name: str = "q", text: str = QUESTION, *, references: str = "", sender: str = BOB) -> None:
        """A colleague writes, and the service works on it."""
        self.mailbox.arrive(mail(name, text, references=references, sender=sender, at=self.clock.now()))
        self.work()

    def promise(self, message_id: str = Q) -> Promise:
        return self.daemon.ledger.snapshots([message_id])[message_id].promise

    def task(self, message_id: str = Q) -> SeenTask:
        (found,) = [t for _, t in self.mailbox.task_items.values() if t.message_id == message_id]
        return found

    def letters(self) -> list[Letter]:
        """What colleagues got."""
        return [letter for letter in self.mailbox.letters if letter.in_reply_to]

    def notices(self) -> list[Letter]:
        return [letter for letter in self.mailbox.letters if not letter.in_reply_to]

    def agree(self) -> None:
        """Task and promise say the same."""
        promise, task = self.promise(), self.task()
        assert task.is_complete == (promise.state in (PromiseState.KEPT, PromiseState.WITHDRAWN))
        if promise.state is PromiseState.OPEN:
            assert task.due_date == self.daemon.settings.calendar.local_date(promise.due)

    def command(self, name: str, *, on_task: bool) -> None:
        """The owner sets a category beside an own one."""
        self.mailbox.owner_categorizes(Q, "Mine", "Promised")
        if on_task:
            self.mailbox.owner_changes_task(TASK, categories=("Promised", name))
        else:
            self.mailbox.owner_categorizes(Q, "Mine", "Promised", name)
        self.work()
        self.work()

    def until_due(self) -> None:
        """The promised moment comes."""
        self.clock.move(self.promise().due - self.clock.now())
        self.work()
