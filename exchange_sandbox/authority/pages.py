"""The pages on which persons sign in: for an app that opened a browser, and for a device's code."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from exchange_sandbox.authority import consent
from exchange_sandbox.authority.granting import exchange_in, scopes_of
from exchange_sandbox.clock import iso
from exchange_sandbox.quirks import Quirks
from exchange_sandbox.store import grants, mailboxes
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.grants import Grant, Kind
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.web import Answer, Request

_HTML = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
_CODE_SECONDS = 600
_STYLE = "body{font:16px sans-serif;max-width:30em;margin:3em auto}label{display:block;margin:.5em 0}"
_KEPT = (
    "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce",
    "code_challenge", "code_challenge_method", "prompt",
)  # fmt: skip


def shown(text: str, status: int = 200) -> Answer:
    """A page that says this."""
    return Answer(status, _page(f"<p>{escape(text)}</p>"), dict(_HTML))


def _page(content: str) -> bytes:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in to the sandbox</title>'
        f"<style>{_STYLE}</style></head><body><h1>Sign in to the sandbox</h1>{content}</body></html>"
    ).encode()


def _form(fields: Mapping[str, str], above: str, inputs: str = "") -> Answer:
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    hint = escape(fields.get("login_hint", ""))
    return Answer(
        200,
        _page(
            f'{above}<form method="post">{hidden}{inputs}'
            f'<label>Address <input name="login" value="{hint}" autofocus></label>'
            '<label>Password <input name="passwd" type="password"></label>'
            '<button name="decision" value="agree">Agree</button> '
            '<button name="decision" value="refuse">Refuse</button></form>'
        ),
        dict(_HTML),
    )


def authorize(store: Store, now: datetime, quirks: Quirks, request: Request) -> Answer:
    """The sign-in page of an authorization request, and what was said there: a way back with a code, or with
    an error."""
    asked = dict(parse_qsl(request.query, keep_blank_values=True))
    said = request.form() if request.method == "POST" else {}
    values = {**asked, **said}
    target = values.get("redirect_uri", "")
    if urlsplit(target).scheme not in ("http", "https") or not values.get("client_id"):
        return shown("AADSTS900144: The request must contain 'client_id' and a 'redirect_uri'.", 400)
    if values.get("response_type", "code") != "code":
        return _back(
            values, {"error": "unsupported_response_type", "error_description": "AADSTS700054: code alone"}
        )
    if not said:
        fields = {name: asked[name] for name in (*_KEPT, "login_hint") if name in asked}
        names = ", ".join(scopes_of(asked.get("scope", "")))
        return _form(fields, f"<p>The app <b>{escape(values['client_id'])}</b> asks for: {escape(names)}</p>")
    return _said(store, now, quirks, said, values)


def _said(
    store: Store, now: datetime, quirks: Quirks, said: Mapping[str, str], values: Mapping[str, str]
) -> Answer:
    if said.get("decision") == "refuse":
        return _back(
            values, {"error": "access_denied", "error_description": "AADSTS65004: User declined to consent."}
        )
    person = _signed_in(store, said)
    if person is None:
        return shown("AADSTS50126: Invalid username or password.", 401)
    if quirks.admin_consent_required:
        text = "AADSTS90094: Administrator consent is required."
        return _back(values, {"error": "consent_required", "error_description": text})
    return _back(values, {"code": _code(store, now, person, values)})


def _code(store: Store, now: datetime, person: Mailbox, values: Mapping[str, str]) -> str:
    code = secrets.token_urlsafe(48)
    more = {
        "redirect_uri": values["redirect_uri"],
        "challenge": values.get("code_challenge", ""),
        "method": values.get("code_challenge_method", "plain"),
        "nonce": values.get("nonce", ""),
        "exchange": exchange_in(values.get("scope", "")),
    }
    expires = iso(now + timedelta(seconds=_CODE_SECONDS))
    grant = Grant(
        values["client_id"],
        scopes_of(values.get("scope", "")),
        expires,
        person.id,
        issued=iso(now),
        more=more,
    )
    with store.write() as db:
        grants.put(db, Kind.CODE, code, grant)
    return code


def _back(values: Mapping[str, str], what: dict[str, str]) -> Answer:
    if "state" in values:
        what = {**what, "state": values["state"]}
    target = values["redirect_uri"]
    if values.get("response_mode") == "form_post":
        hidden = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in what.items()
        )
        content = (
            f'<form method="post" action="{escape(target)}">{hidden}<button>Continue</button></form>'
            "<script>document.forms[0].submit()</script>"
        )
        return Answer(200, _page(content), dict(_HTML))
    mark = "#" if values.get("response_mode") == "fragment" else "&" if "?" in target else "?"
    place = f"{target}{mark}{urlencode(what)}".replace("\r", "").replace("\n", "")
    return Answer(302, b"", {"Location": place.encode("ascii", "ignore").decode(), **_HTML})


def device(store: Store, now: datetime, request: Request) -> Answer:
    """The page for a device's code, and what was said there."""
    if request.method == "GET":
        code = dict(parse_qsl(request.query)).get("otc", "")
        inputs = f'<label>Code <input name="otc" value="{escape(code)}"></label>'
        return _form({}, "<p>Enter the code that the app or device shows.</p>", inputs)
    said = request.form()
    person = _signed_in(store, said)
    if person is None:
        return shown("AADSTS50126: Invalid username or password.", 401)
    try:
        with store.write() as db:
            consent.decide(
                db, said.get("otc", ""), person.address, now, refused=said.get("decision") == "refuse"
            )
    except ValueError as error:
        return shown(str(error), 400)
    return shown("That is all: you may close this page.")


def _signed_in(store: Store, said: Mapping[str, str]) -> Mailbox | None:
    with store.read() as db:
        person = mailboxes.find(db, said.get("login", "").strip())
    return person if person is not None and mailboxes.password_is(person, said.get("passwd", "")) else None
