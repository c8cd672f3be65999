"""The section `mailbox`: which mailbox, and how to sign in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from ackd.config import addresses, field_types
from ackd.config.schema.base import Flag, Mail, Section, Text
from ackd.config.secrets import PLACES, SECRET, Secret
from ackd.config.value_error import Location, Wrong, WrongParts
from ackd.model.access import Auth, MailboxKind, SignInWay

OwnAuth = Literal[Auth.BASIC, Auth.NTLM, Auth.KERBEROS, Auth.OAUTH]
_EWS = "an address such as https://mail.corp.example/EWS/Exchange.asmx"
_OF_OAUTH = ("authority", "client_id", "sign_in", "certificate")


def _the_address(known: dict[str, Any]) -> str:
    return str(known["address"])


def _the_endpoint(known: dict[str, Any]) -> str:
    return addresses.GRAPH if known["kind"] is MailboxKind.GRAPH else ""


def _the_auth(known: dict[str, Any]) -> OwnAuth:
    return Auth.OAUTH if known["kind"] is MailboxKind.GRAPH else Auth.BASIC


def _the_way(known: dict[str, Any]) -> SignInWay | None:
    return SignInWay.BROWSER if known["auth"] is Auth.OAUTH else None


class Mailbox(Section):
    """The owner's mailbox, and how ackd signs in to it."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"kind": {"const": "graph"}}, "required": ["kind"]},
            "then": {
                "properties": {"auth": {"const": Auth.OAUTH.value}},
                "required": ["authority", "client_id"],
            },
            "else": {"required": ["endpoint"]},
        }
    )

    kind: MailboxKind = Field(
        default=MailboxKind.EWS,
        description="The way to the mailbox: Exchange Web Services (a server of your own), or Microsoft "
        "Graph (Exchange Online).",
    )
    address: Mail = Field(
        description="The owner's address, as colleagues write to it.", examples=["alice@corp.example"]
    )
    aliases: tuple[Mail, ...] = Field(
        default=(), description="The owner's other addresses.", examples=[["a.smith@corp.example"]]
    )
    names: tuple[Text, ...] = Field(
        default=(),
        description="The owner's given name and nicknames, as colleagues greet: a mail that greets somebody "
        "else is left. The parts of letters.name and of the addresses are known without.",
        examples=[["Alice", "Ali"]],
    )
    endpoint: Annotated[str, addresses.ENDPOINT] = Field(
        default_factory=_the_endpoint,
        validate_default=True,
        description="The address of the EWS service, or autodiscover: then ackd asks the servers of the "
        "address's domain for it, at its start, and signs in only at hosts that you confirmed (ackd check). "
        "Plain http is for a server on this machine only. With kind: graph the address of Graph, with its "
        "version.",
        examples=["https://mail.corp.example/EWS/Exchange.asmx"],
        json_schema_extra={"x-default": f"{addresses.GRAPH} for graph; for ews it must be set"},
    )
    auth: OwnAuth = Field(
        default_factory=_the_auth,
        description="How ackd signs in. Kerberos takes the ticket that the machine has (kinit), no password, "
        "and needs the package requests-gssapi. Graph has oauth alone.",
        examples=[Auth.BASIC.value],
        json_schema_extra={"x-default": "basic; oauth for graph"},
    )
    authority: Annotated[str, addresses.AUTHORITY] | None = Field(
        default=None,
        description="For oauth: who gives the tokens, with your tenant (its domain or id).",
        json_schema_extra={"x-default": "none; oauth needs one"},
    )
    client_id: Annotated[str, addresses.CLIENT_ID] | None = Field(
        default=None,
        description="For oauth: the Application (client) ID of the registration that your administrators "
        "made for ackd.",
        json_schema_extra={"x-default": "none; oauth needs one"},
    )
    sign_in: SignInWay | None = Field(
        default_factory=_the_way,
        description="For oauth: how the tokens are asked for. You sign in once by `ackd sign-in`, in this "
        "machine's browser, or with a code on another device; or an app proves itself by a certificate or a "
        "secret, and nobody signs in.",
        examples=[None],
        json_schema_extra={"x-default": "browser for oauth"},
    )
    username: Text = Field(
        default_factory=_the_address,
        description="The name to sign in with, as the server wants it (an address, or 'CORP\\alice').",
        examples=["alice@corp.example"],
        json_schema_extra={"x-default": "the address"},
    )
    password: Annotated[Secret, SECRET] | None = Field(
        default=None,
        description="Where the password is kept, never the password itself: a variable of the environment, "
        "the keyring, a file that its owner alone may read (mode 0600), or a credential of systemd's. With "
        "sign_in: secret it is the app's secret, with certificate the pass phrase of its key.",
        examples=[{"env": "ACKD_PASSWORD"}],
        json_schema_extra={"x-default": "none; basic, ntlm and sign_in: secret need one"},
    )
    impersonate: Flag = Field(
        default=False,
        description="For ews: who signs in is a service account that works in the name of the mailbox's "
        "owner (its role in Exchange: ApplicationImpersonation).",
    )
    certificate: Annotated[Path, field_types.FILE] | None = Field(
        default=None,
        description="For sign_in: certificate: a file (PEM) with the app's key and its certificate, which "
        "its owner alone may read (mode 0600).",
    )
    tokens: Literal["file", "keyring"] = Field(
        default="file",
        description="For sign_in: browser and device: where your sign-in is kept, in a file of the state "
        "directory that you alone may read (mode 0600), or in the keyring.",
    )
    ca_bundle: Annotated[Path, field_types.FILE] | None = Field(
        default=None,
        description="A file with certificates (PEM) to trust, where the server's is signed in-house.",
    )
    proxy: Annotated[str, addresses.PROXY] | None = Field(
        default=None,
        description="The HTTP proxy on the way to the server, or direct. A proxy that wants a password isn't "
        "supported.",
        json_schema_extra={"x-default": "as the environment says (HTTPS_PROXY, NO_PROXY)"},
    )
    folders: tuple[Text, ...] = Field(
        default=("Inbox",),
        min_length=1,
        description="The watched folders, for owners whose rules file mail away: names, or paths below the "
        "mailbox's root such as Inbox/Team, in upper or lower case. Inbox is always the mailbox's own, "
        "whatever it is called there; a slash in a name may be written \\/. The others are read where one is "
        "missing.",
    )

    @property
    def secret(self) -> Secret | None:
        """Where is kept what the sign-in takes; None for one that takes nothing, as a person's by tokens."""
        is_person = self.sign_in is not None and not self.sign_in.is_app
        return None if is_person or self.auth is Auth.KERBEROS else self.password

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        wrong = [
            *self._wrong_endpoint(),
            *(self._wrong_of_oauth() if self._has_oauth else self._wrong_of_password()),
        ]
        if wrong:
            raise WrongParts(wrong)
        return self

    @property
    def _has_oauth(self) -> bool:
        return self.auth is Auth.OAUTH or self.kind is MailboxKind.GRAPH

    def _wrong_endpoint(self) -> Iterator[tuple[Location, Wrong]]:
        """What an address says of itself must be what `kind` says."""
        is_graphs = addresses.is_graph(self.endpoint)
        if self.kind is MailboxKind.EWS and is_graphs:
            yield ("endpoint",), Wrong("this is Microsoft Graph's address, which goes with kind: graph")
        if self.kind is MailboxKind.GRAPH and not is_graphs:
            allowed = f"the address of Graph with its version, such as {addresses.GRAPH}"
            yield ("endpoint",), Wrong("kind: graph has another one", allowed=allowed)
        elif self.auth is Auth.OAUTH and self.endpoint == addresses.AUTODISCOVER:
            words = "sign-in by oauth needs the server's address, since tokens are for one server"
            yield ("endpoint",), Wrong(words, allowed=_EWS)

    def _wrong_of_oauth(self) -> Iterator[tuple[Location, Wrong]]:
        if self.auth is not Auth.OAUTH:
            words = "kind: graph signs in by oauth alone, and `sign_in` says how"
            yield ("auth",), Wrong(words, allowed="oauth, or leave the key out")
        if self.impersonate:
            words = "who signs in by oauth needs none: an app works in the owner's name anyway"
            yield ("impersonate",), Wrong(words, allowed="false, or leave the key out")
        for key, kind in (("authority", addresses.AUTHORITY), ("client_id", addresses.CLIENT_ID)):
            if getattr(self, key) is None:
                yield (key,), Wrong("sign-in by oauth needs one", allowed=kind.allowed)
        if "username" in self.model_fields_set:
            words = "sign-in by oauth takes none: who signs in says it there"
            yield ("username",), Wrong(words, allowed="nothing: leave the key out")
        if self.sign_in is SignInWay.SECRET and self.password is None:
            yield ("password",), Wrong("sign_in: secret needs the app's", allowed=PLACES, hide=True)
        takes, has = self.sign_in is SignInWay.CERTIFICATE, self.certificate is not None
        if takes and not has:
            words = "sign_in: certificate needs one"
            yield ("certificate",), Wrong(words, allowed=field_types.FILE.allowed)
        if has and not takes:
            words = f"sign_in: {self.sign_in} takes none"
            yield ("certificate",), Wrong(words, allowed="null, or sign_in: certificate")

    def _wrong_of_password(self) -> Iterator[tuple[Location, Wrong]]:
        for key in _OF_OAUTH:
            if getattr(self, key) is not None:
                words = f"this goes with auth: oauth, and here is auth: {self.auth}"
                yield (key,), Wrong(words, allowed="null, or leave the key out")
        if self.password is None and self.auth.is_by_password:
            words = f"sign-in by {self.auth} needs a password"
            yield ("password",), Wrong(words, allowed=PLACES, hide=True)
