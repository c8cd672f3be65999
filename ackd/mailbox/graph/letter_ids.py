"""Message-IDs that ackd gives to letters, by which they are known where their token isn't there. Pure.

They are made from the token, so that they are the same each time. A letter for the owner to send has another
than one that is on its way.
"""

from __future__ import annotations

import re

from ackd.mailbox.graph.properties import quoted

_HOST, _DRAFT_HOST = "ackd", "ackd-draft"
_OURS = re.compile(rf"<([0-9A-Za-z-]{{8,64}})@({_HOST}|{_DRAFT_HOST})\.[^<>@\s]+>")


def made(token: str, domain: str, *, is_on_its_way: bool) -> str:
    """The Message-ID of a letter."""
    return f"<{token}@{_HOST if is_on_its_way else _DRAFT_HOST}.{domain}>"


def token_in(message_id: str) -> str:
    """The token in the Message-ID of a letter of ours, "" in any other."""
    found = _OURS.fullmatch(message_id.strip())
    return found[1] if found else ""


def is_on_its_way(message_id: str) -> bool:
    """Whether it is the Message-ID of a letter that ackd is to send itself."""
    found = _OURS.fullmatch(message_id.strip())
    return found is not None and found[2] == _HOST


def condition(token: str, domain: str) -> str:
    """A `$filter` for mails with either of a token's Message-IDs."""
    ids = (made(token, domain, is_on_its_way=on) for on in (True, False))
    return " or ".join(f"internetMessageId eq '{quoted(one)}'" for one in ids)
