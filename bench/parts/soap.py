"""Requests to a server of EWS by hand, and a server that answers all of them with the same bytes."""

from __future__ import annotations

import base64
import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from bench.parts.host import PASSWORD
from bench.parts.rows import Broken

_SPACES = (
    'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"'
    ' xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"'
)
INBOX = '<t:DistinguishedFolderId Id="inbox"/>'
LOOK = (
    "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>"
    f"<m:FolderIds>{INBOX}</m:FolderIds></m:GetFolder>"
)
_SHAPE = (
    "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>"
    '<t:FieldURI FieldURI="item:Subject"/></t:AdditionalProperties></m:ItemShape>'
)


def sync(state: str = "") -> str:
    """A page of what is new in the Inbox since a state."""
    known = f"<m:SyncState>{state}</m:SyncState>" if state else ""
    return (
        f"<m:SyncFolderItems>{_SHAPE}<m:SyncFolderId>{INBOX}</m:SyncFolderId>{known}"
        "<m:MaxChangesReturned>512</m:MaxChangesReturned></m:SyncFolderItems>"
    )


def find(restriction: str) -> str:
    """The first 100 items of the Inbox for which a restriction holds."""
    return (
        f'<m:FindItem Traversal="Shallow">{_SHAPE}'
        '<m:IndexedPageItemView MaxEntriesReturned="100" Offset="0" BasePoint="Beginning"/>'
        f"<m:Restriction>{restriction}</m:Restriction><m:ParentFolderIds>{INBOX}</m:ParentFolderIds></m:FindItem>"
    )


class Line:
    """One user's connection, kept alive."""

    def __init__(self, url: str, user: str) -> None:
        place = urlsplit(url)
        self._path = place.path
        self._connection = http.client.HTTPConnection(place.hostname or "", place.port or 80, timeout=60)
        token = base64.b64encode(f"{user}:{PASSWORD}".encode()).decode()
        self._head = {"Authorization": f"Basic {token}", "Content-Type": "text/xml; charset=utf-8"}

    def ask(self, body: str) -> bytes:
        """The answer; raises Broken for one that is none."""
        version = '<t:RequestServerVersion Version="Exchange2016"/>'
        data = f"<s:Envelope {_SPACES}><s:Header>{version}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
        self._connection.request("POST", self._path, data.encode(), self._head)
        response = self._connection.getresponse()
        answer = response.read()
        if response.status != 200 or b"NoError" not in answer:
            raise Broken(f"HTTP {response.status}: {answer[:300]!r}")
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()


class Constant:
    """The standard library's HTTP server: reads a request and answers with the same bytes each time."""

    def __init__(self, answer: bytes) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1  # head and body in one piece, as the sandbox sends them

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", "0")))
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128  # as many may come at once as to the sandbox

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
