"""Nobody to answer: an empty From, or the null Return-Path that bounces carry (RFC 5321 §4.5.5)."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.headers import uncommented

NAME = "null sender"


def check(facts: Facts, policy: Policy) -> Finding | None:
    sender = facts.mail.sender
    if sender is None or not sender.key:
        return Veto(NAME, "it has no sender address")
    if any(not uncommented(value).strip("<> \t") for value in facts.header("return-path")):
        return Veto(NAME, "a machine's mail that wants no answer: empty Return-Path")
    return None
