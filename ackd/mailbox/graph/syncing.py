"""What changed in the watched folders since a sync state: one `$batch` of deltas.

A delta gives ids and little more (expanding properties in it fails), so what is new is read by id.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ackd.errors import Unreachable
from ackd.mailbox import sync_keys, unread
from ackd.mailbox.gathered import Gathered
from ackd.mailbox.graph import items, reading
from ackd.mailbox.graph.answers import GONE, Answer, checked, entries, text
from ackd.mailbox.graph.mail_folders import MailFolders
from ackd.mailbox.graph.pace import PARTS
from ackd.mailbox.graph.sync_state import FolderSync, dumped, loaded
from ackd.mailbox.graph.task_lists import LINKED, PAGE, PAGE_SIZE, TaskLists
from ackd.mailbox.graph.wire import Part, Wire, get
from ackd.mailbox.item_reads import Bad, Gone, Got
from ackd.mailbox.sync_keys import SyncKey
from ackd.mailbox.sync_rounds import Rounds
from ackd.mailbox.unread import Waiting
from ackd.mailbox.values import moment, one_message_id
from ackd.mailbox.watched import WatchedFolders
from ackd.model import Changes, FolderNote
from ackd.ports import Clock

log = logging.getLogger(__name__)

READ = 100  # mails that one page reads
PAGE_BYTES = 2_000_000  # characters of text that one page holds, before the last batch
FOLLOWED = 4  # pages of one folder that are followed at once, while they aren't full
#: A listing begins so long before the moment that counts: clocks differ.
MARGIN = timedelta(days=1)
_SHOWN = "internetMessageId,receivedDateTime,sentDateTime,categories,isDraft"
_MARKED = {"$select": "internetMessageId,receivedDateTime,categories"}
#: Days that a listing reaches back where a delta tells of no mail that its filter leaves out: as far as
#: commands do, unless more mails came since than such a listing may give (5,000).
MONTH, MOST_LISTED = 30, 4_000
_Key = tuple[str, bool]


class Syncing:
    """The folders that are watched, and what is new in them."""

    def __init__(
        self, wire: Wire, clock: Clock, zone: ZoneInfo, watched: Iterable[str], lists: TaskLists
    ) -> None:
        self._wire = wire
        self._clock = clock
        self.zone = zone
        self.folders = MailFolders(wire)
        self.watched = WatchedFolders(self.folders, clock, watched)
        self.watched.is_told_of_losses = False  # a delta doesn't tell of a folder's name
        self._lists = lists
        self._rounds = Rounds()
        #: What is read, by rank.
        self._reads = {0: _MARKED, 1: reading.sent_options(wire.ways), 2: reading.mail_options(wire.ways)}
        self._others: tuple[str, ...] = ()  # lists of tasks besides the usual one

    def watch_tasks(self, lists: tuple[str, ...]) -> None:
        """Other lists of tasks from now on."""
        self._others = lists

    def inboxes(self) -> dict[str, str]:
        """The folders where mail arrives, by what mail in them is said to lie in."""
        return {self.watched.shown(key): folder for key, folder in self.watched.elements().items()}

    def recall(self, sync_state: str | None) -> None:
        """Know the folders as the sync state knows them."""
        self.watched.recall({key: sync.folder for key, sync in loaded(sync_state)[0].items()})

    def notes(self) -> tuple[FolderNote, ...]:
        """What the owner should know of the folders."""
        return (*self.watched.notes, *self._rounds.notes(sync_keys.NAMES))

    def changes(self, sync_state: str | None, since: datetime | None) -> Changes:
        """See ports.Mailbox. An idle poll is one request."""
        syncs, waits = loaded(sync_state)
        self.recall(sync_state)
        found = Gathered()
        if any(one.is_fresh for one in waits):
            found.complete = False
        else:
            waits += self._sync(syncs, since, found)
        gone = set(found.gone)
        waits = self._read([one for one in waits if one.item not in gone], since, found)
        return found.changes(dumped(syncs, waits), waits, self.notes(), self._wire.server.now())

    # --- deltas -----------------------------------------------------------------------------

    def _sync(self, syncs: dict[str, FolderSync], since: datetime | None, found: Gathered) -> list[Waiting]:
        """A page of each folder's delta; returns the items that are to be read."""
        wanted: list[Waiting] = []
        folders = {key: one for key, one in self._folders().items() if self._rounds.goes_on(key)}
        own_ids = self.watched.ids()  # as they were just looked up
        for key in folders:
            sync = syncs.get(key, FolderSync())
            is_other = sync.folder not in ("", own_ids.get(key, ""))
            syncs[key] = FolderSync("" if is_other else sync.link, own_ids.get(key, ""))
        parts = [self._part(key, one, syncs[key].link, since) for key, one in folders.items()]
        for key, answer in zip(folders, self._wire.reads(parts), strict=True):
            wanted += self._pages(key, folders[key], answer, syncs, since, found)
        if found.complete:
            self._rounds.end()
        return wanted

    def _pages(
        self,
        key: str,
        folder: str,
        answer: Answer,
        syncs: dict[str, FolderSync],
        since: datetime | None,
        found: Gathered,
    ) -> list[Waiting]:
        """A page of a folder's delta, and what stands behind one that wasn't full: some rounds end with an
        empty page."""
        wanted: list[Waiting] = []
        for _ in range(FOLLOWED):
            sync, is_anew = syncs[key], not syncs[key].link
            if self._is_worthless(key, answer, sync):
                is_anew = True
                self._lists.forget()
                answer = self._wire.ask(self._part(key, folder, "", since))
            if self._is_lost(key, answer, found) or _is_anothers(key, answer):
                break
            value = checked(answer)
            following = text(value, "@odata.nextLink")
            link = following or text(value, "@odata.deltaLink")
            if not link:
                raise Unreachable(
                    f"the changes of {sync_keys.NAMES.get(key, key)} have no link to the next ones"
                )
            link = self._wire.below(link)
            syncs[key] = replace(sync, link=link)
            things = _once_each(entries(value))
            found.relisted |= is_anew
            wanted += self._take(key, things, since, found, is_anew=is_anew)
            if following and 0 < len(things) < PAGE_SIZE:
                answer = self._wire.ask(self._part(key, folder, link, since))
                continue
            changed = [text(one, "id") for one in things]
            found.complete &= not self._rounds.has_more(key, sync.link, link, changed, complete=not following)
            break
        else:
            found.complete = False
        return wanted

    def _folders(self) -> dict[str, str]:
        """Every folder that is read by its key in the sync state."""
        return {
            **self.watched.elements(),
            SyncKey.SENT: "sentitems",
            SyncKey.TASKS: "",
            **{sync_keys.of_list(own_id): own_id for own_id in self._others},
        }

    def _part(self, key: str, folder: str, link: str, since: datetime | None) -> Part:
        """What asks for a page: the link, as Graph gave it, or the first request."""
        if link:
            return Part("GET", link, prefer=(PAGE,))
        if sync_keys.is_of_tasks(key):
            return get(f"{self._lists.path(folder)}/delta", LINKED, PAGE)
        path = f"{self._wire.owner}/mailFolders/{folder}/messages"
        begin = self._begin(path, (since or self._clock.now()) - MARGIN)
        return get(f"{path}/delta", {"$select": _SHOWN, "$filter": _since(begin)}, PAGE)

    def _begin(self, path: str, moment: datetime) -> datetime:
        """From when on a folder is listed."""
        days = MONTH if self._wire.ways.lists_back else 0
        while days:
            earlier = min(moment, self._clock.now() - timedelta(days=days))
            counted = self._wire.read(
                get(path, {"$filter": _since(earlier), "$count": "true", "$top": "1", "$select": "id"})
            )
            if counted.get("@odata.count", 0) <= MOST_LISTED:
                return earlier
            days //= 2
        return moment

    @staticmethod
    def _is_worthless(key: str, answer: Answer, sync: FolderSync) -> bool:
        """Whether a link leads nowhere any more: all is listed anew, and Message-ID, watermark and age decide
        what is new. The usual list of tasks can't be deleted: it is another one, of another sign-in."""
        ended = (GONE, 400, 403, 404) if key == SyncKey.TASKS else (GONE, 400)
        return bool(sync.link) and answer.status in ended

    def _is_lost(self, key: str, answer: Answer, found: Gathered) -> bool:
        """Whether a folder is gone that the owner can delete."""
        if answer.status != 404:
            return False
        if sync_keys.is_of_list(key):
            found.lists_gone.append(sync_keys.list_of(key))
            return True
        if not self.watched.is_named(key):
            return False
        self.watched.lose(key, answer.code)
        return True

    # --- what they tell ---------------------------------------------------------------------

    def _take(
        self,
        key: str,
        things: Sequence[Mapping[str, Any]],
        since: datetime | None,
        found: Gathered,
        *,
        is_anew: bool,
    ) -> list[Waiting]:
        there = [one for one in things if "@removed" not in one]
        found.gone += [text(one, "id") for one in things if "@removed" in one]
        if sync_keys.is_of_tasks(key):
            folder = sync_keys.list_of(key)
            found.tasks += self._lists.ours(folder, self._whole(folder, there), self.zone)
            return []
        folder = SyncKey.SENT if key == SyncKey.SENT else self.watched.shown(key)
        marks = [] if key == SyncKey.SENT else self._marks(there, folder, found)
        if since is None:
            return marks
        waits = (_listed(one, folder, relisted=is_anew) for one in there)
        return marks + [one for one in waits if one and datetime.fromisoformat(one.at) >= since]

    def _whole(self, folder: str, things: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Tasks of which the delta told only what changed are read."""
        partial = [text(one, "id") for one in things if "status" not in one or "title" not in one]
        parts = [get(self._lists.path(folder, item), LINKED) for item in partial]
        read = dict(zip(partial, self._wire.reads(parts), strict=True))
        found = []
        for one in things:
            answer = read.get(text(one, "id"))
            if answer is None:
                found.append(one)
            elif answer.status != 404:
                found.append(checked(answer))
        return found

    def _marks(self, things: Sequence[Mapping[str, Any]], folder: str, found: Gathered) -> list[Waiting]:
        """Mails that have categories. Of one that was there before only its categories are told: the rest is
        to be read."""
        changed = [one for one in things if one.get("categories")]
        found.marked += filter(None, map(reading.marked, filter(_is_new, changed)))
        now = self._clock.now().isoformat()
        return [
            Waiting(text(one, "id"), folder, at=now, only_marks=True) for one in changed if not _is_new(one)
        ]

    # --- reading ----------------------------------------------------------------------------

    def _read(self, waits: Sequence[Waiting], since: datetime | None, found: Gathered) -> list[Waiting]:
        """As many as a page reads: categories, then the owner's answers, then the questions; returns what
        waits on."""
        now = self._clock.now()
        left: dict[_Key, Waiting] = {}
        for one in waits:
            left.setdefault(_key(one), one)  # one that waits already isn't new
        due = sorted((one for one in left.values() if one.is_due(now)), key=_rank)
        for rank in self._reads:
            mine = [one for one in due[:READ] if _rank(one) == rank]
            for start in range(0, len(mine), PARTS):
                if found.size > PAGE_BYTES:
                    break  # the rest waits for the next page
                self._batch(mine[start : start + PARTS], left, since, found, now)
        return unread.bounded(left.values(), now)

    def _batch(
        self,
        mine: Sequence[Waiting],
        left: dict[_Key, Waiting],
        since: datetime | None,
        found: Gathered,
        now: datetime,
    ) -> None:
        options = self._reads[_rank(mine[0])]
        read_now = items.read(self._wire, [one.item for one in mine], options, now=False)
        for one, (_, read) in zip(mine, read_now, strict=True):
            del left[_key(one)]
            if isinstance(read, Got):
                found.relisted |= one.relisted
                self._put(one, read.element, since, found, now)
            elif not isinstance(read, Gone):
                after = left[_key(one)] = one.after(read, now)
                if isinstance(read, Bad) and after.told and not one.told and not one.only_marks:
                    self._tell(after, read.why, found, now)

    def _put(
        self, one: Waiting, thing: Mapping[str, Any], since: datetime | None, found: Gathered, now: datetime
    ) -> None:
        if one.only_marks:
            found.marked += filter(None, [reading.marked(thing)])
            return
        if one.folder == SyncKey.SENT:
            sent = reading.sent_mail(thing, now)
            found.sent.append(sent)
            found.size += len(sent.text) + len(sent.html or "")
            return
        mail = replace(reading.mail(thing, one.folder, now), reread=one.told)
        if since is None or mail.received >= since:
            found.mails.append(mail)
            found.size += len(mail.text) + len(mail.html or "")

    def _tell(self, one: Waiting, why: str, found: Gathered, now: datetime) -> None:
        """A mail is recorded as one that can't be read: with what can be, else with its name alone."""
        found.relisted |= one.relisted
        log.warning("event=set-aside folder=%s: a mail can't be read: %s", one.folder.strip("/"), why)
        if one.folder == SyncKey.SENT:
            return
        at = datetime.fromisoformat(one.at) if one.at else now
        mail = reading.unknown(one.item, one.folder, one.message_id, at)
        for _, read in items.read(self._wire, [one.item], reading.MAIL_BRIEF):
            if isinstance(read, Got):
                mail = reading.mail(read.element, one.folder, now)
        found.mails.append(replace(mail, unread=why))


def _since(moment: datetime) -> str:
    return f"receivedDateTime ge {moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _key(one: Waiting) -> _Key:
    return one.item, one.only_marks


def _rank(one: Waiting) -> int:
    """What is read first."""
    return 0 if one.only_marks else 1 if one.folder == SyncKey.SENT else 2


def _is_anothers(key: str, answer: Answer) -> bool:
    """Whether a list of tasks is of an earlier sign-in, of somebody else: nothing is known of it any more."""
    return sync_keys.is_of_list(key) and answer.status == 403


def _is_new(thing: Mapping[str, Any]) -> bool:
    """Whether a delta tells of the whole mail: of one that was there before only what changed."""
    return bool(text(thing, "receivedDateTime")) and bool(text(thing, "internetMessageId"))


def _once_each(things: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A delta may tell of a thing twice: what came later counts."""
    found: dict[str, dict[str, Any]] = {}
    for one in things:
        own_id = text(one, "id")
        found[own_id] = one if "@removed" in one else {**found.get(own_id, {}), **one}
    return list(found.values())


def _listed(thing: Mapping[str, Any], folder: str, *, relisted: bool) -> Waiting | None:
    """A mail as its folder told of it; None for one that was there before."""
    at = moment(text(thing, "sentDateTime" if folder == SyncKey.SENT else "receivedDateTime"))
    if at is None or not _is_new(thing):
        return None
    message_id = one_message_id(text(thing, "internetMessageId"))
    return Waiting(text(thing, "id"), folder, message_id, at.isoformat(), relisted=relisted)
