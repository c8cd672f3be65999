"""SyncFolderItems: whoever follows it knows what is in the folder, whatever happens meanwhile."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from lxml import etree

from exchange_sandbox import Quirks, Sandbox
from tests.plays import seeds

from .conftest import ALICE
from .test_items import carry, delete, saved
from .wire import Got, Wire, message, set_field


def kinds(got: Got) -> list[str]:
    return [etree.QName(one).localname for one in got.all("m:Changes")[0]]


def state(got: Got) -> str:
    return got.text("m:SyncState")


def test_the_life_of_a_mail_as_sync_tells_it(alice: Wire, bob: Wire) -> None:
    empty = alice.sync("inbox")
    assert kinds(empty) == []
    assert empty.text("m:IncludesLastItemInRange") == "true"
    bob.send("Hello", ALICE)
    new = alice.sync("inbox", state(empty), 512, "item:Subject", "item:Body")
    assert kinds(new) == ["Create"]
    assert new.text("t:Subject") == "Hello"
    assert new.all("t:Body") == []
    assert kinds(alice.sync("inbox", state(new))) == []
    (item,) = new.ids
    (item,) = alice.update(item, set_field("message:IsRead", "<t:IsRead>true</t:IsRead>")).ids
    read = alice.sync("inbox", state(new))
    assert kinds(read) == ["ReadFlagChange"]
    assert read.text("t:IsRead") == "true"
    red = set_field("item:Categories", "<t:Categories><t:String>red</t:String></t:Categories>")
    alice.update(item, red)
    changed = alice.sync("inbox", state(read), 512, "item:Categories")
    assert kinds(changed) == ["Update"]
    assert changed.texts("t:String") == ["red"]
    (moved,) = carry(alice, "MoveItem", item, "drafts").ids
    gone = alice.sync("inbox", state(changed))
    assert kinds(gone) == ["Delete"]
    assert gone.ids[0][0] == item[0]
    carry(alice, "MoveItem", moved, "inbox")
    back = alice.sync("inbox", state(gone))
    assert kinds(back) == ["Create"]
    assert back.ids[0][0] not in (item[0], moved[0])


def test_what_came_and_went_between_is_not_told(alice: Wire) -> None:
    before = state(alice.sync("drafts"))
    delete(alice, saved(alice, message("x")), "HardDelete")
    assert kinds(alice.sync("drafts", before)) == []


def test_states_that_are_refused(alice: Wire, bob: Wire) -> None:
    inbox = state(alice.sync("inbox"))
    for wire, folder, known in (
        (alice, "inbox", "bm9uc2Vuc2U="),
        (alice, "drafts", inbox),
        (bob, "inbox", inbox),
    ):
        assert wire.sync(folder, known).codes == ["ErrorInvalidSyncStateData"]
    assert alice.sync("inbox", inbox[:-8] + "AAAAAAA=").codes == ["ErrorInvalidSyncStateData"]


def test_a_server_that_takes_nonsense_for_nothing(make: Callable[..., Sandbox]) -> None:
    wire = Wire(make(quirks=Quirks(nonsense_sync_state=True, read_flag_as_update=True)).url, ALICE)
    item = saved(wire, message("x"))
    got = wire.sync("drafts", "bm9uc2Vuc2U=")
    assert kinds(got) == ["Create"]
    wire.update(item, set_field("message:IsRead", "<t:IsRead>true</t:IsRead>"))
    assert kinds(wire.sync("drafts", state(got))) == ["Update"]


@pytest.mark.parametrize("most", ["0", "513", "many"])
def test_how_many_changes_may_be_asked_for(alice: Wire, most: str) -> None:
    got = alice(
        f"<m:SyncFolderItems>{alice.shape()}<m:SyncFolderId>"
        "<t:DistinguishedFolderId Id='inbox'/></m:SyncFolderId>"
        f"<m:MaxChangesReturned>{most}</m:MaxChangesReturned></m:SyncFolderItems>"
    )
    assert (got.status, got.codes) == (500, ["ErrorSchemaValidation"])


def test_a_folder_that_is_not_there(alice: Wire) -> None:
    assert alice.sync("voicemail").codes == ["ErrorSyncFolderNotFound"]


@pytest.mark.parametrize("seed", seeds(*range(6)))
def test_a_follower_knows_the_folder(alice: Wire, bob: Wire, seed: int) -> None:
    """Many changes at random, between and within pages: what the follower knows is what is there."""
    chance = random.Random(seed)
    known: dict[str, str] = {}
    at = ""
    for _ in range(25):
        for _ in range(chance.randrange(4)):
            disturb(alice, bob, chance)
        got = alice.sync("inbox", at, chance.choice((1, 2, 5, 512)), "item:Subject", "item:Importance")
        at = state(got)
        apply(known, got)
    while True:
        got = alice.sync("inbox", at, chance.choice((1, 3)), "item:Subject", "item:Importance")
        at = state(got)
        apply(known, got)
        if got.text("m:IncludesLastItemInRange") == "true":
            break
    there = alice.find("inbox", "item:Importance")
    assert known == dict(zip((one for one, _ in there.ids), there.texts("t:Importance"), strict=True))


def apply(known: dict[str, str], got: Got) -> None:
    for change in got.all("m:Changes")[0]:
        what = etree.QName(change).localname
        (item,) = change.findall(".//{*}ItemId")
        number = item.get("Id", "")
        if what == "Delete":
            del known[number]  # a KeyError is a fault: nobody was told of it
        elif what == "ReadFlagChange":
            assert number in known
        else:
            assert (number in known) == (what == "Update")
            known[number] = change.findtext(".//{*}Importance") or ""


def disturb(alice: Wire, bob: Wire, chance: random.Random) -> None:
    items = alice.find("inbox").ids
    what = chance.choice(("send", "send", "flag", "change", "delete", "away", "back"))
    if what == "send":
        bob.send(f"mail {chance.random()}", ALICE)
    elif what == "back":
        for one in alice.find("drafts").ids[:1]:
            carry(alice, "MoveItem", one, "inbox")
    elif items:
        item = chance.choice(items)
        if what == "flag":
            flag = chance.choice(("true", "false"))
            alice.update(item, set_field("message:IsRead", f"<t:IsRead>{flag}</t:IsRead>"))
        elif what == "change":
            level = chance.choice(("Low", "Normal", "High"))
            alice.update(
                item, set_field("item:Importance", f"<t:Importance>{level}</t:Importance>"), "AlwaysOverwrite"
            )
        elif what == "delete":
            delete(alice, item, chance.choice(("HardDelete", "MoveToDeletedItems")))
        else:
            carry(alice, "MoveItem", item, "drafts")


def test_items_to_ignore(alice: Wire) -> None:
    first, second = saved(alice, message("a")), saved(alice, message("b"))
    got = alice(
        f"<m:SyncFolderItems>{alice.shape()}<m:SyncFolderId>"
        "<t:DistinguishedFolderId Id='drafts'/></m:SyncFolderId>"
        f'<m:Ignore><t:ItemId Id="{first[0]}"/></m:Ignore><m:MaxChangesReturned>9</m:MaxChangesReturned>'
        "</m:SyncFolderItems>"
    )
    assert [one for one, _ in got.ids] == [second[0]]


def test_bob_is_not_alice(bob: Wire) -> None:
    got = bob(
        f"<m:SyncFolderItems>{bob.shape()}<m:SyncFolderId><t:DistinguishedFolderId Id='inbox'><t:Mailbox>"
        f"<t:EmailAddress>{ALICE}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:SyncFolderId>"
        "<m:MaxChangesReturned>9</m:MaxChangesReturned></m:SyncFolderItems>"
    )
    assert got.codes == ["ErrorAccessDenied"]
