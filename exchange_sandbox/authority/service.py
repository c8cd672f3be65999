"""The authority's endpoints, below any tenant's name: configuration, tokens, devices' codes, sign-in pages.

Persons sign in with their mailbox's password; any client id may ask them. Apps that act for themselves are
those that the sandbox was started with.
"""

from __future__ import annotations

import logging
import re
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import unquote

from exchange_sandbox.authority import pages
from exchange_sandbox.authority.apps import Apps
from exchange_sandbox.authority.errors import (
    AuthorityError,
    interaction_required,
    invalid_grant,
    secret_expired,
)
from exchange_sandbox.authority.granting import Granting, exchange_in, scopes_of
from exchange_sandbox.authority.tokens import Signer
from exchange_sandbox.clock import Clock, iso
from exchange_sandbox.faults import Fault, Faults
from exchange_sandbox.quirks import Quirks
from exchange_sandbox.store import grants, mailboxes
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.grants import Decision, Grant, Kind
from exchange_sandbox.web import Answer, Request, as_json

log = logging.getLogger(__name__)

TENANT = "sandbox"
_REALM = "userrealm/"
_PATH = re.compile(r"/(?P<tenant>[^/]{1,80})/(?P<rest>.+)")
_USER_CODE = "BCDFGHJKLMNPQRSTVWXZ23456789"  # letters that nobody takes for others
_DEVICE_SECONDS = 900
_POLL_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Authority:
    """Answers requests for sign-in."""

    store: Store
    clock: Clock
    quirks: Quirks
    faults: Faults
    apps: Apps
    signer: Signer

    @property
    def tenant_id(self) -> str:
        """The tenant's id."""
        return mailboxes.tenant_id(self.store.organisation)

    def operation(self, request: Request) -> str:
        """What a request asks for, by the name that faults and the log have; "" if it is nothing here."""
        found = _PATH.fullmatch(unquote(request.path))
        rest = found["rest"].strip("/").lower() if found else ""
        if rest.startswith(_REALM):  # a person's name follows
            rest = _REALM
        endpoint = _ENDPOINTS.get((request.method, rest))
        return endpoint[0] if endpoint else ""

    def answer(self, request: Request) -> Answer:
        """Answer a request that :meth:`operation` knows."""
        name = self.operation(request)
        fault = self.faults.take(name)
        if fault is not None and fault.kind == "cut-before-commit":
            return Answer(0, cut=-1, operation=name, fault=fault.kind)
        try:
            _refuse(fault)
            answer = self._endpoint(name)(self, request)
        except AuthorityError as error:
            answer = error.answer(self.clock())
        except sqlite3.Error as error:
            log.error("event=store-failed %s", error)
            answer = AuthorityError("temporarily_unavailable", 90033, "Try again.", status=503).answer(
                self.clock()
            )
        return replace(_spoiled(answer, fault), operation=name, fault=fault.kind if fault else "")

    @staticmethod
    def tried(request: Request) -> str:
        """Whose password or secret a request brings; "" for none."""
        form = request.form() if request.method == "POST" else {}
        if "passwd" in form:
            return form.get("login", "")
        if form.get("grant_type") == "password":
            return form.get("username", "")
        return form.get("client_id", "") if "client_secret" in form else ""

    def too_many(self, request: Request) -> Answer:
        """The refusal of a password or secret that isn't looked at, since too many wrong ones came."""
        error = AuthorityError(
            "invalid_grant", 50053, "Too many wrong passwords: try again later.", status=401
        )
        return replace(error.answer(self.clock()), operation=self.operation(request))

    @staticmethod
    def _endpoint(name: str) -> Callable[[Authority, Request], Answer]:
        return next(handler for known, handler in _ENDPOINTS.values() if known == name)

    def configuration(self, request: Request) -> Answer:
        """What there is, and where (OpenID Connect Discovery 1.0)."""
        tenant = self._tenant(request)
        base = f"{request.origin}/{tenant}"
        return as_json(
            200,
            {
                "issuer": f"{request.origin}/{self.tenant_id}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
                "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
                "jwks_uri": f"{base}/discovery/v2.0/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
                "response_modes_supported": ["query", "form_post"],
                "response_types_supported": ["code"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "claims_supported": ["sub", "iss", "aud", "exp", "iat", "oid", "tid", "preferred_username"],
                "tenant_region_scope": None,
                "cloud_instance_name": request.origin.partition("://")[2],
                "msgraph_host": request.origin.partition("://")[2],
            },
        )

    def instance(self, request: Request) -> Answer:
        """Which hosts are one authority: this one alone."""
        host = request.origin.partition("://")[2]
        configuration = f"{request.origin}/{TENANT}/v2.0/.well-known/openid-configuration"
        alias = {"preferred_network": host, "preferred_cache": host, "aliases": [host]}
        return as_json(
            200,
            {
                "tenant_discovery_endpoint": configuration,
                "api-version": "1.1",
                "metadata": [alias],
            },
        )

    def keys(self, request: Request) -> Answer:
        """By what tokens are told to be genuine."""
        return as_json(200, self.signer.keys())

    def device_code(self, request: Request) -> Answer:
        """A code for a device that has no browser (RFC 8628)."""
        form = request.form()
        client = form.get("client_id", "")
        if not client:
            raise AuthorityError("invalid_request", 900144, "The request body must contain 'client_id'.")
        now = self.clock()
        scopes = scopes_of(form.get("scope", ""))
        device = secrets.token_urlsafe(48)
        user_code = "".join(secrets.choice(_USER_CODE) for _ in range(9))
        expires = iso(now + timedelta(seconds=_DEVICE_SECONDS))
        more = {"exchange": exchange_in(form.get("scope", ""))}
        grant = Grant(client, scopes, expires, decision=Decision.PENDING, issued=iso(now), more=more)
        with self.store.write() as db:
            grants.put(db, Kind.DEVICE, device, grant, user_code)
        page = f"{request.origin}/{self._tenant(request)}/oauth2/deviceauth"
        message = f"To sign in, use a web browser to open the page {page} and enter the code {user_code}."
        return as_json(
            200,
            {
                "user_code": user_code,
                "device_code": device,
                "verification_uri": page,
                "expires_in": _DEVICE_SECONDS,
                "interval": _POLL_SECONDS,
                "message": message,
            },
        )

    def token(self, request: Request) -> Answer:
        """Tokens for a grant."""
        granting = Granting(self.store, self.clock(), self.quirks, self.apps, self.signer, self.tenant_id)
        value = granting.answer(request.form(), request.origin)
        return as_json(200, value, {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"})

    def authorize(self, request: Request) -> Answer:
        """The page on which a person signs in for an app, and what they said there (RFC 6749 4.1, 7636)."""
        return pages.authorize(self.store, self.clock(), self.quirks, request)

    def device_page(self, request: Request) -> Answer:
        """The page on which a person gives a device's code."""
        return pages.device(self.store, self.clock(), request)

    def realm(self, request: Request) -> Answer:
        """Where a person signs in: here."""
        host = request.origin.partition("://")[2]
        return as_json(200, {"ver": "1.0", "account_type": "Managed", "cloud_instance_name": host})

    def logout(self, request: Request) -> Answer:
        """Nobody is signed in at the authority itself: there is nothing to end."""
        return pages.shown("You are signed out.")

    def _tenant(self, request: Request) -> str:
        found = _PATH.fullmatch(unquote(request.path))
        return found["tenant"] if found else TENANT


_ENDPOINTS: dict[tuple[str, str], tuple[str, Callable[[Authority, Request], Answer]]] = {
    ("GET", "v2.0/.well-known/openid-configuration"): ("openid-configuration", Authority.configuration),
    ("GET", ".well-known/openid-configuration"): ("openid-configuration", Authority.configuration),
    ("GET", "discovery/instance"): ("discovery", Authority.instance),
    ("GET", "discovery/v2.0/keys"): ("keys", Authority.keys),
    ("POST", "oauth2/v2.0/devicecode"): ("devicecode", Authority.device_code),
    ("POST", "oauth2/v2.0/token"): ("token", Authority.token),
    ("POST", "oauth2/token"): ("token", Authority.token),
    ("GET", _REALM): ("userrealm", Authority.realm),
    ("GET", "oauth2/v2.0/authorize"): ("authorize", Authority.authorize),
    ("POST", "oauth2/v2.0/authorize"): ("authorize", Authority.authorize),
    ("GET", "oauth2/deviceauth"): ("deviceauth", Authority.device_page),
    ("POST", "oauth2/deviceauth"): ("deviceauth", Authority.device_page),
    ("GET", "oauth2/v2.0/logout"): ("logout", Authority.logout),
}
OPERATIONS = tuple(dict.fromkeys(name for name, _ in _ENDPOINTS.values()))


def _refuse(fault: Fault | None) -> None:
    """Raise what a fault wants answered instead of doing the work."""
    kind = fault.kind if fault else ""
    if kind in ("429", "503", "504"):
        raise AuthorityError("temporarily_unavailable", 90033, "A transient error.", status=int(kind))
    if kind == "invalid-grant":
        raise invalid_grant(
            50173, "The provided grant has expired due to it being revoked.", suberror="bad_token"
        )
    if kind == "interaction-required":
        raise interaction_required()
    if kind == "secret-expired":
        raise secret_expired()
    if kind == "blocked-by-policy":
        raise invalid_grant(
            53003, "Access has been blocked by Conditional Access policies.", suberror="message_only"
        )


def _spoiled(answer: Answer, fault: Fault | None) -> Answer:
    kind = fault.kind if fault else ""
    if fault is not None and kind in ("429", "503") and fault.value is not None:
        return replace(answer, headers={**answer.headers, "Retry-After": f"{fault.value:g}"})
    if kind == "cut-after-commit":
        return Answer(0, cut=-1)
    if kind == "cut-in-answer":
        return replace(answer, cut=len(answer.body) // 2)
    if kind == "malformed-json":
        return replace(answer, body=answer.body[: len(answer.body) // 2])
    if fault is not None and kind == "slow":
        return replace(answer, wait=fault.value or 0)
    return answer
