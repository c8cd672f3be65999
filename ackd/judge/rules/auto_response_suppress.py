"""The sender asks for no automatic answer, by a header (X-Auto-Response-Suppress, MS-OXCMAIL) or in what the
mailbox made of it. It says "don't answer", not "this is automatic"."""

from __future__ import annotations

import re

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Suppressed, Veto
from ackd.text.headers import uncommented

NAME = "auto response suppress"
_WORDS = frozenset(("all", "autoreply", "oof"))
_REPLIES = Suppressed.OUT_OF_OFFICE | Suppressed.AUTOMATIC_REPLY


def check(facts: Facts, policy: Policy) -> Finding | None:
    automatic = any(v.lower().startswith("auto-") for v in facts.header("auto-submitted"))
    said = (
        "an out-of-office or other automatic reply" if automatic else "the sender wants no automatic answer"
    )
    for value in facts.header("x-auto-response-suppress"):
        if _WORDS.intersection(re.split(r"[\s,;]+", uncommented(value).lower())):
            return Veto(NAME, f"{said}: X-Auto-Response-Suppress: {value[:80]}")
    if facts.mail.suppressed & _REPLIES:
        return Veto(NAME, f"{said}: it suppresses {facts.mail.suppressed.words}")
    return None
