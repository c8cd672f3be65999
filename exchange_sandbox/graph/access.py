"""Who may do what in whose mailbox, and how those are refused who may not."""

from __future__ import annotations

import base64
import json

from exchange_sandbox.authority.bearer import Bearer, Unknown
from exchange_sandbox.authority.tokens import GRAPH, Principal
from exchange_sandbox.graph.errors import GraphError, bad_request, denied
from exchange_sandbox.graph.routing import Match, Route
from exchange_sandbox.store import mailboxes, sharing
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.mailboxes import Mailbox

#: What opens other people's profiles, and not the own one alone.
_EVERYBODY = ("User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All")
#: Scopes that open more than their own name says.
_ALSO = {
    "User": ("User.Read", "User.ReadWrite", *_EVERYBODY),
    "Group": ("GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"),
    "Send": ("Mail.Send",),
    "Schedule": ("Calendars.ReadBasic", "Calendars.Read", "Calendars.ReadWrite"),
}


def principal(bearer: Bearer, authorization: str, origin: str) -> Principal:
    """Who asks; raises GraphError (401)."""
    try:
        who = bearer.principal(authorization)
    except Unknown as error:
        raise challenged(origin) if error.challenged else unauthorized(origin, str(error)) from error
    if who.audience != GRAPH:
        raise unauthorized(origin, "Access token validation failure. Invalid audience.")
    return who


def owner(store: Store, who: Principal, match: Match) -> Mailbox | None:
    """The mailbox that a path names, if who asks may do there what is asked; raises GraphError: 400 for an
    app's ``/me``, 403, 404 for nobody."""
    _check_scope(who, match.route)
    if not match.user:
        return None
    if match.user.lower() == "me":
        if who.mailbox is None:
            raise bad_request("/me request is only valid with delegated authentication flow.")
        return who.mailbox
    found = _named(store, match.user)
    is_profile = match.route.scope == "User"
    if found is None:
        code = "Request_ResourceNotFound" if is_profile else "ErrorInvalidUser"
        raise GraphError(404, code, f"The requested user '{match.user[:80]}' is invalid.")
    if who.mailbox is not None and who.mailbox.id != found.id:
        _check_other(store, who, found, match.route)
    return found


def _check_other(store: Store, who: Principal, owner: Mailbox, route: Route) -> None:
    """Whether somebody who signed in may do this in another's mailbox: where the permission is one for shared
    mailboxes, and this one is opened to them. Of settings there is no such permission; others' tasks were
    seen to be refused in this way (microsoftgraph/microsoft-graph-toolkit#1620)."""
    if route.scope == "User":
        if not who.may(*_EVERYBODY):
            raise GraphError(
                403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
            )
        return
    if route.scope == "Tasks":
        text = f"The x-anchor mailbox '{owner.address}' does not match the target of the request."
        raise GraphError(400, "invalidRequest", text)
    assert who.mailbox is not None
    with store.read() as db:
        is_opened = sharing.is_opened(db, owner.id, who.mailbox.id)
    is_shared = route.scope != "MailboxSettings"
    if not (is_opened and is_shared) or not who.may(*(f"{name}.Shared" for name in _names(route))):
        raise denied()


def _named(store: Store, name: str) -> Mailbox | None:
    with store.read() as db:
        if "@" in name:
            return mailboxes.find(db, name)
        everyone = mailboxes.everyone(db)
    by_id = {mailboxes.directory_id(store.organisation, one.address): one for one in everyone}
    return by_id.get(name.lower())


def _check_scope(who: Principal, route: Route) -> None:
    names = _names(route)
    if names and not who.may(*(f"{name}{ending}" for name in names for ending in ("", ".All", ".Shared"))):
        raise denied("Access is denied. Check credentials and try again.")


def _names(route: Route) -> tuple[str, ...]:
    """The permissions one of which a route needs."""
    scope = route.scope
    if not scope or scope in _ALSO:
        return _ALSO.get(scope, ())
    reads = (f"{scope}.Read", f"{scope}.ReadBasic") if route.method == "GET" else ()
    return (f"{scope}.ReadWrite", *reads)


def unauthorized(origin: str, text: str = "Access token has expired or is not yet valid.") -> GraphError:
    """Who asks isn't known."""
    where = f'Bearer realm="", authorization_uri="{origin}/common/oauth2/authorize", client_id="{GRAPH}"'
    return GraphError(401, "InvalidAuthenticationToken", text, {"WWW-Authenticate": where})


def challenged(origin: str) -> GraphError:
    """A token with other claims is wanted (continuous access evaluation)."""
    claims = json.dumps({"access_token": {"nbf": {"essential": True, "value": "1604106651"}}})
    encoded = base64.b64encode(claims.encode()).decode()
    where = (
        f'Bearer realm="", authorization_uri="{origin}/common/oauth2/authorize", client_id="{GRAPH}",'
        f' error="insufficient_claims", claims="{encoded}"'
    )
    text = "Continuous access evaluation resulted in challenge with result: InteractionRequired."
    return GraphError(401, "InvalidAuthenticationToken", text, {"WWW-Authenticate": where})
