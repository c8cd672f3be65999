"""The part of `ackd init` that finds the server and signs in."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ackd.config.secrets import Secret
    from ackd.model.access import Access
    from ackd.model.hosts import Asking, Confirm
    from ackd.runtime.onboarding import Found

_MOST_PASSWORDS = 2  # that are tried: servers lock accounts


@dataclass
class Questions:
    """Asks a person, unless the answer was given or nothing is to be asked."""

    silent: bool

    def ask(self, words: str, given: str | None, default: str | None = None) -> str:
        if given is not None:
            return given
        if self.silent:
            if default is None:
                raise typer.BadParameter(f"{words}: with --yes this must be given as an option")
            return default
        return str(typer.prompt(words, default=default)).strip()

    def confirm(self, asking: Asking) -> bool:
        """Whether the sign-in may go to a host that asks for it."""
        if self.silent:
            return asking.is_own
        typer.echo(asking.words)
        return typer.confirm("Sign in there?", default=asking.is_own)

    def password(self) -> str:
        if self.silent:
            raise typer.BadParameter("with --yes give --password-stdin or --password-from")
        return str(typer.prompt("Password (not shown)", hide_input=True))


class Password:
    """The password: from where it is kept, from the input, or typed when a host needs it."""

    def __init__(self, access: Access, secret: Secret | None, questions: Questions, stdin: bool) -> None:
        from ackd.runtime import onboarding

        self.is_typed = secret is None and not stdin and access.auth != "kerberos"
        self._text, self._questions = "", questions
        if secret is not None:
            self._text = onboarding.with_secret(access, secret).password
        elif stdin:
            self._text = sys.stdin.readline().rstrip("\r\n")

    def __call__(self) -> str:
        if self.is_typed and not self._text:
            self._text = self._questions.password()
        return self._text

    @property
    def known(self) -> str:
        """The password as far as nobody has to be asked."""
        return self._text

    def forget(self) -> None:
        """It was refused: the next time it is typed anew."""
        self._text = ""


def confirm_of(questions: Questions, given: list[str] | None) -> Confirm:
    from ackd.model.hosts import among

    try:
        by_option = among(given or ())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--confirm-host") from None
    return lambda asking: by_option(asking) or questions.confirm(asking)


def checked(key: str, text: str) -> str:
    """An answer as the configuration would read it."""
    from ackd.config.addresses import read_address, read_endpoint, read_proxy
    from ackd.config.value_error import Wrong
    from ackd.errors import UsageError

    readers = {
        "mailbox.address": read_address,
        "mailbox.endpoint": read_endpoint,
        "mailbox.proxy": read_proxy,
    }
    try:
        return readers[key](text)
    except Wrong as wrong:
        raise UsageError(f"{key}: {wrong.detail or f'it must be {wrong.allowed}'}") from None


def sign_in(
    access: Access,
    password: Password,
    confirm: Confirm,
    questions: Questions,
    state: Path | None,
    clock: Path | None,
) -> tuple[Access, Found]:
    """Try the sign-in; a person may correct the password once, and name the server where
    autodiscover finds none."""
    import platformdirs

    from ackd.errors import SignInRefused, Unreachable
    from ackd.model.hosts import Unconfirmed
    from ackd.runtime import onboarding
    from ackd.runtime.app import clock_of

    folder, tried = state or platformdirs.user_state_path("ackd"), 0
    while True:
        typer.echo(f"Signing in as {access.username} …")
        known = replace(access, password=password.known)
        try:
            return onboarding.sign_in(known, folder, clock_of(clock), confirm=confirm, secret=password)
        except SignInRefused as error:
            tried += 1
            if not password.is_typed or tried >= _MOST_PASSWORDS:
                raise
            typer.echo(f"{error}\nOnce more; after that ackd stops, since servers lock accounts.", err=True)
            password.forget()
        except (Unreachable, Unconfirmed) as error:
            if questions.silent and isinstance(error, Unconfirmed):
                raise Unconfirmed(error.askings, "ackd init …") from None
            if access.endpoint != "autodiscover" or questions.silent:
                raise
            typer.echo(str(error), err=True)
            access = replace(access, endpoint=checked("mailbox.endpoint", questions.ask("EWS address", None)))
