"""A request and an answer of HTTP, as the faces see them that speak JSON: without sockets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks. ``target`` is path and query as they came; ``origin`` is scheme and host by which
    the client came here, such as ``https://localhost:8025``."""

    method: str
    target: str
    headers: Message
    body: bytes = b""
    origin: str = ""

    @property
    def path(self) -> str:
        """The path, not decoded."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What stands behind the question mark, not decoded."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str:
        """A header's value, all of them joined by commas where there are several; "" if there is none."""
        return ", ".join(str(one) for one in self.headers.get_all(name, ()))

    def form(self) -> dict[str, str]:
        """The fields of a form in the body; of a field that is there twice the last."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. ``headers`` are those beside Date, Content-Length and the like.

    The others are for the log, and for faults on purpose: ``cut`` is the number of bytes of ``body`` after
    which the connection ends, None for all of it, -1 for not even the head of the answer; ``wait`` are
    seconds that it took, ``date_off`` those by which its Date header is wrong.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    operation: str = ""
    mailbox: str = ""
    items: int = 0
    fault: str = ""
    cut: int | None = None
    wait: float = 0
    date_off: float = 0


JSON = "application/json; charset=utf-8"


def as_json(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with a JSON body."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Answer(status, body, {"Content-Type": JSON, **(headers or {})})


def plain_headers(values: Mapping[str, str]) -> Message:
    """Headers of a request that came as a dict, as those of a part of a batch do."""
    found = Message()
    for name, value in values.items():
        found[name] = str(value).replace("\r", " ").replace("\n", " ")
    return found
