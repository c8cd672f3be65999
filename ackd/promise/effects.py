"""What becomes of one effect → how its promise stands from then on. See `promise.snapshots`.

Servers keep the copy in Sent Items before they hand a mail over, and stop at the first one that fails. So
of a failed request's letters, in their order, the last one that has a copy may have reached nobody;
those before it went out, and those after it were not done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime

from ackd.model import (
    DOUBTFUL,
    SEEN,
    Done,
    Effect,
    EffectKind,
    EffectState,
    Happening,
    Outcome,
    PromiseSnapshot,
    PromiseState,
    Refused,
    Stamp,
    TaskUpdate,
    Unknown,
    Urgency,
    token_of,
)
from ackd.promise.snapshots import closed, noted, with_effect, with_update, without_text

NO_MORE_TRIES = 1000
_UNKNOWN_LETTERS = 4  # one more than are reckoned with that another ackd knows of, and this one doesn't
#: A letter in these states is settled by a copy of it, or made doubtful.
_OPEN = (EffectState.PLANNED, EffectState.UNKNOWN, EffectState.PARKED)
#: Letters that tell the asker a date.
_DATED = (EffectKind.ACKNOWLEDGEMENT, EffectKind.NEW_DATE, EffectKind.APOLOGY)


# --- attempts ---------------------------------------------------------------------------------


def attempted(snapshot: PromiseSnapshot, token: str, now: datetime, stamp: Stamp | None) -> PromiseSnapshot:
    """A planned effect is about to be done; what isn't planned any more stays as it is. What became of
    an earlier try is over, and an acknowledgement that lay in Drafts names the date as it is now."""
    effect = snapshot.effect(token)
    if effect is None or effect.state is not EffectState.PLANNED:
        return snapshot
    begun = replace(
        effect,
        state=EffectState.ATTEMPTING,
        attempted=now,
        tries=effect.tries + 1,
        note="",
        failure=None,
        stamp=stamp or effect.stamp,
        moment=snapshot.promise.due if effect.was_drafted else effect.moment,
    )
    return with_effect(snapshot, begun)


def settled(snapshot: PromiseSnapshot, token: str, outcome: Outcome) -> PromiseSnapshot:
    """What became of an attempt. What is done stays done, whatever comes later."""
    effect = snapshot.effect(token)
    if effect is None:
        return snapshot
    if not isinstance(outcome, Done) and outcome.failure:  # its place there is the ledger's to keep
        effect = replace(effect, failure=None)
        snapshot = with_effect(snapshot, effect)
    if effect.state is EffectState.DONE:
        return snapshot
    if isinstance(outcome, Done):
        return _done(snapshot, effect, "")
    return with_effect(snapshot, _not_done(effect, outcome))


def _not_done(effect: Effect, outcome: Refused | Unknown) -> Effect:
    if isinstance(outcome, Refused) and outcome.retry:
        return replace(effect, state=EffectState.PLANNED, note=outcome.reason, tries=effect.tries - 1)
    if isinstance(outcome, Refused) or (effect.kind.is_notice and outcome.failure):
        return given_up(effect, outcome.reason)
    return replace(effect, state=EffectState.UNKNOWN, note=outcome.reason)


def given_up(effect: Effect, note: str) -> Effect:
    """An effect that a person is to see to; of a notice the next one tells."""
    state = EffectState.CANCELLED if effect.kind.is_notice else EffectState.PARKED
    return replace(effect, state=state, note=note)


def put(
    snapshot: PromiseSnapshot, token: str, was: EffectState, state: EffectState, note: str
) -> PromiseSnapshot:
    """A decision of ours about an effect (park, cancel, try again), unless it is in another state by now
    than it was."""
    effect = snapshot.effect(token)
    if effect is None or effect.state is not was:
        return snapshot
    if state is EffectState.PARKED:
        return with_effect(snapshot, given_up(effect, note))
    after = with_effect(snapshot, replace(effect, state=state, note=note))
    is_over = after.promise.state is not PromiseState.OPEN
    # of another task that wasn't made after all, those before it are to show the end
    return replace(after, shows=False) if is_over and after.earlier_tasks else after


def counted_anew(snapshot: PromiseSnapshot, token: str, stamp: Stamp) -> PromiseSnapshot:
    """From now on the time since the attempt counts."""
    effect = snapshot.effect(token)
    return with_effect(snapshot, replace(effect, stamp=stamp)) if effect else snapshot


# --- what is seen in the mailbox --------------------------------------------------------------


def found(
    snapshots: Mapping[str, PromiseSnapshot], tokens: Collection[str]
) -> tuple[dict[str, PromiseSnapshot], frozenset[str]]:
    """Tokens that stand in the mailbox: their effects are done, by whomever. Only of a letter that the
    server said had failed the copy may prove nothing: it is shown to a person. Returns the promises
    from then on, and which of the tokens are doubtful. `snapshots` hold all letters of failed requests."""
    made = {name: _copied(snapshot, tokens) for name, snapshot in snapshots.items()}
    of = {effect.token: name for name, one in made.items() for effect in one.effects}
    doubted: set[str] = set()
    for token in tokens:
        if token not in of:
            continue
        *out, last = _with_copy(made, made[of[token]].effect(token)) or [token]
        effect = made[of[last]].effect(last)
        assert effect is not None
        for each in out if effect.failure else (last,):
            made[of[each]] = seen(made[of[each]], each)
        if effect.failure and effect.state in _OPEN:
            doubted.add(last)
            made[of[last]] = _doubted(made[of[last]], effect)
    return made, frozenset(doubted & set(tokens))


def _copied(snapshot: PromiseSnapshot, tokens: Collection[str]) -> PromiseSnapshot:
    def marked(effect: Effect) -> Effect:
        if effect.failure is None or effect.token not in tokens:
            return effect
        return replace(effect, failure=replace(effect.failure, copied=True))

    return replace(snapshot, effects=tuple(map(marked, snapshot.effects)))


def _with_copy(snapshots: Mapping[str, PromiseSnapshot], letter: Effect | None) -> list[str]:
    """Of a letter's failed request, those that have copies, in their order; none where nobody said that
    it failed."""
    if letter is None or letter.failure is None:
        return []
    effects = (effect for snapshot in snapshots.values() for effect in snapshot.effects)
    told = [
        (e.failure, e.token) for e in effects if e.failure and e.failure.request == letter.failure.request
    ]
    return [token for failure, token in sorted(told, key=lambda one: one[0].place) if failure.copied]


def seen(snapshot: PromiseSnapshot, token: str) -> PromiseSnapshot:
    """An effect's token stands in the mailbox."""
    effect = snapshot.effect(token)
    if effect is None:
        return snapshot
    if effect.state is EffectState.DONE:
        return with_effect(snapshot, replace(effect, seen=True))
    return _done(snapshot, replace(effect, seen=True), SEEN)


def counted_otherwise(effect: Effect) -> frozenset[str]:
    """The tokens of the letter with which another ackd tells the same new date: it may know of more letters
    before, or of fewer. None of another letter."""
    if effect.kind is not EffectKind.NEW_DATE:
        return frozenset()
    moves, _, day = effect.occasion.partition(" ")
    return telling(effect.message_id, date.fromisoformat(day), int(moves))


def telling(question: str, day: date, moves: int) -> frozenset[str]:
    """The tokens of the letters with which any ackd tells this new date, where about so many were told before
    it."""
    counts = range(moves + _UNKNOWN_LETTERS)
    return frozenset(
        token_of(question, EffectKind.NEW_DATE, f"{count} {day.isoformat()}") for count in counts
    )


def told_by_another(snapshot: PromiseSnapshot, token: str) -> PromiseSnapshot:
    """What this letter is to tell was told by another ackd's, which has a token of its own."""
    effect = snapshot.effect(token)
    return _done(snapshot, effect, SEEN) if effect and effect.state is EffectState.PLANNED else snapshot


def _doubted(snapshot: PromiseSnapshot, effect: Effect) -> PromiseSnapshot:
    """A letter's copy proves nothing: a person is asked, while its promise is open."""
    is_open = snapshot.promise.state is PromiseState.OPEN
    state = EffectState.PARKED if is_open else EffectState.CANCELLED
    return with_effect(snapshot, replace(effect, state=state, note=DOUBTFUL))


def drafted(snapshot: PromiseSnapshot, token: str) -> PromiseSnapshot:
    """A letter lies in Drafts and waits for the owner. An acknowledgement there names a date, which is
    kept: that of its promise as it lies there for the first time."""
    effect = snapshot.effect(token)
    if effect is None or effect.state is EffectState.DONE:
        return snapshot
    after = with_effect(snapshot, replace(_dated(snapshot, effect), state=EffectState.DRAFTED, note=""))
    if effect.kind is not EffectKind.ACKNOWLEDGEMENT:
        return after
    notice = urgent_notice(after, effect.attempted or snapshot.promise.question.received)
    return replace(after, effects=(*after.effects, *notice))


def urgent_notice(snapshot: PromiseSnapshot, at: datetime) -> tuple[Effect, ...]:
    """The mail to the owner that tells at once of an urgent question's acknowledgement in Drafts: once."""
    promise = snapshot.promise
    is_urgent = promise.question.urgency is Urgency.URGENT and promise.state is PromiseState.OPEN
    waits = snapshot.state_of(EffectKind.ACKNOWLEDGEMENT) is EffectState.DRAFTED
    if not is_urgent or not waits or snapshot.state_of(EffectKind.DRAFT_NOTICE) is not None:
        return ()
    return (Effect(EffectKind.DRAFT_NOTICE, snapshot.name, at),)


def owner_items(snapshot: PromiseSnapshot, at: datetime, *, has_entry: bool) -> tuple[Effect, ...]:
    """The task, and with `has_entry` the calendar entry, of a promise that has none: what was cancelled is
    wanted again, and what nobody planned is new."""
    kinds = (EffectKind.TASK, EffectKind.APPOINTMENT) if has_entry else (EffectKind.TASK,)
    last = {effect.kind: effect for effect in snapshot.effects}
    items = (last.get(kind, Effect(kind, snapshot.name, at, EffectState.CANCELLED)) for kind in kinds)
    missing = (item for item in items if item.state is EffectState.CANCELLED)
    return tuple(replace(item, state=EffectState.PLANNED, not_before=at) for item in missing)


def _dated(snapshot: PromiseSnapshot, effect: Effect) -> Effect:
    is_first = effect.kind is EffectKind.ACKNOWLEDGEMENT and effect.moment is None
    return replace(effect, moment=snapshot.promise.due) if is_first else effect


# --- what follows when it is done -------------------------------------------------------------


def _done(snapshot: PromiseSnapshot, effect: Effect, note: str) -> PromiseSnapshot:
    """What follows when an effect is done: the question's text isn't needed once the task and the
    calendar entry that show it are made; the asker knows the date that a letter named; a letter
    that refers the asker elsewhere leaves no promise open."""
    kind, question = effect.kind, snapshot.promise.question
    now = effect.attempted or question.received
    after = with_effect(snapshot, replace(effect, state=EffectState.DONE, note=note))
    undone = [one for one in after.effects if not one.state.is_settled]
    if kind.is_owner_item and not any(one.kind.is_owner_item for one in undone):
        after = without_text(after)
    if kind in _DATED:
        after = _told(after, effect, now)
    is_first = kind is EffectKind.ACKNOWLEDGEMENT and effect.tries > 0  # and not another ackd's letter
    if kind is EffectKind.NEED_MORE or (is_first and question.asks_for_more):
        after = replace(after, promise=replace(after.promise, waits=True))
    if kind is EffectKind.CANNOT_HELP:
        return closed(after, PromiseState.WITHDRAWN, now, "you can't help, and the asker was told")
    if question.is_referred and not undone:
        return closed(after, PromiseState.WITHDRAWN, now, f"answered by the letter {question.letter}")
    return after


def _told(snapshot: PromiseSnapshot, effect: Effect, now: datetime) -> PromiseSnapshot:
    """The asker knows a date; that of an apology is promised anew."""
    promise, kind = snapshot.promise, effect.kind
    told = effect.moment or promise.due
    if kind is EffectKind.ACKNOWLEDGEMENT:
        shows = True if promise.state is PromiseState.OPEN else snapshot.shows
        after = replace(snapshot, promise=replace(promise, told=told), shows=shows)
        return with_update(after, TaskUpdate(remember=True)) if promise.question.is_held else after
    new = replace(promise, told=told, moves=promise.moves + 1)
    if kind is EffectKind.APOLOGY:
        new = replace(new, due=told, reminder=promise.reminder + (told - promise.due))
    update = TaskUpdate(date=kind is EffectKind.APOLOGY, remember=True)
    return noted(with_update(replace(snapshot, promise=new), update), now, Happening.TOLD, due=told)


# --- once more --------------------------------------------------------------------------------


def planned_anew(
    snapshot: PromiseSnapshot, token: str, now: datetime, note: str, *, is_draft: bool = False
) -> PromiseSnapshot:
    """An effect once more from its beginning; its token is looked for first. With `is_draft` an
    acknowledgement that lay in Drafts is written there again, whatever the mode is by then."""
    effect = snapshot.effect(token)
    if effect is None:
        return snapshot
    again = replace(effect, state=EffectState.PLANNED, not_before=now, tries=0, verify_first=True, note=note)
    if is_draft:
        again = _dated(snapshot, again)
    elif effect.kind is EffectKind.ACKNOWLEDGEMENT:
        again = replace(again, moment=None)
    return with_effect(snapshot, again)


def sent_again(snapshot: PromiseSnapshot, token: str, now: datetime, note: str) -> PromiseSnapshot:
    """A parked effect once more by the owner's word. A letter of which a copy stands in Sent Items though
    it failed becomes a letter of its own: that copy says nothing about it."""
    effect = snapshot.effect(token)
    if effect is None or effect.state is not EffectState.PARKED:
        return snapshot
    if effect.failure and effect.failure.copied:
        effect = replace(effect, occasion=f"{effect.occasion} again".strip(), failure=None)
        snapshot = with_effect(snapshot, effect, token)
    return planned_anew(snapshot, effect.token, now, note)


def left_unsent(snapshot: PromiseSnapshot, now: datetime, why: str) -> PromiseSnapshot:
    """Nothing that was left unsent is sent later, after a change of mode or a hold: a promise whose
    acknowledgement wasn't attempted is withdrawn, later letters are cancelled. What is in doubt gets no
    further try: found, or a case for a person. What waits in Drafts for the owner goes on waiting there,
    also while it is written anew. Notices to the owner go out whatever was held."""

    def stopped(effect: Effect) -> Effect:
        if effect.kind.is_notice:
            return effect
        if effect.state in (EffectState.ATTEMPTING, EffectState.UNKNOWN):
            return replace(effect, tries=NO_MORE_TRIES)
        is_later = effect.kind.is_letter and effect.kind is not EffectKind.ACKNOWLEDGEMENT
        if is_later and effect.state is EffectState.PLANNED:
            return replace(effect, state=EffectState.CANCELLED, note=why)
        return effect

    after = replace(snapshot, effects=tuple(map(stopped, snapshot.effects)))
    is_unsent = any(
        effect.kind is EffectKind.ACKNOWLEDGEMENT
        and effect.state is EffectState.PLANNED
        and not effect.was_drafted
        for effect in after.effects
    )
    return closed(after, PromiseState.WITHDRAWN, now, why) if is_unsent else after
