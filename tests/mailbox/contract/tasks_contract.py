"""What every mailbox backend does with tasks and categories that are there already."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol

from ackd.model import (
    CategoryChange,
    Changes,
    Done,
    Importance,
    Outcome,
    Place,
    Refused,
    SeenTask,
    TaskChange,
    Unknown,
)
from tests.mailbox.contract.mailbox_contract import NOW, World, drain, raw_mail, task

TOKEN, OTHER = "b" * 32, "c" * 32
Q1 = "<q1@corp.example>"
DAY = date(2026, 11, 30)


class DeskWorld(World, Protocol):
    """A server whose owner works in Outlook."""

    def owner_categorizes(self, message_id: str, *categories: str) -> None:
        """The owner gives a mail exactly these categories."""

    def owner_categorizes_task(self, token: str, *categories: str) -> None:
        """The owner gives a task exactly these categories."""

    def owner_moves_task(self, token: str, day: date) -> None:
        """The owner gives a task another day."""

    def owner_ticks_task(self, token: str) -> None:
        """The owner ticks a task off."""

    def owner_files_task(self, token: str) -> str:
        """The owner moves a task to a list of their own; the list's name for `watch_tasks`."""

    def owner_restores_task(self, token: str) -> None:
        """The owner takes a task out of Deleted Items."""

    def owner_erases_task(self, token: str) -> None:
        """The owner deletes a task for good."""

    def categories_of(self, message_id: str) -> tuple[str, ...]:
        """The categories of a mail."""

    def task_text(self, token: str) -> str:
        """The text of a task."""

    def break_next_change(self, when: str) -> None:
        """The next change's connection is cut "before" or "after" the server did the work."""


class Desk:
    """The mailbox as a daemon sees it, poll by poll, with one task."""

    def __init__(self, world: DeskWorld) -> None:
        self.world, self.mailbox = world, world.mailbox
        self.sync_state = drain(self.mailbox, None, None)[-1].sync_state
        world.tick(5)
        self.mailbox.create_tasks([task()])
        self.seen = self.task()

    def poll(self) -> Changes:
        """The only page of what is new."""
        self.world.tick(5)
        (page,) = drain(self.mailbox, self.sync_state, NOW)
        self.sync_state = page.sync_state
        return page

    def task(self) -> SeenTask:
        """The task as the next poll shows it."""
        (seen,) = self.poll().tasks
        return seen

    def change(self, **values: object) -> Outcome:
        change = TaskChange(TOKEN, self.seen.item, self.seen.key, **values)  # type: ignore[arg-type]
        (outcome,) = self.mailbox.change_tasks([change])
        return outcome


class TasksContract:
    """The fourth part of the contract. `world` is an empty mailbox at `NOW`."""

    def test_a_change_comes_back_under_the_key_that_it_returned(self, world: DeskWorld) -> None:
        desk = Desk(world)
        promised = NOW + timedelta(days=7)
        outcome = desk.change(
            due_date=DAY,
            reminder=NOW + timedelta(days=6),
            subject="Answer Bob",
            importance=Importance.HIGH,
            promised=promised,
            told=NOW + timedelta(days=6),
            moves=2,
        )
        assert isinstance(outcome, Done)
        seen = desk.task()
        assert seen.key == outcome.key
        assert seen.key != desk.seen.key
        assert (seen.due_date, seen.promised, seen.moves) == (DAY, promised, 2)
        assert seen.known_date == NOW + timedelta(days=6)
        assert (seen.categories, seen.is_complete) == (("Promised",), False)
        assert desk.poll().tasks == ()

    def test_a_new_task_remembers_the_date_that_its_asker_knows(self, world: DeskWorld) -> None:
        desk = Desk(world)
        assert (desk.seen.told, desk.seen.known_date) == (None, desk.seen.promised)
        told = NOW + timedelta(days=1)
        world.mailbox.create_tasks([replace(task(OTHER), told=told)])
        (seen,) = desk.poll().tasks
        assert (seen.token, seen.told, seen.known_date) == (OTHER, told, told)

    def test_only_what_is_set_changes(self, world: DeskWorld) -> None:
        desk = Desk(world)
        assert isinstance(desk.change(complete=True, remove=("Promised",)), Done)
        seen = desk.task()
        assert seen.is_complete
        assert seen.categories == ()
        assert (seen.due_date, seen.promised, seen.moves) == (desk.seen.due_date, desk.seen.promised, 0)

    def test_the_owners_day_is_not_written_over(self, world: DeskWorld) -> None:
        desk = Desk(world)
        world.owner_moves_task(TOKEN, DAY)
        outcome = desk.change(due_date=date(2026, 12, 4))
        assert isinstance(outcome, Refused)
        assert outcome.retry
        seen = desk.task()
        assert seen.due_date == DAY
        assert seen.key != desk.seen.key

    def test_a_change_beside_the_owners_move_tells_no_key(self, world: DeskWorld) -> None:
        desk = Desk(world)
        world.owner_moves_task(TOKEN, DAY)
        outcome = desk.change(promised=NOW + timedelta(days=3), moves=1)
        assert isinstance(outcome, Done)
        assert outcome.key == ""
        seen = desk.task()
        assert (seen.due_date, seen.moves) == (DAY, 1)

    def test_the_owners_categories_of_a_task_stay(self, world: DeskWorld) -> None:
        desk = Desk(world)
        world.owner_categorizes_task(TOKEN, "Mine", "Promised", "ackd: need more")
        desk.seen = desk.task()
        for _ in range(2):
            assert isinstance(desk.change(remove=("ackd: need more", "never there"), add=("Waits",)), Done)
        assert desk.task().categories == ("Mine", "Promised", "Waits")

    def test_a_note_is_added_once(self, world: DeskWorld) -> None:
        desk = Desk(world)
        for _ in range(2):
            assert isinstance(desk.change(notes="Bob wrote: the blue ones."), Done)
            desk.seen = desk.mailbox.tasks([TOKEN])[0]
        assert world.task_text(TOKEN).count("the blue ones") == 1

    def test_one_of_several_changes_may_be_too_late(self, world: DeskWorld) -> None:
        desk = Desk(world)
        desk.mailbox.create_tasks([task(OTHER)])
        other = desk.task()
        world.owner_erases_task(OTHER)
        changes = [
            TaskChange(OTHER, other.item, complete=True),
            TaskChange(TOKEN, desk.seen.item, complete=True),
        ]
        gone, done = desk.mailbox.change_tasks(changes)
        assert isinstance(gone, Refused)
        assert gone.is_gone
        assert isinstance(done, Done)

    def test_a_cut_connection_leaves_a_change_open(self, world: DeskWorld) -> None:
        desk = Desk(world)
        for when, day in (("before", desk.seen.due_date), ("after", DAY)):
            world.break_next_change(when)
            assert isinstance(desk.change(due_date=DAY), Unknown), when
            assert desk.mailbox.tasks([TOKEN])[0].due_date == day

    def test_a_task_may_be_moved_to_the_trash(self, world: DeskWorld) -> None:
        desk = Desk(world)
        assert desk.mailbox.remove([TOKEN, OTHER], for_good=False) == {TOKEN}
        assert desk.poll().gone == (desk.seen.item,)
        if desk.mailbox.sees_deleted_tasks:
            assert desk.mailbox.find([TOKEN]) == {TOKEN: Place.TRASH}
            (seen,) = desk.mailbox.tasks([TOKEN])
            assert seen.is_deleted
        else:
            assert desk.mailbox.find([TOKEN]) == {}
            assert desk.mailbox.tasks([TOKEN]) == ()
        world.owner_restores_task(TOKEN)
        restored = desk.task()
        assert not restored.is_deleted
        assert restored.item != desk.seen.item

    def test_tasks_are_found_by_their_tokens_wherever_they_are(self, world: DeskWorld) -> None:
        desk = Desk(world)
        desk.mailbox.create_tasks([task(OTHER), task("d" * 32)])
        folder = world.owner_files_task(TOKEN)
        world.owner_trashes_task(OTHER)
        found = {seen.token: seen for seen in desk.mailbox.tasks([TOKEN, OTHER, "e" * 32])}
        assert (found[TOKEN].folder, found[TOKEN].is_deleted) == (folder, False)
        if desk.mailbox.sees_deleted_tasks:
            assert set(found) == {TOKEN, OTHER}
            assert (found[OTHER].folder, found[OTHER].is_deleted) == ("", True)
            assert len(desk.mailbox.tasks()) == 3
        else:
            assert set(found) == {TOKEN}
            assert len(desk.mailbox.tasks()) == 2

    def test_another_list_is_watched_from_when_it_is_named(self, world: DeskWorld) -> None:
        desk = Desk(world)
        folder = world.owner_files_task(TOKEN)
        page = desk.poll()
        assert (page.gone, page.tasks) == ((desk.seen.item,), ())
        desk.mailbox.watch_tasks([folder])
        desk.poll()
        world.owner_moves_task(TOKEN, DAY)
        seen = desk.task()
        assert (seen.due_date, seen.folder) == (DAY, folder)
        world.owner_ticks_task(TOKEN)
        seen = desk.task()
        assert seen.is_complete
        (outcome,) = desk.mailbox.change_tasks([TaskChange(TOKEN, seen.item, seen.key, remove=("Promised",))])
        assert isinstance(outcome, Done)
        assert desk.task().categories == ()
        world.owner_erases_task(TOKEN)
        assert desk.poll().gone == (seen.item,)

    def test_a_category_of_the_owners_is_seen_and_the_mail_not_read_anew(self, world: DeskWorld) -> None:
        desk = Desk(world)
        world.arrive(raw_mail())
        (mail,) = desk.poll().mails
        world.owner_categorizes(Q1, "ackd: need more", "Mine")
        page = desk.poll()
        (mark,) = page.marked
        assert (mark.message_id, mark.received) == (Q1, mail.received)
        assert set(mark.categories) == {"ackd: need more", "Mine"}
        assert page.mails == ()
        assert desk.poll().marked == ()

    def test_categories_change_beside_the_owners(self, world: DeskWorld) -> None:
        desk = Desk(world)
        for name in ("q1", "q2"):
            world.arrive(raw_mail(name))
        first, second = sorted(desk.poll().mails, key=lambda mail: mail.message_id)
        world.owner_categorizes(Q1, "Mine", "ackd: need more")
        wanted = [
            CategoryChange(first.message_id, first.item, add=("Promised",), remove=("ackd: need more",)),
            CategoryChange(second.message_id, "", add=("Promised",)),
            CategoryChange("<nowhere@corp.example>", "", add=("Promised",)),
        ]
        for _ in range(2):
            one, two, gone = desk.mailbox.categorize(wanted)
            assert isinstance(one, Done)
            assert isinstance(two, Done)
            assert isinstance(gone, Refused)
            assert gone.is_gone
        assert world.categories_of(Q1) == ("Mine", "Promised")
        assert world.categories_of("<q2@corp.example>") == ("Promised",)
        page = desk.poll()
        assert {mark.message_id for mark in page.marked} == {Q1, "<q2@corp.example>"}
        assert page.mails == ()
        (none,) = desk.mailbox.categorize(
            [CategoryChange(second.message_id, second.item, remove=("Promised",))]
        )
        assert isinstance(none, Done)
        assert world.categories_of("<q2@corp.example>") == ()
