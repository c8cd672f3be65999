"""Which tokens come of what a client brings: a device's code, a browser's, a refresh token, a password, or an
app's own proof."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

from exchange_sandbox.authority.apps import Apps
from exchange_sandbox.authority.errors import AuthorityError, invalid_client, invalid_grant
from exchange_sandbox.authority.tokens import EXCHANGE, GRAPH, LIFETIME, Signer
from exchange_sandbox.clock import iso, system_clock
from exchange_sandbox.quirks import Quirks
from exchange_sandbox.store import grants, mailboxes
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.grants import Decision, Grant, Kind
from exchange_sandbox.store.mailboxes import Mailbox

REFRESH_DAYS = 90  # that a refresh token lives, unless it is used
_EWS_SCOPE, _EWS_ROLE = "EWS.AccessAsUser.All", "full_access_as_app"
#: What ``.default`` stands for with Graph: all that this sandbox knows.
ALL_SCOPES = (
    "Calendars.ReadWrite", "Calendars.ReadWrite.Shared", "GroupMember.Read.All", "Mail.ReadWrite",
    "Mail.ReadWrite.Shared", "Mail.Send", "Mail.Send.Shared", "MailboxSettings.ReadWrite", "Tasks.ReadWrite",
    "User.Read", "User.ReadBasic.All",
)  # fmt: skip
_APP_ROLES = (
    "Calendars.ReadWrite", "GroupMember.Read.All", "Mail.ReadWrite", "Mail.Send",
    "MailboxSettings.ReadWrite", "Tasks.ReadWrite.All", "User.Read.All",
)  # fmt: skip
_PROTOCOL = ("openid", "profile", "email", "offline_access")
_OF_EXCHANGE = ("Mail.", "Calendars.", "MailboxSettings.", "Tasks.", "EWS.")


def scopes_of(text: str) -> list[str]:
    """The permissions that a scope parameter names, without the resource before them."""
    found: list[str] = []
    for word in text.split():
        name = word.rpartition("/")[2]
        if name == ".default":
            found += [_EWS_SCOPE] if _is_of_exchange(word) else ALL_SCOPES
        else:
            found.append(name)
    return list(dict.fromkeys(one for one in found if one))


def exchange_in(text: str) -> str:
    """Before what a scope parameter names EWS: the address of the server that is meant."""
    named = (word.rpartition("/") for word in text.split())
    return next((server for server, _, name in named if name == _EWS_SCOPE), "") or EXCHANGE


@dataclass(frozen=True, slots=True)
class _Brought:
    """What a grant is good for: a person, scopes, a nonce for the id token, and which Exchange they name."""

    person: Mailbox
    scopes: list[str]
    nonce: str = ""
    exchange: str = EXCHANGE


@dataclass(frozen=True, slots=True)
class Granting:
    """Gives tokens, at one moment."""

    store: Store
    now: datetime
    quirks: Quirks
    apps: Apps
    signer: Signer
    tenant: str

    def answer(self, form: Mapping[str, str], origin: str) -> dict[str, Any]:
        """The answer of the token endpoint; raises AuthorityError."""
        if "resource" in form and "scope" not in form:  # as clients of before 2.0 say it
            form = {**form, "scope": f"{form['resource'].rstrip('/')}/.default"}
        kind = form.get("grant_type", "").rpartition(":")[2]
        client = form.get("client_id", "")
        if not client:
            raise AuthorityError("invalid_request", 900144, "The request body must contain 'client_id'.")
        if kind == "client_credentials":
            return self._for_app(client, form, origin)
        if (form.get("client_secret") or form.get("client_assertion")) and not self.apps.has_proved(
            client, form
        ):
            raise invalid_client(form)
        readers = {
            "device_code": self._by_device,
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh,
            "password": self._by_password,
        }
        if kind not in readers:
            raise AuthorityError(
                "unsupported_grant_type", 70003, f"The grant type '{kind[:40]}' isn't supported."
            )
        with self.store.write() as db:
            brought = readers[kind](db, client, form)
            self._check_policy(kind, brought.scopes)
            return self._for_person(db, client, brought, form, origin)

    # what was brought

    def _by_device(self, db: sqlite3.Connection, client: str, form: Mapping[str, str]) -> _Brought:
        secret = form.get("device_code", form.get("code", ""))
        grant = grants.find(db, Kind.DEVICE, secret)
        if grant is None or grant.client != client:
            raise AuthorityError("bad_verification_code", 70019, "The verification code isn't known.")
        if grant.expires <= iso(self.now):
            raise AuthorityError("expired_token", 70020, "The code has expired.")
        if grant.decision == Decision.PENDING:
            raise AuthorityError(
                "authorization_pending", 70016,
                "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
            )  # fmt: skip
        if grant.decision == Decision.REFUSED:
            raise AuthorityError("authorization_declined", 70018, "The user declined to authorize the app.")
        grants.drop(db, secret)
        return _Brought(mailboxes.get(db, grant.mailbox), grant.scopes, exchange=_exchange(grant))

    def _by_code(self, db: sqlite3.Connection, client: str, form: Mapping[str, str]) -> _Brought:
        secret = form.get("code", "")
        grant = grants.find(db, Kind.CODE, secret)
        if grant is None or grant.client != client or grant.expires <= iso(self.now):
            raise invalid_grant(70008, "The provided authorization code has expired or was used already.")
        if form.get("redirect_uri", "") != grant.more.get("redirect_uri"):
            raise invalid_grant(50011, "The redirect URI isn't the one of the authorization request.")
        challenge = grant.more.get("challenge", "")
        if challenge and not _fits(
            challenge, grant.more.get("method", "plain"), form.get("code_verifier", "")
        ):
            raise invalid_grant(501481, "The Code_Verifier does not match the code_challenge.")
        if not challenge and not self.apps.has_proved(client, form):
            raise AuthorityError("invalid_client", 7000218, "A secret or an assertion is needed.", status=401)
        grants.drop(db, secret)
        nonce = grant.more.get("nonce", "")
        return _Brought(mailboxes.get(db, grant.mailbox), grant.scopes, nonce, _exchange(grant))

    def _by_refresh(self, db: sqlite3.Connection, client: str, form: Mapping[str, str]) -> _Brought:
        secret = form.get("refresh_token", "")
        grant = grants.find(db, Kind.REFRESH, secret)
        if grant is None or grant.client != client:
            raise invalid_grant(
                9002313, "The refresh token isn't known, or was used already.", suberror="bad_token"
            )
        if grant.expires <= iso(self.now):
            raise invalid_grant(
                700082, f"The refresh token has expired due to inactivity for {REFRESH_DAYS} days.",
                suberror="token_expired",
            )  # fmt: skip
        if grant.decision == Decision.REVOKED:
            raise invalid_grant(
                50173, "The provided grant has expired due to it being revoked.", suberror="bad_token"
            )
        if not self.quirks.reusable_refresh_tokens:
            grants.drop(db, secret)
        wanted = scopes_of(form.get("scope", ""))
        kept = [one for one in wanted if one in grant.scopes or one in _PROTOCOL]
        is_all = not kept or ".default" in form.get("scope", "")
        scopes = grant.scopes if is_all else kept
        return _Brought(mailboxes.get(db, grant.mailbox), scopes, exchange=_exchange(grant))

    def _by_password(self, db: sqlite3.Connection, client: str, form: Mapping[str, str]) -> _Brought:
        person = mailboxes.find(db, form.get("username", ""))
        if person is None or not mailboxes.password_is(person, form.get("password", "")):
            raise invalid_grant(50126, "Error validating credentials due to invalid username or password.")
        scope = form.get("scope", "")
        return _Brought(person, scopes_of(scope), exchange=exchange_in(scope))

    def _check_policy(self, kind: str, scopes: list[str]) -> None:
        if kind == "device_code" and self.quirks.device_code_blocked:
            raise invalid_grant(
                53003, "Access has been blocked by Conditional Access policies. The access policy does not"
                " allow token issuance.", suberror="message_only",
            )  # fmt: skip
        if self.quirks.admin_consent_required and any(one.startswith(_OF_EXCHANGE) for one in scopes):
            raise invalid_grant(
                65001, "The user or administrator has not consented to use the application. Send an"
                " interactive authorization request for this user and resource.", suberror="consent_required",
            )  # fmt: skip

    # what comes of it

    def _for_app(self, client: str, form: Mapping[str, str], origin: str) -> dict[str, Any]:
        if not self.apps.knows(client):
            raise AuthorityError(
                "unauthorized_client", 700016, f"Application with identifier '{client[:60]}' was not found.",
            )  # fmt: skip
        if not self.apps.has_proved(client, form):
            raise invalid_client(form)
        if not form.get("scope", "").endswith("/.default"):
            raise AuthorityError(
                "invalid_scope", 1002012, "The provided value for scope isn't valid. Client credential flows"
                " must have a scope value with /.default suffixed to the resource identifier.",
            )  # fmt: skip
        is_exchange = _is_of_exchange(form.get("scope", ""))
        claims = self._claims(client, EXCHANGE if is_exchange else GRAPH, origin, form)
        roles = [] if is_exchange else list(_APP_ROLES)
        if is_exchange or form["scope"].startswith(f"{origin}/"):  # which is both Exchange's and Graph's
            roles.append(_EWS_ROLE)
        oid = str(uuid5(self.store.organisation, f"app {client}"))
        claims |= {"oid": oid, "sub": oid, "roles": roles, "idtyp": "app"}
        return {
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "ext_expires_in": LIFETIME,
            "access_token": self.signer.sign(claims),
        }

    def _for_person(
        self,
        db: sqlite3.Connection,
        client: str,
        brought: _Brought,
        form: Mapping[str, str],
        origin: str,
    ) -> dict[str, Any]:
        person, scopes = brought.person, brought.scopes
        oid = mailboxes.directory_id(self.store.organisation, person.address)
        granted = [one for one in scopes if one not in _PROTOCOL] or ["User.Read"]
        audience = EXCHANGE if granted == [_EWS_SCOPE] else GRAPH
        claims = self._claims(client, audience, origin, form)
        claims |= {
            "oid": oid, "sub": oid, "upn": person.address, "unique_name": person.address, "name": person.name,
            "scp": " ".join(granted), "idtyp": "user",
        }  # fmt: skip
        named = [f"{brought.exchange}/{one}" if one == _EWS_SCOPE else one for one in granted]
        out: dict[str, Any] = {
            "token_type": "Bearer",
            "scope": " ".join(dict.fromkeys([*named, *(one for one in scopes if one in _PROTOCOL)])),
            "expires_in": LIFETIME,
            "ext_expires_in": LIFETIME,
            "access_token": self.signer.sign(claims),
        }
        if "offline_access" in scopes:
            out["refresh_token"] = secrets.token_urlsafe(64)
            expires = iso(self.now + timedelta(days=REFRESH_DAYS))
            more = {"exchange": brought.exchange}
            grant = Grant(client, scopes, expires, person.id, issued=iso(self.now), more=more)
            grants.put(db, Kind.REFRESH, out["refresh_token"], grant)
        if "openid" in scopes:
            out["id_token"] = self._id_token(client, person, oid, origin, brought.nonce)
        if "openid" in scopes or form.get("client_info"):
            info = json.dumps({"uid": oid, "utid": self.tenant}).encode()
            out["client_info"] = base64.urlsafe_b64encode(info).decode().rstrip("=")
        return out

    def _claims(self, client: str, audience: str, origin: str, form: Mapping[str, str]) -> dict[str, Any]:
        begun = int(self.now.timestamp())
        claims: dict[str, Any] = {
            "aud": audience, "iss": f"{origin}/{self.tenant}/", "iat": begun, "nbf": begun,
            "exp": begun + LIFETIME, "appid": client, "app_displayname": client, "tid": self.tenant,
            "ver": "1.0", "uti": secrets.token_urlsafe(12),
        }  # fmt: skip
        if "CP1" in form.get("claims", ""):
            claims["xms_cc"] = ["CP1"]
        return claims

    def _id_token(self, client: str, person: Mailbox, oid: str, origin: str, nonce: str) -> str:
        """Who signed in. Clients hold its times against their own clock, so these are this machine's."""
        begun = int(system_clock().timestamp())
        claims: dict[str, Any] = {
            "iss": f"{origin}/{self.tenant}/v2.0", "aud": client, "sub": oid, "oid": oid, "tid": self.tenant,
            "preferred_username": person.address, "name": person.name, "iat": begun, "nbf": begun,
            "exp": begun + LIFETIME, "ver": "2.0",
        }  # fmt: skip
        if nonce:
            claims["nonce"] = nonce
        return self.signer.sign(claims)


def _exchange(grant: Grant) -> str:
    return str(grant.more.get("exchange", EXCHANGE))


def _is_of_exchange(scope: str) -> bool:
    """Whether a scope names Exchange and not Graph as what it is about."""
    return "outlook.office" in scope


def _fits(challenge: str, method: str, verifier: str) -> bool:
    """Whether a verifier is the one behind a challenge (RFC 7636 4.6)."""
    if method.upper() == "S256":
        digest = hashlib.sha256(verifier.encode("utf-8", "replace")).digest()
        verifier = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return hmac.compare_digest(challenge.encode(), verifier.encode("utf-8", "replace"))
