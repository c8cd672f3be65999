"""Properties of appointments, in schema order."""

from __future__ import annotations

from typing import Any

from ackd.sandbox.errors import EwsError
from ackd.sandbox.properties import compound, kinds
from ackd.sandbox.properties.common import NEVER
from ackd.sandbox.properties.prop import Prop

BUSY = ("Free", "Tentative", "Busy", "OOF", "WorkingElsewhere", "NoData")


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


def settle_appointment(bag: dict[str, Any]) -> None:
    """An appointment has a start and an end, in this order; raises EwsError."""
    if "Start" not in bag or "End" not in bag:
        raise EwsError("ErrorRequiredPropertyMissing", "An appointment needs Start and End.")
    if bag["End"] < bag["Start"]:
        raise EwsError("ErrorCalendarEndDateIsEarlierThanStartDate")
