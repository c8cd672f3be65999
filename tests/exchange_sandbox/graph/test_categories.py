"""The mailbox's own list of categories, which Outlook and EWS clients have too."""

from __future__ import annotations

import base64
import threading

import pytest
from lxml import etree

from exchange_sandbox import Sandbox

from ..conftest import ALICE
from ..test_configurations import read, write, xml
from ..wire import Wire
from .graph_client import Graph, signed_in

PLACE = "/me/outlook/masterCategories"
LIST = (
    b'<?xml version="1.0"?><categories xmlns="CategoryList.xsd" default="Mine" later="kept">'
    b'<category name="Mine" color="4" guid="{BAC262B7-485D-4739-B436-E31467D64FAC}" keyboardShortcut="2"/>'
    b'<category name="Plain" color="-1"/><category name="Odd" color="99" guid="none"/></categories>'
)


def test_categories_are_made_painted_and_removed(alice: Graph) -> None:
    assert alice.get(PLACE).value == []
    made = alice.post(PLACE, {"displayName": "ackd: open", "color": "Preset3"})
    assert (made.status, made.json["displayName"], made.json["color"]) == (201, "ackd: open", "preset3")
    plain = alice.post(PLACE, {"displayName": "Plain"})
    assert plain.json["color"] == "none"
    assert [one["displayName"] for one in alice.get(PLACE).value] == ["ackd: open", "Plain"]
    assert alice.get(f"{PLACE}/{made.id}").json["id"] == made.id
    assert alice.patch(f"{PLACE}/{made.id}", {"color": "preset15"}).json["color"] == "preset15"
    assert alice.get(PLACE, params={"$filter": "color eq 'preset15'"}).value[0]["id"] == made.id
    assert alice.delete(f"{PLACE}/{made.id}").status == 204
    assert [one["id"] for one in alice.get(PLACE).value] == [plain.id]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"displayName": " "}, 400),
        ({"displayName": "x" * 256}, 400),
        ({"displayName": "x", "color": "preset25"}, 400),
        ({"displayName": "x", "color": "red"}, 400),
        ({"displayName": "x", "nix": 1}, 400),
        ({"displayName": "x\x00y"}, 400),
        ({"displayName": "RED"}, 409),
        ({"displayName": "GROẞ"}, 409),
    ],
)
def test_what_cannot_be_is_refused(alice: Graph, body: dict[str, str], status: int) -> None:
    for name in ("Red", "groß"):
        alice.post(PLACE, {"displayName": name})
    assert alice.post(PLACE, body).status == status
    assert len(alice.get(PLACE).value) == 2


def test_a_name_stays(alice: Graph) -> None:
    made = alice.post(PLACE, {"displayName": "Red"})
    assert alice.patch(f"{PLACE}/{made.id}", {"displayName": "Blue"}).code == "ErrorInvalidPropertySet"
    assert alice.patch(f"{PLACE}/{made.id}", {"displayName": "Red", "color": "preset0"}).status == 200
    assert alice.get(f"{PLACE}/00000000-0000-4000-8000-000000000000").code == "ErrorItemNotFound"
    assert alice.delete(f"{PLACE}/nix").code == "ErrorItemNotFound"


def test_of_many_with_one_name_one_is_made(alice: Graph) -> None:
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(alice.post(PLACE, {"displayName": "Red"}).status))
        for _ in range(6)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(statuses) == [201, *[409] * 5]


def test_the_right_to_settings_is_needed(sandbox: Sandbox, bob: Graph) -> None:
    reader = signed_in(sandbox, ALICE, scope="MailboxSettings.Read")
    assert reader.get(PLACE).status == 200
    assert reader.post(PLACE, {"displayName": "Red"}).code == "ErrorAccessDenied"
    assert signed_in(sandbox, ALICE, scope="Mail.ReadWrite").get(PLACE).code == "ErrorAccessDenied"
    assert bob.get(f"/users/{ALICE}/outlook/masterCategories").code == "ErrorAccessDenied"


# both faces


def test_what_outlook_wrote_is_seen_and_stays(alice: Graph, alice_ews: Wire) -> None:
    assert write(alice_ews, "Create", xml(LIST)).codes == ["NoError"]
    mine, plain, odd = alice.get(PLACE).value
    assert mine == {
        "id": "bac262b7-485d-4739-b436-e31467d64fac", "displayName": "Mine", "color": "preset4",
    }  # fmt: skip
    assert (plain["color"], odd["color"]) == ("none", "none")
    assert alice.get(f"{PLACE}/{plain['id']}").json["displayName"] == "Plain"
    alice.post(PLACE, {"displayName": "New", "color": "preset7"})
    alice.patch(f"{PLACE}/{mine['id']}", {"color": "none"})
    alice.delete(f"{PLACE}/{odd['id']}")
    root = etree.fromstring(base64.b64decode(read(alice_ews).text("t:XmlData")))
    assert (root.get("default"), root.get("later")) == ("Mine", "kept")
    assert [(one.get("name"), one.get("color"), one.get("keyboardShortcut")) for one in root] == [
        ("Mine", "-1", "2"), ("Plain", "-1", None), ("New", "7", "0"),
    ]  # fmt: skip


def test_what_graph_makes_outlook_has(alice: Graph, alice_ews: Wire) -> None:
    made = alice.post(PLACE, {"displayName": "Größe & <mehr>", "color": "preset24"})
    (one,) = etree.fromstring(base64.b64decode(read(alice_ews).text("t:XmlData")))
    assert (one.get("name"), one.get("color")) == ("Größe & <mehr>", "24")
    assert one.get("guid") == f"{{{made.id.upper()}}}"


@pytest.mark.parametrize(
    "data", [b"<categories", b"<other/>", b'<!DOCTYPE x [<!ENTITY a "b">]><categories>&a;</categories>']
)
def test_what_is_no_list_is_left_alone(alice: Graph, alice_ews: Wire, data: bytes) -> None:
    write(alice_ews, "Create", xml(data))
    assert alice.get(PLACE).value == []
    assert alice.post(PLACE, {"displayName": "Red"}).code == "ErrorCorruptData"
    assert base64.b64decode(read(alice_ews).text("t:XmlData")) == data
