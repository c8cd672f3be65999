"""The section `mailbox`: which mailbox, and how to sign in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from ackd.config import addresses, field_types
from ackd.config.schema.base import Mail, Section, Text
from ackd.config.secrets import SECRET, Secret
from ackd.config.value_error import Wrong, WrongParts


def _the_address(known: dict[str, Any]) -> str:
    return str(known["address"])


class Mailbox(Section):
    """The owner's mailbox, and how ackd signs in to it."""

    kind: Literal["ews", "graph"] = Field(
        default="ews", description="The way to the mailbox: Exchange Web Services."
    )
    address: Mail = Field(
        description="The owner's address, as colleagues write to it.", examples=["alice@corp.example"]
    )
    aliases: tuple[Mail, ...] = Field(
        default=(), description="The owner's other addresses.", examples=[["a.smith@corp.example"]]
    )
    endpoint: Annotated[str, addresses.ENDPOINT] = Field(
        description="The address of the EWS service, or autodiscover: then ackd asks the servers of the "
        "address's domain for it, at its start, and signs in only at hosts that you confirmed (ackd check). "
        "Plain http is for a server on this machine only.",
        examples=["https://mail.corp.example/EWS/Exchange.asmx"],
    )
    auth: Literal["basic", "ntlm", "kerberos", "oauth"] = Field(
        default="basic",
        description="How ackd signs in. Kerberos takes the ticket that the machine has (kinit), no password, "
        "and needs the package requests-gssapi.",
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
        "the keyring, a file that its owner alone may read (mode 0600), or a credential of systemd's.",
        examples=[{"env": "ACKD_PASSWORD"}],
        json_schema_extra={"x-default": "none; basic and ntlm need one"},
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

    @model_validator(mode="after")
    def _has_what_sign_in_needs(self) -> Self:
        if self.password is None and self.auth in ("basic", "ntlm"):
            allowed = "{env: NAME}, {keyring: NAME}, {file: PATH} or {credential: NAME}"
            wrong = Wrong(f"sign-in by {self.auth} needs a password", allowed=allowed, hide=True)
            raise WrongParts([(("password",), wrong)])
        return self
