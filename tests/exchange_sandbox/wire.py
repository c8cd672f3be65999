"""Handwritten SOAP over real HTTP, and answers checked against the published schemas."""

from __future__ import annotations

import base64
import http.client
import os
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

NS = {
    "s": "http://schemas.xmlsoap.org/soap/envelope/",
    "m": "http://schemas.microsoft.com/exchange/services/2006/messages",
    "t": "http://schemas.microsoft.com/exchange/services/2006/types",
    "e": "http://schemas.microsoft.com/exchange/services/2006/errors",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NS.items())


def envelope(body: str, version: str = "Exchange2016") -> bytes:
    """A request with this in its body."""
    return (
        f'<s:Envelope {_DECLARED}><s:Header><t:RequestServerVersion Version="{version}"/></s:Header>'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


@dataclass(frozen=True)
class Got:
    """An answer: its status, its headers and its envelope."""

    status: int
    headers: dict[str, str]
    root: etree._Element

    def all(self, path: str) -> list[etree._Element]:
        return self.root.findall(f".//{path}", NS)

    def texts(self, path: str) -> list[str]:
        return [element.text or "" for element in self.all(path)]

    def text(self, path: str) -> str:
        (text,) = self.texts(path)
        return text

    @property
    def codes(self) -> list[str]:
        """The response codes of all messages, or of the fault."""
        return self.texts("m:ResponseCode") or self.texts("e:ResponseCode")

    @property
    def ids(self) -> list[tuple[str, str]]:
        """Ids and change keys of the items (or folders) given."""
        return [
            (one.get("Id", ""), one.get("ChangeKey", ""))
            for one in self.all("t:ItemId") + self.all("t:FolderId")
        ]


class Wire:
    """One mailbox's connection to a sandbox."""

    def __init__(self, url: str, user: str, password: str = "secret") -> None:  # noqa: S107 - an invented one
        self.user = user
        place = urlsplit(url)
        self._path = place.path
        self.connection = http.client.HTTPConnection(place.hostname or "", place.port or 80, timeout=20)
        if place.scheme == "https":
            trusted = ssl.create_default_context(cafile=os.environ.get("REQUESTS_CA_BUNDLE"))
            self.connection = http.client.HTTPSConnection(
                place.hostname or "", place.port, timeout=20, context=trusted
            )
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.head = {"Authorization": f"Basic {token}", "Content-Type": "text/xml; charset=utf-8"}

    def raw(self, data: bytes) -> Got:
        self.connection.request("POST", self._path, data, self.head)
        response = self.connection.getresponse()
        body = response.read()
        root = etree.fromstring(body) if body else etree.Element("empty")
        return Got(response.status, {key.lower(): value for key, value in response.getheaders()}, root)

    def __call__(self, body: str) -> Got:
        return self.raw(envelope(body))

    # what most tests need

    def shape(self, *paths: str, base: str = "IdOnly", body: str = "") -> str:
        more = "".join(path if path.startswith("<") else f'<t:FieldURI FieldURI="{path}"/>' for path in paths)
        extra = f"<t:AdditionalProperties>{more}</t:AdditionalProperties>" if more else ""
        kind = f"<t:BodyType>{body}</t:BodyType>" if body else ""
        return f"<m:ItemShape><t:BaseShape>{base}</t:BaseShape>{kind}{extra}</m:ItemShape>"

    def find(self, folder: str, *paths: str, restriction: str = "") -> Got:
        limit = f"<m:Restriction>{restriction}</m:Restriction>" if restriction else ""
        return self(
            f'<m:FindItem Traversal="Shallow">{self.shape(*paths)}{limit}<m:ParentFolderIds>'
            f'<t:DistinguishedFolderId Id="{folder}"/></m:ParentFolderIds></m:FindItem>'
        )

    def get(self, item_id: str, *paths: str, base: str = "IdOnly", body: str = "") -> Got:
        return self(
            f"<m:GetItem>{self.shape(*paths, base=base, body=body)}"
            f'<m:ItemIds><t:ItemId Id="{item_id}"/></m:ItemIds></m:GetItem>'
        )

    def create(self, item: str, disposition: str = "SaveOnly", folder: str = "") -> Got:
        place = (
            f'<m:SavedItemFolderId><t:DistinguishedFolderId Id="{folder}"/></m:SavedItemFolderId>'
            if folder
            else ""
        )
        return self(
            f'<m:CreateItem MessageDisposition="{disposition}" SendMeetingInvitations="SendToNone">{place}'
            f"<m:Items>{item}</m:Items></m:CreateItem>"
        )

    def send(self, subject: str, to: str, *, extra: str = "", text: str = "Hello") -> Got:
        return self.create(message(subject, to, extra=extra, text=text), "SendAndSaveCopy")

    def update(self, item: tuple[str, str], changes: str, resolution: str = "AutoResolve") -> Got:
        key = f' ChangeKey="{item[1]}"' if item[1] else ""
        return self(
            f'<m:UpdateItem ConflictResolution="{resolution}" MessageDisposition="SaveOnly"><m:ItemChanges>'
            f'<t:ItemChange><t:ItemId Id="{item[0]}"{key}/><t:Updates>{changes}</t:Updates></t:ItemChange>'
            "</m:ItemChanges></m:UpdateItem>"
        )

    def sync(self, folder: str, state: str = "", most: int = 512, *paths: str) -> Got:
        known = f"<m:SyncState>{state}</m:SyncState>" if state else ""
        return self(
            f"<m:SyncFolderItems>{self.shape(*paths)}<m:SyncFolderId>"
            f'<t:DistinguishedFolderId Id="{folder}"/></m:SyncFolderId>{known}'
            f"<m:MaxChangesReturned>{most}</m:MaxChangesReturned></m:SyncFolderItems>"
        )

    def headers(self, item_id: str) -> list[tuple[str, str]]:
        got = self.get(item_id, "item:InternetMessageHeaders")
        return [(one.get("HeaderName", ""), one.text or "") for one in got.all("t:InternetMessageHeader")]


def message(subject: str, to: str = "", *, extra: str = "", text: str = "Hello", tail: str = "") -> str:
    """A message's element; ``extra`` stands where extended properties do, ``tail`` after the recipients."""
    recipients = f"<t:ToRecipients>{mailbox(to)}</t:ToRecipients>" if to else ""
    return (
        f'<t:Message><t:Subject>{subject}</t:Subject><t:Body BodyType="Text">{text}</t:Body>{extra}'
        f"{recipients}{tail}</t:Message>"
    )


def mailbox(address: str) -> str:
    return f"<t:Mailbox><t:EmailAddress>{address}</t:EmailAddress></t:Mailbox>"


def extended(path: str, value: str) -> str:
    """An extended property; ``path`` are the attributes of its ExtendedFieldURI."""
    return f"<t:ExtendedProperty><t:ExtendedFieldURI {path}/><t:Value>{value}</t:Value></t:ExtendedProperty>"


def set_field(uri: str, element: str, kind: str = "Message") -> str:
    return f'<t:SetItemField><t:FieldURI FieldURI="{uri}"/><t:{kind}>{element}</t:{kind}></t:SetItemField>'


def check_traffic(directory: Path, schema: etree.XMLSchema) -> int:
    """Validate every recorded answer; how many there were."""
    checked = 0
    for file in sorted(directory.glob("*.response.*.xml")):
        status = file.name.split(".")[-2]
        data = file.read_bytes()
        if not data or status == "cut":
            continue
        root = etree.fromstring(data)
        assert root.find("s:Header/t:ServerVersionInfo", NS) is not None, file.name
        content = root.find("s:Body", NS)[0]  # type: ignore[index]
        checked += 1
        if status == "500":
            check_fault(content, file.name)
            continue
        as_the_schema_says(content)
        schema.validate(content)
        problems = [f"{one.line}: {one.message}" for one in schema.error_log]  # type: ignore[attr-defined]
        request = re.sub(r"\.response\..*", ".request.xml", file.name)
        assert not problems, (
            f"{file.name}: {problems}\n{(directory / request).read_text()[:3000]}\n{data.decode()[:3000]}"
        )
    return checked


def as_the_schema_says(content: etree._Element) -> None:
    """Rename what Exchange writes, and Microsoft's client reads, otherwise than the schema has it."""
    for inner in ("m:Notifications/m:Notification", "m:ErrorSubscriptionIds/m:SubscriptionId"):
        for one in content.findall(f".//{inner}", NS):
            one.tag = f"{{{NS['t']}}}{etree.QName(one).localname}"


def check_fault(fault: etree._Element, where: str) -> None:
    assert fault.tag == f"{{{NS['s']}}}Fault", where
    code = fault.findtext("faultcode")
    assert code is not None, where
    assert code.startswith("a:Error"), where
    assert fault.findtext("faultstring"), where
    assert fault.findtext("detail/e:ResponseCode", namespaces=NS) == code[2:], where
    assert fault.findtext("detail/e:Message", namespaces=NS), where
