"""A file is read as a mailbox would show it, and no file breaks the reader."""

# ruff: noqa: E501  (mails stand here as they are)

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ackd.judge import facts
from ackd.judge.decide import decide
from ackd.judge.policy import Policy
from ackd.model import Importance, Mail, Sensitivity, Suppressed
from ackd.text import eml
from tests.judge.golden import OWNER
from tests.linear import AT_MOST, growth
from tests.plays import many

POLICY = Policy(owner=OWNER, domains=("corp.example",))


def judge(raw: bytes) -> Mail:
    mail = eml.read(raw)
    decide(facts.read(mail, OWNER), POLICY)
    return mail


def test_plain_mail() -> None:
    mail = eml.read(
        b"Received: from a by b;\r\n\tMon, 2 Mar 2026 10:00:00 +0100\r\n"
        b"Received: from c by a; Mon, 2 Mar 2026 08:00:00 +0000\r\n"
        b"Message-ID: <1@corp.example>\r\nDate: Mon, 2 Mar 2026 08:59:00 +0000\r\n"
        b"From: =?utf-8?Q?Br=C3=BCgge=2C_Bob?= <bob@corp.example>\r\nTo: alice@corp.example,\r\n Carl <c@corp.example>\r\n"
        b"Cc: Team: d@corp.example, e@corp.example;\r\nReply-To: bob@corp.example\r\n"
        b"Subject: =?utf-8?B?WmFobGVu?= =?utf-8?B?IQ==?=\r\nImportance: High\r\nSensitivity: Company-Confidential\r\n"
        b"In-Reply-To: <0@corp.example>\r\nReferences: <a@x>\r\n <b@x>\r\nX-Auto-Response-Suppress: OOF, AutoReply\r\n"
        b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xfc\xdfe\r\n"
    )

    assert mail.received == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert mail.sent == datetime(2026, 3, 2, 8, 59, tzinfo=UTC)
    assert (mail.sender and mail.sender.name, mail.from_count) == ("Brügge, Bob", 1)
    assert [a.email for a in mail.to] == ["alice@corp.example", "c@corp.example"]
    assert [a.email for a in mail.cc] == ["d@corp.example", "e@corp.example"]
    assert mail.subject == "Zahlen!"
    assert (mail.importance, mail.sensitivity) == (Importance.HIGH, Sensitivity.CONFIDENTIAL)
    assert (mail.in_reply_to, mail.references) == ("<0@corp.example>", ("<a@x>", "<b@x>"))
    assert mail.suppressed == Suppressed.OUT_OF_OFFICE | Suppressed.AUTOMATIC_REPLY
    assert mail.text == "Grüße\n"
    assert mail.headers
    assert len([h for h in mail.headers if h[0] == "Received"]) == 2


def test_parts() -> None:
    mail = eml.read(
        b'Content-Type: multipart/mixed; boundary="b"\n\npreamble\n--b\n'
        b"Content-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/plain\n"
        b"Content-Transfer-Encoding: base64\n\nSGFsbG8=\n--c\nContent-Type: text/html\n"
        b"Content-Transfer-Encoding: quoted-printable\n\n<p>Gr=C3=BC=\n=C3=9Fe</p>\n--c--\n"
        b"--b\nContent-Type: application/pdf\nContent-Disposition: attachment\n\nxx\n--b--\nepilogue"
    )

    assert mail.text == "Hallo"
    assert mail.html == "<p>Grüße</p>"
    assert mail.has_attachments


@pytest.mark.parametrize(
    ("head", "body", "item_class"),
    [
        ("text/plain", "x", "IPM.Note"),
        ("multipart/signed; boundary=b; protocol=x", "--b\n\nx\n--b--", "IPM.Note.SMIME.MultipartSigned"),
        ("application/pkcs7-mime; smime-type=enveloped-data", "x", "IPM.Note.SMIME"),
        ("multipart/report; report-type=delivery-status; boundary=b", "", "REPORT.IPM.Note.NDR"),
        (
            "multipart/report; report-type=delivery-status; boundary=b",
            "--b\nContent-Type: message/delivery-status\n\nAction: delivered\n--b--",
            "REPORT.IPM.Note.DR",
        ),
        ("multipart/report; report-type=disposition-notification; boundary=b", "", "REPORT.IPM.Note.IPNRN"),
        ("text/calendar; method=REQUEST", "BEGIN:VCALENDAR", "IPM.Schedule.Meeting.Request"),
        ("text/calendar; method=CANCEL", "", "IPM.Schedule.Meeting.Canceled"),
        ("text/calendar", "METHOD:REPLY\nATTENDEE;PARTSTAT=DECLINED:x", "IPM.Schedule.Meeting.Resp.Neg"),
        (
            "multipart/alternative; boundary=b",
            "--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: text/calendar; method=REQUEST\n\nx\n--b--",
            "IPM.Schedule.Meeting.Request",
        ),
    ],
)
def test_item_class(head: str, body: str, item_class: str) -> None:
    assert eml.read(f"Content-Type: {head}\n\n{body}".encode()).item_class == item_class


def test_no_headers_are_unreadable_headers() -> None:
    assert eml.read(b"").headers is None
    assert eml.read(b"\x00\x01\x02 no header at all").headers is None
    assert eml.read(b"").received == eml.EPOCH


def test_more_headers_than_are_read_are_unknown_headers() -> None:
    few, many = b"X-A: b\n" * 19_999, b"X-A: b\n" * 20_000

    assert len(eml.read(few + b"\nhi").headers or ()) == 19_999
    assert eml.read(many + b"Auto-Submitted: auto-replied\n\nhi").headers is None


@pytest.mark.parametrize(
    ("value", "sensitivity"),
    [
        ("", Sensitivity.NORMAL),
        ("Normal", Sensitivity.NORMAL),
        ("personal (x)", Sensitivity.PERSONAL),
        ("Private", Sensitivity.PRIVATE),
        ("Company-Confidential", Sensitivity.CONFIDENTIAL),
        ("Top-Secret", Sensitivity.CONFIDENTIAL),
    ],
)
def test_an_unknown_sensitivity_is_taken_for_the_highest(value: str, sensitivity: Sensitivity) -> None:
    assert eml.read(f"Sensitivity: {value}\n\nx".encode()).sensitivity is sensitivity


def test_the_asker_is_from_and_not_sender() -> None:
    mail = eml.read(b"Sender: carl@corp.example\nFrom: Bob <bob@corp.example>\n\nx")

    assert mail.sender
    assert (mail.sender.email, mail.from_count) == ("bob@corp.example", 1)


HOSTILE = {
    "NUL": b"\0" * 5_000_000,
    "10,000 headers": b"X-A: b\n" * 10_000 + b"\nhi",
    "one header, 10,000 times": b"Auto-Submitted: no\n" * 10_000 + b"\nhi",
    "8-bit headers": b"Subject: \xff\xfe\x80\nFr\xf6m: x\n\nhi",
    "50 MB": b"Subject: x\n\n" + b"Could you? " * 4_700_000,
    "deep nesting": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(20_000)
    ),
    "many parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 1_000_000,
    "open comments": b"From: " + b"(" * 500_000 + b"\n\nx",
    "open quotes": b'To: "' + b"\\" * 500_000 + b"\n\nx",
    "encoded words": b"Subject: " + b"=?a?q?" * 100_000 + b"\n\nx",
    "gaps": b"Subject: =?a?q?b?=" + b" " * 500_000 + b"\n\nx",
    "folding": b"Subject: x\n" + b" y\n" * 300_000 + b"\nx",
    "recipients": b"To: " + b"a@b.example," * 200_000 + b"\n\nx",
    "parameters": b"Content-Type: text/plain" + b';a="' * 200_000 + b"\n\nx",
    "base64": b"Content-Transfer-Encoding: base64\n\n" + b"!" * 3_000_000,
    "broken html": b"Content-Type: text/html\n\n" + b"<" * 1_000_000,
    "tags": b"Content-Type: text/html\n\n" + b"<a>" * 400_000,
    "punycode charset": b"Content-Type: text/plain; charset=punycode\n\n" + b"a-" * 500_000,
    "bad dates": b"Date: Mon, 99 Foo 99999999999999999999 99:99:99 +9999\nReceived: x; -\n\nx",
    "no colon": b"abc\n" * 200_000,
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files(raw: bytes) -> None:
    assert judge(raw).received.tzinfo is not None


@pytest.mark.every(4)
@pytest.mark.parametrize(
    "unit",
    [
        b"X: (\n",
        b'X: "\\\n',
        b"To: a@b,\n",
        b"--b\n\n",
        b"=?u?q?a?= ",
        b"\n> x\nFrom: y\n",
        b"a:\n",
        b"Bob, ",
        b"let me ",
    ],
    ids=repr,
)
def test_time_is_linear(unit: bytes) -> None:
    head = b"Content-Type: multipart/mixed; boundary=b\nSubject: "

    grown = growth(lambda size: head + unit * (size // len(unit)), judge, start=250_000, most=1_000_000)

    assert grown <= AT_MOST


_lines = st.lists(
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from(
            [
                b"From: a@b.example",
                b"Content-Type: multipart/mixed; boundary=x",
                b"--x",
                b"--x--",
                b"",
                b" folded",
                b"Content-Type: text/html",
                b"Content-Transfer-Encoding: base64",
                b"Date: x",
                b"Received: ;;",
                b"Content-Type: text/calendar; method=REPLY",
                b"To: (((",
                b"Subject: =?utf-8?b?gggg?=",
            ]
        ),
    ),
    max_size=30,
)


@given(_lines, st.sampled_from([b"\n", b"\r\n", b"\r"]))
@settings(max_examples=many(300))
def test_any_file_is_read(lines: list[bytes], end: bytes) -> None:
    mail = judge(end.join(lines))

    assert mail.received.tzinfo is not None
    assert "\x00" not in mail.subject + mail.text


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"X-[A-Za-z]{1,10}", fullmatch=True),
            st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40),
        ),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from([" ", "\r\n ", "\n\t"]),
)
def test_every_header_is_kept_in_order(pairs: list[tuple[str, str]], fold: str) -> None:
    raw = "".join(f"{name}:{fold}{value}\r\n" for name, value in pairs) + "\r\nx"

    found = eml.read(raw.encode()).headers or ()

    assert [name for name, _ in found] == [name for name, _ in pairs]
    assert [v for _, v in found] == [
        v if "=?" not in v else w for (_, v), (_, w) in zip(pairs, found, strict=True)
    ]


@pytest.mark.parametrize(
    "field",
    [
        b"X-Foo: bar\rX-MS-Exchange-Organization-AuthAs: Internal",
        b"Subject: Hello\r\rX-MS-Exchange-Organization-AuthAs: Internal",
        b"X-Foo: bar\r\n \rX-MS-Exchange-Organization-AuthAs: Internal",
        b"X-MS-Exchange-Organization-AuthAs: Inter\0nal",
        b"X-MS-Exchange-Organization-AuthAs: \0Internal\0, Anonymous",
        b"X-MS-Exchange-Organization-Auth\0As: Internal",
    ],
)
def test_no_sign_within_a_field_makes_the_servers_stamp(field: bytes) -> None:
    found = eml.read(b"From: bob@corp.example\r\n" + field + b"\r\n\r\nHello\r\n")
    stamps = [value for name, value in found.headers or () if name == "X-MS-Exchange-Organization-AuthAs"]
    assert "Internal" not in stamps


def test_a_file_whose_lines_all_end_by_cr_is_read() -> None:
    assert eml.read(b"From: bob@corp.example\rSubject: Hello\r\rText").subject == "Hello"
