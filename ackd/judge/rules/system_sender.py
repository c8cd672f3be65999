"""Senders that are no persons, by the local part of their address (RFC 2142, RFC 5230 §4.6)."""

from __future__ import annotations

import re

from ackd.judge import given_names
from ackd.judge.policy import Policy
from ackd.model import Address, Facts, Finding, Veto
from ackd.text.addresses import canonical, is_like, matches

NAME = "system sender"
_GLOBS = (
    "mailer-daemon*",
    "mailer_daemon*",
    "postmaster",
    "listserv*",
    "majordomo*",
    "owner-*",
    "*-request",
    "*-bounces",
    "*-bounces+*",
    "bounce",
    "bounces",
    "bounce-*",
    "bounces+*",
    "microsoftexchange329e*",
    "healthmailbox*",
    "systemmailbox*",
    "systemattendant",
)
_MACHINES = frozenset(
    ("daemon", "root", "nobody", "www-data", "cron", "autoreply", "auto-reply", "autoresponder")
)
_SPELLINGS = """
    noreply noreplies donotreply dontreply noresponse nepasrepondre noresponder nocontestar nichtantworten
    keineantwort nietbeantwoorden geenantwoord nonrispondere naoresponda naoresponder unmonitored
"""
_NO_REPLY = frozenset(_SPELLINGS.split())
_SEPARATOR = re.compile(r"[-_.+]")


def check(facts: Facts, policy: Policy) -> Finding | None:
    sender = facts.mail.sender
    address = canonical(sender.email) if sender else None
    if sender is None or address is None:
        return None
    local = address.rpartition("@")[0]
    if address in {canonical(allowed) for allowed in policy.addresses} and local == "postmaster":
        return None  # RFC 5230 §4.6: often a person; the owner names this one
    if local in _MACHINES or any(matches(glob, local) for glob in _GLOBS) or _is_no_reply(local, sender):
        return Veto(NAME, f"from a machine's address: {sender.email[:80]}")
    if any(is_like(address, glob) for glob in policy.system_senders):
        return Veto(NAME, f"from an address that the configuration calls a machine's: {sender.email[:80]}")
    return None


def _is_no_reply(local: str, sender: Address) -> bool:
    """Whether it is a no-reply address in one of its spellings, and not a person of that name."""
    if _SEPARATOR.sub("", local) in _NO_REPLY:
        return True
    pieces = _SEPARATOR.split(local)
    joined = {
        "".join(pieces[i:j]) for i in range(len(pieces)) for j in range(i + 1, min(i + 4, len(pieces)) + 1)
    }
    if not joined & _NO_REPLY:
        return False
    rest = [p for p in pieces if p not in _NO_REPLY]
    is_person = len(pieces) == 2 and len(rest) == 1 and (rest[0] in given_names.GIVEN or len(rest[0]) == 1)
    return not (is_person and rest[0][0] in {part[0] for part in given_names.parts(sender.name or rest[0])})
