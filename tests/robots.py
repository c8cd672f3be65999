"""Alice and Bob, who both run ackd and are both out of office, and a ticket system that answers every
mail it gets: all on one sandbox over real HTTP, round after round."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from ackd.engine.daemon import Daemon
from ackd.engine.limits import Limits
from ackd.judge.policy import Policy
from ackd.ledger import SqlLedger
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.model import Owner
from exchange_sandbox import Quirks, Sandbox
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.schema import Key
from tests.clock import StepClock
from tests.exchange_sandbox.wire import Wire, extended, mailbox
from tests.people import ALICE, MONDAY, settings
from tests.plays import seeds

BOB = Owner("bob@corp.example", "Bob Brown")
PASSWORD = "secret"

#: What an ordinary owner has, and what lets everything through that no rule silences.
ORDINARY, GENEROUS = Limits(), Limits(per_sender_per_day=10_000, per_hour=10_000, per_day=10_000)

_TOKEN = "7c1d4a54-0000-4000-8000-61636b640001/name/ackd-token/String"
_AUTO_SUBMITTED = (
    'DistinguishedPropertySetId="InternetHeaders" PropertyName="Auto-Submitted" PropertyType="String"'
)
_BAGS = """
    SELECT item.id, item.bag FROM item JOIN folder ON item.folder = folder.id
    JOIN mailbox ON folder.mailbox = mailbox.id WHERE folder.distinguished = ? AND mailbox.address = ?
    AND item.id > ? ORDER BY item.id DESC LIMIT ?"""
_AWAY = """<m:SetUserOofSettingsRequest><t:Mailbox><t:Address>{}</t:Address></t:Mailbox><t:UserOofSettings>
<t:OofState>Enabled</t:OofState><t:ExternalAudience>All</t:ExternalAudience>
<t:InternalReply><t:Message>I am away until Monday. Could you please ask Carol meanwhile?</t:Message>
</t:InternalReply><t:ExternalReply><t:Message>I am away.</t:Message></t:ExternalReply>
</t:UserOofSettings></m:SetUserOofSettingsRequest>"""


@dataclass(frozen=True)
class Tickets:
    """A ticket system and how it answers: with `Auto-Submitted` or unmarked, in the thread or beside it."""

    address: str
    marked: bool = False
    threaded: bool = True


MARKED, UNMARKED = Tickets("helpdesk@corp.example", marked=True), Tickets("facilities@corp.example")
#: One that passes for a person, so that only the limits hold against it.
RUDE = Tickets("kim.frost@corp.example", threaded=False)
#: A program's address, and an office's: neither is known to be a person's.
PROGRAM, OFFICE = (
    Tickets("timesheet@corp.example", threaded=False),
    Tickets("printroom@corp.example", threaded=False),
)


@dataclass(frozen=True)
class Seen:
    """A mail as the store has it."""

    number: int
    message_id: str
    sender: str
    subject: str
    item_class: str
    answers: str


@dataclass
class Robots:
    """The office. `asked` are the questions of people by Message-ID, `put_in` counts what the rounds
    themselves sent."""

    folder: Path
    tickets: tuple[Tickets, ...]
    limits: Limits = GENEROUS
    quirks: Quirks = field(default_factory=Quirks)
    seed: int = field(default_factory=lambda: seeds(4)[0])
    asked: dict[str, tuple[str, str]] = field(default_factory=dict)
    put_in: int = 0
    rounds: int = 0

    def __post_init__(self) -> None:
        self.clock = StepClock(MONDAY)
        self.random = random.Random(self.seed)
        people = dict.fromkeys((ALICE.address, BOB.address, *(one.address for one in self.tickets)), PASSWORD)
        self.data = self.folder / "data"
        self.sandbox = Sandbox(self.data, people, clock=self.clock.now, quirks=self.quirks).start()
        self.store = Store(self.data)
        self.wires = {address: Wire(self.sandbox.url, address) for address in people}
        self.daemons = {owner.address: self._daemon(owner) for owner in (ALICE, BOB)}
        for owner in (ALICE, BOB):
            assert self.wires[owner.address](_AWAY.format(owner.address)).codes == ["NoError"]
            self.daemons[owner.address].run_pass()
        self._read = Counter[str]()
        self.clock.move(timedelta(minutes=1))

    def close(self) -> None:
        for daemon in self.daemons.values():
            daemon.mailbox.close()
            daemon.ledger.close()
        for wire in self.wires.values():
            wire.connection.close()
        self.store.close()
        self.sandbox.stop()

    def _daemon(self, owner: Owner) -> Daemon:
        access = Access(owner.address, self.sandbox.url, owner.address, PASSWORD)
        box = EwsMailbox(access, zone=ZoneInfo("Europe/Berlin"), clock=self.clock)
        ledger = SqlLedger(f"sqlite:///{self.folder / owner.address}.sqlite", owner.address)
        policy = Policy(owner, domains=("corp.example",))
        chosen = replace(settings(), owner=owner, policy=policy, limits=self.limits, holder=owner.address)
        return Daemon(box, ledger, self.clock, chosen)

    # --- what happens -----------------------------------------------------------------------

    def round(self) -> None:
        """People do one thing, time moves, the robots do theirs."""
        number, tickets = self.put_in, self.random.choice(self.tickets).address
        act = self.random.choice(("ask", "ask", "ask ticket", "ticket", "answer", "answer", "answer"))
        owner, other = self.random.sample((ALICE.address, BOB.address), 2)
        if act == "ask":
            text = f"Could you please send me the figures for {number}?"
            self.write(owner, other, f"Figures {number}", text, is_question=True)
        elif act == "ask ticket":
            self.write(owner, tickets, f"Printer {number}", "Could you please repair the printer?")
        elif act == "ticket":
            self.write(tickets, owner, f"Access {number}", "Could you please approve this access by Friday?")
        else:
            self._answer(owner)
        self.clock.move(timedelta(minutes=self.random.choice((2, 15, 45))))
        # the polls of two services don't coincide
        self.robots(list(self.daemons.values())[self.rounds % 2])
        self.rounds += 1

    def robots(self, *awake: Daemon) -> None:
        """The ackds that are awake and all ticket systems do once what they have to."""
        for daemon in awake:
            daemon.run_pass()
        for tickets in self.tickets:
            for mail in self._unread(tickets.address):
                self._answer_ticket(tickets, mail)
        self.clock.move(timedelta(seconds=30))

    def _answer_ticket(self, tickets: Tickets, mail: Seen) -> None:
        text = "We have received your message. Could you please tell us which version you use?"
        subject = f"RE: {mail.subject}" if tickets.threaded else f"Request {mail.message_id[1:9]}"
        answers = mail if tickets.threaded else None
        self._send(tickets.address, mail.sender, subject, text, answers=answers, marked=tickets.marked)

    def settle(self, most: int = 30) -> bool:
        """Let the robots go on with nobody else there; whether they come to rest."""
        for _ in range(most):
            before = self.mails()
            self.robots(*self.daemons.values())
            if self.mails() == before:
                return True
        return False

    def write(self, author: str, to: str, subject: str, text: str, *, is_question: bool = False) -> None:
        """A person writes a mail, or the ticket system one of its own accord."""
        self.put_in += 1
        self._send(author, to, subject, text)
        if is_question:
            (mail,) = (one for one in self.inbox(to, last=3) if one.subject == subject)
            self.asked[mail.message_id] = (author, to)

    def _answer(self, owner: str) -> None:
        """The owner answers what was promised first."""
        promises = self.daemons[owner].ledger.open_promises()
        for promise in promises[:2]:
            question = promise.question
            self.put_in += 1
            mail = Seen(0, question.message_id, question.asker.email, question.subject, "", "")
            self._send(owner, mail.sender, f"RE: {mail.subject}", "Here you are.", answers=mail)

    def _send(
        self,
        author: str,
        to: str,
        subject: str,
        text: str,
        *,
        answers: Seen | None = None,
        marked: bool = False,
    ) -> None:
        reply = references = ""
        if answers:
            reply = f"<t:InReplyTo>{escape(answers.message_id)}</t:InReplyTo>"
            chain = f"{answers.answers} {answers.message_id}".strip()
            references = f"<t:References>{escape(chain)}</t:References>"
        extra = extended(_AUTO_SUBMITTED, "auto-replied") if marked else ""
        item = (
            f"<t:Message><t:Subject>{escape(subject[:200])}</t:Subject>"
            f'<t:Body BodyType="Text">{text}</t:Body>'
            f"{reply}{extra}<t:ToRecipients>{mailbox(to)}</t:ToRecipients>{references}</t:Message>"
        )
        got = self.wires[author].create(item, "SendAndSaveCopy")
        assert got.codes == ["NoError"], got.codes

    # --- what stands on the server ----------------------------------------------------------

    def inbox(self, address: str, *, after: int = 0, last: int = -1) -> list[Seen]:
        """The mails in an inbox, read from the store, the latest first; with `after` those that came after
        an item, with `last` so many at most."""
        return [
            Seen(
                number,
                bag.get(Key.MESSAGE_ID, ""),
                bag[Key.FROM]["address"],
                bag.get(Key.SUBJECT, ""),
                bag[Key.ITEM_CLASS],
                bag.get(Key.IN_REPLY_TO, ""),
            )
            for number, bag in self._bags("inbox", address, after, last)
        ]

    def _unread(self, address: str) -> list[Seen]:
        """What came since the last look, the oldest first."""
        fresh = self.inbox(address, after=self._read[address])[::-1]
        self._read[address] = fresh[-1].number if fresh else self._read[address]
        return fresh

    def letters(self, owner: str) -> list[Seen]:
        """The acknowledgements that an ackd sent."""
        return [
            Seen(number, bag[Key.MESSAGE_ID], bag[Key.TO][0]["address"], "", "", bag[Key.IN_REPLY_TO])
            for number, bag in self._bags("sentitems", owner)
            if bag.get(_TOKEN) and bag.get(Key.IN_REPLY_TO)
        ]

    def mails(self) -> int:
        """How many mails lie in all inboxes."""
        return sum(len(self._bags("inbox", address)) for address in self.wires)

    def most(self) -> int:
        """How many mails there can be at most, where the ticket systems keep to their threads: a mail to
        one, its answer, the acknowledgement, the answer to that; and each out-of-office reply once."""
        return 4 * self.put_in + 4 * 2 * (1 + len(self.tickets))

    def to_robots(self) -> int:
        """How many acknowledgements went to ticket systems."""
        robots = {one.address for one in self.tickets}
        return sum(letter.sender in robots for owner in self.daemons for letter in self.letters(owner))

    def oofs(self) -> Counter[tuple[str, str]]:
        """Automatic replies by receiver and sender."""
        return Counter(
            (address, mail.sender)
            for address in self.wires
            for mail in self.inbox(address)
            if "OofTemplate" in mail.item_class
        )

    def _bags(
        self, folder: str, address: str, after: int = 0, last: int = -1
    ) -> list[tuple[int, dict[str, Any]]]:
        with self.store.read() as db:
            rows = db.execute(_BAGS, (folder, address, after, last)).fetchall()
        return [(row[0], json.loads(row[1])) for row in rows]

    def check(self) -> None:
        """One acknowledgement a question, none of what a robot wrote on its own, and no more mails than
        what was put in gives rise to."""
        letters = {owner: self.letters(owner) for owner in self.daemons}
        for message_id, (asker, owner) in self.asked.items():
            to = [letter.sender for letter in letters[owner] if letter.answers == message_id]
            assert to == [asker], (message_id, to)
        own = {letter.message_id for sent in letters.values() for letter in sent}
        automatic = {
            mail.message_id
            for address in self.wires
            for mail in self.inbox(address)
            if "OofTemplate" in mail.item_class
        }
        answered = [letter.answers for sent in letters.values() for letter in sent]
        assert not own.intersection(answered), "an acknowledgement was acknowledged"
        assert not automatic.intersection(answered), "an out-of-office reply was acknowledged"
        assert max(Counter(answered).values()) == 1, "something was acknowledged twice"
        marked = {one.address for one in self.tickets if one.marked}
        robots = {
            mail.message_id
            for owner in letters
            for mail in self.inbox(owner)
            if mail.sender in marked and mail.answers
        }
        assert not robots.intersection(answered), "a mail that says that it is automatic was acknowledged"
        assert set(self.oofs().values()) == {1}, "somebody was told twice that the other is away"
