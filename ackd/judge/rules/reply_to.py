"""Answers that would go to an address outside are none of a colleague's."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.addresses import canonical
from ackd.text.headers import addresses

NAME = "reply to"


def check(facts: Facts, policy: Policy) -> Finding | None:
    sender = facts.mail.sender
    own = canonical(sender.email) if sender else None
    # a mailbox may show one field of several, or leave out what it can't resolve
    written = [parsed for value in facts.header("reply-to") for parsed in addresses(value)]
    for email in (*(a.email for a in facts.mail.reply_to), *(p.email for p in written if "@" in p.email)):
        if (canonical(email) != own or own is None) and not policy.is_internal(email):
            return Veto(NAME, f"answers would go outside: Reply-To: {email[:80]}")
    return None
