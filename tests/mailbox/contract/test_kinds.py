"""The contract of two kinds: in memory, and on the two faces of the sandbox, from each to the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ackd.mailbox.graph import GraphMailbox
from ackd.mailbox.memory.mailbox import MemoryMailbox
from ackd.model import Done, Place
from ackd.ports import Mailbox
from exchange_sandbox import Quirks, Sandbox
from tests.backends import refuted_by
from tests.clock import StepClock
from tests.exchange_sandbox.graph.graph_client import token_for
from tests.followup.outlook import Outlook
from tests.mailbox.contract.kinds_contract import KindsContract
from tests.mailbox.contract.mailbox_contract import NOW, OWNER, drain, letter, named, raw_mail
from tests.mailbox.contract.test_ews import ZONE, EwsWorld
from tests.mailbox.contract.test_memory import MemoryWorld


@dataclass
class PersonTokens:
    """The `Tokens` of a person who signed in."""

    sandbox: Sandbox
    address: str

    def token(self, *, anew: bool = False, claims: str = "") -> str:
        return str(token_for(self.sandbox, self.address)["access_token"])


class TwoFaces(EwsWorld):
    """A sandbox that ackd reaches by one face and then by the other."""

    def __init__(self, folder: Path, quirks: Quirks, first: str) -> None:
        self.kind = first
        super().__init__(folder, quirks)

    def opened(self, *folders: str) -> Mailbox:
        if self.kind == "ews":
            return super().opened(*folders)
        tokens = PersonTokens(self.sandbox, OWNER)
        return GraphMailbox(
            OWNER,
            self.sandbox.graph_url,
            tokens,
            zone=ZONE,
            clock=self.clock,
            watched=folders,
            refuted=refuted_by(self._quirks),
        )

    def turn(self) -> None:
        self.kind = {"ews": "graph", "graph": "ews"}[self.kind]
        self.watch(*(self._folders or ("Inbox",)))

    def move(self) -> None:
        self.sandbox.move_mailboxes()
        self.outlook.close()
        self.outlook = Outlook(self.sandbox.url, OWNER)

    _folders: tuple[str, ...] = ()

    def watch(self, *folders: str) -> None:
        self._folders = folders
        super().watch(*folders)


class TestMemory(KindsContract):
    @pytest.fixture
    def world(self) -> Any:
        clock = StepClock(NOW)
        return TurningMemory(clock, MemoryMailbox(clock.now))


class TurningMemory(MemoryWorld):
    def turn(self) -> None:
        self.mailbox.turns_to("other" if self.mailbox.kind == "memory" else "memory")

    def move(self) -> None:
        self.mailbox.turns_to(self.mailbox.kind, moved=True)


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TwoFaces]:
    made = TwoFaces(tmp_path, request.cls.quirks, request.cls.first)
    yield made
    made.close()


class TestFromEwsToGraph(KindsContract):
    quirks, first = Quirks(), "ews"

    def test_a_renamed_folder_is_still_followed(self, world: TwoFaces) -> None:
        world.owner_makes_folder("Inbox/Team")
        world.watch("Inbox", "Inbox/Team")
        sync_state = drain(world.mailbox, None, None)[-1].sync_state
        world.owner_renames_folder("Inbox/Team", "Inbox/Crew")
        world.turn()
        world.tick(5)
        world.arrive_in("Inbox/Crew", raw_mail("q1"))
        pages = drain(world.mailbox, sync_state, NOW)
        (note,) = pages[-1].notes
        assert ([name for page in pages for name in named(page)], note.is_read) == (["q1"], True)


class TestFromGraphToEws(TestFromEwsToGraph):
    first = "graph"

    def test_a_letter_that_was_made_and_not_sent_is_sent_as_it_is(self, world: TwoFaces) -> None:
        """The other face makes and sends a letter by one request: what it finds made, it sends."""
        first, second = "1" * 32, "2" * 32
        world.sandbox.faults.add("messages.send", "503", times=2)
        world.mailbox.send([letter(first), letter(second)])
        world.turn()
        assert world.mailbox.find([first, second]) == dict.fromkeys((first, second), Place.UNSENT)
        assert world.mailbox.draft_links([first, second]) == {}
        world.tick(60)
        sent, other = world.mailbox.send_unsent([first, "3" * 32])
        assert not isinstance(other, Done)
        assert isinstance(sent, Done) or world.mailbox.find([first]) == {first: Place.SENT}
        assert world.mailbox.find([first, second]) == {first: Place.SENT, second: Place.UNSENT}
        assert not isinstance(world.mailbox.send_unsent([first])[0], Done)
        assert world.mailbox.remove([second]) == {second}
        assert world.outlook.account.sent.all().count() == 1


@pytest.mark.every(4)
class TestFromEwsToGraphWithEveryQuirk(TestFromEwsToGraph):
    quirks, names_hold = Quirks.of(["all"]), False


@pytest.mark.every(4)
class TestFromGraphToEwsWithEveryQuirk(TestFromGraphToEws):
    quirks, names_hold = Quirks.of(["all"]), False
