"""Facts of a question → a promise, and what is to be done about it.

The promised moment:

1. The span is the rule's for the urgency. It counts from the arrival; where ackd comes too late
   for the grace period (it was down), from now, since a span that passed unseen can't be kept.
2. A deadline within one working day makes a question urgent. A deadline that can be met is never
   exceeded. It can be met if at least half of the urgent span is left after the acknowledgement
   leaves: an owner who takes four hours for what is urgent can't be bound to twenty minutes.
3. It is rounded up to a quarter of an hour by the owner's clock (down, where a deadline sets it),
   lies within working hours, and at least a quarter of an hour after the acknowledgement. The first
   minute of a day's work is no time to have answered by: it becomes ten o'clock (an hour later where work
   begins late), unless a deadline wants it so.
4. A day with `per_day` promises is full: the next working day with room takes it, unless a
   deadline that can be met forbids.
5. While the owner is away no working time passes, so that the promise falls after the return.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from ackd.model import (
    Duration,
    Effect,
    EffectKind,
    Facts,
    Promise,
    Question,
    Unit,
    Urgency,
)
from ackd.promise.calendar import Calendar
from ackd.text.headers import offset_of

_NOTHING = Duration(0, Unit.BUSINESS_HOURS)
_ROOM = Duration(0.25, Unit.BUSINESS_HOURS)  # between the acknowledgement and the promised moment
_LATE = Duration(0.5, Unit.BUSINESS_HOURS)  # an acknowledgement that leaves so much later is late
_A_DAY = Duration(1, Unit.BUSINESS_DAYS)
_QUARTER = timedelta(minutes=15)
_EARLY = timedelta(minutes=30)  # a letter that tells of a missed deadline so long before it still helps
_SECOND = timedelta(seconds=1)
_AN_HOUR = timedelta(hours=1)
_MORNING = time(10)
_LONGEST_SHIFT = 366  # working days that a full calendar may move a promise
_MOST_TEXT = 10_000  # characters of the question that are kept for the task
_EMPTY: Mapping[date, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PromiseRules:
    """The owner's rules for promises. `grace` None waits until the end of the working day;
    `per_day` is how many promises may fall on one date; with `calendar_entry` the promised moment
    stands in the calendar too."""

    within: Duration
    urgent: Duration
    no_rush: Duration
    reminder: Duration
    grace: Duration | None
    grace_urgent: Duration
    per_day: int
    calendar_entry: bool = False

    def span(self, urgency: Urgency) -> Duration:
        """How long a question of this urgency may wait."""
        return {Urgency.URGENT: self.urgent, Urgency.NO_RUSH: self.no_rush}.get(urgency, self.within)


@dataclass(frozen=True, slots=True)
class Plan:
    """A promise and the effects that make it known; each effect says from when on."""

    promise: Promise
    effects: tuple[Effect, ...]


def plan(
    facts: Facts,
    deadline: datetime | None,
    calendar: Calendar,
    rules: PromiseRules,
    now: datetime,
    load: Mapping[date, int] = _EMPTY,
) -> Plan:
    """What to promise for a question, and when to say so.

    `deadline` is what the asker stated, None without; `load` says how many open promises
    already fall on each of the owner's dates. Raises ValueError if the mail has no sender.
    """
    arrival = min(facts.mail.received, now)  # a server's clock may run ahead of ours
    question = _question(facts, _sensible(deadline, arrival), arrival, calendar)
    planned = _grace_end(question, arrival, calendar, rules)
    leaves = max(planned, now)
    due = _due(question, calendar, rules, leaves=leaves, start=arrival if now <= planned else now)
    due = _with_room(due, _met_by(question, calendar, rules, leaves), calendar, rules, load)
    promise = Promise(question, due, max(calendar.subtract(due, rules.reminder), leaves))
    kinds = [EffectKind.ACKNOWLEDGEMENT, EffectKind.TASK]
    if rules.calendar_entry:
        kinds.append(EffectKind.APPOINTMENT)
    return Plan(promise, tuple(Effect(kind, question.message_id, leaves) for kind in kinds))


def replan(promise: Promise, calendar: Calendar, rules: PromiseRules, now: datetime) -> Promise:
    """The promise as it can be made when its acknowledgement leaves only now.

    It stays as it is if the acknowledgement is in time, or if at least half of the span is left.
    Otherwise the span counts from now. Call it before the letter and the task are written.
    """
    question = promise.question
    planned = _grace_end(question, min(question.received, now), calendar, rules)
    in_time = now <= calendar.usual.add(planned, _LATE) and now < promise.due
    if in_time or calendar.add(now, _half(rules.span(question.urgency))) <= promise.due:
        return promise
    due = max(promise.due, _due(question, calendar, rules, leaves=now, start=now))
    return replace(promise, due=due, reminder=max(calendar.subtract(due, rules.reminder), now))


def is_apology(promise: Promise, leaves: datetime) -> bool:
    """Whether an acknowledgement that leaves at a moment promises less than was wished, and comes when the
    wished time is nearly over, or past."""
    deadline = promise.question.deadline
    return deadline is not None and promise.due > deadline and leaves + _EARLY > deadline


def sooner_than(
    promise: Promise, deadline: datetime | None, calendar: Calendar, rules: PromiseRules, now: datetime
) -> datetime:
    """When an open promise is due for an asker who is in a hurry now: as for an urgent question,
    and in time for a deadline that can be met; never later than it was."""
    stated = _sensible(deadline, now)
    question = replace(promise.question, urgency=Urgency.URGENT, deadline=stated)
    return min(promise.due, _due(question, calendar, rules, leaves=now, start=now))


def later_than(
    promise: Promise, calendar: Calendar, rules: PromiseRules, *, start: datetime | None = None
) -> datetime:
    """When an open promise is due for an asker who has time: as for a question without hurry;
    never earlier than it was. With `start` the usual span counts anew from then."""
    if start is not None:
        return _quarter_up(calendar, calendar.add(start, rules.span(promise.question.urgency)))
    by_rule = _quarter_up(calendar, calendar.add(promise.question.received, rules.no_rush))
    return max(promise.due, by_rule)


def _question(facts: Facts, deadline: datetime | None, arrival: datetime, calendar: Calendar) -> Question:
    mail = facts.mail
    if mail.sender is None:
        raise ValueError("a mail without a sender can't be promised an answer")
    soon = deadline is not None and deadline <= calendar.usual.add(arrival, _A_DAY)
    secret = mail.sensitivity.is_secret
    return Question(
        message_id=mail.message_id,
        asker=mail.sender,
        subject=mail.subject,
        received=mail.received,
        language=facts.language or "en",
        urgency=Urgency.URGENT if soon else facts.urgency,
        deadline=deadline,
        sentence="" if secret else facts.request.sentence[:_MOST_TEXT],
        text="" if secret else facts.new_text[:_MOST_TEXT],
        references=mail.references,
        sensitivity=mail.sensitivity,
        importance=mail.importance,
        conversation=mail.conversation,
        asker_offset=offset_of(facts.header("date")),
        item=mail.item,
        web_link=mail.web_link,
        reply_to=tuple(dict.fromkeys(address.key for address in mail.reply_to)),
        traits=facts.traits,
    )


def _sensible(deadline: datetime | None, arrival: datetime) -> datetime | None:
    """A deadline that was over when the mail arrived was none."""
    return deadline if deadline is not None and deadline > arrival else None


def _grace_end(question: Question, arrival: datetime, calendar: Calendar, rules: PromiseRules) -> datetime:
    """Until when the owner's own answer is awaited: in usual working time, since the letter that
    an absent owner sends would otherwise wait for the return that it tells of."""
    if question.urgency is Urgency.URGENT:
        return calendar.usual.add(arrival, rules.grace_urgent)
    if rules.grace is None:
        return calendar.usual.end_of_day(arrival)
    return calendar.usual.add(arrival, rules.grace)


def _due(
    question: Question, calendar: Calendar, rules: PromiseRules, *, leaves: datetime, start: datetime
) -> datetime:
    by_rule = _quarter_up(calendar, calendar.add(start, rules.span(question.urgency)))
    due = max(by_rule, _quarter_up(calendar, calendar.add(leaves, _ROOM)))
    latest = _met_by(question, calendar, rules, leaves)
    return due if latest is None else min(due, latest)


def _met_by(question: Question, calendar: Calendar, rules: PromiseRules, leaves: datetime) -> datetime | None:
    """The last quarter of an hour of work that meets the deadline; None if there is no
    deadline or it can't be met."""
    if question.deadline is None:
        return None
    latest = _quarter_down(calendar, question.deadline)
    needed = max(calendar.add(leaves, _ROOM), calendar.add(leaves, _half(rules.urgent)))
    return latest if latest >= needed else None


def _with_room(
    due: datetime,
    latest: datetime | None,
    calendar: Calendar,
    rules: PromiseRules,
    load: Mapping[date, int],
) -> datetime:
    """The same place on the next working day that isn't full; `due` itself if there is none
    before `latest`."""
    moved = due
    for _ in range(_LONGEST_SHIFT):
        if latest is not None and moved > latest:
            return due
        if load.get(calendar.local_date(moved), 0) < rules.per_day:
            return moved
        moved = _quarter_up(calendar, calendar.add(moved, _A_DAY))
    return due


def _half(span: Duration) -> Duration:
    return Duration(span.amount / 2, span.unit)


def _quarter_up(calendar: Calendar, moment: datetime) -> datetime:
    """The next full quarter of an hour of work by the owner's clock, or the end of that work;
    never 24:00, which people take for the day's beginning, but the start of the work after it."""
    inside = calendar.add(moment, _NOTHING).replace(microsecond=0)
    up = min(_full_quarter(calendar, inside), calendar.span(inside)[1])
    up = max(up, calendar.span(up + _SECOND)[0]) if _is_midnight(calendar, up) else up
    return _into_morning(calendar, up)


def _into_morning(calendar: Calendar, due: datetime) -> datetime:
    """The first minute of a day's work becomes ten o'clock, or an hour later where work begins late; the end
    of that work where it is shorter."""
    start, end = calendar.span(calendar.day_began(due))
    if not start <= due <= _full_quarter(calendar, start):
        return due
    ten = datetime.combine(calendar.local_date(due), _MORNING, calendar.zone).astimezone(UTC)
    later = min(max(ten, _full_quarter(calendar, due + _AN_HOUR)), end)
    return due if _is_midnight(calendar, later) else later


def _full_quarter(calendar: Calendar, moment: datetime) -> datetime:
    past = _past_quarter(calendar, moment)
    return moment + (_QUARTER - past if past else past)


def _quarter_down(calendar: Calendar, moment: datetime) -> datetime:
    """The last full quarter of an hour of work by the owner's clock, or the start of that work."""
    inside = calendar.subtract(moment, _NOTHING).replace(microsecond=0)
    if _is_midnight(calendar, inside):
        inside = calendar.subtract(inside - _SECOND, _NOTHING)
    return max(inside - _past_quarter(calendar, inside), calendar.span(inside)[0])


def _is_midnight(calendar: Calendar, moment: datetime) -> bool:
    return calendar.local(moment).time() == time()


def _past_quarter(calendar: Calendar, moment: datetime) -> timedelta:
    local = calendar.local(moment)
    return timedelta(minutes=local.minute % 15, seconds=local.second, microseconds=local.microsecond)
