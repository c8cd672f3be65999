"""Alarms in words: what is the matter, since when, and what to begin with.

Nothing of a mail stands in them, since they may go by ways that others read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from ackd.letters import owner_mail
from ackd.letters.dates import day_in_words, in_words
from ackd.letters.owner_mail import Entry, OwnerMail, Part
from ackd.letters.owner_words import OwnerWords, owner_words
from ackd.model import Alarm, AlarmKind, Letter, Owner, Task

_HOUR = timedelta(hours=1)


def title(alarm: Alarm, language: str = "en") -> str:
    """A few words, for a subject or a notification."""
    said = owner_words(language)
    if alarm.kind is AlarmKind.TEST:
        return said.is_test
    return said.is_over if alarm.over else said.needs_you


def words(alarm: Alarm, now: datetime, zone: tzinfo, language: str = "en") -> str:
    """An alarm in one paragraph: what is the matter, since when, and the command to begin with."""
    said = owner_words(language)

    def when(moment: datetime) -> str:
        return in_words(moment.astimezone(zone), said.code, now)

    parts = [said.alarms_say[alarm.kind]]
    if alarm.count > 1:
        parts.append(said.counted(said.times, alarm.count))
    if alarm.ends:
        parts.append(said.ends_on.format(day=day_in_words(alarm.ends.astimezone(zone), said.code, now)))
    if alarm.over:
        parts.insert(0, said.over_intro)
        parts.append(said.was.format(since=when(alarm.since), over=when(alarm.over)))
    elif alarm.kind is not AlarmKind.TEST:
        if alarm.ends is None:
            parts.append(_since(alarm, when(alarm.since), now, said))
        if alarm.kind.remedy:
            parts.append(said.begin_with.format(command=alarm.kind.remedy))
    return " ".join(parts)


def _since(alarm: Alarm, when: str, now: datetime, said: OwnerWords) -> str:
    hours = alarm.lasted(now) // _HOUR
    return said.counted(said.since_hours, hours, when=when) if hours > 1 else said.since.format(when=when)


def alarm_mail(alarms: Sequence[Alarm], now: datetime, zone: tzinfo, language: str = "en") -> OwnerMail:
    """What the mail of alarms says, of open ones and of those that are over."""
    said = owner_words(language)
    is_over = all(alarm.over for alarm in alarms)
    subject = title(alarms[0], language) if len(alarms) == 1 or is_over else said.needs_you
    entries = tuple(Entry(facts=(words(alarm, now, zone, language),)) for alarm in alarms)
    return OwnerMail(
        language=said.code,
        subject=subject,
        title=subject,
        parts=(Part("", entries),),
        closing=said.closing,
        summary=entries[0].facts[0],
    )


def alarm_letter(
    token: str, alarms: Sequence[Alarm], owner: Owner, now: datetime, zone: tzinfo, language: str = "en"
) -> Letter:
    """The mail that tells the owner of alarms."""
    return owner_mail.letter(token, alarm_mail(alarms, now, zone, language), owner)


def alarm_task(
    token: str, alarm: Alarm, category: str, now: datetime, zone: tzinfo, language: str = "en"
) -> Task:
    """The task that stands for an open alarm, due today."""
    return Task(
        token=token,
        message_id="",
        asker="",
        promised=now,
        subject=f"{title(alarm, language)}: {alarm.kind.value}",
        body=words(alarm, now, zone, language),
        due_date=now.astimezone(zone).date(),
        reminder=now,
        categories=(category,),
    )
