"""Mails to the owner about what can't wait for the digest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ackd.letters.dates import in_words
from ackd.letters.owner_mail import MOST_SHOWN, OwnerMail, Part
from ackd.letters.promise_entries import NOTHING_KNOWN, Entries, who_of
from ackd.letters.sanitize import bare_subject, one_line
from ackd.model import Cap, CapPeriod, Pending, Promise


def overdue_notice(promise: Promise, entries: Entries) -> OwnerMail:
    """The promised moment came without an answer. Of a private or confidential question nothing is shown;
    of what nobody is known to have been told it isn't said that it was promised."""
    words, question = entries.words, promise.question
    asked = entries.asked.get(question.message_id, NOTHING_KNOWN)
    is_secret = question.sensitivity.is_secret or asked.is_secret
    who, subject = who_of(question.asker), "" if is_secret else bare_subject(question.subject, 120)
    due = in_words(entries.calendar.local(promise.due), words.code, entries.now)
    named = f"{who} <{one_line(question.asker.email, 254)}>" if question.asker.name else who
    intro = words.overdue_untold if promise.told is None else words.overdue_intro
    message = [Part(words.message_title, text=asked.text)] if asked.text and not is_secret else []
    return OwnerMail(
        language=words.code,
        subject=words.overdue_subject.format(who=who) + (f": {subject}" if subject else ""),
        title=words.overdue_title,
        intro=(intro.format(who=named, when=due),),
        parts=(Part("", (entries.promise(promise),)), *message, entries.ways()),
        closing=words.closing,
        summary=subject,
    )


def overdue_list(promises: Sequence[Promise], entries: Entries) -> OwnerMail:
    """Several moments came without an answer: one mail, the longest overdue first."""
    words = entries.words
    subject = words.counted(words.overdue_list_subject, len(promises))
    shown = [entries.promise(one) for one in promises[:MOST_SHOWN]]
    part = entries.part(words.overdue_title, shown, len(promises), is_pressing=True)
    return OwnerMail(
        language=words.code,
        subject=subject,
        title=subject,
        intro=(words.overdue_advice,),
        parts=(part, entries.ways()),
        closing=words.closing,
        summary=", ".join(entry.who for entry in shown[:5]),
    )


def urgent_drafts(drafts: Sequence[Pending], entries: Entries) -> OwnerMail:
    """Acknowledgements of urgent questions wait in Drafts."""
    words = entries.words
    subject = words.counted(words.urgent_list_subject, len(drafts))
    if len(drafts) == 1:
        subject = words.urgent_subject.format(who=who_of(drafts[0].promise.question.asker))
    shown = [entries.draft(one) for one in drafts[:MOST_SHOWN]]
    return OwnerMail(
        language=words.code,
        subject=subject,
        title=subject,
        intro=(words.counted(words.urgent_intro, len(drafts)), words.urgent_advice),
        parts=(entries.part(words.drafts_title, shown, len(drafts)),),
        closing=words.closing,
        summary=", ".join(entry.who for entry in shown[:5]),
    )


def hold_notice(cap: Cap | None, why: str, since: datetime, entries: Entries) -> OwnerMail:
    """Sending has stopped: by which limit, or in the words of an earlier ackd."""
    words = entries.words
    if cap is not None:
        limit = words.hold_per_hour if cap.per is CapPeriod.HOUR else words.hold_per_day
        why = words.counted(limit, cap.most)
    when = in_words(entries.calendar.local(since), words.code, entries.now)
    return OwnerMail(
        language=words.code,
        subject=words.hold_title,
        title=words.hold_title,
        intro=(one_line(why, 400), words.hold_since.format(when=when), words.hold_meaning, words.hold_ways),
        closing=words.closing,
        summary=why,
    )
