"""Right before a letter is written: has the owner answered already, or begun to?

A hint is enough to stay silent (SAFETY.md A); to close a promise whose letter is out it isn't.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from ackd.model import Pending, PromiseState
from ackd.ports import Ledger, Mailbox

log = logging.getLogger(__name__)

WHY = "you have answered already, or begun to: its last verb or a reply in Drafts says so"


def withdraw_answered(
    mailbox: Mailbox, ledger: Ledger, due: Sequence[Pending], now: datetime
) -> frozenset[str]:
    """Withdraw the promises whose letters aren't written yet and that the owner seems to answer
    without them. Returns their questions."""
    questions = {pending.effect.message_id for pending in due}
    answered = mailbox.being_answered(questions) if questions else frozenset[str]()
    for question in sorted(answered):
        ledger.close_promise(question, PromiseState.WITHDRAWN, now, WHY)
        log.info("event=answered-meanwhile: an acknowledgement is needless")
    return answered
