"""A mail whose text can't be read isn't judged: rights-protected or encrypted (MS-OXORMMS, RFC 1847)."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.headers import keyword

NAME = "encrypted"
_TYPES = frozenset(("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"))


def check(facts: Facts, policy: Policy) -> Finding | None:
    if any("rpmsg.message" in value.lower() for value in facts.header("content-class")):
        return Veto(NAME, "a rights-protected mail: its text can't be read")
    kinds = {keyword(value) for value in facts.header("content-type")}
    if kinds & _TYPES or facts.new_text.lstrip().startswith("-----BEGIN PGP MESSAGE"):
        return Veto(NAME, "an encrypted mail: its text can't be read")
    return None
