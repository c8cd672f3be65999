"""GetUserConfiguration: the settings that clients keep in hidden items of a folder; here WorkHours alone."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from lxml import etree

from ackd.sandbox import workhours
from ackd.sandbox.call import Call, box
from ackd.sandbox.errors import EwsError
from ackd.sandbox.properties.shape import Shape
from ackd.sandbox.xml import Element, SchemaViolation, attributes, children, sub, text_of

NAME = "GetUserConfiguration"
_PROPERTIES = frozenset(("Id", "Dictionary", "XmlData", "BinaryData", "All"))
_FOLDERS = "t:FolderId|t:DistinguishedFolderId|t:AddressListId"


def answer(call: Call, request: Element) -> Element:
    """Give a configuration by its folder and name, or ErrorItemNotFound."""
    found = children(request, "m:UserConfigurationName", "m:UserConfigurationProperties")
    name = attributes(found["UserConfigurationName"], ("Name",))["Name"]
    folder = next(iter(children(found["UserConfigurationName"], _FOLDERS).values()))
    wanted = frozenset(text_of(found["UserConfigurationProperties"]).split())
    if not wanted <= _PROPERTIES:
        raise SchemaViolation("A property is not known.", found["UserConfigurationProperties"])
    with call.store.read() as db:

        def one(_element: Element) -> Sequence[Element]:
            place = call.folder(db, folder)
            item = workhours.find(db, call.user.id)
            if name.lower() != workhours.NAME.lower() or item is None or item.folder != place.id:
                raise EwsError("ErrorItemNotFound")
            configuration = box("m:UserConfiguration")
            named = sub(configuration, "t:UserConfigurationName", Name=name)
            named.append(etree.fromstring(etree.tostring(folder)))
            if wanted & {"Id", "All"}:
                boxed = box("m:Items")
                Shape("IdOnly").write(boxed, item, call.reader(db))
                configuration.append(boxed[0][0])
            if wanted & {"Dictionary", "All"}:
                sub(configuration, "t:Dictionary")
            if wanted & {"XmlData", "All"}:
                xml = workhours.document(item, call.now.year)
                sub(configuration, "t:XmlData", base64.b64encode(xml).decode())
            return [configuration]

        return call.each([folder], one)
