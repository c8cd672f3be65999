"""The port `Mailbox` on Microsoft Graph v1.0."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from ackd.mailbox import sync_keys
from ackd.mailbox.endings import of_authorities
from ackd.mailbox.graph import changing, directory, marking, owner, past, reply_check, token_search, writing
from ackd.mailbox.graph import self_test as trials
from ackd.mailbox.graph.answers import checked
from ackd.mailbox.graph.folders import Folders
from ackd.mailbox.graph.syncing import Syncing
from ackd.mailbox.graph.task_lists import TaskLists
from ackd.mailbox.graph.ways import Ways
from ackd.mailbox.graph.wire import Wire, get
from ackd.mailbox.hidden_folder import Coordination, HiddenFolder
from ackd.mailbox.http_session import HttpSession
from ackd.mailbox.people import People
from ackd.mailbox.server_clock import ServerClock
from ackd.mailbox.sync_keys import SyncKey
from ackd.mailbox.tokens import SignIn, Tokens
from ackd.model import (
    Address,
    Appointment,
    CategoryChange,
    Changes,
    Colour,
    Ending,
    Letter,
    Mail,
    MailboxReport,
    MailHead,
    Outcome,
    OwnerCard,
    OwnerSettings,
    Place,
    PlainTask,
    SeenTask,
    SelfTestResult,
    SentMail,
    Signs,
    Task,
    TaskChange,
    TaskMark,
)
from ackd.ports import Clock


class GraphMailbox(Coordination):
    """The owner's mailbox on Graph. Not for several threads."""

    kind = "graph"
    sees_deleted_tasks = False

    def __init__(
        self,
        address: str,
        endpoint: str,
        tokens: Tokens,
        *,
        zone: ZoneInfo,
        clock: Clock,
        watched: tuple[str, ...] = ("Inbox",),
        app_only: bool = False,
        guest: bool = False,
        ca_bundle: str | None = None,
        proxy: str | None = None,
        refuted: Collection[str] = (),
        sign_in: SignIn | None = None,
    ) -> None:
        """`endpoint` is Graph's address with its version; `app_only`: the tokens are an app's, and not the
        owner's; `guest`: they are of another person, to whom the owner's mailbox is opened; `refuted` names
        what the self-test found not to hold on this mailbox; `sign_in` is what gives the tokens."""
        self._address = address
        self._zone = zone
        self._clock = clock
        path = f"/users/{quote(address)}" if app_only or guest else "/me"
        self._sign_in, self._ca_bundle = sign_in, ca_bundle
        session = HttpSession(ca_bundle, proxy)
        ways = Ways.of(refuted, address)
        self._wire = Wire(endpoint, path, tokens, ServerClock(clock.ticks), session, ways)
        self._wire.author = address if guest else ""
        self._lists = TaskLists(self._wire, guest_of=address if guest else "")
        self.syncing = Syncing(self._wire, clock, zone, watched, self._lists)
        self._folders = self.syncing.folders
        self._people = People(lambda wanted: directory.people(self._wire, wanted), clock)
        self._hidden = HiddenFolder(Folders(self._wire), clock.ticks)

    # --- reading ----------------------------------------------------------------------------

    def changes(self, sync_state: str | None, since: datetime | None) -> Changes:
        return self.syncing.changes(sync_state, since)

    def search(self, *, message_id: str = "", subject: str = "", limit: int = 20) -> tuple[Mail, ...]:
        return past.search(
            self._wire,
            self.syncing.inboxes(),
            self._clock.now(),
            message_id=message_id,
            subject=subject,
            limit=limit,
        )

    def mails(self, message_ids: Collection[str]) -> dict[str, Mail]:
        standard = self._folders.standard()
        places = {standard.get(one, one): name for name, one in self.syncing.inboxes().items()}
        return past.mails(self._wire, places, self._clock.now(), message_ids)

    def past(
        self, since: datetime, most: int | None = None, *, answered: bool = False
    ) -> Iterator[Mail | SentMail]:
        now = self._clock.now()
        return past.past(self._wire, self.syncing.inboxes(), since, most, now, answered=answered)

    def signs(self, questions: Mapping[str, str]) -> Signs:
        return reply_check.signs(self._wire, self._folders, self.syncing.inboxes(), questions)

    # --- writing ----------------------------------------------------------------------------

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        return writing.send(self._wire, letters)

    def send_unsent(self, tokens: Sequence[str]) -> list[Outcome]:
        return token_search.send_unsent(self._wire, self._folders, tokens)

    def draft(self, letters: Sequence[Letter]) -> list[Outcome]:
        return writing.draft(self._wire, letters)

    def create_appointments(self, appointments: Sequence[Appointment]) -> list[Outcome]:
        return writing.create_appointments(self._wire, appointments, self._zone)

    def find(self, tokens: Collection[str]) -> dict[str, Place]:
        return token_search.find(self._wire, self._folders, self._lists, self._zone, tokens)

    def draft_links(self, tokens: Collection[str]) -> dict[str, str]:
        return token_search.draft_links(self._wire, self._folders, tokens)

    def remove(
        self, tokens: Collection[str], *, untouched_since: datetime | None = None, for_good: bool = True
    ) -> frozenset[str]:
        return token_search.remove(
            self._wire, self._folders, self._lists, self._zone, tokens, untouched_since, for_good=for_good
        )

    def categorize(self, changes: Sequence[CategoryChange]) -> list[Outcome]:
        return changing.categorize(self._wire, changes, self._items_of)

    def _items_of(self, message_ids: Sequence[str]) -> dict[str, str]:
        """The items of mails by their Message-IDs: in a watched folder, else where they were filed."""
        found = past.named(self._wire, message_ids, "parentFolderId")
        tree, standard = self._folders.tree(), self._folders.standard()
        ranks = dict.fromkeys(tree.filed(), 1)
        ranks |= dict.fromkeys((standard.get(one, one) for one in self.syncing.inboxes().values()), 0)
        return {
            own_id: changing.in_folders(things, ranks)
            for own_id, things in zip(message_ids, found, strict=True)
        }

    def show_categories(self, wanted: Mapping[str, Colour]) -> None:
        owner.show_categories(self._wire, wanted)

    # --- tasks ------------------------------------------------------------------------------

    def create_tasks(self, tasks: Sequence[Task]) -> list[Outcome]:
        return writing.create_tasks(self._wire, self._lists, tasks, self._zone)

    def tasks(self, tokens: Collection[str] | None = None) -> tuple[SeenTask, ...]:
        return tuple(self._lists.walk(self._zone, tokens))

    def watch_tasks(self, folders: Collection[str]) -> None:
        self.syncing.watch_tasks(tuple(folders))

    def unmarked_tasks(self, items: Collection[str]) -> tuple[PlainTask, ...]:
        return tuple(marking.unmarked_tasks(self._wire, self._lists, self._zone, items))

    def mark_tasks(self, marks: Sequence[TaskMark]) -> list[Outcome]:
        return marking.mark_tasks(self._wire, self._lists, marks)

    def change_tasks(self, changes: Sequence[TaskChange]) -> list[Outcome]:
        return changing.change_tasks(self._wire, self._lists, changes, self._zone)

    def server_time(self) -> datetime | None:
        return self._wire.server.now()

    # --- owner and directory ----------------------------------------------------------------

    def settings(self) -> OwnerSettings:
        return owner.settings(self._wire, self._zone, self._clock.now())

    def card(self) -> OwnerCard:
        return owner.card(self._wire)

    def language(self) -> str | None:
        return owner.language(self._wire)

    def endings(self) -> tuple[Ending, ...]:
        own = self._sign_in.endings() if self._sign_in else ()
        return (*of_authorities(self._ca_bundle), *own)

    def use_zone(self, zone: ZoneInfo) -> None:
        self._zone = self.syncing.zone = zone

    def same_person(self, address: str, others: Collection[Address]) -> bool:
        return self._people.same(address, others)

    def expand(self, groups: Collection[str]) -> frozenset[str]:
        return directory.expand(self._wire, groups)

    def in_directory(self, addresses: Collection[str]) -> frozenset[str] | None:
        return directory.members(self._wire, addresses)

    def given_names(self, addresses: Collection[str]) -> dict[str, str]:
        return directory.given_names(self._wire, addresses)

    # --- inspection -------------------------------------------------------------------------

    def report(self, sync_state: str | None = None) -> MailboxReport:
        self.syncing.recall(sync_state)
        folders = {**self.syncing.inboxes(), sync_keys.NAMES[SyncKey.SENT]: "sentitems"}
        options = {"$select": "totalItemCount"}
        parts = [get(f"{self._wire.owner}/mailFolders/{one}", options) for one in folders.values()]
        counts = []
        for name, answer in zip(folders, self._wire.reads(parts), strict=True):
            total = {} if answer.status == 404 else checked(answer)
            count = total.get("totalItemCount")
            counts.append((name, count if isinstance(count, int) else 0))
        told = [self._sign_in.told()] if self._sign_in else []
        return MailboxReport(
            address=self._address,
            version="Microsoft Graph v1.0",
            server_time=self._wire.server.now(),
            folders=tuple(counts),
            notes=self.syncing.notes(),
            lease=self._hidden.standing(),
            findings=tuple(SelfTestResult("tokens", True, words, needed=False) for words in told),
        )

    def heads(self, most: int) -> tuple[MailHead, ...]:
        return past.heads(self._wire, self.syncing.inboxes().values(), most)

    def self_test(
        self, letter: Letter, task: Task, wait: Callable[[float], None]
    ) -> Iterator[SelfTestResult]:
        return trials.run(
            self._wire, self._folders, self._lists, letter, task, self._zone, self._clock.now(), wait
        )

    def close(self) -> None:
        self._wire.close()
