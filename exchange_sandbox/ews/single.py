"""Answers that are one response message by themselves, as newer operations give them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lxml import etree

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import RequestFault, in_ews
from exchange_sandbox.ews.xml import NSMAP, Element, sub, tag


def answer(
    call: Call, act: Callable[[], Iterable[Element]], *, empty: str = "", faults: bool = False
) -> Element:
    """Do ``act`` and give its elements, or the error that it raised with an ``empty`` element, where the
    schema wants one. Errors of a request whose schema has no answer to them are raised: ``faults``."""
    response = etree.Element(tag(f"m:{call.operation}Response"), nsmap=NSMAP)
    try:
        call.hook.before_item(1)
        content = list(act())
    except Refused as failure:
        error = in_ews(failure)
        if faults:
            raise RequestFault(error.code, str(error)) from error
        response.set("ResponseClass", "Error")
        sub(response, "m:MessageText", str(error))
        sub(response, "m:ResponseCode", error.code)
        sub(response, "m:DescriptiveLinkKey", "0")
        if empty:
            sub(response, empty)
        return response
    response.set("ResponseClass", "Success")
    sub(response, "m:ResponseCode", "NoError")
    for one in content:
        response.append(one)
    call.hook.after_item(1)
    return response
