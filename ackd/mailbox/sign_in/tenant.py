"""Which tenant an authority is, by its own word (OpenID Connect Discovery 1.0)."""

from __future__ import annotations

import re

import requests

from ackd.mailbox.http_session import HttpSession
from ackd.mailbox.transport import Endless
from ackd.model.access import Access, OAuth

SECONDS = 20
_PLACE = "/v2.0/.well-known/openid-configuration"
_GUID = re.compile(r"/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/|$)")


def tenant_id(access: Access, oauth: OAuth) -> str:
    """The tenant's id, in lower case; "" where that can't be told. One request."""
    try:
        with HttpSession(access.ca_bundle, access.proxy) as session:
            found = session.get(f"{oauth.authority}{_PLACE}", timeout=SECONDS, allow_redirects=False).json()
    except (requests.RequestException, Endless, ValueError):
        return ""
    said = _GUID.search(str(found.get("issuer") if isinstance(found, dict) else "").lower())
    return said[1] if said else ""
