"""The contract on the mailbox in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from ackd.mailbox import eml
from ackd.mailbox.memory import MemoryMailbox
from ackd.ports import Mailbox
from tests.clock import StepClock
from tests.contract.mailbox_contract import NOW, MailboxContract


@dataclass
class MemoryWorld:
    clock: StepClock
    mailbox: MemoryMailbox

    def tick(self, seconds: float) -> None:
        self.clock.move(timedelta(seconds=seconds))

    def arrive(self, raw: bytes) -> None:
        self.mailbox.arrive(eml.read(raw))

    def owner_answers(self, message_id: str, to: str) -> None:
        self.mailbox.owner_sends(to=[to], in_reply_to=message_id)

    def owner_trashes_task(self, token: str) -> None:
        self.mailbox.owner_trashes_task(token)

    def break_next_write(self, when: str) -> None:
        self.mailbox.fail_next = when

    def refuse(self, address: str) -> None:
        self.mailbox.refuse_to = frozenset({address})

    def another(self) -> Mailbox:
        return self.mailbox


class TestMemory(MailboxContract):
    @pytest.fixture
    def world(self) -> MemoryWorld:
        clock = StepClock(NOW)
        return MemoryWorld(clock, MemoryMailbox(clock.now))
