"""A shared mailbox: ackd signs in as somebody to whom it is opened, here Carol, and works in it at both
faces. Alice's mailbox plays it, so that the office's people and their Outlooks stay what they are."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from exchangelib import DELEGATE, Account, HTMLBody, Mailbox, Message

from ackd.errors import AccessBlocked
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.mailbox.graph import GraphMailbox
from ackd.mailbox.graph.ways import REPLY_HEADERS
from ackd.model import AlarmKind, EffectKind, EffectState, PromiseState, token_of
from ackd.ports import Clock
from exchange_sandbox import Period, Quirks, WorkHours
from tests.backends import OverHttp
from tests.exchange_sandbox.graph.graph_client import token_for
from tests.followup.outlook import PASSWORD
from tests.people import ALICE, BOB, CAROL
from tests.scenario import FOLLOWING, Q, Scenario

DAVE = "dave@corp.example"
SCOPES = (
    "https://graph.microsoft.com/User.Read Mail.ReadWrite.Shared Mail.Send.Shared Calendars.ReadWrite.Shared "
    "MailboxSettings.ReadWrite Tasks.ReadWrite"
)


class Office(OverHttp):
    """The sandbox, opened to Carol; machines named `ews…` are at one face, others at the other. `guest` signs
    in."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, *rights: str, quirks: Quirks | None = None):
        self.guest, self.refuted = CAROL, tuple[str, ...]()
        people = (ALICE.address, BOB, CAROL, DAVE)
        super().__init__(folder, people=people, tls=True, quirks=quirks)
        self.trusted = str(self.sandbox.authority)
        patch.setenv("REQUESTS_CA_BUNDLE", self.trusted)
        self.sandbox.share(ALICE.address, CAROL, "full-access", *rights)

    def open(self, clock: Clock, machine: str) -> Any:
        return self.by_ews(clock) if machine.startswith("ews") else self.by_graph(clock)

    def by_ews(self, clock: Clock) -> EwsMailbox:
        access = Access(ALICE.address, self.url, self.guest, PASSWORD, ca_bundle=self.trusted)
        return EwsMailbox(access, zone=ZoneInfo(self.zone), clock=clock)

    def by_graph(self, clock: Clock, *, own: bool = False) -> GraphMailbox:
        return GraphMailbox(
            self.guest if own else ALICE.address,
            self.sandbox.graph_url,
            self,
            zone=ZoneInfo(self.zone),
            clock=clock,
            guest=not own,
            ca_bundle=self.trusted,
            refuted=self.refuted,
        )

    def token(self, *, anew: bool = False, claims: str = "") -> str:
        context = ssl.create_default_context(cafile=self.trusted)
        found = token_for(self.sandbox, self.guest, PASSWORD, SCOPES, context)
        return str(found["access_token"])

    def write_from(self, person: str, *, author: str, question: str = Q, **more: Any) -> None:
        """Somebody writes to Bob, about his question: out of the shared mailbox, or the own one."""
        account = self.outlook(person).account
        if author != person:
            account = Account(
                author,
                config=account.protocol.config,
                autodiscover=False,
                access_type=DELEGATE,
                default_timezone=account.default_timezone,
            )
        mail = Message(
            account=account,
            folder=account.sent,
            subject="RE: About q",
            body=HTMLBody("<p>Here they are.</p>"),
            author=Mailbox(email_address=author),
            to_recipients=[Mailbox(email_address=BOB)],
            in_reply_to=question,
            **more,
        )
        mail.send_and_save()


Make = Callable[..., Scenario]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    made: list[Scenario] = []

    def opened(*rights: str, **how: Any) -> Scenario:
        backend = Office(tmp_path, monkeypatch, *rights, **how)
        made.append(Scenario(tmp_path, backend, follow=replace(FOLLOWING)))
        return made[-1]

    yield opened
    for office in made:
        office.close()


def asked(office: Scenario, face: str) -> Scenario:
    if face == "ews":
        office.start_on("ews")
    office.run()
    office.later(1)
    office.ask()
    office.work()
    return office


def signed(mail: Any) -> tuple[str, str]:
    return mail.author.email_address, mail.sender.email_address


FACES = pytest.mark.parametrize("face", ["ews", "graph"])


@pytest.mark.parametrize(
    ("face", "right", "sender"), [("ews", "send-on-behalf", CAROL), ("graph", "send-as", ALICE.address)]
)
def test_letters_are_from_the_shared_mailbox_and_answers_from_there_count(
    make: Make, face: str, right: str, sender: str
) -> None:
    office = asked(make(right), face)
    (letter,) = office.bob.account.inbox.all().only("author", "sender", "in_reply_to")
    assert signed(letter) == (ALICE.address, sender)
    office.backend.write_from(CAROL, author=CAROL, cc_recipients=[Mailbox(email_address=ALICE.address)])
    office.work()
    assert office.state() is PromiseState.OPEN, "what a guest writes from the own mailbox isn't seen"
    office.sandbox.share(ALICE.address, DAVE, "full-access", "send-on-behalf")
    office.backend.write_from(DAVE, author=ALICE.address)
    for _ in range(2):
        office.work()
    assert office.state() is PromiseState.KEPT
    assert [task.is_complete for task in office.mailbox.tasks()] == [True]


@FACES
def test_tasks_lie_on_the_desk_that_the_face_reaches(make: Make, face: str) -> None:
    office = asked(make("send-as"), face)
    subjects = {
        who: office.backend.outlook(who).account.tasks.all().count() for who in (ALICE.address, CAROL)
    }
    assert subjects == ({ALICE.address: 1, CAROL: 0} if face == "ews" else {ALICE.address: 0, CAROL: 1})


def test_two_ackds_on_one_desk_leave_each_others_tasks_alone(make: Make) -> None:
    """Carol's own ackd, and the shared mailbox's, with a mail that went to both."""
    office = asked(make("send-as"), "graph")
    own = office.backend.by_graph(office.clock, own=True)
    token = token_of(Q, EffectKind.TASK)
    assert (len(office.mailbox.tasks([token])), own.tasks([token]), own.tasks()) == (1, (), ())
    assert own.find([token]) == {}
    own.close()


def test_another_guest_goes_on_and_nothing_is_withdrawn(make: Make) -> None:
    office = asked(make("send-as"), "graph")
    office.sandbox.share(ALICE.address, DAVE, "full-access", "send-as")
    office.backend.guest = DAVE
    office.start()
    for _ in range(3):
        office.work(10)
    assert office.state() is PromiseState.OPEN
    office.ask("q2")
    office.work()
    assert [task.message_id for task in office.mailbox.tasks()] == ["<q2@corp.example>"]
    assert len(office.bob.received()) == 2
    office.backend.write_from(DAVE, author=ALICE.address)
    for _ in range(2):
        office.work()
    assert office.state() is PromiseState.KEPT


def test_where_headers_need_mime_letters_are_from_the_shared_mailbox_too(make: Make) -> None:
    office = make("send-as", quirks=Quirks(graph_reply_headers_ignored=True))
    office.backend.refuted = (REPLY_HEADERS,)
    office.start()
    asked(office, "graph")
    (letter,) = office.bob.account.inbox.all().only("author", "sender", "in_reply_to")
    assert (*signed(letter), letter.in_reply_to) == (ALICE.address, ALICE.address, Q)


@FACES
def test_without_the_right_to_send_nothing_goes_out(make: Make, face: str) -> None:
    office = asked(make(), face)
    assert office.bob.received() == []
    assert office.states() == [EffectState.PARKED]
    assert office.owner.drafts() == []


@FACES
def test_a_mailbox_that_isnt_opened_is_told_in_words(make: Make, face: str) -> None:
    office = make()
    office.sandbox.share(ALICE.address, CAROL)
    if face == "ews":
        office.start_on("ews")
    with pytest.raises(AccessBlocked, match=r"opened to whoever|open this mailbox to whoever"):
        office.run()


def test_hours_and_zone_are_the_mailboxs_and_the_password_is_the_guests(make: Make) -> None:
    office = make()
    hours = (Period(time(8), time(12)),)
    office.sandbox.set_work_hours(ALICE.address, WorkHours("GMT Standard Time", hours))
    office.sandbox.set_work_hours(CAROL, WorkHours("Tokyo Standard Time", (Period(time(13), time(17)),)))
    ends = office.clock.now() + timedelta(days=20)
    office.sandbox.set_password_end(CAROL, ends)
    mailbox = office.backend.by_ews(office.clock)
    told = mailbox.settings()
    assert told.zone in ("Europe/London", "Europe/Lisbon", "Europe/Dublin")
    assert told.hours.days[0] == ((time(8), time(12)),)
    assert [one.at for one in mailbox.endings() if one.kind is AlarmKind.PASSWORD_ENDS] == [ends]
    mailbox.close()


def test_by_graph_the_mailbox_tells_a_guest_nothing_of_its_owners_time(make: Make) -> None:
    office = make()
    told = office.mailbox.settings()
    assert (told.zone, told.hours, told.out_of_office, told.away) == (None, None, None, ())
    assert office.mailbox.card().name is None
