"""Automatic replies while somebody is out of office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from exchangelib import DELEGATE, Account, Configuration, Credentials
from exchangelib.settings import OofSettings

from ackd.mailbox.ews.connect import VERSION
from exchange_sandbox import Quirks, Sandbox

from .conftest import ALICE, BOB, START, Time
from .wire import Got, Wire, extended

SUPPRESS = 'PropertyTag="0x3fdf" PropertyType="Integer"'
AWAY = "<html><body>I am <b>away</b>.</body></html>"


def settings(state: str, *, audience: str = "All", duration: str = "", who: str = ALICE) -> str:
    away = AWAY.replace("<", "&lt;")
    return (
        f"<m:SetUserOofSettingsRequest><t:Mailbox><t:Address>{who}</t:Address></t:Mailbox><t:UserOofSettings>"
        f"<t:OofState>{state}</t:OofState><t:ExternalAudience>{audience}</t:ExternalAudience>{duration}"
        f"<t:InternalReply><t:Message>{away}</t:Message></t:InternalReply>"
        "<t:ExternalReply><t:Message>Nobody is here.</t:Message></t:ExternalReply>"
        "</t:UserOofSettings></m:SetUserOofSettingsRequest>"
    )


def span(start: datetime, end: datetime) -> str:
    first, last = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (start, end))
    times = f"<t:StartTime>{first}</t:StartTime><t:EndTime>{last}</t:EndTime>"
    return f"<t:Duration>{times}</t:Duration>"


def read(wire: Wire, who: str = ALICE) -> Got:
    return wire(
        f"<m:GetUserOofSettingsRequest><t:Mailbox><t:Address>{who}</t:Address></t:Mailbox>"
        "</m:GetUserOofSettingsRequest>"
    )


def subjects(wire: Wire) -> list[str]:
    return sorted(wire.find("inbox", "item:Subject").texts("t:Subject"))


def first(wire: Wire) -> str:
    return wire.find("inbox").ids[0][0]


def test_a_sender_is_told_once_in_exchanges_own_way(alice: Wire, bob: Wire) -> None:
    assert alice(settings("Enabled")).codes == ["NoError"]
    bob.send("Figures?", ALICE)
    bob.send("More figures?", ALICE)
    assert subjects(bob) == ["Automatic reply: Figures?"]
    got = bob.get(first(bob), "item:ItemClass", "item:Body")
    assert got.text("t:ItemClass") == "IPM.Note.Rules.OofTemplate.Microsoft"
    assert "<b>away</b>" in got.text("t:Body")
    asked = bob.get(bob.find("sentitems").ids[-1][0], "message:InternetMessageId")
    headers = dict(bob.headers(first(bob)))
    assert headers["In-Reply-To"] == headers["References"] == asked.text("t:InternetMessageId")
    expected = {
        "X-Auto-Response-Suppress": "All",
        "Auto-Submitted": "auto-generated",
        "X-MS-Exchange-Inbox-Rules-Loop": ALICE,
        "Return-Path": "<>",
        "X-MS-Exchange-Organization-AuthAs": "Internal",
        "From": f'"Alice" <{ALICE}>',
        "To": f'"Bob" <{BOB}>',
    }
    assert {name: headers[name] for name in expected} == expected
    assert alice.find("sentitems").ids == []


def test_a_new_absence_tells_anew(alice: Wire, bob: Wire) -> None:
    for state in ("Enabled", "Disabled", "Enabled"):
        alice(settings(state))
        bob.send("Figures?", ALICE)
    alice(settings("Enabled", audience="None"))  # the same absence
    bob.send("Figures?", ALICE)
    assert subjects(bob) == ["Automatic reply: Figures?"] * 2


def test_two_who_are_away_do_not_tell_each_other_for_ever(alice: Wire, bob: Wire) -> None:
    alice(settings("Enabled"))
    bob(settings("Enabled", who=BOB))
    bob.send("Figures?", ALICE)
    assert subjects(bob) == ["Automatic reply: Figures?"]
    assert subjects(alice) == ["Figures?"]


def test_scheduled_it_is_on_between_start_and_end(alice: Wire, bob: Wire, time: Time) -> None:
    begin, end = START + timedelta(hours=1), START + timedelta(hours=2)
    alice(settings("Scheduled", duration=span(begin, end)))
    counts = []
    for _ in range(3):
        bob.send("Figures?", ALICE)
        counts.append(len(subjects(bob)))
        time.move(3600)
    assert counts == [0, 1, 1]
    got = read(alice)
    assert got.text("t:OofState") == "Scheduled"
    assert got.text("t:StartTime") == f"{begin:%Y-%m-%dT%H:%M:%SZ}"
    assert got.text("t:EndTime") == f"{end:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize("duration", ["", span(START, START), span(START + timedelta(1), START)])
def test_a_schedule_needs_an_end_after_its_start(alice: Wire, duration: str) -> None:
    assert alice(settings("Scheduled", duration=duration)).codes == ["ErrorInvalidScheduledOofDuration"]
    assert read(alice).text("t:OofState") == "Disabled"


def test_what_breaks_the_schema_changes_nothing(alice: Wire) -> None:
    assert alice(settings("Perhaps")).codes == ["ErrorSchemaValidation"]
    assert alice(settings("Enabled", audience="Some")).codes == ["ErrorSchemaValidation"]
    assert read(alice).text("t:OofState") == "Disabled"


def test_only_ones_own(alice: Wire) -> None:
    assert alice(settings("Enabled", who=BOB)).codes == ["ErrorAccessDenied"]
    assert alice(settings("Enabled", who="nobody@corp.example")).codes == ["ErrorNonExistentMailbox"]
    assert read(alice, BOB).codes == ["ErrorAccessDenied"]


@pytest.mark.parametrize(
    ("extra", "answered"),
    [
        ("Precedence: bulk", False),
        ("Precedence: first-class", True),
        ("List-Id: <x.corp.example>", False),
        ("List-Unsubscribe: <mailto:x@corp.example>", False),
        ("Auto-Submitted: auto-replied", False),
        ("Auto-Submitted: no", True),
        ("X-Auto-Response-Suppress: OOF, DR", False),
        ("X-Auto-Response-Suppress: All", False),
        ("X-Auto-Response-Suppress: AutoReply, RN", True),
        ("Return-Path: <>", False),
        ("X-MS-Exchange-Inbox-Rules-Loop: bob@corp.example", False),
        ("X-Sandbox-Item-Class: REPORT.IPM.Note.NDR", False),
        ("X-Other: 1", True),
    ],
)
def test_robots_and_lists_get_none(
    sandbox: Sandbox, alice: Wire, bob: Wire, extra: str, answered: bool
) -> None:
    alice(settings("Enabled"))
    stamp = "X-MS-Exchange-Organization-AuthAs: Internal"
    head = f"From: bob@corp.example\r\nTo: {ALICE}\r\nSubject: hi\r\n{stamp}\r\n{extra}\r\n"
    sandbox.deliver(f"{head}\r\nHello".encode(), ALICE)
    assert len(alice.find("inbox").ids) == 1
    assert (subjects(bob) == ["Automatic reply: hi"]) is answered


def test_a_sender_who_wants_none_gets_none(alice: Wire, bob: Wire) -> None:
    alice(settings("Enabled"))
    bob.send("an acknowledgement", ALICE, extra=extended(SUPPRESS, "61"))
    assert subjects(bob) == []
    bob.send("no receipts please", ALICE, extra=extended(SUPPRESS, "12"))
    assert subjects(bob) == ["Automatic reply: no receipts please"]


def test_what_came_through_a_list_gets_none(make: Callable[..., Sandbox]) -> None:
    sandbox = make(groups={"team@corp.example": [ALICE]})
    alice, bob = Wire(sandbox.url, ALICE), Wire(sandbox.url, BOB)
    alice(settings("Enabled"))
    bob.send("Team?", "team@corp.example")
    assert (subjects(alice), subjects(bob)) == (["Team?"], [])


@pytest.mark.parametrize(("audience", "answered"), [("All", True), ("None", False), ("Known", False)])
def test_outsiders_get_the_other_text_or_none(
    sandbox: Sandbox, alice: Wire, bob: Wire, audience: str, answered: bool
) -> None:
    alice(settings("Enabled", audience=audience))
    raw = f"From: bob@corp.example\r\nTo: {ALICE}\r\nSubject: hi\r\n\r\nHello".encode()
    sandbox.deliver(raw, ALICE, from_outside=True)
    assert bool(subjects(bob)) is answered
    if answered:
        assert bob.get(first(bob), "item:Body").text("t:Body").strip() == "Nobody is here."


def test_outsiders_among_the_contacts_are_known(sandbox: Sandbox, alice: Wire, bob: Wire) -> None:
    alice(settings("Enabled", audience="Known"))
    entry = f'<t:EmailAddresses><t:Entry Key="EmailAddress1">{BOB}</t:Entry></t:EmailAddresses>'
    assert alice.create(f"<t:Contact><t:DisplayName>Bob</t:DisplayName>{entry}</t:Contact>").codes == [
        "NoError"
    ]
    raw = f"From: bob@corp.example\r\nTo: {ALICE}\r\nSubject: hi\r\n\r\nHello".encode()
    sandbox.deliver(raw, ALICE, from_outside=True)
    assert subjects(bob) == ["Automatic reply: hi"]


def test_exchangelib_sets_and_reads_them(sandbox: Sandbox, bob: Wire) -> None:
    configuration = Configuration(
        service_endpoint=sandbox.url,
        credentials=Credentials(ALICE, "secret"),
        auth_type="basic",
        version=VERSION,
    )
    account = Account(ALICE, config=configuration, autodiscover=False, access_type=DELEGATE)
    end = datetime(2999, 12, 1, tzinfo=UTC)  # exchangelib asks the machine's clock whether it is over
    account.oof_settings = OofSettings(
        state="Scheduled",
        external_audience="None",
        start=START,
        end=end,
        internal_reply="Away",
        external_reply="x",
    )
    found = account.oof_settings
    assert (found.state, found.end, found.internal_reply) == ("Scheduled", end, "Away")
    account.protocol.close()
    bob.send("Figures?", ALICE)
    assert subjects(bob) == ["Automatic reply: Figures?"]


def test_a_server_that_strips_auto_submitted_strips_it_here_too(make: Callable[..., Sandbox]) -> None:
    sandbox = make(quirks=Quirks(no_auto_submitted=True))
    alice, bob = Wire(sandbox.url, ALICE), Wire(sandbox.url, BOB)
    alice(settings("Enabled"))
    bob.send("Figures?", ALICE)
    headers = dict(bob.headers(first(bob)))
    assert "Auto-Submitted" not in headers
    assert headers["X-Auto-Response-Suppress"] == "All"
