"""GetPersona."""

from __future__ import annotations

from lxml import etree

from ackd.sandbox import people
from ackd.sandbox.call import Call
from ackd.sandbox.errors import EwsError
from ackd.sandbox.properties import compound, kinds
from ackd.sandbox.xml import NSMAP, Element, attributes, children, sub, tag

NAME = "GetPersona"


def answer(call: Call, request: Element) -> Element:
    """Tell all that is known of a persona, by its id or a colleague's address. Who is not known is refused
    as a whole: the answer has no room for an error."""
    found = children(request, "m:PersonaId?", "m:EmailAddress?")
    with call.store.read() as db:
        if "PersonaId" in found:
            one = people.by_id(call, db, attributes(found["PersonaId"], ("Id",), ("ChangeKey",))["Id"])
        elif "EmailAddress" in found:
            one = people.by_address(call, db, compound.parse_mailbox(found["EmailAddress"])["address"])
        else:
            raise EwsError("ErrorInvalidIdEmpty")
    response = etree.Element(tag("m:GetPersonaResponseMessage"), nsmap=NSMAP)
    response.set("ResponseClass", "Success")
    sub(response, "m:ResponseCode", "NoError")
    style = kinds.Style(call.quirks.fractional_seconds)
    people.write(response, "m:Persona", one, frozenset(people.NAMES), style)
    return response
