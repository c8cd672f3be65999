"""XML of EWS: names, a parser that hostile input cannot harm, and strict reading of requests.

Exchange validates every request against its schema before it looks at it. The schemas are not shipped,
so the readers here check the same things (order, names, cardinality, lexical form) where a request is read,
and raise :class:`SchemaViolation`, which the client sees as the SOAP fault ErrorSchemaValidation.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator, Mapping

from lxml import etree

Element = etree._Element

MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages"
TYPES = "http://schemas.microsoft.com/exchange/services/2006/types"
ERRORS = "http://schemas.microsoft.com/exchange/services/2006/errors"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
PREFIXES = {"m": MESSAGES, "t": TYPES, "s": SOAP, "e": ERRORS}
NSMAP = {"m": MESSAGES, "t": TYPES}

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAGS: dict[str, str] = {}


class XmlRefused(Exception):
    """The bytes are no XML document that the sandbox is willing to read. The text says why."""


class SchemaViolation(Exception):
    """The request breaks the EWS schema. ``line`` is the line in the request, 0 when unknown."""

    def __init__(self, violation: str, element: Element | None = None) -> None:
        super().__init__(violation)
        self.line = 0 if element is None or element.sourceline is None else element.sourceline


def tag(name: str) -> str:
    """``m:GetItem`` as lxml's ``{namespace}GetItem``."""
    known = _TAGS.get(name)
    if known is None:
        prefix, local = name.split(":")
        known = _TAGS[name] = f"{{{PREFIXES[prefix]}}}{local}"
    return known


def parse(data: bytes) -> Element:
    """Read a request body. UTF-8 or UTF-16; no document type, hence no entities of any kind.

    The document type is refused before parsing, so the parser may be told to accept large text
    (a mail as base64) without opening the door to entity bombs.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeError as error:
            raise XmlRefused(f"not UTF-16: {error}") from error
    if b"<!DOCTYPE" in data:
        raise XmlRefused("a document type is not allowed")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmlRefused(str(error)) from error
    return root


def sub(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    """Append a child; characters that XML cannot carry become U+FFFD."""
    child = etree.SubElement(parent, tag(name))
    for key, value in attributes.items():
        child.set(key, _clean(value))
    if text is not None:
        try:
            child.text = text
        except ValueError:
            child.text = _clean(text)
    return child


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def shown(element: Element) -> str:
    """``t:Subject`` for an element of the types namespace: for messages to people."""
    name = etree.QName(element)
    for prefix, uri in PREFIXES.items():
        if uri == name.namespace:
            return f"{prefix}:{name.localname}"
    return name.localname


def local(element: Element) -> str:
    """The local name of an element."""
    return etree.QName(element).localname


def text_of(element: Element) -> str:
    """The text of a simple element."""
    if len(element):
        raise SchemaViolation(f"The element '{shown(element)}' cannot contain child elements.", element)
    return element.text or ""


def filled_text_of(element: Element) -> str:
    """The text of a simple element that must have one."""
    text = text_of(element)
    if not text:
        raise SchemaViolation(f"The element '{shown(element)}' must not be empty.", element)
    return text


def children(element: Element, *names: str) -> dict[str, Element]:
    """The children of ``element`` by local name, which must come in the order given.

    ``"m:ItemIds"`` is required, ``"m:Ignore?"`` optional, ``"m:A|m:B?"`` a choice.
    """
    _no_text(element)
    found: dict[str, Element] = {}
    todo = iter(element)
    child = next(todo, None)
    for name in names:
        optional = name.endswith("?")
        choice = [tag(one) for one in name.rstrip("?").split("|")]
        if child is not None and child.tag in choice:
            found[local(child)] = child
            child = next(todo, None)
        elif not optional:
            raise _unexpected(element, child, name)
    if child is not None:
        raise _unexpected(element, child, names[-1] if names else "no element")
    return found


def listed(element: Element, *names: str, least: int = 1) -> Iterator[Element]:
    """The children of a list element, each of one of ``names``; at least ``least`` of them."""
    _no_text(element)
    allowed = {tag(name) for name in names}
    if len(element) < least:
        raise _unexpected(element, None, names[0])
    for child in element:
        if child.tag not in allowed:
            raise _unexpected(element, child, ", ".join(names))
        yield child


def attributes(
    element: Element,
    required: Collection[str] = (),
    optional: Collection[str] = (),
    choices: Mapping[str, Collection[str]] | None = None,
) -> dict[str, str]:
    """The attributes of ``element``: all ``required``, none beside ``optional``, values among ``choices``."""
    values = {str(key): str(value) for key, value in element.attrib.items()}
    for key in required:
        if key not in values:
            raise SchemaViolation(f"The required attribute '{key}' is missing.", element)
    for key, value in values.items():
        if key not in required and key not in optional:
            raise SchemaViolation(f"The '{key}' attribute is not declared.", element)
        if choices and key in choices and value not in choices[key]:
            raise SchemaViolation(
                f"The '{key}' attribute is invalid - the value '{value}' is not allowed.", element
            )
    return values


def _no_text(element: Element) -> None:
    if (element.text and element.text.strip()) or any(child.tail and child.tail.strip() for child in element):
        raise SchemaViolation(f"The element '{shown(element)}' cannot contain text.", element)


def _unexpected(parent: Element, child: Element | None, expected: str) -> SchemaViolation:
    if child is None:
        return SchemaViolation(
            f"The element '{shown(parent)}' has incomplete content. Expected: '{expected.rstrip('?')}'.",
            parent,
        )
    return SchemaViolation(
        f"The element '{shown(parent)}' has invalid child element '{shown(child)}'. Expected: '{expected}'.",
        child,
    )
