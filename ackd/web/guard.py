"""Nothing reaches a page but what the owner's own browser asks of it, and no page leaves without what keeps
it the owner's: docs/review.md says against whom."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ackd.web import peer
from ackd.web.entrance import Entrance

#: Bytes of a form that are read: a configuration's file is the longest.
LARGEST = 2_000_000
_MOST_FIELDS = 200
_FORM = "application/x-www-form-urlencoded"
#: For pages: their own style, script and pictures, nothing inline, nothing from elsewhere.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: For what somebody else wrote, in a frame: no script, no form, nothing from elsewhere, an origin of its own.
FRAMED = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
#: For a picture that we drew: it may style itself.
PICTURE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with "no-referrer" a form's Origin would be "null"
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
NO_SESSION = (
    "This page is its owner's alone. Open the link that `ackd review` printed: it works once, in one "
    "browser. For another one start `ackd review` again."
)


class Refused(Exception):
    """A request that isn't the owner's: the answer's status, and why."""

    def __init__(self, status: HTTPStatus, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


class Guard:
    """Stands before all pages; `host` is the address and port under which they are served."""

    def __init__(self, app: ASGIApp, entrance: Entrance, host: str) -> None:
        self.app, self.entrance, self.host = app, entrance, host
        self.cookie = f"ackd-{host.rpartition(':')[2]}"  # cookies know no ports: two pages, two names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        app: ASGIApp = self.app
        try:
            entered = self._entered(request)
            if entered is not None:
                app = entered
            elif request.method == "POST":
                scope.setdefault("state", {})["form"] = await self._form(request)
        except Refused as refused:
            app = refusal(refused.status, refused.words)
        except ClientDisconnect:
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
            await send(message)

        await app(scope, receive, sent)

    def _entered(self, request: Request) -> Response | None:
        """What answers whoever comes with a key, None for who is in already. Raises Refused."""
        _check_peer(request.scope)
        if request.headers.getlist("host") != [self.host]:
            raise Refused(HTTPStatus.MISDIRECTED_REQUEST, f"This page is at http://{self.host}/ alone.")
        if request.method not in ("GET", "HEAD", "POST"):
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "Pages are read, and forms are sent: nothing else.")
        is_in = self.entrance.holds(request.cookies.get(self.cookie, ""))
        if request.method == "GET" and request.url.path == "/" and "key" in request.query_params:
            session = self.entrance.enter(request.query_params["key"])
            if session is not None:
                return self._welcome(session)
            if is_in:
                return RedirectResponse("/", HTTPStatus.SEE_OTHER)
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise Refused(HTTPStatus.FORBIDDEN, "Another page asked for this one: open it yourself.")
        is_public = request.method != "POST" and request.url.path.startswith("/static/")
        if not (is_in or is_public):
            raise Refused(HTTPStatus.FORBIDDEN, NO_SESSION)
        return None

    def _welcome(self, session: str) -> Response:
        """Sets the cookie and goes on: by a page, since a browser that came from elsewhere gives a strict
        cookie to no page to which it is only sent on."""
        answer = HTMLResponse(
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>ackd</title>'
            '<link rel="icon" href="/static/icon.svg">'
            '<meta http-equiv="refresh" content="0;url=/"><p><a href="/">On to ackd</a></p></html>'
        )
        answer.set_cookie(self.cookie, session, path="/", httponly=True, samesite="strict")
        return answer

    async def _form(self, request: Request) -> dict[str, str]:
        """A form's fields, of a form of this very page. Raises Refused."""
        if request.headers.getlist("origin") != [f"http://{self.host}"]:
            raise Refused(HTTPStatus.FORBIDDEN, "This form isn't from this page.")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This is no form of this page.")
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "This is too long for a form.")
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:
            raise Refused(HTTPStatus.BAD_REQUEST, "This form can't be read.") from None
        form = dict(pairs)
        if not self.entrance.wrote(form.pop("csrf", "")):
            raise Refused(HTTPStatus.FORBIDDEN, "This form is an old one: load its page anew.")
        return form


def _check_peer(scope: Scope) -> None:
    client, server = scope.get("client"), scope.get("server")
    if client and server and peer.is_foreign(tuple(client), tuple(server)):
        raise Refused(HTTPStatus.FORBIDDEN, "Another user of this machine started ackd review: it is theirs.")


def refusal(status: HTTPStatus, words: str) -> Response:
    """A plain page that says why there is nothing to see."""
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>ackd: {status.phrase}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/static/ackd.css"><main class="refused"><h1>{status.phrase}</h1>'
        f"<p>{escape(words)}</p></main></html>",
        status,
    )


def form_of(request: Request) -> dict[str, str]:
    """The fields of a form that the guard let through."""
    found: Any = request.state.form
    return dict(found)
