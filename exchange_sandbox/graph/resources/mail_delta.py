"""``messages/delta`` and ``mailFolders/delta``: what changed in a folder, and among the folders."""

from __future__ import annotations

from typing import Any

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import ids as ews_ids
from exchange_sandbox.ews.ids import TreeState
from exchange_sandbox.graph import delta, ids, mail
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.delta import Kind
from exchange_sandbox.graph.errors import GraphError
from exchange_sandbox.graph.reply import Reply, ok
from exchange_sandbox.graph.resources.mail_folders import SHAPE as FOLDER_SHAPE
from exchange_sandbox.graph.resources.mail_folders import is_mail
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import View
from exchange_sandbox.store import folders
from exchange_sandbox.store.database import last_change
from exchange_sandbox.store.schema import HIDDEN, Key

_MESSAGES = Kind(mail.SHAPE, lambda item: Key.IS_READ in item.bag, mail.MEMBERS, delta.gone_item)


def _messages(call: Call) -> Reply:
    with call.store.read() as db:
        folder = call.folder(db, call.params["folder"])
    return ok(delta.answer(call, _MESSAGES, folder, f"{call.root}/$metadata#Collection(message)"))


def _folders(call: Call) -> Reply:
    """All folders of mail on the first call, then those that were made, changed or deleted since."""
    text = call.query.deltatoken or call.query.skiptoken
    FOLDER_SHAPE.check(call.query)
    with call.store.read() as db:
        top = folders.distinguished(db, call.user.id, "msgfolderroot")
        state = _state(call, top.id, text)
        hidden_too = call.query.others.get("includehiddenfolders", "").lower() == "true"
        there = [
            one
            for one in folders.below(db, top.id, deep=True)
            if is_mail(one) and (hidden_too or not one.bag.get(HIDDEN))
        ]
        view = View(db, call, call.query)
        known = {one.id for one in there}
        value: list[dict[str, Any]] = [
            FOLDER_SHAPE.write(view, one)
            for one in there
            if one.id not in state.known or one.change > state.changed
        ]
        value += [
            {"id": call.folder_id(number), "@removed": {"reason": "deleted"}}
            for number in sorted(state.known - known)
        ]
        after = TreeState(top.id, last_change(db), frozenset(known))
        token = ids.to_rest(ews_ids.encode_tree(call.store.guid, after)).rstrip("=")
        link = f"{call.request.origin}{call.request.path}?$deltatoken={token}"
        return ok(
            {
                "@odata.context": f"{call.root}/$metadata#Collection(mailFolder)",
                "value": value,
                "@odata.deltaLink": link,
            }
        )


def _state(call: Call, top: int, text: str) -> TreeState:
    if not text:
        return TreeState(top, 0, frozenset())
    try:
        return ews_ids.decode_tree(call.store.guid, top, ids.to_ews(text) + "=" * (-len(text) % 4))
    except Refused as error:
        raise GraphError(410, "SyncStateNotFound", "The sync state generation is not found.") from error


ROUTES = (
    Route("GET", "mailFolders/{folder}/messages/delta", "messages.delta", _messages, "Mail"),
    Route("GET", "mailFolders/delta", "mailFolders.delta", _folders, "Mail"),
)
