"""Types of items: the element of each, its properties in schema order, the item classes it stands for."""

from __future__ import annotations

from dataclasses import dataclass, field

from exchange_sandbox.ews.properties import calendar, contacts, mail, tasks
from exchange_sandbox.ews.properties.common import ITEM
from exchange_sandbox.ews.properties.prop import Prop


@dataclass(frozen=True, slots=True)
class ItemType:
    """A type of item. ``folder`` is the distinguished folder in which new ones are put, ``in_folder`` the
    folder class that they need (any, if empty), and ``wrong_folder`` the error elsewhere."""

    element: str
    default_class: str
    props: tuple[Prop, ...]
    folder: str
    in_folder: str = ""
    wrong_folder: str = ""
    by_name: dict[str, Prop] = field(init=False)
    by_uri: dict[str, Prop] = field(init=False)
    order: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {prop.name: prop for prop in self.props})
        object.__setattr__(self, "by_uri", {prop.uri: prop for prop in self.props if prop.uri})
        object.__setattr__(self, "order", {prop.name: number for number, prop in enumerate(self.props)})


TYPES = (
    ItemType("Message", "IPM.Note", ITEM + mail.MESSAGE, "drafts"),
    ItemType(
        "CalendarItem",
        "IPM.Appointment",
        ITEM + calendar.CALENDAR,
        "calendar",
        "IPF.Appointment",
        "ErrorCannotCreateCalendarItemInNonCalendarFolder",
    ),
    ItemType(
        "Contact",
        "IPM.Contact",
        ITEM + contacts.CONTACT,
        "contacts",
        "IPF.Contact",
        "ErrorCannotCreateContactInNonContactFolder",
    ),
    ItemType(
        "DistributionList",
        "IPM.DistList",
        ITEM + contacts.DISTRIBUTION_LIST,
        "contacts",
        "IPF.Contact",
        "ErrorCannotCreateContactInNonContactFolder",
    ),
    ItemType(
        "Task", "IPM.Task", ITEM + tasks.TASK, "tasks", "IPF.Task", "ErrorCannotCreateTaskInNonTaskFolder"
    ),
    ItemType("PostItem", "IPM.Post", ITEM + mail.POST, "inbox"),
    ItemType("MeetingMessage", "IPM.Schedule.Meeting", ITEM + calendar.MEETING_MESSAGE, "drafts"),
    ItemType("MeetingRequest", "IPM.Schedule.Meeting.Request", ITEM + calendar.MEETING_REQUEST, "drafts"),
    ItemType("MeetingResponse", "IPM.Schedule.Meeting.Resp", ITEM + calendar.MEETING_RESPONSE, "drafts"),
    ItemType(
        "MeetingCancellation", "IPM.Schedule.Meeting.Canceled", ITEM + calendar.MEETING_CANCELLATION, "drafts"
    ),
    ItemType("Item", "IPM", ITEM, "drafts"),
)

BY_ELEMENT = {one.element: one for one in TYPES}
ITEM_ELEMENTS = tuple(f"t:{one.element}" for one in TYPES)

# the longest beginning of an item class decides; these stand for mail although they are named otherwise
_CLASSES = sorted(
    [(one.default_class, one) for one in TYPES]
    + [
        (name, BY_ELEMENT["Message"])
        for name in ("REPORT", "IPM.TaskRequest", "IPM.Outlook.Recall", "IPM.Sharing")
    ],
    key=lambda pair: -len(pair[0]),
)
_ALL_PROPS = {prop.uri: prop for one in TYPES for prop in one.props if prop.uri}


def type_of(item_class: str) -> ItemType:
    """The type that an item class belongs to."""
    lower = item_class.lower()
    for name, one in _CLASSES:
        if lower == name.lower() or lower.startswith(name.lower() + "."):
            return one
    return BY_ELEMENT["Item"]


def any_prop(uri: str) -> Prop | None:
    """The property that a FieldURI names, of whatever type of item."""
    return _ALL_PROPS.get(uri)
