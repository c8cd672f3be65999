"""Meetings from invitation to cancellation, between two people with a client that was not written for it."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from typing import Any

import exchangelib
import pytest
from exchangelib import recurrence as r
from exchangelib.errors import (
    ErrorCalendarIsCancelledForAccept,
    ErrorCalendarIsOrganizerForDecline,
    ErrorCalendarMeetingRequestIsOutOfDate,
)
from exchangelib.items import (
    SEND_ONLY_TO_ALL,
    SEND_ONLY_TO_CHANGED,
    SEND_TO_ALL_AND_SAVE_COPY,
    SEND_TO_NONE,
    MeetingCancellation,
    MeetingRequest,
    MeetingResponse,
)

from exchange_sandbox import Sandbox

from .conftest import ALICE, BOB
from .test_calendar import at
from .test_client import account
from .wire import Wire

CARL = "carl@corp.example"
NINE, TEN = at(2026, 11, 25, 9), at(2026, 11, 25, 10)


class People:
    """Three accounts on one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.alice, self.bob, self.carl = (account(sandbox, one) for one in (ALICE, BOB, CARL))

    def meet(self, *attendees: str, how: str = SEND_TO_ALL_AND_SAVE_COPY, **more: Any) -> Any:
        values = {"subject": "Plan", "start": NINE, "end": TEN, "location": "Room 1", **more}
        people = [exchangelib.Attendee(mailbox=exchangelib.Mailbox(email_address=one)) for one in attendees]
        item = exchangelib.CalendarItem(
            account=self.alice, folder=self.alice.calendar, required_attendees=people, **values
        )
        return item.save(send_meeting_invitations=how)


@pytest.fixture
def people(make: Callable[..., Sandbox]) -> People:
    return People(make(mailboxes=(ALICE, BOB, CARL)))


def messages(place: exchangelib.folders.Messages, kind: type = object) -> list[Any]:
    return [one for one in place.all().order_by("datetime_received") if isinstance(one, kind)]


def response(item: exchangelib.CalendarItem, whom: str = BOB) -> str:
    item.refresh()
    return next(one.response_type for one in item.required_attendees if one.mailbox.email_address == whom)


def test_invited_accepted_moved_and_cancelled(people: People) -> None:
    mine = people.meet(BOB, CARL, body=exchangelib.HTMLBody("<p>Bring <b>ideas</b></p>"))
    mine.refresh()
    assert (mine.is_meeting, mine.meeting_request_was_sent) == (True, True)
    assert mine.my_response_type == "Organizer"
    (copy,) = messages(people.alice.sent, MeetingRequest)
    (request,) = messages(people.bob.inbox, MeetingRequest)
    assert (request.start, request.location) == (NINE, "Room 1")
    assert request.meeting_request_type == "NewMeetingRequest"
    assert [one.email_address for one in request.to_recipients] == [BOB, CARL]
    assert (copy.subject, request.organizer.email_address) == ("Plan", ALICE)
    entry = people.bob.calendar.get()
    assert request.associated_calendar_item_id.id == entry.id
    assert (entry.legacy_free_busy_status, entry.my_response_type) == ("Tentative", "NoResponseReceived")
    assert (entry.uid, entry.appointment_state) == (mine.uid, ("Meeting", "Received"))
    assert "ideas" in entry.body

    request.accept(body="With pleasure")
    entry.refresh()
    assert (entry.legacy_free_busy_status, entry.my_response_type) == ("Busy", "Accept")
    assert messages(people.bob.inbox) == []
    assert [one.response_type for one in messages(people.bob.trash, MeetingRequest)] == ["Accept"]
    (answer,) = messages(people.alice.inbox, MeetingResponse)
    assert (answer.item_class, answer.subject) == ("IPM.Schedule.Meeting.Resp.Pos", "Accepted: Plan")
    assert "pleasure" in answer.body
    assert [response(mine, one) for one in (BOB, CARL)] == ["Accept", "Unknown"]

    mine.start, mine.end = at(2026, 11, 25, 14), at(2026, 11, 25, 15)
    mine.save(update_fields=["start", "end"], send_meeting_invitations=SEND_ONLY_TO_ALL)
    assert response(mine) == "Unknown"
    (update,) = messages(people.bob.inbox, MeetingRequest)
    assert update.meeting_request_type == "FullUpdate"
    entry.refresh()
    assert (entry.start, entry.my_response_type) == (at(2026, 11, 25, 14), "NoResponseReceived")
    assert len(messages(people.alice.sent, MeetingRequest)) == 1

    mine.cancel(new_body="Nothing to plan")
    assert list(people.alice.calendar.all()) == []
    (notice,) = messages(people.carl.inbox, MeetingCancellation)
    assert (notice.subject, "Nothing to plan" in notice.body) == ("Canceled: Plan", True)
    entry.refresh()
    assert (entry.is_cancelled, entry.legacy_free_busy_status) == (True, "Free")
    with pytest.raises(ErrorCalendarIsCancelledForAccept):
        entry.accept()


def test_proposed_otherwise_declined_and_out_of_date(people: People) -> None:
    mine = people.meet(BOB, CARL)
    (request,) = messages(people.bob.inbox)
    request.tentatively_accept(proposed_start=at(2026, 11, 25, 16), proposed_end=at(2026, 11, 25, 17))
    assert response(mine) == "Tentative"
    (bob, _) = mine.required_attendees
    assert (bob.proposed_start, bob.last_response_time is not None) == (at(2026, 11, 25, 16), True)
    (answer,) = messages(people.alice.inbox, MeetingResponse)
    assert answer.item_class == "IPM.Schedule.Meeting.Resp.Tent"
    assert answer.proposed_start == at(2026, 11, 25, 16)
    people.carl.calendar.get().decline(message_disposition="SendOnly")
    assert response(mine, CARL) == "Decline"
    assert list(people.carl.calendar.all()) == []
    assert messages(people.carl.sent) == []
    with pytest.raises(ErrorCalendarIsOrganizerForDecline):
        mine.decline()


def test_who_is_added_and_who_is_no_longer_invited(people: People) -> None:
    mine = people.meet(BOB)
    mine.refresh()
    mine.required_attendees = [exchangelib.Attendee(mailbox=exchangelib.Mailbox(email_address=CARL))]
    mine.save(update_fields=["required_attendees"], send_meeting_invitations=SEND_ONLY_TO_CHANGED)
    assert [type(one) for one in messages(people.bob.inbox)] == [MeetingRequest, MeetingCancellation]
    assert [type(one) for one in messages(people.carl.inbox)] == [MeetingRequest]
    assert people.bob.calendar.get().is_cancelled
    mine.refresh()
    mine.location = "Room 2"
    mine.save(update_fields=["location"], send_meeting_invitations=SEND_ONLY_TO_CHANGED)
    assert len(messages(people.carl.inbox)) == 1
    mine.save(update_fields=["location"], send_meeting_invitations=SEND_ONLY_TO_ALL)
    kinds = {one.meeting_request_type for one in messages(people.carl.inbox)}
    assert kinds == {"NewMeetingRequest", "InformationalUpdate"}
    entry = people.carl.calendar.get()
    assert (entry.location, entry.appointment_sequence_number) == ("Room 2", 3)


def test_nothing_is_sent_unless_it_is_asked_for(people: People) -> None:
    mine = people.meet(BOB, how=SEND_TO_NONE)
    mine.refresh()
    assert (mine.is_meeting, mine.meeting_request_was_sent) == (True, False)
    mine.subject = "Other"
    mine.save(update_fields=["subject"], send_meeting_invitations=SEND_TO_NONE)
    mine.delete(send_meeting_cancellations=SEND_TO_NONE)
    assert messages(people.bob.inbox) == list(people.bob.calendar.all()) == []


def test_an_attendee_who_deletes_the_meeting_declines(people: People) -> None:
    mine = people.meet(BOB)
    people.bob.calendar.get().delete(send_meeting_cancellations=SEND_TO_ALL_AND_SAVE_COPY)
    assert response(mine) == "Decline"
    mine.delete(send_meeting_cancellations=SEND_ONLY_TO_ALL)
    assert [type(one) for one in messages(people.bob.inbox)] == [MeetingRequest, MeetingCancellation]


def test_a_series_and_single_occurrences_of_it(people: People) -> None:
    rule = r.Recurrence(
        pattern=r.WeeklyPattern(interval=1, weekdays=[3], first_day_of_week=1),
        start=exchangelib.EWSDate(2026, 11, 25), number=4,
    )  # fmt: skip
    mine = people.meet(BOB, recurrence=rule)
    theirs = people.bob.calendar.get()
    assert theirs.recurrence == rule
    second = mine.occurrence(2).refresh()
    second.start, second.end = at(2026, 12, 2, 15), at(2026, 12, 2, 16)
    second.save(update_fields=["start", "end"], send_meeting_invitations=SEND_ONLY_TO_ALL)
    mine.occurrence(3).refresh().delete(send_meeting_cancellations=SEND_ONLY_TO_ALL)
    found = list(people.bob.calendar.view(start=at(2026, 11, 1), end=at(2027, 1, 1)))
    assert [(one.start.astimezone(NINE.tzinfo).hour, one.is_cancelled) for one in found] == [
        (9, False), (15, False), (9, True), (9, False),
    ]  # fmt: skip
    found[1].accept()
    assert response(mine) == "Unknown"
    assert response(mine.occurrence(2)) == "Accept"
    found[3].decline()
    assert response(mine.occurrence(4)) == "Decline"
    assert len(list(people.bob.calendar.view(start=at(2026, 11, 1), end=at(2027, 1, 1)))) == 3


def test_a_request_reads_as_a_mail(people: People) -> None:
    people.meet(BOB, body="Bring ideas; please, all")
    (request,) = messages(people.bob.inbox)
    mail = message_from_bytes(request.mime_content, policy=default)
    calendar = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    lines = calendar.get_content().replace("\r\n ", "").splitlines()
    assert calendar.get_param("method") == "REQUEST"
    assert {"METHOD:REQUEST", "SEQUENCE:0", "LOCATION:Room 1", "SUMMARY:Plan"} <= set(lines)
    assert "DTSTART;TZID=W. Europe Standard Time:20261125T090000" in lines
    assert mail.get_body(("plain",)).get_content().strip() == "Bring ideas; please, all"


def test_an_appointment_that_nobody_else_knows_of_is_cancelled(people: People) -> None:
    mine = people.meet(how=SEND_TO_NONE)
    mine.refresh()
    assert mine.response_objects.cancel_calendar_item is not None
    mine.cancel()
    assert list(people.alice.calendar.all()) == messages(people.alice.sent) == []
    (gone,) = people.alice.trash.all()
    assert gone.is_cancelled


def test_an_outdated_request_can_not_be_accepted(people: People) -> None:
    mine = people.meet(BOB)
    (old,) = messages(people.bob.inbox)
    mine.refresh()
    mine.start, mine.end = at(2026, 11, 25, 14), at(2026, 11, 25, 15)
    mine.save(update_fields=["start", "end"], send_meeting_invitations=SEND_ONLY_TO_ALL)
    assert old.refresh().is_out_of_date
    with pytest.raises(ErrorCalendarMeetingRequestIsOutOfDate):
        old.accept()
    assert people.bob.calendar.get().my_response_type == "NoResponseReceived"


def test_passed_on_and_replied_to(people: People) -> None:
    people.meet(BOB)
    entry = people.bob.calendar.get()
    entry.forward(subject="FW: Plan", body="You too?", to_recipients=[CARL])
    (request,) = messages(people.carl.inbox, MeetingRequest)
    assert (request.author.email_address, request.organizer.email_address) == (BOB, ALICE)
    request.accept()
    assert [type(one) for one in messages(people.alice.inbox)] == [MeetingResponse]
    (mine,) = messages(people.bob.inbox, MeetingRequest)
    mine.forward(subject="FW: again", body="You?", to_recipients=[CARL])
    (again,) = messages(people.carl.inbox, MeetingRequest)
    assert (again.start, again.subject, "You?" in again.body) == (NINE, "FW: again", True)
    reply = exchangelib.items.ReplyToItem(
        account=people.bob, reference_item_id=exchangelib.properties.ReferenceItemId(id=entry.id),
        new_body="Where?",
    )  # fmt: skip
    reply.send()
    assert "RE: Plan" in [one.subject for one in messages(people.alice.inbox)]


def calendar(method: str, *lines: str) -> bytes:
    """A mail from outside with a calendar in it."""
    inside = "\r\n".join(
        ("BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", "")
    )
    return (
        f"From: {lines[0].rpartition(':')[2]}\r\nTo: {ALICE}\r\nSubject: Talk\r\n"
        f'Content-Type: text/calendar; method={method}; charset="utf-8"\r\n\r\n{inside}'
    ).encode()


EVENT = (
    "ORGANIZER;CN=\"O'Hara; Pat\":mailto:pat@partner.example", "UID:outside-1", "DTSTART:20261201T100000Z",
    "DTEND:20261201T110000Z", "RRULE:FREQ=MONTHLY;BYDAY=1TU;COUNT=3", "EXDATE:20270105T100000Z", "SEQUENCE:1",
)  # fmt: skip


def test_invitations_from_outside(sandbox: Sandbox, alice: Wire) -> None:
    sandbox.deliver(calendar("REQUEST", *EVENT), ALICE, from_outside=True)
    ((item, _),) = alice.find("calendar").ids
    got = alice.get(item, "calendar:Recurrence", "calendar:Organizer", "calendar:DeletedOccurrences")
    assert got.text("t:DaysOfWeek") == "Tuesday"
    assert got.text("t:NumberOfOccurrences") == "3"
    assert got.text("t:Name") == "O'Hara; Pat"
    assert len(got.all("t:DeletedOccurrence")) == 1
    forged = ("ORGANIZER:mailto:mallory@partner.example", *EVENT[1:6], "SEQUENCE:9")
    sandbox.deliver(calendar("CANCEL", *forged), ALICE, from_outside=True)
    assert alice.get(item, "calendar:IsCancelled").text("t:IsCancelled") == "false"
    sandbox.deliver(calendar("REQUEST", *EVENT[:6], "SEQUENCE:0", "SUMMARY:Old"), ALICE, from_outside=True)
    sandbox.deliver(calendar("CANCEL", *EVENT), ALICE, from_outside=True)
    assert alice.get(item, "calendar:IsCancelled").text("t:IsCancelled") == "true"
    notice = next(
        one for one, _ in alice.find("inbox").ids
        if alice.get(one, "item:ItemClass").text("t:ItemClass") == "IPM.Schedule.Meeting.Canceled"
    )  # fmt: skip
    remove = f'<t:RemoveItem><t:ReferenceItemId Id="{notice}"/></t:RemoveItem>'
    assert alice.create(remove).codes == ["NoError"]
    assert alice.find("calendar").ids == []


@pytest.mark.parametrize(
    "lines",
    [
        ("ORGANIZER:mailto:a@b.example", "UID:1", "DTSTART:soon"),
        ("ORGANIZER:mailto:a@b.example", "UID:1", "DTSTART:20261332T000000Z", "DTEND:99999999T999999Z"),
        ("ORGANIZER:mailto:a@b.example", "UID:1", "DTSTART:20261201", "DTEND:20991201"),
        ("ORGANIZER:mailto:a@b.example", "DTSTART:20261201T100000Z", "RRULE:FREQ=SECONDLY"),
        ("ORGANIZER:mailto:a@b.example", "UID:1", "DTSTART;TZID=No/Where:20261201T100000", "DURATION:P9999D"),
        ("ORGANIZER:mailto:a@b.example", "UID:1", "DTSTART:20261201T100000Z", "RRULE:FREQ=DAILY;COUNT=0"),
        ("ORGANIZER:mailto:a@b.example", "BEGIN:VEVENT", "BEGIN:X", "END", ":", ";;;", 'X;"Y;Z', "UID"),
    ],
)
def test_invitations_that_say_nothing_usable_are_mail_all_the_same(
    sandbox: Sandbox, alice: Wire, lines: tuple[str, ...]
) -> None:
    sandbox.deliver(calendar("REQUEST", *lines), ALICE, from_outside=True)
    ((item, _),) = alice.find("inbox").ids
    got = alice.get(item, base="AllProperties")
    assert got.codes == ["NoError"]
    assert got.text("t:ItemClass") == "IPM.Schedule.Meeting.Request"
    alice.create(f'<t:AcceptItem><t:ReferenceItemId Id="{item}"/></t:AcceptItem>', "SendOnly")
