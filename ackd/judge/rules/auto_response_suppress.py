"""The sender asks for no automatic answer (MS-OXCMAIL: X-Auto-Response-Suppress; the property
PidTagAutoResponseSuppress 0x3FDF). It says "don't answer", not "this is automatic"."""

from __future__ import annotations

import re

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.headers import uncommented

NAME = "auto response suppress"
_WORDS = frozenset(("all", "autoreply", "oof"))
_BITS = 0x10 | 0x20  # OOF, AutoReply


def check(facts: Facts, policy: Policy) -> Finding | None:
    automatic = any(v.lower().startswith("auto-") for v in facts.header("auto-submitted"))
    said = (
        "an out-of-office or other automatic reply" if automatic else "the sender wants no automatic answer"
    )
    for value in facts.header("x-auto-response-suppress"):
        if _WORDS.intersection(re.split(r"[\s,;]+", uncommented(value).lower())):
            return Veto(NAME, f"{said}: X-Auto-Response-Suppress: {value[:80]}")
    bits = facts.mail.auto_response_suppress
    if bits is not None and bits & _BITS:
        return Veto(NAME, f"{said}: PidTagAutoResponseSuppress {bits:#x}")
    return None
