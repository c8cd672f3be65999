"""Whether who is signed in may open the mailbox."""

from __future__ import annotations

from contextlib import closing
from zoneinfo import ZoneInfo

from exchangelib.services import GetFolder

from ackd.errors import AccessBlocked
from ackd.mailbox.ews import fields, requests
from ackd.mailbox.ews.connect import open_account
from ackd.mailbox.ews.wire import Wire, raise_for_all
from ackd.mailbox.tokens import Tokens
from ackd.model.access import Access


def look(access: Access, tokens: Tokens, person: str) -> bool:
    """Open the inbox. Returns whether the person that the tokens are of has the mailbox's very address: EWS
    doesn't tell the others. Raises AccessBlocked where the inbox can't be opened, and what reads raise."""
    wire = Wire(*open_account(access, ZoneInfo("UTC"), tokens))
    with closing(wire.account.protocol):
        payload = requests.get_folder([wire.distinguished("inbox")], fields.FOLDER_COUNT)
        for answer in wire.read(GetFolder, payload):
            raise_for_all(answer)
            if not answer.ok:
                raise AccessBlocked(f"the inbox can't be opened: {answer.code}")
    return person.lower() == access.address.lower()
