"""The port `Mailbox` on Exchange Web Services."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from exchangelib.services import GetFolder

from ackd.errors import Unreachable
from ackd.mailbox.ews import (
    card,
    categories,
    changing,
    endings,
    fields,
    folders,
    keeping,
    marking,
    owner,
    past,
    reading,
    reply_check,
    requests,
    resolving,
    token_search,
    writing,
)
from ackd.mailbox.ews import groups as lists
from ackd.mailbox.ews import self_test as trials
from ackd.mailbox.ews.connect import open_account
from ackd.mailbox.ews.syncing import Syncing
from ackd.mailbox.ews.ways import Ways
from ackd.mailbox.ews.wire import Wire, extended
from ackd.mailbox.hidden_folder import Coordination, HiddenFolder
from ackd.mailbox.people import People
from ackd.mailbox.sync_keys import SyncKey
from ackd.mailbox.tokens import SignIn
from ackd.mailbox.values import count
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
from ackd.model.access import Access
from ackd.ports import Clock

#: Of commit times, whether they are given.
_TOLD = {True: "given: an idle poll is one request", False: "not given: every poll syncs"}


class EwsMailbox(Coordination):
    """The owner's mailbox on an EWS server. Not for several threads."""

    kind = "ews"
    sees_deleted_tasks = True

    def __init__(
        self,
        access: Access,
        *,
        zone: ZoneInfo,
        clock: Clock,
        watched: tuple[str, ...] = ("Inbox",),
        refuted: Collection[str] = (),
        tokens: SignIn | None = None,
    ) -> None:
        """`refuted` names what the self-test found not to hold on this server; `tokens` are for an access by
        oauth."""
        account, policy = open_account(access, zone, tokens)
        policy.server.ticks = clock.ticks
        self._wire = Wire(account, policy)
        self._wire.author = "" if access.signs_in_as_owner else access.address
        self._wire.ways = Ways.of(refuted)
        trusted = trials.COMMIT_TIMES not in refuted
        self._access, self._tokens = access, tokens
        self._zone = zone
        self._clock = clock
        self.syncing = Syncing(self._wire, clock, zone, watched, commit_times=trusted)
        self._people = People(lambda wanted: resolving.entries(self._wire, wanted), clock)
        self._hidden = HiddenFolder(folders.Folders(self._wire), clock.ticks)

    def changes(self, sync_state: str | None, since: datetime | None) -> Changes:
        return self.syncing.changes(sync_state, since)

    # --- searching --------------------------------------------------------------------------

    def find(self, tokens: Collection[str]) -> dict[str, Place]:
        return token_search.find(self._wire, tokens)

    def draft_links(self, tokens: Collection[str]) -> dict[str, str]:
        return token_search.draft_links(self._wire, tokens)

    def remove(
        self, tokens: Collection[str], *, untouched_since: datetime | None = None, for_good: bool = True
    ) -> frozenset[str]:
        return token_search.remove(self._wire, tokens, untouched_since, for_good=for_good)

    def tasks(self, tokens: Collection[str] | None = None) -> tuple[SeenTask, ...]:
        return token_search.tasks(self._wire, self._zone, tokens)

    def watch_tasks(self, folders: Collection[str]) -> None:
        self.syncing.watch_tasks(tuple(folders))

    def signs(self, questions: Mapping[str, str]) -> Signs:
        return reply_check.signs(self._wire, self.syncing.inboxes(), questions)

    def same_person(self, address: str, others: Collection[Address]) -> bool:
        return self._people.same(address, others)

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
        return past.mails(self._wire, self.syncing.inboxes(), self._clock.now(), message_ids)

    def past(
        self, since: datetime, most: int | None = None, *, answered: bool = False
    ) -> Iterator[Mail | SentMail]:
        sent = self.syncing.all_folders()[SyncKey.SENT]
        now = self._clock.now()
        return past.past(self._wire, self.syncing.inboxes(), sent, since, most, now, answered=answered)

    def expand(self, groups: Collection[str]) -> frozenset[str]:
        return lists.expand(self._wire, groups)

    def in_directory(self, addresses: Collection[str]) -> frozenset[str]:
        return resolving.members(self._wire, addresses)

    def given_names(self, addresses: Collection[str]) -> dict[str, str]:
        return resolving.given_names(self._wire, addresses)

    # --- writing ----------------------------------------------------------------------------

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        return writing.send(self._wire, letters)

    def send_unsent(self, tokens: Sequence[str]) -> list[Outcome]:
        return token_search.send_unsent(self._wire, tokens)

    def draft(self, letters: Sequence[Letter]) -> list[Outcome]:
        return keeping.draft(self._wire, letters)

    def create_tasks(self, tasks: Sequence[Task]) -> list[Outcome]:
        return keeping.create_tasks(self._wire, tasks, self._zone)

    def unmarked_tasks(self, items: Collection[str]) -> tuple[PlainTask, ...]:
        return marking.unmarked_tasks(self._wire, self._zone, items)

    def mark_tasks(self, marks: Sequence[TaskMark]) -> list[Outcome]:
        return marking.mark_tasks(self._wire, marks)

    def change_tasks(self, changes: Sequence[TaskChange]) -> list[Outcome]:
        return keeping.change_tasks(self._wire, changes)

    def categorize(self, changes: Sequence[CategoryChange]) -> list[Outcome]:
        @cache
        def folders_of_mail() -> list[str]:
            return self.syncing.folders.tree().filed()

        def look(message_id: str) -> str:
            found = next((mail.item for mail in self.search(message_id=message_id, limit=1)), "")
            return found or past.filed(self._wire, folders_of_mail(), message_id)

        return changing.categorize(self._wire, changes, look)

    def show_categories(self, wanted: Mapping[str, Colour]) -> None:
        categories.show(self._wire, wanted, self._clock.now())

    def server_time(self) -> datetime | None:
        return self._wire.server.now()

    def settings(self) -> OwnerSettings:
        return owner.settings(self._wire, self._zone, self._clock.now())

    def card(self) -> OwnerCard:
        return card.read(self._wire)

    def language(self) -> str | None:
        return self.syncing.language or card.language(self._wire)

    def endings(self) -> tuple[Ending, ...]:
        return endings.read(self._wire, self._access, self._tokens)

    def create_appointments(self, appointments: Sequence[Appointment]) -> list[Outcome]:
        return writing.create_appointments(self._wire, appointments, self._zone)

    def use_zone(self, zone: ZoneInfo) -> None:
        self._zone = self.syncing.zone = zone

    def report(self, sync_state: str | None = None) -> MailboxReport:
        """See ports.Mailbox: three requests at most, and two more for watched folders besides the inbox."""
        self.syncing.recall(sync_state)
        wanted = self.syncing.all_folders()
        payload = requests.get_folder(wanted.values(), (*fields.FOLDER_COUNT, *fields.FOLDER_STATE))
        counts, has_times = [], True
        for key, answer in zip(wanted, self._wire.read(GetFolder, payload, len(wanted)), strict=False):
            folder = next(iter(answer.find_all("m:Folders/*")), None)
            if not answer.ok and self.syncing.watched.is_named(key):
                self.syncing.watched.lose(key, answer.code)
                continue
            if not answer.ok or folder is None:
                raise Unreachable(f"the folder {key} can't be read: {answer.code}")
            counts.append((key.strip("/"), count(reading.text_at(folder, "t:TotalCount")) or 0))
            has_times &= bool(extended(folder, fields.COMMIT_TIME))
        return MailboxReport(
            address=self._wire.account.primary_smtp_address,
            version=f"EWS {self._wire.version or 'of an unknown version'}",
            server_time=self._wire.server.now(),
            folders=tuple(counts),
            notes=self.syncing.notes(),
            lease=self._hidden.standing(),
            findings=(*self._told(), SelfTestResult("commit times", True, _TOLD[has_times], needed=False)),
        )

    def heads(self, most: int) -> tuple[MailHead, ...]:
        return past.heads(self._wire, self.syncing.inboxes(), most)

    def _told(self) -> Iterator[SelfTestResult]:
        if self._tokens:
            yield SelfTestResult("tokens", True, self._tokens.told(), needed=False)

    def self_test(
        self, letter: Letter, task: Task, wait: Callable[[float], None]
    ) -> Iterator[SelfTestResult]:
        return trials.run(self._wire, letter, task, self._zone, self._clock.now(), wait)

    def close(self) -> None:
        self._wire.account.protocol.close()
