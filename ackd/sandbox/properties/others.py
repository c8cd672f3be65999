"""Properties of appointments, contacts and distribution lists, in schema order."""

from __future__ import annotations

from typing import Any

from ackd.sandbox.errors import EwsError
from ackd.sandbox.properties import compound, kinds
from ackd.sandbox.properties.common import NEVER
from ackd.sandbox.properties.prop import Prop, Reader
from ackd.sandbox.store.items import Item

BUSY = ("Free", "Tentative", "Busy", "OOF", "WorkingElsewhere", "NoData")
_PHONES = (
    "AssistantPhone",
    "BusinessFax",
    "BusinessPhone",
    "BusinessPhone2",
    "Callback",
    "CarPhone",
    "CompanyMainPhone",
    "HomeFax",
    "HomePhone",
    "HomePhone2",
    "Isdn",
    "MobilePhone",
    "OtherFax",
    "OtherTelephone",
    "Pager",
    "PrimaryPhone",
    "RadioPhone",
    "Telex",
    "TtyTddPhone",
)
_FILE_AS = (
    "None",
    "LastCommaFirst",
    "FirstSpaceLast",
    "Company",
    "LastCommaFirstCompany",
    "CompanyLastFirst",
    "LastFirst",
    "LastFirstCompany",
    "CompanyLastCommaFirst",
    "LastFirstSuffix",
    "LastSpaceFirstCompany",
    "CompanyLastSpaceFirst",
    "LastSpaceFirst",
    "DisplayName",
    "FirstName",
    "LastFirstMiddleSuffix",
    "LastName",
    "Empty",
)


def _text(group: str, *names: str) -> list[Prop]:
    return [Prop(name, f"{group}:{name}", kinds.Text()) for name in names]


def _unknown(group: str, *names: str) -> list[Prop]:
    return [Prop(name, f"{group}:{name}", kinds.Unknown(), NEVER, apart=True) for name in names]


def _never(name: str, kind: kinds.Kind, default: Any = None) -> Prop:
    return Prop(name, f"calendar:{name}", kind, NEVER, default=default)


CALENDAR: tuple[Prop, ...] = (
    Prop("UID", "calendar:UID", kinds.Text()),
    *_unknown("calendar", "RecurrenceId"),
    _never("DateTimeStamp", kinds.Moment()),
    Prop("Start", "calendar:Start", kinds.Moment(), shown=True),
    Prop("End", "calendar:End", kinds.Moment(), shown=True),
    *_unknown("calendar", "OriginalStart"),
    Prop("IsAllDayEvent", "calendar:IsAllDayEvent", kinds.Boolean(), default=False),
    Prop(
        "LegacyFreeBusyStatus",
        "calendar:LegacyFreeBusyStatus",
        kinds.Choice(BUSY),
        default="Busy",
        shown=True,
    ),
    Prop("Location", "calendar:Location", kinds.Text(), shown=True),
    *_unknown("calendar", "When"),
    _never("IsMeeting", kinds.Boolean(), default=False),
    _never("IsCancelled", kinds.Boolean(), default=False),
    _never("IsRecurring", kinds.Boolean(), default=False),
    _never("MeetingRequestWasSent", kinds.Boolean(), default=False),
    Prop("IsResponseRequested", "calendar:IsResponseRequested", kinds.Boolean(), default=True),
    _never("CalendarItemType", kinds.Text(), default="Single"),
    _never("MyResponseType", kinds.Text(), default="Organizer"),
    _never("Organizer", compound.Recipient()),
    *_unknown(
        "calendar",
        "RequiredAttendees",
        "OptionalAttendees",
        "Resources",
        "ConflictingMeetingCount",
        "AdjacentMeetingCount",
        "ConflictingMeetings",
        "AdjacentMeetings",
        "Duration",
        "TimeZone",
        "AppointmentReplyTime",
    ),
    _never("AppointmentSequenceNumber", kinds.Integer(), default=0),
    _never("AppointmentState", kinds.Integer(), default=0),
    *_unknown(
        "calendar",
        "Recurrence",
        "FirstOccurrence",
        "LastOccurrence",
        "ModifiedOccurrences",
        "DeletedOccurrences",
        "MeetingTimeZone",
    ),
    Prop("StartTimeZone", "calendar:StartTimeZone", compound.TimeZone(), apart=True),
    Prop("EndTimeZone", "calendar:EndTimeZone", compound.TimeZone(), apart=True),
    *_unknown("calendar", "ConferenceType"),
    Prop("AllowNewTimeProposal", "calendar:AllowNewTimeProposal", kinds.Boolean(), default=True),
    *_unknown(
        "calendar",
        "IsOnlineMeeting",
        "MeetingWorkspaceUrl",
        "NetShowUrl",
        "EnhancedLocation",
        "StartWallClock",
        "EndWallClock",
        "StartTimeZoneId",
        "EndTimeZoneId",
    ),
    *_unknown("meetingRequest", "IntendedFreeBusyStatus"),
    *_unknown("calendar", "JoinOnlineMeetingUrl", "OnlineMeetingSettings"),
    _never("IsOrganizer", kinds.Boolean(), default=True),
)


def _display_name(item: Item, reader: Reader) -> str | None:
    whole = " ".join(item.bag[name] for name in ("GivenName", "MiddleName", "Surname") if item.bag.get(name))
    return item.bag.get("DisplayName") or whole or None


CONTACT: tuple[Prop, ...] = (
    *_text("contacts", "FileAs"),
    Prop("FileAsMapping", "contacts:FileAsMapping", kinds.Choice(_FILE_AS)),
    Prop("DisplayName", "contacts:DisplayName", kinds.Text(), shown=True, read=_display_name),
    *_text("contacts", "GivenName", "Initials", "MiddleName", "Nickname"),
    *_unknown("contacts", "CompleteName"),
    *_text("contacts", "CompanyName"),
    Prop(
        "EmailAddresses",
        "contacts:EmailAddresses",
        compound.Dictionary(("EmailAddress1", "EmailAddress2", "EmailAddress3")),
        shown=True,
    ),
    Prop(
        "PhysicalAddresses",
        "contacts:PhysicalAddresses",
        compound.Addresses(("Business", "Home", "Other")),
        find=False,
    ),
    Prop("PhoneNumbers", "contacts:PhoneNumbers", compound.Dictionary(_PHONES)),
    *_text("contacts", "AssistantName"),
    Prop("Birthday", "contacts:Birthday", kinds.Moment()),
    *_text("contacts", "BusinessHomePage"),
    Prop("Children", "contacts:Children", kinds.Strings()),
    Prop("Companies", "contacts:Companies", kinds.Strings()),
    Prop("ContactSource", "contacts:ContactSource", kinds.Text(), NEVER),
    *_text("contacts", "Department", "Generation"),
    Prop(
        "ImAddresses",
        "contacts:ImAddresses",
        compound.Dictionary(("ImAddress1", "ImAddress2", "ImAddress3")),
    ),
    *_text("contacts", "JobTitle", "Manager", "Mileage", "OfficeLocation"),
    Prop(
        "PostalAddressIndex",
        "contacts:PostalAddressIndex",
        kinds.Choice(("None", "Business", "Home", "Other")),
    ),
    *_text("contacts", "Profession", "SpouseName", "Surname"),
    Prop("WeddingAnniversary", "contacts:WeddingAnniversary", kinds.Moment()),
    Prop("HasPicture", "contacts:HasPicture", kinds.Boolean(), NEVER, default=False),
    *_unknown(
        "contacts",
        "PhoneticFullName",
        "PhoneticFirstName",
        "PhoneticLastName",
        "Alias",
        "Notes",
        "Photo",
        "UserSMIMECertificate",
        "MSExchangeCertificate",
        "DirectoryId",
        "ManagerMailbox",
        "DirectReports",
    ),
)

DISTRIBUTION_LIST: tuple[Prop, ...] = (
    Prop("DisplayName", "contacts:DisplayName", kinds.Text(), shown=True),
    *_text("contacts", "FileAs"),
    Prop("ContactSource", "contacts:ContactSource", kinds.Text(), NEVER),
    *_unknown("distributionlist", "Members"),
)

# dictionaries are addressed by element and key: contacts:EmailAddress with EmailAddress1
INDEXED = {
    "contacts:EmailAddress": "EmailAddresses",
    "contacts:PhoneNumber": "PhoneNumbers",
    "contacts:ImAddress": "ImAddresses",
    **{
        f"contacts:PhysicalAddress:{line}": "PhysicalAddresses"
        for line in ("Street", "City", "State", "CountryOrRegion", "PostalCode")
    },
}


def settle_appointment(bag: dict[str, Any]) -> None:
    """An appointment has a start and an end, in this order; raises EwsError."""
    if "Start" not in bag or "End" not in bag:
        raise EwsError("ErrorRequiredPropertyMissing", "An appointment needs Start and End.")
    if bag["End"] < bag["Start"]:
        raise EwsError("ErrorCalendarEndDateIsEarlierThanStartDate")
