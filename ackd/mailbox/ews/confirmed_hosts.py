"""The hosts to which the owner lets the sign-in go."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path

FILE = "hosts.json"


class ConfirmedHosts:
    """The hosts that the owner confirmed for an address, kept in the state directory (mode 0600)."""

    def __init__(self, state: Path, address: str) -> None:
        self._file, self._address = state / FILE, address.lower()
        self._names = self._read()

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def add(self, name: str) -> None:
        """Remember the owner's word. Raises OSError."""
        self._names = tuple(sorted({*self._names, name}))
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._file.with_name(f".{FILE}.{secrets.token_hex(4)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump({"address": self._address, "hosts": list(self._names)}, out)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self._file)

    def _read(self) -> tuple[str, ...]:
        """What others may have written isn't the owner's word."""
        try:
            handle = os.open(self._file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except OSError:
            return ()
        with os.fdopen(handle, encoding="utf-8") as file:
            status = os.fstat(file.fileno())
            owner = os.getuid() if hasattr(os, "getuid") else status.st_uid
            if status.st_uid != owner or status.st_mode & 0o022:
                return ()
            with suppress(ValueError, KeyError, TypeError):
                found = json.load(file)
                if found["address"] == self._address:
                    return tuple(map(str, found["hosts"]))
        return ()
