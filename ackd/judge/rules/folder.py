"""Junk, deleted mail and drafts."""

from __future__ import annotations

import re

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.phrases import plain

NAME = "folder"
_JUNK = re.compile(
    r"junk|spam|indesirable|no deseado|ongewenst|indesiderata|lixo|geloschte|deleted items|trash|papierkorb"
    r"|corbeille|prullenbak|verwijderde|eliminados|posta eliminata|supprimes"
)


def check(facts: Facts, policy: Policy) -> Finding | None:
    if facts.mail.is_draft:
        return Veto(NAME, "a draft, not a received mail")
    if _JUNK.search(plain(facts.mail.folder[:200])):
        return Veto(NAME, f"it lies in {facts.mail.folder[:60]}")
    for value in facts.header("x-ms-exchange-organization-scl"):
        if re.fullmatch(r"[5-9]", value.strip()):  # MS-OXCSPAM: junk from 5 on
            return Veto(NAME, f"the server takes it for junk: spam confidence level {value.strip()}")
    return None
