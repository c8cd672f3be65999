"""Ways to a mailbox: which one it is, by the configuration, is known here alone."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ackd.config import Config
from ackd.errors import ConfigError
from ackd.mailbox.access import access_of
from ackd.mailbox.program import MailProgram
from ackd.mailbox.tokens import SignIn
from ackd.model.access import Access, Auth, MailboxKind, SignedIn, SignInWay, Talk
from ackd.model.hosts import Confirm, is_below, nobody, place_of
from ackd.ports import Clock, Mailbox

if TYPE_CHECKING:
    from ackd.mailbox.sign_in import AppTokens

#: Whose hosts Exchange Online's are, in all its clouds.
ONLINE = ("outlook.com", "office365.com", "office365.us", "outlook.cn")


def open_mailbox(
    config: Config,
    secret: str,
    zone: ZoneInfo,
    clock: Clock,
    *,
    refuted: Collection[str] = (),
    confirm: Confirm = nobody,
    is_lost: bool = False,
    tokens: SignIn | None = None,
) -> Mailbox:
    """The mailbox on its server. Nothing is sent yet, unless the server must be found first; then the
    sign-in goes only to hosts that were confirmed, or that `confirm` allows. `is_lost`: where it was found
    before it hasn't answered for a while.

    `refuted` names what was tried on this server and found not to hold (`SelfTestResult.what`): the backend
    doesn't go by it. `tokens` are an app's that several mailboxes share (`app_tokens`).
    """
    access = access_of(config, secret)
    if access.kind is MailboxKind.EWS:
        from ackd.mailbox.ews import endpoint_cache

        access = endpoint_cache.reached(
            access, config.state_directory, clock.now(), is_lost=is_lost, confirm=confirm
        )
    return _open(access, zone, clock, watched=config.mailbox.folders, refuted=refuted, tokens=tokens)


def app_tokens(config: Config, secret: str, clock: Clock) -> AppTokens | None:
    """The tokens of the app that a configuration signs in by, for all of its organisation's mailboxes; None
    where none does. Raises ConfigError."""
    access = access_of(config, secret)
    if access.oauth is None or not access.oauth.way.is_app:
        return None
    from ackd.mailbox.sign_in import AppTokens, scopes

    return AppTokens(access, access.oauth, scopes.of_app(access), clock.ticks)


def sign_in_mark(config: Config, secret: str) -> str:
    """What makes the sign-in of a configuration: while it stays, one that was refused is the same one. For a
    person who signed in by `ackd sign-in` it changes when they do so again. Raises ConfigError."""
    access = access_of(config, secret)
    if access.oauth is None:
        return secret
    from ackd.mailbox.sign_in import mark_of

    return mark_of(access, access.oauth)


def forget_sign_in(config: Config) -> str:
    """Delete a person's sign-in by tokens; where it was kept, "" where there was none. Raises ConfigError."""
    access = access_of(config, "")
    if access.oauth is None or access.oauth.way.is_app:
        return ""
    from ackd.mailbox.sign_in import SignInPlace

    place = SignInPlace(access.address, access.oauth)
    return str(place) if place.delete() else ""


def likely_kind(access: Access) -> MailboxKind | None:
    """The way to a mailbox, by where autodiscover leads; nothing is signed in to. None where it can't be
    told."""
    from ackd.mailbox.ews.discovery import askers

    found = askers(access)
    if any(map(_is_online, found)):
        return MailboxKind.GRAPH
    return MailboxKind.EWS if found else None


def is_online(endpoint: str) -> bool:
    """Whether the server at an address is one of Exchange Online's."""
    place = place_of(endpoint)
    return place is not None and _is_online(place.host)


def _is_online(host: str) -> bool:
    return any(is_below(host, online) for online in ONLINE)


def tenant_of(access: Access) -> str:
    """The id of the tenant that signs in to a mailbox, by the authority's word; "" where it isn't told, or
    nobody signs in by tokens. One request at most."""
    if access.oauth is None:
        return ""
    from ackd.mailbox.sign_in.tenant import tenant_id

    return tenant_id(access, access.oauth)


def sign_in_first(
    access: Access, state: Path, now: datetime, *, confirm: Confirm, secret: Callable[[], str]
) -> Access:
    """Find the server if need be, and the sign-in that it asks for; returns the access with both, and with
    the password where one is needed.

    Every host is asked without the password first. `secret` is asked for it when it is needed, `confirm`
    whether a host may have it; an endpoint that the owner named is confirmed by that. An access by tokens is
    returned as it is (`sign_in_person`). Raises AckdError.
    """
    if access.oauth is not None:
        return access
    from ackd.mailbox.ews import endpoint_cache
    from ackd.mailbox.ews.discovery import look

    if access.endpoint == endpoint_cache.AUTODISCOVER:
        reached = endpoint_cache.reached(access, state, now, anew=True, confirm=confirm, secret=secret)
    else:
        reached = replace(access, auth=look(access).auth)
    return reached if reached.auth is Auth.KERBEROS else replace(reached, password=secret())


def reach(access: Access, zone: ZoneInfo, clock: Clock) -> Mailbox:
    """The mailbox of an access that `sign_in_first` gave, before there is a configuration. Raises as
    `open_mailbox`."""
    return _open(access, zone, clock)


def sign_in_person(
    access: Access, clock: Clock, talk: Talk, *, way: SignInWay, shared: bool = False
) -> SignedIn:
    """Let a person sign in to the mailbox of an access by tokens, look whether they may open it, and keep the
    sign-in, in place of an earlier one; `shared`: it is another's mailbox, that was opened to them. An access
    whose app proves itself is tried out.

    What was kept before stays until the new sign-in is well. Raises SignInOver, AccessBlocked for a person
    who may not open the mailbox, ConfigError, Unreachable and Busy.
    """
    from ackd.mailbox import signing_in

    return signing_in.sign_in(access, clock, talk, way, shared=shared)


def _open(
    access: Access,
    zone: ZoneInfo,
    clock: Clock,
    *,
    watched: tuple[str, ...] = ("Inbox",),
    refuted: Collection[str] = (),
    tokens: SignIn | None = None,
) -> Mailbox:
    if access.oauth is not None and tokens is None:
        from ackd.mailbox.sign_in import tokens_of

        tokens = tokens_of(access, access.oauth, clock.ticks)
    if access.kind is MailboxKind.EWS:
        from ackd.mailbox.ews import EwsMailbox

        named = replace(access, username=tokens.person) if tokens and tokens.is_guest else access
        return EwsMailbox(named, zone=zone, clock=clock, watched=watched, refuted=refuted, tokens=tokens)
    from ackd.mailbox.graph import GraphMailbox

    if tokens is None:
        raise ConfigError("mailbox.authority: Graph is reached by tokens alone")
    return GraphMailbox(
        access.address,
        access.endpoint,
        tokens,
        zone=zone,
        clock=clock,
        watched=watched,
        app_only=not tokens.person,
        guest=tokens.is_guest,
        ca_bundle=access.ca_bundle,
        proxy=access.proxy,
        refuted=refuted,
        sign_in=tokens,
    )


def mail_program(access: Access, zone: ZoneInfo) -> MailProgram:
    """A person's mail program on a mailbox."""
    from ackd.mailbox.ews import client

    return client.MailProgram(access, zone)
