"""Mail that Exchange itself made or passed on: inbox and transport rules, moderation, forwarding."""

from __future__ import annotations

from ackd.judge.policy import Policy
from ackd.model import Facts, Finding, Veto
from ackd.text.headers import keyword

NAME = "exchange robot"
_START = "x-ms-exchange-"
_HEADERS = frozenset(
    (
        "x-ms-exchange-inbox-rules-loop",
        "x-ms-exchange-transport-rules-loop",
        "x-ms-exchange-moderation-loop",
        "x-ms-exchange-forwardingloop",
        "x-ms-exchange-generated-message-source",
    )
)


def check(facts: Facts, policy: Policy) -> Finding | None:
    for name, value in facts.headers or ():
        if not name.startswith(_START):
            continue
        if name in _HEADERS:
            return Veto(NAME, f"made or passed on by the mail server: {name.title()}: {value[:80]}")
        if name == "x-ms-exchange-organization-autoforwarded" and keyword(value) != "false":
            return Veto(NAME, "forwarded automatically, not by a person")
    if facts.mail.auto_forwarded:
        return Veto(NAME, "forwarded automatically, not by a person")
    return None
