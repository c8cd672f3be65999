"""HTTP as the configuration says it: whose certificates are trusted, and which way requests go."""

from __future__ import annotations

import os
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies

from ackd.mailbox.transport import Adapter
from ackd.model.hosts import is_loopback

DIRECT = "direct"


class HttpSession(requests.Session):
    """Repeats nothing. What the configuration names goes before the environment, which says the rest:
    proxies, and certificates where none are named. Neither a netrc file nor cookies have a word."""

    def __init__(self, ca_bundle: str | None, proxy: str | None, *, unverified: bool = False) -> None:
        """`unverified` is for a look at a certificate that isn't trusted, and sends nothing of a secret."""
        super().__init__()
        self.trust_env = False  # requests would take the environment's certificates before our own
        self._verify: str | bool = not unverified and (ca_bundle or _environment() or True)
        self._proxy = proxy
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        for scheme in ("https://", "http://"):
            self.mount(scheme, Adapter(named=bool(ca_bundle) and not unverified))

    def merge_environment_settings(self, url: Any, *others: Any) -> dict[str, Any]:
        """What goes with a request to this address."""
        *_, stream, _, cert = others
        return {"proxies": self._way(str(url)), "stream": stream, "verify": self._verify, "cert": cert}

    def _way(self, url: str) -> dict[str, str]:
        place = urlsplit(url)
        if self._proxy == DIRECT or (place.scheme == "http" and is_loopback(place.hostname or "")):
            return {}  # by plain http a proxy would read the token
        if self._proxy:
            return {"http": self._proxy, "https": self._proxy}
        return dict(get_environ_proxies(url))


def _environment() -> str | None:
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
