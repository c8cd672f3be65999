"""A small office for tests: the owner alice, her settings, and mails that colleagues write."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ackd.engine.limits import Limits
from ackd.engine.triage import Settings
from ackd.judge.policy import Policy
from ackd.letters import Letters
from ackd.letters.rendering import Rendered
from ackd.letters.template_values import LetterValues
from ackd.model import Duration, Mail, Mode, Owner, Unit, WorkingHours
from ackd.promise.calendar import make
from ackd.promise.plan import PromiseRules
from ackd.text import eml

#: A Monday morning in Berlin.
MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
ALICE = Owner("alice@corp.example", "Alice Smith")
BOB, CAROL = "bob@corp.example", "carol@corp.example"
QUESTION = "Could you please send me the figures for October?"


class PlainLetters(Letters):
    """Letters without templates, which are slow: their words are tested elsewhere."""

    def render(self, name: str, language: str, values: LetterValues) -> Rendered:
        """A letter that says its name and its date."""
        due = values.due.isoformat() if values.due else ""
        return Rendered(f"Re: {values.subject}", f"{name} {due}", f"<p>{name}</p>")


def settings(*, grace_minutes: float = 0, mode: Mode = Mode.SEND, holder: str = "here") -> Settings:
    """Alice's settings; without a grace period unless one is asked for."""
    grace = Duration(grace_minutes, Unit.MINUTES)
    return Settings(
        owner=ALICE,
        mode=mode,
        policy=Policy(ALICE, domains=("corp.example",)),
        calendar=make(ZoneInfo("Europe/Berlin"), WorkingHours.office(), "DE", "BY"),
        rules=PromiseRules(
            within=Duration(2, Unit.BUSINESS_DAYS),
            urgent=Duration(4, Unit.BUSINESS_HOURS),
            no_rush=Duration(5, Unit.BUSINESS_DAYS),
            reminder=Duration(2, Unit.BUSINESS_HOURS),
            grace=grace,
            grace_urgent=grace,
            per_day=100,
        ),
        letters=Letters(),
        limits=Limits(per_sender_per_day=1000, per_hour=1000, per_day=1000),
        max_age=Duration(2, Unit.BUSINESS_DAYS),
        category="Promised",
        holder=holder,
    )


def raw(
    name: str,
    text: str = QUESTION,
    *,
    sender: str = "bob@corp.example",
    at: datetime = MONDAY,
    stamp: str = "Internal",
    references: str = "",
    headers: str = "",
    subject: str = "",
) -> bytes:
    """A colleague's mail as transport hands it over."""
    thread = (
        f"In-Reply-To: {references.rsplit(maxsplit=1)[-1]}\r\nReferences: {references}\r\n"
        if references
        else ""
    )
    about = subject or f"About {name}"
    return (
        f"Message-ID: <{name}@corp.example>\r\nDate: {at:%a, %d %b %Y %H:%M:%S} +0000\r\n"
        f"From: {sender.partition('@')[0].title()} <{sender}>\r\nTo: Alice Smith <{ALICE.address}>\r\n"
        f"Subject: {about}\r\nX-MS-Exchange-Organization-AuthAs: {stamp}\r\n{thread}{headers}"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


def mail(name: str, text: str = QUESTION, **how: object) -> Mail:
    """The same as ackd reads it."""
    return replace(eml.read(raw(name, text, **how)))  # type: ignore[arg-type]
