"""Where a secret is kept. The configuration never holds the secret itself."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from ackd.config.field_types import Base, Kind, read_path
from ackd.config.value_error import Wrong, choices, nearest


class SecretSource(enum.StrEnum):
    """The kinds of places."""

    ENV = "env"
    KEYRING = "keyring"
    FILE = "file"
    CREDENTIAL = "credential"


@dataclass(frozen=True, slots=True)
class Secret:
    """The place of a secret: a variable's name, a keyring's service, a path, or the name of a
    systemd credential. `read_secret` gets the secret from there."""

    source: SecretSource
    name: str

    def __str__(self) -> str:
        return f"{{{self.source}: {self.name}}}"


#: Where a secret may be kept, in words.
PLACES = "{env: NAME}, {keyring: NAME}, {file: PATH} or {credential: NAME}"
_NAMES = {
    SecretSource.ENV: (
        r"[A-Za-z_][A-Za-z0-9_]{0,127}",
        "{env: NAME} with the name of a variable, such as ACKD_PASSWORD",
    ),
    SecretSource.KEYRING: (r"[^\x00-\x1f]{1,255}", "{keyring: NAME} with the name of the keyring's service"),
    SecretSource.CREDENTIAL: (
        r"(?!\.)[A-Za-z0-9._@-]{1,255}",
        "{credential: NAME} with the name of the credential",
    ),
}


def read_secret_place(value: object, base: Base | None) -> Secret:
    """The place of a secret. No message shows what the file holds: it may be the secret."""
    if isinstance(value, Secret):
        return value
    if isinstance(value, str):
        raise Wrong("a secret isn't written here: say where it is kept", allowed=PLACES, hide=True)
    if not isinstance(value, dict) or len(value) != 1:
        raise Wrong(allowed=PLACES, hide=True)
    ((key, name),) = value.items()
    if key not in set(SecretSource):
        near = nearest(str(key), [source.value for source in SecretSource])
        raise Wrong("there is no such place for a secret", allowed=PLACES, hide=True, near=near)
    return Secret(SecretSource(key), _name(SecretSource(key), name, base))


def _name(source: SecretSource, name: object, base: Base | None) -> str:
    if source is SecretSource.FILE:
        try:
            return str(read_path(name, base))
        except Wrong:
            raise Wrong(allowed="{file: PATH} with the path of a file", hide=True) from None
    form, allowed = _NAMES[source]
    if not isinstance(name, str) or not re.fullmatch(form, name):
        raise Wrong(f"what stands after `{source}` is no such name", allowed=allowed, hide=True)
    return name


def _json() -> dict[str, object]:
    """A map with one of the keys."""
    return {
        "type": "object",
        "properties": {source.value: {"type": "string", "minLength": 1} for source in SecretSource},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
        "description": f"Where the secret is kept: {choices(s.value for s in SecretSource)}.",
    }


SECRET = Kind(read_secret_place, PLACES, _json(), based=True)
