"""What `ackd init` finds out and proposes before there is a configuration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from ackd.config import read_secret
from ackd.config.hours import week_map
from ackd.config.secrets import Secret
from ackd.engine.inspection import is_stamped
from ackd.errors import ConfigError
from ackd.mailbox import reach, sign_in_first
from ackd.model import Mail, OwnerCard, OwnerSettings
from ackd.model.access import Access
from ackd.model.hosts import Confirm
from ackd.ports import Clock

SENDERS = 500  # mails whose senders are looked at
PAST = timedelta(days=60)
ENOUGH = 2  # mails of one domain that the server stamped as internal


@dataclass(frozen=True, slots=True)
class Found:
    """What the mailbox told at the first sign-in. `domains` are proposed for `internal.domains`;
    `stamped` of the `mails` that were looked at had the server's stamp of internal mail."""

    version: str
    card: OwnerCard
    settings: OwnerSettings
    domains: tuple[str, ...]
    mails: int
    stamped: int


def sign_in(
    access: Access, state: Path, clock: Clock, *, confirm: Confirm, secret: Callable[[], str]
) -> tuple[Access, Found]:
    """Find the server if need be, sign in and look around; nothing is written to the mailbox.

    See `mailbox.sign_in_first`. Returns how the mailbox was reached. Raises AckdError: SignInRefused,
    Unconfirmed, Unreachable, ConfigError, …
    """
    from ackd.engine.owner_settings import machine_zone

    now = clock.now()
    reached = sign_in_first(access, state, now, confirm=confirm, secret=secret)
    mailbox = reach(reached, machine_zone(), clock)
    try:
        version = mailbox.report().version
        card, settings = mailbox.card(), mailbox.settings()
        past = mailbox.past(now - PAST, SENDERS)
        mails = [mail for mail in islice(past, 4 * SENDERS) if isinstance(mail, Mail)]
    finally:
        mailbox.close()
    stamped = sum(is_stamped(mail) for mail in mails)
    domains = propose_domains(access.address, mails)
    return reached, Found(version, card, settings, domains, len(mails), stamped)


def propose_domains(address: str, mails: Iterable[Mail]) -> tuple[str, ...]:
    """The owner's own domain, and others from which the server's stamp came several times: what a
    mail merely says of itself makes nobody a colleague."""
    own = address.rpartition("@")[2].lower()
    seen = Counter(
        mail.sender.email.rpartition("@")[2].lower() for mail in mails if mail.sender and is_stamped(mail)
    )
    others = [domain for domain, count in seen.most_common() if count >= ENOUGH and domain not in ("", own)]
    return (own, *others)


def likely_country(zone: str | None) -> str:
    """The country that a time zone is in, "" where that can't be told or no holidays are known."""
    from babel.core import get_global
    from holidays.registry import COUNTRIES

    country = str(get_global("zone_territories").get(zone or "", ""))
    return country if country in {names[1] for names in COUNTRIES.values()} else ""


def values(
    access: Access,
    secret: Secret | None,
    *,
    name: str,
    domains: Iterable[str],
    zone: str,
    hours: Mapping[str, str] | None,
    country: str,
    subdivision: str,
    language: str,
    state: Path | None,
) -> Mapping[str, Any]:
    """The configuration's values by dotted keys; what is the default or left to the mailbox isn't
    set. `zone` is "" and `hours` None where the mailbox tells them."""
    is_named = access.username != access.address
    wanted = {
        "mailbox.address": access.address,
        "mailbox.endpoint": access.endpoint,
        "mailbox.auth": access.auth,
        "mailbox.username": access.username if is_named else None,
        "mailbox.password": {secret.source.value: secret.name} if secret else None,
        "mailbox.ca_bundle": access.ca_bundle,
        "mailbox.proxy": access.proxy,
        "state": str(state) if state else None,
        "mode": "preview",
        "internal.domains": list(domains),
        "promise.time_zone": zone or None,
        "promise.working_hours": hours,
        "promise.holidays": _holidays(country, subdivision),
        "letters.language": None if language == "asker" else language,
        "letters.name": name or None,
    }
    return {key: value for key, value in wanted.items() if value is not None}


def _holidays(country: str, subdivision: str) -> dict[str, str] | None:
    if not country:
        return None
    return {"country": country, **({"subdivision": subdivision} if subdivision else {})}


def hours_words(settings: OwnerSettings) -> str:
    """The working hours as the configuration writes them, "" where the mailbox doesn't tell."""
    if settings.hours is None:
        return ""
    return "; ".join(f"{days} {spans}" for days, spans in week_map(settings.hours).items())


def with_secret(access: Access, secret: Secret) -> Access:
    """The access with the secret from its place. Raises ConfigError."""
    if access.auth == "kerberos":
        raise ConfigError("mailbox.password: kerberos takes no password")
    return replace(access, password=read_secret(secret, access.username))
