"""Whatever is sent, the answer is a fault or an error of Exchange's, and the store stays whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from exchange_sandbox import Sandbox
from exchange_sandbox.mime import read
from exchange_sandbox.store.schema import Key
from tests.plays import many, seeded

from ..linear import AT_MOST, growth
from .conftest import ALICE, Time
from .wire import NS, Wire, check_fault, envelope, message

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><b>&j;</b>"
)
GET = (
    "<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>"
    "<m:FolderIds>{}</m:FolderIds></m:GetFolder>"
)
INBOX = '<t:DistinguishedFolderId Id="inbox"/>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "ErrorInvalidRequest"),
        (b"not xml", "ErrorInvalidRequest"),
        (b"<a><b></a>", "ErrorInvalidRequest"),
        (BOMB.encode(), "ErrorInvalidRequest"),
        (BOMB.encode("utf-16"), "ErrorInvalidRequest"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "ErrorInvalidRequest"),
        (b"\xff\xfe\x00", "ErrorInvalidRequest"),
        (b'<?xml version="1.0" encoding="utf-7"?>+ADw-a/+AD4-', "ErrorInvalidRequest"),
        (b"<a xmlns='x'/>" + b" " * 100_000, "ErrorInvalidRequest"),
        (b"<a>" * 100_000, "ErrorInvalidRequest"),
        (envelope(""), "ErrorInvalidRequest"),
        (envelope(GET.format(INBOX), "Exchange2099"), "ErrorInvalidServerVersion"),
        (envelope("<m:Nonsense/>"), "ErrorSchemaValidation"),
        (envelope("<t:GetFolder/>"), "ErrorSchemaValidation"),
        (envelope("<m:PlayOnPhone/>"), "ErrorInvalidRequest"),
        (envelope("<m:GetFolder/>"), "ErrorSchemaValidation"),
        (envelope(GET.format("")), "ErrorSchemaValidation"),
        (envelope(GET.format("<t:Nonsense/>")), "ErrorSchemaValidation"),
        (envelope(GET.format('<t:DistinguishedFolderId Id="nonsense"/>')), "ErrorSchemaValidation"),
        (envelope(GET.format('<t:DistinguishedFolderId Id="inbox" x="y"/>')), "ErrorSchemaValidation"),
        (envelope(GET.format(f"{INBOX}text")), "ErrorSchemaValidation"),
        (envelope(GET.format(INBOX).replace("IdOnly", "All")), "ErrorSchemaValidation"),
        (
            envelope("<m:DeleteItem><m:ItemIds><t:ItemId Id='x'/></m:ItemIds></m:DeleteItem>"),
            "ErrorSchemaValidation",
        ),
    ],
)
def test_requests_that_are_refused(alice: Wire, data: bytes, code: str) -> None:
    got = alice.raw(data)
    assert (got.status, got.codes) == (500, [code])
    check_fault(got.root.find("s:Body", NS)[0], "fault")  # type: ignore[index]
    assert alice.raw(envelope(GET.format(INBOX))).codes == ["NoError"]


def test_the_schema_is_checked_before_anything_is_done(alice: Wire) -> None:
    for bad in (
        "<t:Message><t:Importance>Huge</t:Importance></t:Message>",
        "<t:Message><t:Nonsense/></t:Message>",
        '<t:Message><t:Body BodyType="Text">x</t:Body><t:Subject>out of order</t:Subject></t:Message>',
        "<t:Nonsense/>",
    ):
        got = alice.create(message("fine") + bad)
        assert (got.status, got.codes) == (500, ["ErrorSchemaValidation"])
    assert alice.find("drafts").ids == []


def test_characters_that_xml_cannot_carry(sandbox: Sandbox, alice: Wire) -> None:
    sandbox.deliver(b"Subject: a\x00b\x1b\r\nX-\x01: y\r\nX-Raw: \xff\xfe\r\n\r\n\x00\x08body\x0c\r\n", ALICE)
    (item,) = alice.find("inbox", "item:Subject").ids
    got = alice.get(item[0], "item:Body", "item:InternetMessageHeaders", "item:Subject", base="AllProperties")
    assert got.text("t:Subject") == "a\ufffdb\ufffd"
    assert "body" in got.text("t:Body")


def mangled(draw: st.DrawFn, text: str) -> str:
    """A recorded request with something wrong: a piece lost, doubled, exchanged or replaced."""
    pieces = re.split(r"(<[^>]*>)", text)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(pieces) - 1))
        what = draw(st.sampled_from(("drop", "double", "swap", "text", "attribute")))
        if what == "drop":
            pieces[place] = ""
        elif what == "double":
            pieces[place] *= 2
        elif what == "swap":
            other = draw(st.integers(0, len(pieces) - 1))
            pieces[place], pieces[other] = pieces[other], pieces[place]
        elif what == "text":
            pieces[place] += draw(
                st.sampled_from(("x", "-1", "99999999999999999999", "true", "&lt;", "2026-13-01T25:00:00"))
            )
        else:
            pieces[place] = re.sub(
                r'"[^"]*"',
                f'"{draw(st.sampled_from(("", "x", "0", "0x9999", "é")))}"',
                pieces[place],
                count=1,
            )
    return "".join(pieces)


@pytest.fixture
def recorded(shared: Path) -> list[str]:
    return [file.read_text() for file in sorted((shared / "ews-wire").glob("*.request.xml"))]


EXAMPLES = [60, pytest.param(600, marks=pytest.mark.long)]


def answer_mangled(wire: Wire, requests: list[str], examples: int) -> None:
    """Whatever becomes of requests on their way, the server has an answer."""

    @settings(max_examples=many(examples))
    @given(data=st.data())
    def one(data: st.DataObject) -> None:
        text = data.draw(st.sampled_from(requests))
        got = wire.raw(data.draw(st.composite(mangled)(text)).encode())
        assert got.status in (200, 500)
        assert "ErrorInternalServerError" not in got.codes, etree.tostring(got.root)

    seeded(one)()


@pytest.mark.parametrize("examples", EXAMPLES)
def test_mangled_requests(alice: Wire, recorded: list[str], examples: int) -> None:
    answer_mangled(alice, recorded, examples)
    assert alice.raw(envelope(GET.format(INBOX))).codes == ["NoError"]


@settings(
    max_examples=many(150),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.sampled_from(
                [
                    b"Content-Type: multipart/mixed; boundary=b\r\n",
                    b"--b\r\n",
                    b"--b--\r\n",
                    b"\r\n",
                    b"From: <\r\n",
                    b"Content-Transfer-Encoding: base64\r\n",
                    b"Content-Type: text/html; charset=x-unknown\r\n",
                    b"Subject: =?utf-8?b?////?=\r\n",
                    b"Date: Mon, 99 Foo 99999 99:99:99 +9999\r\n",
                    b"Thread-Index: AAAA\r\n",
                    b"To: (((((((\r\n",
                    b"Content-Type: text/calendar; method=REPLY\r\n",
                    b"Content-Type: message/rfc822\r\n",
                    b"X-Sandbox-Item-Class: IPM.Task\r\n",
                    b"Content-Type: multipart/report\r\n",
                    b"References: <\r\n",
                    b"Subject: =?unicode_escape?q?=5Cud800?= =?utf-7?q?+2AA-?=\r\n",
                    b"Content-Type: text/plain; charset=raw_unicode_escape\r\n\r\n\\ud800",
                    b"Content-Disposition: attachment; filename*=unicode_escape''%5Cud800\r\n",
                ]
            ),
        ),
        max_size=15,
    ).map(b"".join)
)
def test_any_bytes_can_be_delivered_and_read(sandbox: Sandbox, alice: Wire, raw: bytes) -> None:
    sandbox.deliver(raw, ALICE)
    (item, *_) = alice.find("inbox").ids
    got = alice.get(item[0], "item:MimeContent", "item:TextBody", "item:UniqueBody", base="AllProperties")
    assert got.codes == ["NoError"], got.texts("m:MessageText")


_NESTED = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(400))
#: Mails of about so many bytes each.
HOSTILE: dict[str, Callable[[int], bytes]] = {
    "nested": lambda size: _NESTED + b"x\n" * (size // 2),
    "words": lambda size: b"Subject: " + b"=?a?q?" * (size // 6) + b"\n\n",
    "comments": lambda size: b"To: " + b"(" * size + b"\n\n",
    "recipients": lambda size: b"To: " + b"a@b.example," * (size // 12) + b"\n\n",
    "divs": lambda size: b"Content-Type: text/html\n\n" + b"<div>" * (size // 5),
    "links": lambda size: b"Content-Type: text/html\n\n" + b"<a href=x>" * (size // 10),
    "parts": lambda size: b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * (size // 4),
    "folded": lambda size: b"X: y\n" + b" z\n" * (size // 3),
    "punycode": lambda size: b"Content-Type: text/plain; charset=punycode\n\n-" + b"a" * size,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_mail_costs_linear_time(sandbox: Sandbox, alice: Wire, time: Time, kind: str) -> None:
    known: set[str] = set()

    def deliver_and_read(raw: bytes) -> None:
        sandbox.deliver(raw, ALICE)
        (item,) = {found[0] for found in alice.find("inbox").ids} - known
        known.add(item)
        got = alice.get(item, "item:TextBody", "item:UniqueBody", base="AllProperties")
        assert got.codes == ["NoError"]

    assert growth(HOSTILE[kind], deliver_and_read, start=150_000, most=700_000) <= AT_MOST


def test_what_is_nested_too_deep_is_not_followed() -> None:
    raw = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(100))
    bag, _ = read.read(raw + b"Content-Type: text/plain\n\ndeep", keep_categories=False)
    assert bag[Key.ITEM_CLASS] == "IPM.Note"
