"""Whether two addresses are one person's, as servers tell it."""

from __future__ import annotations

import pytest

from ackd.errors import Unreachable
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.model import Address
from tests.clock import StepClock
from tests.mailbox.contract.mailbox_contract import BOB, CAROL, NOW
from tests.mailbox.contract.test_ews import ZONE
from tests.mailbox.ews.scripted import Scripted, ScriptedServer
from tests.mailbox.ews.test_past import MESSAGES, OK, REFUSED

DN = "/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=1c2ee2e6-bob"
NOBODY = Scripted.soap(
    MESSAGES.format("ResolveNames", REFUSED.format("ResolveNames", "ErrorNameResolutionNoResults"))
)


def entry(address: str, name: str, *others: str) -> str:
    told = "".join(
        f'<t:Entry Key="EmailAddress{n}">smtp:{other}</t:Entry>' for n, other in enumerate(others, 1)
    )
    box = f"<t:Name>{name}</t:Name><t:EmailAddress>{address}</t:EmailAddress>"
    card = f"<t:Contact><t:EmailAddresses>{told}</t:EmailAddresses></t:Contact>"
    return f"<t:Resolution><t:Mailbox>{box}</t:Mailbox>{card}</t:Resolution>"


def said(*entries: str) -> Scripted:
    found = f"<m:ResolutionSet>{''.join(entries)}</m:ResolutionSet>"
    return Scripted.soap(MESSAGES.format("ResolveNames", OK.format("ResolveNames", found)))


BOBS = entry(BOB, "Bob Jones", "Robert.Jones@corp.example")
CAROLS = entry(CAROL, "Carol")
ALIAS = Address("robert.jones@corp.example", "Jones, Robert")
LEGACY = Address(DN, "Bob Jones")


def same(other: Address, *script: Scripted, times: int = 1) -> list[bool]:
    with ScriptedServer(*script) as server:
        access = Access("alice@corp.example", server.url, server.url, "secret")
        mailbox = EwsMailbox(access, zone=ZONE, clock=StepClock(NOW))
        try:
            return [mailbox.same_person(BOB, [other]) for _ in range(times)]
        finally:
            mailbox.close()
            assert len(server.requests) <= len(script) or not times, "asked once"


@pytest.mark.parametrize(
    ("other", "script"),
    [
        (ALIAS, [said(BOBS)]),  # the card tells it
        (Address("bj@corp.example"), [said(BOBS), said(BOBS)]),  # the address means the same mailbox
        (LEGACY, [said(BOBS), said(BOBS)]),
        (LEGACY, [said(BOBS), NOBODY, said(BOBS)]),  # unknown, under a name that is one mailbox's
        (LEGACY, [said(BOBS), NOBODY, said(BOBS, entry("b2@corp.example", "Bob Jonesson"))]),
    ],
)
def test_one_mailbox_is_one_person(other: Address, script: list[Scripted]) -> None:
    assert same(other, *script, times=2) == [True, True]


@pytest.mark.parametrize(
    ("other", "script"),
    [
        (Address(CAROL, "Bob Jones"), [said(BOBS), said(CAROLS)]),
        (Address(DN, "Bob Jones"), [said(BOBS), said(CAROLS)]),
        (Address(DN, "Bob Jones"), [said(BOBS), said(BOBS, CAROLS)]),  # several are meant
        (LEGACY, [said(BOBS), NOBODY, said(BOBS, entry("b2@corp.example", "Bob Jones"))]),  # a namesake
        (Address(DN, "Bob"), [said(BOBS), NOBODY]),
        (Address(DN), [said(BOBS), NOBODY]),
        (LEGACY, [NOBODY]),  # the asker isn't in the directory
        (LEGACY, [Scripted.fault("ErrorInvalidOperation")]),  # a server without one
    ],
)
def test_in_doubt_nobody_is_the_same(other: Address, script: list[Scripted]) -> None:
    assert same(other, *script, times=2) == [False, False]


def test_a_directory_that_never_answers_stops_nothing_for_ever() -> None:
    with ScriptedServer(Scripted(b"what?")) as server:
        access = Access("alice@corp.example", server.url, server.url, "secret")
        mailbox = EwsMailbox(access, zone=ZONE, clock=StepClock(NOW))
        for _ in range(4):
            with pytest.raises(Unreachable):
                mailbox.same_person(BOB, [LEGACY])
        assert not mailbox.same_person(BOB, [LEGACY])
        mailbox.close()
