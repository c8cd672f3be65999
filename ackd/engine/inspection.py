"""A look at the mailbox for its owner, who asks whether everything is in place. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ackd.engine import self_test
from ackd.engine.self_test import SelfTest
from ackd.model import Mail, MailboxReport, OwnerSettings
from ackd.ports import Ledger, Mailbox

#: How many mails, and how old ones, are looked at for the server's stamp.
STAMPS, LOOKED_AT = 50, timedelta(days=14)
STAMP = "x-ms-exchange-organization-authas"


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a look at the mailbox showed. Of the last `mails` that came, `stamped` bear the server's stamp
    of internal mail; `self_test` is the last one on this server, `holder` this ackd's name in a
    lease."""

    report: MailboxReport
    settings: OwnerSettings
    mails: int
    stamped: int
    self_test: SelfTest | None
    holder: str = ""


def inspect(
    mailbox: Mailbox, report: MailboxReport, ledger: Ledger, now: datetime, holder: str
) -> Inspection:
    """Look around beyond the report, which was the sign-in."""
    past = mailbox.past(now - LOOKED_AT, STAMPS)
    mails = [mail for mail in past if isinstance(mail, Mail)]
    stamped = sum(map(is_stamped, mails))
    return Inspection(report, mailbox.settings(), len(mails), stamped, self_test.known(ledger), holder)


def is_stamped(mail: Mail) -> bool:
    """Whether the server vouches that a mail is from inside (X-MS-Exchange-Organization-AuthAs)."""
    values = [value.strip().lower() for name, value in mail.headers or () if name.lower() == STAMP]
    return bool(values) and all(value == "internal" for value in values)
