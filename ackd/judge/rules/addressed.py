"""The owner must stand in To (or in Cc where the configuration says so)."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto

NAME = "addressed"


def check(facts: Facts, policy: Policy) -> Finding | None:
    if facts.owner_in_to or (facts.owner_in_cc and policy.also_when_in_cc):
        return None
    if facts.owner_in_cc:
        return Veto(NAME, "the owner is only in Cc")
    return Veto(NAME, "the owner is neither in To nor in Cc: it came through a group, a list or Bcc")
