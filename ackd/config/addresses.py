"""Mail addresses, domains, host names, and the addresses of servers."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, urlsplit

from ackd.config.field_types import Kind, read_text
from ackd.config.value_error import Wrong, nearest
from ackd.model import Address

AUTODISCOVER: Literal["autodiscover"] = "autodiscover"
DIRECT: Literal["direct"] = "direct"
#: Microsoft Graph's address; other clouds have other hosts.
GRAPH = "https://graph.microsoft.com/v1.0"

_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}")
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_GLOB = re.compile(r"[^\s<>()\[\],;:\\\"]{1,320}")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HOST_GLOB = re.compile(r"[\w.*?-]{1,253}")
_GRAPH_PATH = re.compile(r"/(v1\.0|beta)/?")
_AUTHORITY_PATH = re.compile(r"/[A-Za-z0-9._-]{1,253}/?")
_CLIENT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _is_domain(text: str) -> bool:
    """Labels of letters, digits and hyphens (RFC 1035; letters of any script, for IDNA)."""
    return len(text) <= 253 and all(_LABEL.fullmatch(label) for label in text.split("."))


def read_address(value: object) -> str:
    """An exact address: local part, @, domain. Quoted local parts aren't supported."""
    text = read_text(value)
    local, at, domain = text.rpartition("@")
    if "*" in text:
        raise Wrong("globs aren't allowed here")
    if not at or not _LOCAL.fullmatch(local) or not _is_domain(domain):
        raise Wrong
    return text


def read_contact(value: object) -> Address:
    """An address, with a display name if wanted."""
    if isinstance(value, Address):
        return value
    text = read_text(value)
    form = re.fullmatch(r"([^<>]*)<([^<>]*)>", text)
    name, email = (form[1].strip(' "'), form[2].strip()) if form else ("", text)
    return Address(read_address(email), name)


def read_domain(value: object) -> str:
    """A domain, "*." and a domain (its sub-domains), or "*" (any). In lower case."""
    given = read_text(value).lower()
    if given == "*":
        return given
    text = given.removesuffix(".")
    if "@" in text:
        raise Wrong("this is an address, not a domain", near=_if_domain(text.rpartition("@")[2]))
    rest = text.removeprefix("*.")
    if "*" in rest:
        near = _if_domain(rest.lstrip("*.-"))
        raise Wrong("a `*` stands alone, or as `*.` at the beginning", near=near and f"*.{near}")
    if not _is_domain(rest):
        raise Wrong
    return text


def _if_domain(text: str) -> str | None:
    """What may be proposed: a domain, and nothing that would be refused or would mean everybody's."""
    return text if _is_domain(text.removeprefix("*.")) else None


def read_address_glob(value: object) -> str:
    """An address or a glob of addresses, in lower case. Its domain follows `read_domain`, so
    that no look-alike such as evilcorp.example slips in."""
    text = read_glob(value)
    local, at, domain = text.rpartition("@")
    if not at or not local:
        near = _if_domain(text.lstrip("*@.")) if "." in text else None
        raise Wrong("an `@` is missing", near=near and f"*@{near}")
    if "@" in local:
        raise Wrong("there is more than one `@`")
    try:
        return f"{local}@{read_domain(domain)}"
    except Wrong as wrong:
        wrong.near = f"{local}@{wrong.near}" if wrong.near else None
        raise


def read_glob(value: object) -> str:
    """An address or a glob of addresses, in lower case; `*` is any text, `?` one character."""
    text = read_text(value).lower()
    if not _GLOB.fullmatch(text):
        raise Wrong
    if "*" not in text and "?" not in text and "@" not in text:
        near = _if_domain(text) if "." in text else None
        raise Wrong("it has neither `@` nor `*`, so no address is like it", near=near and f"*@{near}")
    return text


def read_host_glob(value: object) -> str:
    """A host name or a glob of host names, in lower case."""
    text = read_text(value).lower()
    if not _HOST_GLOB.fullmatch(text):
        raise Wrong
    return text


def read_tenant(value: object) -> str:
    """A tenant's id, in lower case."""
    text = read_text(value).lower()
    if not _GUID.fullmatch(text):
        raise Wrong
    return text


def read_endpoint(value: object) -> str:
    """The address of the EWS service, or `autodiscover`."""
    text = read_text(value)
    if text == AUTODISCOVER:
        return text
    url = _split(text)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise Wrong(near=nearest(text, [AUTODISCOVER]))
    if url.username is not None or url.password is not None:
        raise Wrong("a user name or password doesn't belong into the address", hide=True)
    if url.scheme == "http" and not _is_loopback(url.hostname):
        raise Wrong(
            "http sends the password in the clear, which is allowed to this machine only", near="https://…"
        )
    return text


def is_graph(endpoint: str) -> bool:
    """Whether an address is Microsoft Graph's, by its version, with which the path ends."""
    return _GRAPH_PATH.fullmatch(_split(endpoint).path) is not None


def read_authority(value: object) -> str:
    """The address of an authority that gives tokens, with a tenant."""
    text = read_text(value)
    url = _split(text)
    if url.scheme != "https" or not url.hostname or url.query or url.fragment:
        raise Wrong
    if url.username is not None or url.password is not None:
        raise Wrong("a user name or password doesn't belong into the address", hide=True)
    if not url.path.strip("/"):
        raise Wrong("the tenant is missing", near=f"{text.rstrip('/')}/TENANT")
    if not _AUTHORITY_PATH.fullmatch(url.path):
        raise Wrong("after the host there is the tenant alone", near=_authority_alone(url))
    return text.rstrip("/")


def _authority_alone(url: SplitResult) -> str:
    return f"https://{url.netloc}/{url.path.strip('/').partition('/')[0]}"


def read_client_id(value: object) -> str:
    """The id of a registered app."""
    text = read_text(value)
    if not _CLIENT_ID.fullmatch(text):
        raise Wrong
    return text.lower()


def read_proxy(value: object) -> str:
    """The address of an HTTP proxy, or `direct`. A proxy that wants a password isn't supported."""
    text = read_text(value)
    if text == DIRECT:
        return text
    url = _split(text)
    if url.username is not None or url.password is not None:
        raise Wrong("a user name or password doesn't belong into the address", hide=True)
    if url.scheme not in ("http", "https") or not url.hostname or url.path not in ("", "/"):
        raise Wrong(near=nearest(text, [DIRECT]))
    return text


def _split(text: str) -> SplitResult:
    """The parts of an address, its port checked too."""
    try:
        url = urlsplit(text)
        _ = url.port
    except ValueError:
        raise Wrong(hide=True) from None
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


#: By which SQLite is told to have no file.
_MEMORY = (":memory:", "mode=memory")
#: The drivers of the ledger's databases.
_DRIVERS = {"sqlite": "pysqlite", "postgresql": "psycopg"}


def read_ledger(value: object) -> str:
    """The ledger's SQLAlchemy URL."""
    text = read_text(value)
    form = re.match(r"([a-z0-9]+)(?:\+([a-z0-9_]+))?://", text)
    if form is None:
        raise Wrong(hide=True)
    kind, driver = form.groups()
    url = _split(text)
    given = {key.lower() for key, _ in parse_qsl(url.query, keep_blank_values=True)}
    if url.password is not None or given & {"password", "sslpassword"}:
        words = "; it is taken from PGPASSWORD or ~/.pgpass" if kind.startswith("postgres") else ""
        raise Wrong(f"a password doesn't belong into the address{words}", hide=True)
    if kind == "postgres":
        raise Wrong("it begins with postgresql://", hide=True)
    if kind not in _DRIVERS:
        raise Wrong(f"a ledger is in SQLite or PostgreSQL, not in {kind}", hide=True)
    if driver not in (None, _DRIVERS[kind]):
        raise Wrong(f"the driver is {_DRIVERS[kind]}, not {driver}: {kind}:// is enough", hide=True)
    if kind == "sqlite" and (url.path in ("", "/") or any(mark in text for mark in _MEMORY)):
        raise Wrong("it names no file, and in memory it would be lost with each end of ackd", hide=True)
    if kind == "sqlite" and not url.path.startswith(("//", "/file:/")):
        raise Wrong("it would be another file from each folder that ackd is started in: write it in full")
    return text


TENANT = Kind(
    read_tenant,
    "a tenant's id such as 8f5d1a52-0000-4000-8000-00000000c0de",
    {"type": "string", "format": "uuid"},
)
ADDRESS = Kind(
    read_address,
    "an address such as alice@corp.example",
    {"type": "string", "pattern": "^[^@\\s]+@[^@\\s]+$"},
)
CONTACT = Kind(
    read_contact,
    "an address such as bob@corp.example or Bob Jones <bob@corp.example>",
    {"type": "string", "pattern": "@"},
)
DOMAIN = Kind(read_domain, 'a domain, "*." and a domain (its sub-domains), or "*" (any)', {"type": "string"})
ADDRESS_GLOB = Kind(read_address_glob, 'an address, or a glob such as "*@corp.example"', {"type": "string"})
GLOB = Kind(read_glob, 'an address, or a glob such as "no-reply@*"', {"type": "string"})
HOST_GLOB = Kind(read_host_glob, 'a host name, or a glob such as "*.corp.example"', {"type": "string"})
ENDPOINT = Kind(
    read_endpoint,
    "an address such as https://mail.corp.example/EWS/Exchange.asmx, or autodiscover",
    {"type": "string", "format": "uri-reference"},
)
AUTHORITY = Kind(
    read_authority,
    "an address such as https://login.microsoftonline.com/corp.example",
    {"type": "string", "format": "uri"},
)
CLIENT_ID = Kind(
    read_client_id,
    "an id such as 00000000-0000-0000-0000-000000000000",
    {"type": "string", "format": "uuid"},
)
PROXY = Kind(
    read_proxy,
    "an address such as http://proxy.corp.example:3128, or direct",
    {"type": "string"},
)
LEDGER = Kind(
    read_ledger,
    "a URL such as sqlite:////var/lib/ackd/ledger.db or postgresql://ackd@db.corp.example/ackd",
    {"type": "string"},
)
