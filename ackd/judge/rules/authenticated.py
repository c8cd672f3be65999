"""The server's stamp that the sender signed in. Exchange strips forged copies at its edge."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.addresses import matches
from ackd.text.headers import keyword

NAME = "authenticated"
_STAMP = "x-ms-exchange-organization-authas"
_SOURCE = "x-ms-exchange-organization-authsource"


def check(facts: Facts, policy: Policy) -> Finding | None:
    if not policy.require_authenticated or facts.headers is None:
        return None
    stamps = [keyword(value) for value in facts.header(_STAMP)]
    if not stamps:
        return Veto(NAME, "not proved to be from inside: the server's stamp AuthAs is missing")
    if any(stamp != "internal" for stamp in stamps):
        return Veto(NAME, "not from inside: the server's stamp AuthAs isn't Internal")
    return _pinned(facts, policy)


def _pinned(facts: Facts, policy: Policy) -> Finding | None:
    if not policy.authenticated_by:
        return None
    hosts = [keyword(value) for value in facts.header(_SOURCE)]
    globs = [glob.strip().lower() for glob in policy.authenticated_by]
    if hosts and all(any(matches(glob, host) for glob in globs) for host in hosts):
        return None
    return Veto(NAME, f"signed in at a server that isn't trusted: {', '.join(hosts)[:80] or 'unknown'}")
