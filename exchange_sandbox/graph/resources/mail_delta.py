"""``messages/delta`` and ``mailFolders/delta``: what changed in a folder, and among the folders."""

from __future__ import annotations

from exchange_sandbox.graph import delta, mail
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.delta import Kind
from exchange_sandbox.graph.reply import Reply, ok
from exchange_sandbox.graph.resources.mail_folders import SHAPE as FOLDER_SHAPE
from exchange_sandbox.graph.resources.mail_folders import is_mail
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import View
from exchange_sandbox.graph.tree_delta import tree_delta
from exchange_sandbox.store import folders
from exchange_sandbox.store.schema import HIDDEN, Key

_MESSAGES = Kind(mail.SHAPE, lambda item: Key.IS_READ in item.bag, mail.MEMBERS, delta.gone_item)


def _messages(call: Call) -> Reply:
    with call.store.read() as db:
        folder = call.folder(db, call.params["folder"])
    return ok(delta.answer(call, _MESSAGES, folder, f"{call.root}/$metadata#Collection(message)"))


def _folders(call: Call) -> Reply:
    """All folders of mail on the first call, then those that were made, changed or deleted since."""
    FOLDER_SHAPE.check(call.query)
    with call.store.read() as db:
        top = folders.distinguished(db, call.user.id, "msgfolderroot")
        hidden_too = call.query.others.get("includehiddenfolders", "").lower() == "true"
        there = [
            one
            for one in folders.below(db, top.id, deep=True)
            if is_mail(one) and (hidden_too or not one.bag.get(HIDDEN))
        ]
        view = View(db, call, call.query)
        context = f"{call.root}/$metadata#Collection(mailFolder)"
        return ok(tree_delta(view, FOLDER_SHAPE, top.id, there, context))


ROUTES = (
    Route("GET", "mailFolders/{folder}/messages/delta", "messages.delta", _messages, "Mail"),
    Route("GET", "mailFolders/delta", "mailFolders.delta", _folders, "Mail"),
)
