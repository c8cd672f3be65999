"""Addresses to which alarms go. They hold tokens and passwords, so no message ever shows one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ackd.config.field_types import Base, Kind, read_path, read_text
from ackd.config.secrets import SECRET, Secret, read_secret_place
from ackd.config.value_error import Wrong

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30})://\S{1,2000}")
_PLACES = "{env: NAME}, {keyring: NAME}, {file: PATH} or {credential: NAME}"


@dataclass(frozen=True, slots=True, repr=False)
class AlarmUrl:
    """An address as the file has it; shown only as far as its scheme."""

    text: str

    @property
    def scheme(self) -> str:
        """What stands before `://`, in lower case."""
        return self.text.partition(":")[0].lower()

    @property
    def masked(self) -> AlarmUrl:
        """The same as it may be shown."""
        return AlarmUrl(f"{self.scheme}://…")

    def __repr__(self) -> str:
        return self.masked.text


def is_url(text: str) -> bool:
    """Whether a text has the form of an address: a scheme, `://` and more, without spaces."""
    return _SCHEME.fullmatch(text) is not None


def is_web_url(text: str) -> bool:
    """Whether a text is an address of http or https, with a host."""
    try:
        url = urlsplit(text)
        return url.scheme.lower() in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        return False


def read_url(value: object, base: Base | None) -> AlarmUrl | Secret:
    """An address of Apprise's, or where it is kept."""
    if isinstance(value, AlarmUrl):
        return value
    if not isinstance(value, str):
        return read_secret_place(value, base)
    if not is_url(value.strip()):
        raise Wrong(hide=True)
    return AlarmUrl(value.strip())


def read_heartbeat(value: object, base: Base | None) -> AlarmUrl | Secret:
    """An address of http or https, or where it is kept."""
    found = read_url(value, base)
    if isinstance(found, AlarmUrl) and not is_web_url(found.text):
        raise Wrong(hide=True)
    return found


def read_command(value: object, base: Base | None) -> tuple[str, ...]:
    """A program and its arguments; no shell reads them. A program with a slash is a path, which counts
    from the configuration's folder; `~` is the home."""
    if not isinstance(value, list | tuple) or not value:
        raise Wrong("a command is a list: the program, then its arguments" if isinstance(value, str) else "")
    words = [read_text(word) for word in value]
    if "/" in words[0]:
        words[0] = str(read_path(words[0], base))
    return tuple(words)


def _json(pattern: str) -> dict[str, Any]:
    return {"anyOf": [{"type": "string", "pattern": pattern}, SECRET.json]}


URL = Kind(
    read_url,
    f"an address such as ntfy://corp-alice, or {_PLACES}",
    _json(r"^\s*[A-Za-z][A-Za-z0-9+.-]*://"),
    True,
)
HEARTBEAT = Kind(
    read_heartbeat,
    f"an address such as https://hc.corp.example/ping/…, or {_PLACES}",
    _json(r"^\s*[Hh][Tt][Tt][Pp][Ss]?://"),
    True,
)
COMMAND = Kind(
    read_command,
    "a list: the program, then its arguments",
    {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1},
    True,
)
