"""The mailbox's own list of categories, from which Outlook takes their colours: the configuration
`CategoryList` of the calendar, an XML document (MS-OXOCFG 2.2.5.2.2)."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from exchangelib.services import CreateUserConfiguration, GetUserConfiguration, UpdateUserConfiguration
from lxml import etree

from ackd.mailbox.ews.requests import element
from ackd.mailbox.ews.wire import Wire
from ackd.model import Colour

NAME = "CategoryList"
NAMESPACE = "CategoryList.xsd"
LARGEST = 1_000_000  # bytes of a list that is changed
_NEVER = "1601-01-01T00:00:00.000"
_EMPTY = f'<categories default="" lastSavedSession="0" lastSavedTime="{_NEVER}" xmlns="{NAMESPACE}"/>'

#: Colours as the list numbers them, from 0; those of Outlook's object model count from 1.
NUMBERS = {
    Colour.RED: 0,
    Colour.ORANGE: 1,
    Colour.YELLOW: 3,
    Colour.GREEN: 4,
    Colour.BLUE: 7,
    Colour.GRAY: 12,
}


def show(wire: Wire, wanted: Mapping[str, Colour], now: datetime) -> None:
    """See ports.Mailbox: one request to read the list, and one to write it where something is missing.
    A list that can't be read as such is left alone."""
    name = element("m:UserConfigurationName", children=[wire.distinguished("calendar")], Name=NAME)
    properties = element("m:UserConfigurationProperties", "XmlData")
    answers = wire.ask(GetUserConfiguration, element("m:GetUserConfiguration", children=[name, properties]))
    if not answers:
        return
    if answers[0].code == "ErrorItemNotFound":
        _write(wire, CreateUserConfiguration, with_categories(_EMPTY.encode(), wanted, now))
    elif answers[0].ok:
        data = _decoded(answers[0].find_text("m:UserConfiguration/t:XmlData"))
        _write(wire, UpdateUserConfiguration, with_categories(data, wanted, now))


def with_categories(data: bytes, wanted: Mapping[str, Colour], now: datetime) -> bytes:
    """The list with the categories that it lacks; empty where it lacks none, or is no list. What else
    stands in it stays as it is. Names compare without case, as Outlook compares them."""
    root = _root(data)
    if root is None:
        return b""
    listed = root.findall(f"{{{NAMESPACE}}}category")
    known = {(category.get("name") or "").casefold() for category in listed}
    missing = {name: colour for name, colour in wanted.items() if name.casefold() not in known}
    for name, colour in missing.items():
        etree.SubElement(root, f"{{{NAMESPACE}}}category", _attributes(name, colour))
    if not missing:
        return b""
    session = root.get("lastSavedSession", "")
    if session.isascii() and session.isdigit() and len(session) < 10:
        root.set("lastSavedSession", str(int(session) + 1))
    root.set("lastSavedTime", f"{now:%Y-%m-%dT%H:%M:%S}.000")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _attributes(name: str, colour: Colour) -> dict[str, str]:
    own_id = uuid.uuid5(uuid.NAMESPACE_OID, f"ackd category {name.casefold()}")
    return {
        "name": name,
        "color": str(NUMBERS[colour]),
        "keyboardShortcut": "0",
        "usageCount": "0",
        "lastTimeUsed": _NEVER,
        "lastSessionUsed": "0",
        "guid": f"{{{str(own_id).upper()}}}",
    }


def _root(data: bytes) -> Any | None:
    if not data or len(data) > LARGEST or b"<!DOCTYPE" in data[:1000]:
        return None
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        return None
    return root if root.tag == f"{{{NAMESPACE}}}categories" else None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=False)
    except ValueError:
        return b""


def _write(wire: Wire, service: type, data: bytes) -> None:
    if not data:
        return
    name = element("t:UserConfigurationName", children=[wire.distinguished("calendar")], Name=NAME)
    xml = element("t:XmlData", base64.b64encode(data).decode())
    configuration = element("m:UserConfiguration", children=[name, xml])
    wire.ask(service, element(f"m:{service.__name__}", children=[configuration]))
