"""Properties that every item has, in schema order."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from exchange_sandbox.calendar import ical, reminders
from exchange_sandbox.ews import ids
from exchange_sandbox.ews.properties import choices, compound, kinds
from exchange_sandbox.ews.properties.attachments import Attachments
from exchange_sandbox.ews.properties.prop import Access, Prop, Reader
from exchange_sandbox.mime import bodies, export
from exchange_sandbox.store import folders, mailboxes
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import BodyType, FlagStatus, Importance, Key, Sensitivity

NEVER, ON_CREATION, IN_DRAFT = Access.NEVER, Access.ON_CREATION, Access.IN_DRAFT


def is_mail(item: Item) -> bool:
    """Whether an item is a kind of message: only these can be unread, and each says whether it is."""
    return Key.IS_READ in item.bag


def _mime(item: Item, reader: Reader) -> bytes | None:
    if Key.START in item.bag and not is_mail(item):
        return ical.document(item.bag, "PUBLISH", reader.body(item, BodyType.TEXT)["text"])
    return export.mime_of(reader.db, item)


def _parent(item: Item, reader: Reader) -> tuple[str, str] | None:
    if item.way:  # an attached item is in no folder
        return None
    return reader.folder_id(item.mailbox, item.folder, folders.get(reader.db, item.folder).change)


def _attachments(item: Item, reader: Reader) -> list[dict[str, Any]]:
    return [
        {
            "modified": item.bag.get(Key.CREATED),
            **about,
            "id": reader.attachment_id(item.mailbox, (*(item.way or (item.id,)), about["part"])),
        }
        for about in item.bag.get(Key.ATTACHMENTS, ())
    ]


def _headers(item: Item, reader: Reader) -> list[tuple[str, str]]:
    return export.headers_of(reader.db, item) if is_mail(item) else []


def _meeting_responses(item: Item) -> list[str]:
    """What may be done with a meeting: respond, or remove it once it was cancelled, or cancel one's own."""
    state = item.bag.get(Key.MEETING_STATE, 0)
    if state & 4:
        return ["RemoveItem"] if state & 2 else []
    return ["AcceptItem", "TentativelyAcceptItem", "DeclineItem"] if state & 2 else ["CancelCalendarItem"]


def _response_objects(item: Item, reader: Reader) -> list[str]:
    replies = ["ReplyToItem", "ReplyAllToItem", "ForwardItem"]
    state = item.bag.get(Key.MEETING_STATE, 0)
    if is_mail(item):
        if item.bag.get(Key.IS_DRAFT):
            return ["ForwardItem"]
        more = ["PostReplyItem"] if item.cls.startswith("IPM.Post") else []
        return [*(_meeting_responses(item) if state & 2 else ()), *replies, *more]
    if Key.START in item.bag:
        return [*_meeting_responses(item), *(replies if state & 1 else ["ForwardItem"])]
    return []


def _names(item: Item, *keys: Key) -> str:
    people = next((item.bag[key] for key in keys if item.bag.get(key)), ())
    return "; ".join(one["name"] or one["address"] for one in people)


def _text_body(item: Item, reader: Reader) -> dict[str, str] | None:
    return reader.body(item, BodyType.TEXT) if not reader.quirks.no_derived_bodies else None


def _unique_body(item: Item, reader: Reader) -> dict[str, str] | None:
    if reader.quirks.no_derived_bodies:
        return None
    whole = reader.body(item, BodyType.TEXT)["text"]
    unique = bodies.unique_text(whole)
    wanted = BodyType.HTML if reader.unique_body_type == "best" else reader.unique_body_type
    if unique.split() == whole.split():  # nothing is quoted: all of it is unique, with its markup
        return reader.body(item, wanted)
    return bodies.converted({"type": BodyType.TEXT, "text": unique}, wanted)


def _preview(item: Item, reader: Reader) -> str:
    return " ".join(reader.body(item, BodyType.TEXT)["text"].split())[:255]


def _flag(item: Item, reader: Reader) -> dict[str, str] | None:
    return item.bag.get(Key.FLAG, {"status": FlagStatus.NOT_FLAGGED} if is_mail(item) else None)


def _conversation(item: Item, reader: Reader) -> str | None:
    guid = item.bag.get(Key.CONVERSATION)
    if guid is None:
        return None
    return ids.encode(reader.store, ids.CONVERSATION, item.mailbox, int(guid[:16], 16))


def _entry_id(item: Item, reader: Reader) -> str:
    return base64.b64encode(ids.entry_id(reader.store, ids.ITEM, item.id)).decode()


def _web_url(item: Item, reader: Reader, form: str) -> str:
    """Where Outlook on the web would show the item; nothing answers there."""
    domain = mailboxes.get(reader.db, item.mailbox).domain
    number, _ = reader.item_id(item)
    return f"https://exchange.{domain}/owa/?ItemID={quote(number, safe='')}&exvsurl=1&viewmodel={form}"


def _edit_url(item: Item, reader: Reader) -> str | None:
    return _web_url(item, reader, "ComposeItem") if item.bag.get(Key.IS_DRAFT) else None


def _reminder_due(item: Item, reader: Reader) -> str | None:
    return item.bag.get(Key.REMINDER_DUE) or item.bag.get(Key.START)


def _next_reminder(item: Item, reader: Reader) -> str | None:
    return reminders.when(item)


def _unknown(name: str) -> Prop:
    return Prop(name, f"item:{name}", kinds.Unknown(), NEVER, apart=True)


# ExtendedProperty stands in the middle of the sequence; the shape puts them where this name is.
EXTENDED = Prop("ExtendedProperty", "", kinds.Unknown(), find=False)

ITEM: tuple[Prop, ...] = (
    Prop("MimeContent", "item:MimeContent", compound.Mime(), IN_DRAFT, find=False, apart=True, read=_mime),
    Prop(
        "ItemId",
        "item:ItemId",
        compound.Ref(),
        NEVER,
        shown=True,
        read=lambda item, reader: reader.item_id(item),
    ),
    Prop("ParentFolderId", "item:ParentFolderId", compound.Ref(), NEVER, read=_parent),
    Prop("ItemClass", "item:ItemClass", kinds.Text(), read=lambda item, reader: item.cls),
    Prop("Subject", "item:Subject", kinds.Text(), shown=True),
    Prop("Sensitivity", "item:Sensitivity", choices.SENSITIVITY, default=Sensitivity.NORMAL, shown=True),
    Prop(
        "Body",
        "item:Body",
        compound.Body(),
        find=False,
        append=True,
        read=lambda item, reader: reader.body(item, reader.body_type),
    ),
    Prop("Attachments", "item:Attachments", Attachments(), ON_CREATION, find=False, read=_attachments),
    Prop("DateTimeReceived", "item:DateTimeReceived", kinds.Moment(), NEVER, shown=True),
    Prop("Size", "item:Size", kinds.Integer(), NEVER, shown=True),
    Prop("Categories", "item:Categories", kinds.Strings()),
    Prop("Importance", "item:Importance", choices.IMPORTANCE, default=Importance.NORMAL),
    Prop("InReplyTo", "item:InReplyTo", kinds.Text()),
    Prop("IsSubmitted", "item:IsSubmitted", kinds.Boolean(), NEVER, default=False),
    Prop("IsDraft", "item:IsDraft", kinds.Boolean(), NEVER, default=False),
    Prop("IsFromMe", "item:IsFromMe", kinds.Boolean(), NEVER, default=False),
    Prop("IsResend", "item:IsResend", kinds.Boolean(), NEVER, default=False),
    Prop(
        "IsUnmodified",
        "item:IsUnmodified",
        kinds.Boolean(),
        NEVER,
        read=lambda item, reader: item.content_change == item.arrived,
    ),
    Prop(
        "InternetMessageHeaders",
        "item:InternetMessageHeaders",
        compound.InternetHeaders(),
        NEVER,
        find=False,
        read=_headers,
    ),
    Prop("DateTimeSent", "item:DateTimeSent", kinds.Moment(), NEVER, shown=True),
    Prop("DateTimeCreated", "item:DateTimeCreated", kinds.Moment(), NEVER, shown=True),
    Prop(
        "ResponseObjects",
        "item:ResponseObjects",
        compound.ResponseObjects(),
        NEVER,
        find=False,
        read=_response_objects,
    ),
    Prop("ReminderDueBy", "item:ReminderDueBy", kinds.Moment(), read=_reminder_due),
    Prop("ReminderIsSet", "item:ReminderIsSet", kinds.Boolean(), default=False),
    Prop("ReminderNextTime", "item:ReminderNextTime", kinds.Moment(), NEVER, read=_next_reminder),
    Prop(
        "ReminderMinutesBeforeStart", "item:ReminderMinutesBeforeStart", kinds.Integer(0, 2629800), default=0
    ),
    Prop(
        "DisplayCc",
        "item:DisplayCc",
        kinds.Text(),
        NEVER,
        read=lambda item, _: _names(item, Key.CC, Key.OPTIONAL_ATTENDEES),
    ),
    Prop(
        "DisplayTo",
        "item:DisplayTo",
        kinds.Text(),
        NEVER,
        read=lambda item, _: _names(item, Key.TO, Key.REQUIRED_ATTENDEES),
    ),
    Prop(
        "HasAttachments",
        "item:HasAttachments",
        kinds.Boolean(),
        NEVER,
        shown=True,
        read=lambda item, _: any(not one["is_inline"] for one in item.bag.get(Key.ATTACHMENTS, ())),
    ),
    EXTENDED,
    Prop("Culture", "item:Culture", kinds.Language(), default="en-US"),
    Prop("EffectiveRights", "item:EffectiveRights", compound.Rights(), NEVER, read=lambda item, reader: True),
    Prop("LastModifiedName", "item:LastModifiedName", kinds.Text(), NEVER),
    Prop("LastModifiedTime", "item:LastModifiedTime", kinds.Moment(), NEVER),
    Prop("IsAssociated", "item:IsAssociated", kinds.Boolean(), NEVER, read=lambda item, _: item.associated),
    Prop(
        "WebClientReadFormQueryString",
        "item:WebClientReadFormQueryString",
        kinds.Text(),
        NEVER,
        read=lambda item, reader: _web_url(item, reader, "ReadMessageItem"),
    ),
    Prop(
        "WebClientEditFormQueryString",
        "item:WebClientEditFormQueryString",
        kinds.Text(),
        NEVER,
        read=_edit_url,
    ),
    Prop("ConversationId", "item:ConversationId", compound.ConversationId(), NEVER, read=_conversation),
    Prop("UniqueBody", "item:UniqueBody", compound.Body(), NEVER, find=False, apart=True, read=_unique_body),
    Prop("Flag", "item:Flag", compound.Flag(), read=_flag),
    Prop("StoreEntryId", "item:StoreEntryId", kinds.Binary(), NEVER, apart=True, read=_entry_id),
    Prop("InstanceKey", "item:InstanceKey", kinds.Binary(), NEVER, apart=True, read=_entry_id),
    Prop(
        "NormalizedBody",
        "item:NormalizedBody",
        compound.Body(),
        NEVER,
        find=False,
        apart=True,
        read=lambda item, reader: reader.body(item, reader.normalized_body_type),
    ),
    _unknown("EntityExtractionResult"),
    _unknown("PolicyTag"),
    _unknown("ArchiveTag"),
    _unknown("RetentionDate"),
    Prop("Preview", "item:Preview", kinds.Text(), NEVER, apart=True, read=_preview),
    _unknown("RightsManagementLicenseData"),
    _unknown("PredictedActionReasons"),
    _unknown("IsClutter"),
    _unknown("BlockStatus"),
    _unknown("HasBlockedImages"),
    Prop("TextBody", "item:TextBody", compound.Body(), NEVER, find=False, apart=True, read=_text_body),
    _unknown("IconIndex"),
)
