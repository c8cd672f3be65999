"""How long questions waited for the owner's answers, and the spans that follow from it. Pure.

A wait is counted as promises are: in the owner's working time, from the arrival to the first
answer that went to the asker. Questions that were never answered by mail aren't counted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ackd.engine import colleagues
from ackd.engine.triage import Settings, judge
from ackd.model import Duration, Mail, SentMail, Thread, Unit, Urgency
from ackd.ports import Mailbox
from ackd.promise.calendar import Calendar

#: How far back the past is read.
BACK = timedelta(days=90)
#: The keys of the section `promise` that the spans are for.
KEYS = {Urgency.NORMAL: "within", Urgency.URGENT: "urgent", Urgency.NO_RUSH: "no_rush"}
#: So many of ten promises would have been kept.
KEPT = 0.9
#: Fewer questions than these say nothing.
ENOUGH = 10
#: The spans that are proposed, the shortest first.
SPANS = (
    *(Duration(hours, Unit.BUSINESS_HOURS) for hours in (1, 2, 3, 4, 6)),
    *(Duration(days, Unit.BUSINESS_DAYS) for days in (1, 2, 3, 4, 5, 7, 10, 15, 20)),
)


@dataclass(frozen=True, slots=True)
class Wait:
    """A question of the past and when the owner answered it."""

    urgency: Urgency
    asked: datetime
    answered: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What the questions of one urgency show: percentiles in working time. `kept` is the share of
    promises that `span` would have kept; `span` is None for too few questions, and where even the
    longest wouldn't do."""

    urgency: Urgency
    count: int
    median: timedelta
    p80: timedelta
    p95: timedelta
    span: Duration | None = None
    kept: float = 0

    @property
    def key(self) -> str:
        """The key of the section `promise` that the span is for."""
        return KEYS[self.urgency]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the past shows, for each urgency that there were questions of: of `mails` that the owner
    answered in so many days."""

    days: int
    mails: int
    found: tuple[Found, ...]


class Sampler:
    """Takes in the past, the oldest first, and collects the waits of internal questions. `mails`
    counts the mails that were judged."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._open: dict[str, tuple[str, Urgency, datetime]] = {}
        self.waits: list[Wait] = []
        self.mails = 0

    def take(self, one: Mail | SentMail) -> datetime:
        """Look at a mail that came, or at one that was sent; returns its moment."""
        if isinstance(one, SentMail):
            self._answer(one)
            return one.at
        self.mails += 1
        self._ask(one)
        return one.received

    def _ask(self, mail: Mail) -> None:
        # the mark of an answer wasn't there yet when the mail came
        fresh = replace(mail, is_marked_answered=False)
        judged = judge(fresh, self.settings, mail.received, thread=Thread(), watermark=None)
        if judged.verdict.acknowledge and judged.planned and mail.sender and mail.message_id:
            urgency = judged.planned.promise.question.urgency
            self._open.setdefault(mail.message_id, (mail.sender.key, urgency, mail.received))

    def _answer(self, sent: SentMail) -> None:
        if sent.token or sent.is_automatic:
            return
        recipients = {address.key for address in sent.to}
        for target in sent.targets:
            asker, urgency, asked = self._open.get(target, ("", Urgency.NORMAL, sent.at))
            if asker in recipients:
                del self._open[target]
                self.waits.append(Wait(urgency, asked, max(sent.at, asked)))


def calibration(
    mailbox: Mailbox,
    settings: Settings,
    now: datetime,
    tell: Callable[[datetime, int], None] = lambda reached, count: None,
) -> Calibration:
    """Read the mailbox's past, and what it shows. `tell` hears how far it is: a moment, and the number of
    mails."""
    sampler = Sampler(settings)
    directory = colleagues.Rehearsal(mailbox, now)
    for one in mailbox.past(now - BACK, answered=True):
        sampler.settings = directory.looked_up(sampler.settings, one)
        tell(sampler.take(one), sampler.mails)
    return Calibration(BACK.days, sampler.mails, calibrate(sampler.waits, settings.calendar))


def calibrate(waits: Iterable[Wait], calendar: Calendar) -> tuple[Found, ...]:
    """What the waits show, for each urgency that there were questions of."""
    of: dict[Urgency, list[Wait]] = {urgency: [] for urgency in Urgency}
    for wait in waits:
        of[wait.urgency].append(wait)
    return tuple(_found(urgency, some, calendar) for urgency, some in of.items() if some)


def _found(urgency: Urgency, waits: Sequence[Wait], calendar: Calendar) -> Found:
    spans = sorted(calendar.worked(wait.asked, wait.answered) for wait in waits)
    median, p80, p95 = (_percentile(spans, share) for share in (0.5, 0.8, 0.95))
    found = Found(urgency, len(waits), median, p80, p95)
    if len(waits) < ENOUGH:
        return found
    for span in SPANS:
        kept = sum(wait.answered <= calendar.add(wait.asked, span) for wait in waits) / len(waits)
        if kept >= KEPT:
            return replace(found, span=span, kept=kept)
    return found


def _percentile(ordered: Sequence[timedelta], share: float) -> timedelta:
    """The nearest-rank percentile: the smallest value that this share doesn't exceed."""
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]
