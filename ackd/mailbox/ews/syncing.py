"""What changed in the watched folders since a sync state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib.services import GetFolder, SyncFolderItems

from ackd.errors import Unreachable
from ackd.mailbox import sync_keys, values
from ackd.mailbox.ews import fields, reading, requests
from ackd.mailbox.ews.arrivals import Reading, listed
from ackd.mailbox.ews.card import language_named
from ackd.mailbox.ews.folders import NO_FOLDER
from ackd.mailbox.ews.mail_folders import MailFolders, seen
from ackd.mailbox.ews.sync_state import FolderSync, folders_of, sync_state_of, waiting_of, ways_of
from ackd.mailbox.ews.wire import Answer, StaleSyncState, Wire, extended
from ackd.mailbox.gathered import Gathered
from ackd.mailbox.sync_keys import SyncKey
from ackd.mailbox.sync_rounds import Rounds
from ackd.mailbox.unread import Waiting
from ackd.mailbox.watched import RECHECK_BLINDLY, WatchedFolders
from ackd.model import Changes, FolderNote, SeenTask
from ackd.ports import Clock

PAGE = 100  # mails that a sync gives at once
LISTING = 512  # the most that a sync gives at once
#: A commit time in whole seconds tells nothing of what came in the same second.
SETTLED = timedelta(seconds=2)
#: What the owner is told of, by its name.


class FolderLost(Unreachable):
    """A folder that the owner can delete doesn't give its changes; the message is the code."""


@dataclass(frozen=True, slots=True)
class _Page:
    """One page of a folder's sync."""

    sync: FolderSync
    complete: bool
    relisted: bool
    created: tuple[Any, ...]
    updated: tuple[Any, ...]
    deleted: tuple[str, ...]


class Syncing:
    """The folders that are watched, and what is new in them."""

    def __init__(
        self, wire: Wire, clock: Clock, zone: ZoneInfo, watched: tuple[str, ...], *, commit_times: bool
    ) -> None:
        """`commit_times` is False where it is known that the server's can't be gone by."""
        self._wire = wire
        self._clock = clock
        self.zone = zone
        self.folders = MailFolders(wire)
        self.watched = WatchedFolders(self.folders, clock, watched)
        self._rounds = Rounds()
        self._lists: tuple[str, ...] = ()  # of tasks, besides the usual one
        self._lists_gone: set[str] = set()
        self._looked_at_lists = 0.0
        self._gives_commit_times = commit_times
        self.language: str | None = None  # of the mailbox, once the inbox's name told it

    def watch_tasks(self, lists: tuple[str, ...]) -> None:
        """Other lists of tasks from now on."""
        self._lists = lists

    def inboxes(self) -> dict[str, Any]:
        """The folders where mail arrives, by what mail in them is said to lie in."""
        return {self.watched.shown(key): folder for key, folder in self.watched.elements().items()}

    def notes(self) -> tuple[FolderNote, ...]:
        """What the owner should know of the folders."""
        return (*self.watched.notes, *self._rounds.notes(sync_keys.NAMES))

    def changes(self, sync_state: str | None, since: datetime | None) -> Changes:
        """See ports.Mailbox. An idle poll is one request where the server gives commit times.
        What the folders told of and wasn't read yet comes first: a page is bounded by bytes."""
        syncs, waits = folders_of(sync_state), waiting_of(sync_state)
        self._wire.ways.recall(ways_of(sync_state))
        self.recall(sync_state)
        found = Gathered()
        if any(one.is_fresh for one in waits):
            found.complete = False
        else:
            waits += self._sync(syncs, since, found)
        gone = set(found.gone)
        waits = [one for one in waits if one.item not in gone]
        if waits:
            waits = Reading(self._wire, self._clock, since, found).read(waits)
        state = sync_state_of(syncs, waits, self._wire.ways.lacking())
        return found.changes(state, waits, self.notes(), self._wire.server.now())

    def _sync(self, syncs: dict[str, FolderSync], since: datetime | None, found: Gathered) -> list[Waiting]:
        """What the folders tell, a page of each; returns the items that are to be read."""
        states = self._folder_states(syncs)
        wanted: list[Waiting] = []
        folders, own_ids = self.all_folders(), self.watched.ids()
        for key, folder in folders.items():
            sync = syncs[key] = syncs.get(key, FolderSync()).of(own_ids.get(key, ""))
            is_same = sync.state and sync.seen and sync.seen == states.get(key)
            if is_same or not self._rounds.goes_on(key):
                continue
            try:
                page = self.page(key, folder, sync, states.get(key, ""))
            except FolderLost as lost:
                if sync_keys.is_of_tasks(key):
                    found.lists_gone.append(sync_keys.list_of(key))
                else:
                    self.watched.lose(key, str(lost))
                continue
            syncs[key] = page.sync
            found.complete &= not self._has_more(key, sync, page)
            found.relisted |= page.relisted
            found.gone += page.deleted
            if key == SyncKey.SENT:
                wanted += self._sent(page, since, found)
            elif sync_keys.is_of_tasks(key):
                found.tasks += self.tasks(key, page)
            else:
                wanted += self._arrived(self.watched.shown(key), page, since)
                found.marked += [m for m in map(reading.marked, (*page.created, *page.updated)) if m]
        if found.complete:
            self._rounds.end()
        return wanted

    def all_folders(self) -> dict[str, Any]:
        """Every folder that is read by its key in the sync state."""
        return {
            **self.watched.elements(),
            SyncKey.SENT: self._wire.distinguished("sentitems"),
            SyncKey.TASKS: self._wire.distinguished("tasks"),
            **{sync_keys.of_list(own_id): requests.folder_id(own_id) for own_id in self._lists},
        }

    def recall(self, sync_state: str | None) -> None:
        """Know the folders as the sync state knows them."""
        self.watched.recall({key: mark.folder for key, mark in folders_of(sync_state).items()})

    def _has_more(self, key: str, sync: FolderSync, page: _Page) -> bool:
        changed = [*map(reading.item_id, (*page.created, *page.updated)), *page.deleted]
        state = page.sync.state
        return self._rounds.has_more(key, sync.state, state, changed, complete=page.complete)

    def _folder_states(self, syncs: dict[str, FolderSync]) -> dict[str, str]:
        """For each folder a text that changes whenever the folder does; nothing for a folder
        whose commit time the server doesn't give or that changed just now. Where the server doesn't
        tell its time, the sync state notes since when a folder shows the same. Tells of watched folders
        that were renamed or are no more."""
        self._lists_gone.clear()
        wanted = self.all_folders()
        if not self._gives_commit_times:
            self._look_at_lists()
            return {}
        payload = requests.get_folder(wanted.values(), (*fields.FOLDER_STATE, *fields.FOLDER_NAME))
        asked = self._clock.ticks()
        answers = self._wire.read(GetFolder, payload, expected=len(wanted))
        states: dict[str, str] = {}
        times_given = 0
        for key, answer in zip(wanted, answers, strict=False):
            folder = next(iter(answer.find_all("m:Folders/*")), None)
            if self._is_lost(key, answer):
                continue
            if not answer.ok or folder is None:
                raise Unreachable(f"the folder {sync_keys.NAMES.get(key, key)} can't be read: {answer.code}")
            self.watched.saw(key, seen(folder))
            if not self.watched.is_named(key):
                self.language = language_named(seen(folder)[0]) or self.language
            committed = values.moment(extended(folder, fields.COMMIT_TIME))
            times_given += committed is not None
            if committed is None:
                continue
            state, now = (
                f"{committed.isoformat()} {extended(folder, fields.DELETED_COUNT)}",
                self._wire.server.now(),
            )
            if abs(now - committed) >= SETTLED if now else self._is_settled(syncs, key, state, asked):
                states[key] = state
        self._gives_commit_times = times_given > 0  # else every poll syncs, and asks no more
        self.watched.is_told_of_losses = self._gives_commit_times
        return states

    def _look_at_lists(self) -> None:
        """Where no commit times are asked for: now and then, whether the lists of tasks are there. Not
        every server's sync says that one is gone."""
        now = self._clock.ticks()
        if not self._lists or now - self._looked_at_lists < RECHECK_BLINDLY:
            return
        self._looked_at_lists = now
        payload = requests.get_folder(map(requests.folder_id, self._lists), ())
        answers = self._wire.read(GetFolder, payload, expected=len(self._lists))
        for own_id, answer in zip(self._lists, answers, strict=False):
            self._is_lost(sync_keys.of_list(own_id), answer)

    def _is_lost(self, key: str, answer: Answer) -> bool:
        """Whether an answer about a folder says that one is lost which the owner can delete."""
        if answer.ok:
            return False
        if sync_keys.is_of_list(key):
            if answer.code in NO_FOLDER:
                self._lists_gone.add(key)
            return True  # with any other code its sync tells
        if not self.watched.is_named(key):
            return False
        self.watched.lose(key, answer.code)
        return True

    def _is_settled(self, syncs: dict[str, FolderSync], key: str, state: str, asked: float) -> bool:
        """Whether a folder has shown the same long enough, by our own clock. Notes since when it does."""
        mark, boot = syncs.get(key, FolderSync()), self._clock.boot()
        span = asked - mark.ticks
        if mark.shown == state and boot and mark.boot == boot and span >= 0:
            return span >= SETTLED.total_seconds()
        syncs[key] = replace(mark, shown=state, boot=boot, ticks=self._clock.ticks())
        return False

    def page(self, key: str, folder: Any, sync: FolderSync, state: str) -> _Page:
        """One page of a folder's changes. A state that the server forgot starts a listing
        from the beginning: Message-ID, watermark and age decide what is new."""
        relisted = not sync.state
        try:
            answer = self._sync_request(key, folder, sync.state)
        except StaleSyncState:
            relisted = True
            answer = self._sync_request(key, folder, "")
        complete = answer.find_text("m:IncludesLastItemInRange") != "false"
        created, updated, deleted = [], [], []
        for change in answer.find_all("m:Changes/*"):
            kind = change.tag.rpartition("}")[2]
            if kind == "Create" and len(change):
                created.append(change[0])
            elif kind == "Update" and len(change):
                updated.append(change[0])
            elif kind == "Delete":
                deleted.append(reading.item_id(change))
        new = replace(sync, state=answer.find_text("m:SyncState"), seen=state if complete else "")
        return _Page(new, complete, relisted, tuple(created), tuple(updated), tuple(deleted))

    def _sync_request(self, key: str, folder: Any, state: str) -> Answer:
        if key in self._lists_gone:
            raise FolderLost("ErrorFolderNotFound")
        is_tasks = sync_keys.is_of_tasks(key)
        wanted = fields.TASK if is_tasks else fields.SENT_LISTED if key == SyncKey.SENT else fields.ARRIVED
        is_listing = not state or key == SyncKey.SENT or is_tasks
        payload = requests.sync_folder_items(folder, wanted, state, LISTING if is_listing else PAGE)
        (answer, *_) = self._wire.read(SyncFolderItems, payload)
        is_list = answer.code in NO_FOLDER and sync_keys.is_of_list(key)
        if not answer.ok and (is_list or self.watched.is_named(key)):
            raise FolderLost(answer.code)
        if not answer.ok:
            raise Unreachable(
                f"the changes of {sync_keys.NAMES.get(key, key)} can't be read: {answer.code or 'no code'}"
            )
        return answer

    def tasks(self, key: str, page: _Page) -> list[SeenTask]:
        folder = sync_keys.list_of(key)
        elements = (*page.created, *page.updated)
        seen = (reading.seen_task(e, self.zone, folder=folder) for e in elements)
        return [task for task in seen if task]

    def _arrived(self, folder: str, page: _Page, since: datetime | None) -> list[Waiting]:
        """The mails that arrived at or after `since`; older ones are history."""
        if since is None:
            return []
        wanted = {}
        for element in page.created:
            received = values.moment(reading.text_at(element, "t:DateTimeReceived"))
            if received is None or received >= since:
                one = listed(element, folder, received, relisted=page.relisted)
                wanted[one.item] = one
        return list(wanted.values())

    def _sent(self, page: _Page, since: datetime | None, found: Gathered) -> list[Waiting]:
        """Sent mails: ours by their token, the owner's are read for whom they answer."""
        now = self._clock.now()
        wanted = []
        for element in page.created:
            mail = reading.sent_mail(element, now)
            if mail.token:
                found.sent.append(mail)
            elif since and mail.at >= since:
                wanted.append(listed(element, SyncKey.SENT, mail.at, relisted=page.relisted))
        return wanted
