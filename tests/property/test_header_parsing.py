"""Header fields as anybody may write them: never a crash, never slower than linear, and no way of
writing them that makes a robot a person."""

from __future__ import annotations

import email.charset
import email.header
import email.policy
import email.utils
from email import message_from_bytes

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ackd.judge import facts
from ackd.judge.decide import decide
from ackd.judge.policy import Policy
from ackd.model import Verdict
from ackd.text import eml
from ackd.text.headers import addresses, decoded, keyword, uncommented
from tests.judge.golden import HEADERS, OWNER, TEXT
from tests.linear import AT_MOST, growth
from tests.plays import many

POLICY = Policy(owner=OWNER, domains=("corp.example",), threshold=0.5)
HEAD = "".join(f"{name}: {value}\n" for name, value in HEADERS.items()).encode()
BODY = b"\n" + TEXT.encode()


def judge(raw: bytes) -> Verdict:
    return decide(facts.read(eml.read(raw), OWNER), POLICY)


def vetoes(raw: bytes) -> set[str]:
    return {finding.rule for finding in judge(raw).findings}


def test_the_mail_that_all_this_is_about_is_acknowledged() -> None:
    assert judge(HEAD + BODY).acknowledge


# --- what nobody may get past --------------------------------------------------------------------

_ANY_CASE = st.sampled_from((str.lower, str.upper, str.title, str.swapcase))
_SPACE = st.sampled_from((" ", "", "\t", "\n ", "\r\n\t", "   ", "\n  \n "))
_COMMENT = st.recursive(
    st.text("no autreplied;,\"'", max_size=8).map(lambda text: text.replace('"', "")),
    lambda inner: st.tuples(inner, inner).map(lambda two: f"{two[0]}({two[1]})"),
    max_leaves=4,
).map(lambda text: f"({text})")
_PADDING = st.lists(_SPACE | _COMMENT, max_size=3).map("".join)
_MARKS = {
    "auto submitted": ("Auto-Submitted", ("auto-replied", "auto-generated", "auto-notified", "maybe")),
    "precedence": ("Precedence", ("bulk", "junk", "list", "auto_reply")),
    "auto response suppress": ("X-Auto-Response-Suppress", ("All", "OOF", "AutoReply", "DR, OOF", "RN,All")),
    "mailing list": ("List-Id", ("<all.corp.example>", "x", "")),
    "robot header": ("X-Loop", ("yes", "")),
    "exchange robot": ("X-MS-Exchange-Organization-AutoForwarded", ("true",)),
}


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, bytes]:
    """A machine's mark as anybody may write it: the rule that must see it, and the field."""
    rule = draw(st.sampled_from(sorted(_MARKS)))
    name, values = _MARKS[rule]
    value = draw(_ANY_CASE)(draw(st.sampled_from(values)))
    before, after = draw(_PADDING), draw(_PADDING)
    parameter = draw(st.sampled_from(("", "; x=y", ";no"))) if rule == "auto submitted" else ""
    return rule, f"{draw(_ANY_CASE)(name)}:{before}{value}{after}{parameter}\n".encode()


@given(marked(), st.integers(0, len(HEADERS)), st.integers(0, 60))
@settings(max_examples=many(200))
def test_a_mark_is_seen_however_it_is_written_and_wherever_it_stands(
    mark: tuple[str, bytes], place: int, noise: int
) -> None:
    rule, field = mark
    lines = HEAD.splitlines(keepends=True)
    harmless = b"Auto-Submitted: no\nPrecedence: normal\nX-Auto-Response-Suppress: RN\n" * (noise % 3)
    padding = b"X-Noise: (\n" * noise + harmless
    raw = b"".join((*lines[:place], padding, field, padding, *lines[place:])) + BODY

    assert rule in vetoes(raw)


@given(_PADDING, _PADDING, _ANY_CASE)
@settings(deadline=None)
def test_no_is_no_however_it_is_written(before: str, after: str, case: object) -> None:
    assert callable(case)
    field = f"Auto-Submitted:{before}{case('no')}{after}\n".encode()

    assert judge(HEAD + field + BODY).acknowledge


_FIELD = st.one_of(
    marked().map(lambda mark: mark[1]),
    st.binary(max_size=80).map(lambda data: data.replace(b"\n\n", b"\n").strip(b"\r\n") + b"\n"),
    st.sampled_from(
        [
            b"Auto-Submitted: no\n",
            b"Precedence: first-class\n",
            b"From: bob@corp.example\n",
            b"From: eve@evil.test\n",
            b"Reply-To: bob@corp.example\n",
            b"To: alice@corp.example\n",
            b"Return-Path: <bob@corp.example>\n",
            b"X-Auto-Response-Suppress: None\n",
            b"X-MS-Exchange-Organization-AuthAs: Internal\n",
            b"X-MS-Exchange-Organization-AutoForwarded: false\n",
            b"Content-Class: urn:content-classes:message\n",
            b"Message-ID: <2@corp.example>\n",
            b" folded\n",
        ]
    ),
)
_SILENT = [
    b"Auto-Submitted: auto-replied\n",
    b"Precedence: bulk\n",
    b"List-Id: x\n",
    b"X-Loop: x\n",
    b"Return-Path: <>\n",
    b"X-Auto-Response-Suppress: OOF\n",
    b"X-Failed-Recipients: x\n",
    b"Reply-To: eve@evil.test\n",
    b"From: eve@evil.test\n",
    b"X-MS-Exchange-Organization-AuthAs: Anonymous\n",
    b"Content-Class: rpmsg.message\n",
    b"X-MS-Exchange-Organization-SCL: 9\n",
]


@given(st.sampled_from(_SILENT), st.lists(_FIELD, max_size=6))
@settings(max_examples=many(300))
def test_more_fields_never_make_a_silent_mail_heard(silent: bytes, more: list[bytes]) -> None:
    added = b"".join(more)
    assume(b"\n\n" not in added.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    assume(not added.startswith((b" ", b"\t", b"\n", b"\r")))  # these would continue the field before

    assert not judge(HEAD + silent + added + BODY).acknowledge


# --- what is read is what was written -------------------------------------------------------------

_NAME = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,20}", fullmatch=True)
_WORDS = st.lists(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12), max_size=8
)


@given(st.lists(st.tuples(_NAME, _WORDS), min_size=1, max_size=12), st.sampled_from(("\n ", "\r\n\t", " ")))
@settings(deadline=None)
def test_fields_are_those_that_the_standard_library_reads(
    fields: list[tuple[str, list[str]]], fold: str
) -> None:
    end = "\r\n" if "\r" in fold else "\n"
    raw = "".join(f"{name}: {fold.join(words)}{end}" for name, words in fields) + end + "x"
    expected = message_from_bytes(raw.encode(), policy=email.policy.compat32).items()

    found = eml.read(raw.encode()).headers or ()

    assert [name for name, _ in found] == [name for name, _ in expected]
    for (_, value), (_, theirs) in zip(found, expected, strict=True):
        if "=?" not in theirs:
            assert value.split() == str(theirs).split()


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=60), st.sampled_from("bq"))
@settings(deadline=None)
def test_encoded_words_are_read_as_they_were_meant(text: str, encoding: str) -> None:
    charset = email.charset.Charset("utf-8")
    charset.header_encoding = {"b": email.charset.BASE64, "q": email.charset.QP}[encoding]
    written = email.header.Header(text, charset, maxlinelen=60).encode()

    assert eml.read(f"Subject: {written}\n\nx".encode()).subject == text


@given(st.text(st.characters(exclude_categories=("C",)), max_size=40))
@settings(max_examples=many(200))
def test_a_name_never_becomes_an_address(name: str) -> None:
    written = email.utils.formataddr((name, "bob@corp.example"))

    mail = eml.read(f"From: {written}\nTo: {written}\n\nx".encode())

    assert mail.from_count == 1
    assert mail.sender
    assert mail.sender.email == "bob@corp.example"
    assert [address.email for address in mail.to] == ["bob@corp.example"]


@given(st.text(max_size=200), st.text('()\\"<>@,;: a', max_size=60))
def test_any_value_is_read(any_text: str, structure: str) -> None:
    for value in (any_text, structure, any_text + structure):
        assert keyword(value) == keyword(value).strip().lower()
        assert len(uncommented(value)) <= len(value)
        assert all(parsed.email or parsed.name for parsed in addresses(value))
        assert "\x00" not in decoded(f"=?utf-8?q?{value}?=") or "\x00" in value


# --- linear in time -------------------------------------------------------------------------------

_STRUCTURE = rb"""( () " \ < a< : a@b: x: , ; = \0 a""".replace(rb"\0", b"\0").split()
_LONGER = [
    b"a@b.example,",
    b"<a@b> ",
    b"=?u?q?a?= ",
    b"=?utf-8?b?YQ==?=",
    b"\n ",
    b"\r\n\t",
    b"\xff",
    b"Re: ",
]
_NAMES = """
    From To Reply-To Return-Path Subject Auto-Submitted X-Auto-Response-Suppress Precedence Content-Type
    References Date Message-ID X-MS-Exchange-Organization-AuthSource
"""


@pytest.mark.every(4)
@pytest.mark.parametrize("name", _NAMES.split())
def test_a_long_value_takes_linear_time(name: str) -> None:
    for piece in (*_STRUCTURE, *_LONGER):
        before = b"From: a@b.example\n" + name.encode() + b": a@b.example "

        def make(size: int, piece: bytes = piece, before: bytes = before) -> bytes:
            return before + piece * (size // len(piece)) + b"\n\nx"

        grown = growth(make, judge, start=90_000, most=90_000)
        assert grown <= AT_MOST, f"{name}: {piece!r}: 4 times as much costs {grown:.1f} times the time"


@pytest.mark.every(4)
@pytest.mark.parametrize(
    "line",
    [
        b"X: y\n",
        b"X:\n y\n",
        b"From: a@b.example\n",
        b"To: a@b.example\n",
        b"Reply-To: a@corp.example\n",
        b"Auto-Submitted: no\n",
        b"References: <a@b.example>\n",
        b"X-MS-Exchange-Organization-AuthAs: Internal\n",
        b"Content-Type: text/plain; charset=utf-8\n",
        b"no field at all\n",
        b"X-\0: \xff\n",
        b"\r",
        b": \n",
    ],
    ids=repr,
)
def test_many_fields_take_linear_time(line: bytes) -> None:
    grown = growth(lambda size: HEAD + line * (size // len(line)) + BODY, judge, start=100_000, most=400_000)

    assert grown <= AT_MOST, f"{line!r} many times: 4 times as much costs {grown:.1f} times the time"


@pytest.mark.long
def test_ten_thousand_fields_are_all_read() -> None:
    noise = b"".join(b"X-Header-%d: %d\n" % (number, number) for number in range(10_000))

    mail = eml.read(HEAD + noise + b"Auto-Submitted: auto-replied\n" + BODY)

    assert len(mail.headers or ()) == 10_000 + len(HEADERS) + 1
    assert "auto submitted" in vetoes(HEAD + noise + b"Auto-Submitted: auto-replied\n" + BODY)
    assert judge(HEAD + noise + BODY).acknowledge


@pytest.mark.every(3)
@pytest.mark.parametrize("kind", ["text/plain", "text/html", "application/octet-stream"])
def test_a_body_of_50_mb_costs_in_proportion(kind: str) -> None:
    head = HEAD + f"Content-Type: {kind}\n".encode()

    def make(size: int) -> bytes:
        return head + BODY + b"\n\nFurther words, and more of them.\n" * (size // 36)

    assert growth(make, judge, start=12_500_000, most=12_500_000) <= AT_MOST  # the larger one has 50 MB


@pytest.mark.long
def test_a_question_above_50_mb_of_other_words_is_heard() -> None:
    assert judge(HEAD + BODY + b"\n\nFurther words, and more of them.\n" * 1_400_000).acknowledge
