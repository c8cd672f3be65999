"""Effects that are due, done exactly once: looked for, journaled, written, journaled.

docs/design.md, Exactly once: a write is never repeated without looking, and what can't be known is
shown to a person.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from ackd.engine import (
    alarms,
    drafts,
    greetings,
    hold,
    notices,
    observations,
    promises,
    questions,
    reconcile,
    reply_check,
    unmarked,
    vanished,
    waiting,
)
from ackd.engine.context import Tally
from ackd.engine.triage import Settings, only_excuses
from ackd.engine.unsent import MADE, Unsent
from ackd.errors import AckdError
from ackd.letters import TaskStyle, TemplateProblem, later_letter, letter
from ackd.letters.task import appointment, task
from ackd.model import (
    TASK_GONE,
    UNKNOWABLE,
    Appointment,
    Done,
    EffectKind,
    EffectState,
    Lease,
    Letter,
    Outcome,
    Pending,
    Place,
    PromiseState,
    Refused,
    Task,
    Unknown,
    ValueKey,
)
from ackd.model.followup import DELETED
from ackd.ports import Clock, Ledger, Mailbox
from ackd.promise.plan import replan

log = logging.getLogger(__name__)

BATCH = 100
TRIES = 2
EXCUSE = "too late: it could only excuse that the answer comes after the wished time"


#: What is written to the mailbox.
Item = Letter | Task | Appointment


class Outbox:
    """Does due effects, a batch of each kind at a time."""

    def __init__(
        self, mailbox: Mailbox, ledger: Ledger, clock: Clock, settings: Settings, tally: Tally
    ) -> None:
        self.mailbox = mailbox
        self.ledger = ledger
        self.clock = clock
        self.settings = settings
        self._tally = tally
        self._notices: dict[str, Letter | Task] = {}  # mails to the owner of this batch, rendered
        self._answered_now: set[str] = set()  # questions whose letters this very act sent
        self._unsent = Unsent()

    def count_waits(self) -> None:
        """Waits of which it can't be known how long they have lasted begin anew."""
        stamp = waiting.stamp(self.mailbox, self.clock)
        doubtful = self.ledger.in_state(EffectState.ATTEMPTING, EffectState.UNKNOWN)
        waiting.count_anew(self.ledger, [*doubtful, *vanished.unseen(self.ledger)], stamp)
        drafts.count_anew(self.ledger, stamp)

    def has_work(self) -> bool:
        """Whether an effect is due, or a doubtful one is to be looked for. Nothing is written."""
        now = self.clock.now()
        due = not self.ledger.due_kinds(now).isdisjoint(hold.allowed(self.ledger))
        if due or self._doubtful() or self._ripe(vanished.unseen(self.ledger)) or self.ledger.has_updates():
            return True
        stamp = waiting.stamp(self.mailbox, self.clock)
        tells = notices.is_due(self.ledger, self.settings, now)
        return tells or drafts.is_time(self.ledger, self.settings, stamp)

    def unfinished(self) -> str:
        """In words, what is due and wasn't done; "" if nothing. What waits for its time, or
        for a person, isn't left work."""
        now = self.clock.now()
        allowed = self.ledger.due_kinds(now) & frozenset(hold.allowed(self.ledger))
        due = sum(len(self.ledger.due(now, kind, BATCH)) for kind in allowed)
        doubtful = len(self.ledger.in_state(EffectState.ATTEMPTING, EffectState.UNKNOWN))
        return f"{due} effects due, {doubtful} with unknown outcome" if due or doubtful else ""

    def act(self, lease: Lease) -> bool:
        """Do what is due now; letters first, since a task waits for its letter. Returns whether
        anything was done. Raises AckdError where the mailbox refuses as a whole."""
        waiting.check(self.mailbox, self.clock.now())
        self._answered_now.clear()
        vanished.settle(self.mailbox, self.ledger, self.clock, self._ripe(vanished.unseen(self.ledger)))
        if drafts.is_time(self.ledger, self.settings, waiting.stamp(self.mailbox, self.clock)):
            self._tally.acknowledged += drafts.look(self.mailbox, self.ledger, self.clock, self.settings)
        did = self._look_for_doubtful(lease)
        notices.plan(self.mailbox, self.ledger, self.settings, self.clock.now())
        due = self.ledger.due_kinds(self.clock.now())
        for kind in EffectKind:
            # asked anew for each batch: a pause stops sending at once
            if kind.is_owner_item or (kind in due and hold.allows(self.ledger, kind)):
                did |= self._write_batch(lease, kind)  # the owner's may be due once its letter is out
        did |= alarms.tend(self.mailbox, self.ledger, self.clock.now())
        return did | reconcile.tend(self.mailbox, self.ledger, self.clock, self.settings)

    # --- writing ----------------------------------------------------------------------------

    def _write_batch(self, lease: Lease, kind: EffectKind) -> bool:
        now = self.clock.now()
        due = list(self.ledger.due(now, kind, BATCH))
        if kind.is_to_owner:  # what says nothing isn't looked for
            self._notices = notices.rendered(self.mailbox, self.ledger, self.settings, due, now)
            due = [pending for pending in due if pending.effect.token in self._notices]
        looked = due = self._without_found(due, lease)
        if kind is EffectKind.ACKNOWLEDGEMENT:
            due = self._needed(self._in_time(due), lease, now)
        due = vanished.still_open(self.mailbox, self.ledger, self.clock, self._still_true(due))
        if kind is EffectKind.TASK:
            due = reconcile.take_orders_off(self.mailbox, self.settings, due)
        drafted = [p for p in due if drafts.is_for_owner(p.effect, self.settings)]
        sent = [p for p in due if p not in drafted]
        self._unsent.drop_stale(self.mailbox, looked, sent)
        did = self._write_some(lease, kind, drafted, is_draft=True)
        return self._write_some(lease, kind, sent, is_draft=False) or did

    def _needed(self, due: Sequence[Pending], lease: Lease, now: datetime) -> list[Pending]:
        """The acknowledgements that a last look speaks not against. Those that another ackd may have sent
        just now are looked for later."""
        unwanted = [p for p in due if not promises.is_ordered(p)]
        signs = reply_check.signs_of(self.mailbox, unwanted)
        needless = reply_check.withdraw_needless(self.ledger, unwanted, signs, now)
        needed = [p for p in due if p.effect.message_id not in needless]
        claimed = reply_check.promised_elsewhere(needed, signs, self.settings.category)
        wanted = [p.effect.token for p in claimed]
        ask = partial(waiting.may_begin, self.mailbox, self.clock, lease, now)
        begun = promises.attempt(self.ledger, wanted, now, ask, guard=hold.GUARD).tokens
        unknown = Unknown("the question shows as promised: another ackd may have sent it")
        self._settle(dict.fromkeys(begun, unknown))
        return [p for p in needed if p not in claimed]

    def _write_some(self, lease: Lease, kind: EffectKind, due: Sequence[Pending], *, is_draft: bool) -> bool:
        """Write what is due, unless the owner paused or withdrew it a moment ago. Returns whether
        anything was done."""
        now = self.clock.now()
        items = self._make_items(kind, due, now)
        ask = partial(waiting.may_begin, self.mailbox, self.clock, lease, now)
        guard = None if kind.is_owner_item or kind.goes_while_held else hold.GUARD
        begun = promises.attempt(self.ledger, [item.token for item in items], now, ask, guard=guard)
        items = [item for item in items if item.token in begun.tokens]
        if not items:
            return False
        try:
            outcomes = self._write(kind, items, is_draft=is_draft)
        except AckdError as error:  # refused as a whole, for certain: nothing was done
            self._settle(dict.fromkeys((one.token for one in items), Refused(str(error), retry=True)))
            raise
        by_token = {item.token: outcome for item, outcome in zip(items, outcomes, strict=True)}
        if is_draft:
            promises.drafted(self.ledger, [token for token, o in by_token.items() if isinstance(o, Done)])
            by_token = {token: o for token, o in by_token.items() if not isinstance(o, Done)}
        self._settle(by_token, items, begun.promises)
        observations.written(self.ledger, outcomes, now, sent=kind.is_letter and not is_draft)
        sent = {token for token, outcome in by_token.items() if isinstance(outcome, Done)}
        answered = (p.effect.message_id for p in due if p.effect.token in sent)
        self._answered_now.update(answered if kind is EffectKind.ACKNOWLEDGEMENT else ())
        self._tell(kind, by_token)
        self._find(kind, [t for t, outcome in by_token.items() if isinstance(outcome, Unknown)])
        return not all(isinstance(o, Refused) and o.retry for o in outcomes)

    def _settle(
        self,
        outcomes: dict[str, Outcome],
        items: Sequence[Item] = (),
        known: promises.Snapshots = promises.NOTHING,
    ) -> None:
        promises.settle(self.ledger, outcomes, reconcile.made(items, outcomes), known)
        self._unsent.keep(self.ledger, outcomes)

    def _make_items(self, kind: EffectKind, due: Sequence[Pending], now: datetime) -> list[Item]:
        """The items in full. One that can't be made is parked and the rest goes on."""
        items: list[Item] = []
        askers = [p.promise.question.asker for p in due if kind.is_letter and not kind.is_to_owner]
        names = greetings.told(askers, self.mailbox, self.ledger, now)
        style = self.settings.task_style
        if due and kind.is_owner_item:
            style = questions.task_style(self.mailbox, self.ledger, self.settings, now)
        for pending in due:
            try:
                items.append(self._make(pending, now, names.get(pending.promise.question.asker.key), style))
            except (ValueError, TemplateProblem):
                why = "it can't be written: try `ackd letter preview`"
                promises.put(self.ledger, [pending.effect], EffectState.PARKED, why)
        return items

    def _make(self, pending: Pending, now: datetime, given: str | None, style: TaskStyle) -> Item:
        s, effect, promise = self.settings, pending.effect, pending.promise
        if effect.kind.is_to_owner:
            return self._notices[effect.token]
        if effect.kind.is_letter:
            is_first = effect.kind is EffectKind.ACKNOWLEDGEMENT
            made = (
                letter(promise, s.owner, s.calendar, s.letters, now, s.absence, given)
                if is_first
                else later_letter(effect, promise, s.owner, s.calendar, s.letters, now, given)
            )
            made = replace(made, token=effect.token)
            self._tell_of_template(made)
            return made
        category = promise.question.category or s.category
        if effect.kind is EffectKind.APPOINTMENT:
            return appointment(promise, s.owner, s.calendar, category, now, style)
        return replace(task(promise, s.owner, s.calendar, category, now, style), token=effect.token)

    def _still_true(self, due: Sequence[Pending]) -> list[Pending]:
        """Letters whose date is the promise's still; the others aren't wanted any more."""
        stale = [p.effect for p in due if not drafts.is_of_date(p.effect, p.promise)]
        promises.put(self.ledger, stale, EffectState.CANCELLED, "the promise has another date by now")
        return [pending for pending in due if pending.effect not in stale]

    def _tell_of_template(self, made: Letter) -> None:
        """The owner's own template failed and the packaged one stood in: said in `ackd status`."""
        if made.fell_back and made.fell_back != self.ledger.value(ValueKey.TEMPLATE_TROUBLE):
            self.ledger.remember(ValueKey.TEMPLATE_TROUBLE, made.fell_back)
            log.warning("event=template: %s", made.fell_back)

    def _write(self, kind: EffectKind, items: Sequence[Item], *, is_draft: bool) -> list[Outcome]:
        if kind.is_task:
            return self.mailbox.create_tasks([item for item in items if isinstance(item, Task)])
        if kind is EffectKind.APPOINTMENT:
            made = [item for item in items if isinstance(item, Appointment)]
            return self.mailbox.create_appointments(made)
        letters = [item for item in items if isinstance(item, Letter)]
        return self.mailbox.draft(letters) if is_draft else self._unsent.send(self.mailbox, letters)

    def _in_time(self, due: Sequence[Pending]) -> list[Pending]:
        """The effects with dates that can be kept now, without those for which it is too late for "received",
        or to say that it won't be in time for what was wished: of these the task is left."""
        s, now, kept = self.settings, self.clock.now(), []
        waiting.check(self.mailbox, now)
        oldest = s.calendar.usual.subtract(now, s.max_age)
        for pending in due:
            question, wanted = pending.promise.question, promises.is_ordered(pending)
            if not wanted and question.received < oldest:
                why = f"too late: it came more than {s.max_age} before it could be acknowledged"
                promises.close(self.ledger, question.message_id, PromiseState.WITHDRAWN, now, why)
                continue
            promise = replan(pending.promise, s.calendar, s.rules, now)
            if promise != pending.promise:
                promises.reschedule(self.ledger, question.message_id, promise.due, promise.reminder)
            if not wanted and only_excuses(promise, now, s):
                promises.put(self.ledger, [pending.effect], EffectState.CANCELLED, EXCUSE)
                continue
            kept.append(replace(pending, promise=promise))
        return kept

    # --- looking before acting, and again after doubt ----------------------------------------

    def _without_found(self, due: Sequence[Pending], lease: Lease) -> list[Pending]:
        """What of the batch isn't in the mailbox yet, where there is reason to look."""
        seen = self._seen_elsewhere(due)
        doubted = [p for p in due if self._is_doubted(p, seen)]
        if not doubted:
            return list(due)
        wanted = [p.effect.token for p in doubted if promises.is_ordered(p)]
        found = self._find(doubted[0].effect.kind, [p.effect.token for p in doubted], wanted=wanted)
        found |= self._unsent.park(self.ledger, [p.effect for p in doubted])
        is_task = doubted[0].effect.kind is EffectKind.TASK  # of a calendar entry nobody is asked
        if is_task:
            found |= self._take_over([p for p in doubted if p.effect.token not in found], lease)
        # acknowledged before, and the task is nowhere: made never, or deleted
        gone, note = seen - found, TASK_GONE
        if is_task and not self.mailbox.sees_deleted_tasks:
            for question in {p.effect.message_id for p in doubted if p.effect.token in gone}:
                promises.close(self.ledger, question, PromiseState.WITHDRAWN, self.clock.now(), DELETED)
            is_task = False
        state = EffectState.PARKED if is_task else EffectState.CANCELLED
        promises.put(self.ledger, [p.effect for p in due if p.effect.token in gone], state, note)
        return [p for p in due if p.effect.token not in found and p.effect.token not in gone]

    def _take_over(self, missing: Sequence[Pending], lease: Lease) -> frozenset[str]:  # see `unmarked`
        may_write = partial(waiting.may_write, self.mailbox, self.clock, lease, self.clock.now())
        return unmarked.take_over(self.mailbox, self.ledger, self.clock, self.settings, missing, may_write)

    def _is_doubted(self, pending: Pending, seen: Collection[str]) -> bool:
        """Whether it is looked for before it is done."""
        if pending.effect.tries:
            return pending.effect.note == MADE
        return pending.effect.token in seen or self._is_old(pending)

    def _is_old(self, pending: Pending) -> bool:
        """Whether another may have done it: it was planned late, or it is a task whose letter didn't go out
        just now (this ledger may be a restored backup), or a calendar entry, of which no sync tells."""
        effect = pending.effect
        if effect.kind in (EffectKind.ACKNOWLEDGEMENT, EffectKind.HOLD_NOTICE):
            return effect.verify_first
        is_new = effect.kind is EffectKind.TASK and effect.message_id in self._answered_now
        return effect.verify_first or not is_new

    def _seen_elsewhere(self, due: Sequence[Pending]) -> set[str]:
        """Of tasks and calendar entries those whose question was acknowledged by another ledger than this
        one. A task of a question that was taken up again is wanted by the owner's word."""
        first = [p.effect for p in due if p.effect.kind.is_owner_item and not p.effect.occasion]
        known = self.ledger.snapshots([effect.message_id for effect in first]) if first else {}
        return {e.token for e in first if (one := known.get(e.message_id)) and one.was_found}

    def _look_for_doubtful(self, lease: Lease) -> bool:
        """Effects whose outcome is not known: found, or a task that stands there unmarked → done; absent for
        the waiting time → one more try; doubtful again → parked. Returns whether any was settled."""
        pending = self._doubtful()
        ripe = {p.effect.token for p in self._ripe(pending)}
        doubtful = [p.effect for p in pending]
        now = self.clock.now()
        wanted = {p.effect.token for p in pending if drafts.is_wanted(p, self.ledger, self.settings, now)}
        done = {
            t for kind in EffectKind for t in self._find(kind, [e.token for e in doubtful if e.kind is kind])
        }
        done |= self._unsent.settle(self.mailbox, self.ledger, {e.token for e in doubtful} - done, wanted)
        tasks = [p for p in pending if p.effect.kind is EffectKind.TASK and p.effect.token in ripe - done]
        done |= self._take_over(tasks, lease)
        absent = [e for e in doubtful if e.token not in done]
        early = [e for e in absent if e.token not in ripe]
        unclear = self._unsent.park(self.ledger, [e for e in absent if e.token in ripe])
        over = [e for e in absent if e.token in ripe - unclear]
        needless = [e for e in over if e.token not in wanted]
        again = [e for e in over if e.token in wanted and e.tries < TRIES]
        parked = [e for e in over if e.token in wanted and e.tries >= TRIES]
        promises.put(self.ledger, early, EffectState.UNKNOWN, "not found yet: looked for again")
        promises.put(self.ledger, needless, EffectState.CANCELLED, "not found, and not wanted any more")
        promises.put(self.ledger, again, EffectState.PLANNED, "not found: tried once more")
        promises.put(self.ledger, parked, EffectState.PARKED, UNKNOWABLE)
        return bool(done or over or unclear)

    def _doubtful(self) -> list[Pending]:
        """Effects that a crash left in the middle, and unknown ones whose time to look has come."""
        pending = self.ledger.in_state(EffectState.ATTEMPTING, EffectState.UNKNOWN)
        ripe = self._ripe([one for one in pending if one.effect.state is EffectState.UNKNOWN])
        return [*(one for one in pending if one.effect.state is EffectState.ATTEMPTING), *ripe]

    def _ripe(self, pendings: Sequence[Pending]) -> list[Pending]:
        return waiting.ripe(pendings, waiting.stamp(self.mailbox, self.clock), self.settings.recheck_after)

    def _find(self, kind: EffectKind, tokens: Sequence[str], *, wanted: Sequence[str] = ()) -> frozenset[str]:
        """Look for things of ours and write down what is found; returns which. A draft that the owner
        threw away wasn't sent: `drafts` sees to it, but the owner may want such a letter after all
        (`wanted`)."""
        if not tokens:
            return frozenset()
        found = self._unsent.apart(self.mailbox.find(tokens), tokens)
        places = {t: p for t, p in found.items() if p is not Place.THROWN_AWAY or t not in wanted}
        drafted = [t for t, place in places.items() if place in (Place.DRAFTS, Place.THROWN_AWAY)]
        done = [token for token in places if token not in drafted]
        promises.drafted(self.ledger, drafted)
        if kind is EffectKind.TASK and done:  # first: what counts as done isn't looked for again
            reconcile.follow_found(self.mailbox, self.ledger, done, self.clock.now())
        if doubtful := promises.found(self.ledger, done):
            log.warning("event=letter-doubtful count=%d: told as failed, with a copy", len(doubtful))
        done = [token for token in done if token not in doubtful]
        self._tell(kind, dict.fromkeys(done, Done()))
        return frozenset(places)

    def _tell(self, kind: EffectKind, outcomes: dict[str, Outcome]) -> None:
        for outcome in outcomes.values():
            if kind is EffectKind.ACKNOWLEDGEMENT and isinstance(outcome, Done):
                self._tally.acknowledged += 1
            log.info("event=%s outcome=%s", kind.value, type(outcome).__name__.lower())
