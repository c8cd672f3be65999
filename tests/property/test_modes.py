"""Silence (docs/design.md, E) as a property: whatever the owner switches, in whichever order, nothing goes
out that an earlier mode or a hold left unsent."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ackd.engine import hold
from ackd.model import Mode
from tests.people import PlainLetters
from tests.plays import many
from tests.scenario import Scenario, grace

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
class Switches:
    """Alice's ackd, and for each question the switches that were thrown since it came."""

    office: Scenario = field(
        default_factory=lambda: Scenario(
            mode=Mode.PREVIEW, rules=grace(GRACE), letters=PlainLetters()
        ).begin()
    )
    mode: Mode = Mode.PREVIEW
    held: bool = False
    epoch: int = 0  # grows with each switch that leaves unsent what is unsent
    came: dict[str, tuple[int, Mode, bool]] = field(default_factory=dict)
    by_hand: set[str] = field(default_factory=set)

    def do(self, move: str) -> None:
        if move == "mail":
            name = f"q{len(self.came)}"
            asked = self.office.deliver(name, sender=f"{name}@corp.example")
            self.came[asked] = (self.epoch, self.mode, self.held)
        elif move == "later":
            self.office.later(7)
        elif move == "much later":
            self.office.later(GRACE + 1)
        elif move == "pause":
            hold.pause(self.office.ledger, self.office.clock.now())
            self.held = True
        elif move == "resume":
            hold.resume(self.office.ledger, self.office.clock.now())
            self.epoch += self.held
            self.held = False
        elif move == "restart":
            self.office.start()
        elif move == "sends a draft":
            for token, (letter, _) in list(self.office.mailbox.drafts.items())[:1]:
                self.by_hand.add(letter.in_reply_to)
                self.office.mailbox.owner_sends_draft(token)
        else:
            self._switch(Mode(move))
        self._pass()

    def _switch(self, mode: Mode) -> None:
        self.epoch += mode is not self.mode
        self.mode = mode
        self.office.use(mode=mode)

    def _pass(self) -> None:
        before = [letter.in_reply_to for letter in self.office.mailbox.letters]
        drafts = {letter.in_reply_to for letter, _ in self.office.mailbox.drafts.values()}
        self.office.run()
        after = [letter.in_reply_to for letter in self.office.mailbox.letters]
        sent = after[len(before) :]
        drafted = {letter.in_reply_to for letter, _ in self.office.mailbox.drafts.values()} - drafts
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
@settings(max_examples=many(40))
def test_nothing_is_sent_that_was_left_unsent(moves: list[str]) -> None:
    switches = Switches()
    for move in moves:
        switches.do(move)
    switches.office.close()


def test_these_moves_do_send() -> None:
    switches = Switches()
    for move in ("send", "mail", "much later", "draft", "mail", "much later"):
        switches.do(move)
    mailbox = switches.office.mailbox
    assert [letter.in_reply_to for letter in mailbox.letters] == ["<q0@corp.example>"]
    assert [letter.in_reply_to for letter, _ in mailbox.drafts.values()] == ["<q1@corp.example>"]
    switches.office.close()
