"""Mail that is sent: a draft's ``send``, ``sendMail`` in one step, replies, forwards, and drafts of them."""

from __future__ import annotations

import sqlite3
from typing import Any

from exchange_sandbox.ews import replies
from exchange_sandbox.graph import extended, opened
from exchange_sandbox.graph.call import Call
from exchange_sandbox.graph.changing import Change
from exchange_sandbox.graph.errors import GraphError, bad_request
from exchange_sandbox.graph.mail import SHAPE
from exchange_sandbox.graph.reply import ACCEPTED, Reply, created
from exchange_sandbox.graph.resources.messages import (
    PLACES,
    entity,
    is_mime,
    message,
    new_draft,
    parsed_mime,
    save,
)
from exchange_sandbox.graph.routing import Route
from exchange_sandbox.graph.shape import inner
from exchange_sandbox.graph.values import parsed_recipients
from exchange_sandbox.mime import bodies, edit, export
from exchange_sandbox.store import folders, items
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import BodyType, Key, own
from exchange_sandbox.transport import outbox
from exchange_sandbox.transport.transport import answered, is_sendable

_KINDS = {"Reply": "ReplyToItem", "ReplyAll": "ReplyAllToItem", "Forward": "ForwardItem"}
#: On a draft of createReply and the like: which kind of answer it is, and to which item.
_ANSWERS = own("AnswerOf")
#: What sendMail and the replies in one step were seen to leave out.
_LEFT_OUT = (extended.NAME, opened.NAME)


def _send(call: Call) -> Reply:
    with call.store.write() as db:
        draft = message(call, db)
        if not is_sendable(draft) or not draft.bag.get(Key.IS_DRAFT):
            raise bad_request("Only a draft can be sent.", "ErrorInvalidOperation")
        sent = Item(draft.mailbox, 0, dict(draft.bag), streams=items.streams(db, draft))
        mark = sent.bag.pop(_ANSWERS, None)
        call.transport(db).submit(call.sender, sent)
        if call.quirks.graph_copies_lose_marks:
            sent.bag = {key: value for key, value in sent.bag.items() if "/name/" not in key}
        kept = items.origin(draft) if call.quirks.graph_keeps_draft_id else None
        items.delete(db, draft, call.now)
        _keep(call, db, sent, kept)
        if mark:
            _mark(call, db, sent, mark)
    return ACCEPTED


def _keep(call: Call, db: sqlite3.Connection, sent: Item, origin: int | None = None) -> None:
    """Put the sender's copy among the sent items."""
    folder = folders.distinguished(db, call.user.id, "sentitems")
    outbox.keep_copy(db, sent, folder, call.now, call.hook.keeps_copy(), origin=origin)


def _mark(call: Call, db: sqlite3.Connection, sent: Item, kind: str) -> None:
    """Remember on the mail that was answered that it was."""
    original = answered(db, sent)
    if original is not None:
        replies.mark(db, _request(kind), original, call.now)


def _request(kind: str, values: dict[str, Any] | None = None) -> replies.Request:
    return replies.Request(_KINDS[kind], values or {})


def _send_mail(call: Call) -> Reply:
    keep = True
    with call.store.write() as db:
        if is_mime(call):
            item = Item(call.user.id, 0, {Key.ITEM_CLASS: "IPM.Note", Key.IS_READ: True, Key.IS_DRAFT: True})
            edit.become(db, item, parsed_mime(call), creating=True)
            item.bag |= {Key.IS_READ: True, Key.IS_DRAFT: True}
        else:
            value = call.required("message", dict)
            saved = call.optional("saveToSentItems", bool)
            keep = saved is not False
            item = new_draft(call, db, {key: one for key, one in value.items() if not _is_left_out(key)})
        outbox.prepare(db, item, call.sender, call.now)
        call.transport(db).submit(call.sender, item)
        if keep:
            _keep(call, db, item)
    return ACCEPTED


def _is_left_out(name: str) -> bool:
    return name.lower() in {one.lower() for one in _LEFT_OUT}


def _answer_draft(call: Call, db: sqlite3.Connection, kind: str) -> Item:
    """The draft that answers a message, with what the body says of it."""
    original = message(call, db)
    item = replies.build(
        db, _request(kind, {"NewBodyContent": _comment(call, original)}), original, call.user, call.now
    )
    item.bag[Key.IS_READ] = True
    value = call.optional("message", dict) or {}
    if call.optional("comment", str) and inner(value, "body") is not None:
        raise bad_request("Give a comment or a body, and not both.", "ErrorInvalidParameter")
    change = Change(db, call, item, creating=True)
    in_one_step = not call.route.startswith("messages.create")
    SHAPE.put(change, {key: one for key, one in value.items() if not (in_one_step and _is_left_out(key))})
    to = call.optional("toRecipients", list)
    if to is not None:
        item.bag[Key.TO] = parsed_recipients(to, "toRecipients")
    item.bag[Key.MODIFIED_BY] = call.user.name
    return item


def _comment(call: Call, original: Item) -> dict[str, str]:
    """The comment, in the type of the mail that it stands above."""
    text = call.optional("comment", str) or ""
    kind = original.bag.get(Key.BODY_TYPE, BodyType.TEXT)
    return (
        bodies.converted({"type": BodyType.TEXT, "text": text}, kind) if text else {"type": kind, "text": ""}
    )


def _create_answer(kind: str) -> Any:
    def handler(call: Call) -> Reply:
        with call.store.write() as db:
            item = _from_mime(call, db, kind) if is_mime(call) else _answer_draft(call, db, kind)
            item.bag[_ANSWERS] = kind
            save(call, db, item, folders.distinguished(db, call.user.id, "drafts"))
            return created(entity(call, db, item))

    return handler


def _from_mime(call: Call, db: sqlite3.Connection, kind: str) -> Item:
    """An answer whose text is a mail: who it goes to and what it answers follow from the message."""
    built = replies.build(db, _request(kind), message(call, db), call.user, call.now)
    item = new_draft(call, db)
    for key in (Key.IN_REPLY_TO, Key.REFERENCES, Key.CONVERSATION_INDEX, Key.CONVERSATION, Key.TO, Key.CC):
        if not item.bag.get(key) and built.bag.get(key):
            export.make_stale(db, item)
            item.bag[key] = built.bag[key]
    return item


def _answer(kind: str) -> Any:
    def handler(call: Call) -> Reply:
        with call.store.write() as db:
            item = _from_mime(call, db, kind) if is_mime(call) else _answer_draft(call, db, kind)
            if kind == "Forward" and not item.bag.get(Key.TO):
                raise GraphError(400, "ErrorInvalidRecipients", "At least one recipient isn't valid.")
            outbox.prepare(db, item, call.sender, call.now)
            call.transport(db).submit(call.sender, item)
            _keep(call, db, item)
            replies.mark(db, _request(kind), message(call, db), call.now)
        return ACCEPTED

    return handler


def _lower(kind: str) -> str:
    return kind[0].lower() + kind[1:]


ROUTES = (
    Route("POST", "sendMail", "sendMail", _send_mail, "Send"),
    *(Route("POST", f"{place}/{{message}}/send", "messages.send", _send, "Send") for place in PLACES),
    *(
        Route(
            "POST",
            f"{place}/{{message}}/create{kind}",
            f"messages.create{kind}",
            _create_answer(kind),
            "Mail",
        )
        for place in PLACES
        for kind in _KINDS
    ),
    *(
        Route(
            "POST", f"{place}/{{message}}/{_lower(kind)}", f"messages.{_lower(kind)}", _answer(kind), "Send"
        )
        for place in PLACES
        for kind in _KINDS
    ),
)
