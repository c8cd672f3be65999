"""Who is signed in, and whether they may open the mailbox."""

from __future__ import annotations

from urllib.parse import quote

from ackd.errors import AccessBlocked
from ackd.mailbox.graph.answers import checked, strings, text
from ackd.mailbox.graph.wire import Wire, get
from ackd.mailbox.http_session import HttpSession
from ackd.mailbox.server_clock import ServerClock
from ackd.mailbox.tokens import Tokens
from ackd.model.access import Access
from ackd.ports import Clock


def look(access: Access, tokens: Tokens, person: str, clock: Clock) -> bool:
    """Open the inbox: by its address, unless it is the own one of the person that the tokens are of ("" for
    an app). Returns whether it is that. Raises AccessBlocked where it can't be opened, and what reads
    raise."""
    session = HttpSession(access.ca_bundle, access.proxy)
    wire = Wire(access.endpoint, "/me", tokens, ServerClock(clock.ticks), session)
    try:
        is_own = person != "" and _is_own(wire, access.address)
        owner = wire.owner if is_own else f"/users/{quote(access.address)}"
        answer = wire.ask(get(f"{owner}/mailFolders/inbox", {"$select": "totalItemCount"}))
        if answer.status == 404:
            raise AccessBlocked(f"there is no such mailbox: {answer.words}")
        checked(answer)
    finally:
        wire.close()
    return is_own


def _is_own(wire: Wire, address: str) -> bool:
    """Whether one of the person's addresses is the mailbox's."""
    found = wire.read(get("/me", {"$select": "mail,userPrincipalName,proxyAddresses"}))
    named = [text(found, "mail"), text(found, "userPrincipalName"), *strings(found, "proxyAddresses")]
    return address.lower() in {one.lower().removeprefix("smtp:") for one in named}
