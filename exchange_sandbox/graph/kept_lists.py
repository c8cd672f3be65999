"""Small lists that belong to an item and nobody else sees: a task's linked resources, its steps.

They are JSON in a named property of the bag, each entry a dict with an ``id``.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from exchange_sandbox.store.schema import own

LINKED, STEPS = own("LinkedResources"), own("ChecklistItems")
MOST = 100


def read(bag: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The entries."""
    found: list[dict[str, Any]] = json.loads(bag.get(key, "[]"))
    return found


def write(bag: dict[str, Any], key: str, entries: list[dict[str, Any]]) -> None:
    """Keep these in place of those that were there."""
    if entries:
        bag[key] = json.dumps(entries)
    else:
        bag.pop(key, None)


def new_id() -> str:
    """An entry's id."""
    return str(uuid.uuid4())
