"""A look at the mailbox for its owner, who asks whether everything is in place. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ackd.engine import self_test
from ackd.engine.self_test import SelfTest
from ackd.judge import origin
from ackd.judge.origin import AuthAs
from ackd.judge.policy import Policy
from ackd.model import MailboxReport, MailHead, OwnerSettings
from ackd.ports import Ledger, Mailbox

#: How many of the newest mails are looked at for the server's stamp.
LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Tally:
    """How many mails there are, and how many of them have which stamp X-MS-Exchange-Organization-AuthAs: none
    (`missing`), or a header that can't be read (`unread`)."""

    mails: int = 0
    internal: int = 0
    anonymous: int = 0
    other: int = 0
    missing: int = 0
    unread: int = 0

    def of(self, stamp: AuthAs) -> int:
        """How many have this one."""
        found: int = getattr(self, stamp.name.lower())
        return found


@dataclass(frozen=True, slots=True)
class TenantMarks:
    """How many mails in a colleague's name have no stamp, and all marks of this tenant instead."""

    tenant: str
    mails: int


@dataclass(frozen=True, slots=True)
class Stamps:
    """The newest mails by their stamps: all, and those with an inside sender, as they claim. `tenants` are
    those whose marks stand in place of a stamp, the most frequent first."""

    every: Tally = Tally()
    inside: Tally = Tally()
    tenants: tuple[TenantMarks, ...] = ()

    @property
    def are_missing(self) -> bool:
        """Whether the server sets no stamp for certain: none of the inside mails has one."""
        return 0 < self.inside.missing == self.inside.mails

    def of(self, tenant: str) -> int:
        """How many mails bear this tenant's marks in place of a stamp."""
        return next((one.mails for one in self.tenants if one.tenant == tenant), 0)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a look at the mailbox showed; `policy` says who is inside. `self_test` is the last one on this
    server, `holder` this ackd's name in a lease. `directory_answers`: whether the directory lets itself be
    asked for senders, None where nothing depends on it. `tenant` is the id of the one that signs in, ""
    where that isn't known or doesn't matter."""

    report: MailboxReport
    settings: OwnerSettings
    policy: Policy
    stamps: Stamps
    self_test: SelfTest | None
    holder: str = ""
    directory_answers: bool | None = None
    tenant: str = ""


def inspect(
    mailbox: Mailbox,
    report: MailboxReport,
    ledger: Ledger,
    policy: Policy,
    holder: str,
    tenant: Callable[[], str] = str,
) -> Inspection:
    """Look around beyond the report, which was the sign-in. `tenant` tells the tenant's id, where a proposal
    depends on it."""
    stamps = count(mailbox.heads(LOOKED_AT), policy)
    answers = None
    if policy.require_authenticated and policy.authenticated_by_tenant:
        answers = mailbox.in_directory([policy.owner.address]) is not None
    tried = self_test.known(ledger)
    own_tenant = tenant() if stamps.are_missing and stamps.tenants else ""
    return Inspection(report, mailbox.settings(), policy, stamps, tried, holder, answers, own_tenant)


def count(heads: Iterable[MailHead], policy: Policy) -> Stamps:
    """The mails by their stamps; who is inside says the policy."""
    every, inside, tenants = Counter[AuthAs](), Counter[AuthAs](), Counter[str]()
    for head in heads:
        stamp = origin.stamp_of(head.headers)
        every[stamp] += 1
        if head.sender is None or not policy.is_internal(head.sender.email):
            continue
        inside[stamp] += 1
        if stamp is AuthAs.MISSING and (tenant := origin.tenant_of(head.headers)):
            tenants[tenant] += 1
    marks = tuple(TenantMarks(tenant, mails) for tenant, mails in tenants.most_common())
    return Stamps(_tally(every), _tally(inside), marks)


def _tally(counts: Counter[AuthAs]) -> Tally:
    return Tally(counts.total(), **{one.name.lower(): counts[one] for one in AuthAs})
