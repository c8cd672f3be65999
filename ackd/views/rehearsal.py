"""A changed configuration beside today's: the same mails, read once, judged by both, and what changes. Like a
replay it asks the mailbox for what it holds, and writes nothing."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ackd.engine import colleagues, groups
from ackd.engine.triage import Settings
from ackd.ports import Ledger, Mailbox
from ackd.views.replay import Outcome, Replay, Replayed, Report


class Change(enum.StrEnum):
    """What becomes another thing of a mail. The first two exclude all others."""

    NEWLY = "newly_acknowledged"
    NO_LONGER = "no_longer_acknowledged"
    LETTER = "other_letter"
    DATE = "other_date"
    TIME = "other_time"
    TASK = "other_task"
    VERDICT = "other_verdict"

    @property
    def words(self) -> str:
        """In words, of several mails."""
        return _WORDS[self]


_WORDS = {
    Change.NEWLY: "would newly be acknowledged",
    Change.NO_LONGER: "would no longer be acknowledged",
    Change.LETTER: "would get another letter",
    Change.DATE: "would be promised another date",
    Change.TIME: "would get the letter at another time",
    Change.TASK: "would get a task that they don't get today, or none any more",
    Change.VERDICT: "would be judged otherwise, and get no letter either way",
}


@dataclass(frozen=True, slots=True)
class Changed:
    """One mail that changes: what, and how it stands on each side."""

    changes: tuple[Change, ...]
    today: Replayed
    then: Replayed


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a changed configuration would change, the oldest mail first; `today` and `then` are all mails by
    each of the two. `seen` mails were judged by both."""

    today: Report
    then: Report
    mails: tuple[Changed, ...]

    @property
    def seen(self) -> int:
        """How many mails were judged."""
        return len(self.today.mails)

    def count(self, change: Change) -> int:
        """How many mails change so; a mail may count for several."""
        return Counter(change for mail in self.mails for change in mail.changes)[change]


def compare(today: Sequence[Replayed], then: Sequence[Replayed]) -> tuple[Changed, ...]:
    """The mails of which the two don't say the same, in the order of the first. Pure. A mail that one of them
    doesn't have isn't compared."""
    others = {mail.mail.message_id: mail for mail in then}
    pairs = [(mail, others[mail.mail.message_id]) for mail in today if mail.mail.message_id in others]
    return tuple(Changed(changes, *pair) for pair in pairs if (changes := tuple(_changes(*pair))))


def _changes(today: Replayed, then: Replayed) -> Sequence[Change]:
    is_sent = tuple(one.outcome is Outcome.ACKNOWLEDGED for one in (today, then))
    if is_sent[0] != is_sent[1]:
        return (Change.NEWLY,) if is_sent[1] else (Change.NO_LONGER,)
    differs = {
        Change.LETTER: is_sent[0] and today.letter != then.letter,
        Change.DATE: is_sent[0] and today.due != then.due,
        Change.TIME: is_sent[0] and today.leaves != then.leaves,
        Change.TASK: today.has_task != then.has_task,
        Change.VERDICT: today.outcome is not then.outcome
        or today.verdict.acknowledge is not then.verdict.acknowledge,
    }
    return [change for change, is_so in differs.items() if is_so]


def rehearse(
    mailbox: Mailbox,
    ledgers: tuple[Ledger, Ledger],
    settings: tuple[Settings, Settings],
    span: tuple[datetime, datetime],
    limit: int | None = None,
    tell: Callable[[datetime, int], None] = lambda reached, count: None,
) -> Comparison:
    """Live through a span of the mailbox's past by today's settings and by changed ones, side by side; each
    mail is read once. The ledgers must be empty, one for each side, and are thrown away by the caller;
    `limit` and `tell` as for a replay. Raises ConfigError for a distribution list that only the changed
    settings name and the server doesn't know."""
    begin, now = span
    today, then = settings
    if set(then.groups) - set(today.groups):
        then = groups.Groups().refresh(then, mailbox, ledgers[1], now)
    sides = (Replay(ledgers[0], today, begin), Replay(ledgers[1], then, begin))
    directories = (colleagues.Rehearsal(mailbox, now), colleagues.Rehearsal(mailbox, now))
    for one in mailbox.past(begin, limit):
        for side, directory in zip(sides, directories, strict=True):
            side.settings = directory.looked_up(side.settings, one)
            reached = side.take(one)
        tell(reached, sides[0].count)
    reports = sides[0].report(now), sides[1].report(now)
    return Comparison(*reports, compare(reports[0].mails, reports[1].mails))
