"""CreateItem."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from exchange_sandbox.ews import replies
from exchange_sandbox.ews.calendar import forwarding, meetings, responses
from exchange_sandbox.ews.call import Call, box, check_id, check_target
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import setting
from exchange_sandbox.ews.properties.prop import Reader
from exchange_sandbox.ews.properties.setting import Setting, check_item
from exchange_sandbox.ews.properties.shape import Shape
from exchange_sandbox.ews.properties.types import BY_ELEMENT, ITEM_ELEMENTS, ItemType
from exchange_sandbox.ews.xml import Element, attributes, children, listed, local, sub, tag
from exchange_sandbox.store import folders, items
from exchange_sandbox.store.folders import Folder
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key
from exchange_sandbox.transport import outbox, receipts
from exchange_sandbox.transport.transport import thread

NAME = "CreateItem"
DISPOSITIONS = ("SaveOnly", "SendOnly", "SendAndSaveCopy")
_INVITATIONS = ("SendToNone", "SendOnlyToAll", "SendToAllAndSaveCopy")
_OTHER_RESPONSES = ("AcceptSharingInvitation",)
_SUPPRESS = "SuppressReadReceipt"
_MEETINGS = ("MeetingMessage", "MeetingRequest", "MeetingResponse", "MeetingCancellation")


@dataclass(frozen=True, slots=True)
class _Creation:
    """What is to be done with each item of the request."""

    disposition: str | None
    invitations: str | None
    target: Element | None


def answer(call: Call, request: Element) -> Element:
    """Create items: save them, send them, or both."""
    values = attributes(
        request,
        (),
        ("MessageDisposition", "SendMeetingInvitations"),
        {"MessageDisposition": DISPOSITIONS, "SendMeetingInvitations": _INVITATIONS},
    )
    found = children(request, "m:SavedItemFolderId?", "m:Items")
    check_target(found.get("SavedItemFolderId"))
    creation = _Creation(
        values.get("MessageDisposition"), values.get("SendMeetingInvitations"), found.get("SavedItemFolderId")
    )

    def one(element: Element) -> Sequence[Element]:
        with call.store.write() as db:
            created = box("m:Items")
            for saved in _created(call, db, creation, element):
                reader = call.reader(db)
                Shape("IdOnly").write(created, saved, reader)
                _write_attachment_ids(created[-1], saved, reader)
            return [created]

    def check(element: Element) -> None:
        if local(element) in replies.ANSWERS:
            replies.parse(element, local(element))
        elif local(element) in responses.NAMES:
            responses.parse(call, element)
        elif local(element) == _SUPPRESS:
            check_id(replies.reference(element))
        elif local(element) in BY_ELEMENT:
            check_item(BY_ELEMENT[local(element)], element, call.zone)

    names = (*replies.ANSWERS, *responses.NAMES, _SUPPRESS, *_OTHER_RESPONSES)
    answers = tuple(f"t:{name}" for name in names)
    return call.each(
        listed(found["Items"], *ITEM_ELEMENTS, *answers), one, empty={"m:Items": None}, check=check
    )


def _write_attachment_ids(written: Element, item: Item, reader: Reader) -> None:
    attached = item.bag.get(Key.ATTACHMENTS, ())
    if not attached:
        return
    listing = sub(written, "t:Attachments")
    for about in attached:
        one = sub(listing, "t:ItemAttachment" if about["kind"] == "item" else "t:FileAttachment")
        sub(one, "t:AttachmentId", Id=reader.attachment_id(item.mailbox, (item.id, about["part"])))


def _created(call: Call, db: sqlite3.Connection, creation: _Creation, element: Element) -> list[Item]:
    """Do what one element asks for; the items that came of it."""
    if local(element) in responses.NAMES:
        target = call.target(db, creation.target).id if creation.target is not None else None
        return responses.perform(call, db, responses.parse(call, element), creation.disposition, target)
    item = _create(call, db, creation, element)
    return [] if item is None else [item]


def _create(call: Call, db: sqlite3.Connection, creation: _Creation, element: Element) -> Item | None:
    """Create one item; the item if it was saved only: what is sent is not told its id."""
    name = local(element)
    if name in replies.ANSWERS:
        return _reply(call, db, creation, replies.parse(element, name))
    if name == _SUPPRESS:
        original, _ = call.item(db, replies.reference(element))
        receipts.suppress(db, original, call.now)
        return None
    if name in _OTHER_RESPONSES or name in _MEETINGS:
        raise EwsError("ErrorInvalidRequest", f"{name} is not supported by this sandbox.")
    kind = BY_ELEMENT[name]
    if call.quirks.message_id_refused and element.find(tag("t:InternetMessageId")) is not None:
        raise EwsError("ErrorInvalidPropertySet", path="message:InternetMessageId")
    item = new_item(call, db, kind, element)
    if kind.element == "Message":
        return _file_message(call, db, creation, item)
    if kind.element == "CalendarItem" and creation.invitations is None:
        raise EwsError("ErrorSendMeetingInvitationsRequired")
    if kind.element == "PostItem":
        outbox.prepare(db, item, call.person, call.now)
    item.folder = _folder_for(call, db, creation, kind).id
    if kind.element == "CalendarItem" and creation.invitations is not None:
        meetings.organize(call, item, creation.invitations)
        saved = _saved(call, db, item)
        meetings.invite(call, db, saved, creation.invitations)
        return saved
    return _saved(call, db, item)


def new_item(call: Call, db: sqlite3.Connection, kind: ItemType, element: Element) -> Item:
    """The item that an element describes, not yet in a folder."""
    item = setting.new_item(kind, call.user.id)
    item.bag[Key.MODIFIED_BY] = call.user.name
    creation = Setting(db, item, kind, call.zone, call.now, creating=True, quirks=call.quirks)
    creation.create_from(element)
    creation.settle()
    return item


def _folder_for(call: Call, db: sqlite3.Connection, creation: _Creation, kind: ItemType) -> Folder:
    if creation.target is None:
        return folders.distinguished(db, call.user.id, kind.folder)
    folder = call.target(db, creation.target)
    if kind.in_folder and not (folder.cls or "").startswith(kind.in_folder):
        raise EwsError(kind.wrong_folder)
    return folder


def _reply(call: Call, db: sqlite3.Connection, creation: _Creation, request: replies.Request) -> Item | None:
    assert request.reference is not None
    original, _ = call.item(db, request.reference)
    if forwarding.is_ours(request.kind, original):
        item = forwarding.answer(call, db, request, original)
    else:
        item = replies.build(db, request, original, call.user, call.now)
    if request.kind == "PostReplyItem":
        outbox.prepare(db, item, call.person, call.now)
        item.folder = call.target(db, creation.target).id if creation.target is not None else original.folder
        return _saved(call, db, item)
    saved = _file_message(call, db, creation, item)
    if creation.disposition != "SaveOnly" and Key.IS_READ in original.bag:
        replies.mark(db, request, original, call.now)
    return saved


def _file_message(call: Call, db: sqlite3.Connection, creation: _Creation, item: Item) -> Item | None:
    if creation.disposition is None:
        raise EwsError("ErrorMessageDispositionRequired")
    outbox.prepare(db, item, call.person, call.now)
    if creation.disposition == "SaveOnly":
        item.folder = _folder_for(call, db, creation, BY_ELEMENT["Message"]).id
        return _saved(call, db, item)
    folder = None
    if creation.disposition == "SendAndSaveCopy":
        sent_items = folders.distinguished(db, call.user.id, "sentitems")
        folder = sent_items if creation.target is None else call.target(db, creation.target)
    if call.quirks.unknown_recipient_breaks_batch and not outbox.knows_recipients(db, item):
        call.hook.break_off()
    call.transport(db).submit(call.person, item)
    if folder is not None:
        outbox.keep_copy(db, item, folder, call.now, call.hook.keeps_copy())
    return None


def _saved(call: Call, db: sqlite3.Connection, item: Item) -> Item:
    if Key.IS_READ in item.bag:
        thread(db, item)
    items.insert(db, item, call.now)
    if call.hook.loses_draft():
        items.delete(db, item, call.now)
    return item
