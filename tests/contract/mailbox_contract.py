"""What every mailbox backend must do. A backend joins with a subclass and a fixture `world`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

import pytest

from ackd.errors import ConfigError
from ackd.mailbox import eml
from ackd.model import (
    Address,
    Appointment,
    Changes,
    Done,
    Letter,
    Place,
    Refused,
    Sensitivity,
    Task,
    Unknown,
)
from ackd.ports import Mailbox

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OWNER, BOB, CAROL = "alice@corp.example", "bob@corp.example", "carol@corp.example"


class World(Protocol):
    """A server with the owner's mailbox, and what happens there besides ackd."""

    mailbox: Mailbox

    def tick(self, seconds: float) -> None:
        """Let the server's time pass."""

    def arrive(self, raw: bytes) -> None:
        """Transport delivers a mail to the owner's inbox."""

    def owner_answers(self, message_id: str, to: str) -> None:
        """The owner answers a mail from some device."""

    def owner_begins_an_answer(self, message_id: str) -> None:
        """A reply of the owner's to a mail lies in Drafts."""

    def owner_answers_unseen(self, message_id: str) -> None:
        """The owner has answered, and only the mail's last verb tells."""

    def owner_trashes_task(self, token: str) -> None:
        """The owner deletes a task of ours; it goes to Deleted Items."""

    def break_next_write(self, when: str) -> None:
        """The next write's connection is cut "before" or "after" the server did the work."""

    def refuse(self, address: str) -> None:
        """From now on the server refuses this recipient."""

    def group(self, address: str, members: Collection[str]) -> None:
        """The server has a distribution list."""

    def another(self) -> Mailbox:
        """A second ackd's view of the same mailbox."""

    def spoil(self, name: str) -> None:
        """From now on the mail of this name can't be read."""

    def mend(self) -> None:
        """All mails can be read again."""


def raw_mail(name: str = "q1", *, sender: str = BOB, text: str = "Could you send me the figures?") -> bytes:
    return (
        f"Message-ID: <{name}@corp.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n"
        f'From: "Bob B." <{sender}>\r\nTo: Alice <{OWNER}>\r\nCc: {CAROL}\r\nSubject: Figures {name}\r\n'
        "X-MS-Exchange-Organization-AuthAs: Internal\r\nX-Two: first\r\nX-Two: second\r\n"
        "References: <root@corp.example> <other@corp.example>\r\nIn-Reply-To: <other@corp.example>\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


def letter(token: str = "a" * 32, to: str = BOB) -> Letter:
    return Letter(
        token=token,
        to=Address(to, "Bob"),
        subject="Re: Figures",
        text="Received.",
        html="<p>Received.</p>",
        in_reply_to="<q1@corp.example>",
        references=("<root@corp.example>",),
    )


def task(token: str = "b" * 32) -> Task:
    return Task(
        token=token,
        message_id="<q1@corp.example>",
        asker=BOB,
        promised=NOW + timedelta(days=2, hours=3),
        subject="Answer Bob: Figures (by Wed 25 Nov, 13:00)",
        body="Could you send me the figures?",
        due_date=date(2026, 11, 25),
        reminder=NOW + timedelta(days=2),
        categories=("Promised",),
    )


def drain(mailbox: Mailbox, cursor: str | None, since: datetime | None) -> tuple[Changes, ...]:
    pages = []
    while True:
        page = mailbox.changes(cursor, since)
        pages.append(page)
        cursor = page.cursor
        if page.complete:
            return tuple(pages)


class MailboxContract:
    """The contract. `world` is an empty mailbox at `NOW`."""

    def begin(self, world: World) -> str:
        cursor = drain(world.mailbox, None, None)[-1].cursor
        world.tick(5)
        return cursor

    def test_history_is_not_read(self, world: World) -> None:
        world.arrive(raw_mail())
        pages = drain(world.mailbox, None, None)
        assert [m for page in pages for m in page.mails] == []
        assert pages[0].relisted
        world.tick(5)
        assert world.mailbox.changes(pages[-1].cursor, NOW).mails == ()

    def test_an_arriving_mail_is_read_once_with_all_that_the_judge_needs(self, world: World) -> None:
        cursor = self.begin(world)
        world.arrive(raw_mail())
        page = world.mailbox.changes(cursor, NOW)
        (mail,) = page.mails
        expected = eml.read(raw_mail())
        for name in ("message_id", "subject", "sender", "to", "cc", "in_reply_to", "references", "sent"):
            assert getattr(mail, name) == getattr(expected, name), name
        assert mail.received == NOW + timedelta(seconds=5)
        assert "Could you send me the figures?" in (mail.text + (mail.html or ""))
        assert mail.item_class == "IPM.Note"
        assert mail.headers is not None
        named = [(name.lower(), value) for name, value in mail.headers]
        assert [value for name, value in named if name == "x-two"] == ["first", "second"]
        assert ("x-ms-exchange-organization-authas", "Internal") in named
        assert not mail.is_draft
        assert page.complete
        assert not page.relisted
        world.tick(5)
        assert world.mailbox.changes(page.cursor, NOW).mails == ()

    def test_mails_before_since_are_left(self, world: World) -> None:
        cursor = self.begin(world)
        world.arrive(raw_mail())
        assert world.mailbox.changes(cursor, NOW + timedelta(hours=1)).mails == ()

    def test_all_pages_are_given(self, world: World) -> None:
        cursor = self.begin(world)
        for number in range(130):
            world.arrive(raw_mail(f"n{number}"))
        pages = drain(world.mailbox, cursor, NOW)
        ids = [m.message_id for page in pages for m in page.mails]
        assert sorted(ids) == sorted(f"<n{number}@corp.example>" for number in range(130))

    def test_a_mail_that_cant_be_read_hides_no_other(self, world: World) -> None:
        cursor = self.begin(world)
        for name in ("n1", "spoiled", "n2"):
            world.arrive(raw_mail(name))
        world.spoil("spoiled")
        given: list[Changes] = []
        for _ in range(5):
            given += drain(world.mailbox, cursor, NOW)
            cursor = given[-1].cursor
            world.tick(300)
        mails = {mail.message_id: mail for page in given for mail in page.mails}
        assert len(mails) == sum(len(page.mails) for page in given) == 3, "each once"
        unread = mails.pop("<spoiled@corp.example>")
        assert unread.unread
        assert not unread.reread
        assert unread.headers is None, "what isn't known is unknown"
        assert not any(mail.unread for mail in mails.values())
        assert given[-1].unread == 1
        world.mend()
        world.tick(3700)
        pages = drain(world.mailbox, cursor, NOW)
        (mail,) = [mail for page in pages for mail in page.mails]
        assert (mail.message_id, mail.reread, mail.unread) == ("<spoiled@corp.example>", True, "")
        assert pages[-1].unread == 0
        world.tick(3700)
        assert world.mailbox.changes(pages[-1].cursor, NOW).mails == ()

    def test_a_letter_is_sent_and_comes_back_by_its_token(self, world: World) -> None:
        cursor = self.begin(world)
        (outcome,) = world.mailbox.send([letter()])
        assert isinstance(outcome, Done)
        page = drain(world.mailbox, cursor, NOW)[-1]
        (sent,) = page.sent
        assert sent.token == "a" * 32
        assert world.mailbox.find(["a" * 32, "f" * 32]) == {"a" * 32: Place.SENT}

    def test_the_owners_answer_is_seen_with_whom_it_answers(self, world: World) -> None:
        cursor = self.begin(world)
        world.arrive(raw_mail())
        world.tick(5)
        world.owner_answers("<q1@corp.example>", BOB)
        (sent,) = (m for page in drain(world.mailbox, cursor, NOW) for m in page.sent)
        assert sent.token is None
        assert "<q1@corp.example>" in sent.targets
        assert [a.key for a in sent.to] == [BOB]

    def test_a_task_is_made_and_comes_back_with_its_promise(self, world: World) -> None:
        cursor = self.begin(world)
        (outcome,) = world.mailbox.create_tasks([task()])
        assert isinstance(outcome, Done)
        (seen,) = (t for page in drain(world.mailbox, cursor, NOW) for t in page.tasks)
        assert (seen.token, seen.message_id, seen.asker) == ("b" * 32, "<q1@corp.example>", BOB)
        assert seen.promised == task().promised
        assert seen.due_date == date(2026, 11, 25)
        assert seen.categories == ("Promised",)
        assert not seen.is_complete
        assert [t.token for t in world.mailbox.tasks()] == ["b" * 32]

    def test_a_deleted_task_is_still_found(self, world: World) -> None:
        cursor = self.begin(world)
        world.mailbox.create_tasks([task()])
        cursor = drain(world.mailbox, cursor, NOW)[-1].cursor
        world.tick(5)
        world.owner_trashes_task("b" * 32)
        assert len([g for page in drain(world.mailbox, cursor, NOW) for g in page.gone]) == 1
        assert world.mailbox.find(["b" * 32]) == {"b" * 32: Place.TRASH}
        (seen,) = world.mailbox.tasks()
        assert seen.is_deleted

    def test_a_cut_connection_leaves_the_outcome_open(self, world: World) -> None:
        self.begin(world)
        for when, present in (("before", False), ("after", True)):
            token = ("c" if present else "d") * 32
            world.break_next_write(when)
            (outcome,) = world.mailbox.send([letter(token)])
            assert isinstance(outcome, Unknown), when
            assert (token in world.mailbox.find([token])) is present

    def test_one_refused_recipient_does_not_hide_the_rest(self, world: World) -> None:
        self.begin(world)
        world.refuse(CAROL)
        letters = [letter("1" * 32), letter("2" * 32, to=CAROL), letter("3" * 32)]
        outcomes = world.mailbox.send(letters)
        assert [type(o) for o in outcomes] == [Done, Refused, Done]
        assert set(world.mailbox.find(["1" * 32, "2" * 32, "3" * 32])) == {"1" * 32, "3" * 32}

    def test_a_draft_waits_and_an_untouched_one_can_be_removed(self, world: World) -> None:
        self.begin(world)
        (outcome,) = world.mailbox.draft([letter()])
        assert isinstance(outcome, Done)
        assert world.mailbox.find(["a" * 32]) == {"a" * 32: Place.DRAFTS}
        assert world.mailbox.remove(["a" * 32], untouched_since=NOW - timedelta(hours=1)) == frozenset()
        world.tick(60)
        assert world.mailbox.remove(["a" * 32], untouched_since=NOW + timedelta(seconds=30)) == {"a" * 32}
        assert world.mailbox.find(["a" * 32]) == {}

    def test_hints_that_the_owner_answers(self, world: World) -> None:
        self.begin(world)
        for name in ("q1", "q2", "q3", "q4"):
            world.arrive(raw_mail(name))
        asked = [f"<{name}@corp.example>" for name in ("q1", "q2", "q3", "q4")]
        assert world.mailbox.being_answered([]) == frozenset()
        world.mailbox.draft([letter()])  # ours, and an answer to q1: no hint
        assert world.mailbox.being_answered(asked) == frozenset()
        world.owner_begins_an_answer("<q2@corp.example>")
        world.owner_begins_an_answer("<another@corp.example>")
        world.owner_answers_unseen("<q3@corp.example>")
        assert world.mailbox.being_answered(asked) == {"<q2@corp.example>", "<q3@corp.example>"}
        many = [*(f"<m{number}@corp.example>" for number in range(100)), *asked]
        assert world.mailbox.being_answered(many) == {"<q2@corp.example>", "<q3@corp.example>"}

    def test_a_task_of_ours_can_be_removed(self, world: World) -> None:
        self.begin(world)
        world.mailbox.create_tasks([task()])
        assert world.mailbox.remove(["b" * 32, "c" * 32]) == {"b" * 32}
        assert world.mailbox.tasks() == ()

    def test_the_start_mark_is_remembered_once(self, world: World) -> None:
        assert world.mailbox.start_mark() is None
        assert world.mailbox.set_start_mark(NOW) == NOW
        assert world.another().set_start_mark(NOW + timedelta(days=1)) == NOW
        assert world.another().start_mark() == NOW

    def test_one_of_two_holds_the_lease(self, world: World) -> None:
        world.mailbox.set_start_mark(NOW)
        other = world.another()
        lease = world.mailbox.take_lease("machine one")
        assert lease is not None
        assert world.mailbox.holds(lease)
        assert other.take_lease("machine two") is None
        world.mailbox.release(lease)
        assert not world.mailbox.holds(lease)
        taken = other.take_lease("machine two")
        assert taken is not None
        world.mailbox.release(lease)  # an old lease, given back late, takes nobody's place
        assert other.holds(taken)

    def test_a_lease_left_behind_is_taken_anew_by_its_holder_and_later_by_all(self, world: World) -> None:
        world.mailbox.set_start_mark(NOW)
        other = world.another()
        first = world.mailbox.take_lease("machine one")
        again = world.mailbox.take_lease("machine one")
        assert first is not None
        assert again is not None
        assert not world.mailbox.holds(first)
        assert other.take_lease("machine two") is None
        world.tick(601)
        taken = other.take_lease("machine two")
        assert taken is not None
        assert other.holds(taken)
        assert not world.mailbox.holds(again)

    def test_lists_are_expanded_with_the_lists_in_them(self, world: World) -> None:
        world.group("team@corp.example", [BOB, "Inner@corp.example", "Dora@Partner.example"])
        world.group("inner@corp.example", [CAROL, "team@corp.example", BOB])
        world.group("others@corp.example", ["erin@corp.example"])
        assert world.mailbox.expand(["Team@Corp.example"]) == {BOB, CAROL, "dora@partner.example"}
        both = world.mailbox.expand(["inner@corp.example", "others@corp.example"])
        assert both == {BOB, CAROL, "dora@partner.example", "erin@corp.example"}
        assert world.mailbox.expand([]) == frozenset()

    def test_an_unknown_list_is_told(self, world: World) -> None:
        world.group("team@corp.example", [BOB])
        for unknown in ("nobody@corp.example", BOB):
            with pytest.raises(ConfigError, match=rf"internal\.groups.*{unknown}"):
                world.mailbox.expand(["team@corp.example", unknown])

    def test_a_calendar_entry_is_made_found_and_removed(self, world: World) -> None:
        self.begin(world)
        entry = Appointment(
            token="e" * 32,
            start=NOW + timedelta(days=2),
            end=NOW + timedelta(days=2, minutes=15),
            subject="Answer Bob by Wed 25 Nov, 10:00",
            body="Could you send me the figures?",
            categories=("Promised",),
            sensitivity=Sensitivity.PRIVATE,
        )
        (outcome,) = world.mailbox.create_appointments([entry])
        assert isinstance(outcome, Done)
        assert world.mailbox.find(["e" * 32]) == {"e" * 32: Place.CALENDAR}
        assert not world.mailbox.settings().away
        assert world.mailbox.remove(["e" * 32]) == {"e" * 32}
        assert world.mailbox.find(["e" * 32]) == {}
