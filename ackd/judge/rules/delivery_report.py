"""Bounces and receipts (RFC 3464, RFC 8098, RFC 6522), by structure rather than by sender."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.headers import keyword

NAME = "delivery report"


def check(facts: Facts, policy: Policy) -> Finding | None:
    if any(keyword(value) == "multipart/report" for value in facts.header("content-type")):
        return Veto(NAME, "a delivery report or a receipt: Content-Type: multipart/report")
    if facts.header("x-failed-recipients"):
        return Veto(NAME, "a delivery failure: X-Failed-Recipients")
    return None
