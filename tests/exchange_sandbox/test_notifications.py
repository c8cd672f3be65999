"""Subscriptions: what happens in folders is told once, in its order, to whom it concerns."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue

import exchangelib
import pytest
from lxml import etree

from exchange_sandbox import Limits, Quirks, Sandbox, deliver
from exchange_sandbox.ews.operations import get_streaming_events

from .conftest import ALICE, BOB, Time
from .test_client import account
from .test_hostile import EXAMPLES, answer_mangled
from .test_items import saved
from .wire import NS, Got, Wire, envelope, message, set_field

ALL = "CopiedEvent CreatedEvent DeletedEvent ModifiedEvent MovedEvent NewMailEvent FreeBusyChangedEvent"
MAIL = b"From: bob@corp.example\r\nTo: alice@corp.example\r\nSubject: News\r\n\r\nHello\r\n"


def subscribe(wire: Wire, *folders: str, way: str = "Pull", types: str = ALL, more: str = "") -> Got:
    """Subscribe to standard folders, without any to all folders."""
    ids = "".join(f'<t:DistinguishedFolderId Id="{name}"/>' for name in folders)
    places = f"<t:FolderIds>{ids}</t:FolderIds>" if folders else ""
    everywhere = "" if folders else ' SubscribeToAllFolders="true"'
    names = "".join(f"<t:EventType>{name}</t:EventType>" for name in types.split())
    last = {"Pull": "<t:Timeout>10</t:Timeout>"}.get(way, "")
    return wire(
        f"<m:Subscribe><m:{way}SubscriptionRequest{everywhere}>{places}<t:EventTypes>{names}</t:EventTypes>"
        f"{more or last}</m:{way}SubscriptionRequest></m:Subscribe>"
    )


class Pull:
    """A pull subscription and how far its client has read."""

    def __init__(self, wire: Wire, *folders: str, types: str = ALL) -> None:
        got = subscribe(wire, *folders, types=types)
        self.wire, self.id, self.mark = wire, got.text("m:SubscriptionId"), got.text("m:Watermark")

    def get(self) -> Got:
        return get_events(self.wire, self.id, self.mark)

    def told(self) -> list[tuple[str, str]]:
        """The next events: each with what it is about, ItemId or FolderId."""
        got = self.get()
        assert got.codes == ["NoError"]
        assert got.text("t:PreviousWatermark") == self.mark
        self.mark = got.texts("t:Watermark")[-1]
        return [described(one) for one in events_of(got.root)]


def get_events(wire: Wire, name: str, mark: str) -> Got:
    return wire(
        f"<m:GetEvents><m:SubscriptionId>{name}</m:SubscriptionId><m:Watermark>{mark}</m:Watermark></m:GetEvents>"
    )


def events_of(root: etree._Element) -> list[etree._Element]:
    return [one for one in root.iter() if str(one.tag).endswith("Event")]


def described(event: etree._Element) -> tuple[str, str]:
    about = next(
        (one for name in ("ItemId", "FolderId") if (one := event.find(f"t:{name}", NS)) is not None), None
    )
    return etree.QName(event).localname, "" if about is None else etree.QName(about).localname


def test_the_life_of_an_item(alice: Wire) -> None:
    """What each action is told as, by Microsoft's page on deletion-related events and that on streaming."""
    pull, folder = Pull(alice, "drafts"), ("ModifiedEvent", "FolderId")
    assert pull.told() == [("StatusEvent", "")]
    item = saved(alice, message("one"))
    assert pull.told() == [("CreatedEvent", "ItemId"), folder]
    alice.update(item, set_field("item:Subject", "<t:Subject>two</t:Subject>"))
    assert pull.told() == [("ModifiedEvent", "ItemId"), folder]
    place = '<m:ToFolderId><t:DistinguishedFolderId Id="{}"/></m:ToFolderId>'
    ids = f'<m:ItemIds><t:ItemId Id="{item[0]}"/></m:ItemIds>'
    alice(f"<m:CopyItem>{place.format('inbox')}{ids}</m:CopyItem>")
    (copied,) = events_of(pull.get().root)
    assert described(copied) == ("CopiedEvent", "ItemId")
    assert copied.find("t:OldItemId", NS).get("Id") == item[0]  # type: ignore[union-attr]
    pull.told()
    alice(f'<m:DeleteItem DeleteType="MoveToDeletedItems">{ids}</m:DeleteItem>')
    moved, *_ = events_of(pull.get().root)
    assert described(moved) == ("MovedEvent", "ItemId")
    assert moved.find("t:OldItemId", NS).get("Id") == item[0]  # type: ignore[union-attr]
    parents = [moved.find(f"t:{name}", NS).get("Id") for name in ("ParentFolderId", "OldParentFolderId")]  # type: ignore[union-attr]
    assert pull.told() == [("MovedEvent", "ItemId"), folder]
    assert parents[0] != parents[1]
    gone = saved(alice, message("three"))
    pull.told()
    alice(
        f'<m:DeleteItem DeleteType="HardDelete"><m:ItemIds><t:ItemId Id="{gone[0]}"/></m:ItemIds>'
        "</m:DeleteItem>"
    )
    assert pull.told() == [("DeletedEvent", "ItemId"), folder]
    assert pull.told() == [("StatusEvent", "")]


def test_mail_and_how_much_is_unread(alice: Wire, bob: Wire, sandbox: Sandbox) -> None:
    pull, busy = Pull(alice, "inbox"), Pull(alice, "calendar", types="FreeBusyChangedEvent")
    bob.send("one", ALICE)
    deliver(sandbox.data, [MAIL], ALICE)  # as another process does
    got = pull.get()
    one = [("CreatedEvent", "ItemId"), ("NewMailEvent", "ItemId"), ("ModifiedEvent", "FolderId")]
    assert [described(event) for event in events_of(got.root)] == one * 2
    assert got.texts("t:UnreadCount") == ["2", "2"]
    assert set(got.texts("t:TimeStamp")) == {"2026-11-24T08:00:00Z"} | set(got.texts("t:TimeStamp")[-3:])
    assert busy.told() == [("StatusEvent", "")]
    alice.create(
        "<t:CalendarItem><t:Subject>meet</t:Subject><t:Start>2026-11-24T09:00:00Z</t:Start>"
        "<t:End>2026-11-24T10:00:00Z</t:End></t:CalendarItem>"
    )
    assert busy.told() == [("FreeBusyChangedEvent", "ItemId")]


def test_folders_and_all_folders(alice: Wire, bob: Wire) -> None:
    pull = Pull(alice)
    made = alice(
        '<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id="inbox"/></m:ParentFolderId>'
        "<m:Folders><t:Folder><t:DisplayName>one</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>"
    ).ids[0][0]
    assert pull.told() == [("CreatedEvent", "FolderId"), ("ModifiedEvent", "FolderId")]
    folder = f'<m:FolderIds><t:FolderId Id="{made}"/></m:FolderIds>'
    drafts = '<m:ToFolderId><t:DistinguishedFolderId Id="drafts"/></m:ToFolderId>'
    alice(f"<m:CopyFolder>{drafts}{folder}</m:CopyFolder>")
    copied, *_ = events_of(pull.get().root)
    assert described(copied) == ("CopiedEvent", "FolderId")
    assert copied.find("t:OldFolderId", NS).get("Id") == made  # type: ignore[union-attr]
    pull.told()
    alice(f'<m:DeleteFolder DeleteType="MoveToDeletedItems">{folder}</m:DeleteFolder>')
    moved, *_ = events_of(pull.get().root)
    assert described(moved) == ("MovedEvent", "FolderId")
    assert moved.find("t:OldFolderId", NS).get("Id") == made  # type: ignore[union-attr]
    assert moved.find("t:OldParentFolderId", NS) is not None
    pull.told()
    alice(f'<m:DeleteFolder DeleteType="HardDelete">{folder}</m:DeleteFolder>')
    assert ("DeletedEvent", "FolderId") in pull.told()
    saved(bob, message("not alice's"))
    assert pull.told() == [("StatusEvent", "")]


def test_more_than_an_answer_holds(alice: Wire, sandbox: Sandbox) -> None:
    pull = Pull(alice, "inbox", types="CreatedEvent")
    deliver(sandbox.data, [MAIL] * 120, ALICE)
    assert pull.get().text("t:MoreEvents") == "true"
    assert [len(pull.told()) for _ in range(3)] == [50, 50, 20]
    assert pull.get().text("t:MoreEvents") == "false"
    again = subscribe(alice, "inbox", more=f"<t:Watermark>{pull.mark}</t:Watermark><t:Timeout>1</t:Timeout>")
    assert again.text("m:Watermark") == pull.mark


def test_what_is_refused(make: Callable[..., Sandbox], time: Time) -> None:
    sandbox = make(limits=Limits(subscriptions=2))
    alice, bob = Wire(sandbox.url, ALICE), Wire(sandbox.url, BOB)
    pull = Pull(alice, "inbox")
    stream = subscribe(alice, "inbox", way="Streaming").text("m:SubscriptionId")
    assert subscribe(alice, "inbox").codes == ["ErrorExceededSubscriptionCount"]
    assert get_events(alice, stream, pull.mark).codes == ["ErrorInvalidPullSubscriptionId"]
    assert get_events(bob, pull.id, pull.mark).codes == ["ErrorSubscriptionAccessDenied"]
    assert get_events(alice, pull.id, "nonsense").codes == ["ErrorInvalidWatermark"]
    assert get_events(alice, pull.id, pull.id).codes == ["ErrorInvalidWatermark"]
    assert get_events(alice, "nonsense", pull.mark).codes == ["ErrorInvalidSubscription"]
    time.move(9 * 60)
    assert pull.get().codes == ["NoError"]
    time.move(10 * 60 + 1)
    assert pull.get().codes == ["ErrorExpiredSubscription"]
    fresh = Pull(alice, "inbox")
    assert unsubscribe(alice, fresh.id).codes == ["NoError"]
    assert fresh.get().codes == ["ErrorSubscriptionNotFound"]
    assert unsubscribe(alice, fresh.id).codes == ["ErrorSubscriptionNotFound"]
    nowhere = alice(
        "<m:Subscribe><m:PullSubscriptionRequest><t:EventTypes><t:EventType>NewMailEvent</t:EventType>"
        "</t:EventTypes><t:Timeout>1</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>"
    )
    assert nowhere.codes == ["ErrorInvalidSubscriptionRequest"]
    for url, code in (
        ("ftp://127.0.0.1/", "ErrorInvalidPushSubscriptionUrl"),
        ("http://[", "ErrorInvalidPushSubscriptionUrl"),
        ("https://elsewhere.example/hear", "NoError"),  # taken, and never called
    ):
        push = f"<t:StatusFrequency>1</t:StatusFrequency><t:URL>{url}</t:URL>"
        assert subscribe(alice, "inbox", way="Push", more=push).codes == [code]
    assert "sandbox-push" not in {one.name for one in threading.enumerate()}
    for broken in ("<t:Timeout>0</t:Timeout>", "<t:Timeout>1441</t:Timeout>"):
        assert subscribe(alice, "inbox", more=broken).codes == ["ErrorSchemaValidation"]
    assert subscribe(alice, "inbox", types="OtherEvent").codes == ["ErrorSchemaValidation"]


def unsubscribe(wire: Wire, name: str) -> Got:
    return wire(f"<m:Unsubscribe><m:SubscriptionId>{name}</m:SubscriptionId></m:Unsubscribe>")


def test_a_server_without_watermarks(make: Callable[..., Sandbox]) -> None:
    pull = Pull(Wire(make(quirks=Quirks(events_without_watermark=True)).url, ALICE), "drafts")
    saved(pull.wire, message("one"))
    got = pull.get()
    assert got.texts("t:Watermark") == []
    assert len(events_of(got.root)) == 2


class Stream:
    """An open GetStreamingEvents: its envelopes, one after the other."""

    def __init__(self, wire: Wire, *names: str, minutes: int = 1) -> None:
        ids = "".join(f"<t:SubscriptionId>{name}</t:SubscriptionId>" for name in names)
        body = (
            f"<m:GetStreamingEvents><m:SubscriptionIds>{ids}</m:SubscriptionIds>"
            f"<m:ConnectionTimeout>{minutes}</m:ConnectionTimeout></m:GetStreamingEvents>"
        )
        self.wire = wire
        wire.connection.request("POST", "/EWS/Exchange.asmx", envelope(body), wire.head)
        self.response = wire.connection.getresponse()
        assert self.response.status == 200
        self.documents = self._read()
        assert self.status() == "OK"

    def _read(self) -> Iterator[etree._Element]:
        data = b""
        while piece := self.response.read1():
            *whole, data = (data + piece).split(b"</Envelope>")
            yield from (etree.fromstring(one + b"</Envelope>") for one in whole)

    def status(self) -> str:
        return next(self.documents).findtext(".//m:ConnectionStatus", "", NS)

    def told(self) -> list[tuple[str, str]]:
        """The events of the next envelope: the subscription of each, and what it is."""
        return [
            (box.findtext("t:SubscriptionId", "", NS), etree.QName(one).localname)
            for box in next(self.documents).findall(".//m:Notification", NS)
            for one in events_of(box)
        ]


def test_a_stream_tells_as_it_happens(
    sandbox: Sandbox, alice: Wire, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_streaming_events, "_LOOK", 0.05)
    inbox, drafts = (
        subscribe(alice, one, way="Streaming", types="CreatedEvent") for one in ("inbox", "drafts")
    )
    assert not inbox.all("m:Watermark")
    names = [one.text("m:SubscriptionId") for one in (inbox, drafts)]
    saved(alice, message("before the connection"))
    stream = Stream(Wire(sandbox.url, ALICE), *names)
    assert stream.told() == [(names[1], "CreatedEvent")]
    sandbox.deliver(MAIL, ALICE)
    assert stream.told() == [(names[0], "CreatedEvent")]
    deliver(sandbox.data, [MAIL], ALICE)  # as another process does
    assert stream.told() == [(names[0], "CreatedEvent")]
    time.move(61)
    saved(Wire(sandbox.url, BOB), message("whatever is written makes streams look at the clock"))
    assert stream.status() == "Closed"
    assert list(stream.documents) == []
    assert get_events(stream.wire, names[0], "x").status == 200, "the connection lives on"
    saved(alice, message("between two connections"))
    other = Stream(Wire(sandbox.url, ALICE), *names)
    assert other.told() == [(names[1], "CreatedEvent")]
    taken_over = Stream(Wire(sandbox.url, ALICE), *names)
    assert (
        next(other.documents).findtext(".//m:ResponseCode", "", NS) == "ErrorNewEventStreamConnectionOpened"
    )
    for name in names:
        unsubscribe(alice, name)
    assert taken_over.status() == "Closed"


def test_a_silent_stream_says_that_it_is_alive(
    make: Callable[..., Sandbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that one whose client went away is noticed, and its place is free again."""
    monkeypatch.setattr(get_streaming_events, "_HEARTBEAT", 0.01)
    monkeypatch.setattr(get_streaming_events, "_LOOK", 0.01)
    sandbox = make(limits=Limits(streams=1))
    alice, first = Wire(sandbox.url, ALICE), Wire(sandbox.url, ALICE)
    name = subscribe(alice, "inbox", way="Streaming").text("m:SubscriptionId")
    gone = Stream(first, name)
    assert gone.status() == "OK"
    gone.response.close()
    first.connection.close()
    body = f"<m:SubscriptionIds><t:SubscriptionId>{name}</t:SubscriptionId></m:SubscriptionIds>"
    data = envelope(
        f"<m:GetStreamingEvents>{body}<m:ConnectionTimeout>1</m:ConnectionTimeout></m:GetStreamingEvents>"
    )
    codes = set()
    while not codes & {200}:  # refused until the server noticed
        alice.connection.request("POST", "/EWS/Exchange.asmx", data, alice.head)
        response = alice.connection.getresponse()
        codes.add(response.status)
        if response.status == 500:
            assert b"ErrorExceededConnectionCount" in response.read()
    assert codes <= {200, 500}


def test_streams_wait_without_harm_and_end_with_the_server(make: Callable[..., Sandbox]) -> None:
    sandbox = make(limits=Limits(streams=20, connections=1))
    alice = Wire(sandbox.url, ALICE)
    names = [subscribe(alice, way="Streaming").text("m:SubscriptionId") for _ in range(21)]
    streams = [Stream(Wire(sandbox.url, ALICE), name, minutes=30) for name in names[:20]]
    body = f"<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>{names[20]}</t:SubscriptionId>"
    full = alice(
        f"{body}</m:SubscriptionIds><m:ConnectionTimeout>1</m:ConnectionTimeout></m:GetStreamingEvents>"
    )
    assert full.codes == ["ErrorExceededConnectionCount"]
    unknown = Wire(sandbox.url, BOB)(
        f"{body}</m:SubscriptionIds><m:ConnectionTimeout>1</m:ConnectionTimeout></m:GetStreamingEvents>"
    )
    assert unknown.codes == ["ErrorSubscriptionAccessDenied"]
    assert unknown.texts("m:ErrorSubscriptionIds/m:SubscriptionId") == [names[20]]
    saved(alice, message("others are served meanwhile"))
    for stream in streams:
        assert {what for _, what in stream.told()} == {"CreatedEvent", "ModifiedEvent"}
    sandbox.stop()
    assert {stream.status() for stream in streams} == {"Closed"}


class _Client(BaseHTTPRequestHandler):
    """A client's address for push: keeps what it is told, and answers as it is told to."""

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        heard: Queue[bytes] = self.server.heard  # type: ignore[attr-defined]
        heard.put(data)
        service = exchangelib.services.SendNotification(protocol=None)
        answer = service.unsubscribe_payload() if b"NewMailEvent" in data else service.ok_payload()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


def test_push_until_the_client_has_enough(
    sandbox: Sandbox, alice: Wire, schema: etree.XMLSchema | None
) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Client)
    heard: Queue[bytes] = Queue()
    server.heard = heard  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}/hear"
    more = f"<t:StatusFrequency>1</t:StatusFrequency><t:URL>{url}</t:URL>"
    got = subscribe(alice, "inbox", "drafts", way="Push", types="CreatedEvent NewMailEvent", more=more)
    name = got.text("m:SubscriptionId")
    saved(alice, message("one"))
    first = heard.get(timeout=10)
    (note,) = exchangelib.services.SendNotification(protocol=None).parse(first)
    assert (note.subscription_id, note.previous_watermark) == (name, got.text("m:Watermark"))
    assert [type(one).__name__ for one in note.events] == ["CreatedEvent"]
    if schema is not None:
        schema.assertValid(etree.fromstring(first).find("s:Body", NS)[0])  # type: ignore[index]
    sandbox.deliver(MAIL, ALICE)
    assert b"NewMailEvent" in heard.get(timeout=10)
    threads = [one for one in threading.enumerate() if one.name == "sandbox-push"]
    for one in threads:
        one.join(10)
    assert unsubscribe(alice, name).codes == ["ErrorSubscriptionNotFound"]  # it answered Unsubscribe
    server.shutdown()
    server.server_close()


def test_exchangelib_as_its_users_use_it(sandbox: Sandbox) -> None:
    owner, colleague = account(sandbox, ALICE), account(sandbox, BOB)
    with owner.inbox.pull_subscription() as (name, mark):
        colleague_mail = exchangelib.Message(account=colleague, subject="hi", to_recipients=[ALICE])
        colleague_mail.send()
        (note,) = owner.inbox.get_events(name, mark)
        kinds = {type(one).__name__ for one in note.events}
        assert kinds == {"CreatedEvent", "NewMailEvent", "ModifiedEvent"}
        (new,) = [one for one in note.events if type(one).__name__ == "NewMailEvent"]
        assert owner.inbox.get(id=new.item_id.id).subject == "hi"
    with owner.inbox.streaming_subscription() as name:
        exchangelib.Message(account=colleague, subject="again", to_recipients=[ALICE]).send()
        (note,) = owner.inbox.get_streaming_events(name, connection_timeout=1, max_notifications_returned=1)
        assert {type(one).__name__ for one in note.events} == kinds
    with pytest.raises(exchangelib.errors.ErrorSubscriptionNotFound, match="subscription IDs"):
        list(owner.inbox.get_streaming_events(name, connection_timeout=1, max_notifications_returned=1))
    name, _ = owner.subscribe_to_pull()
    owner.unsubscribe(name)


def test_a_client_that_speaks_http_1_0(sandbox: Sandbox, alice: Wire) -> None:
    """It knows no chunks: the end of the connection is the end of the answer."""
    name = subscribe(alice, "drafts", way="Streaming").text("m:SubscriptionId")
    wire = Wire(sandbox.url, ALICE)
    wire.connection._http_vsn, wire.connection._http_vsn_str = 10, "HTTP/1.0"  # type: ignore[attr-defined]
    stream = Stream(wire, name)
    unsubscribe(alice, name)
    assert stream.status() == "Closed"
    assert list(stream.documents) == []
    assert isinstance(stream.response, http.client.HTTPResponse)


@pytest.mark.parametrize("examples", EXAMPLES)
def test_mangled_subscriptions(alice: Wire, examples: int) -> None:
    """Ids that never were: a stream that is really opened would be waited for."""
    places = '<t:FolderIds><t:DistinguishedFolderId Id="inbox"/></t:FolderIds>'
    types = "<t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes>"
    answer_mangled(
        alice,
        [
            envelope(text).decode()
            for text in (
                (
                    f'<m:Subscribe><m:PullSubscriptionRequest SubscribeToAllFolders="false">{places}{types}'
                    "<t:Watermark>x</t:Watermark><t:Timeout>5</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>"
                ),
                (
                    f"<m:Subscribe><m:PushSubscriptionRequest>{places}{types}<t:StatusFrequency>1"
                    "</t:StatusFrequency><t:URL>ftp://[x</t:URL></m:PushSubscriptionRequest></m:Subscribe>"
                ),
                (
                    f"<m:Subscribe><m:StreamingSubscriptionRequest>{places}{types}"
                    "</m:StreamingSubscriptionRequest></m:Subscribe>"
                ),
                (
                    "<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>x</t:SubscriptionId>"
                    "</m:SubscriptionIds><m:ConnectionTimeout>1</m:ConnectionTimeout></m:GetStreamingEvents>"
                ),
                "<m:GetEvents><m:SubscriptionId>x</m:SubscriptionId><m:Watermark>y</m:Watermark></m:GetEvents>",
                "<m:Unsubscribe><m:SubscriptionId>x</m:SubscriptionId></m:Unsubscribe>",
            )
        ],
        examples,
    )
