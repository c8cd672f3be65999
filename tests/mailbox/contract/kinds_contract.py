"""What a mailbox backend must do where another kind of backend worked before it. `world` is an empty mailbox
at `NOW`, reached by one kind, that turns to another."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

from ackd.model import Appointment, Done, Place, Refused, SeenTask, TaskChange, TaskMark
from ackd.ports import Mailbox
from tests.mailbox.contract.mailbox_contract import NOW, drain, letter, named, raw_mail, task

TOKEN, OTHER = "b" * 32, "c" * 32
LATER = NOW + timedelta(days=9)
TOLD = NOW + timedelta(days=2)


class World(Protocol):
    mailbox: Mailbox

    def tick(self, seconds: float) -> None:
        """Let the server's time pass."""

    def arrive(self, raw: bytes) -> None:
        """Transport delivers a mail to the owner's inbox."""

    def turn(self) -> None:
        """From now on the mailbox is reached by the other kind of backend."""

    def move(self) -> None:
        """The mailbox moves to another place: no id of before is known there."""


def made(world: World, *tokens: str) -> list[SeenTask]:
    """Tasks of one kind's making, as it sees them."""
    world.mailbox.create_tasks([task(token) for token in tokens])
    return sorted(world.mailbox.tasks(), key=lambda one: one.token)


def appointment(token: str) -> Appointment:
    return Appointment(token, start=LATER, end=LATER + timedelta(minutes=15), subject="Answer Bob", body="")


def mark(item: str, token: str = TOKEN, moves: int = 0) -> TaskMark:
    one = task(token)
    return TaskMark(item, token, one.message_id, one.asker, LATER, moves, told=TOLD)


class KindsContract:
    """What takes two kinds. `names_hold`: names of one mean something to the other."""

    names_hold = True

    def test_kinds_are_told_apart(self, world: World) -> None:
        kind = world.mailbox.kind
        world.turn()
        assert world.mailbox.kind != kind

    def test_a_task_of_another_kind_is_known_by_its_name_and_marked(self, world: World) -> None:
        before, _ = made(world, TOKEN, OTHER)
        world.turn()
        assert world.mailbox.tasks() == ()
        assert world.mailbox.find([TOKEN]) == {}
        found = world.mailbox.unmarked_tasks([before.item])
        assert sorted(one.was for one in found) == ["", before.item if self.names_hold else ""]
        plain = max(found, key=lambda one: one.was)
        assert (plain.title, plain.due_date) == (task().subject, before.due_date)
        assert (plain.categories, plain.folder, plain.is_deleted) == (("Promised",), "", False)
        for _ in range(2):
            assert world.mailbox.mark_tasks([mark(plain.item, moves=2)]) == [Done(plain.item)]
        (seen,) = world.mailbox.tasks()
        assert (seen.token, seen.message_id, seen.asker) == (TOKEN, before.message_id, before.asker)
        assert (seen.promised, seen.moves, seen.due_date) == (LATER, 2, before.due_date)
        assert seen.told == TOLD
        assert [one.was for one in world.mailbox.unmarked_tasks([before.item])] == [""]
        assert world.mailbox.find([TOKEN]) == {TOKEN: Place.TASKS}

    def test_in_a_mailbox_that_moved_a_task_is_known_by_its_words_alone(self, world: World) -> None:
        (before,) = made(world, TOKEN)
        world.move()
        world.turn()
        (plain,) = world.mailbox.unmarked_tasks([before.item])
        assert (plain.was, plain.title, plain.due_date) == ("", task().subject, before.due_date)
        assert task().body.strip() in plain.text

    def test_what_is_marked_is_touched_no_more(self, world: World) -> None:
        made(world, TOKEN)
        world.turn()
        (plain,) = world.mailbox.unmarked_tasks([])
        assert world.mailbox.unmarked_tasks([plain.item])[0].was == plain.item
        world.mailbox.mark_tasks([mark(plain.item)])
        (before,) = world.mailbox.tasks()
        world.tick(60)
        assert world.mailbox.mark_tasks([mark(plain.item)]) == [Done(plain.item)]
        assert world.mailbox.tasks() == (before,)

    def test_there_and_back_a_task_remembers_what_it_is_told_last(self, world: World) -> None:
        (first,) = made(world, TOKEN)
        world.turn()
        (plain,) = world.mailbox.unmarked_tasks([first.item])
        world.mailbox.mark_tasks([mark(plain.item)])
        change = TaskChange(TOKEN, plain.item, due_date=date(2026, 12, 2), promised=LATER, moves=1)
        assert isinstance(world.mailbox.change_tasks([change])[0], Done)
        world.turn()
        (seen,) = world.mailbox.tasks()
        assert (seen.due_date, seen.promised, seen.moves) == (date(2026, 12, 2), first.promised, 0)
        assert world.mailbox.mark_tasks([mark(seen.item, moves=1)]) == [Done(seen.item)]
        (seen,) = world.mailbox.tasks()
        assert (seen.promised, seen.moves, seen.told) == (LATER, 1, TOLD)

    def test_a_task_that_is_gone_or_anothers_is_not_marked(self, world: World) -> None:
        made(world, TOKEN, OTHER)
        world.turn()
        first, second = world.mailbox.unmarked_tasks([])
        world.mailbox.mark_tasks([mark(first.item)])
        taken, gone = world.mailbox.mark_tasks([mark(first.item, OTHER), mark(first.item[:-8] + "A" * 8)])
        assert isinstance(taken, Refused)
        assert isinstance(gone, Refused)
        assert gone.is_gone
        assert len(world.mailbox.unmarked_tasks([second.item])) == 1

    def test_a_deleted_task_is_shown_as_that_where_it_can_be_seen(self, world: World) -> None:
        made(world, TOKEN)
        world.mailbox.remove([TOKEN], for_good=False)
        world.turn()
        found = world.mailbox.unmarked_tasks([])
        assert [one.is_deleted for one in found] == ([True] if world.mailbox.sees_deleted_tasks else [])

    def test_another_kinds_sync_state_lists_anew(self, world: World) -> None:
        sync_state = drain(world.mailbox, None, None)[-1].sync_state
        world.tick(5)
        world.arrive(raw_mail("q1"))
        sync_state = drain(world.mailbox, sync_state, NOW)[-1].sync_state
        world.turn()
        world.tick(5)
        world.arrive(raw_mail("q2"))
        assert world.mailbox.report(sync_state).notes == ()
        pages = drain(world.mailbox, sync_state, NOW)
        assert sorted(name for page in pages for name in named(page)) == ["q1", "q2"]
        assert all(page.relisted for page in pages if page.mails)
        (idle,) = drain(world.mailbox, pages[-1].sync_state, NOW)
        assert not idle.says_something

    def test_letters_drafts_and_calendar_entries_are_found_by_their_tokens(self, world: World) -> None:
        world.mailbox.send([letter("1" * 32)])
        world.mailbox.draft([letter("2" * 32)])
        world.mailbox.create_appointments([appointment("3" * 32)])
        places = {"1" * 32: Place.SENT, "2" * 32: Place.DRAFTS, "3" * 32: Place.CALENDAR}
        for move in (lambda: None, world.move):
            move()
            world.turn()
            assert world.mailbox.find(places) == places
        assert world.mailbox.remove(["2" * 32, "3" * 32]) == {"2" * 32, "3" * 32}

    def test_watermark_and_lease_are_the_same(self, world: World) -> None:
        world.mailbox.set_watermark(NOW)
        lease = world.mailbox.take_lease("first")
        assert lease is not None
        world.turn()
        assert world.mailbox.watermark() == NOW
        assert world.mailbox.set_watermark(LATER) == NOW
        assert world.mailbox.take_lease("second") is None
        assert world.mailbox.take_lease("first") is not None
