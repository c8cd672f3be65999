"""Which recipients are a person's, by the tenant's directory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ackd.model import Address
from exchange_sandbox import Quirks
from tests.mailbox.contract.mailbox_contract import BOB, CAROL
from tests.mailbox.contract.test_graph import GraphWorld


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GraphWorld]:
    world = GraphWorld(tmp_path, Quirks(), monkeypatch)
    yield world
    world.close()


@pytest.mark.parametrize(
    ("other", "is_bob"),
    [
        (Address(BOB.upper()), True),
        (Address(CAROL), False),
        (Address(CAROL, "Bob"), False),  # the directory knows her, whatever she is called here
        (Address("bob@home.example", "Bob"), True),  # nobody else is called so
        (Address("bob@home.example", "Robert"), False),
        (Address("bob@home.example"), False),
    ],
)
def test_a_recipient_is_bob_by_address_or_by_a_name_that_he_alone_has(
    world: GraphWorld, other: Address, is_bob: bool
) -> None:
    assert world.mailbox.same_person(BOB, [other]) is is_bob


def test_a_stranger_is_nobody(world: GraphWorld) -> None:
    assert not world.mailbox.same_person("dora@partner.example", [Address(BOB, "Bob")])


def test_without_the_permission_nobody_is_known(world: GraphWorld) -> None:
    world.sandbox.faults.add("users.list", "403", times=-1)
    assert not world.mailbox.same_person(BOB, [Address(BOB, "Bob")])
    assert world.mailbox.card().name == "Alice"
