"""The part of `ackd init` that signs in to Exchange Online by Microsoft Graph."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ackd.cli import init_readers as readers
from ackd.cli.init_trust import Trust
from ackd.cli.questions import Questions

if TYPE_CHECKING:
    from ackd.model.access import Access, OAuth
    from ackd.ports import Clock
    from ackd.runtime.onboarding import Found

_WAYS = (
    "Sign in by (browser: here; device: with a code on another device; certificate or secret: the app signs "
    "in by itself)"
)


def asked(questions: Questions, address: str, endpoint: str, state: Path) -> tuple[Access, OAuth]:
    """By whose registration, at which tenant, and how; an app's secret comes later."""
    from ackd.config.addresses import GRAPH, is_graph
    from ackd.model.access import Access, Auth, MailboxKind, OAuth, SignInWay
    from ackd.runtime.sign_in import has_display

    words = "Your tenant (its domain or id)"
    authority = questions.ask("--authority", words, address.rpartition("@")[2], readers.authority)
    words = "Application (client) ID of the registration that your administrators made for ackd"
    client_id = questions.ask("--client-id", words, None, readers.client_id)
    usual = "browser" if has_display(os.environ) else "device"
    way = SignInWay(questions.ask("--sign-in", _WAYS, usual, readers.sign_in))
    certificate = None
    if way is SignInWay.CERTIFICATE:
        words = "File with the app's key and its certificate (PEM)"
        certificate = questions.ask("--certificate", words, None, readers.certificate)
    oauth = OAuth(
        authority=authority,
        client_id=client_id,
        way=way,
        state=state,
        certificate=certificate,
        in_keyring=not way.is_app and _in_keyring(questions),
        asks_directory="--authenticated-by-tenant" in questions.given,
    )
    place = endpoint if is_graph(endpoint) else GRAPH
    return Access(address, place, address, "", Auth.OAUTH, kind=MailboxKind.GRAPH, oauth=oauth), oauth


def _in_keyring(questions: Questions) -> bool:
    from ackd.config import store_secret

    works = "--keep" not in questions.given and store_secret.keyring_works()
    words = "Keep your sign-in in (keyring; file, of mode 0600)"
    return questions.ask("--keep", words, "keyring" if works else "file", readers.keep_tokens) == "keyring"


def secret_words(oauth: OAuth) -> str:
    """What is asked for, of an app's proof; "" where nothing is."""
    from ackd.model.access import SignInWay
    from ackd.runtime.onboarding import needs_pass_phrase

    if oauth.way is SignInWay.SECRET:
        return "The app's secret (not shown)"
    needs = needs_pass_phrase(oauth)
    return "The pass phrase of the app's key (not shown)" if needs else ""


def sign_in(
    access: Access, oauth: OAuth, trust: Trust, clock: Clock, *, shared: bool
) -> tuple[Access, Found]:
    """Sign in and look around. Raises AckdError."""
    from ackd.cli.sign_in import AtTerminal
    from ackd.runtime import onboarding

    for url in (oauth.authority, access.endpoint):
        while trust.is_given(url, access.proxy):
            pass
    access = replace(access, ca_bundle=trust.bundle)
    done, found = onboarding.sign_in_by_tokens(access, clock, AtTerminal(), shared=shared)
    who = f"Signed in as {done.person}" if done.person else f"The app signed in by its {oauth.way}"
    typer.echo(f"{who}; granted: {', '.join(done.scopes)}.")
    return access, found
