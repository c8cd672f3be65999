"""Zone, language, formats, working hours and automatic replies, as both faces have them."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import time as clock
from typing import Any

import pytest

from exchange_sandbox import Quirks, Sandbox
from exchange_sandbox.calendar.workhours import Period, WorkHours

from ..conftest import ALICE, BOB, Time
from ..test_availability import ask
from ..test_configurations import read as read_configuration
from ..test_oof import read as read_oof
from ..test_oof import settings as oof_settings
from ..wire import Wire
from .graph_client import Graph, signed_in

PLACE = "/me/mailboxSettings"
_SUNDAY = {"time": "02:00:00.0000000", "dayOfWeek": "sunday", "year": 0}


def custom_zone(
    bias: int, standard: tuple[int, int], shift: int, daylight: tuple[int, int]
) -> dict[str, Any]:
    """A customTimeZone; changes are on a Sunday of a month: month and which one."""
    first, second = (
        {**_SUNDAY, "month": month, "dayOccurrence": number} for month, number in (standard, daylight)
    )
    return {
        "@odata.type": "#microsoft.graph.customTimeZone",
        "bias": bias,
        "name": "Customized Time Zone",
        "standardOffset": first,
        "daylightOffset": {"daylightBias": shift, **second},
    }


#: A request of the documentation, and how its answer told it.
GIVEN = custom_zone(-300, (10, 2), 100, (5, 4))
SHOWN = custom_zone(-200, (5, 4), -100, (10, 2))


def replies(**given: Any) -> dict[str, Any]:
    return {"automaticRepliesSetting": given}


def at(text: str, zone: str = "UTC") -> dict[str, str]:
    return {"dateTime": text, "timeZone": zone}


def test_a_new_mailbox_has_usual_settings(alice: Graph) -> None:
    got = alice.get(PLACE).json
    assert (got["timeZone"], got["language"]["locale"]) == ("UTC", "en-US")
    assert got["workingHours"] == {
        "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "startTime": "08:00:00.0000000",
        "endTime": "17:00:00.0000000",
        "timeZone": {"name": "UTC"},
    }
    assert got["automaticRepliesSetting"]["status"] == "disabled"
    assert set(alice.get(PLACE, params={"$select": "timeZone"}).json) == {"@odata.context", "timeZone"}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"timeZone": "Tokyo Standard Time"}, {"timeZone": "Tokyo Standard Time"}),
        ({"timeZone": "Europe/Berlin"}, {"timeZone": "W. Europe Standard Time"}),
        ({"dateFormat": "dd.MM.yyyy", "timeFormat": "HH:mm"},
         {"dateFormat": "dd.MM.yyyy", "timeFormat": "HH:mm"}),
        ({"language": {"locale": "de-DE"}},
         {"language": {"locale": "de-DE", "displayName": "German (Germany)"}}),
        ({"delegateMeetingMessageDeliveryOptions": "sendToDelegateAndPrincipal"},
         {"delegateMeetingMessageDeliveryOptions": "sendToDelegateAndPrincipal"}),
    ],
)  # fmt: skip
def test_what_is_set_comes_back_and_stays(
    alice: Graph, bob: Graph, body: dict[str, Any], shown: dict[str, Any]
) -> None:
    before = alice.get(PLACE).json
    changed = alice.patch(PLACE, body)
    assert (changed.status, {key: one for key, one in changed.json.items() if "@" not in key}) == (200, shown)
    usual = before | ({"workingHours": {**before["workingHours"], "timeZone": {"name": shown["timeZone"]}}}
                      if "timeZone" in shown else {})  # fmt: skip
    assert alice.get(PLACE).json == {**usual, **shown}
    assert bob.get(PLACE).json["timeZone"] == "UTC"


def test_each_member_has_an_address(alice: Graph) -> None:
    alice.patch(PLACE, {"timeZone": "Europe/Berlin"})
    assert alice.get(f"{PLACE}/timeZone").json["value"] == "W. Europe Standard Time"
    assert alice.get(f"{PLACE}/language").json["locale"] == "en-US"
    assert alice.get(f"{PLACE}/workingHours").json["startTime"] == "08:00:00.0000000"
    assert alice.get(f"{PLACE}/automaticRepliesSetting").json["externalAudience"] == "none"
    assert alice.get(f"{PLACE}/nix").status == 400


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "RequestBodyRead"),
        ({"nix": 1}, "RequestBodyRead"),
        ({"timeZone": "Mars Standard Time"}, "TimeZoneNotSupportedException"),
        ({"timeZone": None}, "RequestBodyRead"),
        ({"language": {"locale": "klingon"}}, "ErrorInvalidArgument"),
        ({"language": "de-DE"}, "RequestBodyRead"),
        ({"dateFormat": ""}, "ErrorInvalidArgument"),
        ({"workingHours": {"startTime": "25:00:00"}}, "RequestBodyRead"),
        ({"workingHours": {"startTime": "18:00:00", "endTime": "09:00:00"}}, "ErrorInvalidArgument"),
        ({"workingHours": {"daysOfWeek": ["Someday"]}}, "RequestBodyRead"),
        ({"workingHours": {"timeZone": {"name": "Nowhere"}}}, "TimeZoneNotSupportedException"),
        ({"workingHours": {"timeZone": {**GIVEN, "bias": 5000}}}, "RequestBodyRead"),
        ({"workingHours": {"timeZone": {**GIVEN, "standardOffset": None}}}, "ErrorInvalidArgument"),
        (replies(status="sometimes"), "RequestBodyRead"),
        (replies(scheduledStartDateTime="now"), "RequestBodyRead"),
        (replies(internalReplyMessage=7), "RequestBodyRead"),
        (
            replies(status="scheduled", scheduledStartDateTime=at("2026-11-26T00:00:00"),
                    scheduledEndDateTime=at("2026-11-25T00:00:00")),
            "ErrorInvalidScheduledOofDuration",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_changes_nothing(alice: Graph, body: dict[str, Any], code: str) -> None:
    before = alice.get(PLACE).json
    got = alice.patch(PLACE, {**body, "timeFormat": "HH.mm"} if body else body)
    assert (got.status, got.code) == (400, code)
    assert alice.get(PLACE).json == before


def test_the_right_to_settings_is_needed(sandbox: Sandbox, bob: Graph) -> None:
    reader = signed_in(sandbox, ALICE, scope="MailboxSettings.Read")
    assert reader.get(PLACE).status == 200
    assert reader.patch(PLACE, {"timeZone": "UTC"}).code == "ErrorAccessDenied"
    assert bob.get(f"/users/{ALICE}/mailboxSettings").code == "ErrorAccessDenied"


def test_zones_and_languages_are_listed(alice: Graph) -> None:
    found = {one["alias"]: one["displayName"] for one in alice.get("/me/outlook/supportedTimeZones").value}
    assert found["W. Europe Standard Time"].startswith("(UTC+01:00)")
    languages = alice.get("/me/outlook/supportedLanguages").value
    assert {"locale": "de-DE", "displayName": "German (Germany)"} in languages


# working hours


def test_working_hours_are_those_of_the_other_face(sandbox: Sandbox, alice: Graph, alice_ews: Wire) -> None:
    friday = Period(clock(10), clock.max, ("Friday",))
    sandbox.set_work_hours(ALICE, WorkHours("Europe/Berlin", (Period(clock(9), clock(17, 30)), friday)))
    got = alice.get(PLACE).json
    assert got["timeZone"] == "W. Europe Standard Time"
    assert got["workingHours"]["endTime"] == "17:30:00.0000000"
    days = ["Monday", "Saturday"]
    changed = alice.patch(PLACE, {"workingHours": {"daysOfWeek": days, "endTime": "18:00:00"}}).json
    assert changed["workingHours"] == {
        "daysOfWeek": ["monday", "saturday"],
        "startTime": "09:00:00.0000000",
        "endTime": "18:00:00.0000000",
        "timeZone": {"name": "W. Europe Standard Time"},
    }
    seen = ask(alice_ews, ALICE)
    assert (seen.texts("t:StartTimeInMinutes"), seen.texts("t:EndTimeInMinutes")) == (["540"], ["1080"])
    assert seen.texts("t:DayOfWeek")[-1] == "Monday Saturday"


def test_work_may_last_until_midnight(alice: Graph) -> None:
    hours = {"startTime": "20:00:00", "endTime": "00:00:00", "daysOfWeek": []}
    changed = alice.patch(PLACE, {"workingHours": hours}).json["workingHours"]
    assert (changed["endTime"], changed["daysOfWeek"]) == ("00:00:00.0000000", [])


def test_a_zone_of_ones_own_comes_back_as_real_servers_gave_it(alice: Graph, alice_ews: Wire) -> None:
    changed = alice.patch(PLACE, {"workingHours": {"timeZone": GIVEN}})
    assert changed.json["workingHours"]["timeZone"] == SHOWN
    again = alice.patch(PLACE, {"workingHours": {"timeZone": SHOWN}})
    assert again.json["workingHours"]["timeZone"] == SHOWN
    seen = ask(alice_ews, ALICE)
    assert seen.texts("t:Bias")[-3:] == ["-200", "0", "-100"]
    assert seen.texts("t:Month")[-2:] == ["5", "10"]
    document = base64.b64decode(read_configuration(alice_ews, title="WorkHours").text("t:XmlData"))
    assert b"<Name>Customized Time Zone</Name>" in document


def test_the_bias_may_count_the_other_way(make: Callable[..., Sandbox]) -> None:
    sandbox = make(quirks=Quirks(graph_zones_ahead_positive=True))
    alice = signed_in(sandbox, ALICE)
    zone = {"name": "Customized Time Zone", "bias": 330}
    changed = alice.patch(PLACE, {"workingHours": {"timeZone": zone}}).json["workingHours"]["timeZone"]
    assert (changed["bias"], changed["daylightOffset"]["daylightBias"]) == (330, 0)
    assert ask(Wire(sandbox.url, ALICE), ALICE).texts("t:Bias")[-3:] == ["-330", "0", "0"]


# automatic replies


def test_replies_go_out_once_they_are_on(alice: Graph, bob: Graph) -> None:
    body = replies(
        status="AlwaysEnabled", internalReplyMessage="<p>I am away.</p>", externalReplyMessage="Nobody here."
    )
    assert alice.patch(PLACE, body).json["automaticRepliesSetting"]["status"] == "alwaysEnabled"
    for subject in ("Figures?", "More figures?"):
        draft = bob.draft(subject, ALICE)
        assert bob.post(f"/me/messages/{draft.id}/send").status == 202
    (answer,) = bob.get("/me/mailFolders/inbox/messages").value
    assert answer["subject"] == "Automatic reply: Figures?"
    assert "I am away." in answer["bodyPreview"]
    assert alice.patch(PLACE, replies(status="disabled")).status == 200
    assert alice.get(PLACE).json["automaticRepliesSetting"]["internalReplyMessage"] == "<p>I am away.</p>"
    bob.post(f"/me/messages/{bob.draft('Later', ALICE).id}/send")
    assert len(bob.get("/me/mailFolders/inbox/messages").value) == 1


def test_replies_keep_to_their_time(sandbox: Sandbox, alice: Graph, time: Time) -> None:
    body = replies(
        status="scheduled",
        internalReplyMessage="Away.",
        scheduledStartDateTime=at("2026-11-24T10:00:00", "Europe/Berlin"),
        scheduledEndDateTime=at("2026-11-24T12:00:00", "Europe/Berlin"),
    )
    shown = alice.patch(PLACE, body).json["automaticRepliesSetting"]
    assert shown["scheduledStartDateTime"] == at("2026-11-24T09:00:00.0000000")
    counts = []
    for _ in range(3):  # at 8, 10 and 12 o'clock UTC
        bob = signed_in(sandbox, BOB)  # tokens live an hour
        bob.post(f"/me/messages/{bob.draft('Q', ALICE).id}/send")
        counts.append(len(bob.get("/me/mailFolders/inbox/messages").value))
        time.move(2 * 3600)
    assert counts == [0, 1, 1]


@pytest.mark.parametrize(
    ("audience", "is_contact", "answers"),
    [("none", True, 0), ("contactsOnly", False, 0), ("contactsOnly", True, 1), ("all", False, 1)],
)
def test_outsiders_are_told_as_their_audience_says(
    make: Callable[..., Sandbox], audience: str, is_contact: bool, answers: int
) -> None:
    sandbox = make(mailboxes=(ALICE, "carol@outside.example"))
    alice, carol = signed_in(sandbox, ALICE), signed_in(sandbox, "carol@outside.example")
    body = replies(
        status="alwaysEnabled",
        externalAudience=audience,
        internalReplyMessage="In.",
        externalReplyMessage="Out.",
    )
    alice.patch(PLACE, body)
    if is_contact:
        Wire(sandbox.url, ALICE).create(
            "<t:Contact><t:DisplayName>Carol</t:DisplayName><t:EmailAddresses>"
            '<t:Entry Key="EmailAddress1">carol@outside.example</t:Entry></t:EmailAddresses></t:Contact>'
        )
    mail = b"From: carol@outside.example\r\nTo: alice@corp.example\r\nSubject: Q\r\n\r\nWhen?\r\n"
    sandbox.deliver(mail, ALICE, from_outside=True)
    found = carol.get("/me/mailFolders/inbox/messages").value
    assert [one["bodyPreview"] for one in found] == ["Out."] * answers


def test_both_faces_have_the_same_replies(alice: Graph, alice_ews: Wire) -> None:
    assert alice_ews(oof_settings("Enabled", audience="Known")).codes == ["NoError"]
    got = alice.get(f"{PLACE}/automaticRepliesSetting").json
    assert (got["status"], got["externalAudience"]) == ("alwaysEnabled", "contactsOnly")
    assert "<b>away</b>" in got["internalReplyMessage"]
    assert got["externalReplyMessage"] == "Nobody is here."
    body = replies(
        status="scheduled", externalAudience="all", scheduledStartDateTime=at("2026-11-30T08:00:00"),
        scheduledEndDateTime=at("2026-12-04T16:00:00"), internalReplyMessage="On holiday.",
    )  # fmt: skip
    assert alice.patch(PLACE, body).status == 200
    seen = read_oof(alice_ews)
    assert (seen.text("t:OofState"), seen.text("t:ExternalAudience")) == ("Scheduled", "All")
    assert (seen.text("t:StartTime"), seen.text("t:EndTime")) == (
        "2026-11-30T08:00:00Z", "2026-12-04T16:00:00Z",
    )  # fmt: skip
    assert seen.texts("t:Message") == ["On holiday.", "Nobody is here."]


def test_a_new_absence_tells_anew(alice: Graph, bob: Graph) -> None:
    for state in ("alwaysEnabled", "disabled", "alwaysEnabled"):
        alice.patch(PLACE, replies(status=state, internalReplyMessage="Away."))
        bob.post(f"/me/messages/{bob.draft('Q', ALICE).id}/send")
    assert len(bob.get("/me/mailFolders/inbox/messages").value) == 2
    assert (
        BOB
        in bob.get("/me/mailFolders/inbox/messages").value[0]["toRecipients"][0]["emailAddress"]["address"]
    )
