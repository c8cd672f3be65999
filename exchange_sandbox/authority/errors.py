"""What the authority refuses, as Entra ID says it: an OAuth error with the number of its AADSTS text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from exchange_sandbox.web import Answer, as_json


class AuthorityError(Exception):
    """A request for tokens is refused. ``suberror`` says more to clients."""

    def __init__(self, error: str, number: int, text: str, *, status: int = 400, suberror: str = "") -> None:
        super().__init__(f"AADSTS{number}: {text}")
        self.error = error
        self.number = number
        self.status = status
        self.suberror = suberror

    def answer(self, now: datetime) -> Answer:
        """The answer that says so."""
        trace = str(uuid4())
        value: dict[str, Any] = {
            "error": self.error,
            "error_description": (
                f"{self} Trace ID: {trace} Correlation ID: {trace} Timestamp: {now:%Y-%m-%d %H:%M:%SZ}"
            ),
            "error_codes": [self.number],
            "timestamp": f"{now:%Y-%m-%d %H:%M:%SZ}",
            "trace_id": trace,
            "correlation_id": trace,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
            **({"suberror": self.suberror} if self.suberror else {}),
        }
        return as_json(self.status, value, {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"})


def interaction_required(number: int = 50076) -> AuthorityError:
    """A person must sign in anew."""
    text = "Due to a configuration change made by your administrator, you must sign in again."
    return AuthorityError("interaction_required", number, text, suberror="basic_action")


def invalid_grant(number: int, text: str, *, suberror: str = "") -> AuthorityError:
    """What was brought is worth nothing (any more)."""
    return AuthorityError("invalid_grant", number, text, suberror=suberror)


def invalid_client(form: Mapping[str, str]) -> AuthorityError:
    """It isn't proved which app it is, neither by a secret nor by a certificate."""
    if "client_assertion" in form:
        text = "The certificate with identifier used to sign the client assertion is not registered."
        return AuthorityError("invalid_client", 700027, text, status=401)
    text = "Invalid client secret provided. Ensure the secret being sent is its value, and not its ID."
    return AuthorityError("invalid_client", 7000215, text, status=401)


def secret_expired() -> AuthorityError:
    """The app's secret has ended."""
    text = "The provided client secret keys for app are expired."
    return AuthorityError("invalid_client", 7000222, text, status=401)
