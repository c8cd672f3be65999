"""Silence (docs/design.md, E) as a property: whatever the owner switches, in whichever order, nothing goes
out that an earlier mode or a hold left unsent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ackd.engine import hold
from ackd.engine.daemon import Daemon
from ackd.ledger import SqlLedger
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import Mode
from tests.clock import StepClock
from tests.people import ALICE, MONDAY, mail
from tests.people import settings as alices

GRACE = 30.0  # minutes
MOVES = (
    "mail",
    "later",
    "much later",
    "preview",
    "draft",
    "send",
    "pause",
    "resume",
    "restart",
    "sends a draft",
)


@dataclass
class World:
    """Alice's ackd, and for each question the switches that were thrown since it came."""

    folder: Path
    clock: StepClock = field(default_factory=lambda: StepClock(MONDAY))
    mode: Mode = Mode.PREVIEW
    held: bool = False
    epoch: int = 0  # grows with each switch that leaves unsent what is unsent
    came: dict[str, tuple[int, Mode, bool]] = field(default_factory=dict)
    by_hand: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.mailbox = MemoryMailbox(self.clock.now)
        self.daemon = self._daemon()
        self.daemon.run_pass()
        self.clock.move(timedelta(minutes=1))

    def _daemon(self) -> Daemon:
        ledger = SqlLedger(f"sqlite:///{self.folder / 'ledger.sqlite'}", ALICE.address)
        return Daemon(self.mailbox, ledger, self.clock, alices(grace_minutes=GRACE, mode=self.mode))

    def do(self, move: str) -> None:
        if move == "mail":
            name = f"q{len(self.came)}"
            self.mailbox.arrive(mail(name, sender=f"{name}@corp.example", at=self.clock.now()))
            self.came[f"<{name}@corp.example>"] = (self.epoch, self.mode, self.held)
        elif move == "later":
            self.clock.move(timedelta(minutes=7))
        elif move == "much later":
            self.clock.move(timedelta(minutes=GRACE + 1))
        elif move == "pause":
            hold.pause(self.daemon.ledger, self.clock.now())
            self.held = True
        elif move == "resume":
            hold.resume(self.daemon.ledger, self.clock.now())
            self.epoch += self.held
            self.held = False
        elif move == "restart":
            self.daemon.ledger.close()
            self.daemon = self._daemon()
        elif move == "sends a draft":
            for token, (letter, _) in list(self.mailbox.drafts.items())[:1]:
                self.by_hand.add(letter.in_reply_to)
                self.mailbox.owner_sends_draft(token)
        else:
            self._switch(Mode(move))
        self._pass()

    def _switch(self, mode: Mode) -> None:
        self.epoch += mode is not self.mode
        self.mode = mode
        self.daemon.use(replace(self.daemon.settings, mode=mode))

    def _pass(self) -> None:
        before = [letter.in_reply_to for letter in self.mailbox.letters]
        drafts = {letter.in_reply_to for letter, _ in self.mailbox.drafts.values()}
        self.daemon.run_pass()
        after = [letter.in_reply_to for letter in self.mailbox.letters]
        sent = after[len(before) :]
        drafted = {letter.in_reply_to for letter, _ in self.mailbox.drafts.values()} - drafts
        if self.mode is not Mode.SEND or self.held:
            assert sent == []
        if self.mode is not Mode.DRAFT or self.held:
            assert drafted == set()
        for question in (*sent, *drafted):
            assert self.came[question] == (self.epoch, self.mode, False), "left unsent by an earlier mode"
        assert len(set(after)) == len(after), "twice"


@example(["send", "mail", "pause", "much later", "resume", "much later"])
@example(["send", "mail", "draft", "much later", "send", "much later"])
@example(["draft", "mail", "much later", "send", "much later", "sends a draft", "restart"])
@example(["mail", "send", "much later"])
@given(st.lists(st.sampled_from(MOVES), max_size=20))
@settings(max_examples=40)
def test_nothing_is_sent_that_was_left_unsent(moves: list[str]) -> None:
    with TemporaryDirectory() as folder:
        world = World(Path(folder))
        for move in moves:
            world.do(move)
        world.daemon.ledger.close()


def test_these_moves_do_send() -> None:
    with TemporaryDirectory() as folder:
        world = World(Path(folder))
        for move in ("send", "mail", "much later", "draft", "mail", "much later"):
            world.do(move)
        assert [letter.in_reply_to for letter in world.mailbox.letters] == ["<q0@corp.example>"]
        assert [letter.in_reply_to for letter, _ in world.mailbox.drafts.values()] == ["<q1@corp.example>"]
