"""The contract on Microsoft Graph over TLS, against the sandbox. The owner's Outlook is exchangelib all the
same, on the same store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from ackd.mailbox.graph import GraphMailbox
from ackd.mailbox.graph.ways import REPLY_HEADERS
from ackd.model import WorkingHours
from ackd.ports import Mailbox
from exchange_sandbox import Quirks
from tests.app import APP, SECRET, tokens_for
from tests.backends import ALL_QUIRKS, refuted_by
from tests.exchange_sandbox.stored import outlook_id
from tests.mailbox.contract.mailbox_contract import OWNER, MailboxContract
from tests.mailbox.contract.owner_contract import DAY, OwnerContract
from tests.mailbox.contract.past_contract import PastContract
from tests.mailbox.contract.tasks_contract import TasksContract
from tests.mailbox.contract.test_ews import ZONE, EwsWorld
from tests.mailbox.contract.unsent_contract import UnsentContract

_USUAL = ((time(8), time(17)),)


class GraphWorld(EwsWorld):
    """The same sandbox, its people and the owner's Outlook, with ackd at the other face. Tasks have no
    property that Outlook could find them by: they are known by their ids."""

    def __init__(self, folder: Path, quirks: Quirks, patch: pytest.MonkeyPatch, *refuted: str) -> None:
        self._patch = patch
        self.refuted = refuted
        self._ids: dict[str, str] = {}
        super().__init__(folder, quirks, tls=True, apps={APP: SECRET})

    def begin(self) -> None:
        self._patch.setenv("REQUESTS_CA_BUNDLE", str(self.sandbox.authority))
        super().begin()

    def opened(self, *folders: str) -> Mailbox:
        trusted = str(self.sandbox.authority)
        tokens = tokens_for(self.sandbox, OWNER, self.clock)
        return GraphMailbox(
            OWNER,
            self.sandbox.graph_url,
            tokens,
            zone=ZONE,
            clock=self.clock,
            watched=folders,
            app_only=True,
            ca_bundle=trusted,
            refuted=self.refuted,
        )

    def never_ends(self) -> None:
        """Of Graph no such thing is known: each round ends with an empty page, and tells of things twice."""
        self._restart(replace(self._quirks, graph_empty_pages=True, graph_doubled_changes=True))

    def break_next_write(self, when: str) -> None:
        self.sandbox.faults.add("messages.create", f"cut-{when}-commit")

    def break_next_change(self, when: str) -> None:
        self.sandbox.faults.add("tasks.update", f"cut-{when}-commit")

    def leave_next_unsent(self) -> None:
        self.sandbox.faults.add("messages.send", "cut-before-commit", times=2)

    def refuse(self, address: str) -> None:
        """The second letter that is sent from now on goes to that address."""
        self.sandbox.faults.add("messages.send", "403", skip=1)

    def spoil(self, name: str) -> None:
        self.sandbox.faults.add("messages.get", "item-fault", times=-1, word=f"{name}@corp.example")

    def owner_files_task(self, token: str) -> str:
        self._list = self.outlook.new_list("Chores")
        self._task(token).move(self._list)
        return _graph_id(str(self._list.id))

    def owner_trashes_task(self, token: str) -> None:
        self._task(token).move_to_trash()

    def owner_restores_task(self, token: str) -> None:
        account = self.outlook.account
        (task,) = account.trash.all()
        task.move(account.tasks)

    def _task(self, token: str) -> Any:
        (own_id,) = (task.item for task in self.mailbox.tasks([token]))
        wanted = outlook_id(own_id)
        lists = (self.outlook.account.tasks, *([self._list] if self._list else []))
        return next(task for place in lists for task in place.all() if task.id == wanted)


def _graph_id(own_id: str) -> str:
    return own_id.replace("/", "-").replace("+", "_")


class GraphOwnerContract(OwnerContract):
    """Graph tells the usual hours while the owner has set none, and one span for all days."""

    untold = ("UTC", WorkingHours((_USUAL, _USUAL, _USUAL, _USUAL, _USUAL, (), ())))
    week = WorkingHours((DAY, DAY, DAY, DAY, DAY, (), ()))


@pytest.mark.long
class TestGraph(MailboxContract, PastContract, GraphOwnerContract, TasksContract, UnsentContract):
    @pytest.fixture
    def world(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GraphWorld]:
        world = GraphWorld(tmp_path, Quirks(), monkeypatch)
        yield world
        world.close()


@pytest.mark.every(3)
class TestGraphWithEveryQuirk(
    MailboxContract, PastContract, GraphOwnerContract, TasksContract, UnsentContract
):
    """The same on a server that leaves out and gets wrong what real ones were seen to."""

    @pytest.fixture
    def world(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GraphWorld]:
        world = GraphWorld(tmp_path, ALL_QUIRKS, monkeypatch, *refuted_by(ALL_QUIRKS))
        yield world
        world.close()


@pytest.mark.every(3)
class TestGraphByMime(MailboxContract, UnsentContract):
    """The same where it was found out that only a draft that is made as MIME says whom it answers."""

    @pytest.fixture
    def world(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GraphWorld]:
        quirks = Quirks(graph_reply_headers_ignored=True)
        world = GraphWorld(tmp_path, quirks, monkeypatch, REPLY_HEADERS)
        yield world
        world.close()
