"""The sandbox on the wire and as a process: sign-in, keep-alive, stopping, restarting, delivering."""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from exchange_sandbox import ClockError, FileClock, Limits, Quirks, Sandbox, SandboxError, deliver

from .conftest import ALICE, BOB, START, Time
from .test_items import saved
from .wire import Wire, envelope, message

LOOK = envelope(
    "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>"
    '<t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>'
)
ROOT = Path(__file__).resolve().parents[2]


def test_sign_in_is_asked_for_first(sandbox: Sandbox, alice: Wire) -> None:
    for authorization in ("", "Basic !!!", "Basic YTpi", "Bearer x"):
        alice.connection.request("POST", "/EWS/Exchange.asmx", LOOK, {"Authorization": authorization})
        response = alice.connection.getresponse()
        response.read()
        assert response.status == 401
        assert "Basic" in response.getheader("WWW-Authenticate", "")
    assert alice.raw(LOOK).status == 200
    assert Wire(sandbox.url, ALICE, "wrong").raw(LOOK).status == 401
    assert Wire(sandbox.url, "CORP\\alice").raw(LOOK).status == 200
    assert sandbox.requests.operations() == ["GetFolder", "GetFolder"]


def test_nobody_is_impersonated(alice: Wire) -> None:
    header = (
        b"<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>bob@corp.example</t:PrimarySmtpAddress>"
        b"</t:ConnectingSID></t:ExchangeImpersonation>"
    )
    got = alice.raw(LOOK.replace(b"</s:Header>", header + b"</s:Header>"))
    assert (got.status, got.codes) == (500, ["ErrorImpersonateUserDenied"])


def test_the_answers_bear_the_sandboxs_time(alice: Wire, time: Time) -> None:
    time.move(90)
    assert alice.raw(LOOK).headers["date"] == "Tue, 24 Nov 2026 08:01:30 GMT"


def test_other_requests(alice: Wire) -> None:
    def ask(method: str, path: str, **headers: str) -> int:
        alice.connection.request(method, path, headers={**alice.head, **headers})
        response = alice.connection.getresponse()
        response.read()
        return response.status

    assert ask("GET", "/ews/exchange.asmx") == 200
    assert ask("GET", "/elsewhere") == 404
    assert ask("POST", "/EWS/Exchange.asmx", **{"Content-Length": "99999999999"}) == 413
    assert ask("POST", "/EWS/Exchange.asmx", **{"Content-Length": "many"}) == 411
    assert ask("PUT", "/EWS/Exchange.asmx") == 501


def test_chunked_requests(alice: Wire) -> None:
    pieces = (LOOK[:50], LOOK[50:])
    alice.connection.request("POST", "/EWS/Exchange.asmx", iter(pieces), alice.head, encode_chunked=True)
    assert alice.connection.getresponse().status == 200


def test_what_is_sent_packed_and_what_is_not_taken(alice: Wire) -> None:
    def ask(method: str, data: bytes | None = None, **head: str) -> tuple[http.client.HTTPResponse, bytes]:
        named = {name.replace("_", "-"): value for name, value in head.items()}
        alice.connection.request(method, "/EWS/Exchange.asmx", data, {**alice.head, **named})
        response = alice.connection.getresponse()
        return response, response.read()

    _, plain = ask("POST", LOOK)
    response, packed = ask("POST", LOOK, Accept_Encoding="deflate, gzip;q=1.0")
    assert response.getheader("Content-Encoding") == "gzip"
    assert gzip.decompress(packed) == plain
    assert len(packed) < len(plain)
    response, _ = ask("POST", LOOK, Accept_Encoding="gzip;q=0, identity")
    assert response.getheader("Content-Encoding") is None
    assert ask("POST", LOOK, Content_Type="text/plain")[0].status == 415
    assert ask("POST", gzip.compress(LOOK), Content_Encoding="gzip")[0].status == 415
    assert ask("POST", b"\xef\xbb\xbf" + LOOK, Content_Type='text/xml; charset="utf-8"')[0].status == 200
    assert ask("POST", LOOK.decode().encode("utf-16"))[0].status == 200
    response, page = ask("HEAD")
    assert (response.status, page) == (200, b"")
    assert int(response.getheader("Content-Length", "0")) > 0
    assert ask("POST", LOOK)[0].status == 200  # all on one connection


def test_headers_that_clients_look_for(alice: Wire) -> None:
    first, second = alice.raw(LOOK).headers, alice.raw(LOOK).headers
    assert first["request-id"] != second["request-id"]
    assert first["x-feserver"] == first["x-beserver"]
    assert "set-cookie" not in first
    assert "client-request-id" not in first
    alice.head |= {"client-request-id": "one-2", "return-client-request-id": "true"}
    alice.head["X-PreferServerAffinity"] = "True"
    asked = alice.raw(LOOK).headers
    assert asked["client-request-id"] == "one-2"
    cookie = asked["set-cookie"].partition(";")[0]
    alice.head["Cookie"] = cookie
    assert "set-cookie" not in alice.raw(LOOK).headers


def test_a_client_that_waits_to_be_told_to_go_on(sandbox: Sandbox, alice: Wire) -> None:
    place = urlsplit(sandbox.url)
    head = "".join(f"{name}: {value}\r\n" for name, value in alice.head.items())
    with closing(socket.create_connection((place.hostname, place.port), timeout=10)) as one:
        one.sendall(
            f"POST {place.path} HTTP/1.1\r\nHost: x\r\n{head}Content-Length: {len(LOOK)}\r\n"
            "Expect: 100-continue\r\n\r\n".encode()
        )
        assert one.recv(100).startswith(b"HTTP/1.1 100 Continue")
        one.sendall(LOOK)
        assert one.recv(100).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("asked", "answered", "code"),
    [
        ("", "V2017_07_11", "ErrorSchemaValidation"),
        ("Exchange2007", "V2017_07_11", "ErrorSchemaValidation"),
        ("Exchange2007_SP1", "Exchange2007_SP1", "ErrorSchemaValidation"),
        ("Exchange2010", "Exchange2010", "ErrorItemNotFound"),
        ("Exchange2010_SP2", "Exchange2010_SP2", "ErrorItemNotFound"),
        ("Exchange2013_SP1", "Exchange2013_SP1", "ErrorItemNotFound"),
        ("Exchange2015", "Exchange2015", "ErrorItemNotFound"),
        ("Exchange2016", "V2017_07_11", "ErrorItemNotFound"),
        ("V2018_01_08", "V2017_07_11", "ErrorItemNotFound"),
        ("Exchange2099", "V2017_07_11", "ErrorInvalidServerVersion"),
    ],
)
def test_versions(alice: Wire, asked: str, answered: str, code: str) -> None:
    """GetUserConfiguration came with Exchange 2010."""
    body = (
        '<m:GetUserConfiguration><m:UserConfigurationName Name="x"><t:DistinguishedFolderId Id="inbox"/>'
        "</m:UserConfigurationName><m:UserConfigurationProperties>All</m:UserConfigurationProperties>"
        "</m:GetUserConfiguration>"
    )
    data = envelope(body, asked)
    got = alice.raw(data if asked else data.replace(b'<t:RequestServerVersion Version=""/>', b""))
    (info,) = got.all("t:ServerVersionInfo")
    assert (got.codes, info.get("Version"), info.get("MajorVersion")) == ([code], answered, "15")


def test_moments_with_milliseconds_where_they_are_asked_for(alice: Wire, time: Time) -> None:
    time.move(0.25)
    saved(alice, message("now"))
    look = envelope(
        f'<m:FindItem Traversal="Shallow">{alice.shape("item:DateTimeCreated")}<m:ParentFolderIds>'
        '<t:DistinguishedFolderId Id="drafts"/></m:ParentFolderIds></m:FindItem>'
    )
    assert alice.raw(look).text("t:DateTimeCreated") == "2026-11-24T08:00:00Z"
    for precision, answer in (
        ("Milliseconds", "2026-11-24T08:00:00.250Z"),
        ("Seconds", "2026-11-24T08:00:00Z"),
    ):
        header = f"<t:DateTimePrecision>{precision}</t:DateTimePrecision></s:Header>".encode()
        assert alice.raw(look.replace(b"</s:Header>", header)).text("t:DateTimeCreated") == answer


def test_throttling(make: Callable[..., Sandbox], time: Time) -> None:
    sandbox = make(limits=Limits.of(["requests=5", "connections=1"]))
    alice = Wire(sandbox.url, ALICE)
    assert [alice.raw(LOOK).status for _ in range(4)] == [200] * 4
    time.move(20)
    alice.raw(LOOK)
    busy = alice.raw(LOOK)
    assert (busy.status, busy.codes, busy.texts("t:Value")) == (500, ["ErrorServerBusy"], ["40000"])
    assert Wire(sandbox.url, BOB).raw(LOOK).status == 200  # a user at a time
    time.move(40)
    sandbox.faults.add("GetFolder", "slow", 20)
    slow = threading.Thread(target=Wire(sandbox.url, ALICE).raw, args=(LOOK,))
    slow.start()
    while sandbox.faults.waiting():
        pass  # until it is being answered, slowly
    assert alice.raw(LOOK).codes == ["ErrorExceededConnectionCount"]
    sandbox.stop()
    slow.join(10)
    with pytest.raises(ValueError, match="NAME one of connections, streams, subscriptions, requests"):
        Limits.of(["requests=none"])


def test_the_log_of_requests(sandbox: Sandbox, alice: Wire, bob: Wire) -> None:
    alice.create(message("a") + message("b"))
    bob.raw(b"nonsense")
    created, unreadable = sandbox.requests.all()
    assert (created.operation, created.mailbox, created.items, created.status) == (
        "CreateItem",
        ALICE,
        2,
        200,
    )
    assert (unreadable.operation, unreadable.mailbox, unreadable.status) == ("", BOB, 500)
    assert sandbox.requests.count("CreateItem") == len(sandbox.requests) == 1
    sandbox.requests.clear()
    assert list(sandbox.requests) == []


def test_stopping_ends_idle_connections_and_frees_the_port(make: Callable[..., Sandbox]) -> None:
    others = set(threading.enumerate())  # of servers of other tests
    sandbox = make()
    wires = [Wire(sandbox.url, ALICE) for _ in range(5)]
    for wire in wires:
        wire.raw(LOOK)
    own = {one for one in set(threading.enumerate()) - others if "process_request_thread" in one.name}
    assert len(own) == 5
    sandbox.stop()
    assert not any(thread.is_alive() for thread in own)
    with closing(socket.socket()) as probe, pytest.raises(ConnectionRefusedError):
        probe.connect(("127.0.0.1", urlsplit(sandbox.url).port))


def test_everything_survives_a_restart(make: Callable[..., Sandbox], time: Time) -> None:
    first = make()
    alice = Wire(first.url, ALICE)
    item = saved(alice, message("kept"))
    state = alice.sync("drafts").text("m:SyncState")
    first.stop()
    time.move(60)
    second = make(mailboxes=(BOB,))
    alice = Wire(second.url, ALICE)
    assert alice.get(item[0], "item:Subject").text("t:Subject") == "kept"
    assert len(alice.sync("drafts", state).all("m:Changes")[0]) == 0
    assert alice.get(item[0]).ids == [item]
    saved(alice, message("new"))
    assert len(alice.sync("drafts", state).ids) == 1


def test_a_later_start_gives_a_new_password(tmp_path: Path) -> None:
    for password in ("one", "two"):
        with Sandbox(tmp_path, {ALICE: password}) as sandbox:
            assert Wire(sandbox.url, ALICE, password).raw(LOOK).status == 200
            assert Wire(sandbox.url, ALICE, "secret").raw(LOOK).status == 401
    with Sandbox(tmp_path) as sandbox:
        assert Wire(sandbox.url, ALICE, "two").raw(LOOK).status == 200
        assert Wire(sandbox.url, ALICE, "one").raw(LOOK).status == 401


def test_passwords_are_not_kept_as_they_are(tmp_path: Path) -> None:
    password = "a-very-secret-one"
    with Sandbox(tmp_path, {ALICE: password}) as sandbox:
        assert Wire(sandbox.url, ALICE, password).raw(LOOK).status == 200
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert ALICE.encode() in kept, "the account isn't kept here: nothing was shown"
    hashes = (hashlib.new(name, password.encode()) for name in ("md5", "sha1", "sha256", "sha512"))
    forms = [password.encode(), base64.b64encode(password.encode()), password.encode("utf-16-le")]
    for one in hashes:
        forms += [one.digest(), one.hexdigest().encode(), base64.b64encode(one.digest())]
    assert not [form for form in forms if form in kept]


def test_one_server_a_directory(make: Callable[..., Sandbox], tmp_path: Path) -> None:
    make()
    with pytest.raises(SandboxError, match="another sandbox serves this data directory"):
        Sandbox(tmp_path / "data").start()


def test_a_port_that_is_taken(sandbox: Sandbox, tmp_path: Path) -> None:
    port = urlsplit(sandbox.url).port or 0
    with pytest.raises(SandboxError, match=str(port)):
        Sandbox(tmp_path / "other", port=port).start()
    with Sandbox(tmp_path / "other"):
        pass  # the directory was let go


def test_a_directory_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SandboxError, match="cannot be used as a sandbox's data directory"):
        Sandbox(tmp_path / "file").start()
    with pytest.raises(SandboxError, match="a mailbox is ADDRESS:PASSWORD"):
        Sandbox(tmp_path / "data", {"alice": "secret"}).start()


def test_a_clock_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    with pytest.raises(ClockError, match="write one line such as"):
        FileClock(file)
    file.write_text("2026-11-24T09:00:00+01:00\n")
    clock = FileClock(file)
    assert clock() == START
    file.write_text("")  # at the moment in which it is rewritten
    assert clock() == START
    file.write_text("2026-11-24T08:00:01")
    assert clock().second == 1


def test_mail_is_delivered_by_another_process_while_it_serves(
    sandbox: Sandbox, alice: Wire, tmp_path: Path
) -> None:
    """A second store on the same file, as the command uses it, against many writers of the server."""
    state = alice.sync("inbox").text("m:SyncState")
    threads = [
        threading.Thread(
            target=deliver, args=(tmp_path / "data", [b"Subject: by command\r\n\r\nx"] * 10, ALICE)
        )
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    codes = [Wire(sandbox.url, BOB).send(f"mail {number}", ALICE).codes for number in range(20)]
    for thread in threads:
        thread.join(20)
    assert codes == [["NoError"]] * 20
    assert len(alice.sync("inbox", state).ids) == 50


def test_quirks_by_name() -> None:
    assert Quirks.of(["no_commit_time"]) == Quirks(no_commit_time=True)
    assert Quirks.of(["all"]).no_conflicts
    with pytest.raises(ValueError, match="no such quirk; known are"):
        Quirks.of(["nonsense"])
    assert Quirks.of(["unsupported=GetRooms", "no_conflicts"]) == Quirks(
        no_conflicts=True, unsupported=frozenset({"GetRooms"})
    )
    assert "GetServerTimeZones" in Quirks.of(["all"]).unsupported


@contextmanager
def command(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", "from ackd.cli.sandbox import app; app()", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_command_serves_delivers_and_stops_cleanly(tmp_path: Path) -> None:
    data, clock, mail = tmp_path / "data", tmp_path / "clock", tmp_path / "mail.eml"
    clock.write_text("2026-11-24T08:00:00Z")
    mail.write_bytes(b"From: x@elsewhere.example\r\nSubject: From a file\r\n\r\nHello")
    more = (
        "--port",
        "0",
        "--mailbox",
        f"{ALICE}:secret",
        "--mailbox",
        f"{BOB}:se:cret",
        "--clock",
        str(clock),
    )
    with command("serve", "--data", str(data), *more) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:")
        url = line.removeprefix("listening on ").strip()
        assert Wire(url, BOB, "se:cret").raw(LOOK).headers["date"] == "Tue, 24 Nov 2026 08:00:00 GMT"
        alice = Wire(url, ALICE)
        alice.raw(LOOK)
        with command("deliver", "--data", str(data), str(mail), "--to", ALICE, "--from-outside") as delivery:
            assert delivery.wait(20) == 0
        got = alice.find("inbox", "item:Subject")
        assert got.texts("t:Subject") == ["From a file"]
        stamps = dict(alice.headers(got.ids[0][0]))
        assert stamps["X-MS-Exchange-Organization-AuthAs"] == "Anonymous"
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0
        assert server.stderr is not None
        assert server.stderr.read() == ""


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("serve", "--data", "{}", "--mailbox", "alice"), 2, "ADDRESS:PASSWORD"),
        (("serve", "--data", "{}", "--fault", "SendItem:nonsense"), 2, "nonsense"),
        (("serve", "--data", "{}", "--quirk", "nonsense"), 2, "no such quirk"),
        (("serve", "--data", "{}", "--throttle", "requests"), 2, "expected NAME=NUMBER"),
        (("serve", "--data", "{}", "--clock", "/nowhere"), 1, "/nowhere"),
        (("deliver", "--data", "{}", __file__, "--to", "nobody@corp.example"), 1, "no sandbox is here"),
    ],
)
def test_mistakes_get_a_word_and_no_traceback(
    tmp_path: Path, arguments: tuple[str, ...], code: int, word: str
) -> None:
    with command(*(one.format(tmp_path / "data") for one in arguments)) as process:
        _, errors = process.communicate(timeout=20)
        assert process.returncode == code
        assert word in errors
        assert "Traceback" not in errors


def test_a_client_that_goes_away_harms_nobody(sandbox: Sandbox, alice: Wire) -> None:
    place = urlsplit(sandbox.url)
    for data in (b"", b"POST", b"POST /EWS/Exchange.asmx HTTP/1.1\r\nContent-Length: 500\r\n\r\nhalf"):
        with closing(socket.create_connection((place.hostname, place.port))) as one:
            one.sendall(data)
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 0)
    connection.putrequest("POST", "/EWS/Exchange.asmx")
    connection.close()
    assert alice.raw(LOOK).status == 200
