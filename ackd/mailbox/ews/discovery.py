"""Finding the server: autodiscover by exchangelib (GetUserSettings, [MS-OXWSADISC]), with three cares
that it doesn't take.

A refused password ends the search: the next host would be asked with it too, and accounts get locked.
A redirect counts only within the domain of the owner's address: a plain http answer or a DNS record
could lead the password to anybody. And the cache lies in ackd's own directory, not in a shared one:
it is a pickle, which runs what it holds.
"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from exchangelib import Configuration
from exchangelib.autodiscover import Autodiscovery
from exchangelib.autodiscover import cache as library_cache
from exchangelib.autodiscover.protocol import AutodiscoverProtocol
from exchangelib.errors import (
    AutoDiscoverCircularRedirect,
    AutoDiscoverFailed,
    ErrorNonExistentMailbox,
    EWSError,
    RedirectError,
    TransportError,
)
from exchangelib.protocol import FailFast
from exchangelib.util import CONNECTION_ERRORS

from ackd import own_files
from ackd.errors import ConfigError, SignInRefused, Unreachable
from ackd.mailbox.ews.connect import Access, credentials_of, prepare

_REMEDY = (
    "write mailbox.endpoint yourself: Outlook shows it (Ctrl and a right click on its icon beside the "
    "clock, Test E-mail AutoConfiguration), or your administrators know it"
)


def discover(access: Access, cache: Path) -> str:
    """The address of EWS for a mailbox. `cache` is a directory of our own, made if need be.

    Raises SignInRefused, ConfigError for an address that the server doesn't know, and Unreachable
    with what to do where no server is found.
    """
    prepare(access)
    own_files.own_folder(cache, "state")
    cache.chmod(0o700)
    for file in cache.iterdir():
        own_files.own_file(file, "state")
    library_cache.AUTODISCOVER_PERSISTENT_STORAGE = cache / "autodiscover"
    search = _Search(access)
    try:
        found, _ = search.discover()
    except ErrorNonExistentMailbox:
        raise ConfigError(f"mailbox.address: the server knows no mailbox {access.address}") from None
    except (AutoDiscoverFailed, AutoDiscoverCircularRedirect, TransportError, EWSError, ValueError) as error:
        foreign = ", ".join(search.foreign)
        hint = f" It leads to {foreign}, outside the address's domain, where ackd doesn't send the "
        told = f"{hint}password unasked." if foreign else ""
        words = f"autodiscover found no server for {access.address}.{told} {_REMEDY[0].upper()}{_REMEDY[1:]}"
        raise Unreachable(words) from error
    finally:
        library_cache.autodiscover_cache.close()
    url = found.ews_url or found.user_settings.get("internal_ews_url") or ""
    if urlsplit(url).scheme != "https":
        raise Unreachable(f"autodiscover names no address of EWS for {access.address}: {_REMEDY}")
    return str(url)


class _Once(FailFast):  # type: ignore[misc]
    """A host that refuses the password is the last one that is asked."""

    def raise_response_errors(self, response: Any) -> None:
        if response.status_code == 401:
            host = urlsplit(response.url).hostname
            raise SignInRefused(
                f"{host} refused the sign-in (401) when asked where the mailbox is: check username and "
                f"password; if that is no mail server, {_REMEDY}"
            )
        super().raise_response_errors(response)


class _Search(Autodiscovery):  # type: ignore[misc]
    INITIAL_RETRY_POLICY = _Once()

    def __init__(self, access: Access) -> None:
        super().__init__(access.address, credentials_of(access))
        self.foreign: list[str] = []
        self._access = access
        self._domain = access.address.rpartition("@")[2].lower()

    def _ensure_valid_hostname(self, url: str) -> None:
        """By the machine's own look-up, which knows IPv6 and /etc/hosts too; a proxy looks up
        names itself."""
        if self._access.proxy:
            return
        host = urlsplit(url).hostname or ""
        try:
            socket.getaddrinfo(host, 443)
        except (OSError, UnicodeError):
            raise TransportError(f"{host!r} has no DNS entry") from None

    def _redirect_url_is_valid(self, url: str) -> bool:
        host = (urlsplit(url).hostname or "").lower()
        if host != self._domain and not host.endswith(f".{self._domain}"):
            self.foreign.append(host)
            return False
        return bool(super()._redirect_url_is_valid(url))

    def _attempt_response(self, url: str) -> tuple[bool, Any]:
        """As exchangelib does, but with the sign-in that is configured instead of one that is
        guessed from the server's offers."""
        self._urls_visited.append(url.lower())
        protocol = AutodiscoverProtocol(
            config=Configuration(
                service_endpoint=url,
                credentials=self.credentials,
                auth_type=self._access.auth_type,
                retry_policy=self.INITIAL_RETRY_POLICY,
            )
        )
        try:
            self._ensure_valid_hostname(url)
            answer = protocol.get_user_settings(user=self.email)
        except RedirectError as error:
            return (
                self._attempt_response(error.url) if self._redirect_url_is_valid(error.url) else (False, None)
            )
        except (TransportError, *CONNECTION_ERRORS):
            return False, None
        if not answer.redirect_url:
            library_cache.autodiscover_cache[self._cache_key] = protocol
        return True, answer

    def _build_response(self, ad_response: Any) -> tuple[Any, None]:
        """The answer alone. exchangelib would make a Protocol of it, without our sign-in and version,
        and keep it for everybody who asks for this endpoint later (cached by endpoint and name)."""
        return ad_response, None

    def _step_5(self, ad: Any) -> Any:
        """An answer that names another address: followed within the domain only."""
        moved = ad.redirect_address or ""
        if moved and moved.rpartition("@")[2].lower() != self._domain:
            self.foreign.append(moved.rpartition("@")[2])
            raise AutoDiscoverFailed("the mailbox is said to have moved to another domain")
        return super()._step_5(ad)
