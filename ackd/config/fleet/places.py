"""Where a worker listens."""

from __future__ import annotations

from ipaddress import ip_address

from ackd.config.field_types import Kind, read_text
from ackd.config.value_error import Wrong


def read_listen(value: object) -> str:
    """An address of this machine's own and a port, as `host:port`."""
    host, _, port = read_text(value).rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    if not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise Wrong
    try:
        is_own = bare == "localhost" or ip_address(bare).is_loopback
    except ValueError:
        raise Wrong from None
    if not is_own:
        raise Wrong("nobody has to sign in there: it is for this machine alone")
    return f"{host}:{int(port)}"


LISTEN = Kind(read_listen, "an address of this machine's own such as 127.0.0.1:9464", {"type": "string"})
