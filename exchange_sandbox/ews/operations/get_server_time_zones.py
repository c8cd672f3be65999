"""GetServerTimeZones."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.calendar import zones
from exchange_sandbox.ews.calendar import zone_xml
from exchange_sandbox.ews.call import Call, box, flag
from exchange_sandbox.ews.xml import Element, attributes, children, listed, text_of

NAME = "GetServerTimeZones"


def answer(call: Call, request: Element) -> Element:
    """Give the zones of Windows, all or some; with their rules of all years unless these are not wanted. Ids
    that are not known are left out."""
    full = flag(attributes(request, (), ("ReturnFullTimeZoneData",)), "ReturnFullTimeZoneData", default=True)
    found = children(request, "m:Ids?")
    wanted = None
    if "Ids" in found:
        ids = [text_of(one) for one in listed(found["Ids"], "t:Id")]
        wanted = {zones.known(one) for one in ids}

    def one(_element: Element) -> Sequence[Element]:
        listing = box("m:TimeZoneDefinitions")
        for definition in zones.definitions(wanted):
            zone_xml.write(listing, "t:TimeZoneDefinition", definition, full=full)
        return [listing]

    return call.each([request], one, check=lambda _: None)
