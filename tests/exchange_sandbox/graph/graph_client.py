"""A client of the Graph face over real HTTP, each answer of which is held against the JSON Schema."""

from __future__ import annotations

import functools
import http.client
import json
import os
import re
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from exchange_sandbox import Sandbox

PASSWORD = "secret"
CLIENT_ID = "00000000-aaaa-4000-8000-000000000001"
SCOPE = "https://graph.microsoft.com/.default openid profile offline_access"
_FOLDER = Path(__file__).resolve().parents[3] / os.environ.get("ACKD_SHARED", "../shared") / "graph"

#: Which definition an answer belongs to, by method and path; the first that fits.
_EXPECTED: tuple[tuple[str, str, str], ...] = (
    (r"GET", r"/messages/delta", "message.delta"),
    (r"GET", r"/mailFolders/delta", "mailFolder.delta"),
    (r"GET", r"/(calendarView|events)/delta", "event.delta"),
    (r"GET", r"/todo/lists/delta", "todoTaskList.delta"),
    (r"GET", r"/tasks/delta", "todoTask.delta"),
    (r"GET", r"/(mailFolders|childFolders)", "mailFolder.page"),
    (r"POST", r"/(mailFolders|childFolders)", "mailFolder"),
    (r"POST", r"/mailFolders/[^/]+/(move|copy)", "mailFolder"),
    (r"GET|PATCH", r"/(mailFolders|childFolders)/[^/]+", "mailFolder"),
    (r"GET", r"/messages", "message.page"),
    (r"POST", r"/messages(/[^/]+/(move|copy|createReply|createReplyAll|createForward))?", "message"),
    (r"GET|PATCH", r"/messages/[^/]+", "message"),
    (r"GET", r"/tasks/[^/]+/attachments", "attachmentBase.page"),
    (r"GET", r"/attachments", "attachment.page"),
    (r"GET|POST", r"/attachments(/[^/]+)?", "attachment"),
    (r"GET", r"/extensions", "extension.page"),
    (r"GET|POST|PATCH", r"/extensions(/[^/]+)?", "extension"),
    (r"GET", r"/(calendarView|events|instances)", "event.page"),
    (r"GET|POST|PATCH", r"/events(/[^/]+)?", "event"),
    (r"POST", r"/getSchedule", "scheduleInformation.page"),
    (r"GET", r"/calendars", "calendar.page"),
    (r"GET|POST|PATCH", r"/calendars?(/[^/]+)?", "calendar"),
    (r"GET", r"/masterCategories", "outlookCategory.page"),
    (r"GET|POST|PATCH", r"/masterCategories(/[^/]+)?", "outlookCategory"),
    (r"GET|PATCH", r"/mailboxSettings", "mailboxSettings"),
    (r"GET", r"/mailboxSettings/automaticRepliesSetting", "automaticRepliesSetting"),
    (r"GET", r"/mailboxSettings/workingHours", "workingHours"),
    (r"GET", r"/todo/lists", "todoTaskList.page"),
    (r"GET|POST|PATCH", r"/todo/lists(/[^/]+)?", "todoTaskList"),
    (r"GET", r"/tasks", "todoTask.page"),
    (r"GET|POST|PATCH", r"/tasks(/[^/]+)?", "todoTask"),
    (r"GET", r"/linkedResources", "linkedResource.page"),
    (r"GET|POST|PATCH", r"/linkedResources(/[^/]+)?", "linkedResource"),
    (r"GET", r"/checklistItems", "checklistItem.page"),
    (r"GET|POST|PATCH", r"/checklistItems(/[^/]+)?", "checklistItem"),
    (r"GET", r"/(transitiveMembers|members|memberOf|transitiveMemberOf)", "directoryObject.page"),
    (r"GET", r"/transitiveMembers/microsoft.graph.user", "user.page"),
    (r"GET", r"/transitiveMembers/microsoft.graph.group", "group.page"),
    (r"GET", r"/users", "user.page"),
    (r"GET", r"/groups", "group.page"),
    (r"GET", r"/groups/[^/]+", "group"),
    (r"GET", r"/me|/users/[^/]+", "user"),
)


@functools.cache
def definitions() -> dict[str, Any] | None:
    """The published definitions; None where they are not at hand (then answers are not validated)."""
    file = _FOLDER / "graph-mail.schema.json"
    if not file.is_file():
        return None
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["$defs"]
    return found


@functools.cache
def _validator(name: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": definitions()})


def validate(name: str, value: Any) -> None:
    """Hold a value against a definition."""
    if definitions() is None:
        return
    wrong = sorted(_validator(name).iter_errors(value), key=lambda error: list(map(str, error.path)))
    assert not wrong, f"no {name}: {wrong[0].json_path}: {wrong[0].message[:300]}"


def definition_of(method: str, path: str) -> str | None:
    """The definition that the answer to a request belongs to."""
    plain = re.sub(r"\('([^']*)'\)", r"/\1", path).replace("()", "").rstrip("/")
    plain = plain.replace("/microsoft.graph.delta", "/delta")
    below = re.sub(r"^/(me|users/[^/]+)(?=/)", "", plain)
    for wanted, pattern, name in _EXPECTED:
        ends = re.fullmatch(rf"(.*)(?:{pattern})", below, re.IGNORECASE)
        if ends and re.fullmatch(wanted, method):
            return name
    return None


@dataclass(frozen=True)
class Got:
    """An answer: status, headers (names in lower case) and body, as JSON where it is JSON."""

    status: int
    headers: dict[str, str]
    raw: bytes
    json: Any

    @property
    def value(self) -> list[dict[str, Any]]:
        """The entries of a collection."""
        found: list[dict[str, Any]] = self.json["value"]
        return found

    @property
    def code(self) -> str:
        """The code of an error."""
        return str(self.json["error"]["code"])

    @property
    def id(self) -> str:
        return str(self.json["id"])


@dataclass
class Graph:
    """Somebody at work with the Graph face: each method is a request to a path below ``/v1.0``, or to a whole
    address. Options go as ``params``, whose names have their ``$``."""

    base: str
    token: str
    context: ssl.SSLContext | None = None
    prefer: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **options: Any) -> Got:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Got:
        return self.ask("POST", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> Got:
        return self.ask("PATCH", path, body, **options)

    def delete(self, path: str, **options: Any) -> Got:
        return self.ask("DELETE", path, **options)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        checked: bool = True,
    ) -> Got:
        """One request; its answer is validated, unless ``checked`` says otherwise."""
        address = path if path.startswith("http") else self.base + path
        if params:
            address += ("&" if "?" in address else "?") + urlencode(params, quote_via=quote)
        sent = {"Authorization": f"Bearer {self.token}", **self.headers, **(headers or {})}
        if self.prefer:
            sent.setdefault("Prefer", self.prefer)
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if isinstance(body, dict | list):
            sent.setdefault("Content-Type", "application/json")
        got = fetch(method, address, data, sent, self.context)
        if checked:
            check(method, urlsplit(address).path, got)
        return got

    def all(self, path: str, **options: Any) -> list[dict[str, Any]]:
        """All entries of a collection, page after page."""
        got = self.get(path, **options)
        assert got.status == 200, got
        found = list(got.value)
        while link := got.json.get("@odata.nextLink"):
            got = self.get(link, headers=options.get("headers"))
            assert got.status == 200, got
            found += got.value
        return found

    def draft(self, subject: str = "Hello", to: str = "bob@corp.example", **more: Any) -> Got:
        """A draft."""
        body = {"subject": subject, "body": {"contentType": "text", "content": "Text."}, **more}
        body.setdefault("toRecipients", [{"emailAddress": {"address": to}}])
        got = self.post("/me/messages", body)
        assert got.status == 201, got
        return got


def check(method: str, path: str, got: Got) -> None:
    """Hold an answer against what every answer has, and against its definition."""
    assert got.headers.get("request-id"), got
    assert got.headers.get("client-request-id"), got
    if got.status >= 400:
        validate("error", got.json)
        assert got.json["error"]["innerError"]["request-id"] == got.headers["request-id"]
        return
    below = path.partition("/v1.0")[2]
    if below == "/$batch":
        validate("batch.answer", got.json)
        return
    if not got.raw or got.json is None:
        return
    name = definition_of(method, below)
    if name is not None:
        validate(name, got.json)


def fetch(
    method: str,
    address: str,
    data: bytes | None,
    headers: dict[str, str],
    context: ssl.SSLContext | None = None,
) -> Got:
    """One request of HTTP."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=60, context=context
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, data, {"Content-Length": str(len(data or b"")), **headers})
        answer = connection.getresponse()
        raw = answer.read()
        found = {name.lower(): value for name, value in answer.getheaders()}
        is_json = "json" in found.get("content-type", "")
        return Got(answer.status, found, raw, json.loads(raw) if is_json and raw else None)
    finally:
        connection.close()


def token_for(
    sandbox: Sandbox,
    address: str,
    password: str = PASSWORD,
    scope: str = SCOPE,
    context: ssl.SSLContext | None = None,
) -> dict[str, Any]:
    """The authority's answer to somebody's password."""
    form = {
        "grant_type": "password",
        "client_id": CLIENT_ID,
        "username": address,
        "password": password,
        "scope": scope,
    }
    got = fetch(
        "POST",
        f"{sandbox.sign_in_url}/oauth2/v2.0/token",
        urlencode(form).encode(),
        {"Content-Type": "application/x-www-form-urlencoded"},
        context,
    )
    assert got.status == 200, got.raw
    found: dict[str, Any] = got.json
    return found


def signed_in(sandbox: Sandbox, address: str, scope: str = SCOPE) -> Graph:
    """Somebody who has signed in."""
    return Graph(sandbox.graph_url, token_for(sandbox, address, scope=scope)["access_token"])
