"""What the owner's configuration says of judging, as one value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from ackd.judge.classifier.model import THRESHOLDS
from ackd.model import Caution, Owner
from ackd.text.addresses import canonical, in_address, in_domain
from ackd.text.languages import LANGUAGES


class Members(frozenset[str]):
    """Addresses in the form in which they compare (see `addresses.canonical`)."""

    __slots__ = ()

    @classmethod
    def of(cls, addresses: Iterable[str]) -> Self:
        """Addresses as they are written; one that isn't plain is nobody's."""
        return cls(known for address in addresses if (known := canonical(address)) is not None)


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts as internal and what is acknowledged.

    `group_members` are the members of the groups whose members are colleagues; `lists` are all
    lists that the owner names, by address in lower case, with their members, None before anybody
    asked for them. `authenticated_by_tenant` is the id of the tenant whose marks count where the server
    sets no stamp, in lower case, and `directory` whether the organisation's directory knows the address of
    somebody of whom that depends (one that couldn't be asked for is missing).

    A mail received or dated before
    `oldest` is too old (questions.max_age by the owner's calendar); one received before
    `watermark` is history. `system_senders` extends the built-in list.
    """

    owner: Owner
    domains: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    except_: tuple[str, ...] = ()
    group_members: frozenset[str] = Members()
    lists: Mapping[str, frozenset[str]] | None = None
    require_authenticated: bool = True
    authenticated_by: tuple[str, ...] = ()
    authenticated_by_tenant: str = ""
    directory: Mapping[str, bool] = field(default_factory=dict)
    threshold: float = THRESHOLDS[Caution.CAUTIOUS]
    languages: tuple[str, ...] = LANGUAGES
    max_recipients: int = 5
    also_when_in_cc: bool = False
    system_senders: tuple[str, ...] = ()
    oldest: datetime | None = None
    watermark: datetime | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.group_members, Members):
            object.__setattr__(self, "group_members", Members.of(self.group_members))

    def groups_of(self, address: str) -> tuple[str, ...]:
        """The lists among those that the owner names that an address belongs to."""
        known = canonical(address)
        return tuple(name for name, members in (self.lists or {}).items() if known in members)

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
