"""What `ackd init` finds out and proposes before there is a configuration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ackd import mailbox
from ackd.config import read_secret
from ackd.config.addresses import AUTODISCOVER, GRAPH
from ackd.config.hours import week_map
from ackd.config.schema.follow_up import ASKER
from ackd.config.secrets import Secret
from ackd.engine.inspection import LOOKED_AT, Stamps, count
from ackd.errors import AccessBlocked, ConfigError, SignInOver
from ackd.judge.origin import AuthAs, stamp_of
from ackd.judge.policy import Policy
from ackd.letters.first_name import first_name
from ackd.mailbox.certificates import Shown, untrusted
from ackd.mailbox.sign_in.answers import COMMAND as SIGN_IN
from ackd.mailbox.sign_in.certificate import is_encrypted
from ackd.model import Address, MailHead, Mode, Owner, OwnerCard, OwnerSettings
from ackd.model.access import Access, Auth, MailboxKind, OAuth, SignedIn, Talk
from ackd.model.hosts import Confirm
from ackd.ports import Clock

Certificate = Shown
_INIT = "ackd init"
ENOUGH = 2  # mails of one domain that the server stamped as internal


@dataclass(frozen=True, slots=True)
class Found:
    """What the mailbox told at the first sign-in. `domains` are proposed for `internal.domains`; `heads` are
    the newest mails'; `tenant` is the id of the one that signs in, "" where it isn't told."""

    version: str
    card: OwnerCard
    settings: OwnerSettings
    domains: tuple[str, ...]
    heads: tuple[MailHead, ...]
    tenant: str = ""

    def stamps(self, address: str, domains: Iterable[str]) -> Stamps:
        """How many of the newest mails bear which stamp, where these domains are inside."""
        return count(self.heads, Policy(Owner(address, ""), domains=tuple(domains)))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the owner says beside the sign-in. `zone` is "" and `hours` None where the mailbox tells them,
    `country` "" for no holidays; `tenant` is whose marks prove a sender, "" for nobody's."""

    name: str
    names: tuple[str, ...]
    aliases: tuple[str, ...]
    domains: tuple[str, ...]
    zone: str
    hours: Mapping[str, str] | None
    country: str
    subdivision: str
    language: str
    state: Path | None
    tenant: str = ""


def sign_in(
    access: Access, state: Path, clock: Clock, *, confirm: Confirm, secret: Callable[[], str]
) -> tuple[Access, Found]:
    """Find the server if need be, sign in and look around; nothing is written to the mailbox.

    See `mailbox.sign_in_first`. Returns how the mailbox was reached. Raises AckdError: SignInRefused,
    Unconfirmed, Unreachable, ConfigError, …
    """
    reached = mailbox.sign_in_first(access, state, clock.now(), confirm=confirm, secret=secret)
    return reached, look(reached, clock)


def likely_kind(address: str, ca_bundle: str | None, proxy: str | None) -> MailboxKind | None:
    """The way to the mailbox of an address, by where autodiscover leads; None where it can't be told. Nothing
    is signed in to."""
    access = Access(address, AUTODISCOVER, address, "", Auth.AUTO, ca_bundle, proxy)
    return mailbox.likely_kind(access)


def is_online(endpoint: str) -> bool:
    """Whether the server at an address is one of Exchange Online's."""
    return mailbox.is_online(endpoint)


def certificate_at(url: str, ca_bundle: str | None, proxy: str | None) -> Certificate | None:
    """The certificate at an address, where it isn't trusted: see `certificates.untrusted`."""
    return untrusted(url, ca_bundle, proxy)


def sign_in_by_tokens(access: Access, clock: Clock, talk: Talk, *, shared: bool) -> tuple[SignedIn, Found]:
    """A person signs in, or an app's sign-in is tried (`mailbox.sign_in_person`); then the same look around.
    What is to be done is told for a configuration that isn't there yet. Raises AckdError."""
    oauth = access.oauth
    if oauth is None:
        raise ConfigError("mailbox.authority: this mailbox isn't signed in to by tokens")
    try:
        done = mailbox.sign_in_person(access, clock, talk, way=oauth.way, shared=shared)
    except SignInOver as error:
        raise SignInOver(error.words, _before(error.remedy)) from error
    except AccessBlocked as error:
        raise AccessBlocked(_before(str(error))) from error
    return done, look(access, clock)


def needs_pass_phrase(oauth: OAuth) -> bool:
    """Whether the app's key is opened by one. Raises ConfigError."""
    return oauth.certificate is not None and is_encrypted(oauth.certificate)


def _before(words: str) -> str:
    """Words that name the command for a configuration that is there, with the one that makes it."""
    words = words.replace(f"{SIGN_IN} --browser", f"{_INIT} --sign-in browser")
    return words.replace(SIGN_IN, _INIT)


def look(access: Access, clock: Clock) -> Found:
    """What the mailbox tells, once it may be opened. Raises AckdError."""
    from ackd.engine.owner_settings import machine_zone

    opened = mailbox.reach(access, machine_zone(), clock)
    try:
        version = opened.report().version
        card, settings = opened.card(), opened.settings()
        heads = opened.heads(LOOKED_AT)
    finally:
        opened.close()
    domains = propose_domains(access.address, heads)
    return Found(version, card, settings, domains, heads, mailbox.tenant_of(access))


def propose_domains(address: str, heads: Iterable[MailHead]) -> tuple[str, ...]:
    """The owner's own domain, and others from which the server's stamp came several times: what a
    mail merely says of itself makes nobody a colleague."""
    own = address.rpartition("@")[2].lower()
    seen = Counter(
        head.sender.email.rpartition("@")[2].lower()
        for head in heads
        if head.sender and stamp_of(head.headers) is AuthAs.INTERNAL
    )
    others = [domain for domain, count in seen.most_common() if count >= ENOUGH and domain not in ("", own)]
    return (own, *others)


def given_name(address: str, name: str) -> str:
    """The given name in the owner's name, "" where that is in doubt."""
    return first_name(Address(address, name))


def likely_country(zone: str | None) -> str:
    """The country that a time zone is in, "" where that can't be told or no holidays are known."""
    from babel.core import get_global
    from holidays.registry import COUNTRIES

    country = str(get_global("zone_territories").get(zone or "", ""))
    return country if country in {names[1] for names in COUNTRIES.values()} else ""


def parts_of(country: str) -> tuple[str, ...]:
    """The parts of a country whose holidays differ, by their codes."""
    from holidays import country_holidays

    return tuple(country_holidays(country).subdivisions)


def values(access: Access, secret: Secret | None, chosen: Chosen) -> Mapping[str, Any]:
    """The configuration's values by dotted keys; what is the default or left to the mailbox isn't set."""
    wanted = {
        **_of_access(access),
        "mailbox.aliases": list(chosen.aliases) or None,
        "mailbox.names": list(chosen.names) or None,
        "mailbox.password": {secret.source.value: secret.name} if secret else None,
        "state": str(chosen.state) if chosen.state else None,
        "mode": Mode.PREVIEW.value,
        "internal.domains": list(chosen.domains),
        "internal.authenticated_by_tenant": chosen.tenant or None,
        "promise.time_zone": chosen.zone or None,
        "promise.working_hours": chosen.hours,
        "promise.holidays": _holidays(chosen.country, chosen.subdivision),
        "letters.language": None if chosen.language == ASKER else chosen.language,
        "letters.name": chosen.name or None,
    }
    return {key: value for key, value in wanted.items() if value is not None}


def _of_access(access: Access) -> Mapping[str, Any]:
    if access.oauth is not None:
        return _of_tokens(access, access.oauth)
    is_named = access.username != access.address
    return {
        "mailbox.address": access.address,
        "mailbox.endpoint": access.endpoint,
        "mailbox.auth": access.auth.value,
        "mailbox.username": access.username if is_named else None,
        "mailbox.ca_bundle": access.ca_bundle,
        "mailbox.proxy": access.proxy,
    }


def _of_tokens(access: Access, oauth: OAuth) -> Mapping[str, Any]:
    return {
        "mailbox.kind": access.kind.value,
        "mailbox.address": access.address,
        "mailbox.endpoint": None if access.endpoint == GRAPH else access.endpoint,
        "mailbox.authority": oauth.authority,
        "mailbox.client_id": oauth.client_id,
        "mailbox.sign_in": oauth.way.value,
        "mailbox.certificate": str(oauth.certificate) if oauth.certificate else None,
        "mailbox.tokens": "keyring" if oauth.in_keyring else None,
        "mailbox.ca_bundle": access.ca_bundle,
        "mailbox.proxy": access.proxy,
    }


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
    if access.auth is Auth.KERBEROS:
        raise ConfigError("mailbox.password: kerberos takes no password")
    return replace(access, password=read_secret(secret, access.username))
