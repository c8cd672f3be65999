"""The past, judged as if today's configuration had been in force: a rehearsal with the daemon's own
intake and an empty ledger, in which each mail is judged at the moment it came.

Nothing is asked of the mailbox but what it holds, and nothing is written but to that ledger, which
is thrown away. What the mailbox doesn't hold any more (mails moved or deleted) isn't seen.
"""

from __future__ import annotations

import enum
import heapq
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from ackd.engine import colleagues, hold, promises
from ackd.engine.followup import answers_of
from ackd.engine.intake import IntakeBatch
from ackd.engine.triage import Settings
from ackd.model import (
    Decision,
    Done,
    Effect,
    EffectKind,
    EffectState,
    FollowUp,
    LetterName,
    Mail,
    Mode,
    Page,
    PromiseState,
    SentMail,
    ValueKey,
    Verdict,
)
from ackd.model.log import LogEntry, LogFilter
from ackd.ports import Ledger, Mailbox
from ackd.promise import snapshots
from ackd.views.log import deciding_rules

BATCH = 100
#: Stands for a rule where a question would have got no letter.
UNSENT = "not sent"
NOTHING: Mapping[ValueKey, tuple[str | None, str | None]] = MappingProxyType({})


class Outcome(enum.StrEnum):
    """What would have become of a mail."""

    ACKNOWLEDGED = "acknowledge"
    IN_TIME = "answered in time"  # the owner's own answer came before the grace period was over
    LEFT = "leave"

    @property
    def words(self) -> str:
        """In words, of several mails."""
        return _WORDS[self]


_WORDS = {
    Outcome.ACKNOWLEDGED: "would have been acknowledged",
    Outcome.IN_TIME: "answered by you in time: nothing would have been sent",
    Outcome.LEFT: "would have been left",
}


@dataclass(frozen=True, slots=True)
class Replayed:
    """One mail of the past. `leaves` is when its letter would have gone out, `letter` that letter's name;
    `due` is None where it would have referred elsewhere and promised nothing. `answered` is when the owner
    did answer, by Sent Items; `is_marked_answered` says that the mail itself carries the mark of an answer,
    which tells no time."""

    mail: Mail  # without its text
    verdict: Verdict
    outcome: Outcome
    why: str = ""  # of a mail that is left
    due: datetime | None = None
    leaves: datetime | None = None
    answered: datetime | None = None
    is_marked_answered: bool = False
    letter: LetterName | None = None
    has_task: bool = False  # also where the task is made without a letter

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that decided (`deciding_rules`); `UNSENT` for a question without a letter."""
        if self.outcome is Outcome.LEFT and self.verdict.acknowledge:
            return (UNSENT,)
        return deciding_rules(self.verdict)


@dataclass(frozen=True, slots=True)
class Report:
    """What a replay found: the mails in the order in which they came, and when the circuit breaker
    would have begun to hold letters, with its reason."""

    mails: tuple[Replayed, ...]
    holds: tuple[tuple[datetime, str], ...] = ()

    def of(self, outcome: Outcome) -> tuple[Replayed, ...]:
        """The mails with this outcome."""
        return tuple(mail for mail in self.mails if mail.outcome is outcome)

    @property
    def doubtful(self) -> int:
        """How many of those to be acknowledged carry the mark of a reply that doesn't lie in Sent Items:
        perhaps they had been answered in time."""
        found = self.of(Outcome.ACKNOWLEDGED)
        return sum(mail.is_marked_answered and mail.answered is None for mail in found)

    @property
    def referred(self) -> int:
        """How many of those to be acknowledged would have been referred elsewhere, and promised nothing."""
        return sum(mail.letter is not None and mail.letter.refers for mail in self.of(Outcome.ACKNOWLEDGED))

    def by_rule(self) -> list[tuple[str, int]]:
        """How many mails each rule silenced, the busiest rule first; a mail may count for several."""
        counts = Counter(rule for mail in self.of(Outcome.LEFT) for rule in mail.rules)
        return sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))


class Replay:
    """Takes in the past, the oldest first. Mode, hold and start are those of a service that has
    been sending all the time; of what the circuit breaker holds it is taken that the owner orders nothing."""

    def __init__(self, ledger: Ledger, settings: Settings, since: datetime) -> None:
        """`ledger` must be empty."""
        self._ledger = ledger
        self.settings = replace(settings, mode=Mode.SEND)
        self._since = since
        self._seen: dict[str, Mail] = {}  # by Message-ID, without texts
        self._answered: dict[str, datetime] = {}
        self._holds: list[tuple[datetime, str]] = []
        self._waiting: list[datetime] = []  # a heap: when effects fall due

    @property
    def count(self) -> int:
        """How many mails were judged so far."""
        return len(self._seen)

    def take(self, one: Mail | SentMail) -> datetime:
        """Live through the arrival of a mail or the sending of one; returns its moment."""
        if isinstance(one, Mail):
            self._arrive(one)
            return one.received
        if not one.token and not one.is_automatic:
            self._answer(one)
        return one.at

    def report(self, now: datetime) -> Report:
        """What would have become of all that was taken in, by now."""
        self._pass_time(now)
        entries = self._ledger.log(LogFilter())
        by_arrival = {name: place for place, name in enumerate(self._seen)}
        entries = tuple(sorted(entries, key=lambda entry: by_arrival[entry.judged.message_id]))
        return Report(tuple(map(self._replayed, entries)), tuple(self._holds))

    # --- what happens ---------------------------------------------------------------------------

    def _arrive(self, mail: Mail) -> None:
        now = mail.received
        self._pass_time(now)
        # the mark of an answer wasn't there yet when the mail came
        fresh = replace(mail, is_marked_answered=False)
        batch = IntakeBatch(self._ledger, self.settings, now, mark=self._since, verify_first=False)
        decisions = batch.decide([fresh])
        swapped = batch.new_hold()
        before = hold.read(batch.seen_hold)
        if batch.held and (before is None or before.since != batch.held.since):
            self._holds.append((now, batch.held.why))
        self._record(now, decisions=decisions, swapped=swapped)
        for decision in decisions:
            kept = replace(mail, text="", html=None, headers=None, subject=mail.subject[:200])
            self._seen[decision.mail.message_id] = kept
            for effect in decision.effects:
                heapq.heappush(self._waiting, effect.not_before)

    def _answer(self, sent: SentMail) -> None:
        self._pass_time(sent.at)
        recipients = {address.key for address in sent.to}
        for target in sent.targets:
            mail = self._seen.get(target)
            if mail and mail.sender and mail.sender.key in recipients:
                self._answered.setdefault(target, sent.at)
        self._record(sent.at, sent=sent)

    def _record(
        self,
        now: datetime,
        *,
        decisions: Sequence[Decision] = (),
        sent: SentMail | None = None,
        swapped: Mapping[ValueKey, tuple[str | None, str | None]] = NOTHING,
    ) -> None:
        made = [(d.promise, d.effects) for d in decisions if d.promise]
        after = {
            promise.question.message_id: snapshots.made(promise, effects, now) for promise, effects in made
        }
        before = self._ledger.snapshots(sent.targets) if sent else {}
        if sent:
            recipients = {address.key for address in sent.to}
            kept = [one for one in before.values() if one.promise.question.asker.key in recipients]
            after = {one.name: snapshots.answered(one, sent.at, now) for one in kept}
        followed = FollowUp(
            changes=tuple(promises.changes_of(before, after)),
            answers=tuple(answers_of(sent, ()) if sent else ()),
        )
        page = Page(now, Mode.SEND, sync_state="", decisions=tuple(decisions), followed=followed)
        self._ledger.record(replace(page, swapped=swapped))

    def _pass_time(self, now: datetime) -> None:
        """What the service would have done by now: send what is due."""
        if not self._waiting or self._waiting[0] > now:
            return
        while self._waiting and self._waiting[0] <= now:
            heapq.heappop(self._waiting)
        for kind in EffectKind:
            while due := self._ledger.due(now, kind, BATCH):
                promises.settle(self._ledger, {pending.effect.token: Done() for pending in due})

    # --- what became of it ----------------------------------------------------------------------

    def _replayed(self, entry: LogEntry) -> Replayed:
        judged = entry.judged
        mail = self._seen[judged.message_id]
        letter = next((e for e in entry.effects if e.kind is EffectKind.ACKNOWLEDGEMENT), None)
        outcome = _outcome(letter, entry)
        is_question = outcome is not Outcome.LEFT
        promise = entry.promise if is_question else None
        return Replayed(
            mail=replace(mail, message_id=judged.message_id),
            verdict=judged.verdict,
            outcome=outcome,
            why="" if is_question else _why(letter, entry),
            due=promise.due if promise and promise.is_of_answer else None,
            leaves=letter.not_before if letter and is_question else None,
            answered=self._answered.get(judged.message_id),
            is_marked_answered=mail.is_marked_answered,
            letter=promise.question.letter if promise else None,
            has_task=any(_is_task(effect) for effect in entry.effects),
        )


def replay(
    mailbox: Mailbox,
    ledger: Ledger,
    settings: Settings,
    span: tuple[datetime, datetime],
    limit: int | None = None,
    tell: Callable[[datetime, int], None] = lambda reached, count: None,
) -> Report:
    """Live through a span of the mailbox's past with an empty ledger; `limit` keeps the newest mails. `tell`
    hears how far it is: a moment, and the number of mails."""
    begin, now = span
    rehearsal = Replay(ledger, settings, begin)
    directory = colleagues.Rehearsal(mailbox, now)
    for one in mailbox.past(begin, limit):
        rehearsal.settings = directory.looked_up(rehearsal.settings, one)
        tell(rehearsal.take(one), rehearsal.count)
    return rehearsal.report(now)


def _outcome(letter: Effect | None, entry: LogEntry) -> Outcome:
    if letter is None:
        return Outcome.LEFT
    if letter.state is not EffectState.CANCELLED:
        return Outcome.ACKNOWLEDGED
    return Outcome.IN_TIME if entry.promise and entry.promise.state is PromiseState.KEPT else Outcome.LEFT


def _is_task(effect: Effect) -> bool:
    return effect.kind is EffectKind.TASK and effect.state is not EffectState.CANCELLED


def _why(letter: Effect | None, entry: LogEntry) -> str:
    if letter is not None:
        return entry.judged.closed
    if entry.judged.verdict.acknowledge:
        return "the mailbox's own out-of-office reply is on: the task alone, no letter"
    return entry.judged.verdict.reason
