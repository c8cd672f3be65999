"""How a mailbox is reached."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Access:
    """One mailbox: its address, where its server is (or "autodiscover") and the sign-in (basic, ntlm,
    kerberos, or "auto" for the safest that is offered). `proxy` is an address, "direct", or None for what
    the environment says."""

    address: str
    endpoint: str
    username: str
    password: str
    auth: str = "basic"
    ca_bundle: str | None = None
    proxy: str | None = None

    @property
    def signs_in_as_owner(self) -> bool:
        """Whether the name says that it is the owner who signs in: else it may be somebody to whom the
        mailbox is opened."""
        return self.username.casefold() == self.address.casefold()

    def __repr__(self) -> str:
        return f"Access({self.address} at {self.endpoint} as {self.username})"
