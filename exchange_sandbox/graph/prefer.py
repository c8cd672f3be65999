"""What a client prefers (RFC 7240): the kind of ids, the size of pages, the type of bodies, the time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, tzinfo

from exchange_sandbox.calendar import zones
from exchange_sandbox.graph.errors import bad_request
from exchange_sandbox.store.schema import BodyType

_ONE = re.compile(r'\s*([A-Za-z][\w.-]*)\s*(?:=\s*(?:"([^"]*)"|([^\s,;"]*)))?\s*(?:;[^,]*)?(?:,|$)')


@dataclass(frozen=True, slots=True)
class Prefer:
    """Preferences, and in ``applied`` how the answer tells of those that were heeded."""

    immutable_ids: bool = False
    page_size: int | None = None
    body_type: str | None = None
    zone: tzinfo = UTC
    zone_name: str = "UTC"
    raw_html: bool = False
    applied: tuple[str, ...] = ()


def read(text: str) -> Prefer:
    """Read a Prefer header; what isn't known is passed over. Raises GraphError for an unknown zone."""
    values: dict[str, str] = {}
    for name, quoted, plain in _ONE.findall(text):
        values.setdefault(name.lower(), quoted or plain)
    applied: list[str] = []
    immutable = values.get("idtype", "").lower() == "immutableid"
    if immutable:
        applied.append('IdType="ImmutableId"')
    size = values.get("odata.maxpagesize", "")
    page_size = int(size) if size.isascii() and size.isdigit() and int(size) > 0 else None
    if page_size:
        applied.append(f"odata.maxpagesize={page_size}")
    body = values.get("outlook.body-content-type", "").lower()
    body_type = body if body in set(BodyType) else None
    if body_type:
        applied.append(f'outlook.body-content-type="{body_type}"')
    zone_name = values.get("outlook.timezone", "")
    zone = _zone(zone_name) if zone_name else UTC
    if zone_name:
        applied.append(f'outlook.timezone="{zone_name}"')
    raw_html = "outlook.allow-unsafe-html" in values
    if raw_html:
        applied.append("outlook.allow-unsafe-html")
    return Prefer(immutable, page_size, body_type, zone, zone_name or "UTC", raw_html, tuple(applied))


def _zone(name: str) -> tzinfo:
    found = zones.named(name)
    if found is None:
        raise bad_request(f"The time zone '{name[:60]}' isn't known.", "TimeZoneNotSupportedException")
    return found[0]
