"""Who brings an access token (RFC 6750), and how those are refused that bring none, or a stale one."""

from __future__ import annotations

from dataclasses import dataclass

from exchange_sandbox.authority.tokens import Principal, Signer
from exchange_sandbox.clock import Clock
from exchange_sandbox.store import grants, mailboxes
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.mailboxes import Mailbox


class Unknown(Exception):
    """The token opens nothing; the text says why. ``challenged``: another one with claims would."""

    def __init__(self, text: str, *, challenged: bool = False) -> None:
        super().__init__(text)
        self.challenged = challenged


@dataclass(frozen=True, slots=True)
class Bearer:
    """Reads Authorization headers."""

    store: Store
    clock: Clock
    signer: Signer

    def principal(self, authorization: str) -> Principal:
        """Who asks; raises :class:`Unknown`."""
        scheme, _, token = authorization.strip().partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unknown("Access token is empty.")
        claims = self.signer.read(token.strip())
        if claims is None or "appid" not in claims:
            raise Unknown("Invalid authentication token.")
        now = self.clock().timestamp()
        if not claims.get("nbf", 0) - 300 <= now < claims.get("exp", 0):
            raise Unknown("Lifetime validation failed, the token is expired.")
        client, audience = claims["appid"], str(claims.get("aud", ""))
        if claims.get("idtyp") == "app":
            return Principal(client, None, frozenset(claims.get("roles", ())), audience)
        scopes = frozenset(claims.get("scp", "").split())
        return Principal(client, self._person(claims), scopes, audience)

    def _person(self, claims: dict[str, object]) -> Mailbox:
        with self.store.read() as db:
            person = mailboxes.find(db, str(claims.get("upn", "")))
            revoked = grants.revoked_at(db, person.id) if person else ""
        if person is None:
            raise Unknown("The user isn't known here.")
        if revoked and "CP1" in str(claims.get("xms_cc", "")) and float(str(claims["iat"])) <= float(revoked):
            raise Unknown("Continuous access evaluation resulted in challenge.", challenged=True)
        return person
