"""In whose name an app works that acts for itself (EWS ``ExchangeImpersonation``).

Only an access token of an app may name somebody; who signs in with a password has one's own mailbox.
"""

from __future__ import annotations

import re

_NAMED = re.compile(
    rb"<(?:\w+:)?ExchangeImpersonation\b.{0,400}?<(?:\w+:)?(?:PrimarySmtpAddress|SmtpAddress|PrincipalName)\s*>"
    rb"\s*([^<\s]{1,320})",
    re.DOTALL,
)
_HEAD = 8192  # bytes in which a header must stand


def wanted(data: bytes) -> str:
    """The address that a request names; "" if it names none."""
    found = _NAMED.search(data[:_HEAD])
    return found[1].decode("utf-8", "replace") if found else ""
