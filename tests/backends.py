"""The mailbox of a scenario, as one of the backends has it: in memory, or in a sandbox over real HTTP.
Both offer what people do and what then stands there in the same words; what only one of them can do is
done on its `mailbox`, or by its `owner` and `outlook`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar, Protocol
from zoneinfo import ZoneInfo

from ackd.mailbox.ews import Access, EwsMailbox
from ackd.mailbox.graph import GraphMailbox, ways
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import EffectKind, Letter, SeenTask, token_of
from ackd.ports import Clock, Mailbox
from ackd.text import eml
from exchange_sandbox import Quirks, Sandbox
from tests.app import APP, SECRET, AppTokens
from tests.clock import StepClock
from tests.followup.outlook import PASSWORD, Outlook, OutlookBesideBoth, OutlookBesideGraph
from tests.people import ALICE, BOB, CAROL, MONDAY

ALL_QUIRKS = Quirks.of(["all"])


class Backend(Protocol):
    """A mailbox and the people around it. `clock` is its server's."""

    clock: StepClock

    def open(self, clock: Clock, machine: str) -> Mailbox:
        """The mailbox as a process that was just started on a machine sees it."""

    def deliver(self, mail: bytes) -> None:
        """A mail comes into the inbox now."""

    def answer(self, message_id: str, text: str = "", *, to: str = BOB) -> None:
        """The owner answers a question."""

    def move(self, message_id: str, day: date) -> None:
        """The owner moves the task of a question to another day."""

    def tick(self, message_id: str) -> None:
        """The owner ticks the task of a question off."""

    def trash(self, message_id: str) -> None:
        """The owner deletes the task of a question: it lies in Deleted Items then."""

    def send_draft(self, token: str) -> None:
        """The owner sends one of ackd's drafts."""

    def trash_draft(self, token: str) -> None:
        """The owner deletes one of ackd's drafts."""

    def letters(self) -> Sequence[Any]:
        """What the colleagues got of ackd, the oldest first."""

    def notices(self) -> Sequence[Any]:
        """What the owner got of ackd, the oldest first."""

    def close(self) -> None:
        """Release what the backend holds."""


class InMemory:
    """The mailbox in memory; `kind` is one that does more than it, `how` are its fields."""

    def __init__(self, kind: type[MemoryMailbox] = MemoryMailbox, *, start: datetime = MONDAY, **how: Any):
        self.clock = StepClock(start)
        self.mailbox: Any = kind(self.clock.now, **how)

    def open(self, clock: Clock, machine: str) -> Any:
        self.mailbox.shows_time = False  # a new process knows nothing of it
        return self.mailbox

    def deliver(self, mail: bytes) -> None:
        self.mailbox.arrive(eml.read(mail))

    def answer(self, message_id: str, text: str = "", *, to: str = BOB) -> None:
        self.mailbox.owner_sends(to=[to], in_reply_to=message_id, text=text)

    def move(self, message_id: str, day: date) -> None:
        self.mailbox.owner_changes_task(token_of(message_id, EffectKind.TASK), due_date=day)

    def tick(self, message_id: str) -> None:
        self.mailbox.owner_changes_task(token_of(message_id, EffectKind.TASK), is_complete=True)

    def trash(self, message_id: str) -> None:
        self.mailbox.owner_trashes_task(token_of(message_id, EffectKind.TASK))

    def send_draft(self, token: str) -> None:
        self.mailbox.owner_sends_draft(token)

    def trash_draft(self, token: str) -> None:
        self.mailbox.owner_trashes_draft(token)

    def letters(self) -> list[Letter]:
        return [letter for letter in self.mailbox.letters if letter.in_reply_to]

    def notices(self) -> list[Letter]:
        return [letter for letter in self.mailbox.letters if not letter.in_reply_to]

    def tasks(self) -> list[SeenTask]:
        """The tasks that were not erased, those in Deleted Items too."""
        return [seen for _, seen in self.mailbox.task_items.values()]

    def close(self) -> None:
        """There is nothing to release."""


class OverHttp:
    """A sandbox; each person signs in with an Outlook of their own, made when it is first asked for.

    A folder with a sandbox's data in it is gone on with. `now` is what the server takes for the time where
    that isn't `clock`. A machine signs in as `users` says: exchangelib shares connections by name, so each of
    several in one process needs another one."""

    program = Outlook
    #: What the acts of ackd are called as operations, and faults that are called otherwise here.
    acts: ClassVar[dict[str, str]] = {
        "send": "CreateItem",
        "task": "CreateItem",
        "change": "UpdateItem",
        "delete": "DeleteItem",
        "sync": "SyncFolderItems",
        "read": "GetItem",
        "search": "FindItem",
        "folders": "FindFolder",
    }
    faults: ClassVar[dict[str, str]] = {}

    def __init__(
        self,
        folder: Path,
        *,
        start: datetime = MONDAY,
        zone: str = "Europe/Berlin",
        quirks: Quirks | None = None,
        people: Sequence[str] = (ALICE.address, BOB, CAROL),
        users: dict[str, str] | None = None,
        now: Callable[[], datetime] | None = None,
        **how: Any,
    ) -> None:
        self.clock, self.zone, self.data = StepClock(start), zone, folder / "exchange"
        known = {} if self.data.exists() else dict.fromkeys(people, PASSWORD)
        made = Sandbox(self.data, known, clock=now or self.clock.now, quirks=quirks or Quirks(), **how)
        self.sandbox = made.start()
        self.url = self.sandbox.url
        self._users = users or {}
        self._outlooks: dict[str, Outlook] = {}

    def open(self, clock: Clock, machine: str) -> Mailbox:
        user = self._users.get(machine, ALICE.address)
        return EwsMailbox(
            Access(ALICE.address, self.url, user, PASSWORD), zone=ZoneInfo(self.zone), clock=clock
        )

    def fail(self, act: str, fault: str, value: float | None = None, **how: int) -> None:
        """An act of ackd, or an operation, meets a fault: `times`, after it was passed over `skip` times."""
        self.sandbox.faults.add(self.acts.get(act, act), self.faults.get(fault, fault), value, **how)

    def met(self, fault: str) -> bool:
        """Whether a request, or a part of a batch, met this fault."""
        return self.faults.get(fault, fault) in self.sandbox.faults.met()

    def outlook(self, address: str) -> Outlook:
        """The Outlook of a person."""
        if address not in self._outlooks:
            self._outlooks[address] = self.program(self.url, address, self.zone)
        return self._outlooks[address]

    @property
    def owner(self) -> Outlook:
        return self.outlook(ALICE.address)

    @property
    def bob(self) -> Outlook:
        """The colleague who asks."""
        return self.outlook(BOB)

    def deliver(self, mail: bytes) -> None:
        self.sandbox.deliver(mail, ALICE.address)

    def answer(self, message_id: str, text: str = "Here they are.", *, to: str = BOB) -> None:
        self.owner.answer(message_id, text)

    def move(self, message_id: str, day: date) -> None:
        self.owner.move(message_id, day)

    def tick(self, message_id: str) -> None:
        self.owner.tick(message_id)

    def trash(self, message_id: str) -> None:
        self.owner.trash(message_id)

    def send_draft(self, token: str) -> None:
        self.owner.sends(self._draft(token))

    def trash_draft(self, token: str) -> None:
        self._draft(token).move_to_trash()

    def _draft(self, token: str) -> Any:
        return next(draft for draft in self.owner.drafts() if draft.ackd_token == token)

    def letters(self) -> list[Any]:
        return self.bob.received()

    def notices(self) -> list[Any]:
        return [mail for mail in self.owner.received() if mail.author.email_address == ALICE.address]

    def close(self) -> None:
        for outlook in self._outlooks.values():
            outlook.close()
        self.sandbox.stop()


#: What the self-test finds not to hold on Graph with a quirk.
REFUTED = {
    "graph_reply_headers_ignored": ways.REPLY_HEADERS,
    "graph_copies_lose_marks": ways.FOUND,
    "own_message_ids": ways.MESSAGE_ID,
    "graph_long_text_cut": ways.LONG_TEXT,
    "graph_filtered_changes": ways.OLD_MARKS,
    "graph_task_links_ignored": ways.LINKED,
    "graph_task_memory_ignored": ways.MEMORY,
    "graph_tasks_ignore_match": ways.TASK_MATCH,
    "graph_folder_names_repeat": ways.EXCLUSIVE,
    "graph_child_marks_ignored": ways.FOLDER_MARKS,
    "graph_no_permanent_delete": ways.FOR_GOOD,
}


def refuted_by(quirks: Quirks) -> tuple[str, ...]:
    """What the self-test finds not to hold on Graph with these quirks."""
    return tuple(fact for quirk, fact in REFUTED.items() if getattr(quirks, quirk))


class OverGraph(OverHttp):
    """The same with ackd at the sandbox's other face; people's Outlooks stay on EWS, on the same store. ackd
    signs in as an app, and knows what the self-test finds out on a server with these quirks."""

    program = OutlookBesideGraph
    acts: ClassVar[dict[str, str]] = {
        "send": "messages.send",
        "task": "tasks.create",
        "change": "tasks.update",
        "delete": "tasks.delete",
        "sync": "messages.delta",
        "read": "messages.get",
        "search": "tasks.list",
        "folders": "mailFolders.list",
    }
    faults: ClassVar[dict[str, str]] = {
        "busy": "429",
        "malformed-xml": "malformed-json",
        "empty-response-code": "504-after-commit",
        "refused-in-batch": "refused-with-copy",
        "full-resync": "stale-sync-state",
    }

    def __init__(self, folder: Path, *, quirks: Quirks | None = None, **how: Any) -> None:
        super().__init__(folder, apps={APP: SECRET}, quirks=quirks, **how)
        self.refuted = refuted_by(quirks or Quirks())

    def open(self, clock: Clock, machine: str, *, watched: tuple[str, ...] = ("Inbox",)) -> Mailbox:
        tokens = AppTokens(self.sandbox.sign_in_url, clock)
        zone = ZoneInfo(self.zone)
        return GraphMailbox(
            ALICE.address,
            self.sandbox.graph_url,
            tokens,
            zone=zone,
            clock=clock,
            watched=watched,
            app_only=True,
            refuted=self.refuted,
        )


class OverBoth(OverGraph):
    """The same with some machines at EWS: those that `users` names."""

    def open(self, clock: Clock, machine: str, *, watched: tuple[str, ...] = ("Inbox",)) -> Mailbox:
        if machine in self._users:
            return OverHttp.open(self, clock, machine)
        return super().open(clock, machine, watched=watched)


class OverEither(OverGraph):
    """The same with all machines at the face of `kind`, which a story turns. Whoever makes a task, the
    owner's Outlook finds it by its last line."""

    program = OutlookBesideBoth

    def __init__(self, folder: Path, kind: str = "ews", *, quirks: Quirks | None = None, **how: Any) -> None:
        super().__init__(folder, quirks=quirks, **how)
        self.kind = kind

    def open(self, clock: Clock, machine: str) -> Mailbox:
        return KINDS[self.kind].open(self, clock, machine)

    def move_mailboxes(self) -> None:
        """All of the organisation's mailboxes go elsewhere; people sign in anew."""
        self.sandbox.move_mailboxes()
        for outlook in self._outlooks.values():
            outlook.close()
        self._outlooks.clear()


#: The ways to a server's mailbox, by the kinds of `mailbox.kind`.
KINDS: dict[str, type[OverHttp]] = {"ews": OverHttp, "graph": OverGraph}
