"""The part of `ackd init` that shows a certificate which nobody vouches for here, and trusts it on a yes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ackd.cli.questions import Questions

if TYPE_CHECKING:
    from ackd.runtime.onboarding import Certificate

FILE = "ackd-server.pem"  # beside the configuration


class Trust:
    """The file of certificates to go by (`bundle`; None: the machine's own): as given, or the one into which
    those go that the owner trusts."""

    def __init__(self, questions: Questions, config: Path, given: str | None, by_option: list[str]) -> None:
        """`by_option` are the SHA-256 of certificates that an option trusts."""
        self.bundle = given
        self._questions, self._given = questions, given
        self._file = config.parent.absolute() / FILE
        self._by_option = {_plain(one) for one in by_option}
        self._pems: list[str] = []

    def is_given(self, url: str, proxy: str | None) -> bool:
        """Show the certificate at an address, if it isn't trusted, and ask. Returns whether it is trusted
        now, and something new may be tried."""
        from ackd.config.store_secret import store_in_file
        from ackd.runtime.onboarding import certificate_at

        shown = certificate_at(url, self.bundle, proxy)
        if shown is None or self._given is not None or shown.pem in self._pems:
            return False
        typer.echo("\n".join(_words(shown)), err=True)
        if shown.trouble:
            return False
        is_named = _plain(shown.sha256) in self._by_option
        if not is_named and self._questions.silent:
            typer.echo(f"To trust it: --trust-certificate {_plain(shown.sha256)}", err=True)
        if not is_named and not self._questions.is_agreed("Trust this very certificate?", silent=False):
            return False
        self._pems.append(shown.pem)
        store_in_file(self._file, "".join(self._pems))
        self.bundle = str(self._file)
        typer.echo(f"It is in {self._file} now. When the server shows another one, ackd stops and says so.")
        return True


def _plain(sha256: str) -> str:
    return sha256.replace(":", "").replace(" ", "").lower()


def _words(shown: Certificate) -> list[str]:
    for_whom = shown.subject or "no name"
    names = f" ({', '.join(shown.names[:5])})" if shown.names else ""
    by = "itself" if shown.subject == shown.issuer else shown.issuer
    return [
        f"{shown.host} shows a certificate that isn't trusted on this machine:",
        f"  for      {for_whom}{names}",
        f"  by       {by}",
        f"  until    {shown.ends:%Y-%m-%d}",
        f"  SHA-256  {shown.sha256}",
        f"  {shown.trouble}" if shown.trouble else _COMPARE,
    ]


_COMPARE = (
    "Compare the SHA-256 with what your administrators say: behind another certificate somebody may read "
    "your mail and what you sign in with."
)
