"""What the other kind of backend left: how it spells ids, and what its sync state tells of folders. Pure.

Graph's ids are those of EWS, spelled so that they may stand in a URL (Office.js, convertToRestId); its
immutable ids are others.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ackd.mailbox.sync_keys import SyncKey

_TO_REST, _TO_EWS = str.maketrans("/+", "-_"), str.maketrans("-_", "/+")


def to_rest(ews_id: str) -> str:
    """An id of EWS as Graph has it."""
    return ews_id.translate(_TO_REST)


def to_ews(rest_id: str) -> str:
    """An id of Graph's as EWS has it."""
    return rest_id.translate(_TO_EWS)


def is_of_graph(stored: dict[str, Any]) -> bool:
    """Whether a sync state is Graph's."""
    return SyncKey.GRAPH in stored


def folders_in(sync_state: str, spelled: Callable[[str], str]) -> dict[str, str]:
    """The ids of watched folders in a sync state of the other kind, by their keys, spelled anew: a folder
    that was renamed is followed on."""
    stored = json.loads(sync_state)
    found = {key: one.get("folder") for key, one in stored.items() if isinstance(one, dict)}
    return {key: spelled(own_id) for key, own_id in found.items() if isinstance(own_id, str) and own_id}
