"""The owner's time as the mailbox's own settings tell it: working hours, zone, absences.

Sources: GetUserAvailability (working hours, and the zone as a bias with two changes),
GetUserConfiguration (the calendar's `WorkHours` names the zone, MS-OXOCFG 2.2.6),
GetUserOofSettings, and a CalendarView over the calendar for entries of whole days.
What one of them refuses or leaves out is None; the others still count.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from exchangelib.services import FindItem, GetUserConfiguration, GetUserOofSettings
from exchangelib.services.common import EWSAccountService
from exchangelib.util import MNS
from lxml import etree

from ackd.mailbox import values
from ackd.mailbox.ews import reading, requests, zones
from ackd.mailbox.ews.fields import Field
from ackd.mailbox.ews.requests import element
from ackd.mailbox.ews.wire import NAMESPACES, Wire
from ackd.mailbox.zone_rules import UNNAMED, Rule, goes_by, meant
from ackd.model import OwnerSettings, WorkingHours
from ackd.zones import shown

AHEAD = timedelta(days=60)
MOST_ENTRIES = 1000
SWITCHED_ON = timedelta(days=7)
LARGEST = 100_000  # bytes of a configuration that are read

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_GROUPS = {"Day": _DAYS, "Weekday": _DAYS[:5], "WeekendDay": _DAYS[5:]}
_AWAY = ("OOF", "Busy")
_ENTRY = tuple(
    Field(uri=f"calendar:{name}") for name in ("Start", "End", "IsAllDayEvent", "LegacyFreeBusyStatus")
)


class _Availability(EWSAccountService):  # type: ignore[misc]
    """exchangelib's own service needs a zone that it looks up on the server."""

    SERVICE_NAME = "GetUserAvailability"

    @staticmethod
    def _response_messages_tag() -> str:
        return f"{{{MNS}}}FreeBusyResponseArray"

    @classmethod
    def _response_message_tag(cls) -> str:
        return f"{{{MNS}}}FreeBusyResponse"


def settings(wire: Wire, likely: ZoneInfo, now: datetime) -> OwnerSettings:
    """See ports.Mailbox: three requests, and one more for the name of a zone that isn't the
    likely one. Raises as every read does."""
    hours = _working_hours(wire, now)
    told = hours.find("t:TimeZone", NAMESPACES) if hours is not None else None
    zone, unknown = _zone(wire, zones.rule_of(told), likely, now) if told is not None else (None, "")
    return OwnerSettings(
        zone=zone,
        unknown_zone=unknown,
        hours=_week(hours) if hours is not None else None,
        out_of_office=_out_of_office(wire, now),
        away=_whole_days(wire, ZoneInfo(zone) if zone else likely, now),
    )


# --- working hours ------------------------------------------------------------------------------


def _working_hours(wire: Wire, now: datetime) -> Any | None:
    """The WorkingHours element; None where the server doesn't tell them."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    window = element(
        "t:TimeWindow",
        children=[
            element("t:StartTime", _local(day)),
            element("t:EndTime", _local(day + timedelta(days=1))),
        ],
    )
    view = [
        window,
        element("t:MergedFreeBusyIntervalInMinutes", "60"),
        element("t:RequestedView", "FreeBusy"),
    ]
    email = element("t:Email", children=[element("t:Address", wire.account.primary_smtp_address)])
    mailbox = element("t:MailboxData", children=[email, element("t:AttendeeType", "Required")])
    payload = element(
        "m:GetUserAvailabilityRequest",
        children=[
            zones.utc(),
            element("m:MailboxDataArray", children=[mailbox]),
            element("t:FreeBusyViewOptions", children=view),
        ],
    )
    (answer, *_) = wire.ask(_Availability, payload) or (None,)
    return None if answer is None else answer.xml.find("m:FreeBusyView/t:WorkingHours", NAMESPACES)


def _week(hours: Any) -> WorkingHours | None:
    """The week of a WorkingHours element; None for one without any work."""
    days: list[list[tuple[time, time]]] = [[] for _ in _DAYS]
    for period in hours.findall("t:WorkingPeriodArray/t:WorkingPeriod", NAMESPACES):
        start, end = (
            _clock(reading.text_at(period, f"t:{name}InMinutes")) for name in ("StartTime", "EndTime")
        )
        if end == time():
            end = time.max  # 24:00 comes back as 00:00 (docs/design.md)
        if start is None or end is None or start >= end:
            continue
        for word in reading.text_at(period, "t:DayOfWeek").split():
            for name in _GROUPS.get(word, (word,)):
                if name in _DAYS:
                    days[_DAYS.index(name)].append((start, end))
    return WorkingHours(tuple(_joined(day) for day in days)) if any(days) else None


def _clock(text: str) -> time | None:
    if not re.fullmatch(r"\s*\d{1,4}\s*", text) or int(text) > 24 * 60:
        return None
    return time.max if int(text) == 24 * 60 else time(*divmod(int(text), 60))


def _joined(spans: list[tuple[time, time]]) -> tuple[tuple[time, time], ...]:
    """Spans of a day in order; those that overlap are one."""
    joined: list[tuple[time, time]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _zone(wire: Wire, rule: Rule | None, likely: ZoneInfo, now: datetime) -> tuple[str | None, str]:
    """The zone that the server tells, and how it names one that nobody knows."""
    if rule is not None and goes_by(likely, rule, now):
        return likely.key, ""
    name = _zone_name(wire)
    zone = meant(name, rule, likely, now)
    return zone, "" if zone else shown(name) or UNNAMED


def _zone_name(wire: Wire) -> str:
    """The name that Outlook wrote down with the working hours; "" without."""
    folder = wire.distinguished("calendar")
    name = element("m:UserConfigurationName", children=[folder], Name="WorkHours")
    payload = element(
        "m:GetUserConfiguration", children=[name, element("m:UserConfigurationProperties", "XmlData")]
    )
    answers = wire.ask(GetUserConfiguration, payload)
    if not answers or not answers[0].ok:
        return ""
    try:
        data = base64.b64decode(answers[0].find_text("m:UserConfiguration/t:XmlData"), validate=False)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(data[:LARGEST], parser) if b"<!DOCTYPE" not in data else None
    except (ValueError, etree.LxmlError):
        return ""
    found = root.find(".//{*}TimeZone/{*}Name") if root is not None else None
    return (found.text or "") if found is not None else ""


# --- absences -----------------------------------------------------------------------------------


def _out_of_office(wire: Wire, now: datetime) -> tuple[tuple[datetime, datetime | None], ...] | None:
    """When automatic replies go out. Since when they are switched on isn't told."""
    box = [element("t:Address", wire.account.primary_smtp_address), element("t:RoutingType", "SMTP")]
    payload = element("m:GetUserOofSettingsRequest", children=[element("t:Mailbox", children=box)])
    answers = wire.ask(GetUserOofSettings, payload)
    found = answers[0].xml.find("t:OofSettings", NAMESPACES) if answers else None
    if found is None:
        return None
    state = reading.text_at(found, "t:OofState")
    if state == "Enabled":
        return ((now - SWITCHED_ON, None),)
    start, end = (values.moment(reading.text_at(found, f"t:Duration/t:{n}Time")) for n in ("Start", "End"))
    if state != "Scheduled" or start is None or (end is not None and end <= start):
        return ()
    return ((start, end),)


def _whole_days(wire: Wire, zone: ZoneInfo, now: datetime) -> tuple[tuple[date, date], ...] | None:
    """Entries of whole days, shown as away or busy, from yesterday on."""
    view = element(
        "m:CalendarView",
        MaxEntriesReturned=str(MOST_ENTRIES),
        StartDate=_utc(now - timedelta(days=1)),
        EndDate=_utc(now + AHEAD),
    )
    where = element("m:ParentFolderIds", children=[wire.distinguished("calendar")])
    payload = element(
        "m:FindItem", children=[requests.shape("m:ItemShape", _ENTRY), view, where], Traversal="Shallow"
    )
    answers = wire.ask(FindItem, payload)
    if not answers or not answers[0].ok:
        return None
    return tuple(_ranges(answers[0].find_all("m:RootFolder/t:Items/t:CalendarItem"), zone))


def _ranges(entries: list[Any], zone: ZoneInfo) -> Iterator[tuple[date, date]]:
    for entry in entries:
        start, end = (values.moment(reading.text_at(entry, path)) for path in ("t:Start", "t:End"))
        is_whole = reading.text_at(entry, "t:IsAllDayEvent") == "true"
        if start is None or end is None or end <= start or not is_whole:
            continue
        if reading.text_at(entry, "t:LegacyFreeBusyStatus") not in _AWAY:
            continue
        # midnight of the zone in which it was entered: a traveller's all-day entry begins some
        # hours off the owner's midnight, and still means the dates it is nearest to
        half = timedelta(hours=12)
        first = (start.astimezone(zone) + half).date()
        last = (end.astimezone(zone) + half).date() - timedelta(days=1)
        yield first, max(first, last)


def _local(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _utc(moment: datetime) -> str:
    return _local(moment) + "Z"
