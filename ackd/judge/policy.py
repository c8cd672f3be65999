"""What the owner's configuration says of judging, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ackd.judge.addresses import canonical, in_address, in_domain
from ackd.judge.request import THRESHOLDS
from ackd.model import Owner

LANGUAGES = ("en", "de", "fr", "es", "nl", "it", "pt")


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts as internal and what is acknowledged.

    `group_members` are the resolved addresses of the groups, in any case. A mail received or dated before
    `oldest` is too old (questions.max_age by the owner's calendar); one received before
    `start_mark` is history. `system_senders` extends the built-in list.
    """

    owner: Owner
    domains: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    except_: tuple[str, ...] = ()
    group_members: frozenset[str] = frozenset()
    require_authenticated: bool = True
    authenticated_by: tuple[str, ...] = ()
    threshold: float = THRESHOLDS["cautious"]
    languages: tuple[str, ...] = LANGUAGES
    max_recipients: int = 5
    also_when_in_cc: bool = False
    system_senders: tuple[str, ...] = ()
    oldest: datetime | None = None
    start_mark: datetime | None = None

    def __post_init__(self) -> None:
        members = frozenset(canonical(m) or m for m in self.group_members)
        object.__setattr__(self, "group_members", members)

    def is_internal(self, address: str) -> bool:
        """Whether the address is inside by domain, address or group. Exceptions and the
        server's stamp are rules of their own."""
        known = canonical(address)
        if known is None:
            return False
        domain = known.rpartition("@")[2]
        return (
            any(in_domain(domain, d) for d in self.domains)
            or any(in_address(known, a) for a in self.addresses)
            or known in self.group_members
        )
