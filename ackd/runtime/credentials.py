"""By what ackd signs in, as the configuration says it, and what guards that."""

from __future__ import annotations

from ackd.config import Config
from ackd.config.read_secret import read_secret
from ackd.config.secrets import SecretSource
from ackd.mailbox import sign_in_mark
from ackd.model.access import Auth
from ackd.ports import Clock, Ledger
from ackd.runtime.sign_in_guard import SignInGuard


def secret_of(config: Config) -> str:
    """The password, or an app's secret or its key's pass phrase, from where the configuration says it is
    kept; "" where the sign-in takes none."""
    box = config.mailbox
    return read_secret(box.secret, box.username) if box.secret else ""


def in_keyring(config: Config) -> bool:
    """Whether what ackd signs in by is in a keyring, whose owner may have to unlock it."""
    box = config.mailbox
    if box.sign_in is not None and not box.sign_in.is_app:
        return box.tokens == "keyring"
    return box.secret is not None and box.secret.source is SecretSource.KEYRING


def guard_of(config: Config, ledger: Ledger, clock: Clock, secret: str) -> SignInGuard:
    """What keeps a refused password from being tried again and again."""
    box = config.mailbox
    app = (box.authority, box.client_id, box.sign_in) if box.authority else ()
    sign_in = (box.username, box.auth, box.endpoint, *map(str, app))
    mark = sign_in_mark(config, secret)
    return SignInGuard(ledger, clock, mark, sign_in, is_password=box.auth is not Auth.OAUTH)
