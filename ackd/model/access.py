"""How a mailbox is reached."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class MailboxKind(enum.StrEnum):
    """The way to a mailbox: Exchange Web Services, or Microsoft Graph."""

    EWS = "ews"
    GRAPH = "graph"


class Auth(enum.StrEnum):
    """How ackd signs in to a server."""

    BASIC = "basic"
    NTLM = "ntlm"
    KERBEROS = "kerberos"
    OAUTH = "oauth"
    AUTO = "auto"  # the safest that is offered; no configuration says so

    @property
    def is_by_password(self) -> bool:
        """Whether the server gets a password, or proof of it."""
        return self in (Auth.BASIC, Auth.NTLM)


class SignInWay(enum.StrEnum):
    """How an authority is shown who asks for tokens: a person signs in, in this machine's browser or on
    another device, or an app proves itself."""

    BROWSER = "browser"
    DEVICE = "device"
    CERTIFICATE = "certificate"
    SECRET = "secret"  # noqa: S105  (the name of a way)

    @property
    def is_app(self) -> bool:
        """Whether an app signs in that acts for itself, and nobody has to be there."""
        return self in (SignInWay.CERTIFICATE, SignInWay.SECRET)


@dataclass(frozen=True, slots=True)
class OAuth:
    """Sign-in by access tokens: who gives them, to which registered app, and how it is asked. `certificate`
    is a file (PEM) with key and certificate. A person's sign-in is kept in the directory `state`, or with
    `in_keyring` in the keyring; `asks_directory`: also for who belongs to
    lists, and who is in the organisation."""

    authority: str
    client_id: str
    way: SignInWay
    state: Path
    certificate: Path | None = None
    in_keyring: bool = False
    asks_directory: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """One mailbox: its address, where its server is (or "autodiscover") and the sign-in. `password` is with
    `oauth` the app's secret, or the pass phrase of its key. `proxy` is an address, "direct", or None for what
    the environment says."""

    address: str
    endpoint: str
    username: str
    password: str
    auth: Auth = Auth.BASIC
    ca_bundle: str | None = None
    proxy: str | None = None
    kind: MailboxKind = MailboxKind.EWS
    oauth: OAuth | None = None
    impersonates: bool = False  # whoever signs in works in the name of the mailbox's owner

    @property
    def signs_in_as_owner(self) -> bool:
        """Whether it is the owner who signs in, by the name, or in whose name is worked: else it may be
        somebody to whom the mailbox is opened."""
        return self.impersonates or self.username.casefold() == self.address.casefold()

    def __repr__(self) -> str:
        return f"Access({self.address} at {self.endpoint} as {self.username})"


class Talk(Protocol):
    """How a person who signs in is told what to do."""

    def open_page(self, url: str) -> None:
        """Sign in on this page, in this machine's browser."""
        ...

    def enter_code(self, page: str, code: str, minutes: int) -> None:
        """Open this page anywhere, within so many minutes, and enter the code."""
        ...


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that is well: who signed in ("" for an app), whether the mailbox is theirs, what was granted,
    and where it is kept ("" where nothing is)."""

    person: str
    is_owner: bool
    scopes: tuple[str, ...]
    place: str
