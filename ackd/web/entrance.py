"""Who may look: a key that opens one session, once."""

from __future__ import annotations

import secrets


class Entrance:
    """The key of the link that `ackd review` prints, the session that it opened, and that session's token
    against forged forms. All live as long as the process."""

    def __init__(self) -> None:
        self.key = secrets.token_urlsafe(32)
        self._session = secrets.token_urlsafe(32)
        self.csrf = secrets.token_urlsafe(32)
        self._is_used = False

    def enter(self, key: str) -> str | None:
        """The session's name for who has the key; None for another key, and for one that was used."""
        if self._is_used or not _same(key, self.key):
            return None
        self._is_used = True
        return self._session

    def holds(self, session: str) -> bool:
        """Whether it is the session that the key opened."""
        return self._is_used and _same(session, self._session)

    def wrote(self, token: str) -> bool:
        """Whether a form carries this session's token."""
        return _same(token, self.csrf)


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(errors="replace"), other.encode())
