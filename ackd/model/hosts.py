"""Which host a password may go to: names of hosts, and which of them the owner confirmed.

A name is compared and shown as it stands on the wire (ASCII, lower case, without the last dot), so that a
look-alike is seen for what it is. Confirmed are a name and its port together.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from ackd.errors import ConfigError

HTTPS = 443
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_PATH = re.compile(r"[!-~]*")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request by https goes, taken apart and checked."""

    host: str
    port: int
    path: str

    @property
    def name(self) -> str:
        """What is confirmed: the host, and its port where it isn't that of https."""
        return self.host if self.port == HTTPS else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The address, put together from its checked parts alone."""
        return f"https://{self.name}{self.path}"


@dataclass(frozen=True, slots=True)
class Asking:
    """A host that asks for a sign-in. `named_by` is what led to it, `sign_in` how it would be done
    (basic, ntlm or kerberos), `is_own` whether it is below the domain of the owner's address."""

    name: str
    domain: str
    named_by: str
    sign_in: str
    is_own: bool

    @property
    def words(self) -> str:
        """For the owner, who decides."""
        where = f"below {self.domain}" if self.is_own else f"NOT below {self.domain}, your address's domain"
        return f"{shown(self.name)} asks for your sign-in ({self.sign_in}). It is {where}; {self.named_by}."


#: The owner's word on a host that asks.
Confirm = Callable[[Asking], bool]


def nobody(asking: Asking) -> bool:
    """Nobody is there to confirm a host, as in the service."""
    return False


def among(names: Iterable[str]) -> Confirm:
    """The hosts that an option names are confirmed. Raises ValueError for what is no host's name."""
    given = {name_of(name) or _no_host(name) for name in names}
    return lambda asking: asking.name in given


def _no_host(text: str) -> str:
    raise ValueError(f"{text!r} is no host's name, such as mail.corp.example or mail.corp.example:8443")


class Unconfirmed(ConfigError):
    """Hosts ask for the sign-in that the owner didn't confirm."""

    def __init__(self, askings: tuple[Asking, ...], command: str = "ackd check") -> None:
        self.askings = askings
        options = " ".join(f"--confirm-host {asking.name}" for asking in askings)
        told = " ".join(asking.words for asking in askings)
        super().__init__(
            f"{told} The password wasn't sent. If that is your mail server, confirm it: {command} {options}; "
            "if not, write your server's address into mailbox.endpoint"
        )


def ascii_host(text: str) -> str | None:
    """A host's name as it stands on the wire; None for what can't be one."""
    import idna

    name = text.lower().removesuffix(".")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii").lower()
        except (idna.IDNAError, UnicodeError):
            return None
    is_name = len(name) <= 253 and all(_LABEL.fullmatch(label) for label in name.split("."))
    return name if is_name else None


def place_of(url: str) -> Place | None:
    """The parts of an https address; None for any other, and for one with a user name, a strange
    host or a strange path in it."""
    try:
        parts = urlsplit(url.strip())
        port = HTTPS if parts.port is None else parts.port
    except ValueError:
        return None
    host = ascii_host(parts.hostname or "")
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    if parts.scheme != "https" or "@" in parts.netloc or host is None or not port:
        return None
    return Place(host, port, path) if path.startswith("/") and _PATH.fullmatch(path) else None


def name_of(text: str) -> str | None:
    """A host as an option gives it, with a port if need be (mail.corp.example:8443), as it is compared."""
    place = place_of(f"https://{text.strip()}")
    return place.name if place and place.path == "/" else None


def domain_of(address: str) -> str:
    """The domain of a mail address, as hosts are compared; "" for one that can't be a host's name."""
    return ascii_host(address.rpartition("@")[2]) or ""


def is_below(host: str, domain: str) -> bool:
    """Whether a host is below a domain. The bare domain isn't: that is often a hoster's web site."""
    return bool(domain) and host.endswith(f".{domain}")


def is_loopback(host: str) -> bool:
    """Whether a host of a plain http address is this very machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def shown(name: str) -> str:
    """A host's name for a person: how letters of other scripts look stands beside it."""
    if "xn--" not in name:
        return name
    import idna

    with suppress(idna.IDNAError, UnicodeError):
        return f"{name} (it looks like {idna.decode(name.partition(':')[0])})"
    return name
