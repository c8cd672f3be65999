"""Apps that act for themselves: known by a secret or by a certificate (RFC 6749 2.3.1, RFC 7523)."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ALGORITHMS = ("RS256", "PS256", "ES256")


@dataclass(frozen=True, slots=True)
class Apps:
    """The apps of a sandbox: secrets and files of certificates (PEM) by client id."""

    secrets: Mapping[str, str] = field(default_factory=dict)
    certificates: Mapping[str, Path] = field(default_factory=dict)

    def check(self) -> None:
        """Whether the certificates can be read; raises ValueError that names the file."""
        for client, file in self.certificates.items():
            try:
                _certificate(file)
            except (OSError, ValueError) as error:
                raise ValueError(
                    f"{file}: no certificate (PEM) for the app {client} is there ({error})"
                ) from error

    def knows(self, client: str) -> bool:
        """Whether it is an app of ours."""
        return client in self.secrets or client in self.certificates

    def has_proved(self, client: str, form: Mapping[str, str]) -> bool:
        """Whether a request proves by secret or assertion that it comes from this app."""
        secret = self.secrets.get(client)
        given = form.get("client_secret")
        if given is not None:
            return secret is not None and hmac.compare_digest(secret.encode(), given.encode())
        if form.get("client_assertion_type") == ASSERTION_TYPE and client in self.certificates:
            return self._is_signed(client, form.get("client_assertion", ""))
        return False

    def _is_signed(self, client: str, assertion: str) -> bool:
        """Whether an assertion is this app's own: signed with its certificate's key, of itself, for us.

        When it expires counts in its sender's time, so only that it is short-lived is looked at.
        """
        import jwt

        certificate = _certificate(self.certificates[client])
        unchecked = {"verify_aud": False, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
        try:
            head = jwt.get_unverified_header(assertion)
            claims = jwt.decode(
                assertion,
                certificate.public_key(),
                algorithms=list(_ALGORITHMS),
                options=unchecked,  # type: ignore[arg-type]
            )
        except (jwt.PyJWTError, ValueError, TypeError):
            return False
        return (
            _names(head, certificate)
            and claims.get("iss") == client == claims.get("sub")
            and str(claims.get("aud", "")).rstrip("/").endswith("/oauth2/v2.0/token")
            and isinstance(claims.get("exp"), int | float)
        )


def _names(head: Mapping[str, Any], certificate: Any) -> bool:
    """Whether a head names the certificate by its thumbprint, as Entra ID wants it."""
    from cryptography.hazmat.primitives import hashes

    prints = {"x5t": hashes.SHA1(), "x5t#S256": hashes.SHA256()}  # noqa: S303 - RFC 7515 says so
    for name, algorithm in prints.items():
        if name in head:
            digest = base64.urlsafe_b64encode(certificate.fingerprint(algorithm)).decode().rstrip("=")
            return bool(str(head[name]).rstrip("=") == digest)
    return False


def _certificate(file: Path) -> Any:
    from cryptography import x509

    return x509.load_pem_x509_certificate(file.read_bytes())
