"""A script that answers mail through Graph, as its users write it with requests: fetch, reply, make a task.

It has no memory but the read flag, doesn't look whether the owner answered, and repeats itself after a
crash. It is the peer for requests and time, not for what ackd promises.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msal
import requests

from bench.parts.mails import REPLY

SCOPE = "https://graph.microsoft.com/.default"


class PlainGraphScript:
    """One mailbox, one session, an app's token."""

    def __init__(self, url: str, authority: str, trusted: str, address: str, app: str, secret: str) -> None:
        web, self.session = requests.Session(), requests.Session()
        for one in (web, self.session):
            one.trust_env = False  # the environment's certificates would come before these
            one.verify = trusted or True
        self._app = msal.ConfidentialClientApplication(
            app,
            client_credential=secret,
            authority=authority,
            instance_discovery=False,
            http_client=web,
        )
        self._mailbox = f"{url}/users/{address}"
        self._list = ""

    def poll(self) -> None:
        """Answer what is unread."""
        inbox = f"{self._mailbox}/mailFolders/inbox/messages?$filter=isRead eq false&$top=50"
        for mail in list(self._pages(inbox)):
            if "?" in mail["body"]["content"]:
                day = datetime.fromisoformat(mail["receivedDateTime"]).date() + timedelta(days=2)
                self._answer(mail, day.isoformat())
            self._ask("PATCH", f"{self._mailbox}/messages/{mail['id']}", {"isRead": True})

    def _answer(self, mail: dict[str, Any], day: str) -> None:
        path = f"{self._mailbox}/messages/{mail['id']}/reply"
        self._ask("POST", path, {"comment": REPLY.format(day=day)})
        sender = mail["from"]["emailAddress"]["name"]
        due = {"dateTime": f"{day}T00:00:00", "timeZone": "UTC"}
        task = {"title": f"Answer {sender}: {mail['subject']}", "dueDateTime": due}
        self._ask("POST", f"{self._mailbox}/todo/lists/{self._usual()}/tasks", task)

    def _usual(self) -> str:
        if not self._list:
            lists = self._pages(f"{self._mailbox}/todo/lists")
            self._list = next(one["id"] for one in lists if one["wellknownListName"] == "defaultList")
        return self._list

    def _pages(self, url: str) -> Any:
        while url:
            found = self._ask("GET", url).json()
            yield from found["value"]
            url = found.get("@odata.nextLink", "")

    def _ask(self, method: str, url: str, body: Any = None) -> requests.Response:
        token = self._app.acquire_token_for_client([SCOPE])["access_token"]
        head = {"Authorization": f"Bearer {token}"}
        answer = self.session.request(method, url, json=body, headers=head, timeout=60)
        answer.raise_for_status()
        return answer
