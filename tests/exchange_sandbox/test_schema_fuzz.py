"""Requests at random, made from the published schemas: allowed ones, and ones that are broken.

Each gets an answer that the schemas allow or a fault as Exchange writes it, never an internal error, and
the store stays whole.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from lxml import etree

from exchange_sandbox import Sandbox
from exchange_sandbox.ews import operations
from tests.plays import seeds

from .conftest import ALICE, BOB, Time
from .schema_requests import Schema
from .wire import NS, Got, Wire, as_the_schema_says, check_fault, envelope, message

#: Of this the first envelope is read: it holds the connection open for minutes.
STREAMS = "GetStreamingEvents"
#: These refuse whatever is asked, or nearly so.
REFUSED = ("ArchiveItem", "CreateManagedFolder", "GetSearchableMailboxes", "GetRooms")
INBOX = '<t:DistinguishedFolderId Id="inbox"/>'
FOLDER = "<t:Folder><t:DisplayName>Hello</t:DisplayName></t:Folder>"
STOCK = (
    message(
        "Hello",
        ALICE,
        extra="<t:Attachments><t:FileAttachment><t:Name>a.txt</t:Name><t:Content>AAAA</t:Content>"
        "</t:FileAttachment><t:ItemAttachment><t:Name>b</t:Name><t:Message><t:Subject>inner</t:Subject></t:Message>"
        "</t:ItemAttachment></t:Attachments>",
    ),
    (
        "<t:CalendarItem><t:Subject>Hello</t:Subject><t:Start>2026-11-24T09:00:00Z</t:Start>"
        "<t:End>2026-11-24T10:00:00Z</t:End><t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval>"
        "</t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>2026-11-24Z</t:StartDate>"
        "<t:NumberOfOccurrences>5</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence></t:CalendarItem>"
    ),
    "<t:Task><t:Subject>Hello</t:Subject></t:Task>",
    "<t:Contact><t:DisplayName>Hello</t:DisplayName></t:Contact>",
    "<t:DistributionList><t:DisplayName>Hello</t:DisplayName></t:DistributionList>",
)
MAIL = b"From: bob@corp.example\r\nTo: alice@corp.example\r\nSubject: Hello %d\r\n\r\nhello there\r\n"


@pytest.mark.long
@pytest.mark.parametrize(
    ("seed", "rounds"),
    [(seeds(1)[0], 50), *(pytest.param(seed, 70, marks=pytest.mark.more) for seed in seeds(2, 3, 4))],
)
def test_whatever_is_asked(tmp_path: Path, time: Time, shared: Path, seed: int, rounds: int) -> None:
    with Sandbox(tmp_path, {ALICE: "secret", BOB: "secret"}, clock=time) as sandbox:
        for number in range(5):
            sandbox.deliver(MAIL % number, ALICE)
        alice = Wire(sandbox.url, ALICE)
        schema = Schema(shared / "ews-schema", seed)
        schema.known.learn(alice.find("inbox").root)
        names = schema.operations(operations.scan())
        done: Counter[str] = Counter()
        for number in range(rounds):
            if number % 5 == 0:
                stock(alice, schema)
            for name in names:
                request = schema.request(name)
                schema.check.assertValid(request)
                is_whole = number % 3 != 2
                data = etree.tostring(request) if is_whole else schema.broken(request)
                got = asked(alice, data, streaming=name == STREAMS)
                check(got, schema, data, is_whole=is_whole)
                done[name] += "NoError" in got.codes
        idle = [name for name in names if not done[name] and name not in REFUSED]
        assert len(idle) < len(names) / 4, f"these did nothing: {idle}"
        assert alice.find("inbox").codes == ["NoError"]
    with sqlite3.connect(tmp_path / "sandbox.sqlite") as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert store.execute("PRAGMA foreign_key_check").fetchall() == []


def stock(alice: Wire, schema: Schema) -> None:
    """Put something into each folder again, and let the generator know all ids that there are."""
    for item in STOCK:
        alice.create(item)
    alice(
        f"<m:CreateFolder><m:ParentFolderId>{INBOX}</m:ParentFolderId><m:Folders>{FOLDER}</m:Folders></m:CreateFolder>"
    )
    for folder in ("inbox", "drafts", "calendar", "tasks", "contacts"):
        found = alice.find(folder)
        schema.known.learn(found.root)
        for number, _ in found.ids[:3]:
            schema.known.learn(alice.get(number, "item:Attachments", "calendar:FirstOccurrence").root)


def asked(alice: Wire, data: bytes, *, streaming: bool) -> Got:
    """The answer; of a stream the first envelope of it."""
    if not streaming:
        return alice.raw(envelope(data.decode()))
    wire = Wire(f"http://{alice.connection.host}:{alice.connection.port}/EWS/Exchange.asmx", alice.user)
    with closing(wire.connection):
        wire.connection.request("POST", "/EWS/Exchange.asmx", envelope(data.decode()), wire.head)
        response, read = wire.connection.getresponse(), b""
        while b"</Envelope>" not in read and (piece := response.read1()):
            read += piece
        whole = read.partition(b"</Envelope>")
        return Got(response.status, {}, etree.fromstring(whole[0] + whole[1]))


def check(got: Got, schema: Schema, request: bytes, *, is_whole: bool) -> None:
    content = got.root.find("s:Body", NS)[0]  # type: ignore[index]
    assert not {"ErrorInternalServerError", "ErrorInternalServerTransientError"} & set(got.codes), request
    if got.status == 500:
        check_fault(content, request.decode())
        narrower = (
            b"<t:RemoveItem" in request
        )  # read as clients write it, the schema has all of a message there
        assert not (is_whole and not narrower and "ErrorSchemaValidation" in got.codes), (
            request[:2000],
            etree.tostring(content)[:500],
        )
        return
    assert got.status == 200
    as_the_schema_says(content)
    schema.check.validate(content)
    problems = [str(one) for one in schema.check.error_log]  # type: ignore[attr-defined]
    assert not problems, (problems[0][:500], request[:2000], etree.tostring(content)[:2000])
    schema.known.learn(content)
