"""What the mailbox shows of questions as a mail to the owner is written: the ledger keeps no text."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from ackd.engine.triage import Settings
from ackd.errors import AckdError, SignInRefused, Unreachable
from ackd.judge import facts
from ackd.letters import TaskStyle
from ackd.letters.filled import spoken
from ackd.letters.owner_words import owner_words
from ackd.letters.promise_entries import Asked, Entries
from ackd.model import Mail, Owner, ValueKey
from ackd.ports import Ledger, Mailbox, OwnerProfile

log = logging.getLogger(__name__)

#: The ledger's word for the mailbox's language, and when it was asked.
ASKED_AGAIN = timedelta(days=7)


def entries(
    mailbox: Mailbox,
    ledger: Ledger,
    settings: Settings,
    now: datetime,
    *,
    questions: Collection[str] = (),
    drafts: Collection[str] = (),
) -> Entries:
    """What makes entries of promises, in the owner's language: with what the mailbox shows of these
    questions (Message-IDs) and drafts (tokens)."""
    known = ledger.snapshots(questions) if questions else {}
    return Entries(
        words=owner_words(language(mailbox, ledger, settings, now)),
        calendar=settings.calendar,
        now=now,
        follow=settings.follow,
        asked=read(mailbox, settings.owner, questions),
        drafts=mailbox.draft_links(drafts) if drafts else {},
        unwritten=frozenset(name for name, one in known.items() if one.is_unwritten),
    )


def read(mailbox: Mailbox, owner: Owner, questions: Collection[str]) -> Mapping[str, Asked]:
    """What is shown of them. What can't be read now is left out: a mail to the owner never waits for that."""
    if not questions:
        return {}
    try:
        mails = mailbox.mails(questions)
    except Unreachable as error:
        log.warning("event=questions-unread: a mail to you goes without their words: %s", error)
        return {}
    return {name: _asked(mail, owner) for name, mail in mails.items()}


def _asked(mail: Mail, owner: Owner) -> Asked:
    is_secret = mail.sensitivity.is_secret
    known = Asked(mail.sender, link=mail.web_link, is_secret=is_secret, is_answered=mail.is_marked_answered)
    if is_secret:
        return known
    seen = facts.read(mail, owner)
    line = seen.request.sentence or next(filter(None, map(str.strip, seen.new_text.splitlines())), "")
    return replace(known, subject=mail.subject, line=line, text=seen.new_text)


def task_style(mailbox: OwnerProfile, ledger: Ledger, settings: Settings, now: datetime) -> TaskStyle:
    """How tasks are written: in the configuration's language, or in the mailbox's, which is asked for once a
    week. A server that doesn't tell it now keeps no task back."""
    if settings.task_style.language:
        return settings.task_style
    try:
        return TaskStyle(_of_mailbox(mailbox, ledger, now))
    except SignInRefused:
        raise
    except AckdError as error:
        log.warning("event=language-unread: tasks are written as before: %s", error)
        return known_task_style(ledger, settings)


def known_task_style(ledger: Ledger, settings: Settings) -> TaskStyle:
    """The same as far as it is known; nobody is asked."""
    known = (ledger.value(ValueKey.OWNER_LANGUAGE) or "").partition(" ")[2]
    return settings.task_style if settings.task_style.language else TaskStyle(known)


def known_language(ledger: Ledger, settings: Settings) -> str:
    """The same as far as it is known; nobody is asked."""
    known = settings.owner_language or (ledger.value(ValueKey.OWNER_LANGUAGE) or "").partition(" ")[2]
    return spoken(known)


def language(mailbox: Mailbox, ledger: Ledger, settings: Settings, now: datetime) -> str:
    """The language of mails to the owner: the configuration's, or the mailbox's, which is asked for once a
    week; English for one that letters don't have."""
    known = settings.owner_language or _of_mailbox(mailbox, ledger, now)
    return spoken(known)


def _of_mailbox(mailbox: OwnerProfile, ledger: Ledger, now: datetime) -> str:
    """The mailbox's language, "" where it doesn't tell."""
    at, _, known = (ledger.value(ValueKey.OWNER_LANGUAGE) or "").partition(" ")
    if not at or abs(now - datetime.fromisoformat(at)) >= ASKED_AGAIN:
        known = mailbox.language() or known
        ledger.remember(ValueKey.OWNER_LANGUAGE, f"{now.isoformat()} {known}")
    return known
