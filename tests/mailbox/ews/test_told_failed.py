"""Which answers to a write say that it failed, and which leave everything open."""

from __future__ import annotations

import pytest

from ackd.mailbox.ews import Access, EwsMailbox
from ackd.model import Unknown
from tests.clock import StepClock
from tests.mailbox.contract.mailbox_contract import NOW, letter, task
from tests.mailbox.contract.test_ews import ZONE
from tests.mailbox.ews.scripted import Scripted, ScriptedServer

BARE = (
    '<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Header/><SOAP:Body>'
    "<SOAP:Fault><faultcode>SOAP:Server</faultcode><faultstring>E-3117: failed to send mail</faultstring>"
    "</SOAP:Fault></SOAP:Body></SOAP:Envelope>"
)
FAILED = {
    "a fault": Scripted.fault("ErrorInternalServerError"),
    "a busy server's fault": Scripted.fault("ErrorServerBusy"),
    "a fault without a detail, as a real server gives it": Scripted(BARE.encode(), 500),
    "a fault with status 200": Scripted(BARE.encode(), 200),
    "HTML": Scripted(b"<html><body>Server Error in '/EWS' Application.</body></html>", 500),
    "nothing": Scripted(b"", 500),
    "XML that is broken": Scripted(BARE[:-9].encode(), 500),
}
OPEN = {
    "a cut connection": Scripted(BARE.encode(), 500, cut=40),
    "a gateway's word": Scripted(b"<html>Bad Gateway</html>", 502),
    "a gateway that waited": Scripted(b"<html>Gateway Timeout</html>", 504),
    "not available": Scripted(b"", 503),
    "no XML": Scripted(b"what?", 200),
}


def outcomes(answer: Scripted, write: str) -> list[object]:
    with ScriptedServer(answer) as server:
        access = Access("alice@corp.example", server.url, server.url, "secret")
        mailbox = EwsMailbox(access, zone=ZONE, clock=StepClock(NOW))
        try:
            made = [letter("1" * 32), letter("2" * 32)]
            return list(mailbox.create_tasks([task()]) if write == "tasks" else getattr(mailbox, write)(made))
        finally:
            mailbox.close()


@pytest.mark.parametrize("answer", FAILED)
def test_a_complete_answer_says_that_sending_failed(answer: str) -> None:
    found = outcomes(FAILED[answer], "send")
    assert all(isinstance(outcome, Unknown) and outcome.failure for outcome in found)


@pytest.mark.parametrize("answer", OPEN)
def test_anything_else_leaves_it_open(answer: str) -> None:
    found = outcomes(OPEN[answer], "send")
    assert all(isinstance(outcome, Unknown) and not outcome.failure for outcome in found)


@pytest.mark.parametrize("write", ["draft", "tasks"])
def test_what_is_only_saved_is_there_when_it_is_found(write: str) -> None:
    found = outcomes(FAILED["a fault"], write)
    assert all(isinstance(outcome, Unknown) and not outcome.failure for outcome in found)
