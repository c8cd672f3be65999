"""FindPeople."""

from __future__ import annotations

import sqlite3
from datetime import UTC
from typing import Any

from lxml import etree

from exchange_sandbox.ews import paging, people
from exchange_sandbox.ews.call import Call, check_target
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.people import Persona
from exchange_sandbox.ews.properties import extended, kinds
from exchange_sandbox.ews.properties.folder_properties import FolderPath
from exchange_sandbox.ews.restriction import Compiler, Predicate
from exchange_sandbox.ews.xml import (
    NSMAP,
    Element,
    SchemaViolation,
    attributes,
    children,
    listed,
    local,
    sub,
    tag,
    text_of,
)
from exchange_sandbox.store import folders

NAME = "FindPeople"
_PATHS = ("t:FieldURI", "t:IndexedFieldURI", "t:ExtendedFieldURI")
_PARTS = ("m:PersonaShape?", "m:IndexedPageItemView", "m:Restriction?", "m:AggregationRestriction?",
          "m:SortOrder?", "m:ParentFolderId?", "m:QueryString?")  # fmt: skip


def answer(call: Call, request: Element) -> Element:
    """Find people in a folder of contacts or, with the folder ``directory`` or none, among the colleagues."""
    attributes(request, (), ("Traversal",))
    found = children(request, *_PARTS)
    names = _shape(found.get("PersonaShape"))
    view = paging.read(found["IndexedPageItemView"])
    check_target(found.get("ParentFolderId"))
    tests = [
        Compiler(_path, call.zone).read(found[name]).holds
        for name in ("Restriction", "AggregationRestriction")
        if name in found
    ]
    words = text_of(found["QueryString"]).split() if "QueryString" in found else []
    response = etree.Element(tag("m:FindPeopleResponse"), nsmap=NSMAP)
    with call.store.read() as db:
        there = _people(call, db, found.get("ParentFolderId"))
    matching = [one for one in there if one.matches(words) and _all(tests, one)]
    for path, downwards in reversed(_order(found.get("SortOrder"))):
        matching.sort(key=lambda one, path=path: _sort_key(one.value(path.name)), reverse=downwards)  # type: ignore[misc]
    page, about = view.page(matching)
    response.set("ResponseClass", "Success")
    sub(response, "m:ResponseCode", "NoError")
    listing = sub(response, "m:People")
    for one in page:
        people.write(listing, "t:Persona", one, names, kinds.Style(call.quirks.fractional_seconds))
    sub(response, "m:TotalNumberOfPeopleInView", about["TotalItemsInView"])
    sub(response, "m:FirstMatchingRowIndex", "0")
    sub(response, "m:FirstLoadedRowIndex", str(min(view.offset, len(matching))))
    return response


def _people(call: Call, db: sqlite3.Connection, target: Element | None) -> list[Persona]:
    if target is None or target[0].get("Id") == "directory":
        return people.colleagues(call, db)
    folder = call.target(db, target)
    if not (folder.cls or "").startswith("IPF.Contact") and folder.distinguished != "mycontacts":
        raise EwsError("ErrorInvalidOperation", "People are found in folders of contacts alone.")
    if folder.distinguished == "mycontacts":
        folder = folders.distinguished(db, call.user.id, "contacts")
    return people.contacts(call, db, folder.id)


def _shape(element: Element | None) -> frozenset[str]:
    """The properties that are asked for; those of others than personas have none to give."""
    if element is None:
        return people.DEFAULT
    found = children(element, "t:BaseShape", "t:AdditionalProperties?")
    base = kinds.Choice(("IdOnly", "Default", "AllProperties")).parse(found["BaseShape"], UTC)
    names = {"IdOnly": frozenset(("PersonaId",)), "Default": people.DEFAULT}.get(
        base, frozenset(people.NAMES)
    )
    if "AdditionalProperties" in found:
        names |= {_path(one).name for one in listed(found["AdditionalProperties"], *_PATHS)}
    return names


def _path(element: Element) -> FolderPath:
    """A property of personas, or that of contacts by the same name, which clients write as well; raises
    SchemaViolation, and ErrorInvalidPropertyRequest for another."""
    if local(element) == "ExtendedFieldURI":
        one = extended.parse_field(element)
        return FolderPath(one.key)
    if local(element) == "IndexedFieldURI":
        raise EwsError("ErrorInvalidPropertyRequest")
    group, _, name = attributes(element, ("FieldURI",))["FieldURI"].partition(":")
    if group not in ("persona", "contacts"):
        raise EwsError("ErrorInvalidPropertyRequest")
    if not name.isalnum():
        raise SchemaViolation("The 'FieldURI' attribute is invalid.", element)
    return FolderPath(name)


def _all(tests: list[Predicate], one: Persona) -> bool:
    def value(path: Any) -> Any:
        return one.value(path.name)

    return all(test(value) for test in tests)


def _order(element: Element | None) -> list[tuple[FolderPath, bool]]:
    found = []
    for field in listed(element, "t:FieldOrder") if element is not None else ():
        order = attributes(field, ("Order",), (), {"Order": ("Ascending", "Descending")})["Order"]
        found.append((_path(next(iter(children(field, "|".join(_PATHS)).values()))), order == "Descending"))
    return found


def _sort_key(value: Any) -> str:
    return str(value[0] if isinstance(value, list) and value else value or "").casefold()
