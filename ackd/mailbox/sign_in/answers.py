"""What an authority answers, and what follows from it.

Decided by the names that OAuth has for errors. Microsoft's numbers (AADSTS…) may change (learn.microsoft.com,
Entra authentication and authorization error codes): they only add words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msal.exceptions import MsalError

from ackd.errors import SignInOver, Unreachable
from ackd.model.access import OAuth, SignInWay

#: The one command for whoever signs in.
COMMAND = "ackd sign-in"
UNREADABLE = "the authority's answer can't be read: see mailbox.authority"
_LATER = ("temporarily_unavailable", "server_error", "slow_down")
#: Numbers of what passes by itself.
_PASSING = {50196, 90006, 90033}
MEANINGS = {
    7000112: "the registration is switched off",
    7000215: "this isn't the app's secret (its value is meant, not its id)",
    7000218: "the registration doesn't allow public client flows",
    7000222: "the app's secret has ended",
    700016: "the tenant doesn't know mailbox.client_id",
    700027: "the registration doesn't know the certificate, or it has ended",
    700082: "nobody used the sign-in for 90 days",
    500011: "the tenant doesn't know the server's address",
    50011: "the registration doesn't know the address http://localhost to return to",
    50020: "this person isn't of the tenant",
    50034: "the tenant doesn't know this person",
    50053: "the account is locked",
    50055: "the password has ended",
    50057: "the account is switched off",
    50076: "a second factor is asked for",
    50078: "a second factor is asked for anew",
    50079: "a second factor must be set up",
    50097: "only a device that your organisation manages may sign in",
    50105: "the registration isn't meant for this person",
    50126: "the name or the password is wrong",
    50158: "your organisation asks for another check",
    50173: "the password was changed, or the sign-in was revoked",
    53000: "only a device that your organisation manages may sign in",
    53003: "a policy of your organisation (Conditional Access) doesn't allow it",
    65001: "nobody agreed to the permissions that ackd needs",
    65004: "the permissions that ackd needs were declined",
    70008: "the sign-in has ended",
    70016: "nobody entered the code in time",
    70018: "the person declined",
    70020: "nobody entered the code in time",
    70043: "your organisation asks for a new sign-in now and then",
    90002: "there is no such tenant: see mailbox.authority",
    90094: "an administrator must agree to the permissions",
}
#: What is to be done before anybody can sign in.
_ADMINISTRATOR = {
    7000112: "ask your administrators to switch it on",
    7000218: "ask your administrators to allow public client flows (Authentication, in the registration)",
    700016: "set mailbox.client_id and mailbox.authority as your administrators say",
    50011: "ask your administrators to add http://localhost (Mobile and desktop applications)",
    90002: "set mailbox.authority as your administrators say",
    50105: "ask your administrators to assign you to the registration",
}


#: Numbers of a consent that is missing.
_UNCONSENTED = {65001, 90094}


def consent_remedy(oauth: OAuth) -> str:
    """Who consents, and where: an administrator's page for the whole tenant (learn.microsoft.com, Grant
    tenant-wide admin consent to an application)."""
    return (
        "ask your administrators for their consent to the registration: one of them opens "
        f"{oauth.authority}/adminconsent?client_id={oauth.client_id}"
    )


@dataclass(frozen=True, slots=True, repr=False)
class Granted:
    """An access token, and for how many seconds it is good from now."""

    token: str
    seconds: float


#: What MSAL raises of an answer that isn't what it should be.
_UNREADABLE = (ValueError, RuntimeError, KeyError, TypeError, AttributeError, MsalError)


def asked(ask: Callable[[], Any]) -> dict[str, Any]:
    """What MSAL gives. Raises Unreachable where no answer came (`Asking`), or none that can be read."""
    try:
        found = ask()
    except _UNREADABLE as error:
        raise Unreachable(UNREADABLE) from error
    return found if isinstance(found, dict) else {}


def granted(found: dict[str, Any], oauth: OAuth) -> Granted:
    """The token in an answer; it is of visible ASCII (RFC 6749, A.12). Raises SignInOver, Busy and
    Unreachable."""
    token, seconds = found.get("access_token"), found.get("expires_in")
    if isinstance(token, str) and token:
        if not re.fullmatch("[!-~]+", token):
            raise Unreachable(UNREADABLE)
        return Granted(token, seconds_of(seconds))
    raise refusal(found, oauth)


def seconds_of(told: Any, otherwise: float = 0.0) -> float:
    """How long something is good, as an authority tells it; never more than ten years."""
    try:
        seconds = float(told) if isinstance(told, int | float | str) else otherwise
    except (ValueError, OverflowError):
        return otherwise
    return otherwise if math.isnan(seconds) else min(max(seconds, 0.0), 3.2e8)


def refusal(found: dict[str, Any], oauth: OAuth) -> SignInOver | Unreachable:
    """What an answer without a token means. The authority's own text isn't repeated: it may name people."""
    numbers = numbers_of(found)
    error = re.sub(r"[^\w.-]", "?", str(found.get("error") or "no-answer")[:60])
    if error in _LATER or _PASSING.intersection(numbers):
        return Unreachable(f"the authority asks for patience ({_reason(error, numbers)})")
    meaning = next((f": {MEANINGS[one]}" for one in numbers if one in MEANINGS), "")
    what = f"the authority gives ackd no token ({_reason(error, numbers)}{meaning})"
    return SignInOver(what, _remedy(numbers, oauth))


def _reason(error: str, numbers: list[int]) -> str:
    return ", ".join([error, *(f"AADSTS{one}" for one in numbers)])


def numbers_of(found: dict[str, Any]) -> list[int]:
    """Microsoft's numbers; what comes back by a browser has them in its text alone."""
    numbers = found.get("error_codes")
    if isinstance(numbers, list):
        return [one for one in numbers if isinstance(one, int)][:4]
    said = re.match(r"AADSTS(\d{1,9})", str(found.get("error_description")))
    return [int(said[1])] if said else []


def _remedy(numbers: list[int], oauth: OAuth) -> str:
    first = next((_ADMINISTRATOR[one] for one in numbers if one in _ADMINISTRATOR), "")
    if _UNCONSENTED.intersection(numbers):
        first = consent_remedy(oauth)
    if not oauth.way.is_app:
        return f"{first}, then run: {COMMAND}" if first else f"run: {COMMAND}"
    if first:
        return first
    if oauth.way is SignInWay.SECRET:
        return "ask your administrators for a new secret, and put it where mailbox.password says"
    return "have your administrators register the certificate that mailbox.certificate names, or a new one"
