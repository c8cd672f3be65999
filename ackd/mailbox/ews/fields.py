"""Which properties ackd reads and writes, and under which names they live in a mailbox."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from exchangelib.util import TNS
from lxml import etree

from ackd.mailbox.own_properties import (
    ASKER,
    HOLDER,
    MOVES,
    PROMISED,
    PROPERTY_SET,
    QUESTION,
    STAGE,
    START_MARK,
    TOKEN,
    TOLD,
)

# MS-OXPROPS: tags of the properties that have no EWS name
COMMIT_TIME = "0x670a"  # PidTagLocalCommitTimeMax
DELETED_COUNT = "0x670b"  # PidTagDeletedCountTotal
CREATION_TIME = "0x3007"  # PidTagCreationTime
HIDDEN = "0x10f4"  # PidTagAttributeHidden
LAST_VERB = "0x1081"  # PidTagLastVerbExecuted
AUTO_RESPONSE_SUPPRESS = "0x3fdf"  # PidTagAutoResponseSuppress
AUTO_FORWARDED = "0x0005"  # PidTagAutoForwarded
# MS-OXPROPS: ids in PSETID_Common of what is behind ReminderDueBy
REMINDER_TIME = 0x8502  # PidLidReminderTime
REMINDER_SIGNAL = 0x8560  # PidLidReminderSignalTime
SENT_REPRESENTING_SMTP = "0x5d02"  # PidTagSentRepresentingSmtpAddress

_FIELD_URI, _EXTENDED_URI = f"{{{TNS}}}FieldURI", f"{{{TNS}}}ExtendedFieldURI"


@dataclass(frozen=True, slots=True)
class Field:
    """A property as a request names it: `uri` for those with an EWS name, else a MAPI tag, an id in
    PSETID_Common (`common`), a header of the message or one of our own names, with its type."""

    uri: str = ""
    tag: str = ""
    name: str = ""
    common: int = 0
    header: str = ""
    kind: str = "String"

    def element(self) -> Any:
        """The property's path in a shape, a restriction or an ExtendedProperty."""
        return copy(_element(self))  # a quarter of the time that making one takes


@lru_cache(maxsize=256)
def _element(field: Field) -> Any:
    if field.uri:
        return etree.Element(_FIELD_URI, {"FieldURI": field.uri})
    where = {"PropertySetId": PROPERTY_SET, "PropertyName": field.name}
    if field.tag:
        where = {"PropertyTag": field.tag}
    elif field.common:
        where = {"DistinguishedPropertySetId": "Common", "PropertyId": str(field.common)}
    elif field.header:
        where = {"DistinguishedPropertySetId": "InternetHeaders", "PropertyName": field.header}
    return etree.Element(_EXTENDED_URI, {**where, "PropertyType": field.kind})


def _uris(text: str) -> tuple[Field, ...]:
    return tuple(Field(uri=uri) for uri in text.split())


ITEM_CLASS = Field(uri="item:ItemClass")
IS_HIDDEN = Field(tag=HIDDEN, kind="Boolean")
OUR_TOKEN, OUR_START, OUR_HOLDER = Field(name=TOKEN), Field(name=START_MARK), Field(name=HOLDER)

#: What a sync shows of a mail in a watched folder: enough to know whether to read it.
ARRIVED = _uris("message:InternetMessageId item:DateTimeReceived item:Size item:Categories")
#: What a sync shows of a sent mail.
SENT_LISTED = (
    *_uris(
        "message:InternetMessageId item:DateTimeSent item:DateTimeReceived item:DateTimeCreated item:Size"
    ),
    OUR_TOKEN,
)
#: What tells whom a sent mail answers.
SENT_ANSWERS = _uris(
    "item:ItemClass item:DateTimeSent item:DateTimeReceived item:DateTimeCreated item:InReplyTo "
    "item:ConversationId message:InternetMessageId message:References "
    "message:ToRecipients message:CcRecipients message:BccRecipients"
)
#: What is read of a sent mail that isn't ours: with its words, which may only put a question off.
SENT = (*SENT_ANSWERS, *_uris("item:Body item:TextBody"))
#: Everything the judge needs of a mail.
MAIL = (
    *_uris(
        "item:Subject item:ItemClass item:Body item:TextBody item:DateTimeReceived item:DateTimeSent "
        "item:InternetMessageHeaders item:InReplyTo item:Importance item:Sensitivity item:Categories "
        "item:ConversationId item:HasAttachments item:IsDraft message:InternetMessageId "
        "message:References message:From message:ToRecipients message:CcRecipients message:ReplyTo "
        "message:ReceivedBy"
    ),
    Field(tag=LAST_VERB, kind="Integer"),
    Field(tag=AUTO_RESPONSE_SUPPRESS, kind="Integer"),
    Field(tag=AUTO_FORWARDED, kind="Boolean"),
    Field(tag=SENT_REPRESENTING_SMTP),
    OUR_TOKEN,
)
#: The same without what is large, of a mail whose text can't be read: who wrote, for the record.
_LARGE = ("item:Body", "item:TextBody", "item:InternetMessageHeaders")
MAIL_BRIEF = tuple(field for field in MAIL if field.uri not in _LARGE)
#: Who wrote a mail, and its header fields.
HEAD = (*_uris("item:InternetMessageHeaders message:From"), Field(tag=SENT_REPRESENTING_SMTP))
#: What is read of a task of ours.
TASK = (
    *_uris("item:Categories task:DueDate task:Status task:PercentComplete task:IsComplete"),
    OUR_TOKEN,
    *(Field(name=name) for name in (QUESTION, ASKER, PROMISED, TOLD, MOVES)),
)
#: What tells of a task that isn't known to be ours whether it is.
PLAIN_TASK = (*_uris("item:Subject item:Categories task:DueDate"), OUR_TOKEN)
BODY = _uris("item:Body")
CHANGED = _uris("item:LastModifiedTime")
UNSENT = (*_uris("item:IsDraft"), Field(name=STAGE))
#: What a person sees of a task.
TASK_SHOWN = _uris(
    "item:Subject item:Body item:Categories item:ReminderDueBy task:DueDate task:Status "
    "task:PercentComplete task:IsComplete"
)
#: When a task reminds, whichever way it was written.
REMINDERS = (*_uris("item:ReminderDueBy"), Field(common=REMINDER_TIME, kind="SystemTime"))
#: What is behind ReminderDueBy: the same moment twice.
REMINDING = tuple(Field(common=own_id, kind="SystemTime") for own_id in (REMINDER_TIME, REMINDER_SIGNAL))
PARENT = _uris("folder:ParentFolderId")
FOLDER_COUNT = _uris("folder:DisplayName folder:TotalCount")
#: What tells whether a folder changed.
FOLDER_STATE = (Field(tag=COMMIT_TIME, kind="SystemTime"), Field(tag=DELETED_COUNT, kind="Integer"))
#: What tells whether a watched folder was renamed or put elsewhere.
FOLDER_NAME = _uris("folder:DisplayName folder:ParentFolderId")
CREATED = (Field(tag=CREATION_TIME, kind="SystemTime"),)
#: What is read of folders: ours, and those that the owner names.
FOLDER = (
    *FOLDER_NAME,
    *CREATED,
    OUR_START,
    OUR_HOLDER,
)
