"""Who may do what in whose mailbox, and how those are refused who may not."""

from __future__ import annotations

import base64
import json

from exchange_sandbox.authority.bearer import Bearer, Unknown
from exchange_sandbox.authority.tokens import GRAPH, Principal
from exchange_sandbox.graph.errors import GraphError, bad_request, denied
from exchange_sandbox.graph.routing import Match, Route
from exchange_sandbox.store import mailboxes
from exchange_sandbox.store.database import Store
from exchange_sandbox.store.mailboxes import Mailbox

#: Scopes that open more than their own name says.
_ALSO = {
    "User": ("User.Read", "User.ReadBasic.All", "User.Read.All", "User.ReadWrite", "Directory.Read.All"),
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
    if who.mailbox is not None and who.mailbox.id != found.id and not is_profile:
        raise denied()
    return found


def _named(store: Store, name: str) -> Mailbox | None:
    with store.read() as db:
        if "@" in name:
            return mailboxes.find(db, name)
        everyone = mailboxes.everyone(db)
    by_id = {mailboxes.directory_id(store.organisation, one.address): one for one in everyone}
    return by_id.get(name.lower())


def _check_scope(who: Principal, route: Route) -> None:
    scope = route.scope
    if not scope:
        return
    if scope in _ALSO:
        names = _ALSO[scope]
    else:
        reads = (f"{scope}.Read", f"{scope}.ReadBasic") if route.method == "GET" else ()
        names = (f"{scope}.ReadWrite", *reads)
    if not who.may(*names, *(f"{name}.All" for name in names)):
        raise denied("Access is denied. Check credentials and try again.")


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
