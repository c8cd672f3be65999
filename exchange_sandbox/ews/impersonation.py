"""In whose name an app works that acts for itself, or a service account (EWS ``ExchangeImpersonation``).

Who signs in with a password names somebody only where the account may impersonate.
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
