"""What of a configuration that can't be used can be read all the same: where the ledger is, and how the owner
is told. Section by section, so that a fault in one spoils no other."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ackd.config import renamed
from ackd.config.field_types import Base
from ackd.config.problems import Broken
from ackd.config.read_file import decode, read_bytes
from ackd.config.schema import Config
from ackd.config.yaml_document import parse
from ackd.errors import ConfigError
from ackd.model.access import Auth

#: What stands in for a mailbox: nobody signs in with it.
_MAILBOX = {
    "address": "owner@mailbox.invalid",
    "endpoint": "https://mailbox.invalid",
    "auth": Auth.KERBEROS.value,
}
_KEPT = ("state", "ledger", "poll", "mode", "alarms")


@dataclass(frozen=True, slots=True)
class Remains:
    """The parts that can be read, with defaults for the others; `address` is None where it can't be."""

    config: Config
    address: str | None


def remains(path: Path, env: Mapping[str, str] | None = None) -> Remains:
    """See the module. A file that can't be read has none; nothing is raised."""
    env = os.environ if env is None else env
    base = Base(folder=Path(os.path.abspath(path)).parent, home=Path(env.get("HOME") or "/"))  # noqa: PTH100  (no look at links)
    try:
        blocks = _merged(_blocks(decode(read_bytes(path))))
    except (Broken, ConfigError):
        blocks = {}
    box = blocks.get("mailbox")
    mailbox = _MAILBOX | {
        key: box[key] for key in ("address", "username") if isinstance(box, dict) and key in box
    }
    data: dict[str, Any] = {"mailbox": _MAILBOX}
    for key, value in [("mailbox", mailbox), *((key, blocks[key]) for key in _KEPT if key in blocks)]:
        if _is_valid({**data, key: value}, base):
            data[key] = value
    config = Config.model_validate(data, context=base)
    address = config.mailbox.address
    return Remains(config, None if address == _MAILBOX["address"] else address)


def _is_valid(data: dict[str, Any], base: Base) -> bool:
    try:
        Config.model_validate(data, context=base)
    except ValidationError:
        return False
    return True


def _merged(blocks: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """By the key; of a section that comes twice, since a part stands under an old name, both parts."""
    found: dict[str, Any] = {}
    for key, value in blocks:
        known = found.get(key)
        found[key] = {**known, **value} if isinstance(known, dict) and isinstance(value, dict) else value
    return found


def _blocks(text: str) -> Iterator[tuple[str, Any]]:
    """The keys at the left margin with what belongs to them, each read for itself."""
    for block in re.split(r"(?m)^(?=[A-Za-z_]+[ \t]*:)", text):
        try:
            document = parse(block)
        except Broken:
            continue
        renamed.normalize(document, renamed.RENAMED)
        if isinstance(document.data, dict):
            yield from document.data.items()
