"""Precedence of bulk, junk, list or auto_reply (RFC 3834 §2, RFC 2076 §3.9)."""

from __future__ import annotations

import re

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.headers import keyword

NAME = "precedence"
_SILENT = frozenset(("bulk", "junk", "list", "auto_reply", "auto-reply"))


def check(facts: Facts, policy: Policy) -> Finding | None:
    for name in ("Precedence", "X-Precedence"):
        for value in facts.header(name):
            if not _SILENT.isdisjoint(re.split(r"[\s,]+", keyword(value))):
                return Veto(NAME, f"a mass mail: {name}: {value[:80]}")
    return None
