"""What items have in the store: the one list of the keys of property bags, and of the words in them.

It belongs to no protocol: each face says in its own names and words what stands here. Values are JSON:

- a *moment* is an ISO text in UTC (:func:`exchange_sandbox.clock.iso`), a *day* an ISO date;
- a *mailbox* is a dict: ``name``, ``address``, perhaps ``type`` and ``item`` (an id) as a client gave them;
- an *attendee* is a mailbox with perhaps a ``response``, its ``time``, and proposed ``start`` and ``end``;
- an *attachment* is a dict: ``part`` (its number), ``kind`` (item or file), ``name``, ``content_type``,
  ``content_id``, ``content_location``, ``size``, ``is_inline``, ``is_contact_photo``, ``modified``; of items
  ``packed`` (its stream is a packed item, not a mail) and ``levels`` (how deep items are nested in it);
- a *recurrence* is a dict, see :mod:`exchange_sandbox.calendar.recurrence`;
- words are those of the enumerations below, bytes are base64.

Beside these keys a bag has MAPI properties under keys of their own, see :func:`by_tag`.
"""

from __future__ import annotations

from enum import StrEnum


class Key(StrEnum):
    """A key of a property bag. Behind each: its shape, if its name doesn't say it, and what it means."""

    # every item
    ITEM_CLASS = "item_class"  # such as IPM.Note (MS-OXCMSG); decides what an item is
    SUBJECT = "subject"
    SENSITIVITY = "sensitivity"  # Sensitivity
    IMPORTANCE = "importance"  # Importance
    BODY_TYPE = "body_type"  # BodyType of the stream that is the body
    ATTACHMENTS = "attachments"  # list of attachments
    CATEGORIES = "categories"  # list of texts
    SIZE = "size"  # bytes
    LANGUAGE = "language"  # such as en-US
    RECEIVED = "received"  # moment
    SENT = "sent"  # moment
    CREATED = "created"  # moment
    MODIFIED = "modified"  # moment
    MODIFIED_BY = "modified_by"  # the name of who changed it last
    HAS_REMINDER = "has_reminder"  # true or false
    REMINDER_MINUTES = "reminder_minutes"  # before the start
    REMINDER_DUE = "reminder_due"  # moment, of what has no start
    REMINDER_NEXT = "reminder_next"  # moment, once it was snoozed
    FLAG = "flag"  # dict: status (FlagStatus), start_date, due_date, completed (moments)

    # messages
    FROM = "from"  # mailbox
    SENDER = "sender"  # mailbox
    TO = "to"  # list of mailboxes
    CC = "cc"
    BCC = "bcc"
    REPLY_TO = "reply_to"
    RECEIVED_BY = "received_by"  # mailbox
    RECEIVED_REPRESENTING = "received_representing"  # mailbox
    MESSAGE_ID = "message_id"  # with its angle brackets
    IN_REPLY_TO = "in_reply_to"  # a message id
    REFERENCES = "references"  # message ids in one text
    CONVERSATION = "conversation"  # 32 hexadecimal digits, the same for all of a conversation
    CONVERSATION_TOPIC = "conversation_topic"
    CONVERSATION_INDEX = "conversation_index"  # bytes (MS-OXOMSG 2.2.1.3)
    IS_READ = "is_read"  # true or false; messages alone have it
    IS_DRAFT = "is_draft"  # true or false
    IS_FROM_ME = "is_from_me"  # true or false: the owner sent it to themself
    WANTS_READ_RECEIPT = "wants_read_receipt"  # true or false
    WANTS_DELIVERY_RECEIPT = "wants_delivery_receipt"  # true or false
    WANTS_RESPONSE = "wants_response"  # true or false: attendees are asked to answer

    # appointments, and the messages of meetings
    UID = "uid"  # of iCalendar: the same with everybody
    START = "start"  # moment
    END = "end"  # moment
    IS_ALL_DAY = "is_all_day"  # true or false
    START_TIME_ZONE = "start_time_zone"  # a Windows name, or a dict: id, name, rule (zonerule.Rule.packed)
    END_TIME_ZONE = "end_time_zone"
    MEETING_TIME_ZONE = "meeting_time_zone"  # what old clients say for both; never kept
    BUSY_STATUS = "busy_status"  # BusyStatus
    INTENDED_BUSY_STATUS = "intended_busy_status"  # BusyStatus that the organizer means for attendees
    LOCATION = "location"
    WHEN = "when"  # the time in words, as a client wrote it
    ORGANIZER = "organizer"  # mailbox
    REQUIRED_ATTENDEES = "required_attendees"  # list of attendees
    OPTIONAL_ATTENDEES = "optional_attendees"
    RESOURCES = "resources"
    MEETING_STATE = "meeting_state"  # bits: 1 a meeting, 2 received, 4 cancelled (MS-OXOCAL 2.2.1.10)
    MY_RESPONSE = "my_response"  # Response of the owner
    REPLIED = "replied"  # moment of that response
    SEQUENCE = "sequence"  # how many updates were sent
    STAMPED = "stamped"  # moment: DTSTAMP of iCalendar
    IS_REQUEST_SENT = "is_request_sent"  # true or false: attendees were invited
    ALLOWS_NEW_TIMES = "allows_new_times"  # true or false: attendees may propose others
    CONFERENCE_TYPE = "conference_type"  # number (MS-OXOCAL 2.2.1.56.3)
    WORKSPACE_URL = "workspace_url"
    NET_SHOW_URL = "net_show_url"
    RESPONSE = "response"  # Response that a message is, or that was given to a request
    REQUEST_TYPE = "request_type"  # RequestType
    IS_PROCESSED = "is_processed"  # true or false: the calendar has followed the message
    PROPOSED_START = "proposed_start"  # moment
    PROPOSED_END = "proposed_end"

    # series of appointments and of tasks
    RECURRENCE = "recurrence"  # recurrence
    RECURRENCE_ID = "recurrence_id"  # moment: which occurrence a message or an exception is
    ORIGINAL_START = "original_start"  # moment: of an occurrence by the pattern
    OCCURRENCE_TYPE = "occurrence_type"  # OccurrenceType; of what isn't stored, but follows from a series

    # tasks
    STATUS = "status"  # TaskStatus
    PERCENT_COMPLETE = "percent_complete"  # 0.0 to 100.0
    START_DATE = "start_date"  # moment
    DUE_DATE = "due_date"  # moment
    COMPLETED = "completed"  # moment
    ACTUAL_WORK = "actual_work"  # minutes
    TOTAL_WORK = "total_work"  # minutes
    CHANGE_COUNT = "change_count"
    BILLING = "billing"
    MILEAGE = "mileage"
    CONTACTS = "contacts"  # list of names
    COMPANIES = "companies"  # list of names

    # contacts and lists of people
    DISPLAY_NAME = "display_name"
    FILE_AS = "file_as"
    FILE_AS_MAPPING = "file_as_mapping"  # how it is made of the names, such as last_comma_first
    GIVEN_NAME = "given_name"
    MIDDLE_NAME = "middle_name"
    SURNAME = "surname"
    GENERATION = "generation"  # such as Jr.
    INITIALS = "initials"
    NICKNAME = "nickname"
    COMPANY = "company"
    DEPARTMENT = "department"
    OFFICE = "office"
    JOB_TITLE = "job_title"
    PROFESSION = "profession"
    MANAGER = "manager"
    ASSISTANT = "assistant"
    SPOUSE = "spouse"
    CHILDREN = "children"  # list of names
    BIRTHDAY = "birthday"  # moment
    ANNIVERSARY = "anniversary"  # moment
    HOME_PAGE = "home_page"
    EMAILS = "emails"  # dict by "1" to "3": dicts with the address, and what a client said of it
    IM_ADDRESSES = "im_addresses"  # dict by "1" to "3": texts
    PHONES = "phones"  # dict by kind, such as business_phone: texts
    POSTAL_ADDRESSES = "postal_addresses"  # dict by home, business, other: dicts of street, city, …
    MAILING_ADDRESS = "mailing_address"  # home, business, other or none
    MEMBERS = "members"  # list of mailboxes, each with a key and a status

    # hidden items
    WORK_HOURS = "work_hours"  # dict: zone, periods (lists of start, end in minutes, and days), rule (packed)

    # what no client sees
    LEFT = "_left"  # the number of the folder that the item was in before it was moved
    ORIGIN = "_origin"  # the number that a moved item had when it first lay in the mailbox
    TOUCHED = "_touched"  # by key the change number at which a client last changed it
    RECEIPT_SETTLED = "_receipt"  # true: no read receipt is owed any more
    REMINDERS_ANSWERED = "_reminders"  # of a master: by ordinal of a day when to remind again, "" for never
    CHANGED = "_changed"  # of a master: by ordinal of a day the keys that differ ("set") and lack ("gone")
    DELETED = "_deleted"  # of a master: ordinals of days
    SPAN = "_span"  # moments: from when to when an appointment, or any of its series, lasts
    BASIS = "_basis"  # of a master: what its days and times followed from when they were last reckoned


# words, in the order of their numbers in MAPI where it has some


class Importance(StrEnum):
    """How urgent its author finds an item."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Sensitivity(StrEnum):
    """Who should read an item."""

    NORMAL = "normal"
    PERSONAL = "personal"
    PRIVATE = "private"
    CONFIDENTIAL = "confidential"


class BodyType(StrEnum):
    """What a body is written in."""

    HTML = "html"
    TEXT = "text"


class FlagStatus(StrEnum):
    """Whether an item is to be followed up."""

    NOT_FLAGGED = "not_flagged"
    FLAGGED = "flagged"
    COMPLETE = "complete"


class BusyStatus(StrEnum):
    """What an appointment demands of its owner."""

    FREE = "free"
    TENTATIVE = "tentative"
    BUSY = "busy"
    AWAY = "away"  # out of office
    ELSEWHERE = "elsewhere"  # working elsewhere
    NO_DATA = "no_data"


class Response(StrEnum):
    """What somebody answers to a meeting."""

    UNKNOWN = "unknown"
    ORGANIZER = "organizer"
    TENTATIVE = "tentative"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NONE = "none"  # not yet


class RequestType(StrEnum):
    """What a request for a meeting is to the calendar that it reached."""

    NONE = "none"
    NEW = "new"
    FULL_UPDATE = "full_update"  # another time: to be answered again
    INFORMATION = "information"  # another word about the same time
    OUTDATED = "outdated"


class OccurrenceType(StrEnum):
    """What an appointment is to its series."""

    SINGLE = "single"
    OCCURRENCE = "occurrence"
    EXCEPTION = "exception"
    MASTER = "master"


class TaskStatus(StrEnum):
    """How far a task is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    WAITING = "waiting"  # for somebody else
    DEFERRED = "deferred"


class FolderKey(StrEnum):
    """A key of a folder's bag, which has MAPI properties beside."""

    SEARCH = "search"  # of a search folder: what it looks for, as the face that made it wrote it
    PERMISSIONS = "permissions"  # list of dicts: who may do what


class Stream(StrEnum):
    """A value too large for the bag, read only when it is asked for. Attachments are streams too (see
    :func:`exchange_sandbox.mime.embedded.stream_name`), and bodies of exceptions."""

    MIME = "mime"  # as it was received or given; stale once the item was edited, and then absent
    BODY = "body"  # text in UTF-8, of the type that the bag says
    HEADERS = "headers"  # JSON list of [name, value] in the order of the mail
    DICTIONARY = "dictionary"  # of a user configuration: XML as the face that made it wrote it
    XML = "xml"  # of a user configuration
    BINARY = "binary"  # of a user configuration


# MAPI properties

PROPERTY_SETS = {
    "Meeting": "6ed8da90-450b-101b-98da-00aa003f1305",
    "Appointment": "00062002-0000-0000-c000-000000000046",
    "Common": "00062008-0000-0000-c000-000000000046",
    "PublicStrings": "00020329-0000-0000-c000-000000000046",
    "Address": "00062004-0000-0000-c000-000000000046",
    "InternetHeaders": "00020386-0000-0000-c000-000000000046",
    "CalendarAssistant": "11000e07-b51b-40d6-af21-caa85edab1d0",
    "UnifiedMessaging": "4442858e-a9e3-4e80-b900-317a210cc15b",
    "Task": "00062003-0000-0000-c000-000000000046",
    "Sharing": "00062040-0000-0000-c000-000000000046",
}
_OWN = "a8f1c0de-0000-4000-8000-73616e64626f"  # the property set of this sandbox
#: What the keys of internet headers begin with; their names are in lower case.
HEADER_PREFIX = f"{PROPERTY_SETS['InternetHeaders']}/name/"


def by_tag(number: int, kind: str) -> str:
    """The key of a property by its tag, such as ``by_tag(0x3FDF, "Integer")``: ``tag/3fdf/Integer``.

    Whichever way a client names a MAPI property, its key is one: this, or ``00062003-…/id/8105/SystemTime``,
    or ``00020386-…/name/x-ackd/String``. (Types and property sets: MS-OXCDATA 2.11.1, MS-OXPROPS 1.3.2.)
    """
    return f"tag/{number:04x}/{kind}"


def by_id(property_set: str, number: int, kind: str) -> str:
    """The key of a numbered property of a property set."""
    return f"{PROPERTY_SETS[property_set]}/id/{number:x}/{kind}"


def by_name(property_set: str, name: str, kind: str) -> str:
    """The key of a named property of a property set."""
    return f"{PROPERTY_SETS[property_set]}/name/{name}/{kind}"


def is_mapi(key: str) -> bool:
    """Whether a key is that of a MAPI property."""
    return "/" in key


def header_of(key: str) -> str | None:
    """The internet header (lower case) that a MAPI property stands for, if it does."""
    return key[len(HEADER_PREFIX) :].rpartition("/")[0] if key.startswith(HEADER_PREFIX) else None


def own(name: str) -> str:
    """The key of a property that a face keeps for itself: nobody else names it so."""
    return f"{_OWN}/name/{name}/String"


SUPPRESS = by_tag(0x3FDF, "Integer")  # PidTagAutoResponseSuppress, MS-OXOMSG 2.2.1.77
AUTO_FORWARDED = by_tag(0x0005, "Boolean")
HIDDEN = by_tag(0x10F4, "Boolean")  # PidTagAttributeHidden, of folders
