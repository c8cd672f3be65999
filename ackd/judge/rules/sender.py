"""Who writes: somebody whom an answer reaches, and inside the house."""

from __future__ import annotations

from ackd.judge import origin
from ackd.judge.origin import AuthAs
from ackd.judge.policy import Policy
from ackd.judge.rules import Said, rule
from ackd.model import Address, Facts
from ackd.text.addresses import canonical, is_like
from ackd.text.headers import addresses, uncommented


@rule()
def null_sender(facts: Facts, policy: Policy) -> Said:
    """Nobody to answer: an empty From, or the null Return-Path that bounces carry (RFC 5321 §4.5.5)."""
    sender = facts.mail.sender
    if sender is None or not sender.key:
        return "it has no sender address"
    if any(not uncommented(value).strip("<> \t") for value in facts.header("return-path")):
        return "a machine's mail that wants no answer: empty Return-Path"
    return None


@rule()
def from_field(facts: Facts, policy: Policy) -> Said:
    """One plain From address, the same as the mailbox shows. Two From fields, several addresses,
    comments, quoted local parts and the like leave doubt about who writes (RFC 5322 §3.6.2)."""
    fields = facts.header("from")
    if facts.mail.from_count > 1 or len(fields) > 1:
        return "more than one From address"
    if not fields or facts.mail.sender is None:
        return None
    return _compared(fields[0], facts.mail.sender)


def _compared(field: str, sender: Address) -> str | None:
    written = [parsed for parsed in addresses(field) if "@" in parsed.email]
    if len(written) > 1:
        return "more than one From address"
    if not written:
        return None  # an address of the directory: the mailbox resolves it
    if not written[0].plain or canonical(written[0].email) is None:
        return "its From address isn't plain, so it can't be told who writes"
    if canonical(written[0].email) != canonical(sender.email):
        return "its From field names another address than the mailbox shows"
    return None


@rule()
def own_mail(facts: Facts, policy: Policy) -> Said:
    """The owner's own mail is never answered, from whichever of the owner's addresses it comes."""
    sender = facts.mail.sender
    if sender is None:
        return None
    own = facts.owner.keys | policy.owner.keys
    if sender.key in own or canonical(sender.email) in {canonical(key) for key in own} - {None}:
        return "sent by the owner"
    return None


@rule(blocks_task=False)
def internal(facts: Facts, policy: Policy) -> Said:
    """From inside, as the owner's configuration defines it. From proves nothing by itself: see the
    rule "authenticated"."""
    sender = facts.mail.sender
    if sender is None:
        return None
    if canonical(sender.email) is None:
        return f"from outside: {sender.email[:80]!r} isn't a plain address"
    if not policy.is_internal(sender.email):
        return f"from outside: {sender.email[:80]} is in none of the internal domains, addresses and groups"
    return None


@rule(blocks_task=False)
def excepted(facts: Facts, policy: Policy) -> Said:
    """Senders that the configuration excepts, though they are inside."""
    sender = facts.mail.sender
    address = canonical(sender.email) if sender else None
    if address is None:
        return None
    for pattern in policy.except_:
        if is_like(address, pattern):
            return f"the configuration excepts {pattern}"
    return None


@rule()
def authenticated(facts: Facts, policy: Policy) -> Said:
    """The server's stamp that the sender signed in. Exchange strips forged copies at its edge. From outside
    none is expected; in a colleague's name it is, and without it no task is made either. Where the owner
    names the tenant, its marks and its directory count for a stamp that is missing."""
    if not policy.require_authenticated or facts.headers is None:
        return None
    sender = facts.mail.sender.email if facts.mail.sender else ""
    stamp, source = origin.stamp_of(facts.headers), origin.SOURCE
    why: str | None = None
    if stamp is AuthAs.MISSING and policy.authenticated_by_tenant:
        why, source = origin.unproved_by_tenant(facts.headers, policy, sender), origin.TENANT_SOURCE
    elif stamp is AuthAs.MISSING:
        why = "not proved to be from inside: the server's stamp AuthAs is missing"
    elif stamp is not AuthAs.INTERNAL:
        why = "not from inside: the server's stamp AuthAs isn't Internal"
    why = why or origin.untrusted(facts.headers, policy, source)
    if why:
        return authenticated.veto(why, blocks_task=policy.is_internal(sender))
    return None if stamp is AuthAs.INTERNAL else authenticated.evidence(0.0, _BY_TENANT)


_BY_TENANT = "from inside by the tenant's marks and its directory: the server's stamp AuthAs is missing"


@rule()
def outside_marks(facts: Facts, policy: Policy) -> Said:
    """Marks that speak against a sender inside, whatever the stamp says: X-MS-Exchange-CrossTenant-AuthAs
    other than Internal, dmarc=fail or compauth=fail in Authentication-Results, a Sender or Return-Path
    outside. In a colleague's name they forbid a task, too."""
    sender = facts.mail.sender
    if not policy.require_authenticated or facts.headers is None or sender is None:
        return None
    why = origin.contradiction(facts.headers, policy, sender.email)
    return outside_marks.veto(why, blocks_task=policy.is_internal(sender.email)) if why else None


@rule(mutes_follow_ups=False, blocks_task=False)
def reply_to(facts: Facts, policy: Policy) -> Said:
    """Answers that would go to an address outside are none of a colleague's."""
    sender = facts.mail.sender
    own = canonical(sender.email) if sender else None
    # a mailbox may show one field of several, or leave out what it can't resolve
    written = [parsed for value in facts.header("reply-to") for parsed in addresses(value)]
    for email in (*(a.email for a in facts.mail.reply_to), *(p.email for p in written if "@" in p.email)):
        if (canonical(email) != own or own is None) and not policy.is_internal(email):
            return f"answers would go outside: Reply-To: {email[:80]}"
    return None
