"""Ways to a mailbox: which one it is, by the configuration, is known here alone."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ackd.config import Config
from ackd.config.schema import Mailbox as Section
from ackd.errors import ConfigError
from ackd.mailbox.program import MailProgram
from ackd.model.access import Access, MailboxKind, OAuth
from ackd.model.hosts import Confirm, is_below, nobody
from ackd.ports import Clock, Mailbox

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
) -> Mailbox:
    """The mailbox on its server. Nothing is sent yet, unless the server must be found first; then the
    sign-in goes only to hosts that were confirmed, or that `confirm` allows.

    `refuted` names what was tried on this server and found not to hold (`SelfTestResult.what`): the backend
    doesn't go by it.
    """
    access = _access(config, secret)
    if access.kind is MailboxKind.EWS:
        from ackd.mailbox.ews import endpoint_cache

        access = endpoint_cache.reached(access, config.state_directory, clock.now(), confirm=confirm)
    return _open(access, zone, clock, watched=config.mailbox.folders, refuted=refuted)


def likely_kind(access: Access) -> MailboxKind | None:
    """The way to a mailbox, by where autodiscover leads; nothing is signed in to. None where it can't be
    told."""
    from ackd.mailbox.ews.discovery import askers

    found = askers(access)
    if any(is_below(host, online) for host in found for online in ONLINE):
        return MailboxKind.GRAPH
    return MailboxKind.EWS if found else None


def sign_in_first(
    access: Access, state: Path, now: datetime, *, confirm: Confirm, secret: Callable[[], str]
) -> Access:
    """Find the server if need be, and the sign-in that it asks for; returns the access with both, and with
    the password where one is needed.

    Every host is asked without the password first. `secret` is asked for it when it is needed, `confirm`
    whether a host may have it; an endpoint that the owner named is confirmed by that. Raises AckdError.
    """
    from ackd.mailbox.ews import endpoint_cache
    from ackd.mailbox.ews.discovery import look

    if access.endpoint == endpoint_cache.AUTODISCOVER:
        reached = endpoint_cache.reached(access, state, now, anew=True, confirm=confirm, secret=secret)
    else:
        reached = replace(access, auth=look(access).auth)
    return reached if reached.auth == "kerberos" else replace(reached, password=secret())


def reach(access: Access, zone: ZoneInfo, clock: Clock) -> Mailbox:
    """The mailbox of an access that `sign_in_first` gave, before there is a configuration. Raises as
    `open_mailbox`."""
    return _open(access, zone, clock)


def _open(
    access: Access,
    zone: ZoneInfo,
    clock: Clock,
    *,
    watched: tuple[str, ...] = ("Inbox",),
    refuted: Collection[str] = (),
) -> Mailbox:
    if access.kind is MailboxKind.EWS:
        from ackd.mailbox.ews import EwsMailbox

        return EwsMailbox(access, zone=zone, clock=clock, watched=watched, refuted=refuted)
    from ackd.mailbox.graph import GraphMailbox
    from ackd.mailbox.sign_in import tokens_of

    if access.oauth is None:
        raise ConfigError("mailbox.authority: Graph is reached by its tokens")
    return GraphMailbox(
        access.address,
        access.endpoint,
        tokens_of(access, access.oauth),
        zone=zone,
        clock=clock,
        watched=watched,
        app_only=access.oauth.way.is_app,
        ca_bundle=access.ca_bundle,
        proxy=access.proxy,
        refuted=refuted,
    )


def mail_program(access: Access, zone: ZoneInfo) -> MailProgram:
    """A person's mail program on a mailbox."""
    from ackd.mailbox.ews import client

    return client.MailProgram(access, zone)


def _access(config: Config, secret: str) -> Access:
    box = config.mailbox
    return Access(
        address=box.address,
        endpoint=box.endpoint,
        username=box.username,
        password=secret,
        auth=box.auth,
        ca_bundle=str(box.ca_bundle) if box.ca_bundle else None,
        proxy=box.proxy,
        kind=box.kind,
        oauth=_oauth(box),
    )


def _oauth(box: Section) -> OAuth | None:
    if box.authority is None or box.client_id is None or box.sign_in is None:
        return None
    return OAuth(box.authority, box.client_id, box.sign_in, box.certificate)
