"""When the certificates end by which a server is trusted."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509

from ackd.model import AlarmKind, Ending

log = logging.getLogger(__name__)


def of_authorities(bundle: str | None) -> Iterator[Ending]:
    """By when none of the certificates that are trusted is valid any more: while one is, a server may be
    signed by it."""
    if not bundle:
        return
    try:
        certificates = x509.load_pem_x509_certificates(Path(bundle).read_bytes())
    except (OSError, ValueError) as error:
        log.info("event=certificates-unread: %s", type(error).__name__)
        return
    if certificates:
        yield Ending(AlarmKind.CERTIFICATE_ENDS, max(one.not_valid_after_utc for one in certificates))
