"""SOAP 1.1 envelopes: requests taken apart, answers and faults put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any

from lxml import etree

from exchange_sandbox.calendar import zones
from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import versions, xml
from exchange_sandbox.ews.calendar import zone_xml
from exchange_sandbox.ews.errors import RequestFault, in_ews
from exchange_sandbox.ews.xml import Element, SchemaViolation, local, sub, tag

# An Exchange Server of a current build; clients read the schema version from it.
VERSION = {
    "MajorVersion": "15", "MinorVersion": "2", "MajorBuildNumber": "1544", "MinorBuildNumber": "9",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """A request: the name of its operation, its element, the time zone for moments without an offset, the
    version of the schema that it names, and whether moments are to be answered with fractions of seconds."""

    operation: str
    element: Element
    zone: tzinfo
    version: str | None = None
    fractions: bool = False

    @property
    def size(self) -> int:
        """How many things it is about: the entries of its last list, at least 1."""
        lists = [child for child in self.element if len(child) and local(child) in _LISTS]
        return max([1, *(len(one) for one in lists)])


_LISTS = frozenset(("Items", "ItemIds", "ItemChanges", "Folders", "FolderIds", "FolderChanges"))


def read(data: bytes, *, impersonates: bool = False) -> Request:
    """Take a request apart. Raises RequestFault: ErrorInvalidRequest for what is no SOAP,
    ErrorInvalidServerVersion, ErrorSchemaValidation."""
    try:
        envelope = xml.parse(data)
    except xml.XmlRefused as error:
        raise RequestFault("ErrorInvalidRequest", f"The request is invalid. {error}") from error
    body = envelope.find(tag("s:Body"))
    if envelope.tag != tag("s:Envelope") or body is None:
        raise RequestFault(
            "ErrorInvalidRequest", "The request is invalid. No SOAP 1.1 envelope with a body was found."
        )
    if len(body) != 1:
        raise RequestFault("ErrorInvalidRequest", "The request is invalid. The body must hold one request.")
    version = _version(envelope)
    is_named = envelope.find(f"{tag('s:Header')}/{tag('t:ExchangeImpersonation')}") is not None
    if is_named and not impersonates:
        raise RequestFault(
            "ErrorImpersonateUserDenied",
            "The account does not have permission to impersonate the requested user.",
        )
    element = body[0]
    if etree.QName(element).namespace != xml.MESSAGES:
        raise SchemaViolation(f"Could not find schema information for the element '{element.tag}'.", element)
    return Request(local(element), element, _zone(envelope), version, _fractions(envelope))


def _version(envelope: Element) -> str | None:
    found = envelope.find(f"{tag('s:Header')}/{tag('t:RequestServerVersion')}")
    version = None if found is None else str(found.get("Version", ""))
    if version is not None and not versions.is_known(version):
        raise RequestFault("ErrorInvalidServerVersion", "The specified server version is invalid.")
    return version


def _fractions(envelope: Element) -> bool:
    precision = envelope.findtext(f"{tag('s:Header')}/{tag('t:DateTimePrecision')}", "Seconds").strip()
    if precision not in ("Seconds", "Milliseconds"):
        raise SchemaViolation(f"'{precision[:40]}' is not a precision of moments.")
    return precision == "Milliseconds"


def _zone(envelope: Element) -> tzinfo:
    """The zone of the TimeZoneContext header, else UTC; raises SchemaViolation, ErrorTimeZone."""
    found = envelope.find(f"{tag('s:Header')}/{tag('t:TimeZoneContext')}/{tag('t:TimeZoneDefinition')}")
    try:
        return UTC if found is None else zones.zone_of(zone_xml.read(found))
    except Refused as failure:
        error = in_ews(failure)
        raise RequestFault(error.code, str(error)) from error


def answer(content: Element, version: str | None = None) -> bytes:
    """An answer's bytes, for a request of this version."""
    envelope = _envelope(version)
    sub(envelope, "s:Body").append(content)
    return _bytes(envelope)


def piece(content: Element, version: str | None = None) -> bytes:
    """One of several answers in a stream: as Exchange writes it, without an XML declaration and with the
    envelope's namespace as the default one. There are clients that look for ``<Envelope``."""
    envelope = _envelope(version, prefix=None)
    sub(envelope, "s:Body").append(content)
    return etree.tostring(envelope)


def fault(error: RequestFault | SchemaViolation | Refused, version: str | None = None) -> bytes:
    """A SOAP fault as Exchange writes it."""
    if isinstance(error, SchemaViolation):
        code, text = "ErrorSchemaValidation", "The request failed schema validation."
        shown = f"The request failed schema validation: {error}"
    else:
        code = in_ews(error).code if isinstance(error, Refused) else error.code
        text = shown = str(error)
    envelope = _envelope(version)
    box = sub(sub(envelope, "s:Body"), "s:Fault")
    faultcode = etree.SubElement(box, "faultcode", nsmap={"a": xml.TYPES})
    faultcode.text = f"a:{code}"
    faultstring = etree.SubElement(box, "faultstring")
    faultstring.set("{http://www.w3.org/XML/1998/namespace}lang", "en-US")
    _put(faultstring, shown)
    detail = etree.SubElement(box, "detail")
    sub(detail, "e:ResponseCode", code)
    sub(detail, "e:Message", text)
    if isinstance(error, SchemaViolation):
        more = sub(detail, "t:MessageXml")
        sub(more, "t:LineNumber", str(error.line))
        sub(more, "t:LinePosition", "0")
        sub(more, "t:Violation", str(error))
    elif isinstance(error, RequestFault) and error.values:
        more = sub(detail, "t:MessageXml")
        for name, value in error.values.items():
            sub(more, "t:Value", value, Name=name)
    return _bytes(envelope)


def build() -> str:
    """The server's build, in the long form."""
    return ".".join(VERSION.values())


def _envelope(version: str | None, prefix: str | None = "s") -> Element:
    names: Any = {
        prefix: xml.SOAP,
        **xml.NSMAP,
        "e": xml.ERRORS,
    }  # None is a prefix that lxml knows, mypy not
    envelope = etree.Element(tag("s:Envelope"), nsmap=names)
    sub(sub(envelope, "s:Header"), "t:ServerVersionInfo", **VERSION, Version=versions.answered(version))
    return envelope


def _put(element: Element, text: str) -> None:
    try:
        element.text = text
    except ValueError:
        element.text = ascii(text)


def _bytes(envelope: Element) -> bytes:
    return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
