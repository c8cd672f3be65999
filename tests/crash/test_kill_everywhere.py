"""The daemon is killed before and after every call of a port, and started again: always exactly
one acknowledgement and one task for each question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ackd.engine.daemon import Daemon
from ackd.errors import AckdError
from ackd.ledger import SqlLedger
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import Appointment, EffectKind, EffectState, Outcome, token_of
from tests.clock import StepClock
from tests.crash.shares import shared
from tests.people import ALICE, MONDAY, mail, settings
from tests.property.world import PlainLetters

QUESTIONS = 2
SHARES = 12


class Killed(BaseException):
    """The process is gone."""


class Mortal:
    """A port whose process dies at the n-th step; a call has a step before and one after."""

    def __init__(self, port: Any, fuse: list[int]) -> None:
        self._port = port
        self._fuse = fuse

    def _burn(self) -> None:
        self._fuse[0] -= 1
        if self._fuse[0] == 0:
            raise Killed

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._port, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self._burn()
            result = method(*args, **kwargs)
            self._burn()
            return result

        return call


class Diary(MemoryMailbox):
    """A mailbox that counts the calendar entries that were made, by question."""

    entered: Counter[str]

    def create_appointments(self, appointments: Sequence[Appointment]) -> list[Outcome]:
        """Make calendar entries, and count those that were made, told or not."""
        before = self.fail_next == "before"
        self.entered.update(() if before else (appointment.token for appointment in appointments))
        return super().create_appointments(appointments)


class Office:
    """A mailbox that outlives the daemon, and the daemon's ledger file. With `entry` the promised
    moments stand in the calendar too."""

    def __init__(self, folder: Path, *, entry: bool = False) -> None:
        self.clock = StepClock(MONDAY)
        self.mailbox = Diary(self.clock.now)
        self.mailbox.entered = Counter()
        self.settings = replace(settings(), letters=PlainLetters())
        self.settings = replace(self.settings, rules=replace(self.settings.rules, calendar_entry=entry))
        self.url = f"sqlite:///{folder / 'ledger.sqlite'}"
        self.run(fuse=0)  # the first pass sets the watermark
        self.clock.move(timedelta(seconds=10))

    def run(self, fuse: int) -> int:
        """One process's life: a pass that dies at the step `fuse` (0: never); returns how many
        steps it took."""
        left = [fuse]
        ledger = SqlLedger(self.url, ALICE.address)
        ports = [Mortal(port, left) for port in (self.mailbox, ledger)]
        try:
            Daemon(ports[0], ports[1], self.clock, self.settings).run_pass()
        except Killed:
            pass
        finally:
            ledger.close()
        return fuse - left[0]

    def live_on(self) -> None:
        """Passes of new processes until nothing is left to wait for."""
        for _ in range(3):
            self.run(fuse=0)
            self.clock.move(timedelta(minutes=11))

    def check(self, questions: int) -> None:
        answered = Counter(letter.in_reply_to for letter in self.mailbox.letters)
        tasks = Counter(task.message_id for task, _ in self.mailbox.task_items.values())
        wanted = Counter(f"<q{n}@corp.example>" for n in range(questions))
        assert answered == wanted
        assert tasks == wanted
        is_entered = self.settings.rules.calendar_entry
        entries = Counter(token_of(name, EffectKind.APPOINTMENT) for name in wanted if is_entered)
        assert self.mailbox.entered == entries
        ledger = SqlLedger(self.url, ALICE.address)
        assert len(ledger.open_promises()) == questions
        assert ledger.in_state(*(s for s in EffectState if s is not EffectState.DONE)) == ()
        ledger.close()


def play(folder: Path, fuse: int, *, questions: int = QUESTIONS, entry: bool = False) -> int:
    office = Office(folder, entry=entry)
    for number in range(questions):
        office.mailbox.arrive(mail(f"q{number}"))
    office.mailbox.arrive(mail("thanks", "Thanks, that was all I needed!"))
    steps = office.run(fuse)
    office.live_on()
    office.check(questions)
    return steps


@pytest.fixture
def folder() -> Iterator[Path]:
    """A place for ledgers without fsync's wait, where there is such a place."""
    memory = Path("/dev/shm")  # noqa: S108
    with TemporaryDirectory(prefix="ackd-", dir=memory if memory.is_dir() else None) as made:
        yield Path(made)


def fresh(folder: Path, name: int) -> Path:
    made = folder / str(name)
    made.mkdir()
    return made


@shared("share", SHARES)
def test_killed_at_every_step(folder: Path, share: int) -> None:
    whole = play(folder, fuse=10_000)
    assert whole > 100
    for fuse in range(1 + share, whole + 1, SHARES):
        play(fresh(folder, fuse), fuse)


@shared("share", 4)
def test_killed_at_every_step_with_a_calendar_entry(folder: Path, share: int) -> None:
    """What comes after the letter: before it nothing differs."""
    whole = play(folder, fuse=10_000, questions=1, entry=True)
    for fuse in range(whole * 3 // 4 + share, whole + 1, 4):
        play(fresh(folder, fuse), fuse, questions=1, entry=True)


def told_failed(folder: Path, fuse: int) -> tuple[int, str]:
    """Three questions, whose letters fail at the last one: the steps, and what its effect is in the end."""
    office = Office(folder)
    for number in range(3):
        office.mailbox.arrive(mail(f"q{number}"))
    office.mailbox.fail_next = "told"
    steps = office.run(fuse)
    office.live_on()
    answered = Counter(letter.in_reply_to for letter in office.mailbox.letters)
    (lost,) = office.mailbox.undelivered
    assert len(answered) == answered.total() == 2
    ledger = SqlLedger(office.url, ALICE.address)
    (state,) = (p.effect.state.value for p in ledger.in_state(*EffectState) if p.effect.token == lost.token)
    others = ledger.in_state(EffectState.UNKNOWN, EffectState.ATTEMPTING, EffectState.PLANNED)
    ledger.close()
    assert {p.effect.message_id for p in others} <= {lost.in_reply_to}, "its task waits"
    return steps, state


@shared("share", SHARES)
def test_the_doubt_of_a_letter_that_failed_outlives_a_kill_at_every_step(folder: Path, share: int) -> None:
    whole, state = told_failed(folder, 10_000)
    assert state == "parked"
    found = [told_failed(fresh(folder, fuse), fuse)[1] for fuse in range(1 + share, whole + 1, SHARES)]
    # two steps lie between the server's answer and its being written down: who dies there knows of no
    # failure, only of a copy
    assert found.count("done") <= 2
    assert found.count("parked") == len(found) - found.count("done")


def test_a_doubtful_letter_is_looked_for_then_sent_once_more_then_parked(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.mailbox.arrive(mail("q"))
    for expected in ("unknown", "unknown", "parked"):
        office.mailbox.fail_next = "before"
        office.run(fuse=0)
        ledger = SqlLedger(office.url, ALICE.address)
        states = {p.effect.kind.value: p.effect.state.value for p in ledger.in_state(*EffectState)}
        ledger.close()
        assert states == {"acknowledgement": expected, "task": "planned"}
        office.clock.move(timedelta(minutes=11))
    office.mailbox.fail_next = ""
    office.live_on()
    assert office.mailbox.letters == []


def test_an_error_of_the_mailbox_is_raised_and_the_next_pass_goes_on(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.mailbox.arrive(mail("q"))
    ledger = SqlLedger(office.url, ALICE.address)

    class Down(Mortal):
        def _burn(self) -> None:
            raise AckdError("down")

    with pytest.raises(AckdError, match="down"):
        Daemon(Down(office.mailbox, []), ledger, office.clock, settings()).run_pass()
    ledger.close()
    office.live_on()
    assert len(office.mailbox.letters) == 1
