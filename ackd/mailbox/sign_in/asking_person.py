"""A person signs in: in this machine's browser, or with a code on another device."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import msal

from ackd.errors import SignInOver, Unreachable
from ackd.mailbox.http_session import HttpSession
from ackd.mailbox.sign_in import scopes
from ackd.mailbox.sign_in.answers import (
    COMMAND,
    UNREADABLE,
    asked,
    consent_remedy,
    granted,
    numbers_of,
    refusal,
    seconds_of,
)
from ackd.mailbox.sign_in.asking import Asking
from ackd.mailbox.sign_in.kept import KeptSignIn, SignInPlace
from ackd.mailbox.sign_in.loopback import Loopback
from ackd.mailbox.sign_in.person import client_of
from ackd.model.access import Access, OAuth, SignInWay, Talk

#: Seconds until nobody is waited for any more at the browser; a code has its own end.
PATIENCE = 600.0
_TRIES = 3  # to go on waiting for a code's person when the authority fails meanwhile
#: What policies say to codes, and mostly not to browsers.
_BY_POLICY = {53000, 53003, 50097}


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """Who signed in (as the authority names them), the token, and what was granted."""

    name: str
    token: str
    scopes: tuple[str, ...]
    cache: str


def ask_person(access: Access, oauth: OAuth, way: SignInWay, talk: Talk, *, shared: bool) -> Person:
    """Let a person sign in; nothing is kept yet. Raises SignInOver, Unreachable and Busy."""
    asking = Asking(HttpSession(access.ca_bundle, access.proxy))
    cache = msal.SerializableTokenCache()
    client = _client(oauth, asking, cache)
    wanted = scopes.of_person(access, oauth, shared=shared)
    ask = _by_device if way is SignInWay.DEVICE else _by_browser
    try:
        found = ask(client, access, oauth, list(wanted), talk)
    finally:
        asking.close()
    token = granted(found, oauth).token
    given = {_bare(one) for one in str(found.get("scope") or " ".join(wanted)).split()}
    missing = [one for one in wanted if _bare(one) not in given]
    if missing:
        words = f"the authority granted less than ackd needs: {', '.join(missing)} is missing"
        raise SignInOver(words, f"{consent_remedy(oauth)}, then run: {COMMAND}")
    claims = found.get("id_token_claims") or {}
    name = str(claims.get("preferred_username") or claims.get("upn") or claims.get("sub") or "somebody")
    return Person(name, token, wanted, cache.serialize())


def _bare(scope: str) -> str:
    """A permission without the resource before it, which authorities write or leave out."""
    return scope.rpartition("/")[2].lower()


def _client(oauth: OAuth, asking: Asking, cache: Any) -> Any:
    """MSAL for a person; it asks the authority where what is."""
    made: list[Any] = []

    def make() -> None:
        made.append(client_of(oauth, asking, cache))

    asked(make)
    return made[0]


def keep(person: Person, access: Access, oauth: OAuth, *, is_owner: bool) -> SignInPlace:
    """Keep the sign-in, in place of an earlier one. Raises ConfigError."""
    place = SignInPlace(access.address, oauth)
    kept = KeptSignIn(
        id=secrets.token_hex(16),
        address=access.address,
        authority=oauth.authority,
        client_id=oauth.client_id,
        person=person.name,
        is_owner=is_owner,
        scopes=" ".join(person.scopes),
        cache=person.cache,
    )
    with place.locked():
        place.replace(kept)
    return place


def _by_browser(client: Any, access: Access, oauth: OAuth, wanted: list[str], talk: Talk) -> dict[str, Any]:
    with Loopback() as loopback:
        flow = client.initiate_auth_code_flow(
            wanted, redirect_uri=loopback.url, login_hint=access.address, response_mode="form_post"
        )
        loopback.state = str(flow["state"])
        talk.open_page(str(flow["auth_uri"]))
        answer = loopback.wait(PATIENCE)
    if not answer:
        raise Unreachable(f"nobody signed in within {PATIENCE / 60:.0f} minutes: run once more: {COMMAND}")
    return asked(lambda: client.acquire_token_by_auth_code_flow(flow, answer))


def _by_device(client: Any, access: Access, oauth: OAuth, wanted: list[str], talk: Talk) -> dict[str, Any]:
    flow = asked(lambda: client.initiate_device_flow(wanted))
    if "error" in flow:
        raise _without_code(flow, oauth)
    page, code = flow.get("verification_uri"), flow.get("user_code")
    if not (_is_shown(page) and _is_shown(code)):
        raise Unreachable(UNREADABLE)
    talk.enter_code(str(page), str(code), int(seconds_of(flow.get("expires_in"), 900)) // 60)
    found = _waited(client, flow)
    if "access_token" not in found and _BY_POLICY.intersection(numbers_of(found)):
        raise _without_code(found, oauth)
    return found


def _is_shown(text: Any) -> bool:
    """Whether a text may stand on a terminal."""
    return isinstance(text, str) and text != "" and text.isprintable()


def _waited(client: Any, flow: dict[str, Any]) -> dict[str, Any]:
    for last in (False,) * (_TRIES - 1) + (True,):
        try:
            return asked(lambda: client.acquire_token_by_device_flow(flow))
        except Unreachable:
            if last:
                raise
    raise AssertionError


def _without_code(found: dict[str, Any], oauth: OAuth) -> SignInOver | Unreachable:
    """Many organisations allow no codes, and allow browsers."""
    error = refusal(found, oauth)
    if isinstance(error, SignInOver) and _BY_POLICY.intersection(numbers_of(found)):
        remedy = f"sign in by a browser, where there is a display: {COMMAND} --browser"
        return SignInOver(error.words, remedy)
    return error
