"""History and old mail are never acknowledged."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto

NAME = "age"


def check(facts: Facts, policy: Policy) -> Finding | None:
    mail = facts.mail
    if policy.watermark is not None and mail.received < policy.watermark:
        return Veto(NAME, f"it was there before ackd began on {policy.watermark:%Y-%m-%d}")
    for moment, said in ((mail.received, "received"), (mail.sent, "dated")):
        if policy.oldest is not None and moment is not None and moment < policy.oldest:
            return Veto(NAME, f"too old: {said} {moment:%Y-%m-%d}")
    return None
