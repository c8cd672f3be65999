"""The world around the mailbox in memory: what a server keeps, and what people do there."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ackd.model import (
    Address,
    Appointment,
    Colour,
    Done,
    Ending,
    FolderNote,
    ForeignLease,
    Letter,
    Mail,
    Marked,
    Outcome,
    OwnerCard,
    OwnerSettings,
    PlainTask,
    Recall,
    Refusal,
    Refused,
    SeenTask,
    SentMail,
    Task,
    TaskMark,
    Unknown,
)

INBOX = "inbox"


@dataclass
class Held:
    """The lease, and who holds it."""

    key: str
    holder: str
    since: datetime


@dataclass
class World:
    """The server and its people; `now` is the server's time.

    `groups` are distribution lists, by address in lower case; `replying` the questions to which the
    owner's own replies lie in Drafts, `outbox` those to which they wait in the Outbox; `thrown` questions
    lie in Deleted Items, `erased` ones nowhere. `aliases` are other addresses of people, `people` the
    addresses that the directory knows (None: it doesn't let itself be asked), `given` the given names that it
    has of them; `spoiled` are
    mails, by Message-ID, that can't be read, and why. `says_more`: it says for ever that more changes are
    to come. `fail_next` makes the next write's outcomes doubtful: "before" loses the write, "after" does it
    and loses the answer; "told" sends letters until number `fail_at` (the last, if 0), of which a copy is
    kept and nothing sent, and says that all failed; "unsent" makes the letters, sends none and loses the
    answer.
    `kind` is the way by which ackd comes (`turns_to`).
    `refuses` everything that is written, for that cause. Without `sees_deleted_tasks` it gives no task that
    lies in Deleted Items.
    """

    now: Callable[[], datetime]
    kind: str = "memory"
    owner: str = "alice@corp.example"
    letters: list[Letter] = field(default_factory=list)
    task_items: dict[str, tuple[Task, SeenTask]] = field(default_factory=dict)
    owner_settings: OwnerSettings = field(default_factory=OwnerSettings)
    owner_card: OwnerCard = field(default_factory=lambda: OwnerCard("Alice", "en"))
    ends: tuple[Ending, ...] = ()
    fail_next: str = ""
    refuses: Refusal | None = None
    is_busy: bool = False  # every write is refused for now
    drafts: dict[str, tuple[Letter, datetime]] = field(default_factory=dict)
    calendar: dict[str, Appointment] = field(default_factory=dict)
    replying: set[str] = field(default_factory=set)
    outbox: set[str] = field(default_factory=set)
    thrown: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    aliases: dict[str, str] = field(default_factory=dict)
    people: frozenset[str] | None = frozenset()
    given: dict[str, str] = field(default_factory=dict)
    undelivered: list[Letter] = field(default_factory=list)
    fail_at: int = 0
    unsent: dict[str, Letter] = field(default_factory=dict)  # made, and not sent yet
    sees_deleted_tasks: bool = True
    spoiled: dict[str, str] = field(default_factory=dict)
    trashed: set[str] = field(default_factory=set)  # drafts in Deleted Items
    trashed_copies: set[str] = field(default_factory=set)  # copies of sent letters there
    watched_lists: frozenset[str] = frozenset()
    notes: dict[str, list[str]] = field(default_factory=dict)  # added to tasks, by token
    shown_categories: dict[str, Colour] = field(default_factory=dict)
    refuse_to: frozenset[str] = frozenset()
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=lambda: {INBOX: "Inbox"})  # paths, by id
    says_more: bool = False
    watched: tuple[str, ...] = ("Inbox",)  # paths of the folders that are read
    _lies_in: dict[str, str] = field(default_factory=dict)  # ids of folders by mail, but for the inbox
    _log: list[Mail | SentMail | SeenTask | Marked | str] = field(default_factory=list)
    _mark: datetime | None = None
    tells_time: bool = True  # with every answer; else it shows by the lease that it makes
    shows_time: bool = False
    _strange: set[str] = field(default_factory=set)  # tasks of ours in which this kind sees no mark
    _was: dict[str, set[str]] = field(default_factory=dict)  # by the items of tasks their earlier ones
    _remembered: dict[str, dict[str, SeenTask]] = field(default_factory=dict)  # by kind and token
    _lease: Held | None = None
    _busy: ForeignLease | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def endings(self) -> tuple[Ending, ...]:
        """The port's: what is about to end."""
        return self.ends

    def unmarked_tasks(self, items: Collection[str]) -> tuple[PlainTask, ...]:
        """The port's: tasks of the owner's without a mark."""
        found = ((item, *self.task_items[item]) for item in self.task_items if item in self._strange)
        return tuple(
            PlainTask(
                item=item,
                title=task.subject,
                due_date=seen.due_date,
                categories=seen.categories,
                text="\n".join((task.body, *self.notes.get(seen.token, ()))),
                is_deleted=seen.is_deleted,
                folder=seen.folder,
                was=next(iter({item, *self._was.get(item, ())} & set(items)), ""),
            )
            for item, task, seen in found
            if self.sees_deleted_tasks or not seen.is_deleted
        )

    def _refusal(self) -> Refused:
        later = self.refuses is Refusal.FULL
        return Refused("the server refused it", retry=later, cause=self.refuses)

    # --- the world --------------------------------------------------------------------------

    def arrive(self, mail: Mail, folder: str = "Inbox") -> Mail:
        """A mail comes in now; a rule of the owner's files it into a folder, by its path."""
        arrived = replace(mail, received=self.now().replace(microsecond=0), item=self._name("mail"))
        self._lies_in[arrived.item] = self._folder(folder)
        self._log.append(arrived)
        return arrived

    def owner_makes_folder(self, path: str) -> None:
        """The owner makes a folder."""
        self.folders[self._name("folder")] = path

    def owner_renames_folder(self, path: str, new: str) -> None:
        """The owner gives a folder another path: it keeps its id."""
        self.folders[self._folder(path)] = new

    def owner_deletes_folder(self, path: str) -> None:
        """The owner deletes a folder with all that is in it."""
        gone = self._folder(path)
        del self.folders[gone]
        self._log += [mail.item for mail in self._mails_in({gone})]

    def owner_sends(
        self,
        *,
        to: Sequence[str],
        in_reply_to: str | None,
        automatic: bool = False,
        text: str = "",
        conversation: str | None = None,
    ) -> None:
        """The owner sends a mail from some device."""
        name = self._name("sent")
        self._log.append(
            SentMail(
                item=name,
                message_id=f"<{name}@corp.example>",
                at=self.now(),
                to=tuple(Address(a) for a in to),
                in_reply_to=in_reply_to,
                is_automatic=automatic,
                text=text,
                conversation=conversation,
            )
        )

    def owner_categorizes(self, message_id: str, *categories: str) -> None:
        """The owner gives a mail exactly these categories."""
        self._set_categories(message_id, categories)

    def sent(self) -> list[SentMail]:
        """What stands in Sent Items, the oldest first."""
        return [entry for entry in self._log if isinstance(entry, SentMail)]

    def categories_of(self, message_id: str) -> tuple[str, ...]:
        """The categories of a mail as they are now."""
        return self._mail(message_id).categories

    def owner_changes_task(self, token: str, **values: Any) -> None:
        """The owner changes a task: `due_date`, `is_complete`, `categories`, `folder`."""
        for item, (task, seen) in list(self.task_items.items()):
            if seen.token == token:
                self._put_task(item, task, replace(seen, key=self._name("key"), **values))

    def owner_restores_task(self, token: str) -> None:
        """The owner takes a task back out of Deleted Items: it gets a new name."""
        for item, (task, seen) in list(self.task_items.items()):
            if seen.token == token and seen.is_deleted:
                del self.task_items[item]
                restored = replace(seen, item=self._renamed(item), is_deleted=False)
                self._put_task(restored.item, task, restored)

    def owner_files_task(self, token: str, folder: str) -> None:
        """The owner moves a task to another list: it leaves its own under its old name."""
        for item, (task, seen) in list(self.task_items.items()):
            if seen.token == token:
                del self.task_items[item]
                self._log.append(item)
                moved = replace(seen, item=self._renamed(item), folder=folder)
                self.task_items[moved.item] = (task, moved)
                if folder in self.watched_lists:
                    self._log.append(moved)

    def owner_replies_unseen(self, message_id: str) -> None:
        """The owner answers by a device that keeps no copy: the question alone shows it."""
        replied = (
            replace(entry, is_marked_answered=True)
            if isinstance(entry, Mail) and entry.message_id == message_id
            else entry
            for entry in self._log
        )
        self._log[:] = list(replied)

    def owner_trashes_task(self, token: str) -> None:
        """The owner deletes a task: it moves to Deleted Items under a new name."""
        for item, (task, seen) in list(self.task_items.items()):
            if seen.token == token:
                del self.task_items[item]
                trashed = replace(seen, item=self._renamed(item), is_deleted=True)
                self.task_items[trashed.item] = (task, trashed)
                self._log.append(item)

    def owner_sends_draft(self, token: str) -> None:
        """The owner sends one of our drafts."""
        letter, _ = self.drafts.pop(token)
        self._send_one(letter)

    def owner_trashes_draft(self, token: str) -> None:
        """The owner deletes one of our drafts: it lies in Deleted Items."""
        self.trashed.add(token)

    def owner_trashes_sent(self, token: str) -> None:
        """The owner deletes the copy of a letter that was sent."""
        self.trashed_copies.add(token)

    def owner_erases_task(self, token: str) -> None:
        """The owner deletes a task for good: it is nowhere any more."""
        for item in [i for i, (_, seen) in self.task_items.items() if seen.token == token]:
            del self.task_items[item]
            self._log.append(item)

    def turns_to(self, kind: str, *, moved: bool = False) -> None:
        """ackd comes by another kind of way from now on: tasks have other names there, and only those that
        were marked by that kind show a mark, with what it let them remember. With `moved` the mailbox went
        elsewhere, and no name of before is known there."""
        seen = {one.token: one for item, (_, one) in self.task_items.items() if item not in self._strange}
        self._remembered[self.kind] = seen
        self.kind, known = kind, self._remembered.get(kind, {})
        before, self.task_items, self._strange = self.task_items, {}, set()
        names = {item: self._name("task") for item in before}
        self._was = {names[item]: set() if moved else {item, *self._was.get(item, ())} for item in before}
        for item, (task, one) in before.items():
            mark = known.get(one.token)
            self._strange |= {names[item]} if mark is None else set()
            kept = replace(one, promised=mark.promised, moves=mark.moves, told=mark.told) if mark else one
            self._put_task(names[item], task, replace(kept, item=names[item], key=self._name("key")))

    # --- inside -----------------------------------------------------------------------------

    def _name(self, kind: str) -> str:
        return f"{kind}-{next(self._numbers)}"

    def _renamed(self, item: str) -> str:
        """A task's new name: it carries the mark that it carried."""
        new = self._name("task")
        self._strange |= {new} if item in self._strange else set()
        return new

    def _folder(self, path: str) -> str:
        return next(own_id for own_id, known in self.folders.items() if known.lower() == path.lower())

    def _mails_in(self, folders: Collection[str]) -> list[Mail]:
        return [m for m in self._log if isinstance(m, Mail) and self._lies_in.get(m.item, INBOX) in folders]

    def _mark_one(self, mark: TaskMark) -> Outcome:
        if mark.item not in self.task_items:
            return Refused("there is no such task", is_gone=True)
        task, seen = self.task_items[mark.item]
        if mark.item not in self._strange and seen.token != mark.token:
            return Refused("it carries another mark")
        told = mark.told or seen.told
        new = replace(seen, token=mark.token, promised=mark.promised, moves=mark.moves, told=told)
        if new != seen or mark.item in self._strange:
            self._strange.discard(mark.item)
            self._put_task(mark.item, task, replace(new, key=self._name("key")))
        return Done(mark.item)

    def _make_alone(self, letters: Sequence[Letter]) -> list[Outcome]:
        """The letters are made, and the connection is cut before they are sent."""
        self.fail_next = ""
        self.unsent |= {letter.token: letter for letter in letters}
        return [Unknown("the connection was cut") for _ in letters]

    def _send_made(self, token: str) -> Outcome:
        letter = self.unsent.pop(token, None)
        return self._send_one(letter) if letter else Unknown("it isn't there any more")

    def _send_one(self, letter: Letter) -> Outcome:
        if letter.to.key in self.refuse_to:
            return Refused(f"the server refused the recipient {letter.to.email}")
        self.letters.append(letter)
        return Done(self._keep_copy(letter))

    def _keep_copy(self, letter: Letter) -> str:
        name = self._name("sent")
        self._log.append(
            SentMail(
                item=name,
                message_id=f"<{name}@corp.example>",
                at=self.now(),
                to=(letter.to,),
                in_reply_to=letter.in_reply_to,
                references=letter.references,
                token=letter.token,
            )
        )
        return name

    def _put_task(self, item: str, task: Task, seen: SeenTask) -> None:
        self.task_items[item] = (task, seen)
        if not seen.is_deleted and (not seen.folder or seen.folder in self.watched_lists):
            self._log.append(seen)

    def _mail(self, message_id: str) -> Mail:
        return next(m for m in self._log if isinstance(m, Mail) and m.message_id == message_id)

    def _set_categories(self, message_id: str, categories: tuple[str, ...]) -> None:
        mail = self._mail(message_id)
        self._log[self._log.index(mail)] = replace(mail, categories=categories)
        if categories:
            self._log.append(Marked(mail.item, message_id, mail.received, categories))

    def _watched(self, known: Mapping[str, str]) -> tuple[dict[str, str], tuple[FolderNote, ...]]:
        """The ids of the watched folders that are there, by the owner's names for them: a folder of
        that name, else the one that had it. And what the owner should know of the others."""
        by_path = {path.lower(): own_id for own_id, path in self.folders.items()}
        found, notes = {}, []
        for name in self.watched:
            own_id = by_path.get(name.lower(), known.get(name, ""))
            if own_id not in self.folders:
                notes.append(FolderNote(name, f"there is no folder {name!r}: its mail isn't read"))
                continue
            found[name] = own_id
            path = self.folders[own_id]
            if path.lower() != name.lower():
                notes.append(FolderNote(name, f"the folder {name!r} is called {path!r} now", is_read=True))
        return found, tuple(notes)

    def _as_it_is_given(self, mail: Mail) -> Mail:
        """A mail, with everything unknown where it can't be read."""
        why = self.spoiled.get(mail.message_id)
        if why is None:
            return mail
        known = Mail(mail.message_id, mail.received, "", None, headers=None, item_class=None)
        return replace(known, folder=mail.folder, item=mail.item, unread=why)

    def _as_they_are(self, tasks: Iterable[SeenTask]) -> tuple[SeenTask, ...]:
        """Each of the tasks once, as it is now; without those that are gone, or show no mark."""
        items = dict.fromkeys(task.item for task in tasks if task.item not in self._strange)
        return tuple(self.task_items[item][1] for item in items if item in self.task_items)

    def _marks_as_they_are(self, marks: Iterable[Marked]) -> tuple[Marked, ...]:
        """Each of the mails once, with the categories that it has now."""
        named = {mark.message_id: mark for mark in marks}
        now = (replace(mark, categories=self.categories_of(name)) for name, mark in named.items())
        return tuple(mark for mark in now if mark.categories)


def recalls(mails: Iterable[Mail]) -> tuple[Recall, ...]:
    """The recalls among these mails."""
    return tuple(
        Recall(mail.sender, mail.subject, mail.received, _named(mail), mail.conversation)
        for mail in mails
        if mail.item_class == "IPM.Outlook.Recall"
    )


def _named(mail: Mail) -> tuple[str, ...]:
    return (*((mail.in_reply_to,) if mail.in_reply_to else ()), *mail.references)
