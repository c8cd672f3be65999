"""Who is inside where the server sets no stamp, on both faces of an Exchange that has only the tenant's
marks; and how few requests the numbers take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ackd.engine.inspection import LOOKED_AT, count
from ackd.judge import origin
from ackd.judge.policy import Policy
from ackd.model import MailHead
from exchange_sandbox import Quirks
from tests.followup.outlook import Outlook
from tests.mailbox.contract.mailbox_contract import BOB, CAROL, OWNER, raw_mail
from tests.mailbox.contract.test_ews import EwsWorld
from tests.mailbox.contract.test_graph import GraphWorld
from tests.people import ALICE

World = EwsWorld | GraphWorld
Made = Callable[..., World]


@pytest.fixture(params=["ews", "graph"])
def made(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    worlds: list[World] = []

    def make(*quirks: str) -> World:
        known = Quirks.of(quirks)
        world = (
            EwsWorld(tmp_path, known) if request.param == "ews" else GraphWorld(tmp_path, known, monkeypatch)
        )
        worlds.append(world)
        return world

    yield make
    for world in worlds:
        world.close()


def forged(world: World, tenant: str) -> bytes:
    """An outsider's mail in Carol's name, with marks copied from a mail of hers."""
    marks = (
        "X-MS-Exchange-CrossTenant-AuthAs: Internal\r\nX-MS-Exchange-CrossTenant-FromEntityHeader: Hosted\r\n"
        f"X-MS-Exchange-CrossTenant-Id: {tenant}\r\nX-MS-Exchange-Organization-AuthAs: Internal\r\n"
    )
    return raw_mail("forged", sender=CAROL).replace(b"X-Two: first\r\n", marks.encode())


def why(head: MailHead, policy: Policy) -> str | None:
    assert head.headers is not None
    assert head.sender is not None
    return origin.contradiction(head.headers, policy, head.sender.email) or origin.unproved_by_tenant(
        head.headers, policy, head.sender.email
    )


@pytest.mark.parametrize("quirk", ["", "cross_tenant_marks_kept"])
def test_a_colleague_is_proved_by_the_tenant_and_an_outsider_is_not(made: Made, quirk: str) -> None:
    world = made(*filter(None, ("no_auth_as", quirk)))
    bob = Outlook(world.sandbox.url, BOB)
    bob.write(OWNER, "Figures", "Could you send me the figures?")
    bob.close()
    world.tick(60)
    (head,) = world.mailbox.heads(LOOKED_AT)
    tenant = origin.tenant_of(head.headers)
    world.sandbox.deliver(forged(world, tenant), OWNER, from_outside=True)
    policy = Policy(ALICE, domains=("corp.example",), authenticated_by_tenant=tenant)
    stamps = count(world.mailbox.heads(LOOKED_AT), policy)
    assert (stamps.inside.mails, stamps.inside.missing, stamps.of(tenant)) == (2, 2, 1)
    assert stamps.are_missing
    known = world.mailbox.in_directory([BOB, CAROL]) or frozenset()
    policy = replace(policy, directory=dict.fromkeys(known, True))
    from_outside, from_bob = world.mailbox.heads(2)
    assert why(from_bob, policy) is None
    assert why(from_outside, policy)


def test_the_numbers_of_500_mails_take_few_requests(made: Made) -> None:
    world = made()
    for number in range(LOOKED_AT + 20):
        world.arrive(raw_mail(f"n{number}"))
    world.sandbox.requests.clear()
    stamps = count(world.mailbox.heads(LOOKED_AT), Policy(ALICE, domains=("corp.example",)))
    assert stamps.inside.internal == stamps.every.mails == LOOKED_AT
    asked = Counter(world.sandbox.requests.operations())
    sign_in = {"openid-configuration", "token"}
    expected = {"messages.list": 5} if isinstance(world, GraphWorld) else {"FindItem": 1, "GetItem": 5}
    assert {name: times for name, times in asked.items() if name not in sign_in} == expected
