"""Alarms in words: what is the matter, what follows from it, and what to do.

Nothing of a mail stands in them, since they may go by ways that others read.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from ackd.model import Address, Alarm, AlarmKind, Letter, Owner, Task

#: What is the matter, by kind: of one case and of several.
_SAYS = {
    AlarmKind.SIGNED_OUT: "The server refuses ackd's sign-in. ackd doesn't try it again by itself, since "
    "that could lock the account, and nothing is read or sent meanwhile.",
    AlarmKind.BLOCKED: "The server doesn't let ackd in (403). Nothing is read or sent meanwhile.",
    AlarmKind.SILENT: "ackd couldn't look for new mail. Nothing is read or sent meanwhile.",
    AlarmKind.HELD: "ackd has stopped sending: a limit on how much it sends has tripped.",
    AlarmKind.PARKED: "It can't be known whether something went out. ackd waits for your word on it.",
    AlarmKind.CONFIG_BROKEN: "The changed configuration can't be used. The old one stays in force.",
    AlarmKind.MAILBOX_FULL: "The mailbox or Sent Items is full: the server refuses what ackd writes. Make "
    "room, and ackd goes on by itself.",
    AlarmKind.SEND_REFUSED: "The server says that this account may not send. Ask your administrator.",
    AlarmKind.BOUNCED: "A letter of ackd's to a colleague couldn't be delivered. Write to the colleague "
    "yourself.",
    AlarmKind.CLOCK_OFF: "This machine's clock isn't the server's. Nothing is judged or sent until "
    "they agree.",
    AlarmKind.DRAFT_WAITS: "The answer to an urgent question waits in Drafts for you to send it.",
    AlarmKind.CERTIFICATE_ENDS: "A certificate that ackd needs is about to end.",
    AlarmKind.SECRET_ENDS: "The secret by which ackd signs in is about to end.",
    AlarmKind.PASSWORD_ENDS: "The mailbox's password is about to end. Set the new one where ackd's is "
    "kept, too.",
    AlarmKind.EWS_ENDS: "Exchange Online ends EWS, by which ackd reaches this mailbox.",
    AlarmKind.CRASHED: "ackd's service ended and isn't started again. Nothing is read or sent.",
    AlarmKind.TEST: "This is a test: alarms of ackd's come this way.",
}


def title(alarm: Alarm) -> str:
    """A few words, for a subject or a notification."""
    if alarm.kind is AlarmKind.TEST:
        return "ackd: a test"
    return "ackd: this is over" if alarm.over else "ackd needs you"


def words(alarm: Alarm, now: datetime, zone: tzinfo) -> str:
    """An alarm in one paragraph: what is the matter, since when, and the command to begin with."""
    parts = [_SAYS[alarm.kind]]
    if alarm.count > 1:
        parts.append(f"So {alarm.count} times.")
    if alarm.ends:
        parts.append(f"The day is {alarm.ends.astimezone(zone):%Y-%m-%d}.")
    since = f"{alarm.since.astimezone(zone):%Y-%m-%d %H:%M}"
    if alarm.over:
        parts.insert(0, "It is over:")
        parts.append(f"So it was from {since} to {alarm.over.astimezone(zone):%Y-%m-%d %H:%M}.")
    elif alarm.kind is not AlarmKind.TEST:
        lasted = _rounded(alarm.lasted(now))
        parts.append(f"Since {since}{lasted and f' ({lasted})'}.")
        if alarm.kind.remedy:
            parts.append(f"Begin with: {alarm.kind.remedy}")
    return " ".join(parts)


def _rounded(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    return f"{hours} hours" if hours > 1 else ""


def alarm_letter(token: str, alarms: Sequence[Alarm], owner: Owner, now: datetime, zone: tzinfo) -> Letter:
    """The mail that tells the owner of alarms, open ones and those that are over."""
    paragraphs = [words(alarm, now, zone) for alarm in alarms]
    is_over = all(alarm.over for alarm in alarms)
    return Letter(
        token=token,
        to=Address(owner.address, owner.name),
        subject=title(alarms[0]) if len(alarms) == 1 or is_over else "ackd needs you",
        text="\n\n".join(paragraphs) + "\n",
        html="".join(f"<p>{html.escape(one)}</p>" for one in paragraphs),
        in_reply_to="",
    )


def alarm_task(token: str, alarm: Alarm, category: str, now: datetime, zone: tzinfo) -> Task:
    """The task that stands for an open alarm, due today."""
    return Task(
        token=token,
        message_id="",
        asker="",
        promised=now,
        subject=f"{title(alarm)}: {alarm.kind.value}",
        body=words(alarm, now, zone),
        due_date=now.astimezone(zone).date(),
        reminder=now,
        categories=(category,),
    )
