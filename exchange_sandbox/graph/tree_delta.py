"""``delta`` of folders: which were made, changed or deleted since a token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import ids as ews_ids
from exchange_sandbox.ews.ids import TreeState
from exchange_sandbox.graph import ids
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.errors import GraphError
from exchange_sandbox.graph.shape import Shape, View
from exchange_sandbox.store.database import last_change
from exchange_sandbox.store.folders import Folder


def tree_delta(view: View, shape: Shape, top: int, there: Sequence[Folder], context: str) -> dict[str, Any]:
    """All folders that are there on the first call, then what became of them; raises GraphError (410)."""
    call = view.call
    state = _state(call, top, call.query.deltatoken or call.query.skiptoken)
    known = {one.id for one in there}
    value: list[dict[str, Any]] = [
        shape.write(view, one) for one in there if one.id not in state.known or one.change > state.changed
    ]
    value += [
        {"id": call.folder_id(number), "@removed": {"reason": "deleted"}}
        for number in sorted(state.known - known)
    ]
    after = TreeState(top, last_change(view.db), frozenset(known))
    token = ids.to_rest(ews_ids.encode_tree(call.store.guid, after)).rstrip("=")
    link = f"{call.request.origin}{call.request.path}?$deltatoken={token}"
    return {"@odata.context": context, "value": value, "@odata.deltaLink": link}


def _state(call: Call, top: int, text: str) -> TreeState:
    if not text or text.lower() == "latest":
        return TreeState(top, 0, frozenset())
    try:
        return ews_ids.decode_tree(call.store.guid, top, ids.to_ews(text) + "=" * (-len(text) % 4))
    except Refused as error:
        raise GraphError(410, "SyncStateNotFound", "The sync state generation is not found.") from error
