"""The HTTP by which MSAL asks an authority."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any, Literal

import requests

from ackd.errors import Busy, SignInOver, Unreachable
from ackd.mailbox.http_session import HttpSession
from ackd.mailbox.no_connection import AUTHORITY, no_connection
from ackd.mailbox.transport import TooLarge, TooSlow

SECONDS = 60.0  # for an answer
_LONGEST_WAIT = timedelta(hours=1)


class Asking:
    """Answers that say "later" become our errors before MSAL keeps them; it would give them again for a
    minute. No redirect is followed: what goes to the authority goes to nobody else. Raises Busy, Unreachable
    and SignInOver."""

    def __init__(self, session: HttpSession) -> None:
        silence()
        self._session = session

    def get(self, url: str, **how: Any) -> Any:
        """What is known of the authority itself."""
        answer = self._asked("GET", url, how)
        if answer.status_code in (400, 404):
            words = f"the authority answered {answer.status_code}: there is no such tenant"
            raise SignInOver(words, "set mailbox.authority as your administrators say")
        return answer

    def post(self, url: str, **how: Any) -> Any:
        """A request for tokens, which is posted once."""
        return self._asked("POST", url, how)

    def close(self) -> None:
        self._session.close()

    def _asked(self, method: Literal["GET", "POST"], url: str, how: dict[str, Any]) -> Any:
        try:
            answer = self._session.request(method, url, timeout=SECONDS, allow_redirects=False, **how)
        except TooLarge as error:
            raise Unreachable(f"from the authority: {error}") from error
        except (requests.RequestException, TooSlow) as error:
            raise no_connection(error, url, AUTHORITY) from error
        if answer.status_code == 429:
            wait = _wait(answer.headers.get("Retry-After", ""))
            raise Busy("the authority asked ackd to slow down (429)", wait=wait)
        if answer.status_code >= 500:
            wait = _wait(answer.headers.get("Retry-After", ""))
            raise Unreachable(f"the authority isn't available ({answer.status_code})", wait=wait)
        return answer


def _wait(text: str) -> timedelta | None:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text.strip()):
        return None
    return min(timedelta(seconds=float(text)), _LONGEST_WAIT)


def silence() -> None:
    """MSAL logs requests at DEBUG, with what proves who asks: nothing of that leaves the library."""
    logger = logging.getLogger("msal")
    logger.handlers = [logging.NullHandler()]
    logger.propagate = False
    logger.setLevel(logging.CRITICAL)
