"""HTTP as the configuration says it: whose certificates are trusted, and which way requests go."""

from __future__ import annotations

import os
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

DIRECT = "direct"


class HttpSession(requests.Session):
    """Repeats nothing. What the configuration names goes before the environment, which says the rest:
    proxies, and certificates where none are named. Neither a netrc file nor cookies have a word."""

    def __init__(self, ca_bundle: str | None, proxy: str | None) -> None:
        super().__init__()
        self.trust_env = False  # requests would take the environment's certificates before our own
        self._verify: str | bool = ca_bundle or _environment() or True
        self._proxy = proxy
        self.mount("https://", HTTPAdapter(max_retries=0))

    def merge_environment_settings(self, url: Any, *others: Any) -> dict[str, Any]:
        """What goes with a request to this address."""
        *_, stream, _, cert = others
        return {"proxies": self._way(str(url)), "stream": stream, "verify": self._verify, "cert": cert}

    def _way(self, url: str) -> dict[str, str]:
        if self._proxy == DIRECT:
            return {}
        if self._proxy:
            return {"http": self._proxy, "https": self._proxy}
        return dict(get_environ_proxies(url))


def _environment() -> str | None:
    return os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
