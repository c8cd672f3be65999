"""Requests at random that the published schemas allow, and ways to break them."""

from __future__ import annotations

import base64
import random
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from lxml import etree

from .request_sense import give_sense

XS = "{http://www.w3.org/2001/XMLSchema}"
SPACES = {
    "m": "http://schemas.microsoft.com/exchange/services/2006/messages",
    "t": "http://schemas.microsoft.com/exchange/services/2006/types",
    "xs": "http://www.w3.org/2001/XMLSchema",
}
_WANTED = ("ReferenceItemId", "Name", "Content", "Message", "DisplayName", "EmailAddress")  # though optional
_DEEP = 7  # below this only what must be there
_TEXTS = (
    "Hello", "", "alice@corp.example", "bob@corp.example", "é\u4e2d\U0001f600", "<&>\"'", "x" * 300, "0",
    "-1", "IPM.Note", "IPM.Task", "2026-11-24T08:00:00Z", "subject:hello OR from:bob",
)  # fmt: skip
_MOMENTS = (
    "2026-11-24T08:00:00Z", "2026-11-24T08:00:00", "2026-11-24T09:30:00+01:00", "2026-11-24T08:00:00.123Z",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-02-28T23:59:59-12:00",
)  # fmt: skip
_PLAIN: dict[str, tuple[str, ...]] = {
    "string": _TEXTS,
    "normalizedString": _TEXTS,
    "token": ("a", "b"),
    "boolean": ("true", "false", "0", "1"),
    "dateTime": _MOMENTS,
    "date": ("2026-11-24", "0001-01-01", "9999-12-31Z"),
    "time": ("08:00:00", "23:59:59Z"),
    "duration": ("PT1H", "-PT30M", "P1D", "P1Y2M3DT4H5M6S"),
    "base64Binary": (base64.b64encode(b"Subject: x\r\n\r\nhello").decode(), "", "AAAA"),
    "int": ("0", "1", "-1", "10", "512", "2147483647", "-2147483648"),
    "integer": ("0", "1", "99999999999999999999"),
    "long": ("0", "1", "9223372036854775807"),
    "short": ("0", "1", "-1", "32767"),
    "unsignedInt": ("0", "1", "4294967295"),
    "unsignedShort": ("0", "1", "65535"),
    "unsignedByte": ("0", "255"),
    "nonNegativeInteger": ("0", "1", "99"),
    "positiveInteger": ("1", "99"),
    "double": ("0", "0.5", "-1e300", "NaN"),
    "float": ("0", "0.5"),
    "decimal": ("0", "1.5"),
    "anyURI": ("http://127.0.0.1:9/", "urn:x"),
    "language": ("en-US",),
    "anyType": ("x",),
}  # fmt: skip


#: For simple types that have a pattern.
_SHAPED = (
    "0x3FDF",
    "0x1000",
    "00062003-0000-0000-C000-000000000046",
    "00020329-0000-0000-C000-000000000046",
    "1",
)


_KEPT = ("SyncState", "SubscriptionId", "Watermark", "Data")
#: Ids that are those of other elements.
_SAME = {
    ("ReferenceItemId", "Id"): ("ItemId", "Id"),
    ("ParentItemId", "Id"): ("ItemId", "Id"),
    ("RecurringMasterItemIdRanges", "Id"): ("ItemId", "Id"),
    ("OccurrenceItemId", "RecurringMasterId"): ("ItemId", "Id"),
    ("RecurringMasterItemId", "OccurrenceId"): ("ItemId", "Id"),
    ("PersonaId", "Id"): ("ItemId", "Id"),
}
_FRESH = 40  # of the ids that were given so many of the latest are used: older ones are often gone


@dataclass
class Known:
    """What the server gave so far: ids that hit something."""

    attributes: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    pairs: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def learn(self, answer: etree._Element) -> None:
        for element in answer.iter():
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if name.endswith("Id") and element.get("Id"):
                self.pairs[name].append((element.get("Id", ""), element.get("ChangeKey", "")))
                for attribute in ("Id", "ChangeKey"):
                    self.attributes[name, attribute].append(element.get(attribute, ""))
            elif name in _KEPT and element.text and not _is_refused(element):
                self.texts[name].append(element.text)


def _is_refused(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and etree.QName(parent).localname == "ErrorSubscriptionIds"


class Schema:
    """The published schemas, read to make what they allow."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.known = Known()
        self.check = etree.XMLSchema(etree.parse(folder / "messages.xsd"))
        self._named: dict[tuple[str, str, str], etree._Element] = {}
        self._prefix: dict[int, str] = {}
        for prefix, file in (("m", "messages.xsd"), ("t", "types.xsd")):
            root = etree.parse(folder / file).getroot()
            for node in root:
                if isinstance(node.tag, str) and node.get("name"):
                    self._named[etree.QName(node).localname, prefix, node.get("name", "")] = node
            for node in root.iter():
                self._prefix[id(node)] = prefix
        self._keep = list(self._named.values())  # ids stay theirs

    @cached_property
    def _substitutes(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        found = defaultdict(list)
        for (kind, prefix, name), node in self._named.items():
            if kind == "element" and node.get("substitutionGroup"):
                found[self._split(node.get("substitutionGroup", ""), prefix)].append((prefix, name))
        return dict(found)

    def request(self, operation: str) -> etree._Element:
        """A request for an operation, such as ``GetFolder``."""
        made = self._element(self._named["element", "m", operation], "m", 0)
        give_sense(self.random, made, {name: ids[-_FRESH:] for name, ids in self.known.pairs.items()})
        return made

    def broken(self, request: etree._Element) -> bytes:
        """The request with something wrong with it."""
        elements = list(request.iter())
        for _ in range(self.random.randint(1, 3)):
            element = self.random.choice(elements)
            parent = element.getparent()
            what = self.random.randrange(6)
            if what == 0 and parent is not None:
                parent.remove(element)
            elif what == 1:
                element.text = self.random.choice((*_TEXTS, "99999999999999999999"))
            elif what == 2 and element.attrib:
                element.set(self.random.choice(list(element.attrib)), self.random.choice(("", "x", "-1")))
            elif what == 3:
                element.tag = self.random.choice(elements).tag
            elif what == 4 and parent is not None:
                parent.insert(0, element)
            else:
                element.set("Nonsense", "x")
        return etree.tostring(request)

    def operations(self, known: Iterable[str]) -> list[str]:
        """Those of a server's operations for which the schemas have a request."""
        return sorted(name for name in known if ("element", "m", name) in self._named)

    # --- making -----------------------------------------------------------------------------------------

    def _element(self, node: etree._Element, prefix: str, depth: int) -> etree._Element:
        if node.get("ref"):
            where, name = self._split(node.get("ref", ""), prefix)
            return self._element(self._named["element", where, name], where, depth)
        name = node.get("name", "")
        if node.get("abstract") == "true" or self._has_abstract_type(node, prefix):
            where, name = self.random.choice(self._substitutes[prefix, name])
            return self._element(self._named["element", where, name], where, depth)
        made = etree.Element(f"{{{SPACES[prefix]}}}{name}", nsmap={"m": SPACES["m"], "t": SPACES["t"]})
        inner = next((one for one in node if one.tag in (f"{XS}complexType", f"{XS}simpleType")), None)
        if inner is not None:
            self._fill(made, inner, prefix, depth)
        elif node.get("type"):
            self._typed(made, *self._split(node.get("type", ""), prefix), depth)
        learnt = self.known.texts.get(name)
        if learnt and self.random.random() < 0.8:
            made.text = self.random.choice(learnt[-_FRESH:])
        return made

    def _has_abstract_type(self, node: etree._Element, prefix: str) -> bool:
        kind = self._named.get(("complexType", *self._split(node.get("type", ""), prefix)))
        return kind is not None and kind.get("abstract") == "true" and node.get("name") == "SearchExpression"

    def _typed(self, made: etree._Element, prefix: str, name: str, depth: int) -> None:
        if prefix == "xs":
            made.text = self._plain(name)
            return
        node = self._named.get(("complexType", prefix, name))
        if node is None:
            made.text = self._simple(self._named["simpleType", prefix, name], prefix)
        else:
            self._fill(made, node, prefix, depth)

    def _fill(self, made: etree._Element, node: etree._Element, prefix: str, depth: int) -> None:
        """Attributes and content by a complex type, or by a part of one."""
        if node.tag == f"{XS}simpleType":
            made.text = self._simple(node, prefix)
            return
        for part in node:
            kind = part.tag.rpartition("}")[2] if isinstance(part.tag, str) else ""
            if kind in ("complexContent", "simpleContent"):
                self._fill(made, part, prefix, depth)
            elif kind == "extension" or (kind == "restriction" and not self._is_complex(part, prefix)):
                self._typed(made, *self._split(part.get("base", ""), prefix), depth)
                self._fill(made, part, prefix, depth)
            elif kind == "restriction":  # says anew what it may hold
                self._fill(made, part, prefix, depth)
            elif kind == "attribute":
                self._attribute(made, part, prefix)
            elif kind in ("sequence", "choice", "all", "group"):
                self._content(made, part, prefix, depth)

    def _is_complex(self, part: etree._Element, prefix: str) -> bool:
        where, name = self._split(part.get("base", ""), prefix)
        return ("complexType", where, name) in self._named

    def _content(self, made: etree._Element, part: etree._Element, prefix: str, depth: int) -> None:
        for _ in range(self._times(part, depth)):
            nodes = [one for one in part if isinstance(one.tag, str) and one.tag != f"{XS}annotation"]
            if part.tag == f"{XS}choice":
                nodes = [self.random.choice(nodes)] if nodes else []
            elif part.tag == f"{XS}group":
                where, name = self._split(part.get("ref", ""), prefix)
                self._content(made, self._named["group", where, name][0], where, depth)
                continue
            for node in nodes:
                if node.tag == f"{XS}element":
                    is_chosen = part.tag == f"{XS}choice"
                    for _ in range(max(self._times(node, depth), int(is_chosen))):
                        made.append(self._element(node, prefix, depth + 1))
                elif node.tag != f"{XS}any":
                    self._content(made, node, prefix, depth)

    def _times(self, node: etree._Element, depth: int) -> int:
        least, most = int(node.get("minOccurs", "1")), node.get("maxOccurs", "1")
        limit = max(least, 1) if depth < _DEEP else least
        if most != "1" and depth < _DEEP:
            limit += self.random.randrange(2)
        chance = 0.75 if depth < 2 or node.get("name") in _WANTED else 0.12
        return least if least == limit or self.random.random() > chance else limit

    def _attribute(self, made: etree._Element, node: etree._Element, prefix: str) -> None:
        name = node.get("name", "")
        if (
            not name
            or node.get("use") == "prohibited"
            or (node.get("use") != "required" and self.random.random() < 0.4)
        ):
            return
        element = etree.QName(made).localname
        learnt = self.known.attributes.get(_SAME.get((element, name), (element, name)))
        if learnt and self.random.random() < 0.8:
            made.set(name, self.random.choice(learnt[-_FRESH:]))
            return
        inner = node.find(f"{XS}simpleType")
        if inner is not None:
            made.set(name, self._simple(inner, prefix))
            return
        made.set(name, self._value(node.get("type", "xs:string"), prefix))

    def _simple(self, node: etree._Element, prefix: str) -> str:
        for part in node:
            kind = part.tag.rpartition("}")[2] if isinstance(part.tag, str) else ""
            if kind == "restriction":
                return self._restricted(part, prefix)
            if kind == "list":
                inner = part.find(f"{XS}simpleType")
                if inner is not None:
                    return self._simple(inner, prefix)
                return self._value(part.get("itemType", ""), prefix)
            if kind == "union":
                inner = part.find(f"{XS}simpleType")
                return (
                    self._simple(inner, prefix)
                    if inner is not None
                    else self._value(part.get("memberTypes", ""), prefix)
                )
        return "x"

    def _restricted(self, part: etree._Element, prefix: str) -> str:
        values = [one.get("value", "") for one in part.findall(f"{XS}enumeration")]
        if values:
            return self.random.choice(values)
        pattern = part.find(f"{XS}pattern")
        if pattern is not None:
            shape = pattern.get("value", "")
            return self.random.choice([one for one in _SHAPED if re.fullmatch(shape, one)] or ["1"])
        least = part.find(f"{XS}minInclusive")
        if least is not None:
            return least.get("value", "0")
        if part.find(f"{XS}minLength") is not None:
            return "Hello"
        return self._value(part.get("base", "xs:string"), prefix)

    def _value(self, kind: str, prefix: str) -> str:
        """A value of a simple type by its qualified name."""
        where, name = self._split(kind, prefix)
        return (
            self._plain(name)
            if where == "xs"
            else self._simple(self._named["simpleType", where, name], where)
        )

    def _plain(self, name: str) -> str:
        return self.random.choice(_PLAIN[name])

    def _split(self, name: str, prefix: str) -> tuple[str, str]:
        """A qualified name of a schema file; ``tns`` is the file's own namespace."""
        space, _, local = name.rpartition(":")
        return {"tns": prefix, "": prefix}.get(space, space), local
