"""The one harness for stories: a mailbox, the ackds on it, the people around it, and time.

A `Scenario` is put together of small pieces, each of which can be had alone:

- a backend (`tests/backends.py`): the mailbox in memory, or in a sandbox over HTTP, and what people do there;
- machines (`tests/machine.py`): each has a clock, a ledger, settings and the process that runs;
- clocks (`tests/clock.py`): the server's, which moves when the story says so, and machines' own, which may be
  wrong;
- steps (`tests/steps.py`): each call of a port as a moment at which something may happen.

    scenario = Scenario(tmp_path).begin()       # in memory; a first pass: what was there before is history
    scenario.ask()                              # Bob asks, and ackd works on it
    scenario.answer()                           # Alice answers
    scenario.work(30)                           # half an hour later ackd does all that it can
    assert scenario.state() is PromiseState.KEPT

What a story says of "the" ackd is said of its first machine, or of that which it turned to by `start_on`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ackd.engine.daemon import Daemon
from ackd.engine.triage import Settings
from ackd.model import (
    Command,
    Duration,
    EffectKind,
    EffectState,
    OnMove,
    Promise,
    PromiseSnapshot,
    PromiseState,
    SeenTask,
    Summary,
    Unit,
    token_of,
)
from ackd.ports import Clock, Ledger
from ackd.promise.lifecycle import FollowRules
from tests.backends import Backend, InMemory, OverHttp
from tests.clock import StepClock
from tests.machine import Machine, changed
from tests.people import BOB, QUESTION, raw, settings
from tests.steps import Step

Q = "<q@corp.example>"
TASK = token_of(Q, EffectKind.TASK)
COMMANDS = {
    "ackd: acknowledge": Command.ACKNOWLEDGE,
    "ackd: not a question": Command.NOT_A_QUESTION,
    "ackd: can't help": Command.CANNOT_HELP,
    "ackd: need more": Command.NEED_MORE,
}
#: The owner follows promises: a moved task is told, categories are commands.
FOLLOWING = FollowRules(moved=OnMove.TELL, commands=COMMANDS)
HERE = "here"
SETTINGS = settings()  # one for all: its templates are read once


def message_id(name: str) -> str:
    """The Message-ID of a mail by its name."""
    return f"<{name}@corp.example>"


def grace(minutes: float) -> dict[str, Duration]:
    """Rules by which letters wait so long for the owner's own answer."""
    return dict.fromkeys(("grace", "grace_urgent"), Duration(minutes, Unit.MINUTES))


class Scenario:
    """One owner's mailbox with ackds on it. Time passes only by what is done here.

    Without a `folder` the ledgers are in memory. `base` are the settings of the first machine, `changes` what
    is otherwise in them (`tests.machine.changed`); `clock` makes a machine's clock from the server's; `once`:
    each pass is a process of its own."""

    def __init__(
        self,
        folder: Path | None = None,
        backend: Backend | None = None,
        *,
        base: Settings = SETTINGS,
        clock: Callable[[StepClock], Clock] = lambda server: server,
        once: bool = False,
        **changes: Any,
    ) -> None:
        self.folder = folder
        if folder:
            folder.mkdir(exist_ok=True)
        self.backend: Any = backend or InMemory()
        self._clock_of, self._once = clock, once
        self.machines: dict[str, Machine] = {}
        self._at = HERE
        self._base = changed(base, **changes)
        self.add(HERE, self._base)

    def add(self, name: str, settings: Settings) -> Machine:
        """One more machine, with a ledger of its own. Its process is started, and has done nothing."""
        file = self.folder / f"{name}.sqlite" if self.folder else None
        clock = self._clock_of(self.backend.clock)
        self.machines[name] = Machine(name, self.backend, clock, settings, file)
        return self.machines[name]

    def begin(self) -> Self:
        """All machines do their first pass; a minute later the story begins."""
        self.run(*self.machines)
        self.later(1)
        return self

    def close(self) -> None:
        for machine in self.machines.values():
            machine.close()
        self.backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- the parts ------------------------------------------------------------------------------

    @property
    def here(self) -> Machine:
        """The machine that the story is of."""
        return self.machines[self._at]

    @property
    def daemon(self) -> Daemon:
        return self.here.daemon

    @property
    def ledger(self) -> Ledger:
        return self.here.ledger

    @property
    def settings(self) -> Settings:
        return self.here.settings

    @property
    def mailbox(self) -> Any:
        """The mailbox in memory, on which people act; over HTTP as the first machine sees it."""
        return self.here.mailbox

    @property
    def clock(self) -> StepClock:
        """The server's clock."""
        return self.backend.clock  # type: ignore[no-any-return]

    @property
    def sandbox(self) -> Any:
        return self.backend.sandbox

    @property
    def owner(self) -> Any:
        """The owner's Outlook, over HTTP."""
        return self.backend.owner

    @property
    def bob(self) -> Any:
        """Bob's Outlook, over HTTP."""
        return self.backend.bob

    # --- time, and what ackd does in it ---------------------------------------------------------

    def later(self, minutes: float = 0, **span: float) -> None:
        """Time passes, everywhere."""
        self.clock.move(timedelta(minutes=minutes) + timedelta(**span))

    def run(self, *names: str) -> None:
        """Machines do all that they can, one after the other."""
        for name in names or (self._at,):
            self._pass(self.machines[name])

    def work(self, minutes: float = 1) -> Summary:
        """Time passes, then ackd does all that it can."""
        self.later(minutes)
        return self._pass(self.here)

    def until(self, moment: datetime) -> None:
        """A moment comes, and ackd does all that it can."""
        self.clock.move(moment - self.clock.now())
        self._pass(self.here)

    def _pass(self, machine: Machine) -> Summary:
        if self._once:
            machine.restart()
        return machine.run_pass()

    def until_due(self) -> None:
        """The promised moment comes, and a minute more."""
        self.clock.move(self.promise().due - self.clock.now())
        self.work()

    def use(self, **changes: Any) -> None:
        """Other settings from now on."""
        self.here.use(**changes)

    def follows(self, **rules: Any) -> None:
        """Promises are followed by other rules from now on."""
        self.use(follow=rules)

    def start(self, step: Step | None = None, **changes: Any) -> Daemon:
        """A new process, perhaps with other settings."""
        return self.here.start(step, **changes)

    def fresh(self, **changes: Any) -> Daemon:
        """A new process with the settings of the beginning and these changes."""
        self.here.start()
        self.daemon.use(changed(self._base, **changes))
        return self.daemon

    def turn_to(self, name: str) -> Daemon:
        """From now on the story is of another machine, which is as it was left."""
        self._at = name
        return self.daemon

    def start_on(self, name: str, **changes: Any) -> Daemon:
        """The same with a new process; a machine that isn't there yet begins with an empty ledger."""
        if name in self.machines:
            self.machines[name].start(**changes)
        else:
            self.add(name, changed(self.settings, **changes))
        return self.turn_to(name)

    # --- what people do -------------------------------------------------------------------------

    def deliver(self, name: str = "q", text: str = QUESTION, *, sender: str = BOB, **how: Any) -> str:
        """A colleague's mail comes in now; its Message-ID."""
        self.backend.deliver(raw(name, text, sender=sender, at=self.clock.now(), **how))
        return message_id(name)

    def ask(self, name: str = "q", text: str = QUESTION, **how: Any) -> str:
        """A colleague's mail comes in, and a minute later ackd works on it."""
        asked = self.deliver(name, text, **how)
        self.work()
        return asked

    def answer(self, question: str = Q, *text: str, to: str = BOB) -> None:
        """The owner answers a question."""
        self.backend.answer(question, *text, to=to)

    def move(self, day: date, question: str = Q) -> None:
        """The owner moves a task to another day."""
        self.backend.move(question, day)

    def tick(self, question: str = Q) -> None:
        """The owner ticks a task off."""
        self.backend.tick(question)

    def command(self, name: str, *, on_task: bool) -> None:
        """The owner sets a category beside an own one, on the mailbox in memory, and ackd works on it."""
        self.mailbox.owner_categorizes(Q, "Mine", "Promised")
        if on_task:
            self.mailbox.owner_changes_task(TASK, categories=("Promised", name))
        else:
            self.mailbox.owner_categorizes(Q, "Mine", "Promised", name)
        self.work()
        self.work()

    # --- how things stand -----------------------------------------------------------------------

    def snapshot(self, question: str = Q) -> PromiseSnapshot:
        return self.ledger.snapshots([question])[question]

    def promise(self, question: str = Q) -> Promise:
        return self.snapshot(question).promise

    def state(self, question: str = Q) -> PromiseState:
        return self.promise(question).state

    def states(self, kind: EffectKind = EffectKind.ACKNOWLEDGEMENT) -> list[EffectState]:
        """How the effects of a kind stand."""
        return [p.effect.state for p in self.ledger.in_state(*EffectState) if p.effect.kind is kind]

    def local_day(self, moment: datetime) -> date:
        """The owner's date at a moment."""
        return self.settings.calendar.local_date(moment)

    def letters(self) -> Any:
        """What colleagues got of ackd (over HTTP: Bob), the oldest first."""
        return self.backend.letters()

    def notices(self) -> Any:
        """What the owner got of ackd."""
        return self.backend.notices()

    def told(self) -> list[str]:
        """The questions that ackd's letters answer, a letter each; in memory."""
        return [letter.in_reply_to for letter in self.letters()]

    def tasked(self) -> list[str]:
        """The questions that have tasks, a task each; in memory."""
        return [task.message_id for task in self.backend.tasks()]

    def task(self, question: str = Q) -> SeenTask:
        """The one task of a question; in memory."""
        (found,) = [task for task in self.backend.tasks() if task.message_id == question]
        return found  # type: ignore[no-any-return]

    def agree(self) -> None:
        """Task and promise say the same."""
        promise = self.promise()
        is_complete, day = self._shown()
        assert is_complete == (promise.state in (PromiseState.KEPT, PromiseState.WITHDRAWN))
        if promise.state is PromiseState.OPEN:
            assert day == self.local_day(promise.due)
        assert not self.ledger.has_updates()

    def _shown(self) -> tuple[bool, date | None]:
        """Whether the task is complete, and its day as the mailbox shows it."""
        if isinstance(self.backend, OverHttp):
            return self.owner.task(Q).is_complete, date.fromisoformat(self.owner.due(Q))
        task = self.task()
        return task.is_complete, task.due_date
