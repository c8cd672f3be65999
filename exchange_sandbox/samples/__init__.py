"""Some mails that colleagues may write, as files: what `ackd sandbox deliver --sample` brings."""

from __future__ import annotations

from datetime import datetime
from importlib import resources

_OWNER = b"alice@corp.example"


def samples(to: str, now: datetime) -> list[bytes]:
    """The mails, to this address and from colleagues at its domain, written at a moment. They are named by
    it, so that those of another moment are other mails."""
    domain = to.rpartition("@")[2].encode()
    files = (one for one in resources.files(__name__).iterdir() if one.name.endswith(".eml"))
    found = []
    for number, file in enumerate(sorted(files, key=lambda one: one.name), start=1):
        head = f"Message-ID: <sample-{number}.{now:%Y%m%d%H%M%S}@corp.example>\n"
        head += f"Date: {now:%a, %d %b %Y %H:%M:%S %z}\n"
        raw = head.encode() + b"\n".join(file.read_bytes().splitlines()) + b"\n"
        named = raw.replace(_OWNER, to.encode()).replace(b"corp.example", domain)
        found.append(named.replace(b"\n", b"\r\n"))
    return found
