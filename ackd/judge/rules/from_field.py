"""One plain From address, the same as the mailbox shows. Two From fields, several addresses,
comments, quoted local parts and the like leave doubt about who writes (RFC 5322 §3.6.2)."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Address, Facts, Finding, Veto
from ackd.text.addresses import canonical
from ackd.text.headers import addresses

NAME = "from field"


def check(facts: Facts, policy: Policy) -> Finding | None:
    fields = facts.header("from")
    if facts.mail.from_count > 1 or len(fields) > 1:
        return Veto(NAME, "more than one From address")
    if not fields or facts.mail.sender is None:
        return None
    return _compared(fields[0], facts.mail.sender)


def _compared(field: str, sender: Address) -> Finding | None:
    written = [parsed for parsed in addresses(field) if "@" in parsed.email]
    if len(written) > 1:
        return Veto(NAME, "more than one From address")
    if not written:
        return None  # an address of the directory: the mailbox resolves it
    if not written[0].plain or canonical(written[0].email) is None:
        return Veto(NAME, "its From address isn't plain, so it can't be told who writes")
    if canonical(written[0].email) != canonical(sender.email):
        return Veto(NAME, "its From field names another address than the mailbox shows")
    return None
