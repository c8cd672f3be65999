"""The contract on the mailbox in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.ports import Mailbox
from ackd.text import eml
from tests.clock import StepClock
from tests.mailbox.contract.mailbox_contract import BOB, CAROL, NOW, OWNER, MailboxContract
from tests.mailbox.contract.owner_contract import WEEK, OwnerContract
from tests.mailbox.contract.past_contract import PastContract
from tests.mailbox.contract.tasks_contract import TasksContract
from tests.mailbox.contract.told_contract import ToldContract
from tests.mailbox.contract.unsent_contract import UnsentContract

PEOPLE = frozenset({OWNER, BOB, CAROL})


@dataclass
class MemoryWorld:
    clock: StepClock
    mailbox: MemoryMailbox

    def tick(self, seconds: float) -> None:
        self.clock.move(timedelta(seconds=seconds))

    def arrive(self, raw: bytes) -> None:
        self.mailbox.arrive(eml.read(raw))

    def is_called(self, address: str, name: str, given: str) -> None:
        self.mailbox.given[address] = given

    def watch(self, *folders: str) -> None:
        self.mailbox.watched = folders

    def arrive_in(self, folder: str, raw: bytes) -> None:
        self.mailbox.arrive(eml.read(raw), folder)

    def owner_makes_folder(self, path: str) -> None:
        self.mailbox.owner_makes_folder(path)

    def owner_renames_folder(self, path: str, new: str) -> None:
        self.mailbox.owner_renames_folder(path, new)

    def owner_deletes_folder(self, path: str) -> None:
        self.mailbox.owner_deletes_folder(path)

    def never_ends(self) -> None:
        self.mailbox.says_more = True

    def owner_answers(self, message_id: str, to: str) -> None:
        self.mailbox.owner_sends(to=[to], in_reply_to=message_id)

    def owner_begins_an_answer(self, message_id: str) -> None:
        self.mailbox.replying.add(message_id)

    def owner_answers_unseen(self, message_id: str) -> None:
        self.mailbox.owner_replies_unseen(message_id)

    def owner_answers_later(self, message_id: str) -> None:
        self.mailbox.outbox.add(message_id)

    def owner_throws_away(self, message_id: str) -> None:
        self.mailbox.thrown.add(message_id)

    def owner_files(self, message_id: str) -> None:
        """Where a mail lies is nothing to the mailbox in memory."""

    def vanish(self, message_id: str) -> None:
        self.mailbox.erased.add(message_id)

    def recall(self, raw: bytes) -> None:
        self.mailbox.arrive(replace(eml.read(raw), item_class="IPM.Outlook.Recall"))

    def fail_next_send(self, number: int) -> None:
        self.mailbox.fail_next, self.mailbox.fail_at = "told", number

    def owner_sends_draft(self, token: str) -> None:
        self.mailbox.owner_sends_draft(token)

    def owner_trashes_draft(self, token: str) -> None:
        self.mailbox.owner_trashes_draft(token)

    def owner_trashes_sent(self, token: str) -> None:
        self.mailbox.owner_trashes_sent(token)

    def owner_trashes_task(self, token: str) -> None:
        self.mailbox.owner_trashes_task(token)

    def owner_categorizes(self, message_id: str, *categories: str) -> None:
        self.mailbox.owner_categorizes(message_id, *categories)

    def owner_categorizes_task(self, token: str, *categories: str) -> None:
        self.mailbox.owner_changes_task(token, categories=categories)

    def owner_moves_task(self, token: str, day: date) -> None:
        self.mailbox.owner_changes_task(token, due_date=day)

    def owner_ticks_task(self, token: str) -> None:
        self.mailbox.owner_changes_task(token, is_complete=True)

    def owner_files_task(self, token: str) -> str:
        self.mailbox.owner_files_task(token, "Chores")
        return "Chores"

    def owner_restores_task(self, token: str) -> None:
        self.mailbox.owner_restores_task(token)

    def owner_erases_task(self, token: str) -> None:
        self.mailbox.owner_erases_task(token)

    def categories_of(self, message_id: str) -> tuple[str, ...]:
        return self.mailbox.categories_of(message_id)

    def task_text(self, token: str) -> str:
        return "".join(self.mailbox.notes.get(token, []))

    def break_next_change(self, when: str) -> None:
        self.mailbox.fail_next = when

    def leave_next_unsent(self) -> None:
        self.mailbox.fail_next = "unsent"

    def break_next_write(self, when: str) -> None:
        self.mailbox.fail_next = when

    def refuse(self, address: str) -> None:
        self.mailbox.refuse_to = frozenset({address})

    def group(self, address: str, members: Collection[str]) -> None:
        self.mailbox.groups[address] = tuple(members)

    def owner_works(self) -> None:
        self._set(zone="Europe/Berlin", hours=WEEK)

    def owner_leaves(self, start: datetime | None, end: datetime | None) -> None:
        self._set(out_of_office=((start or NOW, end),))

    def owner_enters(self, first: date, last: date, shown_as: str) -> None:
        if shown_as != "Free" and first < NOW.date() + timedelta(days=60):
            self._set(away=(*(self.mailbox.owner_settings.away or ()), (first, last)))

    def _set(self, **values: object) -> None:
        self.mailbox.owner_settings = replace(self.mailbox.owner_settings, **values)  # type: ignore[arg-type]

    def spoil(self, name: str) -> None:
        self.mailbox.spoiled[f"<{name}@corp.example>"] = "it is spoiled"

    def mend(self) -> None:
        self.mailbox.spoiled.clear()

    def another(self) -> Mailbox:
        return self.mailbox


class TestMemory(MailboxContract, PastContract, OwnerContract, TasksContract, ToldContract, UnsentContract):
    @pytest.fixture
    def world(self) -> MemoryWorld:
        clock = StepClock(NOW)
        return MemoryWorld(clock, MemoryMailbox(clock.now, people=PEOPLE))


class TestMemoryThatSeesNoDeletedTasks:
    """Of the contract, what a backend does that can't read tasks in Deleted Items."""

    def test_a_deleted_task_is_nowhere(self) -> None:
        clock = StepClock(NOW)
        world = MemoryWorld(clock, MemoryMailbox(clock.now, people=PEOPLE, sees_deleted_tasks=False))
        MailboxContract().test_a_deleted_task_is_still_found_where_it_can_be(world)
