"""Mailing lists and newsletters (RFC 2369, RFC 2919)."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto

NAME = "mailing list"
_HEADERS = frozenset(
    (
        "list-id",
        "list-help",
        "list-subscribe",
        "list-unsubscribe",
        "list-post",
        "list-owner",
        "list-archive",
        "mailing-list",
        "x-mailing-list",
    )
)


def check(facts: Facts, policy: Policy) -> Finding | None:
    for name, value in facts.headers or ():
        if name in _HEADERS:
            return Veto(NAME, f"from a mailing list or newsletter: {name.title()}: {value[:80]}")
    return None
