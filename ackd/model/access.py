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

    def __repr__(self) -> str:
        return f"Access({self.address} at {self.endpoint} as {self.username})"
