"""``extensions``: open extensions, which are named and have members of a client's own.

They are kept in the bag of the item (or of the folder) that they belong to, under one property.
"""

from __future__ import annotations

import json
from typing import Any

from exchange_sandbox.graph.errors import GraphError, bad_body
from exchange_sandbox.graph.shape import Navigation, View, dict_of, inner, list_of, text_of
from exchange_sandbox.store.schema import own

NAME = "extensions"
#: The named property that holds them: JSON, by their names.
KEY = own("OpenExtensions")
_PREFIX = "microsoft.graph.openTypeExtension."
_TYPE = "#microsoft.graph.openTypeExtension"
_LARGEST = 64_000  # characters


def all_of(bag: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The extensions in a bag, by their names."""
    found: dict[str, dict[str, Any]] = json.loads(bag.get(KEY, "{}"))
    return found


def shown(name: str, members: dict[str, Any]) -> dict[str, Any]:
    """An extension as JSON."""
    return {"@odata.type": _TYPE, "id": f"{_PREFIX}{name}", "extensionName": name, **members}


def plain_name(name: str) -> str:
    """An extension's name out of its id, or the name itself."""
    for prefix in (_PREFIX, "Microsoft.OutlookServices.OpenTypeExtension."):
        if name.lower().startswith(prefix.lower()):
            return name[len(prefix) :]
    return name


def parse(value: Any) -> tuple[str, dict[str, Any]]:
    """A client's extension: its name and its members; raises GraphError."""
    found = dict_of(value, NAME)
    kind = str(found.get("@odata.type", "")).lstrip("#").lower()
    if kind != "microsoft.graph.opentypeextension":
        raise bad_body("An extension needs the @odata.type microsoft.graph.openTypeExtension.")
    name = text_of(inner(found, "extensionName"), "extensionName")
    if not name or len(name) > 200:
        raise bad_body("An extension needs a name of at most 200 characters.")
    members = {
        key: one
        for key, one in found.items()
        if "@" not in key and key.lower() not in ("id", "extensionname")
    }
    return name, members


def put(bag: dict[str, Any], name: str, members: dict[str, Any] | None) -> None:
    """Keep an extension, or (None) take it away; raises GraphError for one that is too large."""
    found = all_of(bag)
    known = find(found, name)
    if known is not None:
        del found[known]
    if members is not None:
        found[known or name] = members
    text = json.dumps(found)
    if len(text) > _LARGEST:
        raise GraphError(413, "ErrorMessageSizeExceeded", "The extensions are too large.")
    if found:
        bag[KEY] = text
    else:
        bag.pop(KEY, None)


def find(found: dict[str, Any], name: str) -> str | None:
    """The name of an extension as it is kept, whatever its case."""
    return next((one for one in found if one.lower() == name.lower()), None)


def set_of_item(change: Any, value: Any) -> None:
    """Keep the extensions that a client gives with an item."""
    given = [parse(one) for one in list_of(value, NAME)]
    if change.item.cls.startswith("IPM.Task") and change.call.quirks.graph_task_memory_ignored:
        return
    for name, members in given:
        put(change.item.bag, name, members)


def of_item() -> Navigation:
    """The expansion: all extensions, or those that a filter names."""

    def read(view: View, thing: Any) -> list[dict[str, Any]] | None:
        from exchange_sandbox.graph.extended import ids_in

        wanted = [plain_name(one).lower() for one in ids_in(view.query.filter)]
        found = all_of(thing.bag)
        return [
            shown(name, members) for name, members in found.items() if not wanted or name.lower() in wanted
        ]

    def seen(view: View, thing: Any) -> list[dict[str, Any]]:
        """A filter may name an extension by its id or by its name alone."""
        found = all_of(thing.bag).items()
        return [{**shown(name, one), "id": key} for name, one in found for key in (name, f"{_PREFIX}{name}")]

    return Navigation(NAME, read, seen)
