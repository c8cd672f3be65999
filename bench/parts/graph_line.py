"""Requests to a Graph face by hand."""

from __future__ import annotations

import http.client
import json
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlencode, urlsplit

from bench.parts.host import PASSWORD
from bench.parts.rows import Broken

_CLIENT = "00000000-aaaa-4000-8000-000000000001"
_SCOPE = "https://graph.microsoft.com/.default"


def token(sign_in: str, user: str) -> str:
    """A person's access token, for the password."""
    place = urlsplit(f"{sign_in}/oauth2/v2.0/token")
    form = {
        "grant_type": "password",
        "client_id": _CLIENT,
        "username": user,
        "password": PASSWORD,
        "scope": _SCOPE,
    }
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 80, timeout=60)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", place.path, urlencode(form), kind)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    if "access_token" not in answer:
        raise Broken(f"{user} can't sign in: {answer}")
    return str(answer["access_token"])


class GraphLine:
    """One user's connection to a Graph face, kept alive."""

    def __init__(self, url: str, bearer: str) -> None:
        place = urlsplit(url)
        self._below = place.path.rstrip("/")
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port or 80, timeout=60)
        self._head = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Any = None, **options: str) -> bytes:
        """The answer; raises Broken for one that is none. ``path`` may be a whole address."""
        target = (
            urlsplit(path)._replace(scheme="", netloc="").geturl() if "://" in path else self._below + path
        )
        data = b"" if body is None else json.dumps(body).encode()
        head = {**self._head, **options}
        self._connection.request(method, quote(target, safe="/?&=$%'()@:,;"), data, head)
        response = self._connection.getresponse()
        answer = response.read()
        if response.status >= 300:
            raise Broken(f"HTTP {response.status}: {answer[:300]!r}")
        return answer

    def json(self, method: str, path: str, body: Any = None, **options: str) -> Any:
        """As :meth:`ask`, read."""
        return json.loads(self.ask(method, path, body, **options))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
