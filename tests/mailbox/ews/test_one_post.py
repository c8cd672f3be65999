"""Whatever a server answers, a write is posted once, and what happened is told truly.

docs/design.md lists how exchangelib repeats requests even under FailFast; each way is here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ackd.errors import AccessBlocked, AckdError, Busy, SignInRefused, Unreachable
from ackd.mailbox.ews import Access, EwsMailbox
from ackd.model import Done, Outcome, Refused, Unknown
from tests.clock import StepClock
from tests.mailbox.contract.mailbox_contract import letter, task
from tests.mailbox.ews.scripted import Scripted, ScriptedServer

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MESSAGE = (
    '<m:CreateItemResponseMessage ResponseClass="{}"><m:ResponseCode>{}</m:ResponseCode>{}'
    "</m:CreateItemResponseMessage>"
)
ITEM = '<m:Items><t:Message><t:ItemId Id="x" ChangeKey="y"/></t:Message></m:Items>'
OK = MESSAGE.format("Success", "NoError", ITEM)


def created(*messages: str) -> Scripted:
    inner = "".join(messages)
    return Scripted.soap(
        f"<m:CreateItemResponse><m:ResponseMessages>{inner}</m:ResponseMessages></m:CreateItemResponse>"
    )


def error(code: str) -> str:
    return MESSAGE.format("Error", code, "<m:Items/>")


BACK_OFF = '<t:MessageXml><t:Value Name="BackOffMilliseconds">30000</t:Value></t:MessageXml>'
WHOLE = created(OK, OK, OK)

DOUBTFUL = {
    "503": Scripted(status=503),
    "503 with a time": Scripted(status=503, headers={"Retry-After": "30"}),
    "502": Scripted(b"<html>", 502),
    "504": Scripted(b"", 504),
    "500 without XML": Scripted(b"oops", 500),
    "a closed connection": Scripted(b"", 500, {"Connection": "close"}),
    "a redirect": Scripted(
        b"", 302, {"Location": "/ews/genericerrorpage.htm?aspxerrorpath=/ews/exchange.asmx"}
    ),
    "cut before the answer": Scripted(b"x", cut=0),
    "cut in the middle": Scripted(WHOLE.body, cut=len(WHOLE.body) // 2),
    "malformed XML": Scripted(WHOLE.body[:-40]),
    "empty": Scripted(b""),
    "HTML with 200": Scripted(b"<html><body>Sign in</body></html>"),
    "ErrorInvalidRequest": Scripted.fault("ErrorInvalidRequest"),
    "ErrorInvalidServerVersion": Scripted.fault("ErrorInvalidServerVersion"),
    "ErrorSchemaValidation": Scripted.fault("ErrorSchemaValidation"),
    "ErrorServerBusy as a fault": Scripted.fault("ErrorServerBusy", BACK_OFF),
    "ErrorInternalServerTransientError": Scripted.fault("ErrorInternalServerTransientError"),
    "an unknown fault": Scripted.fault("ErrorNobodyKnows"),
    "no messages": created(),
    "entities": Scripted(b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
}


@pytest.fixture
def servers() -> Iterator[list[ScriptedServer]]:
    started: list[ScriptedServer] = []
    yield started
    for server in started:
        server.__exit__(None, None, None)


def mailbox(servers: list[ScriptedServer], *script: Scripted) -> EwsMailbox:
    server = ScriptedServer(*script)
    servers.append(server.__enter__())
    access = Access("alice@corp.example", server.url, server.url, "secret")
    return EwsMailbox(access, zone=ZoneInfo("Europe/Berlin"), clock=StepClock(NOW))


def send(box: EwsMailbox) -> list[Outcome]:
    return box.send([letter("1" * 32), letter("2" * 32), letter("3" * 32)])


@pytest.mark.parametrize("answer", DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_doubtful_answer_leaves_every_item_open_after_one_post(
    servers: list[ScriptedServer], answer: Scripted
) -> None:
    outcomes = send(mailbox(servers, answer))
    assert [type(outcome) for outcome in outcomes] == [Unknown] * 3
    assert len(servers[0].requests) == 1


@pytest.mark.parametrize("answer", DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_read_says_that_it_failed_after_one_post(servers: list[ScriptedServer], answer: Scripted) -> None:
    with pytest.raises(Unreachable) as caught:
        mailbox(servers, answer).find(["1" * 32])
    assert len(servers[0].requests) == 1
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Scripted(status=401, headers={"WWW-Authenticate": "Basic"}), SignInRefused),
        (Scripted(status=403), AccessBlocked),
        (Scripted(status=429, headers={"Retry-After": "7"}), Busy),
    ],
)
def test_a_refusal_as_a_whole_is_raised_after_one_post(
    servers: list[ScriptedServer], answer: Scripted, kind: type[AckdError]
) -> None:
    with pytest.raises(kind) as caught:
        send(mailbox(servers, answer))
    assert len(servers[0].requests) == 1
    assert caught.value.wait == (timedelta(seconds=7) if kind is Busy else None)


def test_403_names_the_switch_off_and_the_allow_list(servers: list[ScriptedServer]) -> None:
    with pytest.raises(AccessBlocked, match="EwsAllowedAppIDs"):
        send(mailbox(servers, Scripted(status=403)))


@pytest.mark.parametrize(
    "code",
    [
        "ErrorSendAsDenied",
        "ErrorInvalidRecipients",
        "ErrorQuotaExceeded",
        "ErrorExceededConnectionCount",
        "ErrorServerBusy",
        "ErrorMailboxStoreUnavailable",
        "ErrorSomethingNew",
    ],
)
def test_one_bad_item_never_hides_the_rest(servers: list[ScriptedServer], code: str) -> None:
    outcomes = send(mailbox(servers, created(OK, error(code), OK)))
    assert [type(outcome) for outcome in outcomes] == [Done, Refused, Done]
    assert code in str(outcomes[1])
    assert len(servers[0].requests) == 1


def test_missing_answers_and_empty_codes_are_open(servers: list[ScriptedServer]) -> None:
    outcomes = send(mailbox(servers, created(MESSAGE.format("Success", "", ""), OK)))
    assert [type(outcome) for outcome in outcomes] == [Unknown, Done, Unknown]


def test_a_busy_answer_says_how_long_to_wait(servers: list[ScriptedServer]) -> None:
    busy = Scripted.soap(
        '<m:FindItemResponse><m:ResponseMessages><m:FindItemResponseMessage ResponseClass="Error">'
        "<m:MessageText>busy</m:MessageText><m:ResponseCode>ErrorServerBusy</m:ResponseCode>"
        '<m:MessageXml><t:Value Name="BackOffMilliseconds">2500</t:Value></m:MessageXml>'
        "</m:FindItemResponseMessage></m:ResponseMessages></m:FindItemResponse>"
    )
    with pytest.raises(Busy) as caught:
        mailbox(servers, busy).find(["1" * 32])
    assert caught.value.wait == timedelta(seconds=2.5)


def test_large_batches_are_posted_in_hundreds(servers: list[ScriptedServer]) -> None:
    box = mailbox(servers, created(*[OK] * 100), Scripted(status=429), created(*[OK] * 100))
    outcomes = box.create_tasks([task(f"{n:032}") for n in range(250)])
    assert [type(o) for o in outcomes[:100]] == [Done] * 100
    assert all(isinstance(o, Refused) and o.retry for o in outcomes[100:])
    assert sum(b"<m:CreateItem" in request for request in servers[0].requests) == 2


def test_the_user_agent_is_ours_and_the_password_in_no_log(
    servers: list[ScriptedServer], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(0):
        send(mailbox(servers, Scripted(status=503)))
    assert "secret" not in caplog.text
    assert "c2VjcmV0" not in caplog.text


def test_characters_that_xml_forbids_in_a_mail_do_not_stop_the_mailbox() -> None:
    from ackd.mailbox.ews.wire import _envelope

    raw = Scripted.soap("<m:x>a&#x1;b&#0;c&#xD800;d&#10;&#x1F600;&amp;</m:x>").body.replace(b"c&", b"\x02c&")
    assert "".join(_envelope(raw).itertext()) == "abcd\n\U0001f600&"
