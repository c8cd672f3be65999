"""What a route's handler gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it is written: ``value`` becomes JSON, ``raw`` goes as it is with its ``kind``."""

    status: int
    value: Any = None
    raw: bytes | None = None
    kind: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def items(self) -> int:
        """How many things it tells of."""
        listed = self.value.get("value") if isinstance(self.value, dict) else None
        return len(listed) if isinstance(listed, list) else 1 if self.value is not None else 0


def ok(value: Any) -> Reply:
    """Here it is."""
    return Reply(200, value)


def created(value: Any) -> Reply:
    """It was made."""
    return Reply(201, value)


ACCEPTED = Reply(202)
NO_CONTENT = Reply(204)
