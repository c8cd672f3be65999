"""GetPersona."""

from __future__ import annotations

from lxml import etree

from exchange_sandbox.ews import people
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import compound, kinds
from exchange_sandbox.ews.xml import NSMAP, Element, attributes, children, sub, tag

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
