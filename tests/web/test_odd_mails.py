"""Mails that bear odd Message-IDs, subjects of every script, and a mailbox that takes its time."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from email.utils import format_datetime
from html import unescape
from urllib.parse import quote, urljoin, urlsplit

import pytest

from ackd.runtime.read_only_app import ReadOnlyApp
from ackd.web import mail_reader
from tests.web.office import ALICE, Office
from tests.web.served import Served

#: Of servers and programs that know no RFC, and of people who try what happens.
IDS = (
    "..",
    ".",
    "<a/../b@corp.example>",
    "<a?x=1&y#z%2f@corp.example>",
    "<turned\u202e@corp.example>",
    "<joined\u200d and\u00a0parted@corp.example>",
    "<deleted\x7f\x85@corp.example>",
)
SUBJECTS = (
    "Budget\u00a0: 2027",
    "می\u200cخواهم",
    "予算\u3000質問",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "Donau\u00addampf",
    "שלום\u200f",
    "plain",
)


@pytest.fixture(name="office", scope="module")
def _office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(tmp_path_factory.mktemp("office"), mode="preview") as office:
        office.work()
        for name, subject in zip(IDS, SUBJECTS, strict=True):
            mail = (
                f"Message-ID: {name}\r\nDate: {format_datetime(office.now)}\r\nSubject: {subject}\r\n"
                f"From: Bob Brown <bob@corp.example>\r\nTo: {ALICE}\r\nMIME-Version: 1.0\r\n"
                "X-MS-Exchange-Organization-AuthAs: Internal\r\n"
                "Content-Type: text/html; charset=utf-8\r\n\r\n"
                f"<p>Could you tell me what {subject} means?</p>"
            )
            office.sandbox.deliver(mail.encode(), ALICE)
        office.work(minutes=5)
        yield office


@pytest.fixture(name="page")
def _page(office: Office) -> Iterator[Served]:
    with Served(office.config, office.clock) as served:
        yield served.enter()


def as_a_browser(base: str, reference: str) -> str:
    """The path that is asked for: folders that dots name are gone (WHATWG URL, 4.4)."""
    dots = (
        re.sub(r"(?i)%2e", ".", reference) if re.search(r"(?i)/(\.|%2e){1,2}(/|$)", reference) else reference
    )
    found = urlsplit(urljoin(base, dots))
    return found.path + (f"?{found.query}" if found.query else "")


@pytest.mark.parametrize("subject", SUBJECTS)
def test_each_mail_that_is_listed_can_be_looked_at_and_told_of(page: Served, subject: str) -> None:
    listed = page.get("/decisions").text
    shown = subject.replace("\u00ad", "").replace("\u200f", "").replace("\u00a0", " ").replace("\u3000", " ")
    (link,) = re.findall(rf'href="([^"]*)">{re.escape(shown)}</a>', listed)
    answer = page.get(as_a_browser(page.origin, unescape(link)))
    assert answer.status == 200
    assert f"<h1>{shown}</h1>" in answer.text
    (frame,) = re.findall(r'src="(/mail/[^"]*)"', answer.text)
    assert subject in page.get(as_a_browser(page.origin, unescape(frame))).text
    form = re.search(r'action="/lesson".*?</form>', answer.text, re.DOTALL)
    assert form is not None
    fields = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form[0])}
    done = page.post("/lesson", fields)
    assert done.status == 303
    back = page.get(as_a_browser(page.origin, done.headers["location"]))
    assert f"<h1>{shown}</h1>" in back.text
    assert "Noted: it was a question." in back.words


@pytest.mark.parametrize("subject", SUBJECTS)
def test_words_of_every_script_can_be_looked_for(page: Served, subject: str) -> None:
    answer = page.get(f"/decisions?q={quote(subject)}")
    assert answer.status == 200
    assert "1 decision " in answer.words


@pytest.mark.parametrize("words", ["%00", "a%01b", "%7f", "%0d%0a", "%ef%bf%bf", "%ed%a0%80", "%ff"])
def test_signs_that_nobody_writes_find_nothing_and_break_nothing(page: Served, words: str) -> None:
    for path in ("/decisions?q=", "/decisions?rule=", "/decisions/", "/mail/", "/decisions/?id="):
        assert page.get(path + words).status in (200, 404), path


def asked(page: Served) -> None:
    """Wait until the mailbox's thread has done what it was asked for so far."""
    done = threading.Event()
    page.site.reader._asked.put(done.set)
    assert done.wait(100)


def test_what_a_slow_mailbox_brings_late_is_there_at_the_next_look(
    page: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, gate = page.site.reader._look, threading.Event()
    asks = []

    def slow() -> ReadOnlyApp:
        asks.append(gate.wait(100))
        return look()

    monkeypatch.setattr(mail_reader, "PATIENCE", 0.05)
    monkeypatch.setattr(page.site.reader, "_look", slow)
    for _ in range(5):
        assert mail_reader.LATE in page.get("/decisions").words
    gate.set()
    asked(page)
    assert len(asks) == 1, "for whom nobody waits nothing is asked"
    answer = page.get("/decisions")
    assert mail_reader.LATE not in answer.words
    assert "Bob Brown" in answer.words
    assert len(asks) == 1
