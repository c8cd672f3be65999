"""The mailbox's own list of categories: Outlook's menu offers the commands, in colours."""

from __future__ import annotations

import base64

import pytest
from lxml import etree

from ackd.mailbox.ews.categories import with_categories
from ackd.model import Colour, Mode
from tests.followup.conftest import Make
from tests.people import MONDAY
from tests.scenario import COMMANDS, Scenario

pytestmark = pytest.mark.ews_only

CALENDAR = '<t:DistinguishedFolderId Id="calendar"/>'
NAME = f'UserConfigurationName Name="CategoryList">{CALENDAR}'
OWN = (
    b'<categories xmlns="CategoryList.xsd" default="Mine" lastSavedSession="6" later="kept">'
    b'<category name="Mine" color="5" guid="{1}" future="kept"/>'
    b'<category name="ACKD: need more" color="9" guid="{2}"/></categories>'
)
OPERATIONS = {"GetUserConfiguration", "CreateUserConfiguration", "UpdateUserConfiguration"}


def listed(office: Scenario) -> etree._Element | None:
    got = office.owner.wire(
        f"<m:GetUserConfiguration><m:{NAME}</m:UserConfigurationName>"
        "<m:UserConfigurationProperties>XmlData</m:UserConfigurationProperties></m:GetUserConfiguration>"
    )
    return etree.fromstring(base64.b64decode(got.text("t:XmlData"))) if got.codes == ["NoError"] else None


def colours(office: Scenario) -> dict[str, str]:
    root = listed(office)
    assert root is not None
    return {str(one.get("name")): str(one.get("color")) for one in root}


def put(office: Scenario, data: bytes) -> None:
    xml = f"<t:XmlData>{base64.b64encode(data).decode()}</t:XmlData>"
    for operation in ("Create", "Update"):
        office.owner.wire(
            f"<m:{operation}UserConfiguration><m:UserConfiguration><t:{NAME}</t:UserConfigurationName>{xml}"
            f"</m:UserConfiguration></m:{operation}UserConfiguration>"
        )


def asked(office: Scenario) -> list[str]:
    """What a pass of an ackd that was just started asks about the list."""
    office.sandbox.requests.clear()
    office.start().run_pass()
    return [one for one in office.sandbox.requests.operations() if one in OPERATIONS]


def forget(office: Scenario) -> None:
    office.daemon.ledger.remember("categories", None)


def test_a_new_list_is_made_and_asked_for_once(office: Scenario) -> None:
    assert set(colours(office)) == {*COMMANDS, "Promised"}
    assert len(set(colours(office).values())) == 5
    assert asked(office) == [], "the ledger knows"
    forget(office)
    assert asked(office) == ["GetUserConfiguration"], "nothing is missing"


def test_the_owners_own_categories_and_colours_stay(office: Scenario) -> None:
    put(office, OWN)
    forget(office)
    assert asked(office) == ["GetUserConfiguration", "UpdateUserConfiguration"]
    root = listed(office)
    assert root is not None
    assert dict(root[0].attrib.items()) == {"name": "Mine", "color": "5", "guid": "{1}", "future": "kept"}
    assert (root.get("default"), root.get("later"), root.get("lastSavedSession")) == ("Mine", "kept", "7")
    found = colours(office)
    assert found["ACKD: need more"] == "9"
    assert "ackd: need more" not in found, "names compare without case"
    assert len(found) == 6


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no list",
        b"<other/>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><categories xmlns="CategoryList.xsd"/>',
        OWN[:-9],
    ],
)
def test_what_is_no_list_is_left_alone(office: Scenario, data: bytes) -> None:
    assert with_categories(data, {"x": Colour.RED}, MONDAY) == b""
    put(office, data)
    forget(office)
    assert asked(office) == ["GetUserConfiguration"]


@pytest.mark.parametrize("kind", ["503", "cut-after-commit", "malformed-xml", "store-unavailable"])
def test_a_server_that_fails_there_costs_only_the_colours(office: Scenario, kind: str) -> None:
    forget(office)
    office.deliver("other")
    office.sandbox.faults.add("GetUserConfiguration", kind)
    assert asked(office) == ["GetUserConfiguration"]
    assert len(office.letters()) == 2
    office.work()
    assert asked(office) == ["GetUserConfiguration"], "tried again by the next process alone"


def test_other_names_are_added_when_the_configuration_says_so(office: Scenario) -> None:
    commands = dict(zip(("ja", "nein", "geht nicht", "mehr"), COMMANDS.values(), strict=True))
    office.follows(commands=commands)
    office.work()
    assert {"ja", "nein", "geht nicht", "mehr"} < set(colours(office))


def test_a_preview_writes_no_list(make_office: Make) -> None:
    office = make_office()
    put(office, OWN)
    forget(office)
    office.use(mode=Mode.PREVIEW)
    assert asked(office) == []
    assert len(colours(office)) == 2
