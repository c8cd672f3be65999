"""What every mailbox backend must do. A backend joins with a subclass and a fixture `world`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

import pytest

from ackd.errors import ConfigError
from ackd.model import (
    Address,
    Appointment,
    CategoryChange,
    Changes,
    Done,
    Letter,
    Place,
    Refused,
    Sensitivity,
    Signs,
    Task,
    Unknown,
)
from ackd.ports import Mailbox
from ackd.text import eml

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

    def owner_answers_later(self, message_id: str) -> None:
        """A reply of the owner's to a mail waits in the Outbox."""

    def owner_throws_away(self, message_id: str) -> None:
        """The owner deletes a mail; it goes to Deleted Items."""

    def owner_files(self, message_id: str) -> None:
        """The owner moves a mail to a folder that isn't watched."""

    def vanish(self, message_id: str) -> None:
        """A mail is deleted for good."""

    def recall(self, raw: bytes) -> None:
        """A colleague's mail program asks to take a mail back: the request arrives."""

    def fail_next_send(self, number: int) -> None:
        """The next letters are sent until that number, of which only a copy is kept; then the server
        says in full that it failed."""

    def owner_trashes_task(self, token: str) -> None:
        """The owner deletes a task of ours; it goes to Deleted Items."""

    def owner_sends_draft(self, token: str) -> None:
        """The owner sends a draft of ours."""

    def owner_trashes_draft(self, token: str) -> None:
        """The owner deletes a draft of ours; it goes to Deleted Items."""

    def owner_trashes_sent(self, token: str) -> None:
        """The owner deletes the copy of a letter of ours that was sent; it goes to Deleted Items."""

    def break_next_write(self, when: str) -> None:
        """The next write's connection is cut "before" or "after" the server did the work."""

    def refuse(self, address: str) -> None:
        """From now on the server refuses this recipient."""

    def is_called(self, address: str, name: str, given: str) -> None:
        """The directory has a mailbox under a name, and this given name of its person, or none."""

    def group(self, address: str, members: Collection[str]) -> None:
        """The server has a distribution list."""

    def watch(self, *folders: str) -> None:
        """Another ackd, that watches these folders, is `mailbox` from now on."""

    def arrive_in(self, folder: str, raw: bytes) -> None:
        """Transport delivers a mail, and a rule of the owner's files it into a folder."""

    def owner_makes_folder(self, path: str) -> None:
        """The owner makes a folder, in the inbox or below the root."""

    def owner_renames_folder(self, path: str, new: str) -> None:
        """The owner renames a folder; both are paths."""

    def owner_deletes_folder(self, path: str) -> None:
        """The owner deletes a folder with what is in it."""

    def never_ends(self) -> None:
        """From now on the server says of each folder that more changes are to come."""

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


def drain(mailbox: Mailbox, sync_state: str | None, since: datetime | None) -> tuple[Changes, ...]:
    pages = []
    while True:
        page = mailbox.changes(sync_state, since)
        pages.append(page)
        sync_state = page.sync_state
        if page.complete:
            return tuple(pages)


def named(page: Changes) -> list[str]:
    """The mails of a page, by what stands before the @ of their Message-IDs."""
    return [mail.message_id.strip("<>").partition("@")[0] for mail in page.mails]


class MailboxContract:
    """The contract. `world` is an empty mailbox at `NOW`."""

    def begin(self, world: World) -> str:
        sync_state = drain(world.mailbox, None, None)[-1].sync_state
        world.tick(5)
        return sync_state

    def test_history_is_not_read(self, world: World) -> None:
        world.arrive(raw_mail())
        pages = drain(world.mailbox, None, None)
        assert [m for page in pages for m in page.mails] == []
        assert pages[0].relisted
        world.tick(5)
        assert world.mailbox.changes(pages[-1].sync_state, NOW).mails == ()

    def test_an_arriving_mail_is_read_once_with_all_that_the_judge_needs(self, world: World) -> None:
        sync_state = self.begin(world)
        world.arrive(raw_mail())
        page = world.mailbox.changes(sync_state, NOW)
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
        assert world.mailbox.changes(page.sync_state, NOW).mails == ()

    def test_mails_before_since_are_left(self, world: World) -> None:
        sync_state = self.begin(world)
        world.arrive(raw_mail())
        assert world.mailbox.changes(sync_state, NOW + timedelta(hours=1)).mails == ()

    def test_all_pages_are_given(self, world: World) -> None:
        sync_state = self.begin(world)
        for number in range(130):
            world.arrive(raw_mail(f"n{number}"))
        pages = drain(world.mailbox, sync_state, NOW)
        ids = [m.message_id for page in pages for m in page.mails]
        assert sorted(ids) == sorted(f"<n{number}@corp.example>" for number in range(130))

    def test_a_missing_folder_keeps_no_other_from_being_read(self, world: World) -> None:
        world.watch("Inbox", "Inbox/Team")
        sync_state = self.begin(world)
        world.arrive(raw_mail("q1"))
        page = world.mailbox.changes(sync_state, NOW)
        assert named(page) == ["q1"]
        (note,) = page.notes
        assert (note.folder, note.is_read) == ("Inbox/Team", False)
        assert "'Inbox/Team'" in note.words
        world.owner_makes_folder("Inbox/Team")
        world.arrive_in("Inbox/Team", raw_mail("q2"))
        world.tick(600)
        page = world.mailbox.changes(page.sync_state, NOW)
        assert (named(page), page.notes) == (["q2"], ())
        assert page.relisted

    def test_a_renamed_folder_is_followed(self, world: World) -> None:
        world.owner_makes_folder("Inbox/Team")
        world.watch("inbox", "inbox/TEAM")
        sync_state = self.begin(world)
        world.arrive_in("Inbox/Team", raw_mail("q1"))
        world.owner_renames_folder("Inbox/Team", "Inbox/Crew")
        world.tick(600)
        page = world.mailbox.changes(sync_state, NOW)
        (note,) = page.notes
        assert (named(page), note.is_read) == (["q1"], True)
        assert "'Inbox/Crew'" in note.words
        world.watch("inbox", "inbox/TEAM")  # another start: the sync state knows the folder
        world.tick(5)
        world.arrive_in("Inbox/Crew", raw_mail("q2"))
        page = world.mailbox.changes(page.sync_state, NOW)
        assert (named(page), page.notes, page.relisted) == (["q2"], (note,), False)
        assert world.mailbox.report(page.sync_state).notes == (note,)
        world.owner_renames_folder("Inbox/Crew", "Inbox/Team")
        world.tick(4000)
        assert world.mailbox.changes(page.sync_state, NOW).notes == ()

    def test_a_folder_that_is_deleted_and_made_anew_is_read_again(self, world: World) -> None:
        world.owner_makes_folder("Inbox/Team")
        world.watch("Inbox", "Inbox/Team")
        sync_state = self.begin(world)
        world.owner_deletes_folder("Inbox/Team")
        world.tick(600)
        world.arrive(raw_mail("q1"))
        page = world.mailbox.changes(sync_state, NOW)
        assert (named(page), [note.is_read for note in page.notes]) == (["q1"], [False])
        world.owner_makes_folder("Inbox/Team")
        world.arrive_in("Inbox/Team", raw_mail("q2"))
        world.tick(600)
        page = world.mailbox.changes(page.sync_state, NOW)
        assert (named(page), page.notes) == (["q2"], ())
        world.tick(5)
        assert named(world.mailbox.changes(page.sync_state, NOW)) == []

    def test_a_server_that_says_for_ever_that_more_is_to_come_is_not_believed(self, world: World) -> None:
        world.never_ends()
        sync_state = self.begin(world)
        for name in ("q1", "q2"):
            world.arrive(raw_mail(name))
            pages = []
            while not pages or not pages[-1].complete:
                pages.append(world.mailbox.changes(sync_state, NOW))
                sync_state = pages[-1].sync_state
                assert len(pages) < 6
            assert [one for page in pages for one in named(page)] == [name]
            world.tick(5)

    def test_a_mail_that_cant_be_read_hides_no_other(self, world: World) -> None:
        sync_state = self.begin(world)
        for name in ("n1", "spoiled", "n2"):
            world.arrive(raw_mail(name))
        world.spoil("spoiled")
        given: list[Changes] = []
        for _ in range(5):
            given += drain(world.mailbox, sync_state, NOW)
            sync_state = given[-1].sync_state
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
        pages = drain(world.mailbox, sync_state, NOW)
        (mail,) = [mail for page in pages for mail in page.mails]
        assert (mail.message_id, mail.reread, mail.unread) == ("<spoiled@corp.example>", True, "")
        assert pages[-1].unread == 0
        world.tick(3700)
        assert world.mailbox.changes(pages[-1].sync_state, NOW).mails == ()

    def test_a_letter_is_sent_and_comes_back_by_its_token(self, world: World) -> None:
        sync_state = self.begin(world)
        (outcome,) = world.mailbox.send([letter()])
        assert isinstance(outcome, Done)
        page = drain(world.mailbox, sync_state, NOW)[-1]
        (sent,) = page.sent
        assert sent.token == "a" * 32
        assert world.mailbox.find(["a" * 32, "f" * 32]) == {"a" * 32: Place.SENT}

    def test_the_owners_answer_is_seen_with_whom_it_answers(self, world: World) -> None:
        sync_state = self.begin(world)
        world.arrive(raw_mail())
        world.tick(5)
        world.owner_answers("<q1@corp.example>", BOB)
        (sent,) = (m for page in drain(world.mailbox, sync_state, NOW) for m in page.sent)
        assert sent.token is None
        assert "<q1@corp.example>" in sent.targets
        assert [a.key for a in sent.to] == [BOB]

    def test_a_task_is_made_and_comes_back_with_its_promise(self, world: World) -> None:
        sync_state = self.begin(world)
        (outcome,) = world.mailbox.create_tasks([task()])
        assert isinstance(outcome, Done)
        (seen,) = (t for page in drain(world.mailbox, sync_state, NOW) for t in page.tasks)
        assert (seen.token, seen.message_id, seen.asker) == ("b" * 32, "<q1@corp.example>", BOB)
        assert seen.promised == task().promised
        assert seen.due_date == date(2026, 11, 25)
        assert seen.categories == ("Promised",)
        assert not seen.is_complete
        assert [t.token for t in world.mailbox.tasks()] == ["b" * 32]

    def test_a_deleted_task_is_still_found_where_it_can_be(self, world: World) -> None:
        sync_state = self.begin(world)
        world.mailbox.create_tasks([task()])
        sync_state = drain(world.mailbox, sync_state, NOW)[-1].sync_state
        world.tick(5)
        world.owner_trashes_task("b" * 32)
        assert len([g for page in drain(world.mailbox, sync_state, NOW) for g in page.gone]) == 1
        if not world.mailbox.sees_deleted_tasks:
            assert world.mailbox.find(["b" * 32]) == {}
            assert world.mailbox.tasks() == ()
            return
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

    def test_a_draft_that_was_thrown_away_is_told_from_what_was_sent(self, world: World) -> None:
        self.begin(world)
        sent, waiting, thrown, done = ("1" * 32, "2" * 32, "3" * 32, "4" * 32)
        world.mailbox.send([letter(sent)])
        world.mailbox.draft([letter(waiting), letter(thrown), letter(done)])
        world.owner_trashes_sent(sent)
        world.owner_trashes_draft(thrown)
        world.owner_sends_draft(done)
        where = {sent: Place.TRASH, waiting: Place.DRAFTS, thrown: Place.THROWN_AWAY, done: Place.SENT}
        assert world.mailbox.find(list(where)) == where
        world.owner_trashes_sent(done)
        assert world.mailbox.find([done]) == {done: Place.TRASH}

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
        for name in ("q1", "q2", "q3", "q4", "q5"):
            world.arrive(raw_mail(name))
        asked = {f"<{name}@corp.example>": "" for name in ("q1", "q2", "q3", "q4", "q5")}
        assert world.mailbox.signs({}) == Signs()
        world.mailbox.draft([letter()])  # ours, and an answer to q1: no hint
        assert world.mailbox.signs(asked) == Signs()
        world.owner_begins_an_answer("<q2@corp.example>")
        world.owner_begins_an_answer("<another@corp.example>")
        world.owner_answers_unseen("<q3@corp.example>")
        world.owner_answers_later("<q5@corp.example>")
        seen = Signs(
            answered=frozenset({"<q2@corp.example>", "<q3@corp.example>"}),
            waiting=frozenset({"<q5@corp.example>"}),
        )
        assert world.mailbox.signs(asked) == seen
        many = dict.fromkeys((f"<m{number}@corp.example>" for number in range(100)), "")
        assert world.mailbox.signs(many | asked) == seen

    def test_the_categories_of_questions_are_seen_right_before_they_are_acknowledged(
        self, world: World
    ) -> None:
        for name in ("q1", "q2"):
            world.arrive(raw_mail(name))
        asked = {f"<{name}@corp.example>": "" for name in ("q1", "q2")}
        (mail,) = world.mailbox.search(message_id="<q1@corp.example>")
        world.mailbox.categorize([CategoryChange(mail.message_id, mail.item, add=("Promised", "Mine"))])
        seen = {name: set(found) for name, found in world.mailbox.signs(asked).categories.items()}
        assert seen == {"<q1@corp.example>": {"Promised", "Mine"}}

    def test_what_was_thrown_away_is_gone_or_was_filed(self, world: World) -> None:
        sync_state = self.begin(world)
        names = ("here", "thrown", "gone", "filed")
        for name in names:
            world.arrive(raw_mail(name))
        mails = [mail for page in drain(world.mailbox, sync_state, NOW) for mail in page.mails]
        asked = {mail.message_id: mail.item for mail in mails}
        world.tick(60)
        world.owner_throws_away("<thrown@corp.example>")
        world.vanish("<gone@corp.example>")
        world.owner_files("<filed@corp.example>")
        thrown, gone = frozenset({"<thrown@corp.example>"}), frozenset({"<gone@corp.example>"})
        assert world.mailbox.signs(asked) == Signs(thrown=thrown, gone=gone)
        change = CategoryChange("<filed@corp.example>", asked["<filed@corp.example>"], add=("Promised",))
        (outcome,) = world.mailbox.categorize([change])
        assert isinstance(outcome, Done), "the category goes with the mail"

    def test_a_recall_is_seen(self, world: World) -> None:
        self.begin(world)
        world.arrive(raw_mail("q1"))
        world.tick(60)
        world.recall(raw_mail("recall").replace(b"Subject: ", b"Subject: Recall: "))
        (recall,) = world.mailbox.signs({"<q1@corp.example>": ""}).recalls
        assert recall.sender is not None
        assert (recall.sender.key, recall.subject) == (BOB, "Recall: Figures recall")
        assert recall.received == NOW + timedelta(seconds=65)
        assert "<other@corp.example>" in recall.answers

    def test_a_task_of_ours_can_be_removed(self, world: World) -> None:
        self.begin(world)
        world.mailbox.create_tasks([task()])
        assert world.mailbox.remove(["b" * 32, "c" * 32]) == {"b" * 32}
        assert world.mailbox.tasks() == ()

    def test_the_watermark_is_remembered_once(self, world: World) -> None:
        assert world.mailbox.watermark() is None
        assert world.mailbox.set_watermark(NOW) == NOW
        assert world.another().set_watermark(NOW + timedelta(days=1)) == NOW
        assert world.another().watermark() == NOW

    def test_what_is_hidden_can_be_taken_away(self, world: World) -> None:
        assert world.mailbox.leave(), "where there is nothing, nothing is left"
        world.mailbox.set_watermark(NOW)
        lease = world.mailbox.take_lease("machine one")
        assert lease is not None
        assert world.mailbox.leave()
        assert world.another().watermark() is None
        assert world.mailbox.leave()
        assert world.mailbox.set_watermark(NOW + timedelta(days=1)) == NOW + timedelta(days=1)
        assert world.another().take_lease("machine two") is not None

    def test_one_of_two_holds_the_lease(self, world: World) -> None:
        world.mailbox.set_watermark(NOW)
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
        world.mailbox.set_watermark(NOW)
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
