"""A story that goes on with the ledger of an earlier ackd, and with a mailbox that holds what that one left
there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from ackd.ledger import SqlLedger
from ackd.model import (
    NOTICES,
    Address,
    Appointment,
    Done,
    EffectKind,
    Letter,
    Place,
    Promise,
    PromiseSnapshot,
    SeenTask,
    SentMail,
    Task,
    TaskChange,
    token_of,
)
from ackd.ports import Ledger, Mailbox
from tests.clock import StepClock
from tests.kept import EXPECTED
from tests.people import BOB, raw
from tests.scenario import message_id
from tests.system.commands import in_process

ALICE, CAROL = "alice@corp.example", "carol@partner.example"
TEAM = "team@corp.example"
MEMBERS = (BOB, "dora@partner.example")
LONG = timedelta(days=30)
q = message_id


class Kept(ABC):
    """The owner with today's ackd on a mailbox and a ledger that an earlier one left. Time passes only by
    `work` and `until`; what people do is done at the backend."""

    mailbox: Mailbox
    config: Path

    def __init__(self, folder: Path, mode: str, make: Callable[[datetime], Any]) -> None:
        self.folder, self.mode, self.clock_file = folder, mode, folder / "clock"
        self.known = EXPECTED[mode]["ledger"]
        self.held = EXPECTED[mode]["mailbox"]
        self.promises: dict[str, dict[str, Any]] = self.known["promises"]
        self.backend = make(datetime.fromisoformat(self.held["watermark"]))
        self.clock: StepClock = self.backend.clock
        self.mailbox = self.backend.open(self.clock, "kept")

    @abstractmethod
    def run_pass(self) -> None:
        """Today's ackd does all that it can."""

    # --- what people do ----------------------------------------------------------------------

    def arrive(self, mail: bytes) -> None:
        self.backend.deliver(mail)

    def answer(self, message_id: str) -> None:
        self.backend.answer(message_id)

    def tick(self, message_id: str) -> None:
        self.backend.tick(message_id)

    def move(self, message_id: str, day: date) -> None:
        self.backend.move(message_id, day)

    def send_draft(self, token: str) -> None:
        self.backend.send_draft(token)

    def throw_draft(self, token: str) -> None:
        self.backend.trash_draft(token)

    def go_to(self, moment: datetime) -> None:
        self.clock.move(moment - self.clock.now())

    def work(self, minutes: float = 1) -> None:
        self.until(self.clock.now() + timedelta(minutes=minutes))

    def until(self, moment: datetime) -> None:
        self.go_to(moment)
        self.run_pass()

    # --- the mailbox as it was left ----------------------------------------------------------

    def furnish(self) -> None:
        """Put into the mailbox what the data says that stood there, each thing at its time."""
        self.mailbox.set_watermark(datetime.fromisoformat(self.held["watermark"]))
        things = [(one["at"], 0, one) for one in self.held["questions"]]
        things += [(one["at"], 1, one) for one in self.held["sent"]]
        for at, is_sent, one in sorted(things, key=lambda thing: thing[:2]):
            self.go_to(datetime.fromisoformat(at))
            if not is_sent:
                self.arrive(raw(one["name"], one["text"], sender=one["sender"], at=self.clock.now()))
            elif one["token"]:
                self.put_sent(one["token"], one["in_reply_to"], one["to"])
            else:
                self.answer(one["in_reply_to"])
        self.go_to(datetime.fromisoformat(self.held["now"]))
        _done(self.mailbox.draft([self._letter(token) for token in self.held["drafts"]]))
        _done(self.mailbox.create_appointments([self._entry(token) for token in self.held["entries"]]))
        for task in self.held["tasks"]:
            self._put_task(task)
        if self.mode == "send":  # one of the two in doubt went out: the mailbox shows it only now
            self.put_sent(ack("late"), q("late"))

    def put_sent(self, token: str, question: str, to: str = BOB) -> None:
        """A letter of ours stands in Sent Items."""
        letter = Letter(
            token, Address(to), "Re: a question", "You will have it.", "<p>You will.</p>", question
        )
        _done(self.mailbox.send([letter]))

    def _letter(self, token: str) -> Letter:
        question = self._question(token)
        to = Address(self.promises[question]["asker"])
        return Letter(token, to, "Re: a question", "A draft.", "<p>A draft.</p>", question)

    def _entry(self, token: str) -> Appointment:
        due = datetime.fromisoformat(self.promises[self._question(token)]["due"])
        return Appointment(token, due, due + timedelta(minutes=15), "An answer is due", "")

    def _put_task(self, task: dict[str, Any]) -> None:
        promised, mid = datetime.fromisoformat(task["promised"]), task["message_id"]
        day, categories = date.fromisoformat(task["due_date"]), tuple(task["categories"])
        made = Task(
            task["token"], mid, task["asker"], promised, f"Answer {mid}", "", day, promised, categories
        )
        (done,) = self.mailbox.create_tasks([made])
        assert isinstance(done, Done), done
        if task["moves"] or task["is_complete"]:
            complete, moves = task["is_complete"], task["moves"]
            _done(
                self.mailbox.change_tasks(
                    [TaskChange(task["token"], done.item, done.key, moves=moves, complete=complete)]
                )
            )
        if task["is_deleted"]:
            self.mailbox.remove([task["token"]], for_good=False)

    def _question(self, token: str) -> str:
        return next(mid for mid, one in self.promises.items() if token in one["effects"])

    # --- how things stand --------------------------------------------------------------------

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger beside the service, as the commands open it."""
        ledger = SqlLedger(f"sqlite:///{self.folder / 'state' / 'ledger.sqlite'}", ALICE)
        try:
            yield ledger
        finally:
            ledger.close()

    def command(self, *words: str) -> str:
        """What a command of ackd's says, given beside the service."""
        self.clock_file.write_text(self.clock.now().isoformat(), encoding="ascii")
        done = in_process(*words, "--config", str(self.config), "--clock", str(self.clock_file))
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    def snapshot(self, name: str) -> PromiseSnapshot:
        with self.ledger() as ledger:
            return ledger.snapshots([q(name)])[q(name)]

    def promise(self, name: str) -> Promise:
        return self.snapshot(name).promise

    def sent(self) -> Counter[str]:
        """How often each letter of ours stands in Sent Items."""
        past = self.mailbox.past(self.clock.now() - LONG)
        return Counter(one.token for one in past if isinstance(one, SentMail) and one.token)

    def alarms(self) -> Counter[str]:
        """The mails to the owner that tell of an alarm, once each."""
        with self.ledger() as ledger:
            effects = ledger.snapshots([NOTICES])[NOTICES].effects
        return Counter(one.token for one in effects if one.kind is EffectKind.ALARM)

    def acknowledged(self, name: str) -> int:
        """How often a question's acknowledgement stands in Sent Items."""
        return self.sent()[ack(name)]

    def drafts(self) -> frozenset[str]:
        """Letters of ours that lie in Drafts."""
        with self.ledger() as ledger:
            snapshots = ledger.snapshots(self.promises).values()
        tokens = [effect.token for one in snapshots for effect in one.effects if effect.kind.is_letter]
        found = self.mailbox.find(tokens)
        return frozenset(token for token, place in found.items() if place is Place.DRAFTS)

    def tasks(self, name: str) -> list[SeenTask]:
        """The tasks of a question that weren't deleted."""
        return [one for one in self.mailbox.tasks() if one.message_id == q(name) and not one.is_deleted]


def ack(name: str) -> str:
    """The token of a question's acknowledgement."""
    return token_of(q(name), EffectKind.ACKNOWLEDGEMENT)


def _done(outcomes: list[Any]) -> None:
    assert all(isinstance(outcome, Done) for outcome in outcomes), outcomes
