"""Right before a letter is written: has the owner answered already, or begun to? Is the question still
there, and meant?

A hint is enough to stay silent (docs/design.md, silence A); to close a promise whose letter is out it isn't.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from ackd.engine import promises
from ackd.letters.sanitize import bare_subject
from ackd.model import Pending, PromiseState, Question, Recall, Signs
from ackd.ports import Ledger, Mailbox

log = logging.getLogger(__name__)

ANSWERED = "you have answered already, or begun to: its last verb or a reply in Drafts says so"
WAITING = "your answer waits in the Outbox"
RECALLED = "its sender has recalled it"
THROWN = "it was thrown away before it was acknowledged: it lies in Deleted Items or Junk"
GONE = "it is in none of your folders any more: recalled by its sender, or deleted"


def signs_of(mailbox: Mailbox, due: Sequence[Pending]) -> Signs:
    """What the mailbox shows of the questions of these letters."""
    items = {pending.effect.message_id: pending.promise.question.item for pending in due}
    return mailbox.signs(items) if items else Signs()


def withdraw_needless(ledger: Ledger, due: Sequence[Pending], signs: Signs, now: datetime) -> frozenset[str]:
    """Withdraw the promises whose letters aren't written yet and aren't needed: the owner seems to
    answer without them, or the question was taken back or thrown away. Returns their questions."""
    questions = {pending.effect.message_id: pending.promise.question for pending in due}
    reasons = {name: why for name, question in questions.items() if (why := reason(question, signs))}
    for name, why in sorted(reasons.items()):
        promises.close(ledger, name, PromiseState.WITHDRAWN, now, why)
        log.info("event=needless: an acknowledgement isn't needed: %s", why)
    return frozenset(reasons)


def promised_elsewhere(due: Sequence[Pending], signs: Signs, category: str) -> list[Pending]:
    """Letters that were never tried and whose questions show as promised: another ackd, which makes tasks
    that can't be seen from here, may have sent them just now, before the copy is in Sent Items."""
    return [
        pending
        for pending in due
        if not pending.effect.tries
        and _same(pending.promise.question.category or category)
        in map(_same, signs.categories.get(pending.effect.message_id, ()))
    ]


def _same(category: str) -> str:
    """As Outlook compares categories."""
    return category.casefold()


def reason(question: Question, signs: Signs) -> str:
    """Why a question isn't to be acknowledged, in words; "" where nothing speaks against it."""
    name = question.message_id
    if name in signs.answered:
        return ANSWERED
    if name in signs.waiting:
        return WAITING
    if any(recalls(recall, question) for recall in signs.recalls):
        return RECALLED
    if name in signs.thrown:
        return THROWN
    return GONE if name in signs.gone else ""


def recalls(recall: Recall, question: Question) -> bool:
    """Whether a request takes a question back: it is the asker's, came after it, and names it, is of its
    conversation or has its subject behind a word for "Recall:" in whatever language. What was sent anew
    after a recall is meant."""
    if recall.sender is None or recall.sender.key != question.asker.key:
        return False
    if recall.received is None or recall.received < question.received:
        return False
    if question.message_id in recall.answers:
        return True
    if question.conversation and recall.conversation == question.conversation:
        return True
    tail = recall.subject.replace("\uff1a", ":").partition(":")[2]
    subject = bare_subject(question.subject).casefold()
    return bool(subject) and bare_subject(tail).casefold() == subject
