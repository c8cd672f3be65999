"""The part of `ackd init` that finds an Exchange server and signs in by a password or a ticket."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ackd.cli import init_readers as readers
from ackd.cli.init_trust import Trust
from ackd.cli.questions import Questions

if TYPE_CHECKING:
    from ackd.config.secrets import Secret
    from ackd.model.access import Access, MailboxKind
    from ackd.model.hosts import Confirm
    from ackd.runtime.onboarding import Found

_MOST_PASSWORDS = 2  # that are tried: servers lock accounts


class Password:
    """The password: from where it is kept, from the input, or typed when a host needs it."""

    def __init__(
        self,
        access: Access,
        secret: Secret | None,
        questions: Questions,
        stdin: bool,
        words: str = "Password (not shown)",
    ) -> None:
        from ackd.model.access import Auth
        from ackd.runtime import onboarding

        self.is_typed = secret is None and not stdin and access.auth is not Auth.KERBEROS
        self._text, self._questions, self._words = "", questions, words
        if secret is not None:
            self._text = onboarding.with_secret(access, secret).password
        elif stdin:
            self._text = sys.stdin.readline().rstrip("\r\n")

    def __call__(self) -> str:
        if self.is_typed and not self._text:
            self._text = self._questions.secret(self._words)
        return self._text

    @property
    def known(self) -> str:
        """The password as far as nobody has to be asked."""
        return self._text

    def forget(self) -> None:
        """It was refused: the next time it is typed anew."""
        self._text = ""


def kind_of(questions: Questions, address: str, place: str, trust: Trust, proxy: str | None) -> MailboxKind:
    """The way to the mailbox: as its place says, else as autodiscover does, else as its owner does."""
    from ackd.config.addresses import AUTODISCOVER, is_graph
    from ackd.model.access import MailboxKind
    from ackd.runtime.onboarding import is_online, likely_kind

    likely: MailboxKind | None = None
    if is_graph(place) or questions.given.keys() & _OF_GRAPH:
        likely = MailboxKind.GRAPH
    elif place != AUTODISCOVER:
        likely = MailboxKind.EWS
    elif "--kind" not in questions.given:
        typer.echo(f"Looking where {address} is …")
        likely = likely_kind(address, trust.bundle, proxy)
    is_told = likely is not None and (place != AUTODISCOVER or likely is MailboxKind.EWS)
    if "--kind" not in questions.given and is_told and not is_online(place):
        return likely or MailboxKind.EWS
    words = "The way to your mailbox (graph: Exchange Online; ews: a server of your own)"
    if likely is MailboxKind.GRAPH or is_online(place):
        words = "Your mailbox is in Exchange Online: reach it by (graph; ews, which ends there in April 2027)"
        likely = MailboxKind.GRAPH
    return MailboxKind(questions.ask("--kind", words, (likely or MailboxKind.EWS).value, readers.kind))


_OF_GRAPH = {"--client-id", "--authority", "--sign-in", "--certificate"}


def asked(questions: Questions, address: str, place: str) -> Access:
    """How to sign in to the mailbox at a place; the password comes later."""
    from ackd.model.access import Access, Auth

    words = "Sign in by (auto: the safest that the server offers; basic, ntlm, kerberos)"
    how = Auth(questions.ask("--auth", words, Auth.AUTO.value, readers.auth))
    if how is Auth.KERBEROS:
        return Access(address, place, address, "", how)
    return Access(
        address, place, questions.ask("--username", "User name", address, readers.username), "", how
    )


def confirm_of(questions: Questions, given: list[str] | None) -> Confirm:
    from ackd.model.hosts import among

    try:
        by_option = among(given or ())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--confirm-host") from None
    return lambda asking: by_option(asking) or questions.confirm(asking)


def sign_in(
    access: Access,
    password: Password,
    confirm: Confirm,
    questions: Questions,
    trust: Trust,
    state: Path,
    clock: Path | None,
) -> tuple[Access, Found]:
    """Try the sign-in; a person may correct the password once, trust a certificate that nobody vouches for,
    and name the server where autodiscover finds none."""
    from ackd.errors import SignInRefused, Unreachable, Untrusted
    from ackd.model.hosts import Unconfirmed
    from ackd.runtime import onboarding
    from ackd.runtime.ledgers import clock_of

    tried = 0
    while True:
        typer.echo(f"Signing in as {access.username} …")
        known = replace(access, password=password.known, ca_bundle=trust.bundle)
        try:
            return onboarding.sign_in(known, state, clock_of(clock), confirm=confirm, secret=password)
        except SignInRefused as error:
            tried += 1
            if not password.is_typed or tried >= _MOST_PASSWORDS:
                raise
            typer.echo(f"{error}\nOnce more; after that ackd stops, since servers lock accounts.", err=True)
            password.forget()
        except (Unreachable, Unconfirmed) as error:
            if isinstance(error, Untrusted) and trust.is_given(error.url, access.proxy):
                continue
            if questions.silent and isinstance(error, Unconfirmed):
                raise Unconfirmed(error.askings, "ackd init …") from None
            if questions.silent or isinstance(error, Untrusted):
                raise
            typer.echo(str(error), err=True)
            words = "Your mail server, its name or its address of EWS"
            place = questions.ask_again("--endpoint", words, access.endpoint, readers.endpoint)
            if place == access.endpoint:
                raise
            access = replace(access, endpoint=place)
