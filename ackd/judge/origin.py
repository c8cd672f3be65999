"""Where a mail comes from, by the marks that servers leave in its header.

`X-MS-Exchange-Organization-*` is believed: Exchange takes it away from whatever comes over its border (header
firewall). `X-MS-Exchange-CrossTenant-*` leaves a tenant with its mail, so that anybody can copy it, and no
page says that it is taken away from what comes in; that was only seen. It counts where the owner says so, and
where nothing tells of a border. Sources: docs/judge.md, Who is inside.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable

from ackd.judge.policy import Policy
from ackd.model import Mail
from ackd.text.addresses import canonical, matches
from ackd.text.headers import INSIDE_STAMP, addresses, keyword, uncommented

Headers = tuple[tuple[str, str], ...]

STAMP = INSIDE_STAMP.lower()
SOURCE = "x-ms-exchange-organization-authsource"
TENANT_STAMP = "x-ms-exchange-crosstenant-authas"
TENANT_SOURCE = "x-ms-exchange-crosstenant-authsource"
TENANT = "x-ms-exchange-crosstenant-id"
TENANT_ENTITY = "x-ms-exchange-crosstenant-fromentityheader"
RESULTS = ("authentication-results", "x-ms-exchange-authentication-results")
_REPORT = "x-forefront-antispam-report"
#: What Exchange Online writes into a mail that comes over its border, and into no other.
BORDER = (
    "x-ms-exchange-transport-crosstenantheadersstripped",
    "x-ms-exchange-transport-crosstenantheaderspromoted",
    "x-ms-exchange-crosstenant-originalattributedtenantconnectingip",
    "x-eopattributedmessage",
    "x-eoptenantattributedmessage",
    "received-spf",
)
_AT_THE_BORDER = re.compile(r"\bby\s+[\w.-]+\.protection\.[\w.-]+", re.IGNORECASE)
_RESULT = re.compile(r"\b(spf|dkim|dmarc|compauth)\s*=\s*([a-z]+)", re.IGNORECASE)
_DIRECTION = re.compile(r"(?:^|;)\s*DIR\s*:\s*(\w+)", re.IGNORECASE)


class AuthAs(enum.StrEnum):
    """What a mail's stamp says of its sender; of several values one that isn't Internal."""

    INTERNAL = "Internal"
    ANONYMOUS = "Anonymous"
    OTHER = "another value"
    MISSING = "missing"
    UNREAD = "can't be read"


def values(headers: Headers, name: str) -> list[str]:
    """Every value of a field, in order; `name` in lower case."""
    return [value for key, value in headers if key.strip().lower() == name]


def stamp_of(headers: Headers | None) -> AuthAs:
    """The server's stamp X-MS-Exchange-Organization-AuthAs."""
    if headers is None:
        return AuthAs.UNREAD
    said = {keyword(value) for value in values(headers, STAMP)}
    if not said:
        return AuthAs.MISSING
    if said == {"internal"}:
        return AuthAs.INTERNAL
    return AuthAs.ANONYMOUS if "anonymous" in said else AuthAs.OTHER


def contradiction(headers: Headers, policy: Policy, sender: str) -> str | None:
    """What stands in a mail and speaks against a sender inside, whatever the stamp says."""
    if any(keyword(value) != "internal" for value in values(headers, TENANT_STAMP)):
        return "X-MS-Exchange-CrossTenant-AuthAs isn't Internal"
    for method, result in _results(headers):
        if method in ("dmarc", "compauth") and result == "fail":
            return f"Authentication-Results has {method}=fail"
    for name, shown in (("sender", "Sender"), ("return-path", "Return-Path")):
        for email in _named(headers, name):
            if not _is_near(email, policy, sender):
                return f"{shown} is outside: {email[:80]}"
    return None


def border_of(headers: Headers) -> str | None:
    """What shows that a mail came over the border of Exchange Online, or failed its tests; None where
    nothing does."""
    for name in BORDER:
        if values(headers, name):
            return f"it came over the server's border: {name}"
    for value in values(headers, _REPORT):
        found = _DIRECTION.search(value)
        if found and found[1].upper() != "INT":
            return f"it came over the server's border: {_REPORT} says DIR:{found[1]}"
    for method, result in _results(headers):
        if method == "spf" or (method == "dkim" and result == "fail"):
            return f"it came over the server's border: Authentication-Results has {method}={result}"
    if any(_AT_THE_BORDER.search(uncommented(value)) for value in values(headers, "received")):
        return "it came over the server's border: Received names a host of it"
    return None


def tenant_of(headers: Headers | None) -> str:
    """The id of the tenant in which the sender signed in, by Exchange Online's marks; "" where they aren't
    complete, don't agree, or where the mail came over a border."""
    if headers is None or border_of(headers):
        return ""
    said = {keyword(value) for value in values(headers, TENANT_STAMP)}
    entity = {keyword(value) for value in values(headers, TENANT_ENTITY)}
    tenants = {keyword(value) for value in values(headers, TENANT)}
    if said != {"internal"} or entity != {"hosted"} or len(tenants) != 1:
        return ""
    return tenants.pop()


def to_look_up(mail: Mail, policy: Policy) -> str:
    """The sender's address where all depends on whether the organisation's directory knows it; else ""."""
    if not policy.authenticated_by_tenant or mail.sender is None or stamp_of(mail.headers) != AuthAs.MISSING:
        return ""
    known = canonical(mail.sender.email)
    if known is None or not policy.is_internal(known):
        return ""
    return known if tenant_of(mail.headers) == policy.authenticated_by_tenant else ""


def unproved_by_tenant(headers: Headers, policy: Policy, sender: str) -> str | None:
    """Why the tenant's marks don't prove a sender where the stamp is missing; None where they do."""
    if why := border_of(headers):
        return why
    found = tenant_of(headers)
    if not found:
        return "the stamp AuthAs is missing, and so are the tenant's marks (X-MS-Exchange-CrossTenant-*)"
    if found != policy.authenticated_by_tenant:
        return f"the stamp AuthAs is missing, and the tenant's marks are another tenant's: {found[:60]}"
    is_known = policy.directory.get(canonical(sender) or "")
    if is_known is None:
        return "the stamp AuthAs is missing, and the directory couldn't be asked for the sender"
    return None if is_known else "the stamp AuthAs is missing, and the directory knows no such sender"


def untrusted(headers: Headers, policy: Policy, source: str) -> str | None:
    """Why the server is none of those whose stamp counts; `source` is the field that names it."""
    if not policy.authenticated_by:
        return None
    hosts = [keyword(value) for value in values(headers, source)]
    globs = [glob.strip().lower() for glob in policy.authenticated_by]
    if hosts and all(any(matches(glob, host) for glob in globs) for host in hosts):
        return None
    return f"signed in at a server that isn't trusted: {', '.join(hosts)[:80] or 'unknown'}"


def proof(headers: Headers | None, policy: Policy, sender: str) -> str:
    """In words, by what a sender is proved to be inside; "" where nothing proves it."""
    if not policy.require_authenticated:
        return "nothing: no proof is asked for (internal.require_authenticated)"
    if headers is None or contradiction(headers, policy, sender):
        return ""
    stamp, source, words = stamp_of(headers), SOURCE, "the server's stamp AuthAs: Internal"
    if stamp is AuthAs.MISSING and policy.authenticated_by_tenant:
        source, words = (
            TENANT_SOURCE,
            "the tenant's marks and its directory (internal.authenticated_by_tenant)",
        )
        if unproved_by_tenant(headers, policy, sender):
            return ""
    elif stamp is not AuthAs.INTERNAL:
        return ""
    return "" if untrusted(headers, policy, source) else words


def _results(headers: Headers) -> Iterable[tuple[str, str]]:
    for name in RESULTS:
        for value in values(headers, name):
            for method, result in _RESULT.findall(uncommented(value)):
                yield method.lower(), result.lower()


def _named(headers: Headers, name: str) -> list[str]:
    return [
        parsed.email for value in values(headers, name) for parsed in addresses(value) if "@" in parsed.email
    ]


def _is_near(email: str, policy: Policy, sender: str) -> bool:
    """Whether an address is inside, or in a sub-domain of the sender's domain, as a server's own are."""
    known, own = canonical(email), canonical(sender)
    if known is None:
        return False
    domain = known.rpartition("@")[2]
    home = own.rpartition("@")[2] if own else ""
    return policy.is_internal(known) or (bool(home) and f".{domain}".endswith(f".{home}"))
