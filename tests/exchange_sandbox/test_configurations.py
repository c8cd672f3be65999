"""The settings that clients keep in hidden items of a folder, by name."""

from __future__ import annotations

import base64

import pytest

from exchange_sandbox import Sandbox

from .conftest import ALICE
from .test_availability import HOURS
from .wire import Got, Wire

XML = b'<?xml version="1.0"?><categories default="Red" xmlns="CategoryList.xsd"/>'
ENTRY = (
    "<t:Dictionary><t:DictionaryEntry><t:DictionaryKey><t:Type>String</t:Type><t:Value>OLPrefs</t:Value>"
    "</t:DictionaryKey><t:DictionaryValue><t:Type>Integer32</t:Type><t:Value>7</t:Value></t:DictionaryValue>"
    "</t:DictionaryEntry></t:Dictionary>"
)


def name(title: str = "CategoryList", folder: str = "calendar") -> str:
    where = f'<t:DistinguishedFolderId Id="{folder}"/>'
    return f'UserConfigurationName Name="{title}">{where}</{{}}:UserConfigurationName>'


def read(wire: Wire, wanted: str = "All", title: str = "CategoryList", folder: str = "calendar") -> Got:
    return wire(
        f"<m:GetUserConfiguration><m:{name(title, folder).format('m')}"
        f"<m:UserConfigurationProperties>{wanted}</m:UserConfigurationProperties></m:GetUserConfiguration>"
    )


def write(wire: Wire, operation: str, parts: str, title: str = "CategoryList") -> Got:
    return wire(
        f"<m:{operation}UserConfiguration><m:UserConfiguration><t:{name(title).format('t')}{parts}"
        f"</m:UserConfiguration></m:{operation}UserConfiguration>"
    )


def xml(data: bytes) -> str:
    return f"<t:XmlData>{base64.b64encode(data).decode()}</t:XmlData>"


def test_one_is_made_read_and_changed(alice: Wire, bob: Wire) -> None:
    assert read(alice).codes == ["ErrorItemNotFound"]
    assert write(alice, "Update", xml(XML)).codes == ["ErrorItemNotFound"]
    assert write(alice, "Create", ENTRY + xml(XML)).codes == ["NoError"]
    assert write(alice, "Create", xml(XML), title="categorylist").codes == ["ErrorItemSave"]
    got = read(alice, title="CATEGORYLIST")
    assert base64.b64decode(got.text("t:XmlData")) == XML
    assert got.texts("t:Value") == ["OLPrefs", "7"]
    assert len(got.ids) == 1
    changed = XML.replace(b"Red", b"Blue")
    assert write(alice, "Update", xml(changed)).codes == ["NoError"]
    got = read(alice, "XmlData Dictionary")
    assert base64.b64decode(got.text("t:XmlData")) == changed
    assert got.texts("t:Value") == ["OLPrefs", "7"], "what isn't given stays"
    assert got.ids == []
    assert read(alice, folder="inbox").codes == ["ErrorItemNotFound"]
    assert read(bob).codes == ["ErrorItemNotFound"], "everybody has their own"
    assert alice.find("calendar").ids == [], "it is hidden"


@pytest.mark.parametrize(("written", "told"), [("1", "true"), ("0", "false"), ("true", "true")])
def test_a_boolean_is_told_as_exchange_writes_it(alice: Wire, written: str, told: str) -> None:
    entry = ENTRY.replace("Integer32", "Boolean").replace("<t:Value>7", f"<t:Value>{written}")
    assert write(alice, "Create", entry).codes == ["NoError"]
    assert read(alice).texts("t:Value") == ["OLPrefs", told]


@pytest.mark.parametrize(
    "parts",
    [
        "<t:XmlData>!</t:XmlData>",
        "<t:BinaryData>A</t:BinaryData>",
        xml(XML) + ENTRY,
        ENTRY.replace("Integer32", "Number"),
        ENTRY.replace("<t:Value>7</t:Value>", ""),
    ],
)
def test_what_breaks_the_schema_is_refused(alice: Wire, parts: str) -> None:
    got = write(alice, "Create", parts)
    assert (got.status, got.codes) == (500, ["ErrorSchemaValidation"])
    assert read(alice).codes == ["ErrorItemNotFound"]


def test_the_working_hours_are_the_sandboxs_own(sandbox: Sandbox, alice: Wire) -> None:
    assert write(alice, "Create", xml(XML), title="WorkHours").codes == ["ErrorAccessDenied"]
    sandbox.set_work_hours(ALICE, HOURS)
    assert write(alice, "Update", xml(XML), title="WorkHours").codes == ["ErrorAccessDenied"]
