"""Who is inside, by the server's stamps on the newest mails: in numbers, and what follows in plain words."""

from __future__ import annotations

from ackd.engine.inspection import Stamps, Tally
from ackd.judge.origin import AuthAs
from ackd.judge.policy import Policy
from ackd.model.settings import TENANT_RISK
from ackd.text.domains import is_everybodys
from ackd.text.headers import INSIDE_STAMP


def numbers(stamps: Stamps) -> str:
    """How many mails have which stamp."""
    if not stamps.every.mails:
        return "there is no mail yet: whether the server stamps mail from inside isn't known"
    every, inside = stamps.every, stamps.inside
    looked = f"{every.mails} mail{'s' * (every.mails != 1)} looked at, {inside.mails} in a colleague's name"
    on_these = f"{INSIDE_STAMP} on these: {_by_value(inside)}; " if inside.mails else f"{INSIDE_STAMP} "
    return f"{looked}. {on_these}on all: {_by_value(every)}"


def _by_value(tally: Tally) -> str:
    always = (AuthAs.INTERNAL, AuthAs.ANONYMOUS, AuthAs.MISSING)
    rare = (one for one in (AuthAs.OTHER, AuthAs.UNREAD) if tally.of(one))
    return ", ".join(f"{one.value} {tally.of(one)}" for one in (*always, *rare))


def is_well(stamps: Stamps, policy: Policy) -> bool:
    """Whether mail of colleagues is heard, as far as the newest mails tell."""
    if not policy.require_authenticated or not stamps.inside.mails:
        return True
    return bool(stamps.inside.internal or stamps.of(policy.authenticated_by_tenant))


def follows(stamps: Stamps, policy: Policy) -> str:
    """What follows from the numbers."""
    inside = stamps.inside
    if not stamps.every.mails:
        return ""
    if not policy.require_authenticated:
        is_open = any(map(is_everybodys, (*policy.domains, *policy.addresses)))
        whom = ", and anybody counts as a colleague" if is_open else ""
        return (
            f"the stamp isn't asked for (internal.require_authenticated): a forged sender is believed{whom}"
        )
    if not inside.mails:
        stamped = stamps.every.internal
        though = f", though {stamped} have the stamp: compare these with your colleagues' addresses"
        nobody = "nobody writes from inside, by internal.domains, addresses and groups"
        return nobody + (though if stamped else "")
    by_tenant = stamps.of(policy.authenticated_by_tenant)
    heard = inside.internal + by_tenant
    if not heard:
        return "every mail in a colleague's name is left alone"
    also = f", {by_tenant} of them by the tenant's marks" if by_tenant else ""
    left = inside.mails - heard
    rest = f"; the other {left} in a colleague's name are left alone" if left else ""
    return f"mail of colleagues is heard{also}{rest}"


def remedy(stamps: Stamps, own_tenant: str = "") -> str:
    """What to do where nobody inside is heard. `own_tenant` is the tenant's id, where the sign-in tells."""
    if not stamps.are_missing:
        return (
            "the server says that mail in your colleagues' names comes from outside: ask the administrators "
            "which gateway it takes, and whether its connector may pass the stamp on"
        )
    if offer := offered(stamps, own_tenant):
        return f"ask the administrators why the stamp is missing; or {offer}"
    return (
        "ask the administrators whether a gateway strips the stamp; or set internal.require_authenticated: "
        "false (then a forged sender is believed)"
    )


def proposed_tenant(stamps: Stamps, own_tenant: str = "") -> str:
    """The tenant whose marks could count, where the stamp is missing for certain; "" where none could."""
    if not stamps.are_missing or not stamps.tenants:
        return ""
    found = stamps.tenants[0].tenant
    return found if own_tenant in ("", found) else ""


def offered(stamps: Stamps, own_tenant: str = "") -> str:
    """The other proof, with its risk; "" where there is none."""
    tenant = proposed_tenant(stamps, own_tenant)
    if not tenant:
        return ""
    whose = "yours by the sign-in" if own_tenant else "compare it with what your administrators say"
    return (
        f"let the marks of the tenant {tenant} count ({whose}), which {stamps.of(tenant)} of these mails "
        f"bear: internal.authenticated_by_tenant. The risk: {TENANT_RISK}"
    )
