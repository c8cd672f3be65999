"""Whatever Graph answers, a write is posted once, and what happened is told truly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ackd.errors import AccessBlocked, AckdError, Busy, ConfigError, SignInRefused, Unreachable
from ackd.mailbox import transport
from ackd.mailbox.graph import GraphMailbox
from ackd.mailbox.graph.wire import Part, Wire
from ackd.mailbox.http_session import HttpSession
from ackd.mailbox.server_clock import ServerClock
from ackd.model import Done, Outcome, Refused, Unknown
from tests.clock import StepClock
from tests.mailbox.contract.mailbox_contract import letter
from tests.mailbox.ews.scripted import Scripted, ScriptedServer

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOKENS = ("1" * 32, "2" * 32, "3" * 32)


class Tokens:
    """Tokens by the number; `is_over`: the sign-in is."""

    def __init__(self) -> None:
        self.renewed = 0
        self.is_over = False
        self.claims: list[str] = []

    def token(self, *, anew: bool = False, claims: str = "") -> str:
        if anew:
            if self.is_over:
                raise SignInRefused("it is over")
            self.renewed += 1
            self.claims.append(claims)
        return f"secret-{self.renewed}"


def answered(value: object, status: int = 200, **headers: str) -> Scripted:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Scripted(json.dumps(value).encode(), status, {"Content-Type": "application/json", **named})


def refused(status: int, code: str = "ErrorSomething", **headers: str) -> Scripted:
    return answered({"error": {"code": code, "message": "no"}}, status, **headers)


def batch(*parts: tuple[int, object]) -> Scripted:
    """The answer to a batch, in another order than it was asked."""
    found = [{"id": str(n), "status": status, "body": body} for n, (status, body) in enumerate(parts)]
    return answered({"responses": found[::-1]})


MADE = {"id": "AAMk=", "@odata.etag": 'W/"1"'}
SAID_NO = {"error": {"code": "ErrorInvalidRecipients", "message": "no"}}
WHOLE = answered(MADE, 201)
DOUBTFUL = {
    "503": refused(503, "UnknownError"),
    "503 with a time": refused(503, Retry_After="2.128"),
    "502": Scripted(b"<html>", 502),
    "504": refused(504, "UnknownError"),
    "408": refused(408),
    "500 without JSON": Scripted(b"oops", 500),
    "400 without JSON": Scripted(b"Bad Request", 400),
    "403 of a proxy": Scripted(b"<html>Blocked</html>", 403),
    "401 without a body": Scripted(b"", 401),
    "a redirect": Scripted(b"", 302, {"Location": "/v1.0/me/messages"}),
    "cut before the answer": Scripted(b"x", cut=0),
    "cut in the middle": Scripted(WHOLE.body, 201, cut=60),
    "malformed JSON": Scripted(WHOLE.body[:-4], 201),
    "a list": answered([1], 201),
    "empty": Scripted(b""),
    "HTML with 200": Scripted(b"<html><body>Sign in</body></html>"),
    "nothing named": answered({}, 201),
    "late": replace(WHOLE, late=30),
    "half of it late": replace(WHOLE, headers={"Content-Length": "1000"}),
}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is late is given up soon."""
    for limit in ("BRIEF", "PAGE"):
        monkeypatch.setattr(transport, limit, 1.5)


@pytest.fixture
def servers() -> Iterator[list[ScriptedServer]]:
    started: list[ScriptedServer] = []
    yield started
    for server in started:
        server.__exit__(None, None, None)


def mailbox(servers: list[ScriptedServer], *script: Scripted, tokens: Tokens | None = None) -> GraphMailbox:
    server = ScriptedServer(*script)
    servers.append(server.__enter__())
    base = server.url.partition("/EWS")[0] + "/v1.0"
    zone = ZoneInfo("Europe/Berlin")
    return GraphMailbox("alice@corp.example", base, tokens or Tokens(), zone=zone, clock=StepClock(NOW))


def send(box: GraphMailbox, number: int = 1) -> list[Outcome]:
    return box.send([letter(token) for token in TOKENS[:number]])


@pytest.mark.parametrize("answer", DOUBTFUL.values(), ids=DOUBTFUL)
@pytest.mark.parametrize("number", [1, 3])
def test_a_doubtful_answer_to_the_draft_leaves_it_open_after_one_post(
    servers: list[ScriptedServer], answer: Scripted, number: int
) -> None:
    outcomes = send(mailbox(servers, answer), number)
    assert [type(outcome) for outcome in outcomes] == [Unknown] * number
    assert len(servers[0].requests) == 1


@pytest.mark.parametrize("answer", DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_doubtful_answer_to_the_sending_leaves_it_open_after_one_post(
    servers: list[ScriptedServer], answer: Scripted
) -> None:
    (outcome,) = send(mailbox(servers, WHOLE, answer))
    assert isinstance(outcome, Unknown)
    assert len(servers[0].requests) == 2


@pytest.mark.parametrize("status", [401, 404, 424, 429])
def test_a_draft_that_isnt_sent_for_now_stays(servers: list[ScriptedServer], status: int) -> None:
    (outcome,) = send(mailbox(servers, WHOLE, refused(status)))
    assert isinstance(outcome, Unknown)
    assert len(servers[0].requests) == 2


@pytest.mark.parametrize("status", [400, 403, 405, 409, 412, 413, 415])
def test_a_draft_that_is_refused_is_removed(servers: list[ScriptedServer], status: int) -> None:
    (outcome,) = send(mailbox(servers, WHOLE, refused(status), Scripted(b"", 204)))
    assert isinstance(outcome, Refused)
    assert len(servers[0].requests) == 3


@pytest.mark.parametrize("answer", [refused(403), Scripted(b"", 500), Scripted(b"x", cut=0)])
def test_a_refused_draft_that_cant_be_removed_is_left_open(
    servers: list[ScriptedServer], answer: Scripted
) -> None:
    (outcome,) = send(mailbox(servers, WHOLE, refused(400), answer))
    assert isinstance(outcome, Unknown), "the same one could be sent later"


@pytest.mark.parametrize(
    ("answer", "kind", "number"),
    [
        (refused(403), AccessBlocked, 3),
        (refused(429, Retry_After="7.5"), Busy, 3),
        (refused(429, Retry_After="7.5"), Busy, 1),
    ],
)
def test_a_refusal_as_a_whole_is_raised_after_one_post(
    servers: list[ScriptedServer], answer: Scripted, kind: type[AckdError], number: int
) -> None:
    with pytest.raises(kind) as caught:
        send(mailbox(servers, answer), number)
    assert len(servers[0].requests) == 1
    assert caught.value.wait == (timedelta(seconds=7.5) if kind is Busy else None)


def test_a_refused_token_is_renewed_and_the_write_isnt_posted_again(servers: list[ScriptedServer]) -> None:
    tokens = Tokens()
    with pytest.raises(Busy):
        send(mailbox(servers, refused(401, "InvalidAuthenticationToken"), tokens=tokens))
    assert (len(servers[0].requests), tokens.renewed) == (1, 1)


def test_a_sign_in_that_is_over_is_told(servers: list[ScriptedServer]) -> None:
    tokens = Tokens()
    tokens.is_over = True
    with pytest.raises(SignInRefused):
        send(mailbox(servers, refused(401), tokens=tokens))


def test_a_read_goes_on_with_a_new_token_that_has_the_claims(servers: list[ScriptedServer]) -> None:
    tokens = Tokens()
    challenge = 'Bearer error="insufficient_claims", claims="eyJhIjoxfQ=="'
    box = mailbox(
        servers,
        refused(401, WWW_Authenticate=challenge),
        answered({"displayName": "Alice"}),
        answered({}),
        tokens=tokens,
    )
    assert box.card().name == "Alice"
    assert tokens.claims == ['{"a":1}']


def test_a_token_that_is_refused_again_is_told_of_a_read(servers: list[ScriptedServer]) -> None:
    with pytest.raises(SignInRefused):
        mailbox(servers, refused(401)).watermark()
    assert len(servers[0].requests) == 2


def test_parts_are_told_apart_whatever_their_order(servers: list[ScriptedServer]) -> None:
    """A part that waited for one that failed wasn't done: it goes again. One that is left out may be done."""
    failed = (424, SAID_NO)
    box = mailbox(servers, batch((400, SAID_NO), failed, failed), batch((201, MADE)), Scripted(b"", 202))
    outcomes = send(box, 3)
    assert [type(outcome) for outcome in outcomes] == [Refused, Done, Unknown]
    asked = [json.loads(request)["requests"] for request in servers[0].requests[:2]]
    assert [len(parts) for parts in asked] == [3, 2]
    assert asked[0][2]["dependsOn"] == ["1"]


def test_what_is_slowed_down_between_isnt_pressed(servers: list[ScriptedServer]) -> None:
    box = mailbox(servers, batch((201, MADE), (429, SAID_NO), (424, SAID_NO)), Scripted(b"", 202))
    outcomes = send(box, 3)
    assert isinstance(outcomes[0], Done)
    assert all(isinstance(one, Refused) and one.retry for one in outcomes[1:])
    assert len(servers[0].requests) == 2


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/v1.0/x",
        "http://127.0.0.1:1/v1.0/x",
        "http://127.0.0.1:99999999/v1.0/x",
        "http://[::1/v1.0/x",
        "https:///v1.0/x",
    ],
)
def test_no_token_goes_elsewhere(servers: list[ScriptedServer], link: str) -> None:
    with pytest.raises(Unreachable, match="no token"):
        mailbox(servers, answered({"value": [], "@odata.nextLink": link})).watermark()
    with pytest.raises(ConfigError, match="plain http"):
        GraphMailbox("a@b.example", "http://b.example", Tokens(), zone=ZoneInfo("UTC"), clock=StepClock(NOW))


@pytest.mark.parametrize(
    ("base", "link"),
    [
        ("https://graph.example/v1.0", "https://graph.example/v1.0/me/x?$skiptoken=A%2Fb+c"),
        ("https://Graph.Example:443/v1.0/", "https://graph.example/v1.0/me/x?$skiptoken=A%2Fb+c"),
        ("https://graph.example./v1.0", "https://GRAPH.example:443/v1.0/me/x?$skiptoken=A%2Fb+c"),
    ],
)
def test_a_link_is_kept_below_the_address_and_otherwise_as_it_is(base: str, link: str) -> None:
    made = Wire(base, "/me", Tokens(), ServerClock(StepClock(NOW).ticks), HttpSession(None, None))
    assert made.below(link) == "/me/x?$skiptoken=A%2Fb+c"
    for other in (
        link.replace("v1.0", "beta"),
        link.replace("https:", "http:"),
        f"{link.partition('.')[0]}x/",
    ):
        with pytest.raises(Unreachable):
            made.below(other)


def test_a_list_that_links_to_itself_ends(servers: list[ScriptedServer]) -> None:
    box = mailbox(servers, Scripted(b"{}"))
    base = servers[0].url.partition("/EWS")[0] + "/v1.0/me/x"
    servers[0]._script[:] = [answered({"value": [], "@odata.nextLink": base})]
    assert box.watermark() is None
    assert len(servers[0].requests) == 2


#: States of things as no server should name them, and what is sent of each.
STATES = {
    'W/"1"': 'W/"1"',
    "\u202eabc": "abc",
    'W/"€ ä"': 'W/"€ ä"',
    " a\r\nX-Other: b": "aX-Other: b",
    "a\x00\ud800b\t": "ab",
}


@pytest.mark.parametrize("state", STATES)
def test_a_state_in_any_letters_is_sent(servers: list[ScriptedServer], state: str) -> None:
    server = ScriptedServer(WHOLE)
    servers.append(server.__enter__())
    base = server.url.partition("/EWS")[0] + "/v1.0"
    made = Wire(base, "/me", Tokens(), ServerClock(StepClock(NOW).ticks), HttpSession(None, None))
    part = Part("PATCH", "/tasks/1", {"title": "a"}, match=state)
    assert part.headers["If-Match"] == STATES[state]
    assert made.write(part).status == 201
